//! From one test to one condition, by the type of its field.

use super::super::expression::{Expression, Node};
use super::Raiser;
use super::boolean::Piece;
use super::search::Searched;
use crate::query::{Expr, FieldFacts, FieldPath, FieldType, Op, Test};

impl Raiser<'_> {
    /// The condition of a test. After a refusal it does not matter.
    pub(super) fn piece(&mut self, test: &Test) -> Piece {
        let expr = Expr::Test(test.clone());
        if let Some(kind) = Searched::of(&expr, self.schema) {
            return self.searched(kind, &expr);
        }
        // Only a test without a field is one of any field.
        let Some(path) = test.path() else { return constant(false) };
        let mut facts = self.schema.facts(path);
        // A literal of ES|QL has a type, and so have its fields.
        if let Some(kind) = facts.taken_for.filter(|_| facts.kind == FieldType::Keyword)
            && matches!(test.op, Op::Matches { .. } | Op::Compare { .. })
        {
            facts.kind = kind;
            self.ledger.assume_type(path, kind);
        }
        if facts.kind == FieldType::Flattened {
            return self.through_kql(path, test);
        }
        let field = self.column(path);
        let piece = match &test.op {
            Op::Exists => return exists(field),
            Op::Matches { pattern, .. } if pattern.is_any() => {
                self.ledger.assume_no_object(path, &facts);
                return exists(field);
            }
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

    /// Notes that a field is taken to have one value at most, which no table says or denies.
    pub(super) fn assume_single(&mut self, path: &FieldPath) {
        let facts = self.schema.facts(path);
        if !facts.single && !facts.many {
            let reason = format!("`{path}` has one value at most: ES|QL compares no lists");
            self.ledger.assume("single-valued", Some(path), reason);
        }
    }

    pub(super) fn refused(&mut self, path: &FieldPath, code: &'static str, reason: &str) -> Piece {
        self.ledger.refuse(code, Some(path), format!("`{path}`: {reason}"));
        constant(false)
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
}

fn constant(value: bool) -> Piece {
    Piece { condition: Expression::Boolean(value).into(), nullable: Vec::new() }
}

/// `field IS NOT NULL` is never null itself.
fn exists(field: Node) -> Piece {
    let condition = Expression::IsNull { value: Box::new(field), negated: true }.into();
    Piece { condition, nullable: Vec::new() }
}

pub(super) fn is_text(kind: FieldType) -> bool {
    matches!(kind, FieldType::Keyword | FieldType::Text)
}
