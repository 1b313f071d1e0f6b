//! The hand-written splitter against the pattern itself.
#![allow(clippy::unwrap_used)]

use std::sync::OnceLock;

use fancy_regex::Regex;
use proptest::prelude::*;
use rustbpe::{pieces, PATTERN};

fn by_regex(text: &str) -> Vec<&str> {
    static REGEX: OnceLock<Regex> = OnceLock::new();
    let regex = REGEX.get_or_init(|| Regex::new(PATTERN).unwrap());
    regex.find_iter(text).map(|found| found.unwrap().as_str()).collect()
}

/// Few characters, so that every alternative of the pattern meets every other.
fn crowded() -> impl Strategy<Value = String> {
    let chars = [
        "'", "s", "S", "ſ", "l", "L", "v", "E", "r", "m", "d", "T", "é", "字", "1", "٣", "Ⅷ", "²", " ", "  ",
        "\t", "\r", "\n", "\u{a0}", "\u{2028}", "\u{85}", "\u{b}", "!", "-", "€", "\u{301}", "😀",
        "\u{200d}", "\0",
    ];
    prop::collection::vec(prop::sample::select(chars.to_vec()), 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn equals_the_pattern(text in prop_oneof![crowded(), any::<String>(), ".{0,40}"]) {
        prop_assert_eq!(pieces(&text).collect::<Vec<_>>(), by_regex(&text));
    }

    #[test]
    fn loses_nothing(text in any::<String>()) {
        prop_assert_eq!(pieces(&text).collect::<String>(), text);
    }
}

#[test]
fn equals_the_pattern_on_every_character() {
    for block in (0..0x11_0000u32).collect::<Vec<_>>().chunks(256) {
        let text: String = block
            .iter()
            .filter_map(|&code| char::from_u32(code))
            .flat_map(|c| ['a', c, '1', c, ' '])
            .collect();
        assert_eq!(pieces(&text).collect::<Vec<_>>(), by_regex(&text), "block {:x}", block[0]);
    }
}

#[test]
fn empty_text_has_no_pieces() {
    assert_eq!(pieces("").count(), 0);
}
