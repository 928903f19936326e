//! Regular expressions, which ES|QL hands to Lucene.

use super::super::expression::{Expression, Node};
use super::Raiser;
use super::boolean::Piece;
use crate::language::kit::lucene_regex;
use crate::query::{FieldPath, Regex};

impl Raiser<'_> {
    /// `field RLIKE "expression"`. There is no switch for any letter case, so small letters are
    /// held against `TO_LOWER(field)` then.
    pub(super) fn regex(&mut self, path: &FieldPath, regex: &Regex) -> Piece {
        let field = self.column(path);
        let lucene = match lucene_regex::to_lucene(regex) {
            Ok(lucene) => lucene,
            Err(refusal) => return self.refused(path, "regex", &refusal.to_string()),
        };
        if lucene.ascii_classes {
            let reason = format!(
                "`{path}` holds no letters, digits or blanks beyond ASCII where the expression asks for a class of them"
            );
            self.ledger.assume("ascii-classes", Some(path), reason);
        }
        if lucene.plain_letters {
            let reason = format!("`{path}` spells `k` and `s` as anyone does");
            self.ledger.assume("plain-letters", Some(path), reason);
        }
        let (value, source) = if lucene.insensitive {
            let source = small(&lucene.source);
            if lucene_regex::from_lucene(&source, false).is_err() {
                let reason = "an expression in any case that cannot be written in small letters";
                return self.refused(path, "regex", reason);
            }
            self.assume_plain_letters(path, &source);
            (Expression::call("TO_LOWER", vec![field.clone()]), source)
        } else {
            (field.clone(), lucene.source)
        };
        let patterns = vec![Expression::text(source)];
        let value: Box<Node> = Box::new(value);
        let condition = Expression::Like { value, negated: false, regex: true, patterns }.into();
        Piece { condition, nullable: vec![field] }
    }
}

/// An expression in small letters; letters behind a backslash are names of classes.
fn small(source: &str) -> String {
    let mut out = String::new();
    let mut escaped = false;
    for c in source.chars() {
        if escaped {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        escaped = !escaped && c == '\\';
    }
    out
}
