use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// How many threads to use: `explicit`, else `RAYON_NUM_THREADS`, else `OMP_NUM_THREADS` (which
/// torchrun sets for every rank), else the cores this process may run on.
///
/// Threads are scoped to a call, so that a forked process never waits for a pool that it lost.
pub fn thread_count(explicit: Option<usize>) -> usize {
    explicit
        .filter(|&count| count > 0)
        .or_else(|| from_environment("RAYON_NUM_THREADS"))
        .or_else(|| from_environment("OMP_NUM_THREADS"))
        .unwrap_or_else(|| available_parallelism().map_or(1, NonZeroUsize::get))
        .min(256)
}

fn from_environment(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.trim().parse().ok().filter(|&count| count > 0)
}
