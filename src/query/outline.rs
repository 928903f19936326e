//! Expressions for people: one test a line, structure by indentation.

use std::fmt::Write;

use super::Expr;

impl Expr {
    /// The expression as an outline, two spaces a level, in no language's syntax.
    pub fn outline(&self) -> String {
        let mut out = String::new();
        self.write_outline(0, &mut out);
        out
    }

    fn write_outline(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let mut junction = |word: &str, members: &[Expr]| {
            let _ = writeln!(out, "{indent}{word}");
            members.iter().for_each(|member| member.write_outline(depth + 1, out));
        };
        match self {
            Expr::And(members) => junction("all of", members),
            Expr::Or(members) => junction("any of", members),
            Expr::Not(inner) => match &**inner {
                Expr::Test(test) => {
                    let _ = writeln!(out, "{indent}not: {test}");
                }
                other => junction("not", std::slice::from_ref(other)),
            },
            Expr::Test(test) => {
                let _ = writeln!(out, "{indent}{test}");
            }
            Expr::True => {
                let _ = writeln!(out, "{indent}every event");
            }
            Expr::False => {
                let _ = writeln!(out, "{indent}no event");
            }
        }
    }
}
