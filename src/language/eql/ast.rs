//! The typed tree of an EQL query.
//!
//! EQL's grammar makes no difference between conditions and values (a function may return either),
//! so both are one type, [`Expression`]. Parentheses are not kept, except that a junction inside
//! one of its own kind stays one.

use serde::{Serialize, Serializer};

use super::function::Function;
use crate::query::Number;
use crate::source::Span;

/// A value with its place in the query text. Two are equal if their values are: trees are
/// compared by what they say, wherever it stands.
#[derive(Clone, Copy, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Bytes of the query text; empty for trees that were not read from text.
    pub span: Span,
}

/// A whole query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The comments before the first word, one text each. All others are dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    /// What is looked for.
    pub form: Form,
    /// What is done with what was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipes: Vec<Located<Pipe>>,
}

/// The three kinds of query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Single events.
    Event(Event),
    /// `sequence`: events that follow one another.
    Sequence(Sequence),
    /// `sample`: events that share values, in any order.
    Sample(Sample),
}

/// `category where condition`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The category.
    pub category: Located<Category>,
    /// The condition.
    pub condition: Node,
}

/// The word before `where`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// `any`: events of every category, and without one.
    Any,
    /// One value of the category field.
    #[serde(untagged)]
    Named(String),
}

/// `sequence by key with maxspan=1m [event] by key with runs=2 ... until [event]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// The keys of all steps.
    pub by: Vec<Located<Field>>,
    /// The longest time from the first to the last event.
    pub max_span: Option<Located<MaxSpan>>,
    /// The steps.
    pub steps: Vec<Located<Step>>,
    /// What ends a sequence that is not complete.
    pub until: Option<Located<Step>>,
}

/// `sample by key [event] by key ...`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The keys of all members.
    pub by: Vec<Located<Field>>,
    /// The members.
    pub steps: Vec<Located<Step>>,
}

/// One event of a sequence or sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `![event]`: no such event.
    pub missing: bool,
    /// The event.
    pub event: Event,
    /// The keys of this step.
    pub by: Vec<Located<Field>>,
    /// `with runs=N`.
    pub runs: Option<Located<u32>>,
}

/// A time with its unit, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MaxSpan {
    /// How many.
    pub count: u64,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millisecond,
    /// Seconds.
    #[serde(rename = "s")]
    Second,
    /// Minutes.
    #[serde(rename = "m")]
    Minute,
    /// Hours.
    #[serde(rename = "h")]
    Hour,
    /// Days.
    #[serde(rename = "d")]
    Day,
}

/// What is done with what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pipe {
    /// Only the first so many.
    Head(u64),
    /// Only the last so many.
    Tail(u64),
}

/// An expression with its place.
pub type Node = Located<Expression>;

/// A condition or a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// At least one of two or more.
    Or(Vec<Node>),
    /// All of two or more.
    And(Vec<Node>),
    /// The opposite.
    Not(Box<Node>),
    /// `left == right` and the like.
    Compare {
        /// The value on the left.
        left: Box<Node>,
        /// The operator.
        operator: Comparison,
        /// The value on the right.
        right: Box<Node>,
    },
    /// `value in (...)`, `value : ...`, `value like ...`, `value regex ...`.
    Among {
        /// The value.
        value: Box<Node>,
        /// The operator.
        operator: Lookup,
        /// What it is compared with; at least one.
        list: Vec<Node>,
    },
    /// `-value`
    Negative(Box<Node>),
    /// `left + right` and the like.
    Arithmetic {
        /// The left operand.
        left: Box<Node>,
        /// The operator.
        operator: Operator,
        /// The right operand.
        right: Box<Node>,
    },
    /// `function(argument, ...)`
    Call {
        /// The function.
        function: Function,
        /// Whether it stands with `~`: letters in any case.
        insensitive: bool,
        /// Its arguments.
        arguments: Vec<Node>,
    },
    /// A field.
    Field(Field),
    /// A literal.
    #[serde(untagged)]
    Literal(Literal),
}

/// A field, `?` before it if an index may lack it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Whether `?` stands before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The dotted path, free of backticks.
    pub path: String,
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number without a point.
    Integer(i64),
    /// A number with a point or an exponent.
    #[serde(serialize_with = "decimal")]
    Decimal(Number),
    /// A text, in whatever quotes.
    Text(String),
}

/// A comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Comparison {
    /// Equal.
    #[serde(rename = "==")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    NotEqual,
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Greater.
    #[serde(rename = ">")]
    Greater,
    /// Greater or equal.
    #[serde(rename = ">=")]
    GreaterOrEqual,
}

/// A comparison of a value with one or more literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Lookup {
    /// Equal to one, in any case, with wildcards.
    #[serde(rename = ":")]
    Is,
    /// Equal to one.
    #[serde(rename = "in")]
    In,
    /// Equal to one, in any case.
    #[serde(rename = "in~")]
    InAnyCase,
    /// Equal to none.
    #[serde(rename = "not in")]
    NotIn,
    /// Equal to none in any case.
    #[serde(rename = "not in~")]
    NotInAnyCase,
    /// Matches a pattern with wildcards.
    #[serde(rename = "like")]
    Like,
    /// The same, in any case.
    #[serde(rename = "like~")]
    LikeAnyCase,
    /// Matches a regular expression as a whole.
    #[serde(rename = "regex")]
    Regex,
    /// The same, in any case.
    #[serde(rename = "regex~")]
    RegexAnyCase,
}

/// An operator between numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Operator {
    /// Sum.
    #[serde(rename = "+")]
    Add,
    /// Difference.
    #[serde(rename = "-")]
    Subtract,
    /// Product.
    #[serde(rename = "*")]
    Multiply,
    /// Quotient; of integers, rounded.
    #[serde(rename = "/")]
    Divide,
    /// Remainder.
    #[serde(rename = "%")]
    Modulo,
}

impl<T> Located<T> {
    /// Joins a value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> From<T> for Located<T> {
    fn from(value: T) -> Self {
        Self::new(value, Span::default())
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: Serialize> Serialize for Located<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

fn decimal<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(number.get())
}
