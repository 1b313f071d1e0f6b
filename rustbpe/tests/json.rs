//! Files: what is written is read back; anything else is refused in one line.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rustbpe::{train, Bpe, WordCounts, MAX_SPECIALS, MAX_SPECIAL_BYTES};

fn sample() -> Bpe {
    let mut counts = WordCounts::new(1);
    counts.add(&["low lower lowest \"quoted\" é"]);
    Bpe::new(train(counts.into_words(), 12).unwrap(), vec!["<|bos|>".into(), "é\"".into()]).unwrap()
}

fn refusal(text: &str) -> String {
    let line = Bpe::from_json(text.as_bytes()).unwrap_err().to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

#[test]
fn round_trip() {
    let (bpe, again) = (sample(), Bpe::from_json(sample().to_json().unwrap().as_bytes()).unwrap());
    assert_eq!(bpe.merges(), again.merges());
    assert_eq!(bpe.specials(), again.specials());
    assert_eq!(bpe.to_json(), again.to_json());
}

#[test]
fn each_fault_is_named() {
    let good = sample().to_json().unwrap();
    for (from, to, named) in [
        ("\"rustbpe\"", "\"other\"", "format"),
        ("\"version\":1", "\"version\":2", "version"),
        ("\"version\":1", "\"version\":\"1\"", "invalid type"),
        ("p{L}", "p{M}", "pattern"),
        ("\"merges\":[", "\"merges\":[[0,256],", "merges.0"),
        ("\"merges\":[", "\"merges\":[[0,4294967295],", "merges.0"),
        ("\"merges\":[", "\"merges\":[[0,-1],", "-1"),
        ("\"merges\":[", "\"merges\":[[0,1],[0,1],", "merges.1"),
        ("\"merges\":[", "\"merges\":[[0,1,2],", "trailing"),
        ("<|bos|>", "", "special_tokens.0"),
        ("[\"<|bos|>\"", "[\"a\",\"a\"", "special_tokens.1"),
        ("\"format\"", "\"extra\":0,\"format\"", "extra"),
        ("\"format\"", "\"two\\nlines\":0,\"format\"", "unknown field"),
        ("\"format\"", "\"version\":1,\"format\"", "duplicate"),
    ] {
        assert!(good.contains(from));
        let line = refusal(&good.replacen(from, to, 1));
        assert!(line.contains(named), "{named}: {line}");
    }
}

#[test]
fn limits_hold() {
    let doubling: Vec<_> = std::iter::once((0, 0)).chain((256..300).map(|id| (id, id))).collect();
    assert!(Bpe::new(doubling, vec![]).unwrap_err().to_string().contains("merges.8: a token of 512 bytes"));
    let names = |count: usize| (0..count).map(|index| format!("<|{index}|>")).collect::<Vec<_>>();
    assert!(Bpe::new(vec![], names(MAX_SPECIALS)).is_ok());
    assert!(Bpe::new(vec![], names(MAX_SPECIALS + 1)).is_err());
    assert!(Bpe::new(vec![], vec!["x".repeat(MAX_SPECIAL_BYTES + 1)]).is_err());
    assert!(Bpe::from_json(&vec![b' '; 65 << 20]).is_err());
}

proptest! {
    #[test]
    fn damaged_files_never_panic(at in 0usize..2000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = sample().to_json().unwrap().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if cut { bytes.truncate(at); }
        if let Err(error) = Bpe::from_json(&bytes) {
            prop_assert!(!error.to_string().contains('\n'));
        }
    }

    #[test]
    fn random_merges_never_panic(merges in prop::collection::vec((0u32..300, 0u32..300), 0..20)) {
        if let Ok(bpe) = Bpe::new(merges, vec![]) {
            prop_assert_eq!(bpe.decode(&bpe.encode("any text"), true).unwrap(), b"any text");
        }
    }
}
