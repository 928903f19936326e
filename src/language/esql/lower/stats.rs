//! `STATS`: from events to groups, and what is asked of them.
//!
//! Counts of events and of distinct values are followed, and so are sums of `CASE(condition, 1,
//! 0)`, which count events too. Everything else that `STATS` computes is unknown, and refused if
//! a condition looks at it.

use super::super::ast::{Aggregate, Stats};
use super::super::expression::{Comparison, Expression, Node};
use super::super::print;
use super::column::{Column, Constant, Count, Form, weight};
use super::extract::called;
use super::{Lowered, Lowerer, asks_for_some, refused};
use crate::language::kit::QueryError;
use crate::query::{Counted, Expr, FieldPath, Having, Number, Op, Order, Test, Threshold};
use crate::source::Span;

/// Groups of events in the making.
#[derive(Debug)]
pub(super) struct Groups {
    /// Which events are grouped.
    expr: Expr,
    group_by: Vec<FieldPath>,
    /// Whether there are groups at all, or all events are one.
    grouped: bool,
    /// Bounds, each with the events that it counts among.
    having: Vec<(Having, Expr, Span)>,
    span: Span,
}

impl Lowerer<'_> {
    /// A `STATS` over events.
    pub(super) fn stats(&mut self, stats: &Stats, span: Span, expr: Expr) -> Groups {
        let mut columns = Vec::new();
        let mut group_by = Vec::new();
        for group in &stats.by {
            let name = match &group.name {
                Some(name) => name.value.as_str().to_owned(),
                None => print::value(&group.value),
            };
            match self.value(&group.value).and_then(|column| plain(column, &group.value)) {
                Ok((path, column)) => {
                    group_by.push(path);
                    columns.push((name, column));
                }
                Err(error) => self.errors.push(*error),
            }
        }
        for aggregate in &stats.aggregates {
            let name = match &aggregate.name {
                Some(name) => name.value.as_str().to_owned(),
                None => print::value(&aggregate.value),
            };
            let column = self.aggregate(aggregate).unwrap_or_else(Column::Unknown);
            columns.push((name, column));
        }
        self.scope.clear();
        // A group takes the name from a computed column.
        for (name, column) in columns.into_iter().rev() {
            self.scope.bind(&name, column);
        }
        Groups { expr, group_by, grouped: !stats.by.is_empty(), having: Vec::new(), span }
    }

    /// `INLINE STATS` leaves the rows and tells each of its group.
    pub(super) fn inline_stats(&mut self, stats: &Stats, span: Span) {
        for aggregate in &stats.aggregates {
            let name = match &aggregate.name {
                Some(name) => name.value.as_str().to_owned(),
                None => print::value(&aggregate.value),
            };
            self.unknown(&name, "INLINE STATS", span);
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> Lowered<Column> {
        let filter = match &aggregate.filter {
            Some(filter) => self.whole_condition(filter)?.yes,
            None => Expr::True,
        };
        let value = &aggregate.value;
        let Expression::Call { name, arguments, .. } = &value.value else {
            return refused(value.span, "what `STATS` computes here is no count");
        };
        match (name.as_str(), arguments.as_slice()) {
            ("COUNT", []) => Ok(counted(Counted::Events, filter, None)),
            ("COUNT", [all]) if all.value == Expression::Star => {
                Ok(counted(Counted::Events, filter, None))
            }
            ("COUNT", [values]) => {
                let (path, _) = plain(self.value(values)?, values)?;
                let present = Test::field(path.clone(), Op::Exists).into();
                Ok(counted(Counted::Events, Expr::all([filter, present]), Some(path)))
            }
            ("COUNT_DISTINCT", [values, ..]) => {
                let (path, _) = plain(self.value(values)?, values)?;
                Ok(counted(Counted::Distinct(path), filter, None))
            }
            ("SUM", [values]) => {
                let ones = ones(self.value(values)?, values.span)?;
                Ok(counted(Counted::Events, Expr::all([filter, ones]), None))
            }
            _ => refused(value.span, format!("the function `{name}` of `STATS`")),
        }
    }

    /// A condition on groups.
    pub(super) fn having(&mut self, condition: &Node, groups: &mut Groups) {
        if let Expression::And(members) = &condition.value {
            return members.iter().for_each(|member| self.having(member, groups));
        }
        match self.bound(condition) {
            Ok(Some((having, filter))) => groups.having.push((having, filter, condition.span)),
            // What all events of a group agree in can be asked of the events.
            Ok(None) => {
                let wanted = self.condition(condition).yes;
                let expr = std::mem::replace(&mut groups.expr, Expr::True);
                groups.expr = Expr::all([expr, wanted]);
            }
            Err(error) => self.errors.push(*error),
        }
    }

    /// A bound on a count; `None` if the condition looks at no count.
    fn bound(&mut self, condition: &Node) -> Lowered<Option<(Having, Expr)>> {
        let Expression::Compare { left, comparison, right } = &condition.value else {
            return Ok(None);
        };
        let (left, right) = (self.value(left)?, self.value(right)?);
        let (count, comparison, number) = match (left, right) {
            (Column::Count(count), Column::Constant(Constant::Number(number))) => {
                (count, *comparison, number)
            }
            (Column::Constant(Constant::Number(number)), Column::Count(count)) => {
                (count, comparison.flipped(), number)
            }
            _ => return Ok(None),
        };
        let Comparison::Is(order) = comparison else {
            return refused(condition.span, "a count that is anything but one number");
        };
        if let Some(path) = &count.values_of {
            self.assume_single(path);
        }
        if let Counted::Distinct(path) = &count.counted {
            let reason = format!("`COUNT_DISTINCT` of `{path}` is exact for numbers this small");
            self.ledger.assume("approximate-count", Some(path), reason);
        }
        let having = Having { count: count.counted, order, number };
        Ok(Some((having, count.filter)))
    }

    /// The threshold of groups. Counts among some of the events only become counts among all if
    /// the others can be left out.
    pub(super) fn close(&mut self, groups: Groups) -> Threshold {
        let Groups { mut expr, group_by, grouped, having, span } = groups;
        if having.is_empty() && !grouped {
            self.refuse(span, "`STATS` without `BY` and without a bound gives one row in any case");
        }
        let filter = having.first().map_or(Expr::True, |(_, filter, _)| filter.clone());
        let alike = having.iter().all(|(_, own, _)| *own == filter);
        let some =
            having.iter().any(|(having, ..)| asks_for_some(having.order, having.number.get()));
        if let Some((_, _, span)) = having.first()
            && !(alike && (some || filter == Expr::True))
        {
            self.refuse(*span, "counts among different events of one group");
        }
        expr = Expr::all([expr, filter]);
        let mut having: Vec<Having> = having.into_iter().map(|(having, ..)| having).collect();
        if having.is_empty() {
            having.extend(Number::new(1.0).map(|number| Having {
                count: Counted::Events,
                order: Order::GreaterOrEqual,
                number,
            }));
        }
        if let Err(error) = self.charge(weight(&expr), span) {
            self.errors.push(*error);
        }
        Threshold { expr, group_by, having }
    }
}

fn counted(counted: Counted, filter: Expr, values_of: Option<FieldPath>) -> Column {
    Column::Count(Count { counted, filter, values_of })
}

/// The field that a value is, as it is.
fn plain(column: Column, node: &Node) -> Lowered<(FieldPath, Column)> {
    match column {
        Column::Field(field) if field.form == Form::Plain => {
            Ok((field.path.clone(), Column::Field(field)))
        }
        Column::Unknown(error) => Err(error),
        _ => {
            let what = called(node).map_or_else(String::new, |name| format!(" (`{name}`)"));
            let message =
                format!("`STATS` looks at a value that is computed{what}, not at a field");
            Err(QueryError::unsupported(node.span, message).into())
        }
    }
}

/// When a value is 1, if it is 1 or 0 or null for all events.
fn ones(column: Column, span: Span) -> Lowered<Expr> {
    let number = |column: &Column| match column {
        Column::Constant(Constant::Number(number)) => Some(number.get()),
        Column::Constant(Constant::Null) => Some(0.0),
        _ => None,
    };
    match column {
        Column::Unknown(error) => Err(error),
        Column::Cases(cases) if cases.iter().all(|(_, c)| matches!(number(c), Some(0.0 | 1.0))) => {
            let ones = cases.into_iter().filter(|(_, column)| number(column) == Some(1.0));
            Ok(Expr::any_of(ones.map(|(guard, _)| guard)))
        }
        _ => refused(span, "the function `SUM` of `STATS`"),
    }
}
