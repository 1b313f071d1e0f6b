//! Encoding against a replay of the merges, decoding against the text.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rustbpe::{encode_batch, pieces, train, Bpe, WordCounts};

fn trained(text: &str, merges: usize) -> Bpe {
    let mut counts = WordCounts::new(1);
    counts.add(&[text]);
    Bpe::new(train(counts.into_words(), merges).unwrap(), vec!["<|bos|>".into()]).unwrap()
}

/// Apply every merge in the order in which it was learnt.
fn replay(bpe: &Bpe, text: &str) -> Vec<u32> {
    let mut ids = Vec::new();
    for piece in pieces(text) {
        let mut word: Vec<u32> = piece.bytes().map(u32::from).collect();
        for (token, &(left, right)) in (256..).zip(bpe.merges()) {
            let mut place = 0;
            while place + 1 < word.len() {
                if (word[place], word[place + 1]) == (left, right) {
                    word[place] = token;
                    word.remove(place + 1);
                }
                place += 1;
            }
        }
        ids.extend(word);
    }
    ids
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn equals_a_replay_of_the_merges(corpus in "([ab]{1,9}| |é){0,40}", text in "([ab]{1,90}| |é){0,9}") {
        let bpe = trained(&corpus, 60);
        prop_assert_eq!(bpe.encode(&text), replay(&bpe, &text));
        prop_assert_eq!(bpe.encode(&corpus), replay(&bpe, &corpus));
    }

    #[test]
    fn decodes_to_the_text(corpus in any::<String>(), text in any::<String>()) {
        let bpe = trained(&corpus, 60);
        prop_assert_eq!(bpe.decode(&bpe.encode(&text), false).unwrap(), text.as_bytes());
    }

    #[test]
    fn batches_equal_single_texts(texts in prop::collection::vec(any::<String>(), 0..20), threads in 0usize..5) {
        let bpe = trained("the cat sat on the mat", 20);
        let alone: Vec<_> = texts.iter().map(|text| bpe.encode(text)).collect();
        prop_assert_eq!(encode_batch(&bpe, &texts, threads), alone);
    }
}

#[test]
fn names_of_special_tokens_are_ordinary_text() {
    let bpe = trained("<|bos|> <|bos|> <|bos|>", 50);
    let special = bpe.special("<|bos|>").unwrap();
    assert_eq!(special as usize, bpe.vocab_size() - 1);
    assert!(!bpe.encode("<|bos|>").contains(&special));
    assert_eq!(bpe.decode(&[special], true).unwrap(), b"<|bos|>");
    assert_eq!(bpe.decode(&[special], false).unwrap(), b"");
    assert!(bpe.decode(&[special + 1], false).is_err());
}

/// Quadratic time would make these take minutes.
#[test]
fn long_words_are_encoded_and_learnt_in_reasonable_time() {
    let word = "ab".repeat(200_000);
    let bpe = trained(&word, 100);
    assert_eq!(bpe.decode(&bpe.encode(&word), false).unwrap(), word.as_bytes());
}
