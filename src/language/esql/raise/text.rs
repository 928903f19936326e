//! Patterns, by the type of the field that they are held against.

use super::super::expression::{Comparison, Expression, Node};
use super::boolean::Piece;
use super::{Raiser, number};
use crate::language::kit::elasticsearch::address;
use crate::query::{
    Case, Effect, FieldFacts, FieldPath, FieldType, Number, Order, Part, Pattern, Respelt,
};

impl Raiser<'_> {
    /// A pattern on any field.
    pub(super) fn matches(
        &mut self,
        path: &FieldPath,
        pattern: &Pattern,
        case: Case,
        facts: &FieldFacts,
    ) -> Piece {
        match facts.kind {
            FieldType::Keyword | FieldType::Text | FieldType::Flattened => {
                self.text(path, pattern, case, facts)
            }
            FieldType::Ip => self.address(path, pattern),
            FieldType::Number => self.numeral(path, pattern),
            FieldType::Boolean => match pattern.as_literal().map(|text| folded(text, case)) {
                Some(text) if text == "true" || text == "false" => {
                    let value = Expression::Boolean(text == "true").into();
                    self.equal(path, value)
                }
                _ => self.refused(path, "not-a-boolean", "the field is `true` or `false`"),
            },
            FieldType::Date => self.refused(path, "date", "the field is a point in time, no text"),
        }
    }

    fn equal(&mut self, path: &FieldPath, value: Node) -> Piece {
        let field = self.column(path);
        let condition = Expression::compare(field.clone(), Comparison::Is(Order::Equal), value);
        Piece { condition, nullable: vec![field] }
    }

    /// A pattern on a text. ES|QL reads analysed fields as they were written, too.
    fn text(
        &mut self,
        path: &FieldPath,
        pattern: &Pattern,
        case: Case,
        facts: &FieldFacts,
    ) -> Piece {
        let field = self.column(path);
        if let Some(condition) = length(&field, pattern) {
            return Piece { condition, nullable: vec![field] };
        }
        let any_case = case == Case::Insensitive && !pattern.is_caseless();
        let (value, pattern) = if any_case && facts.spelling.respell(pattern) == Respelt::Unsure {
            let pattern = self.small(path, pattern);
            (Expression::call("TO_LOWER", vec![field.clone()]), pattern)
        } else {
            (field.clone(), self.ledger.exact_case(path, pattern, case, facts))
        };
        let condition = match pattern.as_literal() {
            Some(text) => {
                Expression::compare(value, Comparison::Is(Order::Equal), Expression::text(text))
            }
            None => {
                let patterns = vec![Expression::text(wildcards(&pattern))];
                let value = Box::new(value);
                Expression::Like { value, negated: false, regex: false, patterns }.into()
            }
        };
        Piece { condition, nullable: vec![field] }
    }

    /// A pattern in small letters, as `TO_LOWER` makes them.
    fn small(&mut self, path: &FieldPath, pattern: &Pattern) -> Pattern {
        let folded = pattern.folded();
        let small = |part: &Part| match part {
            Part::Literal(text) => *text == text.to_lowercase(),
            _ => true,
        };
        self.assume_plain_letters(path, &folded.to_string());
        if !folded.parts().iter().all(small) {
            let reason = format!("a letter of `{pattern}` has no small form of its own");
            self.ledger.lose("case", Effect::Narrower, Some(path), reason);
        }
        folded
    }

    /// Notes that values do not spell `s` as the long s, which `TO_LOWER` leaves as it is.
    pub(super) fn assume_plain_letters(&mut self, path: &FieldPath, text: &str) {
        if text.contains(['s', 'S']) {
            let reason = format!("`{path}` spells `s` as anyone does, without long s");
            self.ledger.assume("plain-letters", Some(path), reason);
        }
    }

    /// A pattern on a field of numbers: one number, as the field itself writes it.
    fn numeral(&mut self, path: &FieldPath, pattern: &Pattern) -> Piece {
        let found = pattern.as_literal().and_then(|text| text.parse().ok()).and_then(Number::new);
        match found {
            Some(found) if pattern.as_literal() == Some(found.to_string().as_str()) => {
                self.by_value(path, "numbers");
                self.equal(path, number(found.get()))
            }
            _ => self.refused(path, "not-a-number", "the field is a number, the pattern is none"),
        }
    }

    /// A pattern on a field of addresses: an address, or octets that make a network.
    fn address(&mut self, path: &FieldPath, pattern: &Pattern) -> Piece {
        match pattern.as_literal().map(address::canonical) {
            Some(Some(address)) => {
                // An IPv4 address has one form only.
                if address.contains(':') {
                    self.by_value(path, "addresses");
                }
                self.equal(path, Expression::text(address))
            }
            None if let Some(network) = address::of_octets(pattern) => self.inside(path, network),
            _ => {
                self.refused(path, "not-an-address", "the field is an address, the pattern is none")
            }
        }
    }
}

/// What a pattern of `?` and `*` alone says of the length of a text.
fn length(field: &Node, pattern: &Pattern) -> Option<Node> {
    let ones = pattern.parts().iter().filter(|part| **part == Part::One).count();
    let any = pattern.parts().contains(&Part::Any);
    let wild = pattern.parts().iter().all(|part| !matches!(part, Part::Literal(_)));
    let order = if any { Order::GreaterOrEqual } else { Order::Equal };
    (wild && ones > 0).then(|| {
        let value = Expression::call("LENGTH", vec![field.clone()]);
        Expression::compare(
            value,
            Comparison::Is(order),
            Expression::Number(ones.to_string()).into(),
        )
    })
}

/// A pattern as `LIKE` reads it.
fn wildcards(pattern: &Pattern) -> String {
    let mut out = String::new();
    for part in pattern.parts() {
        match part {
            Part::Any => out.push('*'),
            Part::One => out.push('?'),
            Part::Literal(text) => {
                for c in text.chars() {
                    if matches!(c, '*' | '?' | '\\') {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
        }
    }
    out
}

fn folded(text: &str, case: Case) -> String {
    match case {
        Case::Sensitive => text.to_owned(),
        Case::Insensitive => text.to_ascii_lowercase(),
    }
}
