//! Word boundaries (`\b`, `\B`) told by the characters around them.
//!
//! Lucene has no boundaries, but over whole texts each can be said with classes: `\bfoo` is
//! `(.*[^0-9A-Z_a-z])?foo.*`. The tree is walked from left to right in [`State`]s: of which kind
//! the last character was, as far as a boundary will ask, and of which kind the next must be, as
//! far as one has asked. What leads to one state is one alternative; a way that no text can go is
//! left out, so `(\d(\.|\b)){2}` is `\d\.\d` with a dot or the end of a word behind it.
//!
//! Word characters are those of ASCII, which [`Parsed`](super::perl::Parsed) notes.

use super::RegexRefusal;
use super::set::{Set, WORD, variants};
use super::tree::Node;

/// Most copies that a repetition with a boundary in it is written out to.
const MAX_COPIES: u32 = 16;

/// Most nodes of all alternatives: far beyond what fits into an expression for Elasticsearch.
const MAX_NODES: usize = 2_000;

/// The same tree without boundaries; it has no anchors.
pub(super) fn resolved(node: Node) -> Result<Node, RegexRefusal> {
    if !has_boundary(&node) {
        return Ok(node);
    }
    // Before and behind the text stands no word character.
    let start = State { last: Some(Kind::Other), next: None };
    let ends = ways(&node, start, false)?.into_iter();
    let accepted = ends.filter(|(_, state)| state.next != Some(Kind::Word));
    let all: Vec<Vec<Node>> = accepted.map(|(sequence, _)| sequence).collect();
    if all.is_empty() {
        return refuse("a word boundary (`\\b`) where no text can have one");
    }
    Ok(Node::concat(any_of(all)))
}

