//! Numbers, addresses, points in time, and fields against fields.

use super::super::expression::{Comparison, Expression, Node};
use super::super::lower::PARTS;
use super::boolean::Piece;
use super::test::is_text;
use super::{Raiser, number};
use crate::query::{Affix, Case, Cidr, FieldFacts, FieldPath, FieldType, Number, Order, TimePart};

impl Raiser<'_> {
    pub(super) fn by_value(&mut self, path: &FieldPath, what: &str) {
        let reason = format!(
            "the {what} in `{path}` are always written in one way, so equal text is equal value"
        );
        self.ledger.assume("canonical-form", Some(path), reason);
    }

    pub(super) fn compare(
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

    pub(super) fn network(&mut self, path: &FieldPath, network: Cidr, facts: &FieldFacts) -> Piece {
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

    pub(super) fn inside(&mut self, path: &FieldPath, network: Cidr) -> Piece {
        cidr_match(self.column(path), network)
    }

    pub(super) fn fields(
        &mut self,
        path: &FieldPath,
        affix: Affix,
        other: &FieldPath,
        case: Case,
    ) -> Piece {
        if self.schema.facts(other).many {
            let reason = format!("`{other}` holds several values, and ES|QL compares no lists");
            return self.refused(path, "field-comparison", &reason);
        }
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

    pub(super) fn time(
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

fn cidr_match(value: Node, network: Cidr) -> Piece {
    let text = Expression::text(network.to_string());
    let condition = Expression::call("CIDR_MATCH", vec![value.clone(), text]);
    Piece { condition, nullable: vec![value] }
}
