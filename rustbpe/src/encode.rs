use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::split::pieces;
use crate::vocab::Bpe;

const NONE: u32 = u32::MAX;
/// Above this many bytes a heap beats a scan; without it a long word would take quadratic time.
const SCAN_BYTES: usize = 64;

impl Bpe {
    /// The ids of ordinary text; names of special tokens inside it are text like any other.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids = Vec::with_capacity(text.len() / 3);
        for piece in pieces(text) {
            self.encode_piece(piece.as_bytes(), &mut ids);
        }
        ids
    }

    fn encode_piece(&self, piece: &[u8], ids: &mut Vec<u32>) {
        match self.ids.get(piece) {
            Some(&id) => ids.push(id),
            None if piece.len() <= SCAN_BYTES => self.merge_by_scan(piece, ids),
            None => self.merge_by_heap(piece, ids),
        }
    }

    fn pair(&self, left: u32, right: u32) -> u32 {
        self.pairs.get(&(left, right)).copied().unwrap_or(NONE)
    }

    /// Merge the lowest new id, leftmost first, until none is left.
    fn merge_by_scan(&self, piece: &[u8], ids: &mut Vec<u32>) {
        // (symbol, what it would become with its right neighbour)
        let mut parts = [(0, NONE); SCAN_BYTES];
        let mut len = piece.len();
        for (part, &byte) in parts.iter_mut().zip(piece) {
            part.0 = u32::from(byte);
        }
        for index in 1..len {
            parts[index - 1].1 = self.pair(parts[index - 1].0, parts[index].0);
        }
        while let Some((index, token)) = lowest(&parts[..len]) {
            parts.copy_within(index + 2..len, index + 1);
            len -= 1;
            parts[index] = (token, NONE);
            if index + 1 < len {
                parts[index].1 = self.pair(token, parts[index + 1].0);
            }
            if index > 0 {
                parts[index - 1].1 = self.pair(parts[index - 1].0, token);
            }
        }
        ids.extend(parts[..len].iter().map(|part| part.0));
    }

    /// The same in O(n log n).
    fn merge_by_heap(&self, piece: &[u8], ids: &mut Vec<u32>) {
        let mut symbols: Vec<u32> = piece.iter().map(|&byte| u32::from(byte)).collect();
        let len = symbols.len();
        let mut next: Vec<usize> = (1..=len).collect();
        let mut previous: Vec<usize> = (0..len).map(|place| place.wrapping_sub(1)).collect();
        let candidate = |symbols: &[u32], left: usize, right: usize| {
            let token = self.pair(symbols[left], symbols[right]);
            (token != NONE).then_some(Reverse((token, left)))
        };
        let mut heap: BinaryHeap<_> =
            (1..len).filter_map(|place| candidate(&symbols, place - 1, place)).collect();
        while let Some(Reverse((token, place))) = heap.pop() {
            let second = next[place];
            // A merged-away symbol is NONE, which is in no pair.
            if second == len || self.pair(symbols[place], symbols[second]) != token {
                continue;
            }
            symbols[place] = token;
            symbols[second] = NONE;
            next[place] = next[second];
            if next[place] < len {
                previous[next[place]] = place;
                heap.extend(candidate(&symbols, place, next[place]));
            }
            if previous[place] < len {
                heap.extend(candidate(&symbols, previous[place], place));
            }
        }
        ids.extend(symbols.into_iter().filter(|&symbol| symbol != NONE));
    }
}

fn lowest(parts: &[(u32, u32)]) -> Option<(usize, u32)> {
    let (index, part) = parts.iter().enumerate().min_by_key(|(_, part)| part.1)?;
    (part.1 != NONE).then_some((index, part.1))
}

/// Encode many texts with up to `threads` threads; results are in the order of `texts`.
pub fn encode_batch<T: AsRef<str> + Sync>(bpe: &Bpe, texts: &[T], threads: usize) -> Vec<Vec<u32>> {
    let threads = threads.min(texts.len());
    if threads <= 1 {
        return texts.iter().map(|text| bpe.encode(text.as_ref())).collect();
    }
    let following = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = following.fetch_add(1, Ordering::Relaxed);
            let Some(text) = texts.get(index) else { return done };
            done.push((index, bpe.encode(text.as_ref())));
        }
    };
    let mut results = vec![Vec::new(); texts.len()];
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for (index, ids) in workers.into_iter().flat_map(join) {
            results[index] = ids;
        }
    });
    results
}

fn join<T>(worker: thread::ScopedJoinHandle<'_, T>) -> T {
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
