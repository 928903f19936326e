//! What a column holds, as far as conditions on it can be stated over the event.

use crate::language::kit::QueryError;
use crate::query::{Cidr, Counted, Expr, FieldPath, Number, Op, Order, Test, TimePart};

use super::ternary::Ternary;

/// The content of a column, or the value of an expression.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// The value of a field, perhaps in another form.
    Field(Field),
    /// The same for all events.
    Constant(Constant),
    /// A boolean.
    Condition(Ternary),
    /// How many characters the value of a field has.
    Length(Field),
    /// Where a text stands in the value of a field, counted from 1; 0 if nowhere.
    Position(Field, String),
    /// A part of the point in time in a field.
    Part(FieldPath, TimePart),
    /// One of several, by which guard holds; null where none does. At most one ever holds.
    Cases(Vec<(Expr, Column)>),
    /// What `STATS` has counted.
    Count(Count),
    /// What has no meaning over the event, and why: said only if it matters.
    Unknown(Box<QueryError>),
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// Which.
    pub(super) path: FieldPath,
    /// In what form.
    pub(super) form: Form,
}

/// What was made of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// Its text.
    Text,
    /// Its text in small letters.
    Lower,
    /// Its text in capitals.
    Upper,
    /// The number that its text holds.
    Number,
    /// The address that its text holds.
    Address,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    /// Null.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// Several.
    List(Vec<Constant>),
}

/// A count over the events of a group.
#[derive(Clone, Debug)]
pub(super) struct Count {
    /// What is counted.
    pub(super) counted: Counted,
    /// Among which events.
    pub(super) filter: Expr,
    /// The field whose values are counted instead of events.
    pub(super) values_of: Option<FieldPath>,
}

impl Field {
    /// The field as it is.
    pub(super) fn plain(path: impl AsRef<str>) -> Self {
        Self { path: FieldPath::new(path), form: Form::Plain }
    }

    /// A test of it.
    pub(super) fn test(&self, op: Op) -> Test {
        Test::field(self.path.clone(), op)
    }

    /// When it is not null.
    pub(super) fn present(&self) -> Expr {
        let any = |ops: Vec<Op>| Expr::any_of(ops.into_iter().map(|op| self.test(op).into()));
        match self.form {
            Form::Plain | Form::Text | Form::Lower | Form::Upper => any(vec![Op::Exists]),
            Form::Number => any(sides_of_zero()),
            Form::Address => any(["0.0.0.0/0", "::/0"]
                .into_iter()
                .filter_map(Cidr::parse)
                .map(Op::Cidr)
                .collect()),
        }
    }
}

/// What every number is one of.
fn sides_of_zero() -> Vec<Op> {
    let zero = Number::new(0.0);
    let compare = |order| zero.map(|number| Op::Compare { order, number });
    [Order::Less, Order::GreaterOrEqual].into_iter().filter_map(compare).collect()
}

impl Column {
    /// One of several; those that are choices themselves are opened.
    pub(super) fn cases(cases: Vec<(Expr, Column)>) -> Self {
        let mut flat = Vec::new();
        for (guard, column) in cases {
            match (guard, column) {
                (Expr::False, _) => {}
                (guard, Column::Cases(inner)) => {
                    flat.extend(
                        inner
                            .into_iter()
                            .map(|(own, column)| (Expr::all([guard.clone(), own]), column)),
                    );
                }
                (guard, column) => flat.push((guard, column)),
            }
        }
        match flat.pop() {
            Some((Expr::True, only)) if flat.is_empty() => only,
            last => Column::Cases(flat.into_iter().chain(last).collect()),
        }
    }

    /// About how many tests it takes to state a condition on it.
    pub(super) fn weight(&self) -> usize {
        match self {
            Column::Condition(ternary) => weight(&ternary.yes) + weight(&ternary.no),
            Column::Cases(cases) => {
                cases.iter().map(|(guard, column)| weight(guard) + column.weight()).sum()
            }
            Column::Count(count) => weight(&count.filter),
            _ => 1,
        }
    }
}

/// How many nodes an expression has.
pub(super) fn weight(expr: &Expr) -> usize {
    match expr {
        Expr::True | Expr::False | Expr::Test(_) => 1,
        Expr::Not(inner) => 1 + weight(inner),
        Expr::And(members) | Expr::Or(members) => 1 + members.iter().map(weight).sum::<usize>(),
    }
}
