//! Where an engine is known to be wrong, each flaw as a reading of the query that has it: a
//! disagreement is explained if the engine says what that reading says, and by nothing else.

use crosswalk::query::{Case, Expr, Number, Op, Part, Pattern, Regex};
use serde_json::Value;

use super::questions::Question;

/// A way in which an engine reads queries otherwise than its platform does.
pub(super) struct Flaw {
    engine: &'static str,
    /// The flaw, with its source.
    why: &'static str,
    /// The expression as the engine reads it.
    reading: fn(&Expr) -> Expr,
}

/// Every known flaw.
const FLAWS: &[Flaw] = &[
    Flaw {
        engine: "eql",
        why: "every comparison ignores case (Elastic's EQL syntax reference: those without `~` and `:` do not)",
        reading: without_case,
    },
    Flaw {
        engine: "eql",
        why: "`?` is no wildcard (Elastic's EQL syntax reference: `?` matches one character)",
        reading: without_single,
    },
    Flaw {
        engine: "eql",
        why: "`regex` looks for the start of a value (Elastic's EQL syntax reference: the whole value)",
        reading: without_end,
    },
    Flaw {
        engine: "kibana",
        why: "bare digits become a number, which is written anew (in Kibana's grammar of today they stay text)",
        reading: with_numbers,
    },
];

/// A kind of query that an engine cannot take.
pub(super) struct Refused {
    pub(super) engine: &'static str,
    /// What its error holds.
    pub(super) says: &'static str,
    pub(super) why: &'static str,
}

/// Every known kind.
pub(super) const REFUSALS: &[Refused] = &[
    Refused {
        engine: "kibana",
        says: "but \"\\\" found",
        why: "the library is of 2019, before nested queries: braces and `\\u` cannot be escaped",
    },
    Refused {
        engine: "kibana",
        says: "Maximum call stack size exceeded",
        why: "its parser calls itself for every value of a list, and a list has thousands",
    },
    Refused {
        engine: "lucene",
        says: "TooComplexToDeterminizeException",
        why: "an expression of more states than Lucene makes at most, as Elasticsearch asks it to",
    },
    Refused {
        engine: "sqlite",
        says: "SigmaCaseSensitiveModifier incompatible to value type of 'SigmaFieldReference",
        why: "pySigma takes `cased` for texts only, not for other fields",
    },
    Refused {
        engine: "sqlite",
        says: "the query contains a null character",
        why: "Python's `sqlite3` takes no query with a NUL in it",
    },
];

impl Flaw {
    /// The flaw that explains why an engine says `verdict`.
    pub(super) fn explaining(
        engine: &str,
        question: &Question,
        event: &Value,
        verdict: bool,
    ) -> Option<&'static str> {
        let own = || FLAWS.iter().filter(|flaw| flaw.engine == engine);
        let alone = own().find(|flaw| (flaw.reading)(&question.expr).eval(event) == verdict);
        let together = || {
            let all = own().fold(question.expr.clone(), |expr, flaw| (flaw.reading)(&expr));
            (all.eval(event) == verdict).then_some("several of these flaws together")
        };
        alone.map(|flaw| flaw.why).or_else(together)
    }
}

fn changed(expr: &Expr, change: &dyn Fn(Op) -> Op) -> Expr {
    expr.clone().map_tests(&|mut test| {
        test.op = change(test.op);
        Expr::Test(test)
    })
}

/// With `?` as the sign that it is.
fn without_single(expr: &Expr) -> Expr {
    let plain = |part: Part| match part {
        Part::One => Part::Literal("?".to_owned()),
        other => other,
    };
    changed(expr, &|op| match op {
        Op::Matches { pattern, case } => {
            Op::Matches { pattern: pattern.into_parts().into_iter().map(plain).collect(), case }
        }
        other => other,
    })
}

/// With expressions that may end before the value does.
fn without_end(expr: &Expr) -> Expr {
    changed(expr, &|op| match &op {
        Op::Regex(regex) => {
            let open = regex.source().trim_end_matches('$');
            Regex::new(open, regex.flags()).map_or(op, Op::Regex)
        }
        _ => op,
    })
}

/// With digits as a number writes itself: `0100` as 100, `1.0` as 1.
fn with_numbers(expr: &Expr) -> Expr {
    changed(expr, &|op| match &op {
        Op::Matches { pattern, case } => {
            let number = pattern.as_literal().and_then(|text| text.parse().ok());
            match number.and_then(Number::new) {
                Some(number) => {
                    Op::Matches { pattern: Pattern::literal(number.to_string()), case: *case }
                }
                None => op,
            }
        }
        _ => op,
    })
}

fn without_case(expr: &Expr) -> Expr {
    changed(expr, &|op| match op {
        Op::Regex(regex) => {
            let flags = format!("{}i", regex.flags().replace('i', ""));
            Op::Regex(Regex::new(regex.source(), &flags).unwrap_or(regex))
        }
        Op::Matches { pattern, .. } => Op::Matches { pattern, case: Case::Insensitive },
        Op::Field { other, affix, .. } => Op::Field { other, affix, case: Case::Insensitive },
        other => other,
    })
}
