//! `AND`, `OR` and `NOT` over conditions that may be null.
//!
//! Every condition made here is true exactly where its expression is; elsewhere it is false or
//! null, which is the same to `AND`, `OR` and `WHERE`. Only `NOT` would see the difference, so it
//! goes down to the tests, where it is known which value may be null.

use std::collections::BTreeSet;

use super::super::expression::{Expression, Node};
use super::search::{Searched, gathered};
use super::{Raiser, merge};
use crate::query::{Expr, FieldPath, Op, Test};

/// Fields that an event is known to have where a condition matters.
type Present = BTreeSet<FieldPath>;

/// What a test says, and the values for which it is null if one of them is.
pub(super) struct Piece {
    pub(super) condition: Node,
    pub(super) nullable: Vec<Node>,
}

impl Raiser<'_> {
    /// The condition that is true where the expression is.
    pub(super) fn condition(&mut self, expr: &Expr) -> Node {
        self.holds(expr, &Present::new())
    }

    fn holds(&mut self, expr: &Expr, present: &Present) -> Node {
        if let Some(kind) = Searched::of(expr, self.schema).filter(|_| !is_negation(expr)) {
            return self.searched(kind, expr).condition;
        }
        match expr {
            Expr::Not(inner) => self.fails(inner, present),
            Expr::True => Expression::Boolean(true).into(),
            Expr::False => Expression::Boolean(false).into(),
            Expr::Test(test) => self.piece(test).condition,
            Expr::And(members) => self.conjunction(members, present),
            Expr::Or(members) => self.disjunction(members, present),
        }
    }

    /// The condition that is true where the expression is not.
    fn fails(&mut self, expr: &Expr, present: &Present) -> Node {
        let negated =
            |members: &[Expr]| members.iter().cloned().map(Expr::negated).collect::<Vec<_>>();
        if let Some(kind) = Searched::of(expr, self.schema).filter(|_| !is_negation(expr)) {
            return merge::negated(
                self.ledger_negated(|raiser| raiser.searched(kind, expr)).condition,
            );
        }
        match expr {
            Expr::True => Expression::Boolean(false).into(),
            Expr::False => Expression::Boolean(true).into(),
            Expr::Not(inner) => self.holds(inner, present),
            Expr::Test(test) => {
                let piece = self.ledger_negated(|raiser| raiser.piece(test));
                denied(vec![piece.condition], piece.nullable, present)
            }
            Expr::And(members) => self.disjunction(&negated(members), present),
            Expr::Or(members) => self.conjunction(&negated(members), present),
        }
    }

    fn disjunction(&mut self, members: &[Expr], present: &Present) -> Node {
        let members = &gathered(members, Expr::any_of, self.schema);
        // A field that is `null` is absent to Elasticsearch, so `null` or absent is `IS NULL`.
        let absent: Vec<&FieldPath> = members.iter().filter_map(absent_field).collect();
        let mut nodes = Vec::new();
        for member in members {
            match member {
                Expr::Test(Test { subject: crate::query::Subject::Field(path), op: Op::Null })
                    if absent.contains(&path) =>
                {
                    self.assume_single(path);
                }
                member => nodes.push(self.holds(member, present)),
            }
        }
        merge::any(nodes).unwrap_or_else(|| Expression::Boolean(false).into())
    }

    fn conjunction(&mut self, members: &[Expr], present: &Present) -> Node {
        let members = &gathered(members, Expr::all, self.schema);
        let mut present = present.clone();
        present.extend(members.iter().filter_map(asked_field).cloned());
        let mut denials: Vec<(Vec<Node>, Vec<Node>)> = Vec::new();
        let mut nodes: Vec<(Option<&FieldPath>, Node)> = Vec::new();
        let mut implied: BTreeSet<&FieldPath> = BTreeSet::new();
        for member in members {
            match member {
                Expr::Not(inner) => match &**inner {
                    Expr::Test(test) if test.op != Op::Exists => {
                        let Piece { condition, nullable } =
                            self.ledger_negated(|raiser| raiser.piece(test));
                        implied.extend(test.path().filter(|path| is_column(&nullable, path)));
                        match denials.iter_mut().find(|(own, _)| *own == nullable) {
                            Some((_, conditions)) => conditions.push(condition),
                            None => denials.push((nullable, vec![condition])),
                        }
                    }
                    inner => nodes.push((None, self.fails(inner, &present))),
                },
                Expr::Test(test) => {
                    let exists = (test.op == Op::Exists).then(|| test.path()).flatten();
                    if exists.is_none() {
                        implied.extend(test.path());
                    }
                    nodes.push((exists, self.piece(test).condition));
                }
                member => nodes.push((None, self.holds(member, &present))),
            }
        }
        let denials = denials.into_iter().map(|(nullable, all)| denied(all, nullable, &present));
        // Any other condition on a field is null where the field is absent.
        let asked =
            nodes.into_iter().filter(|(exists, _)| exists.is_none_or(|f| !implied.contains(f)));
        let asked: Vec<Node> = asked.map(|(_, node)| node).collect();
        merge::all(asked.into_iter().chain(denials).collect())
            .unwrap_or_else(|| Expression::Boolean(true).into())
    }

    fn ledger_negated(&mut self, piece: impl FnOnce(&mut Raiser<'_>) -> Piece) -> Piece {
        let mut ledger = std::mem::take(&mut self.ledger);
        let piece = ledger.negated(|ledger| {
            let mut raiser = Raiser { schema: self.schema, ledger: std::mem::take(ledger) };
            let piece = piece(&mut raiser);
            *ledger = raiser.ledger;
            piece
        });
        self.ledger = ledger;
        piece
    }
}

fn is_negation(expr: &Expr) -> bool {
    matches!(expr, Expr::Not(_))
}

/// Whether a condition is null where a field is absent, and nowhere else: then its denial asks for
/// the field once it is known to be present.
fn is_column(nullable: &[Node], path: &FieldPath) -> bool {
    match nullable {
        [Node { value: Expression::Name(name), .. }] => name.as_str() == path.as_str(),
        _ => false,
    }
}

/// The condition that none of some conditions is true, where all of them are null if one of
/// `nullable` is.
fn denied(conditions: Vec<Node>, nullable: Vec<Node>, present: &Present) -> Node {
    let Some(condition) = merge::any(conditions) else { return Expression::Boolean(true).into() };
    let is_present = |node: &Node| match &node.value {
        Expression::Name(name) => present.contains(&FieldPath::new(name.as_str())),
        _ => false,
    };
    let nulls = nullable
        .into_iter()
        .filter(|node| !is_present(node))
        .map(|value| Expression::IsNull { value: Box::new(value), negated: false }.into());
    let members = nulls.chain([merge::negated(condition)]).collect();
    merge::any(members).unwrap_or_else(|| Expression::Boolean(true).into())
}

/// The field that an expression says is absent.
fn absent_field(expr: &Expr) -> Option<&FieldPath> {
    match expr {
        Expr::Not(inner) => match &**inner {
            Expr::Test(test) if test.op == Op::Exists => test.path(),
            _ => None,
        },
        _ => None,
    }
}

/// The field that an expression cannot hold without.
fn asked_field(expr: &Expr) -> Option<&FieldPath> {
    match expr {
        Expr::Test(test) if test.op != Op::Null => test.path(),
        _ => None,
    }
}
