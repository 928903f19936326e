//! Modifiers that make several texts of one: dashes, placeholders, encodings.

use super::working::{Piece, Step, Working, trouble};
use super::{Modifier, codes, encode};
use crate::language::kit::QueryError;
use crate::source::{Span, Spanned};

/// Most alternatives that one value may expand to: four dashes under `windash`.
pub(super) const MAX_ALTERNATIVES: usize = 625;

/// Most bytes (or pieces) that the alternatives of one value may have together.
pub(super) const MAX_EXPANDED: usize = 1 << 20;

/// The dashes that Windows programs accept before an option (appendix, `windash`).
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

pub(super) fn too_many(modifier: Modifier, at: Span) -> QueryError {
    let message =
        format!("`{modifier}` makes more than {MAX_ALTERNATIVES} alternatives of this value");
    trouble(&codes::EXPANSION, at, message)
}

/// Cuts `%name%` out of texts. In a regular expression a placeholder stays open as text.
pub(super) fn expand(value: Working<'_>) -> Option<Vec<Working<'_>>> {
    match value {
        Working::Text { pieces, raw } => {
            let pieces = pieces.into_iter().flat_map(|piece| match piece {
                Piece::Text(text) => placeholders(&text),
                other => vec![other],
            });
            Some(vec![Working::Text { pieces: pieces.collect(), raw }])
        }
        Working::Regex { .. } => Some(vec![value]),
        _ => None,
    }
}

/// Splits at `%name%`; `\%` is a literal percent sign.
fn placeholders(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\\%") {
            literal.push('%');
            rest = after;
            continue;
        }
        if c == '%'
            && let Some((name, after)) = rest[1..].split_once('%')
            && !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        {
            out.push(Piece::Text(std::mem::take(&mut literal)));
            out.push(Piece::Placeholder(name.to_owned()));
            rest = after;
            continue;
        }
        literal.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out.push(Piece::Text(literal));
    out
}

/// Every combination of dashes: a dash counts where it starts an option, which is before a word
/// character and not after one.
pub(super) fn windash(value: Working<'_>, at: Span) -> Step<'_> {
    let Working::Text { pieces, .. } = value else { return Ok(vec![value]) };
    let most = MAX_ALTERNATIVES.min(MAX_EXPANDED / pieces.len().max(1));
    let mut variants = vec![Vec::new()];
    for piece in pieces {
        let options = match &piece {
            Piece::Text(text) => {
                dash_variants(text).ok_or_else(|| too_many(Modifier::Windash, at))?
            }
            _ => vec![piece],
        };
        if variants.len() * options.len() > most.max(1) {
            return Err(too_many(Modifier::Windash, at));
        }
        variants = combined(variants, &options);
    }
    let text = |pieces| Working::Text { pieces, raw: None };
    Ok(variants.into_iter().map(text).collect())
}

/// Every variant with every option behind it. A single option is no new alternative and is put
/// behind in place, for a value may have very many pieces.
fn combined(mut variants: Vec<Vec<Piece>>, options: &[Piece]) -> Vec<Vec<Piece>> {
    if let [only] = options {
        variants.iter_mut().for_each(|variant| variant.push(only.clone()));
        return variants;
    }
    let longer = |variant: &Vec<Piece>, option: &Piece| {
        variant.iter().chain([option]).cloned().collect::<Vec<Piece>>()
    };
    let pairs = variants.iter().flat_map(|variant| options.iter().map(move |one| (variant, one)));
    pairs.map(|(variant, option)| longer(variant, option)).collect()
}

/// The text with every dash in every place; `None` if these are too many, or too long together.
fn dash_variants(text: &str) -> Option<Vec<Piece>> {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut variants = vec![String::new()];
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if DASHES.contains(&c) && !word(before) && word(chars.peek().copied()) {
            let count = variants.len() * DASHES.len();
            if count > MAX_ALTERNATIVES || count * text.len() > MAX_EXPANDED {
                return None;
            }
            // The dash as written comes first, so that the original stays the first alternative.
            let dashes = std::iter::once(c).chain(DASHES.into_iter().filter(|&dash| dash != c));
            let dashes: Vec<char> = dashes.collect();
            variants = variants
                .iter()
                .flat_map(|variant| dashes.iter().map(move |dash| format!("{variant}{dash}")))
                .collect();
        } else {
            variants.iter_mut().for_each(|variant| variant.push(c));
        }
        before = Some(c);
    }
    Some(variants.into_iter().map(Piece::Text).collect())
}

pub(super) fn encoded(modifier: &Spanned<Modifier>, pieces: Vec<Piece>) -> Step<'static> {
    let again = |pieces| Working::Text { pieces, raw: None };
    let encode: fn(&str) -> Vec<u8> = match modifier.value {
        Modifier::Wide => encode::utf16_le,
        Modifier::Utf16Be => encode::utf16_be,
        Modifier::Utf16 => encode::utf16,
        _ => return based(modifier, &pieces, again),
    };
    let piece = |piece| match piece {
        Piece::Text(text) => Piece::Bytes(encode(&text)),
        other => other,
    };
    Ok(vec![again(pieces.into_iter().map(piece).collect())])
}

fn based(
    modifier: &Spanned<Modifier>,
    pieces: &[Piece],
    again: impl Fn(Vec<Piece>) -> Working<'static>,
) -> Step<'static> {
    let mut bytes = Vec::new();
    for piece in pieces {
        let what = match piece {
            Piece::Text(text) => {
                bytes.extend_from_slice(text.as_bytes());
                continue;
            }
            Piece::Bytes(more) => {
                bytes.extend_from_slice(more);
                continue;
            }
            Piece::Placeholder(_) => "an open placeholder",
            Piece::One | Piece::Any => "a text with wildcards",
        };
        let message = format!("`{}` cannot encode {what}", modifier.value);
        return Err(trouble(&codes::MODIFIER, modifier.span, message));
    }
    let texts = match modifier.value {
        Modifier::Base64 => vec![encode::base64(&bytes)],
        _ => encode::base64_offsets(&bytes).to_vec(),
    };
    Ok(texts.into_iter().map(|text| again(vec![Piece::Text(text)])).collect())
}
