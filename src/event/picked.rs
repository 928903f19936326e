//! Taking the wanted fields out of a record while it is read.
//!
//! The walk is that of the reference ([`FieldPath::any`](crate::query::FieldPath::any)), turned
//! around: there a path looks for its values in a record, here the values of a record find the
//! paths that lead to them. One thing cannot be seen on the way: of a key that stands twice in an
//! object the last value counts. A record with such a key is built as a whole and walked then.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hasher;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::hash::Fast;
use super::wanted::{Node, NodeId};
use super::{Scalar, Slot, Wanted};

/// Most wanted keys of one object that are compared with each other for repetition; an object with
/// more is built.
const MAX_COMPARED_KEYS: usize = 256;

/// Who takes the values.
pub trait Sink<'r> {
    /// A value of a field. All values of all fields come in the order of the record.
    fn found(&mut self, slot: Slot, value: Scalar<'r>);

    /// A scalar of the record, if every one is wanted.
    fn any(&mut self, value: &Scalar<'r>);

    /// Something has another shape than is expected of it.
    fn odd(&mut self);

    /// Forgets what was found: the record will be read again.
    fn restart(&mut self);
}

/// What is being taken out of one record.
#[derive(Debug)]
pub struct Pick<'w> {
    wanted: &'w Wanted,
    /// Marks of the keys that were seen in the objects on the way to here.
    seen: Vec<u64>,
    repeated: bool,
}

impl<'w> Pick<'w> {
    /// Takes out these fields.
    pub fn new(wanted: &'w Wanted) -> Self {
        Self { wanted, seen: Vec::new(), repeated: false }
    }

    /// Gives the wanted values of a record to a sink. The error is that of `serde_json`, with the
    /// column.
    pub fn text<'r, S: Sink<'r>>(
        &mut self,
        record: &'r str,
        sink: &mut S,
    ) -> Result<(), serde_json::Error> {
        self.seen.clear();
        self.repeated = false;
        let mut reader = serde_json::Deserializer::from_str(record);
        At { pick: self, sink, node: Some(Wanted::ROOT) }.deserialize(&mut reader)?;
        reader.end()?;
        if self.repeated {
            sink.restart();
            let event: Value = serde_json::from_str(record)?;
            self.value(&event, &mut Owning(sink, PhantomData));
        }
        Ok(())
    }

    /// Gives the wanted values of an event that was built to a sink.
    pub fn value<'r, S: Sink<'r>>(&mut self, event: &'r Value, sink: &mut S) {
        self.seen.clear();
        // Reading from memory cannot fail: every form of value is taken.
        let _ = At { pick: self, sink, node: Some(Wanted::ROOT) }.deserialize(event);
    }
}

/// Copies what it passes on, for a sink that outlives the event.
struct Owning<'s, 'r, S>(&'s mut S, PhantomData<&'r ()>);

impl<'v, 'r, S: Sink<'r>> Sink<'v> for Owning<'_, 'r, S> {
    fn found(&mut self, slot: Slot, value: Scalar<'v>) {
        self.0.found(slot, value.into_owned());
    }

    fn any(&mut self, value: &Scalar<'v>) {
        self.0.any(&value.clone().into_owned());
    }

    fn odd(&mut self) {
        self.0.odd();
    }

    fn restart(&mut self) {
        self.0.restart();
    }
}

/// One value of a record, with the node of the trie that the way to it has reached.
struct At<'p, 'w, S> {
    pick: &'p mut Pick<'w>,
    sink: &'p mut S,
    node: Option<NodeId>,
}

impl<'w, S> At<'_, 'w, S> {
    fn node(&self) -> Option<&'w Node> {
        self.pick.wanted.node(self.node?)
    }

    /// Whether anything below this value is wanted.
    fn goes_on(&self) -> bool {
        let inner = |id| self.pick.wanted.node(id).is_some_and(Node::is_inner);
        self.pick.wanted.is_everything() || self.node.is_some_and(inner)
    }

    fn scalar<'r>(self, value: Scalar<'r>)
    where
        S: Sink<'r>,
    {
        if self.pick.wanted.is_everything() && value != Scalar::Composite {
            self.sink.any(&value);
        }
        let Some(node) = self.node() else { return };
        if node.is_odd(Some(&value)) {
            self.sink.odd();
        }
        if let Some(slot) = node.slot {
            self.sink.found(slot, value);
        }
    }

    fn below(&mut self, node: Option<NodeId>) -> At<'_, 'w, S> {
        At { pick: self.pick, sink: self.sink, node }
    }
}

impl<'r, S: Sink<'r>> DeserializeSeed<'r> for At<'_, '_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<(), D::Error> {
        let wanted = self.node.is_some() || self.pick.wanted.is_everything();
        if wanted {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ())
        }
    }
}

impl<'r, S: Sink<'r>> Visitor<'r> for At<'_, '_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(Scalar::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(Scalar::Bool(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(Scalar::Number(value.into()));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(Scalar::Number(value.into()));
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(Number::from_f64(value).map_or(Scalar::Null, Scalar::Number));
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'r str) -> Result<(), E> {
        self.scalar(Scalar::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(Scalar::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<(), E> {
        self.scalar(Scalar::Text(Cow::Owned(text)));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'r>>(mut self, mut items: A) -> Result<(), A::Error> {
        let node = self.node;
        if self.node().is_some_and(|node| node.is_odd(None)) {
            self.sink.odd();
        }
        let mut empty = true;
        while items.next_element_seed(self.below(node))?.is_some() {
            empty = false;
        }
        if empty {
            self.scalar(Scalar::Composite);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'r>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let node = self.node;
        self.below(node).scalar(Scalar::Composite);
        if !self.goes_on() {
            while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let first = self.pick.seen.len();
        while let Some(next) = entries.next_key_seed(Key { pick: self.pick, node, first })? {
            if next.is_odd {
                self.sink.odd();
            }
            entries.next_value_seed(self.below(next.node))?;
        }
        self.pick.seen.truncate(first);
        Ok(())
    }
}

/// A key of an object: where it leads.
struct Key<'p, 'w> {
    pick: &'p mut Pick<'w>,
    /// Where the object stands.
    node: Option<NodeId>,
    /// Where the marks of this object begin.
    first: usize,
}

/// Where a key leads, and whether it should not lead there in one step.
struct Next {
    node: Option<NodeId>,
    is_odd: bool,
}

impl Key<'_, '_> {
    fn step(mut self, key: &str) -> Next {
        let step = self.node.map(|node| self.pick.wanted.step(node, key));
        let (next, is_odd) = step.unwrap_or_default();
        match next {
            Some(next) => self.mark(u64::from(next)),
            // What no path names is looked at where everything is.
            None if self.pick.wanted.is_everything() => {
                let mut hash = Fast::default();
                hash.write(key.as_bytes());
                // Nodes are numbered in 32 bits, so no mark stands for both.
                self.mark(hash.finish() | 1 << 63);
            }
            None => {}
        }
        Next { node: next, is_odd }
    }

    fn mark(&mut self, mark: u64) {
        let Some(marks) = self.pick.seen.get(self.first..) else { return };
        self.pick.repeated |= marks.len() >= MAX_COMPARED_KEYS || marks.contains(&mark);
        // The verdict is known then, and marks would only pile up.
        if !self.pick.repeated {
            self.pick.seen.push(mark);
        }
    }
}

impl<'r> DeserializeSeed<'r> for Key<'_, '_> {
    type Value = Next;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Next;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.step(key))
    }
}
