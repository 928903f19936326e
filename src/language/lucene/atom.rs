//! What terms are made of. Only what a query string can say can be made.

use serde::Serialize;

use crate::query::{Order, Pattern};

/// A text of at least one character that stood, or could stand, without quotes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Word(String);

impl Word {
    /// `None` for the empty text, which needs quotes.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (!text.is_empty()).then_some(Self(text))
    }

    /// The text, free of escapes.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether Elasticsearch reads the word as an order and a text, as `>=5`. It looks at the
    /// text free of escapes, so a backslash does not help.
    pub fn is_comparison(&self) -> bool {
        self.0.starts_with(['<', '>']) && self.0.len() > 1
    }
}

/// One or more words that are handed on together; see [`Words::new`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Words(Vec<Word>);

/// A pattern with at least one wildcard.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Wildcard(Pattern);

/// A regular expression as it stands between its slashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Expression(String);

/// An order and a text, written without a blank between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Comparison {
    order: Order,
    text: String,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Bound {
    /// The text; `None` for `*`, which is no end.
    pub text: Option<String>,
    /// Whether the end itself is in the range.
    pub inclusive: bool,
}

/// A number without sign, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Decimal(String);

impl Words {
    /// Words that are read as words: at least one, and a lone one is no comparison such as `>5`.
    pub fn new(words: Vec<Word>) -> Option<Self> {
        let comparison = matches!(words.as_slice(), [word] if word.is_comparison());
        (!words.is_empty() && !comparison).then_some(Self(words))
    }

    /// One word; `None` if it would be read as something else.
    pub fn one(text: &str) -> Option<Self> {
        Self::new(vec![Word::new(text)?])
    }

    /// The words.
    pub fn words(&self) -> &[Word] {
        &self.0
    }

    /// The text that the analyser sees.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(Word::text).collect();
        words.join(" ")
    }
}

impl Wildcard {
    /// A pattern with a wildcard; `None` for one without.
    pub fn new(pattern: Pattern) -> Option<Self> {
        pattern.as_literal().is_none().then_some(Self(pattern))
    }

    /// `*`.
    pub fn any() -> Self {
        Self(Pattern::any())
    }

    /// The pattern.
    pub fn pattern(&self) -> &Pattern {
        &self.0
    }
}

impl Expression {
    /// The expression with a backslash before each slash, so that it can stand between slashes.
    pub fn escaped(source: &str) -> Option<Self> {
        if !source.contains(['/', '\\']) {
            return Some(Self(source.to_owned()));
        }
        let mut escaped = String::with_capacity(source.len());
        for (index, piece) in source.split('/').enumerate() {
            if index > 0 {
                escaped.push_str(if escaped.ends_with('\\') { "/" } else { "\\/" });
            }
            escaped.push_str(piece);
        }
        // A backslash at the end would hide the slash behind it.
        match escaped.strip_suffix("\\\\") {
            Some(start) => Self::new(format!("{start}[\\\\]")),
            None => Self::new(escaped),
        }
    }

    /// An expression that can stand between slashes: each slash in it follows a backslash, and
    /// it does not end with one.
    pub fn new(source: impl Into<String>) -> Option<Self> {
        let source = source.into();
        let mut before = source.split('/');
        before.next_back();
        let bare = before.any(|piece| !piece.ends_with('\\'));
        (!bare && !source.ends_with('\\')).then_some(Self(source))
    }

    /// The expression, in Lucene's dialect.
    pub fn source(&self) -> &str {
        &self.0
    }
}

impl Comparison {
    /// `None` for what cannot be written: no text, equality, and a text that would become part of
    /// the sign.
    pub fn new(order: Order, text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let strict = matches!(order, Order::Less | Order::Greater);
        let refused = text.is_empty()
            || order == Order::Equal
            || (strict && text.starts_with('=') && text.len() > 1);
        (!refused).then_some(Self { order, text })
    }

    /// How a value has to stand to the text.
    pub fn order(&self) -> Order {
        self.order
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Decimal {
    /// Digits, with a point and more digits if need be.
    pub fn new(text: &str) -> Option<Self> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let valid = match text.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(text),
        };
        valid.then(|| Self(text.to_owned()))
    }

    /// The number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|b| matches!(b, b'0' | b'.'))
    }
}
