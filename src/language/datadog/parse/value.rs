//! Values of a field: text, comparisons, ranges.

use super::Parser;
use crate::language::datadog::{At, Limit, Sign, Tree, Value, ValueKind, lexis};
use crate::language::kit::QueryError;
use crate::query::Number;

impl<'t> Parser<'t> {
    /// One value; a group of them is the caller's.
    pub(super) fn value(&mut self) -> Option<Tree<Value>> {
        let start = self.cursor.at();
        let here = self.cursor.here();
        let kind = match self.cursor.peek() {
            Some('"') => ValueKind::Text(self.quoted()?),
            Some('>' | '<') => self.comparison()?,
            Some('[' | '{') => self.range()?,
            Some('-') => {
                let error = QueryError::syntax(here, "a value cannot start with `-`");
                let help = "to exclude, put the `-` before the field; a negative number is quoted";
                return self.fail(error.help(help));
            }
            Some(c) if lexis::cannot_start(c) => {
                let error = self.forbidden(here, c);
                return self.fail(error);
            }
            _ => ValueKind::Text(self.term(|_| false)?),
        };
        let at = At(self.cursor.span_from(start));
        let raw = self.raw(start);
        if lexis::KEYWORDS.contains(&raw) {
            let error = QueryError::syntax(at.0, format!("`{raw}` is an operator, not a value"));
            return self.fail(error.help("quote it to search for the word itself"));
        }
        if self.cursor.peek() == Some(':') {
            let error = QueryError::syntax(self.cursor.here(), "`:` stands inside a value");
            let help = "quote the value, or write `\\:`; a group holds values of one field only";
            return self.fail(error.help(help));
        }
        self.end_of_value(start)?;
        Some(Tree::Leaf(Value { kind, at }))
    }

    /// `>5`, `>=5`, `<5`, `<=5`
    fn comparison(&mut self) -> Option<ValueKind> {
        let start = self.cursor.at();
        // The longer sign first, because the shorter one is its beginning.
        let signs = [Sign::GreaterOrEqual, Sign::LessOrEqual, Sign::Greater, Sign::Less];
        let sign = signs.into_iter().find(|sign| self.cursor.eat(sign.order().sign()))?;
        let raw = self.cursor.take_while(|c| !c.is_whitespace() && c != '(' && c != ')');
        if raw.is_empty() {
            let span = self.cursor.span_from(start);
            let error = QueryError::syntax(span, "a number is missing after the operator");
            return self.fail(error.help("write it without a blank: `@f:>5`"));
        }
        Some(ValueKind::Compare { sign, limit: limit(raw) })
    }

    /// `[a TO b]`, `{a TO b}`
    fn range(&mut self) -> Option<ValueKind> {
        let start = self.cursor.at();
        let inclusive = self.cursor.bump() == Some('[');
        let lower = self.range_end();
        let to = self.range_end();
        let upper = self.range_end();
        self.skip_blanks();
        let span = self.cursor.span_from(start);
        let (Some(lower), Some("TO"), Some(upper)) = (lower, to, upper) else {
            let error = QueryError::syntax(span, "this is not a range");
            return self.fail(error.help("write `[1 TO 5]`, with `*` for an open end"));
        };
        match (inclusive, self.cursor.peek()) {
            (true, Some(']')) | (false, Some('}')) => {}
            (_, Some(']' | '}')) => {
                self.cursor.bump();
                let span = self.cursor.span_from(start);
                let error = QueryError::syntax(span, "the brackets of the range differ");
                let help = "write two comparisons, such as `@f:>=1 @f:<5`";
                return self.fail(error.help(help));
            }
            _ => {
                let error = QueryError::syntax(span, "this range is never closed");
                return self.fail(error.help("add the closing bracket"));
            }
        }
        self.cursor.bump();
        let open_or = |raw: &str| (raw != "*").then(|| limit(raw));
        Some(ValueKind::Range { lower: open_or(lower), upper: open_or(upper), inclusive })
    }

    /// The next word inside a range.
    fn range_end(&mut self) -> Option<&'t str> {
        self.skip_blanks();
        let raw = self.cursor.take_while(|c| !c.is_whitespace() && c != ']' && c != '}');
        (!raw.is_empty()).then_some(raw)
    }
}

/// A number if it reads as one: digits, a sign (which may be escaped), a fraction, an exponent.
fn limit(raw: &str) -> Limit {
    let plain = raw.replace('\\', "");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let number = digits.starts_with(|c: char| c.is_ascii_digit());
    let number = number.then(|| plain.parse().ok().and_then(Number::new)).flatten();
    number.map_or_else(|| Limit::Text(raw.to_owned()), Limit::Number)
}
