//! Quantifiers, which both dialects write alike.

use super::RegexRefusal;
use super::perl::refuse;
use crate::language::kit::Cursor;

/// Takes a quantifier without what makes it lazy or possessive. A brace that starts none is a
/// character.
pub(super) fn quantifier(
    cursor: &mut Cursor<'_>,
) -> Result<Option<(u32, Option<u32>)>, RegexRefusal> {
    for (sign, bounds) in [("*", (0, None)), ("+", (1, None)), ("?", (0, Some(1)))] {
        if cursor.eat(sign) {
            return Ok(Some(bounds));
        }
    }
    let start = cursor.at();
    if !cursor.eat("{") {
        return Ok(None);
    }
    let digits = |cursor: &mut Cursor<'_>| cursor.take_while(|c| c.is_ascii_digit()).parse().ok();
    let min: Option<u32> = digits(cursor);
    let open = cursor.eat(",");
    let max = if open { digits(cursor) } else { min };
    match min {
        Some(min) if cursor.eat("}") => Ok(Some((min, max))),
        _ if cursor.rest().starts_with('}') => refuse("a quantifier without a lower bound"),
        _ => {
            cursor.reset(start);
            Ok(None)
        }
    }
}
