//! From one test to one condition, by the type of its field.

use super::super::address;
use super::super::expression::{Comparison, Expression, Node};
use super::super::lower::PARTS;
use super::boolean::Piece;
use super::{Raiser, number};
use crate::language::kql;
use crate::query::{
    Affix, Case, Cidr, Effect, Expr, FieldFacts, FieldPath, FieldType, Number, Op, Order, Part,
    Pattern, Respelt, Test, TimePart,
};

impl Raiser<'_> {
    /// The condition of a test. After a refusal it does not matter.
    pub(super) fn piece(&mut self, test: &Test) -> Piece {
        let Some(path) = test.path() else {
            let reason =
                "ES|QL looks for a value without a field in the index's default fields only";
            self.ledger.refuse("free-text", None, reason);
            return constant(false);
        };
        let facts = self.schema.facts(path);
        if facts.kind == FieldType::Flattened {
            return self.through_kql(path, test);
        }
        let field = self.column(path);
        let piece = match &test.op {
            Op::Exists => return exists(field),
            Op::Matches { pattern, .. } if pattern.is_any() => return exists(field),
            Op::Null => return self.null(path, &facts),
            Op::Words(words) => return self.words(path, words, &facts),
            Op::Matches { pattern, case } => self.matches(path, pattern, *case, &facts),
            Op::Regex(_) if !is_text(facts.kind) => {
                self.refused(path, "regex", "the field is no text")
            }
            Op::Regex(regex) => self.regex(path, regex),
            Op::Compare { order, number } => self.compare(path, *order, *number, &facts),
            Op::Cidr(network) => self.network(path, *network, &facts),
            Op::Field { other, affix, case } => self.fields(path, *affix, other, *case),
            Op::Time { part, order, number } => self.time(path, *part, *order, *number, &facts),
        };
        self.assume_single(path);
        piece
    }

    /// Notes that a field is taken to have one value at most.
    pub(super) fn assume_single(&mut self, path: &FieldPath) {
        if !self.schema.facts(path).single {
            let reason = format!("`{path}` has one value at most: ES|QL compares no lists");
            self.ledger.assume("single-valued", Some(path), reason);
        }
    }

    pub(super) fn refused(&mut self, path: &FieldPath, code: &'static str, reason: &str) -> Piece {
        self.ledger.refuse(code, Some(path), format!("`{path}`: {reason}"));
        constant(false)
    }

    /// ES|QL cannot read flattened fields, but the searches that Lucene does can.
    fn through_kql(&mut self, path: &FieldPath, test: &Test) -> Piece {
        match kql::raise(&Expr::Test(test.clone()), self.schema) {
            Ok(raised) => {
                for loss in raised.losses {
                    self.ledger.lose(loss.code, loss.effect, Some(path), loss.reason);
                }
                for assumption in raised.assumptions {
                    self.ledger.assume(assumption.code, Some(path), assumption.reason);
                }
                let text = Expression::text(kql::print(&raised.value));
                Piece { condition: Expression::call("KQL", vec![text]), nullable: Vec::new() }
            }
            Err(refusals) => {
                for refusal in refusals {
                    self.ledger.refuse(refusal.code, refusal.field.as_ref(), refusal.reason);
                }
                constant(false)
            }
        }
    }

    /// Elasticsearch does not index `null`, so no query finds it.
    fn null(&mut self, path: &FieldPath, facts: &FieldFacts) -> Piece {
        if !facts.never_null {
            let reason = "Elasticsearch cannot tell `null` from an absent field";
            return self.refused(path, "null", reason);
        }
        let reason = format!("`{path}` is never `null`: empty values are dropped");
        self.ledger.assume("empty-dropped", Some(path), reason);
        constant(false)
    }

    fn words(&mut self, path: &FieldPath, words: &[String], facts: &FieldFacts) -> Piece {
        if facts.kind != FieldType::Text {
            return self.refused(path, "words", "words can only be told on analysed text");
        }
        let field = self.column(path);
        let condition = match words {
            [word] => {
                let query = Box::new(Expression::text(word));
                Expression::Match { field: Box::new(field), query }.into()
            }
            words => {
                Expression::call("MATCH_PHRASE", vec![field, Expression::text(words.join(" "))])
            }
        };
        Piece { condition, nullable: Vec::new() }
    }

    fn matches(
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
        if !folded.parts().iter().all(small) {
            let reason = format!("a letter of `{pattern}` has no small form of its own");
            self.ledger.lose("case", Effect::Narrower, Some(path), reason);
        }
        folded
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

    fn by_value(&mut self, path: &FieldPath, what: &str) {
        let reason = format!(
            "the {what} in `{path}` are always written in one way, so equal text is equal value"
        );
        self.ledger.assume("canonical-form", Some(path), reason);
    }

    fn compare(
        &mut self,
        path: &FieldPath,
        order: Order,
        wanted: Number,
        facts: &FieldFacts,
    ) -> Piece {
        let field = self.column(path);
        let value = match facts.kind {
            FieldType::Number => field,
            kind if is_text(kind) => Expression::call("TO_DOUBLE", vec![field]),
            _ => {
                let reason = "the field holds something else than numbers";
                return self.refused(path, "numeric-comparison", reason);
            }
        };
        let comparison = Comparison::Is(order);
        let condition = Expression::compare(value.clone(), comparison, number(wanted.get()));
        Piece { condition, nullable: vec![value] }
    }

    fn network(&mut self, path: &FieldPath, network: Cidr, facts: &FieldFacts) -> Piece {
        match facts.kind {
            FieldType::Ip => self.inside(path, network),
            kind if is_text(kind) => {
                let value = Expression::call("TO_IP", vec![self.column(path)]);
                cidr_match(value, network)
            }
            _ => {
                self.refused(path, "cidr-on-text", "the field holds something else than addresses")
            }
        }
    }

    fn inside(&mut self, path: &FieldPath, network: Cidr) -> Piece {
        cidr_match(self.column(path), network)
    }

    fn fields(&mut self, path: &FieldPath, affix: Affix, other: &FieldPath, case: Case) -> Piece {
        let kinds = [path, other].map(|path| self.schema.facts(path).kind);
        let alike =
            affix == Affix::Whole && kinds[0] == kinds[1] && kinds[0] != FieldType::Flattened;
        if !alike && !kinds.into_iter().all(is_text) {
            let reason = format!("it and `{other}` are of types that cannot be compared");
            return self.refused(path, "field-comparison", &reason);
        }
        self.assume_single(other);
        let nullable = vec![self.column(path), self.column(other)];
        let folds = case == Case::Insensitive && kinds.into_iter().all(is_text);
        let sides = nullable
            .iter()
            .cloned()
            .map(|side| if folds { Expression::call("TO_LOWER", vec![side]) } else { side });
        let sides: Vec<Node> = sides.collect();
        let condition = match affix {
            Affix::Start => Expression::call("STARTS_WITH", sides),
            Affix::End => Expression::call("ENDS_WITH", sides),
            Affix::Within => Expression::call("CONTAINS", sides),
            Affix::Whole => {
                let right =
                    Box::new(sides.get(1).cloned().unwrap_or_else(|| Expression::Null.into()));
                let left =
                    Box::new(sides.into_iter().next().unwrap_or_else(|| Expression::Null.into()));
                let comparison = Comparison::Is(Order::Equal);
                Expression::Compare { left, comparison, right }.into()
            }
        };
        Piece { condition, nullable }
    }

    fn time(
        &mut self,
        path: &FieldPath,
        part: TimePart,
        order: Order,
        wanted: Number,
        facts: &FieldFacts,
    ) -> Piece {
        let named = PARTS.iter().find(|(_, own)| *own == part);
        let (Some((name, _)), FieldType::Date) = (named, facts.kind) else {
            return self.refused(path, "time-part", "ES|QL has no such part of this field");
        };
        let reason = format!("the times in `{path}` are written in UTC");
        self.ledger.assume("utc-times", Some(path), reason);
        let field = self.column(path);
        let value = Expression::call("DATE_EXTRACT", vec![Expression::text(*name), field.clone()]);
        let condition = Expression::compare(value, Comparison::Is(order), number(wanted.get()));
        Piece { condition, nullable: vec![field] }
    }
}

fn constant(value: bool) -> Piece {
    Piece { condition: Expression::Boolean(value).into(), nullable: Vec::new() }
}

/// `field IS NOT NULL` is never null itself.
fn exists(field: Node) -> Piece {
    let condition = Expression::IsNull { value: Box::new(field), negated: true }.into();
    Piece { condition, nullable: Vec::new() }
}

fn cidr_match(value: Node, network: Cidr) -> Piece {
    let text = Expression::text(network.to_string());
    let condition = Expression::call("CIDR_MATCH", vec![value.clone(), text]);
    Piece { condition, nullable: vec![value] }
}

fn is_text(kind: FieldType) -> bool {
    matches!(kind, FieldType::Keyword | FieldType::Text)
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
