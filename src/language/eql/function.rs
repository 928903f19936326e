//! The functions of EQL.
//!
//! Source: the function reference of Elasticsearch's documentation. Names are read in any case,
//! as Elastic's own rules write them (`startswith~`), and written in the documentation's.

use serde::Serialize;

/// A function of Elasticsearch's EQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Function {
    /// Sum.
    Add,
    /// The text between two texts.
    Between,
    /// Whether an address lies in a network.
    CidrMatch,
    /// Texts put together.
    Concat,
    /// Quotient.
    Divide,
    /// Whether a text ends with another.
    EndsWith,
    /// Where a text stands in another.
    IndexOf,
    /// Number of characters.
    Length,
    /// Remainder.
    Modulo,
    /// Product.
    Multiply,
    /// The number that a text writes.
    Number,
    /// Whether a text starts with another.
    StartsWith,
    /// The text of a value.
    String,
    /// Whether a text holds another.
    StringContains,
    /// A part of a text.
    Substring,
    /// Difference.
    Subtract,
}

/// What is known of a function.
#[derive(Debug)]
pub(super) struct Signature {
    /// The function.
    pub(super) function: Function,
    /// Its name.
    pub(super) name: &'static str,
    /// Fewest arguments.
    pub(super) least: usize,
    /// Most arguments; none if there is no limit.
    pub(super) most: Option<usize>,
    /// Whether there is a form with `~`.
    pub(super) tilde: bool,
}

const fn signature(
    function: Function,
    name: &'static str,
    least: usize,
    most: Option<usize>,
    tilde: bool,
) -> Signature {
    Signature { function, name, least, most, tilde }
}

/// Every function, in the order of the type.
pub(super) const FUNCTIONS: [Signature; 16] = [
    signature(Function::Add, "add", 2, Some(2), false),
    signature(Function::Between, "between", 3, Some(4), true),
    signature(Function::CidrMatch, "cidrMatch", 2, None, false),
    signature(Function::Concat, "concat", 1, None, false),
    signature(Function::Divide, "divide", 2, Some(2), false),
    signature(Function::EndsWith, "endsWith", 2, Some(2), true),
    signature(Function::IndexOf, "indexOf", 2, Some(3), true),
    signature(Function::Length, "length", 1, Some(1), false),
    signature(Function::Modulo, "modulo", 2, Some(2), false),
    signature(Function::Multiply, "multiply", 2, Some(2), false),
    signature(Function::Number, "number", 1, Some(2), false),
    signature(Function::StartsWith, "startsWith", 2, Some(2), true),
    signature(Function::String, "string", 1, Some(1), false),
    signature(Function::StringContains, "stringContains", 2, Some(2), true),
    signature(Function::Substring, "substring", 2, Some(3), false),
    signature(Function::Subtract, "subtract", 2, Some(2), false),
];

/// What the language's other implementation has and Elasticsearch has not, with what to do.
pub(super) const FOREIGN: &[(&str, &str)] = &[
    ("arrayContains", "write `field : (...)`: of several values one is enough"),
    ("arrayCount", "fields of arrays of objects cannot be counted"),
    ("arraySearch", "write `field : (...)`: of several values one is enough"),
    ("match", "write `field regex (...)`"),
    ("matchLite", "write `field regex (...)`"),
    ("safe", "put `?` before fields that an index may lack"),
    ("wildcard", "write `field : (...)` or `field like (...)`"),
];

impl Function {
    /// Its name, without `~`.
    pub fn name(self) -> &'static str {
        self.signature().map_or("", |signature| signature.name)
    }

    /// What is known of it.
    pub(super) fn signature(self) -> Option<&'static Signature> {
        FUNCTIONS.iter().find(|signature| signature.function == self)
    }

    /// The function of a name in any case.
    pub(super) fn by_name(name: &str) -> Option<&'static Signature> {
        FUNCTIONS.iter().find(|signature| signature.name.eq_ignore_ascii_case(name))
    }

    /// The name that is most like an unknown one.
    pub(super) fn nearest(name: &str) -> Option<&'static str> {
        let name = name.to_lowercase();
        let likeness = |own: &str| strsim::jaro_winkler(&own.to_lowercase(), &name);
        let all = FUNCTIONS.iter().map(|signature| signature.name);
        all.map(|own| (likeness(own), own))
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .filter(|(likeness, _)| *likeness > 0.85)
            .map(|(_, own)| own)
    }
}
