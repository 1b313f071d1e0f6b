//! Byte-level BPE: training, encoding and decoding. No PyO3 here; the bindings are in `py`.
//!
//! ```
//! use rustbpe::{train, WordCounts};
//!
//! let mut counts = WordCounts::new(1);
//! counts.add(&["low lower lowest", "slow slower"]);
//! let merges = train(counts.into_words(), 3).unwrap();
//! let bpe = rustbpe::Bpe::new(merges, vec!["<|bos|>".into()]).unwrap();
//! let ids = bpe.encode("slowest");
//! assert_eq!(bpe.decode(&ids, false).unwrap(), b"slowest");
//! ```

#![deny(unsafe_code)]

mod count;
mod encode;
mod error;
mod json;
#[cfg(feature = "python")]
mod py;
mod split;
mod threads;
mod train;
mod vocab;

pub use count::WordCounts;
pub use encode::encode_batch;
pub use error::Error;
pub use split::{pieces, Pieces, PATTERN};
pub use threads::thread_count;
pub use train::train;
pub use vocab::{Bpe, Merge, MAX_MERGES, MAX_SPECIALS, MAX_SPECIAL_BYTES, MAX_TOKEN_BYTES};
