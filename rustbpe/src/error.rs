/// What a caller did wrong, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// Messages may quote a file: only the first 200 characters are kept, on one line.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        let printable = |char: char| if char.is_control() { ' ' } else { char };
        Self(message.into().chars().take(200).map(printable).collect())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
