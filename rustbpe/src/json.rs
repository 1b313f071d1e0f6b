//! The file format: one JSON object, checked whole before anything is built from it.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::split::PATTERN;
use crate::vocab::Bpe;

const FORMAT: &str = "rustbpe";
const VERSION: u32 = 1;
/// Largest file that is read.
pub const MAX_JSON_BYTES: usize = 64 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u32,
    pattern: String,
    merges: Vec<(u32, u32)>,
    special_tokens: Vec<String>,
}

impl Bpe {
    /// The vocabulary as JSON; equal vocabularies give equal bytes.
    ///
    /// # Errors
    /// Never for a vocabulary that [`Bpe::new`] made.
    pub fn to_json(&self) -> Result<String, Error> {
        let file = File {
            format: FORMAT.into(),
            version: VERSION,
            pattern: PATTERN.into(),
            merges: self.merges().to_vec(),
            special_tokens: self.specials().to_vec(),
        };
        serde_json::to_string(&file).map_err(|error| Error::new(error.to_string()))
    }

    /// Read what [`Bpe::to_json`] wrote.
    ///
    /// # Errors
    /// When `text` is too large, not JSON, of another format, version or pattern, or does not
    /// describe a vocabulary.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_JSON_BYTES {
            return Err(Error::new(format!("{} bytes; allowed: at most {MAX_JSON_BYTES}", text.len())));
        }
        let file: File = serde_json::from_slice(text).map_err(|error| Error::new(error.to_string()))?;
        require("format", file.format.as_str(), FORMAT)?;
        require("version", &file.version, &VERSION)?;
        require("pattern", file.pattern.as_str(), PATTERN)?;
        Self::new(file.merges, file.special_tokens)
    }
}

fn require<T: PartialEq + std::fmt::Debug + ?Sized>(
    field: &str,
    value: &T,
    allowed: &T,
) -> Result<(), Error> {
    if value == allowed {
        return Ok(());
    }
    let shown: String = format!("{value:?}").chars().take(80).collect();
    Err(Error::new(format!("{field}: {shown}; allowed: {allowed:?}")))
}
