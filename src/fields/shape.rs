//! The shape that a table takes records to have, as far as a view depends on it.
//!
//! What is pulled back from a view is exact under the assumption `record-shape`. Of an assumption a
//! reader is told; whoever has the record in hands can look. A record that has this shape becomes the
//! document that [`Catalog::pull_back`] reasons about, and of any other nothing is said here.

use std::collections::BTreeSet;

use super::{Catalog, Table, View};
use crate::query::FieldPath;

/// What has to stand where in a record, always by way of objects and of keys without dots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordShape {
    /// Objects, nulls, or nothing.
    pub objects: BTreeSet<FieldPath>,
    /// Texts, nulls, or nothing.
    pub texts: BTreeSet<FieldPath>,
    /// Nothing at all: the platform has fields of its own there.
    pub nothing: BTreeSet<FieldPath>,
}

impl Catalog {
    /// The shape of the records of which `record-shape` holds in a view. Only of Datadog's it is
    /// known what that comes to: it takes the record as it is, and adds fields.
    pub fn record_shape(&self, view: View) -> Option<RecordShape> {
        if view != View::Datadog {
            return None;
        }
        let Filled { names, from } = Filled::by(self.table());
        let mut shape = RecordShape::default();
        for raw in from {
            let dots = raw.match_indices('.').filter_map(|(dot, _)| raw.get(..dot));
            shape.objects.extend(dots.map(FieldPath::new));
            shape.texts.insert(FieldPath::new(raw));
        }
        for name in names {
            // The first place on the way that the record should not have.
            let dots = name.match_indices('.').filter_map(|(dot, _)| name.get(..dot));
            let mut places = dots.chain([name.as_str()]).map(FieldPath::new);
            shape.nothing.insert(places.find(|place| !shape.objects.contains(place))?);
        }
        let parts = [&shape.objects, &shape.texts, &shape.nothing];
        let all: BTreeSet<&FieldPath> = parts.into_iter().flatten().collect();
        let count: usize = parts.into_iter().map(BTreeSet::len).sum();
        (all.len() == count).then_some(shape)
    }
}

/// What Datadog adds to a record.
#[derive(Default)]
struct Filled<'t> {
    /// Paths below `attributes`.
    names: BTreeSet<String>,
    /// The raw fields that it looks at for them.
    from: BTreeSet<&'t str>,
}

impl<'t> Filled<'t> {
    fn by(table: &'t Table) -> Self {
        let mut filled = Self::default();
        for row in &table.fields {
            for name in row.datadog.iter().chain(&row.datadog_also) {
                filled.add(name, [row.raw.as_str()]);
            }
            for made in &row.datadog_made {
                filled.add(&made.name, made.only.keys().chain([&row.raw]).map(String::as_str));
            }
        }
        for row in table.derived.iter().filter(|row| row.view == View::Datadog) {
            let except = row.except.iter().flat_map(|except| {
                let breaks = except.breaks.iter().map(|breaks| &breaks.without);
                except.event.keys().chain([&except.lower_case_of]).chain(breaks)
            });
            let from: Vec<&str> = row.present.iter().chain(except).map(String::as_str).collect();
            for name in row.also.iter().map(|also| &also.field).chain([&row.field]) {
                filled.add(name, from.iter().copied());
            }
        }
        filled
    }

    fn add(&mut self, name: &str, from: impl IntoIterator<Item = &'t str>) {
        let from: Vec<&str> = from.into_iter().collect();
        let path = View::Datadog.path(name);
        let name = path.as_str().strip_prefix("attributes.");
        // Where the record has the field itself, nothing is put in its place.
        if from == name.as_slice() {
            return;
        }
        self.names.extend(name.map(str::to_owned));
        self.from.extend(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> Catalog {
        let head = "sources = { page = \"a page\" }\nlogsource = { product = \"x\" }\n";
        Catalog::read(&format!("{head}{rows}")).expect("sound")
    }

    fn texts(paths: &BTreeSet<FieldPath>) -> Vec<&str> {
        paths.iter().map(FieldPath::as_str).collect()
    }

    #[test]
    fn a_shape_is_what_the_added_fields_look_at() {
        let catalog = table(
            r#"field = [
                { raw = "a.b", ecs = "x", datadog = "@n.m", datadog_also = ["@a.b"], source = ["page"] },
                { raw = "a.c", ecs = "y", source = ["page"],
                  datadog_made = [{ name = "@a.made", part = { each = "[0-9]" } }] },
                { raw = "d", ecs = "z", facts = ["non-empty"], source = ["page"] },
            ]
            derived = [{ view = "datadog", field = "status", present = ["d"], if_any = "1", source = ["page"] }]"#,
        );
        let shape = catalog.record_shape(View::Datadog).expect("a shape");
        assert_eq!(texts(&shape.objects), ["a"]);
        assert_eq!(texts(&shape.texts), ["a.b", "a.c", "d"]);
        assert_eq!(texts(&shape.nothing), ["a.made", "n"]);
        assert_eq!(catalog.record_shape(View::Ecs), None);
    }

    #[test]
    fn names_that_stand_for_two_things_leave_no_shape() {
        let catalog = table(
            r#"field = [
                { raw = "a", ecs = "x", datadog = "@n", source = ["page"] },
                { raw = "n", ecs = "y", datadog = "@m", source = ["page"] },
            ]"#,
        );
        assert_eq!(catalog.record_shape(View::Datadog), None);
    }
}
