use std::thread;

use rustc_hash::FxHashMap;

use crate::split::pieces;

type Counts = FxHashMap<Box<str>, u64>;

/// How often each piece occurs; texts may arrive in any number of parts.
///
/// Sums commute, so the counts do not depend on the number of threads.
pub struct WordCounts {
    workers: Vec<Counts>,
}

impl WordCounts {
    /// No words yet; `threads` workers count.
    pub fn new(threads: usize) -> Self {
        Self { workers: vec![Counts::default(); threads.max(1)] }
    }

    /// Count the pieces of `texts`.
    pub fn add<T: AsRef<str> + Sync>(&mut self, texts: &[T]) {
        if let [only] = self.workers.as_mut_slice() {
            return count_texts(only, texts);
        }
        let share = texts.len().div_ceil(self.workers.len()).max(1);
        thread::scope(|scope| {
            for (worker, part) in self.workers.iter_mut().zip(texts.chunks(share)) {
                scope.spawn(move || count_texts(worker, part));
            }
        });
    }

    /// All words with their counts, sorted by word.
    pub fn into_words(self) -> Vec<(Box<str>, u64)> {
        let mut total = Counts::default();
        for worker in self.workers {
            if total.is_empty() {
                total = worker;
                continue;
            }
            for (word, count) in worker {
                *total.entry(word).or_default() += count;
            }
        }
        let mut words: Vec<_> = total.into_iter().collect();
        words.sort_unstable();
        words
    }
}

fn count_texts<T: AsRef<str>>(counts: &mut Counts, texts: &[T]) {
    for piece in texts.iter().flat_map(|text| pieces(text.as_ref())) {
        match counts.get_mut(piece) {
            Some(count) => *count += 1,
            None => drop(counts.insert(piece.into(), 1)),
        }
    }
}
