//! The conditions of a rule's cases: `failed > 5 && successful > 0`.
//!
//! Sources: Datadog's documentation of detection rules (pages *Detection Rules*, section *Set a rule
//! case*, and its edition of 2020, which lists `<`, `<=` and `!` too) and the API's description of
//! `SecurityMonitoringRuleCase`. A condition compares counts of queries, the name before the
//! operator; `&&` binds tighter than `||`. `THEN` stands between conditions that come to hold one
//! after the other, and around nothing else.

use crate::language::kit::{Cursor, MAX_NESTING, QueryError};
use crate::query::{Number, Order};

/// When a case holds.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseCondition {
    /// The count of a query stands so to a number.
    Compare {
        /// The name of the query, or of the step of a sequence.
        name: String,
        /// How.
        order: Order,
        /// To what.
        number: Number,
    },
    /// It does not hold.
    Not(Box<CaseCondition>),
    /// All hold.
    All(Vec<CaseCondition>),
    /// One holds.
    Any(Vec<CaseCondition>),
}

/// Reads a condition: the conditions that have to come to hold in this order, usually one.
pub fn parse_case(text: &str) -> Result<Vec<CaseCondition>, QueryError> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    let mut stages = vec![parser.any()?];
    while parser.eat("THEN") || parser.eat("then") {
        stages.push(parser.any()?);
    }
    parser.blanks();
    if parser.cursor.is_at_end() { Ok(stages) } else { Err(parser.expected("`&&` or `||`")) }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    depth: usize,
}

impl Parser<'_> {
    fn blanks(&mut self) {
        self.cursor.take_while(char::is_whitespace);
    }

    fn eat(&mut self, token: &str) -> bool {
        self.blanks();
        self.cursor.eat(token)
    }

    fn expected(&self, what: &str) -> QueryError {
        QueryError::syntax(self.cursor.here(), format!("{what} is missing in the case's condition"))
    }

    fn any(&mut self) -> Result<CaseCondition, QueryError> {
        let mut members = vec![self.all()?];
        while self.eat("||") {
            members.push(self.all()?);
        }
        Ok(one_or(members, CaseCondition::Any))
    }

    fn all(&mut self) -> Result<CaseCondition, QueryError> {
        let mut members = vec![self.single()?];
        while self.eat("&&") {
            members.push(self.single()?);
        }
        Ok(one_or(members, CaseCondition::All))
    }

    fn single(&mut self) -> Result<CaseCondition, QueryError> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(QueryError::limit(
                self.cursor.here(),
                "the condition is nested too deeply",
            ));
        }
        let condition = if self.eat("!") {
            CaseCondition::Not(Box::new(self.single()?))
        } else if self.eat("(") {
            let inner = self.any()?;
            if !self.eat(")") {
                return Err(self.expected("`)`"));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<CaseCondition, QueryError> {
        self.blanks();
        let name = self.cursor.take_while(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if name.is_empty() {
            return Err(self.expected("the name of a query"));
        }
        let (order, negated) = self.order()?;
        self.blanks();
        let number = self.cursor.take_while(|c| c.is_ascii_digit() || c == '.');
        let number = number.parse().ok().and_then(Number::new);
        let number = number.ok_or_else(|| self.expected("a number"))?;
        let compare = CaseCondition::Compare { name: name.to_owned(), order, number };
        Ok(if negated { CaseCondition::Not(Box::new(compare)) } else { compare })
    }

    fn order(&mut self) -> Result<(Order, bool), QueryError> {
        /// Longer operators first; the flag negates.
        const ORDERS: &[(&str, Order, bool)] = &[
            (">=", Order::GreaterOrEqual, false),
            ("<=", Order::LessOrEqual, false),
            ("==", Order::Equal, false),
            ("!=", Order::Equal, true),
            (">", Order::Greater, false),
            ("<", Order::Less, false),
            ("=", Order::Equal, false),
        ];
        let found = ORDERS.iter().find(|(token, ..)| self.eat(token));
        found.map(|(_, order, no)| (*order, *no)).ok_or_else(|| self.expected("`>` or `>=`"))
    }
}

fn one_or(
    mut members: Vec<CaseCondition>,
    several: fn(Vec<CaseCondition>) -> CaseCondition,
) -> CaseCondition {
    match members.pop() {
        Some(only) if members.is_empty() => only,
        last => several(members.into_iter().chain(last).collect()),
    }
}
