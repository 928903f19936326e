//! Trees as text, in the style of Datadog's own rules: one line, terms side by side for AND, `-`
//! for exclusion, as few parentheses as can be.

use super::{Clause, Field, Limit, Query, Scope, Tree, Value, ValueKind, lexis};

/// Writes a query. Reading it back gives the same tree.
pub fn print(query: &Query) -> String {
    let mut out = String::new();
    write_tree(&mut out, query, Within::Or, &CLAUSES);
    out
}

/// Writes the name of a field as queries have it.
pub fn print_field(field: &Field) -> String {
    let mut out = String::new();
    write_field(&mut out, field);
    out
}

/// What stands around a node; AND binds tighter than OR, `-` tighter than both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Or,
    And,
    Not,
}

/// How leaves are written and joined.
struct Style<L> {
    leaf: fn(&mut String, &L),
    and: fn(&Tree<L>, &Tree<L>) -> &'static str,
}

const CLAUSES: Style<Clause> = Style { leaf: write_clause, and: between_clauses };

/// In a group AND is spelled out, as in Datadog's own rules: the open parser joins bare words that
/// stand side by side to one value (`@f:(a b)` is `@f:"a b"`).
const VALUES: Style<Value> = Style { leaf: write_value, and: |_, _| " AND " };

/// A blank; spelled out between two words of free text, which the open parser joins to a phrase
/// while the docs look for each of them.
fn between_clauses(left: &Query, right: &Query) -> &'static str {
    let is_word = |query: &Query| matches!(query, Tree::Leaf(Clause::FreeText { .. }));
    if is_word(left) && is_word(right) { " AND " } else { " " }
}

fn write_tree<L>(out: &mut String, tree: &Tree<L>, within: Within, style: &Style<L>) {
    match tree {
        Tree::Leaf(leaf) => (style.leaf)(out, leaf),
        Tree::Not(inner) => {
            out.push('-');
            write_tree(out, inner, Within::Not, style);
        }
        Tree::And(members) => parenthesised(out, within == Within::Not, |out| {
            for (index, member) in members.iter().enumerate() {
                if let Some(before) = index.checked_sub(1).and_then(|index| members.get(index)) {
                    out.push_str((style.and)(before, member));
                }
                write_tree(out, member, Within::And, style);
            }
        }),
        Tree::Or(members) => parenthesised(out, within != Within::Or, |out| {
            for (index, member) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(" OR ");
                }
                write_tree(out, member, Within::Or, style);
            }
        }),
    }
}

fn parenthesised(out: &mut String, needed: bool, write: impl FnOnce(&mut String)) {
    if needed {
        out.push('(');
    }
    write(out);
    if needed {
        out.push(')');
    }
}

fn write_clause(out: &mut String, clause: &Clause) {
    match clause {
        Clause::All => out.push('*'),
        Clause::FreeText { scope, text, .. } => {
            if *scope == Scope::Everywhere {
                out.push_str("*:");
            }
            lexis::write_text(out, text);
        }
        Clause::Match { field, values, .. } => {
            write_field(out, field);
            out.push(':');
            let single = matches!(values, Tree::Leaf(_));
            parenthesised(out, !single, |out| write_tree(out, values, Within::Or, &VALUES));
        }
        Clause::Cidr { field, nets, .. } => {
            out.push_str("CIDR(");
            write_field(out, field);
            for net in nets {
                out.push(',');
                out.push_str(&net.to_string());
            }
            out.push(')');
        }
    }
}

fn write_field(out: &mut String, field: &Field) {
    let name = match field {
        Field::Attribute(name) => {
            out.push('@');
            name
        }
        Field::Calculated(name) => {
            out.push('#');
            name
        }
        Field::Bare(name) => name,
    };
    lexis::write_name(out, name);
}

fn write_value(out: &mut String, value: &Value) {
    match &value.kind {
        ValueKind::Text(text) => lexis::write_text(out, text),
        ValueKind::Compare { sign, limit } => {
            out.push_str(sign.order().sign());
            write_limit(out, Some(limit));
        }
        ValueKind::Range { lower, upper, inclusive } => {
            out.push(if *inclusive { '[' } else { '{' });
            write_limit(out, lower.as_ref());
            out.push_str(" TO ");
            write_limit(out, upper.as_ref());
            out.push(if *inclusive { ']' } else { '}' });
        }
    }
}

fn write_limit(out: &mut String, limit: Option<&Limit>) {
    match limit {
        None => out.push('*'),
        Some(Limit::Number(number)) => out.push_str(&number.to_string()),
        Some(Limit::Text(text)) => out.push_str(text),
    }
}
