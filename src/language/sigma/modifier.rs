//! The modifiers of Sigma 2.1 (appendix "Modifiers").

use std::fmt;

use serde::{Serialize, Serializer};

use crate::query::TimePart;

macro_rules! modifiers {
    ($($variant:ident = $name:literal $(| $alias:literal)*, $doc:literal;)+) => {
        /// One modifier behind a field name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Modifier {
            $(#[doc = $doc] $variant,)+
        }

        impl Modifier {
            /// Every modifier.
            pub const ALL: &[Modifier] = &[$(Modifier::$variant,)+];

            /// The modifier of a name or alias.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name $(| $alias)* => Some(Modifier::$variant),)+
                    _ => None,
                }
            }

            /// The name in the specification.
            pub fn name(self) -> &'static str {
                match self {
                    $(Modifier::$variant => $name,)+
                }
            }
        }
    };
}

modifiers! {
    Contains = "contains", "The value stands anywhere.";
    StartsWith = "startswith", "The value stands at the start.";
    EndsWith = "endswith", "The value stands at the end.";
    EveryValue = "all", "All values of the list, not one of them.";
    Cased = "cased", "Letters must agree in case.";
    Re = "re", "The value is a regular expression.";
    AnyCase = "i" | "ignorecase", "The expression takes any case.";
    Multiline = "m" | "multiline", "`^` and `$` also match at line ends.";
    DotAll = "s" | "dotall", "The dot also matches line ends.";
    Cidr = "cidr", "The value is a network.";
    Exists = "exists", "Whether the field is there.";
    Base64 = "base64", "The value encoded.";
    Base64Offset = "base64offset", "The value encoded at the three possible offsets.";
    Wide = "wide" | "utf16le", "The value as UTF-16, low byte first.";
    Utf16Be = "utf16be", "The value as UTF-16, high byte first.";
    Utf16 = "utf16", "The value as UTF-16 with a byte-order mark.";
    Windash = "windash", "Any of the dashes that Windows programs take.";
    Expand = "expand", "`%name%` is a placeholder.";
    FieldRef = "fieldref", "The value is the name of another field.";
    Lt = "lt", "Less.";
    Lte = "lte", "Less or equal.";
    Gt = "gt", "Greater.";
    Gte = "gte", "Greater or equal.";
    Neq = "neq", "None of the values.";
    Minute = "minute", "The minute of a date.";
    Hour = "hour", "The hour of a date.";
    Day = "day", "The day of the month.";
    Week = "week", "The week of the year.";
    Month = "month", "The month.";
    Year = "year", "The year.";
}

impl Modifier {
    /// The part of a date that the modifier takes.
    pub fn time_part(self) -> Option<TimePart> {
        Some(match self {
            Modifier::Minute => TimePart::Minute,
            Modifier::Hour => TimePart::Hour,
            Modifier::Day => TimePart::Day,
            Modifier::Week => TimePart::Week,
            Modifier::Month => TimePart::Month,
            Modifier::Year => TimePart::Year,
            _ => return None,
        })
    }
}

impl fmt::Display for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Modifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
