//! The split pattern, by hand: a tested equivalent of [`PATTERN`] that never backtracks.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, HirKind};

/// GPT-4's split pattern with digit runs of one or two.
pub const PATTERN: &str = concat!(
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}|",
    r" ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Other,
    Letter,
    Number,
    Space,
    Newline,
}

/// The pieces of `text` that [`PATTERN`] matches, in order; together they are all of `text`.
///
/// ```
/// let pieces: Vec<_> = rustbpe::pieces("it's 2024!").collect();
/// assert_eq!(pieces, ["it", "'s", " ", "20", "24", "!"]);
/// ```
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, kinds: kinds() }
}

/// Iterator over the pieces of a text.
pub struct Pieces<'a> {
    text: &'a str,
    kinds: &'static [Kind],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.text.is_empty() {
            return None;
        }
        let (piece, rest) = self.text.split_at(self.piece_len());
        self.text = rest;
        Some(piece)
    }
}

impl Pieces<'_> {
    fn piece_len(&self) -> usize {
        let Some((first, kind)) = self.at(0) else { return 0 };
        let after = first.len_utf8();
        let second = self.at(after).map(|(_, kind)| kind);
        match kind {
            Kind::Letter => self.run(after, Kind::Letter),
            Kind::Number if second == Some(Kind::Number) => self.step(after),
            Kind::Number => after,
            _ if first == '\'' && self.contraction().is_some() => self.contraction().unwrap_or(after),
            Kind::Other | Kind::Space if second == Some(Kind::Letter) => self.run(after, Kind::Letter),
            Kind::Other => self.symbols(after),
            Kind::Space if first == ' ' && second == Some(Kind::Other) => self.symbols(after),
            Kind::Space | Kind::Newline => self.whitespace(),
        }
    }

    fn at(&self, start: usize) -> Option<(char, Kind)> {
        let char = self.text[start..].chars().next()?;
        Some((char, self.kinds[char as usize]))
    }

    fn step(&self, start: usize) -> usize {
        self.at(start).map_or(start, |(char, _)| start + char.len_utf8())
    }

    fn run(&self, mut start: usize, wanted: Kind) -> usize {
        while let Some((char, _)) = self.at(start).filter(|&(_, kind)| kind == wanted) {
            start += char.len_utf8();
        }
        start
    }

    fn symbols(&self, start: usize) -> usize {
        let end = self.run(start, Kind::Other);
        self.run(end, Kind::Newline)
    }

    /// `\s*[\r\n]`, else `\s+(?!\S)`, else `\s+`.
    fn whitespace(&self) -> usize {
        let (mut end, mut last, mut newline_end) = (0, 0, 0);
        while let Some((char, kind)) =
            self.at(end).filter(|(_, kind)| matches!(kind, Kind::Space | Kind::Newline))
        {
            last = end;
            end += char.len_utf8();
            if kind == Kind::Newline {
                newline_end = end;
            }
        }
        match () {
            () if newline_end > 0 => newline_end,
            () if end == self.text.len() || last == 0 => end,
            () => last,
        }
    }

    fn contraction(&self) -> Option<usize> {
        let mut rest = self.text[1..].chars();
        let first = rest.next()?;
        // Unicode's simple case folding puts the long s beside s.
        if matches!(first, 's' | 'S' | 'd' | 'D' | 'm' | 'M' | 't' | 'T' | '\u{17f}') {
            return Some(1 + first.len_utf8());
        }
        let pair = (first.to_ascii_lowercase(), rest.next()?.to_ascii_lowercase());
        matches!(pair, ('l', 'l') | ('v', 'e') | ('r', 'e')).then_some(3)
    }
}

/// The kind of every code point, from the regex crates' own Unicode tables.
fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let mut kinds = vec![Kind::Other; 0x11_0000];
        fill(&mut kinds, r"\p{L}", Kind::Letter);
        fill(&mut kinds, r"\p{N}", Kind::Number);
        fill(&mut kinds, r"\s", Kind::Space);
        fill(&mut kinds, r"[\r\n]", Kind::Newline);
        kinds
    })
}

fn fill(kinds: &mut [Kind], class: &str, kind: Kind) {
    let Ok(parsed) = regex_syntax::parse(class) else { return };
    if let HirKind::Class(Class::Unicode(ranges)) = parsed.kind() {
        for range in ranges.ranges() {
            kinds[range.start() as usize..=range.end() as usize].fill(kind);
        }
    }
}
