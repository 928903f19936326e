//! Functions.
//!
//! Sources: Elastic's reference pages of the functions. One that is not followed here is refused
//! by name.

use super::super::expression::{Node, Options};
use super::column::{Column, Constant, Field, Form, weight};
use super::ternary::Ternary;
use super::{Lowered, Lowerer, refused};
use crate::language::kit::elasticsearch::address;
use crate::language::kql::Kql;
use crate::language::lucene::Lucene;
use crate::query::{Affix, Expr, Op, Part, Pattern, TimePart};
use crate::source::Span;

/// Parts of a date as `DATE_EXTRACT` calls them.
pub(in crate::language::esql) const PARTS: &[(&str, TimePart)] = &[
    ("minute_of_hour", TimePart::Minute),
    ("hour_of_day", TimePart::Hour),
    ("day_of_month", TimePart::Day),
    ("month_of_year", TimePart::Month),
    ("year", TimePart::Year),
];

/// Functions that are followed. What others give is unknown, whatever they are given.
const FOLLOWED: &[&str] = &[
    "CASE",
    "CIDR_MATCH",
    "COALESCE",
    "CONCAT",
    "CONTAINS",
    "DATE_EXTRACT",
    "ENDS_WITH",
    "KQL",
    "LENGTH",
    "LOCATE",
    "MATCH",
    "MATCH_PHRASE",
    "MV_CONTAINS",
    "QSTR",
    "REPEAT",
    "SPACE",
    "STARTS_WITH",
    "TO_LOWER",
    "TO_UPPER",
];

