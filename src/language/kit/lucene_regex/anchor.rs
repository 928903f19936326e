//! From "found somewhere" to "matches the whole text".
//!
//! What has no anchor at an end gets `.*` there. `^` and `$` at the ends, also those of
//! alternatives, say that nothing stands before or behind; those of lines, that a line ends before
//! or starts behind. An anchor anywhere else cannot be said.

use super::RegexRefusal;
use super::tree::Node;

/// The tree of all texts in which `node` is found.
pub(super) fn whole(node: Node) -> Result<Node, RegexRefusal> {
    let node = opened(opened(node, End::Left), End::Right);
    if node.has_anchor() {
        let reason = "an anchor (`^` or `$`) that is not at an end of the expression";
        return Err(RegexRefusal(reason.into()));
    }
    Ok(node)
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Left,
    Right,
}

/// The tree with whatever may stand on one side of it.
fn opened(node: Node, end: End) -> Node {
    if !anchored(&node, end) {
        return joined(vec![node], Node::any_run(), end);
    }
    match node {
        Node::Start { line } | Node::End { line } => outside(line, end),
        Node::Alt(members) => {
            Node::Alt(members.into_iter().map(|member| opened(member, end)).collect())
        }
        Node::Concat(mut members) => {
            let Some(mut first) = take(&mut members, end) else { return Node::any_run() };
            // `^^a` says `^a`.
            while members_end(&members, end) == Some(&first) {
                first = take(&mut members, end).unwrap_or(first);
            }
            joined(members, opened(first, end), end)
        }
        other => other,
    }
}

/// Whether an anchor stands at the end in question of the node or of an alternative.
fn anchored(node: &Node, end: End) -> bool {
    match node {
        Node::Start { .. } => end == End::Left,
        Node::End { .. } => end == End::Right,
        Node::Alt(members) => members.iter().any(|member| anchored(member, end)),
        Node::Concat(members) => members_end(members, end).is_some_and(|m| anchored(m, end)),
        _ => false,
    }
}

/// What an anchor lets stand on its far side: nothing, or lines.
fn outside(line: bool, end: End) -> Node {
    if !line {
        return Node::Concat(Vec::new());
    }
    let feed = Node::Char { c: '\n', fold: false };
    joined(vec![feed], Node::any_run(), end).repeated(0, Some(1))
}

fn members_end(members: &[Node], end: End) -> Option<&Node> {
    if end == End::Left { members.first() } else { members.last() }
}

fn take(members: &mut Vec<Node>, end: End) -> Option<Node> {
    match end {
        End::Left if !members.is_empty() => Some(members.remove(0)),
        End::Left => None,
        End::Right => members.pop(),
    }
}

/// The members with one more at an end.
fn joined(mut members: Vec<Node>, more: Node, end: End) -> Node {
    let at = if end == End::Left { 0 } else { members.len() };
    members.insert(at, more);
    Node::concat(members)
}
