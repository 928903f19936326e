//! The operators between numbers, which all languages that calculate write alike.

use serde::Serialize;

/// An operator between numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Arithmetic {
    /// Sum.
    #[serde(rename = "+")]
    Add,
    /// Difference.
    #[serde(rename = "-")]
    Subtract,
    /// Product.
    #[serde(rename = "*")]
    Multiply,
    /// Quotient; of integers, rounded.
    #[serde(rename = "/")]
    Divide,
    /// Remainder.
    #[serde(rename = "%")]
    Modulo,
}

impl Arithmetic {
    /// The operators that bind less.
    pub(in crate::language) const SUMS: [Self; 2] = [Arithmetic::Add, Arithmetic::Subtract];

    /// The operators that bind more.
    pub(in crate::language) const PRODUCTS: [Self; 3] =
        [Arithmetic::Multiply, Arithmetic::Divide, Arithmetic::Modulo];

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Modulo => "%",
        }
    }
}
