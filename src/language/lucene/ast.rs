//! The typed tree of a query string.
//!
//! The tree is what Elasticsearch makes of the text, not what the words seem to say: `AND` and
//! `OR` are no operators with a precedence, they mark the clauses around them as required or
//! optional. So a junction is a list of [`Clause`]s with an [`Occur`] each.

use serde::{Serialize, Serializer};

use super::lex::Word;
use crate::language::kit::Located;
use crate::query::{Order, Part, Pattern};

/// A whole query, or any part of one that could stand alone.
pub type Query = Located<Node>;

/// What a query is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Two or more clauses, or one that is required or prohibited.
    Clauses(Vec<Clause>),
    /// `field:query`: the field of all terms in the query that have none of their own.
    Field {
        /// Which field, or fields.
        name: Located<FieldName>,
        /// What is looked for in it.
        query: Box<Query>,
    },
    /// `query^2`: counts more when results are ranked.
    Boosted {
        /// What is ranked.
        query: Box<Query>,
        /// The factor.
        factor: Decimal,
    },
    /// A single search.
    #[serde(untagged)]
    Term(Term),
}

/// A member of a junction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// What the junction wants of it.
    pub occur: Occur,
    /// The member.
    pub query: Query,
}

/// What a junction wants of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Occur {
    /// It holds.
    Must,
    /// It may hold; if no clause must, one that should has to.
    Should,
    /// It does not hold.
    MustNot,
}

/// The field part of `field:query`. In a name `*` is a wildcard even behind a backslash, and so
/// no query finds a field with a star in its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldName(Pattern);

/// A single search.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Words without quotes that no operator separates. Elasticsearch hands them to the field's
    /// analyser together, as one text.
    Words(Words),
    /// `term~`, `term~1`: texts that differ in a few letters.
    Fuzzy {
        /// The text.
        text: Word,
        /// How many, if it is said.
        distance: Option<Decimal>,
    },
    /// `"words in quotes"`.
    Phrase {
        /// The text, free of escapes.
        text: String,
        /// `~2`: how far the words may be moved. A tilde without a number says nothing.
        slop: Option<Decimal>,
    },
    /// A term with `*` or `?`.
    Wildcard(Wildcard),
    /// `/expression/`.
    Regex(Expression),
    /// `>=5`.
    Compare(Comparison),
    /// `[1 TO 5]`, `{1 TO *]`.
    Range {
        /// The lower end.
        from: Bound,
        /// The upper end.
        to: Bound,
    },
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

impl Query {
    /// A search without a place.
    pub fn term(term: Term) -> Self {
        Node::Term(term).into()
    }

    /// `name:query`.
    pub fn field(name: FieldName, query: Query) -> Self {
        Node::Field { name: name.into(), query: Box::new(query) }.into()
    }

    /// A junction: a lone clause that may hold is what it holds. `None` of nothing.
    pub fn clauses(mut clauses: Vec<Clause>) -> Option<Self> {
        match clauses.as_slice() {
            [] => None,
            [Clause { occur: Occur::Should, .. }] => clauses.pop().map(|clause| clause.query),
            _ => Some(Node::Clauses(clauses).into()),
        }
    }

    /// `*:*`, which every event matches.
    pub fn everything() -> Self {
        Query::field(FieldName(Pattern::any()), Query::term(Term::Wildcard(Wildcard::any())))
    }

    /// The complement. A lone prohibited clause is what it prohibits.
    pub fn negated(self) -> Self {
        match self.value {
            Node::Clauses(mut clauses)
                if matches!(clauses.as_slice(), [Clause { occur: Occur::MustNot, .. }]) =>
            {
                // INVARIANT: the pattern above saw one clause.
                clauses.pop().map_or_else(Query::everything, |clause| clause.query)
            }
            value => {
                let query = Located::new(value, self.span);
                Node::Clauses(vec![Clause { occur: Occur::MustNot, query }]).into()
            }
        }
    }
}

impl FieldName {
    /// The field or fields of a name in which `*` is a wildcard.
    pub fn new(text: &str) -> Self {
        let pieces = text.split('*').map(|piece| Part::Literal(piece.to_owned()));
        let parts = pieces
            .enumerate()
            .flat_map(|(i, p)| (i > 0).then_some(Part::Any).into_iter().chain([p]));
        Self(parts.collect())
    }

    /// The name of one field; `None` for a pattern.
    pub fn name(&self) -> Option<&str> {
        self.0.as_literal()
    }

    /// Whether it is `*`.
    pub fn is_any(&self) -> bool {
        self.0.is_any()
    }

    /// The name with its wildcards.
    pub fn pattern(&self) -> &Pattern {
        &self.0
    }
}

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
        let mut escaped = String::new();
        for c in source.chars() {
            if c == '/' && !escaped.ends_with('\\') {
                escaped.push('\\');
            }
            escaped.push(c);
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
        let mut escaped = false;
        let mut bare = false;
        for c in source.chars() {
            bare |= c == '/' && !escaped;
            escaped = c == '\\';
        }
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

/// As a text: words have no other properties.
impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}
