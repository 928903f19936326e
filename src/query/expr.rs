//! Boolean combinations of tests.

use serde::Serialize;

use super::{FieldPath, Subject, Test};

/// A two-valued predicate over events. Build it with [`Expr::all`], [`Expr::any_of`] and
/// [`Expr::negated`], which keep it small: no empty or single-member junctions, no junction
/// directly inside one of its kind, no double negation, no constant inside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// Every event.
    True,
    /// No event.
    False,
    /// One test.
    Test(Test),
    /// The complement.
    Not(Box<Expr>),
    /// All of them.
    And(Vec<Expr>),
    /// At least one of them.
    Or(Vec<Expr>),
}

impl Expr {
    /// The conjunction; of nothing, [`Expr::True`].
    pub fn all(members: impl IntoIterator<Item = Expr>) -> Self {
        let members = members.into_iter();
        let mut flat = Vec::with_capacity(members.size_hint().0);
        for member in members {
            match member {
                Expr::True => {}
                Expr::False => return Expr::False,
                Expr::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        one_or(flat, Expr::True, Expr::And)
    }

    /// The disjunction; of nothing, [`Expr::False`].
    pub fn any_of(members: impl IntoIterator<Item = Expr>) -> Self {
        let members = members.into_iter();
        let mut flat = Vec::with_capacity(members.size_hint().0);
        for member in members {
            match member {
                Expr::False => {}
                Expr::True => return Expr::True,
                Expr::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        one_or(flat, Expr::False, Expr::Or)
    }

    /// The complement.
    pub fn negated(self) -> Self {
        match self {
            Expr::True => Expr::False,
            Expr::False => Expr::True,
            Expr::Not(inner) => *inner,
            other => Expr::Not(Box::new(other)),
        }
    }

    /// Every test, in order of appearance, repeated if it stands twice.
    pub fn tests(&self) -> Vec<&Test> {
        let mut tests = Vec::new();
        self.visit(&mut |test| tests.push(test));
        tests
    }

    /// Every field that is looked at, in order of first appearance.
    pub fn fields(&self) -> Vec<&FieldPath> {
        let mut fields = Vec::new();
        self.visit(&mut |test| {
            if let Subject::Field(path) = &test.subject
                && !fields.contains(&path)
            {
                fields.push(path);
            }
            if let super::Op::Field { other, .. } = &test.op
                && !fields.contains(&other)
            {
                fields.push(other);
            }
        });
        fields
    }

    /// The same expression over fields of other names.
    pub fn renamed(self, name: &dyn Fn(&FieldPath) -> FieldPath) -> Self {
        self.map_tests(&|test| Expr::Test(test.renamed(name)))
    }

    /// The expression with every test replaced.
    pub fn map_tests(self, f: &dyn Fn(Test) -> Expr) -> Self {
        let all = |members: Vec<Expr>| members.into_iter().map(|member| member.map_tests(f));
        match self {
            Expr::True | Expr::False => self,
            Expr::Test(test) => f(test),
            Expr::Not(inner) => inner.map_tests(f).negated(),
            Expr::And(members) => Expr::all(all(members)),
            Expr::Or(members) => Expr::any_of(all(members)),
        }
    }

    fn visit<'a>(&'a self, f: &mut impl FnMut(&'a Test)) {
        match self {
            Expr::True | Expr::False => {}
            Expr::Test(test) => f(test),
            Expr::Not(inner) => inner.visit(f),
            Expr::And(members) | Expr::Or(members) => members.iter().for_each(|m| m.visit(f)),
        }
    }
}

impl From<Test> for Expr {
    fn from(test: Test) -> Self {
        Expr::Test(test)
    }
}

fn one_or(mut members: Vec<Expr>, empty: Expr, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match members.len() {
        0 => empty,
        1 => members.swap_remove(0),
        _ => join(members),
    }
}
