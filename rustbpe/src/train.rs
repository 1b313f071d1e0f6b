//! BPE training on counted words: the most frequent pair is merged, again and again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::error::Error;
use crate::vocab::{Merge, MAX_TOKEN_BYTES};

const NONE: u32 = u32::MAX;

/// Learn up to `merges` merges; fewer when no pair is left.
///
/// Each time the pair with the highest count is merged, among equals the one with the smallest
/// ids (left, then right). Occurrences count as adjacent positions (`aaa` holds `aa` twice) and
/// are merged from left to right. A pair longer than [`MAX_TOKEN_BYTES`] is never merged.
///
/// # Errors
/// When the distinct words have more than 2^32 - 2 bytes together.
pub fn train(words: Vec<(Box<str>, u64)>, merges: usize) -> Result<Vec<Merge>, Error> {
    let mut state = State::new(&words)?;
    drop(words);
    let mut learnt = Vec::new();
    while learnt.len() < merges {
        let Some((left, right)) = state.best_pair() else { break };
        state.merge(left, right);
        learnt.push((left, right));
    }
    Ok(learnt)
}

#[derive(Default)]
struct Pair {
    count: u64,
    /// Where the left symbol stands; may hold places where the pair no longer is.
    places: Vec<u32>,
}

/// All words end to end, each a doubly linked list of symbols.
struct State {
    symbols: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    word: Vec<u32>,
    word_counts: Vec<u64>,
    token_bytes: Vec<usize>,
    pairs: FxHashMap<Merge, Pair>,
    heap: BinaryHeap<(u64, Reverse<Merge>)>,
}

impl State {
    fn new(words: &[(Box<str>, u64)]) -> Result<Self, Error> {
        let bytes: usize = words.iter().map(|(word, _)| word.len()).sum();
        if bytes >= NONE as usize {
            return Err(Error::new(format!(
                "{bytes} bytes of distinct words; allowed: at most {}",
                NONE - 1
            )));
        }
        let mut state = Self {
            symbols: Vec::with_capacity(bytes),
            next: Vec::with_capacity(bytes),
            previous: Vec::with_capacity(bytes),
            word: Vec::with_capacity(bytes),
            word_counts: words.iter().map(|(_, count)| *count).collect(),
            token_bytes: vec![1; 256],
            pairs: FxHashMap::default(),
            heap: BinaryHeap::new(),
        };
        for (index, (word, _)) in words.iter().enumerate().filter(|(_, (word, _))| !word.is_empty()) {
            state.append(index as u32, word.as_bytes());
        }
        state.heap = state.pairs.iter().map(|(&key, pair)| (pair.count, Reverse(key))).collect();
        Ok(state)
    }

    fn append(&mut self, index: u32, word: &[u8]) {
        let first = self.symbols.len() as u32;
        let last = first + word.len() as u32 - 1;
        for (place, &byte) in (first..).zip(word) {
            self.symbols.push(u32::from(byte));
            self.next.push(if place == last { NONE } else { place + 1 });
            self.previous.push(if place == first { NONE } else { place - 1 });
            self.word.push(index);
        }
        for (place, bytes) in (first..).zip(word.windows(2)) {
            let pair = self.pairs.entry((u32::from(bytes[0]), u32::from(bytes[1]))).or_default();
            pair.count += self.word_counts[index as usize];
            pair.places.push(place);
        }
    }

    /// Counts in the heap may be out of date but never too low, so a current one on top is the best.
    fn best_pair(&mut self) -> Option<Merge> {
        while let Some((count, Reverse(key))) = self.heap.pop() {
            let current = self.pairs.get(&key).map_or(0, |pair| pair.count);
            if current == 0 || self.merged_bytes(key) > MAX_TOKEN_BYTES {
                self.pairs.remove(&key);
            } else if current == count {
                return Some(key);
            } else {
                self.heap.push((current, Reverse(key)));
            }
        }
        None
    }

    fn merged_bytes(&self, (left, right): Merge) -> usize {
        self.token_bytes[left as usize] + self.token_bytes[right as usize]
    }

    fn merge(&mut self, left: u32, right: u32) {
        let token = self.token_bytes.len() as u32;
        self.token_bytes.push(self.merged_bytes((left, right)));
        let Some(mut pair) = self.pairs.remove(&(left, right)) else { return };
        pair.places.sort_unstable();
        let mut fresh = Vec::new();
        for place in pair.places {
            self.merge_at(place, (left, right), token, &mut fresh);
        }
        for key in fresh {
            self.heap.push((self.pairs[&key].count, Reverse(key)));
        }
    }

    fn merge_at(&mut self, place: u32, (left, right): Merge, token: u32, fresh: &mut Vec<Merge>) {
        let second = self.next[place as usize];
        if self.symbols[place as usize] != left || second == NONE || self.symbols[second as usize] != right {
            return;
        }
        let (before, after) = (self.previous[place as usize], self.next[second as usize]);
        let count = self.word_counts[self.word[place as usize] as usize];
        self.symbols[place as usize] = token;
        self.symbols[second as usize] = NONE;
        self.next[place as usize] = after;
        if before != NONE {
            let symbol = self.symbols[before as usize];
            self.lose((symbol, left), count);
            self.gain((symbol, token), before, count, fresh);
        }
        if after != NONE {
            self.previous[after as usize] = place;
            let symbol = self.symbols[after as usize];
            self.lose((right, symbol), count);
            self.gain((token, symbol), place, count, fresh);
        }
    }

    fn lose(&mut self, key: Merge, count: u64) {
        if let Some(pair) = self.pairs.get_mut(&key) {
            pair.count -= count;
        }
    }

    fn gain(&mut self, key: Merge, place: u32, count: u64, fresh: &mut Vec<Merge>) {
        let pair = self.pairs.entry(key).or_insert_with(|| {
            fresh.push(key);
            Pair::default()
        });
        pair.count += count;
        pair.places.push(place);
    }
}