impl Lowerer<'_> {
    /// What a call gives.
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[Node],
        options: Option<&Options>,
        span: Span,
    ) -> Lowered<Column> {
        if options.is_some() {
            return refused(span, format!("`{name}` with options"));
        }
        if !FOLLOWED.contains(&name) && conversion(name).is_none() {
            return refused(span, format!("the function `{name}`"));
        }
        match (name, arguments) {
            ("KQL", [query]) => self.embedded::<Kql>(query, name),
            ("QSTR", [query]) => self.embedded::<Lucene>(query, name),
            ("MATCH", [field, query]) => self.match_field(field, query).map(two_valued),
            ("MATCH_PHRASE", [field, query]) => self.match_phrase(field, query).map(two_valued),
            ("CASE", arguments) => self.case(arguments),
            ("COALESCE", arguments) => self.coalesce(arguments, span),
            (_, arguments) => {
                let mut values = Vec::new();
                for argument in arguments {
                    match self.value(argument)? {
                        Column::Unknown(error) => return Err(error),
                        column => values.push(column),
                    }
                }
                self.apply(name, values, span)
            }
        }
    }

    fn apply(&mut self, name: &str, values: Vec<Column>, span: Span) -> Lowered<Column> {
        use Column::{Constant as Fixed, Field as Of};
        match (name, values.as_slice()) {
            ("TO_LOWER" | "TO_UPPER", [Of(field)]) if is_text(field.form) => {
                let form = if name == "TO_LOWER" { Form::Lower } else { Form::Upper };
                Ok(Of(Field { path: field.path.clone(), form }))
            }
            ("TO_LOWER", [Fixed(Constant::Text(text))]) => Ok(fixed(text.to_lowercase())),
            ("TO_UPPER", [Fixed(Constant::Text(text))]) => Ok(fixed(text.to_uppercase())),
            ("LENGTH", [Of(field)]) if is_text(field.form) => Ok(Column::Length(field.clone())),
            ("LOCATE", [Of(field), Fixed(Constant::Text(text))]) => {
                Ok(Column::Position(field.clone(), text.clone()))
            }
            ("STARTS_WITH" | "ENDS_WITH" | "CONTAINS", [Of(field), part]) => {
                self.affix(name, field, part, span)
            }
            ("CIDR_MATCH", [Of(field), networks @ ..]) => self.networks(field, networks, span),
            ("MV_CONTAINS", [Of(field), value]) => self.mv_contains(field, value, span),
            ("DATE_EXTRACT", [Fixed(Constant::Text(part)), Of(field)]) => {
                let known = PARTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(part));
                match known {
                    Some((_, part)) => Ok(Column::Part(field.path.clone(), *part)),
                    None => refused(span, format!("`{part}` of a date")),
                }
            }
            ("CONCAT", texts) => match texts.iter().map(as_text).collect::<Option<String>>() {
                Some(text) => Ok(fixed(text)),
                None => refused(span, "the function `CONCAT`"),
            },
            ("SPACE", [Fixed(Constant::Number(count))]) => repeated(" ", count.get(), span),
            ("REPEAT", [Fixed(Constant::Text(text)), Fixed(Constant::Number(count))]) => {
                repeated(text, count.get(), span)
            }
            (_, [column]) => match conversion(name) {
                Some(kind) => self.convert(column.clone(), kind, name, span),
                None => refused(span, format!("the function `{name}`")),
            },
            _ => refused(span, format!("the function `{name}`")),
        }
    }

    /// `STARTS_WITH` and its like.
    fn affix(&mut self, name: &str, field: &Field, part: &Column, span: Span) -> Lowered<Column> {
        let (before, after, affix) = match name {
            "STARTS_WITH" => (false, true, Affix::Start),
            "ENDS_WITH" => (true, false, Affix::End),
            _ => (true, true, Affix::Within),
        };
        let ternary = match part {
            Column::Constant(Constant::Text(text)) => {
                let any = |wanted: bool| wanted.then_some(Part::Any);
                let parts = any(before).into_iter().chain([Part::Literal(text.clone())]);
                self.text(field, &parts.chain(any(after)).collect::<Pattern>(), span)?
            }
            Column::Field(other) => self.fields(field, affix, other, span)?,
            _ => return refused(span, format!("`{name}` of these values")),
        };
        Ok(Column::Condition(ternary))
    }

    fn networks(&mut self, field: &Field, networks: &[Column], span: Span) -> Lowered<Column> {
        let mut members = Vec::new();
        for network in networks {
            let Column::Constant(Constant::Text(text)) = network else {
                return refused(span, "a network that is known only when the query runs");
            };
            match address::network(text) {
                Some(network) => members.push(Expr::from(field.test(Op::Cidr(network)))),
                None => return refused(span, format!("`{text}` is no network")),
            }
        }
        self.assume_single(&field.path);
        let ternary = Ternary::where_present(Expr::any_of(members), field.present());
        Ok(Column::Condition(ternary))
    }

    /// Whether all values of the second are among those of the first; null has none.
    fn mv_contains(&mut self, field: &Field, value: &Column, span: Span) -> Lowered<Column> {
        let wanted = match value {
            Column::Constant(Constant::Null) => Vec::new(),
            Column::Constant(Constant::List(items)) => items.clone(),
            Column::Constant(constant) => vec![constant.clone()],
            _ => return refused(span, "the function `MV_CONTAINS` of two fields"),
        };
        let mut members = Vec::new();
        for constant in wanted {
            members.push(match (&constant, field.form) {
                (Constant::Text(text), Form::Lower | Form::Upper) => self.some_text(field, text),
                (_, Form::Plain) => self.some_value(field, &constant, span)?,
                _ => return refused(span, "the function `MV_CONTAINS` of this form of a field"),
            });
        }
        Ok(two_valued(Expr::all(members)))
    }

    /// `CASE(condition, value, condition, value, ..., default)`.
    fn case(&mut self, arguments: &[Node]) -> Lowered<Column> {
        let (mut cases, mut before) = (Vec::new(), Expr::True);
        for pair in arguments.chunks(2) {
            match pair {
                [condition, value] => {
                    let ternary = self.whole_condition(condition)?;
                    let tests = weight(&before) + weight(&ternary.yes);
                    self.charge(tests, condition.span)?;
                    let guard = Expr::all([before.clone(), ternary.yes.clone()]);
                    before = Expr::all([before, ternary.yes.negated()]);
                    cases.push((guard, self.value(value)?));
                }
                [default] => cases.push((before.clone(), self.value(default)?)),
                _ => {}
            }
        }
        Ok(Column::cases(cases))
    }

    /// The first value that is not null.
    fn coalesce(&mut self, arguments: &[Node], span: Span) -> Lowered<Column> {
        let (mut cases, mut before) = (Vec::new(), Expr::True);
        for argument in arguments {
            let column = self.value(argument)?;
            let present = self.present(column.clone(), argument.span)?;
            self.charge(weight(&before), span)?;
            cases.push((Expr::all([before.clone(), present.clone()]), column));
            before = Expr::all([before, present.negated()]);
        }
        Ok(Column::cases(cases))
    }
}

/// The type that a function converts to.
fn conversion(name: &str) -> Option<&'static str> {
    Some(match name {
        "TO_STRING" | "TO_STR" => "keyword",
        "TO_DOUBLE" | "TO_DBL" => "double",
        "TO_LONG" => "long",
        "TO_INTEGER" | "TO_INT" => "integer",
        "TO_IP" => "ip",
        "TO_BOOLEAN" | "TO_BOOL" => "boolean",
        _ => return None,
    })
}

fn is_text(form: Form) -> bool {
    matches!(form, Form::Plain | Form::Text | Form::Lower | Form::Upper)
}

fn two_valued(expr: Expr) -> Column {
    Column::Condition(Ternary::two_valued(expr))
}

fn fixed(text: impl Into<String>) -> Column {
    Column::Constant(Constant::Text(text.into()))
}

fn as_text(column: &Column) -> Option<&str> {
    match column {
        Column::Constant(Constant::Text(text)) => Some(text),
        _ => None,
    }
}

fn repeated(text: &str, count: f64, span: Span) -> Lowered<Column> {
    if count.fract() != 0.0 || !(0.0..=10_000.0).contains(&count) || text.len() > 100 {
        return refused(span, "a text that is repeated this often");
    }
    // INVARIANT: `count` is a whole number from 0 to 10,000.
    Ok(fixed(text.repeat(count as usize)))
}
