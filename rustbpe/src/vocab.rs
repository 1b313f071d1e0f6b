use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Error;

/// Two ids that become one.
pub type Merge = (u32, u32);

/// Longest token; bounds what a hostile file can make of a few merges that double.
pub const MAX_TOKEN_BYTES: usize = 256;
/// Most merges.
pub const MAX_MERGES: usize = 1 << 20;
/// Most special tokens.
pub const MAX_SPECIALS: usize = 1024;
/// Longest name of a special token.
pub const MAX_SPECIAL_BYTES: usize = 128;

/// A vocabulary: 256 bytes, then the merges in order, then the special tokens.
#[derive(Clone, Debug)]
pub struct Bpe {
    pub(crate) merges: Vec<Merge>,
    pub(crate) specials: Vec<String>,
    pub(crate) ids: FxHashMap<Box<[u8]>, u32>,
    pub(crate) pairs: FxHashMap<Merge, u32>,
    tokens: Vec<Box<[u8]>>,
}

impl Bpe {
    /// A vocabulary from merges and the names of special tokens.
    ///
    /// # Errors
    /// When a merge names an id that does not exist yet, makes a token twice or one that is too
    /// long, or a special token's name is empty, too long or given twice.
    pub fn new(merges: Vec<Merge>, specials: Vec<String>) -> Result<Self, Error> {
        check_len("merges", merges.len(), MAX_MERGES)?;
        check_specials(&specials)?;
        let mut tokens: Vec<Box<[u8]>> = (0..=u8::MAX).map(|byte| Box::from([byte])).collect();
        let mut ids: FxHashMap<_, _> = tokens.iter().cloned().zip(0..).collect();
        let mut pairs = FxHashMap::default();
        for (index, &merge) in merges.iter().enumerate() {
            let token = merged(&tokens, merge).map_err(|why| Error::new(format!("merges.{index}: {why}")))?;
            let id = tokens.len() as u32;
            if let Some(twin) = ids.insert(token.clone(), id) {
                return Err(Error::new(format!(
                    "merges.{index}: makes the token {twin} again; allowed: each once"
                )));
            }
            pairs.insert(merge, id);
            tokens.push(token);
        }
        Ok(Self { merges, specials, ids, pairs, tokens })
    }

    /// Bytes, merges and special tokens together.
    pub fn vocab_size(&self) -> usize {
        self.tokens.len() + self.specials.len()
    }

    /// The merges in the order in which they were learnt.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// Names of the special tokens, in the order of their ids (the last of the vocabulary).
    pub fn specials(&self) -> &[String] {
        &self.specials
    }

    /// The id of a special token.
    pub fn special(&self, name: &str) -> Option<u32> {
        let index = self.specials.iter().position(|special| special == name)?;
        Some((self.tokens.len() + index) as u32)
    }

    /// The bytes of an ordinary token.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        self.tokens.get(id as usize).map(|token| &**token)
    }

    /// The bytes of `ids`; special tokens are rendered as their names or as nothing.
    ///
    /// # Errors
    /// When an id is not in the vocabulary.
    pub fn decode(&self, ids: &[u32], render_specials: bool) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(ids.len() * 4);
        for &id in ids {
            match (self.token(id), self.specials.get((id as usize).wrapping_sub(self.tokens.len()))) {
                (Some(token), _) => bytes.extend_from_slice(token),
                (None, Some(name)) if render_specials => bytes.extend_from_slice(name.as_bytes()),
                (None, Some(_)) => {}
                (None, None) => return Err(self.unknown_id(i64::from(id))),
            }
        }
        Ok(bytes)
    }

    pub(crate) fn unknown_id(&self, id: i64) -> Error {
        Error::new(format!("ids: {id}; allowed: 0 to {}", self.vocab_size() - 1))
    }
}

fn merged(tokens: &[Box<[u8]>], (left, right): Merge) -> Result<Box<[u8]>, String> {
    let known = |id: u32| {
        let last = tokens.len() - 1;
        tokens
            .get(id as usize)
            .ok_or_else(|| format!("{id}; allowed: ids 0 to {last}, which exist before it"))
    };
    let token = [&**known(left)?, &**known(right)?].concat();
    match token.len() {
        length if length > MAX_TOKEN_BYTES => {
            Err(format!("a token of {length} bytes; allowed: {MAX_TOKEN_BYTES}"))
        }
        _ => Ok(token.into()),
    }
}

fn check_specials(specials: &[String]) -> Result<(), Error> {
    check_len("special_tokens", specials.len(), MAX_SPECIALS)?;
    let mut seen = FxHashSet::default();
    for (index, name) in specials.iter().enumerate() {
        let fault = match name.len() {
            0 => "empty; allowed: a name",
            length if length > MAX_SPECIAL_BYTES => "too long; allowed: at most 128 bytes",
            _ if !seen.insert(name) => "given twice; allowed: once",
            _ => continue,
        };
        return Err(Error::new(format!("special_tokens.{index}: {fault}")));
    }
    Ok(())
}

fn check_len(field: &str, length: usize, most: usize) -> Result<(), Error> {
    if length > most {
        return Err(Error::new(format!("{field}: {length} of them; allowed: at most {most}")));
    }
    Ok(())
}
