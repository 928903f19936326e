//! What several rules do together: the fewest that cover as much as all, and those without which
//! something is lost.

use std::collections::BTreeSet;

/// So many rules are tried in every combination; of more, the greedy choice is taken.
const EXACT: usize = 14;

/// The fewest rules that cover what all of them cover; of several such sets, the first in the order
/// of the rules. `covered` has the parts that each rule covers by itself.
pub(super) fn minimal(covered: &[(usize, BTreeSet<usize>)]) -> Vec<usize> {
    let all: BTreeSet<usize> = covered.iter().flat_map(|(_, parts)| parts).copied().collect();
    if all.is_empty() {
        return Vec::new();
    }
    // A rule that covers no more than another adds nothing to any set.
    let is_useful = |at: usize, parts: &BTreeSet<usize>| {
        !parts.is_empty()
            && !covered.iter().enumerate().any(|(other, (_, more))| {
                let wider = parts.is_subset(more) && parts.len() < more.len();
                wider || (parts == more && other < at)
            })
    };
    let useful: Vec<&(usize, BTreeSet<usize>)> = covered
        .iter()
        .enumerate()
        .filter(|(at, (_, parts))| is_useful(*at, parts))
        .map(|(_, rule)| rule)
        .collect();
    let chosen = if useful.len() <= EXACT { exact(&useful, &all) } else { greedy(&useful, &all) };
    chosen.into_iter().filter_map(|at| useful.get(at).map(|(rule, _)| *rule)).collect()
}

fn exact(rules: &[&(usize, BTreeSet<usize>)], all: &BTreeSet<usize>) -> Vec<usize> {
    let members = |set: u32| (0..rules.len()).filter(move |at| set & (1 << at) != 0);
    let is_enough = |set: &u32| {
        let parts = members(*set).filter_map(|at| rules.get(at)).flat_map(|(_, parts)| parts);
        parts.collect::<BTreeSet<_>>().len() == all.len()
    };
    let sets = (1..1_u32 << rules.len()).filter(is_enough);
    // Fewest first; then the one with the earliest rules.
    let best = sets.min_by_key(|set| (set.count_ones(), members(*set).collect::<Vec<_>>()));
    best.map(|set| members(set).collect()).unwrap_or_default()
}

fn greedy(rules: &[&(usize, BTreeSet<usize>)], all: &BTreeSet<usize>) -> Vec<usize> {
    let (mut left, mut chosen) = (all.clone(), Vec::new());
    while !left.is_empty() {
        let gain = |at: &usize| rules.get(*at).map_or(0, |(_, p)| p.intersection(&left).count());
        let best = (0..rules.len()).max_by_key(|at| (gain(at), usize::MAX - at));
        let Some((at, (_, parts))) = best.and_then(|at| Some((at, *rules.get(at)?))) else { break };
        left = left.difference(parts).copied().collect();
        chosen.push(at);
    }
    chosen.sort_unstable();
    chosen
}

/// The rules that cover a part that no other rule covers, with these parts.
pub(super) fn single_points(covered: &[(usize, BTreeSet<usize>)]) -> Vec<(usize, Vec<usize>)> {
    let alone = |rule: usize, part: &usize| {
        !covered.iter().any(|(other, parts)| *other != rule && parts.contains(part))
    };
    let points = covered.iter().map(|(rule, parts)| {
        (*rule, parts.iter().copied().filter(|part| alone(*rule, part)).collect::<Vec<_>>())
    });
    points.filter(|(_, parts)| !parts.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(sets: &[&[usize]]) -> Vec<(usize, BTreeSet<usize>)> {
        let set = |(at, parts): (usize, &&[usize])| (at, parts.iter().copied().collect());
        sets.iter().enumerate().map(set).collect()
    }

    #[test]
    fn the_fewest_rules_are_found() {
        let sets = rules(&[&[1, 2, 3, 4], &[1, 2, 5], &[3, 4, 6], &[5], &[1, 2, 5]]);
        assert_eq!(minimal(&sets), [1, 2]);
        assert_eq!(minimal(&rules(&[&[], &[]])), Vec::<usize>::new());
        let many: Vec<Vec<usize>> = (0..30).map(|at| vec![at, at + 1]).collect();
        let many: Vec<&[usize]> = many.iter().map(Vec::as_slice).collect();
        let chosen = minimal(&rules(&many));
        assert!(chosen.len() >= 16 && chosen.len() <= 20, "{chosen:?}");
    }

    #[test]
    fn what_one_rule_alone_covers_is_a_single_point() {
        let sets = rules(&[&[1, 2], &[2, 3], &[3]]);
        assert_eq!(single_points(&sets), [(0, vec![1])]);
    }
}
