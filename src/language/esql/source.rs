//! What a query reads: its index patterns, and the metadata that it asks for.
//!
//! Neither is part of the meaning, which is about events, so whoever carries a query to another place
//! takes them along with [`source`] and [`set_source`]. Source: Elastic's page on the `FROM` command.

use super::ast::{FromItem, Indices, Query, Source};
use super::name::Name;
use crate::language::contract::Reads;

/// The index patterns and the metadata of a query; `None` of one that makes rows of its own.
pub fn source(query: &Query) -> Option<Reads> {
    let (Source::From(indices) | Source::Ts(indices)) = &query.source.command.value else {
        return None;
    };
    let pattern = |item: &FromItem| match item {
        FromItem::Pattern(pattern) => Some(pattern.clone()),
        FromItem::Subquery(_) => None,
    };
    Some(Reads {
        index: indices.items.iter().map(pattern).collect::<Option<_>>()?,
        metadata: indices.metadata.iter().map(|name| name.as_str().to_owned()).collect(),
    })
}

/// Lets a query read other index patterns, if there are any, and ask for this metadata first. What
/// the query asks for itself stays.
pub fn set_source(query: &mut Query, reads: &Reads) {
    let (Source::From(indices) | Source::Ts(indices)) = &mut query.source.command.value else {
        return;
    };
    let Indices { items, metadata } = indices;
    if !reads.index.is_empty() {
        *items = reads.index.iter().cloned().map(FromItem::Pattern).collect();
    }
    let own = std::mem::take(metadata);
    let wanted = reads.metadata.iter().filter_map(Name::new);
    for name in wanted.chain(own) {
        if !metadata.contains(&name) {
            metadata.push(name);
        }
    }
}
