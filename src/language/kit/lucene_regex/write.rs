//! From tree to text, in either dialect.

use super::tree::Node;

/// What a dialect writes differently.
struct Dialect {
    char: fn(char, &mut String),
    in_class: fn(char, &mut String),
    open: &'static str,
    empty: &'static str,
}

const LUCENE: Dialect =
    Dialect { char: lucene_char, in_class: lucene_in_class, open: "(", empty: "()" };

const PERL: Dialect = Dialect { char: perl_char, in_class: perl_in_class, open: "(?:", empty: "" };

/// The expression that matches whole texts, for Lucene.
pub(super) fn lucene(node: &Node) -> String {
    let mut out = String::new();
    LUCENE.write(node, Context::Alternative, &mut out);
    out
}

/// The expression to be searched for, and its flags.
pub(super) fn perl(node: &Node) -> (String, String) {
    let mut members = match node {
        Node::Concat(members) => members.clone(),
        other => vec![other.clone()],
    };
    // `^.*a` finds what `a` finds.
    let open = |member: Option<&Node>| member.is_some_and(Node::is_any_run);
    let (start, end) = (open(members.first()), open(members.last()));
    if start {
        members.remove(0);
    }
    if end && !members.is_empty() {
        members.pop();
    }
    let inner = Node::concat(members);
    let folded = inner.is_folded();
    let inner = if folded { inner } else { inner.spelt_out() };
    let mut out = String::from(if start { "" } else { "^" });
    let context = if start && end { Context::Alternative } else { Context::Sequence };
    PERL.write(&inner, context, &mut out);
    out.push_str(if end { "" } else { "$" });
    let mut flags = String::new();
    if folded {
        flags.push('i');
    }
    let mut dot = false;
    inner.visit(&mut |node| dot |= *node == Node::Any);
    if dot {
        flags.push('s');
    }
    (out, flags)
}

#[derive(Clone, Copy, PartialEq)]
enum Context {
    Alternative,
    Sequence,
    Atom,
}

impl Dialect {
    fn write(&self, node: &Node, context: Context, out: &mut String) {
        let enclosed = match node {
            Node::Alt(_) => context != Context::Alternative,
            Node::Concat(members) if members.is_empty() => {
                return self.write_empty(context, out);
            }
            Node::Concat(_) | Node::Repeat { .. } => context == Context::Atom,
            _ => false,
        };
        if enclosed {
            out.push_str(self.open);
        }
        match node {
            Node::Char { c, .. } => (self.char)(*c, out),
            Node::Any => out.push('.'),
            Node::Class(set) => set.write(out, self.in_class),
            Node::Concat(members) => {
                members.iter().for_each(|member| self.write(member, Context::Sequence, out));
            }
            Node::Alt(members) => {
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        out.push('|');
                    }
                    self.write(member, Context::Sequence, out);
                }
            }
            Node::Repeat { node, min, max } => {
                self.write(node, Context::Atom, out);
                write_bounds(*min, *max, out);
            }
            // INVARIANT: no anchor is left in a tree for whole texts.
            Node::Start { .. } => out.push('^'),
            Node::End { .. } => out.push('$'),
            // INVARIANT: nor a boundary.
            Node::Boundary { inside } => out.push_str(if *inside { "\\B" } else { "\\b" }),
        }
        if enclosed {
            out.push(')');
        }
    }

    fn write_empty(&self, context: Context, out: &mut String) {
        match context {
            Context::Atom => out.push_str(if self.empty.is_empty() { "(?:)" } else { self.empty }),
            _ => out.push_str(self.empty),
        }
    }
}

fn write_bounds(min: u32, max: Option<u32>, out: &mut String) {
    match (min, max) {
        (0, None) => out.push('*'),
        (1, None) => out.push('+'),
        (0, Some(1)) => out.push('?'),
        (min, None) => out.push_str(&format!("{{{min},}}")),
        (min, Some(max)) if min == max => out.push_str(&format!("{{{min}}}")),
        (min, Some(max)) => out.push_str(&format!("{{{min},{max}}}")),
    }
}

/// Lucene has no anchors, but a reader may take `^` and `$` for some, so they are escaped as well.
pub(super) fn lucene_char(c: char, out: &mut String) {
    escaped(c, r#".?+*|{}[]()"\#@&<>~^$"#, out);
}

fn lucene_in_class(c: char, out: &mut String) {
    escaped(c, r#"[]\^-"&~"#, out);
}

fn perl_char(c: char, out: &mut String) {
    perl_escaped(c, r".?+*|{}[]()\^$", out);
}

fn perl_in_class(c: char, out: &mut String) {
    perl_escaped(c, r"[]\^-&~", out);
}

fn escaped(c: char, special: &str, out: &mut String) {
    if !c.is_ascii_alphanumeric() && special.contains(c) {
        out.push('\\');
    }
    out.push(c);
}

fn perl_escaped(c: char, special: &str, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        c if c.is_control() => out.push_str(&format!("\\x{{{:x}}}", u32::from(c))),
        c => escaped(c, special, out),
    }
}
