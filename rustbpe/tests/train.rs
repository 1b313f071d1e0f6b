//! Training against a reference that counts everything anew for each merge.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rustbpe::{pieces, train, Merge, WordCounts, MAX_TOKEN_BYTES};

fn slow_train(texts: &[String], merges: usize) -> Vec<Merge> {
    let mut words: Vec<Vec<u32>> = texts
        .iter()
        .flat_map(|text| pieces(text))
        .map(|piece| piece.bytes().map(u32::from).collect())
        .collect();
    let mut lengths = vec![1; 256];
    let mut learnt = Vec::new();
    while learnt.len() < merges {
        let Some(best) = most_frequent(&words, &lengths) else { break };
        let token = lengths.len() as u32;
        lengths.push(lengths[best.0 as usize] + lengths[best.1 as usize]);
        words.iter_mut().for_each(|word| *word = replaced(word, best, token));
        learnt.push(best);
    }
    learnt
}

fn most_frequent(words: &[Vec<u32>], lengths: &[usize]) -> Option<Merge> {
    let mut counts: BTreeMap<Merge, u64> = BTreeMap::new();
    for pair in words.iter().flat_map(|word| word.windows(2)) {
        if lengths[pair[0] as usize] + lengths[pair[1] as usize] <= MAX_TOKEN_BYTES {
            *counts.entry((pair[0], pair[1])).or_default() += 1;
        }
    }
    // Reversed, because of equal counts max_by_key takes the last.
    counts.into_iter().rev().max_by_key(|&(_, count)| count).map(|(pair, _)| pair)
}

fn replaced(word: &[u32], (left, right): Merge, token: u32) -> Vec<u32> {
    let (mut out, mut place) = (Vec::new(), 0);
    while place < word.len() {
        let found = word[place] == left && word.get(place + 1) == Some(&right);
        out.push(if found { token } else { word[place] });
        place += 1 + usize::from(found);
    }
    out
}

fn fast_train(texts: &[String], merges: usize, threads: usize) -> Vec<Merge> {
    let mut counts = WordCounts::new(threads);
    counts.add(texts);
    train(counts.into_words(), merges).unwrap()
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let text = prop_oneof!["[ab]{0,60}", "[abc ]{0,60}", "(ab|aab|é|\n){0,30}", any::<String>()];
    prop::collection::vec(text, 0..8)
}

proptest! {
    #[test]
    fn equals_the_slow_reference(texts in texts(), merges in 0usize..60) {
        prop_assert_eq!(fast_train(&texts, merges, 1), slow_train(&texts, merges));
    }

    #[test]
    fn threads_and_order_change_nothing(mut texts in texts(), threads in 2usize..6) {
        let once = fast_train(&texts, 40, 1);
        prop_assert_eq!(&fast_train(&texts, 40, threads), &once);
        texts.reverse();
        prop_assert_eq!(&fast_train(&texts, 40, threads), &once);
    }
}

#[test]
fn no_token_exceeds_the_limit() {
    let texts = vec!["a".repeat(5000)];
    let learnt = fast_train(&texts, 50, 1);
    assert_eq!(learnt, slow_train(&texts, 50));
    let bpe = rustbpe::Bpe::new(learnt, vec![]).unwrap();
    let longest = (0..bpe.vocab_size() as u32).filter_map(|id| bpe.token(id)).map(<[u8]>::len).max();
    assert_eq!(longest, Some(MAX_TOKEN_BYTES));
}

#[test]
fn stops_when_no_pair_is_left() {
    assert_eq!(fast_train(&["ab".into()], 10, 1), [(97, 98)]);
    assert_eq!(fast_train(&[], 10, 3), []);
}

#[test]
fn words_may_be_empty() {
    assert_eq!(train(vec![("".into(), 3), ("ab".into(), 1)], 4).unwrap(), [(97, 98)]);
}
