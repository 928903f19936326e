//! The atoms of an expression.

use std::fmt;

use serde::Serialize;

use super::{Cidr, FieldPath, Number, Pattern, Regex};

/// `subject op literal`: true iff some value of the subject satisfies the operator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Test {
    /// Whose values are looked at.
    pub subject: Subject,
    /// What one of them has to satisfy.
    pub op: Op,
}

/// Whose values a test looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The values of one field.
    Field(FieldPath),
    /// Every scalar of the event, wherever it stands: Sigma's keywords.
    Event,
}

/// What a value has to satisfy. Texts are compared in the sense of
/// [`text_of`](super::text_of), so numbers and booleans have a text too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The field is present with a value other than `null`.
    Exists,
    /// The field is present with the value `null`.
    Null,
    /// The whole text matches the pattern; without wildcards this is equality.
    Matches {
        /// The pattern.
        pattern: Pattern,
        /// Whether letters must agree in case.
        case: Case,
    },
    /// The expression is found in the text.
    Regex(Regex),
    /// The value is a number (or a text that is one) standing in this order to the literal.
    Compare {
        /// Which order.
        order: Order,
        /// The literal on the right.
        number: Number,
    },
    /// The value is an address in the network.
    Cidr(Cidr),
    /// The value stands in this relation to some value of another field.
    Field {
        /// The other field.
        other: FieldPath,
        /// Where the other value has to stand in this one.
        affix: Affix,
        /// Whether letters must agree in case.
        case: Case,
    },
    /// The value is a date, one part of which stands in this order to the literal.
    Time {
        /// Which part.
        part: TimePart,
        /// Which order.
        order: Order,
        /// The literal on the right.
        number: Number,
    },
    /// Analysed text: the words (letters and digits, any case) stand in the text one after
    /// another. One word is a list of one.
    Words(Vec<String>),
}

/// Whether letters must agree in case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// They must.
    Sensitive,
    /// Letters are folded first, see [`fold`](super::fold).
    Insensitive,
}

/// Order between a value and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Order {
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Equal as numbers.
    #[serde(rename = "==")]
    Equal,
    /// Greater or equal.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// Greater.
    #[serde(rename = ">")]
    Greater,
}

/// Where one text has to stand in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Affix {
    /// They are equal.
    Whole,
    /// At the start.
    Start,
    /// At the end.
    End,
    /// Anywhere.
    Within,
}

/// A part of a date, as Sigma's modifiers of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimePart {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// Day of the month, 1 to 31.
    Day,
    /// ISO week, 1 to 53.
    Week,
    /// 1 to 12.
    Month,
    /// Year.
    Year,
}

impl Test {
    /// A test of one field.
    pub fn field(path: impl Into<FieldPath>, op: Op) -> Self {
        Self { subject: Subject::Field(path.into()), op }
    }

    /// The same test of fields with other names.
    pub fn renamed(mut self, name: &dyn Fn(&FieldPath) -> FieldPath) -> Self {
        if let Subject::Field(path) = &mut self.subject {
            *path = name(path);
        }
        if let Op::Field { other, .. } = &mut self.op {
            *other = name(other);
        }
        self
    }

    /// The field that is tested, if it is one field.
    pub fn path(&self) -> Option<&FieldPath> {
        match &self.subject {
            Subject::Field(path) => Some(path),
            Subject::Event => None,
        }
    }
}

impl Op {
    /// Equality with a text, case-sensitive.
    pub fn is(text: &str) -> Self {
        Op::Matches { pattern: Pattern::literal(text), case: Case::Sensitive }
    }
}

impl Order {
    /// Whether `ordering` (of value to literal) is in this order.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Order::Less => ordering.is_lt(),
            Order::LessOrEqual => ordering.is_le(),
            Order::Equal => ordering.is_eq(),
            Order::GreaterOrEqual => ordering.is_ge(),
            Order::Greater => ordering.is_gt(),
        }
    }

    /// The usual sign.
    pub fn sign(self) -> &'static str {
        match self {
            Order::Less => "<",
            Order::LessOrEqual => "<=",
            Order::Equal => "==",
            Order::GreaterOrEqual => ">=",
            Order::Greater => ">",
        }
    }
}

/// One line for people; no language's syntax.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Subject::Field(path) => write!(f, "{path} {}", self.op),
            Subject::Event => write!(f, "any value {}", self.op),
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any_case = |case: &Case| if *case == Case::Insensitive { " in any case" } else { "" };
        match self {
            Op::Exists => f.write_str("exists"),
            Op::Null => f.write_str("is null"),
            Op::Matches { pattern, case } => {
                let case = if pattern.is_caseless() { "" } else { any_case(case) };
                match pattern.as_literal() {
                    Some(text) => write!(f, "is `{text}`{case}"),
                    None => write!(f, "matches `{pattern}`{case}"),
                }
            }
            Op::Regex(regex) => write!(f, "matches {regex:?}"),
            Op::Compare { order, number } => write!(f, "{} {number}", order.sign()),
            Op::Cidr(cidr) => write!(f, "is in {cidr}"),
            Op::Field { other, affix, case } => {
                let verb = match affix {
                    Affix::Whole => "equals",
                    Affix::Start => "starts with",
                    Affix::End => "ends with",
                    Affix::Within => "contains",
                };
                write!(f, "{verb} the value of {other}{}", any_case(case))
            }
            Op::Time { part, order, number } => {
                let part = format!("{part:?}").to_lowercase();
                write!(f, "has a {part} {} {number}", order.sign())
            }
            Op::Words(words) => write!(f, "holds the words `{}`", words.join(" ")),
        }
    }
}