fn refuse<T>(what: &str) -> Result<T, RegexRefusal> {
    Err(RegexRefusal(what.into()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    Other,
}

/// What is known between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    /// The kind of the character before; `None` if no boundary will ask.
    last: Option<Kind>,
    /// The kind that the character behind must have, if a boundary has asked.
    next: Option<Kind>,
}

/// What may stand on the way to a state, and the state; each state once.
type Ways = Vec<(Vec<Node>, State)>;

/// The ways through a node; `asked` if a boundary behind it may ask for its last character.
fn ways(node: &Node, from: State, asked: bool) -> Result<Ways, RegexRefusal> {
    let plain = from.next.is_none() && !asked && !has_boundary(node);
    if plain {
        return Ok(vec![(vec![node.clone()], State { last: None, next: None })]);
    }
    let ways = match node {
        Node::Boundary { inside } => boundary(*inside, from),
        Node::Char { c, fold: true } => {
            one(node, &Set::of(variants(*c).into_iter().map(|c| (c, c))), from, asked)
        }
        Node::Char { c, .. } => one(node, &Set::of([(*c, *c)]), from, asked),
        Node::Class(set) => one(node, set, from, asked),
        Node::Any => one(node, &Set::of([('\0', char::MAX)]), from, asked),
        Node::Concat(members) => sequence(members, from, asked)?,
        Node::Alt(members) => {
            let mut all = Ways::new();
            for member in members {
                all.extend(ways(member, from, asked)?);
            }
            all
        }
        Node::Repeat { node, min, max } if has_boundary(node) => {
            sequence(&copies(node, *min, *max)?, from, asked)?
        }
        Node::Repeat { node, min, max } => repeated(node, *min, *max, from, asked)?,
        // INVARIANT: anchors are gone before boundaries are looked at.
        Node::Start { .. } | Node::End { .. } => return refuse("an anchor beside a word boundary"),
    };
    // What nobody asks for tells no states apart.
    let known = |state: State| State { last: state.last.filter(|_| asked), ..state };
    joined(ways.into_iter().map(|(way, state)| (way, known(state))).collect())
}

/// A boundary stands between characters of two kinds, its opposite between those of one.
fn boundary(inside: bool, from: State) -> Ways {
    let asked = match (from.last, inside) {
        (Some(Kind::Word), true) | (Some(Kind::Other) | None, false) => Kind::Word,
        (Some(Kind::Word), false) | (Some(Kind::Other) | None, true) => Kind::Other,
    };
    let possible = from.next.is_none_or(|next| next == asked);
    possible.then(|| (Vec::new(), State { next: Some(asked), ..from })).into_iter().collect()
}

/// One character of a set.
fn one(node: &Node, set: &Set, from: State, asked: bool) -> Ways {
    let word = Set::of(WORD.iter().copied());
    let kinds = [(Kind::Word, word.clone()), (Kind::Other, word.complement())];
    let kinds = kinds.into_iter().filter(|(kind, _)| from.next.is_none_or(|next| next == *kind));
    let way = |(kind, all): (Kind, Set)| {
        let part = set.common(&all);
        let node = if part == *set { node.clone() } else { Node::class(part.clone()) };
        let state = State { last: asked.then_some(kind), next: None };
        (!part.ranges().is_empty()).then_some((vec![node], state))
    };
    if from.next.is_none() && !asked {
        return vec![(vec![node.clone()], State { last: None, next: None })];
    }
    kinds.filter_map(way).collect()
}

fn sequence(members: &[Node], from: State, asked: bool) -> Result<Ways, RegexRefusal> {
    let mut asks = vec![asked];
    for member in members.iter().rev() {
        let behind = asks.last().is_some_and(|asked| *asked);
        asks.push(looks_back(member, behind));
    }
    asks.pop();
    let mut all: Ways = vec![(Vec::new(), from)];
    for (member, asked) in members.iter().zip(asks.into_iter().rev()) {
        let mut further = Ways::new();
        for (before, state) in all {
            for (way, state) in ways(member, state, asked)? {
                further.push((before.iter().cloned().chain(way).collect(), state));
            }
        }
        all = joined(further)?;
    }
    Ok(all)
}

/// A repetition without boundaries inside: its first and its last round stand on their own.
fn repeated(
    node: &Node,
    min: u32,
    max: Option<u32>,
    from: State,
    asked: bool,
) -> Result<Ways, RegexRefusal> {
    if is_nullable(node) {
        return refuse("a word boundary (`\\b`) beside a repetition of what may be empty");
    }
    let without = |rounds: u32| {
        let rest = node.clone().repeated(min.saturating_sub(rounds), max.map(|max| max - rounds));
        (max != Some(rounds)).then_some(rest)
    };
    let mut all = Ways::new();
    if min == 0 {
        all.push((Vec::new(), from));
    }
    if max == Some(0) {
        return Ok(all);
    }
    let rounds: &[Vec<Node>] = &match (from.next.is_some(), asked) {
        (true, true) => {
            let single = (min < 2).then(|| vec![node.clone()]);
            let more = (max != Some(1)).then(|| {
                [node.clone()].into_iter().chain(without(2)).chain([node.clone()]).collect()
            });
            single.into_iter().chain(more).collect::<Vec<_>>()
        }
        (true, false) => vec![[node.clone()].into_iter().chain(without(1)).collect()],
        _ => vec![without(1).into_iter().chain([node.clone()]).collect()],
    };
    for round in rounds {
        all.extend(sequence(round, from, asked)?);
    }
    Ok(all)
}

/// A repetition written out: `a{1,3}` is `a(a(a)?)?`.
fn copies(node: &Node, min: u32, max: Option<u32>) -> Result<Vec<Node>, RegexRefusal> {
    let Some(max) = max.filter(|max| *max <= MAX_COPIES) else {
        return refuse("a word boundary (`\\b`) in a long or endless repetition");
    };
    let mut optional = Vec::new();
    for _ in min..max {
        let inner = Node::concat(std::iter::once(node.clone()).chain(optional));
        optional = vec![Node::Alt(vec![Node::Concat(Vec::new()), inner])];
    }
    Ok((0..min).map(|_| node.clone()).chain(optional).collect())
}

/// Whether a boundary may ask for the character before the node; `behind` if one behind it may.
fn looks_back(node: &Node, behind: bool) -> bool {
    match node {
        Node::Boundary { .. } => true,
        Node::Concat(members) => {
            members.iter().rev().fold(behind, |behind, member| looks_back(member, behind))
        }
        Node::Alt(members) => members.iter().any(|member| looks_back(member, behind)),
        Node::Repeat { node, min, .. } => looks_back(node, behind) || (*min == 0 && behind),
        _ => false,
    }
}

fn is_nullable(node: &Node) -> bool {
    match node {
        Node::Concat(members) => members.iter().all(is_nullable),
        Node::Alt(members) => members.iter().any(is_nullable),
        Node::Repeat { node, min, .. } => *min == 0 || is_nullable(node),
        Node::Char { .. } | Node::Any | Node::Class(_) => false,
        Node::Boundary { .. } | Node::Start { .. } | Node::End { .. } => true,
    }
}

fn has_boundary(node: &Node) -> bool {
    let mut found = false;
    node.visit(&mut |node| found |= matches!(node, Node::Boundary { .. }));
    found
}

/// The ways with those to one state made one.
fn joined(ways: Ways) -> Result<Ways, RegexRefusal> {
    let mut groups: Vec<(Vec<Vec<Node>>, State)> = Vec::new();
    for (way, state) in ways {
        match groups.iter_mut().find(|(_, own)| *own == state) {
            Some((all, _)) => all.push(way),
            None => groups.push((vec![way], state)),
        }
    }
    let joined: Ways = groups.into_iter().map(|(all, state)| (any_of(all), state)).collect();
    let mut nodes = 0;
    let all = joined.iter().flat_map(|(way, _)| way);
    all.for_each(|node| node.visit(&mut |_| nodes += 1));
    if nodes > MAX_NODES {
        return refuse("word boundaries (`\\b`) with too many ways around them");
    }
    Ok(joined)
}

/// One sequence for some: what all begin with, and then the rest of one of them.
fn any_of(mut all: Vec<Vec<Node>>) -> Vec<Node> {
    let mut known: Vec<Vec<Node>> = Vec::new();
    all.retain(|way| {
        let new = !known.contains(way);
        if new {
            known.push(way.clone());
        }
        new
    });
    let Some(first) = all.first() else { return Vec::new() };
    if all.len() == 1 {
        return first.clone();
    }
    let alike = |index: usize| all.iter().all(|way| way.get(index) == first.get(index));
    let common = (0..first.len()).take_while(|index| alike(*index)).count();
    let mut sequence: Vec<Node> = first.iter().take(common).cloned().collect();
    let rest = |way: &Vec<Node>| way.iter().skip(common).cloned().collect::<Vec<_>>();
    let rests: Vec<Vec<Node>> = all.iter().map(rest).collect();
    let optional = rests.iter().any(Vec::is_empty);
    let mut nodes: Vec<Node> =
        rests.into_iter().filter(|way| !way.is_empty()).map(Node::concat).collect();
    let node = if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Alt(nodes) };
    sequence.push(if optional { node.repeated(0, Some(1)) } else { node });
    sequence
}
