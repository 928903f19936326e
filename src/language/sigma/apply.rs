//! Modifiers at work: from one item to an expression.
//!
//! Modifiers run from left to right over a working value; what a modifier accepts is a matter of
//! the working value's kind, so illegal combinations are found where they happen and not by a
//! table of forbidden pairs.

use super::ast::{Item, Value};
use super::budget::{self, Budget};
use super::encode;
use super::{Modifier, codes, parse_text};
use crate::diagnostic::Code;
use crate::language::kit::QueryError;
use crate::query::{
    Affix, Case, Cidr, Expr, FieldPath, Number, Op, Order, Part, Pattern, Regex, Subject, Test,
    TimePart,
};
use crate::source::{Span, Spanned};

/// Most alternatives that one value may expand to: four dashes under `windash`.
const MAX_ALTERNATIVES: usize = 625;

/// Most bytes (or pieces) that the alternatives of one value may have together.
const MAX_EXPANDED: usize = 1 << 20;

/// The dashes that Windows programs accept before an option (appendix, `windash`).
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A value on its way through the modifiers.
#[derive(Clone, Debug)]
enum Working {
    /// Text in pieces; `plain` until a modifier has changed it.
    Text { pieces: Vec<Piece>, raw: String, plain: bool },
    /// A regular expression with its flags.
    Regex { source: String, flags: String },
    /// A number as written.
    Number { text: String, order: Option<Order>, part: Option<TimePart> },
    /// `true` or `false`; `exists` makes it a test of presence.
    Bool { value: bool, exists: bool },
    /// `null`.
    Null,
    /// A network.
    Cidr(Cidr),
    /// Another field.
    Field { other: String, affix: Affix },
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Bytes(Vec<u8>),
    One,
    Any,
    Placeholder(String),
}

type Step = Result<Vec<Working>, QueryError>;

fn trouble(code: &'static Code, span: Span, message: impl Into<String>) -> QueryError {
    QueryError { code, span, message: message.into(), help: None }
}

/// The meaning of an item, or everything that is wrong with it.
pub(super) fn item(item: &Item, budget: &mut Budget) -> Result<Expr, Vec<QueryError>> {
    let mut errors = Vec::new();
    let mut members = Vec::new();
    for value in &item.values {
        match alternatives(item, value, budget) {
            Ok(expr) => members.push(expr),
            Err(error) => errors.push(error),
        }
        if budget.is_over() {
            break;
        }
    }
    if !errors.is_empty() {
        errors.dedup();
        return Err(errors);
    }
    let has = |wanted| item.modifiers.iter().any(|modifier| modifier.value == wanted);
    let joined = if has(Modifier::EveryValue) { Expr::all(members) } else { Expr::any_of(members) };
    Ok(if has(Modifier::Neq) { joined.negated() } else { joined })
}

/// One value through all modifiers; the alternatives it expands to are always joined by "or".
fn alternatives(
    item: &Item,
    value: &Spanned<Value>,
    budget: &mut Budget,
) -> Result<Expr, QueryError> {
    let mut working = vec![start(&value.value)];
    let mut case = Case::Insensitive;
    for modifier in &item.modifiers {
        if modifier.value == Modifier::Cased {
            case = Case::Sensitive;
        }
        let mut next = Vec::new();
        for one in working {
            next.extend(apply(modifier, one, value.span)?);
            if next.len() > MAX_ALTERNATIVES {
                return Err(too_many(modifier.value, value.span));
            }
        }
        working = next;
    }
    let mut finished = Vec::with_capacity(working.len());
    for one in working {
        let regex = matches!(one, Working::Regex { .. });
        budget.spend(if regex { budget::REGEX } else { 1 }, value.span)?;
        finished.push(finish(item, one, case, value.span)?);
    }
    Ok(Expr::any_of(finished))
}

fn too_many(modifier: Modifier, at: Span) -> QueryError {
    let message =
        format!("`{modifier}` makes more than {MAX_ALTERNATIVES} alternatives of this value");
    trouble(&codes::EXPANSION, at, message)
}

fn start(value: &Value) -> Working {
    match value {
        Value::Text(text) => {
            Working::Text { pieces: pieces(&parse_text(text)), raw: text.clone(), plain: true }
        }
        Value::Number(text) => Working::Number { text: text.clone(), order: None, part: None },
        Value::Bool(value) => Working::Bool { value: *value, exists: false },
        Value::Null => Working::Null,
    }
}

fn pieces(pattern: &Pattern) -> Vec<Piece> {
    let piece = |part: &Part| match part {
        Part::Literal(text) => Piece::Text(text.clone()),
        Part::One => Piece::One,
        Part::Any => Piece::Any,
    };
    pattern.parts().iter().map(piece).collect()
}

impl Working {
    /// What a person would call it.
    fn noun(&self) -> &'static str {
        match self {
            Working::Text { .. } => "text",
            Working::Regex { .. } => "a regular expression",
            Working::Number { .. } => "a number",
            Working::Bool { exists: false, .. } => "a boolean",
            Working::Bool { exists: true, .. } => "a test of presence",
            Working::Null => "`null`",
            Working::Cidr(_) => "a network",
            Working::Field { .. } => "the name of a field",
        }
    }

    /// Whether the value is still what the file says.
    fn is_plain(&self) -> bool {
        match self {
            Working::Text { plain, .. } => *plain,
            Working::Number { order, part, .. } => order.is_none() && part.is_none(),
            Working::Bool { exists, .. } => !exists,
            Working::Null => true,
            Working::Regex { .. } | Working::Cidr(_) | Working::Field { .. } => false,
        }
    }
}

/// One modifier on one working value.
fn apply(modifier: &Spanned<Modifier>, value: Working, at: Span) -> Step {
    use Modifier as M;
    let name = modifier.value;
    // A value of the wrong type is the value's fault, a value that modifiers have changed is not.
    let (noun, plain) = (value.noun(), value.is_plain());
    let unfit = |wanted: &str| {
        let (code, span) =
            if plain { (&codes::VALUE, at) } else { (&codes::MODIFIER, modifier.span) };
        trouble(code, span, format!("`{name}` needs {wanted}, not {noun}"))
    };
    let late = || {
        let message = format!("`{name}` must come before modifiers that change the value");
        trouble(&codes::MODIFIER, modifier.span, message)
    };
    match (name, value) {
        (M::EveryValue | M::Neq, value) => Ok(vec![value]),
        (M::Cased, value @ (Working::Text { .. } | Working::Field { .. })) => Ok(vec![value]),
        (M::Cased, _) => Err(unfit("a text")),
        (M::Contains | M::StartsWith | M::EndsWith, value) => {
            affix(name, value).ok_or_else(|| unfit("a text"))
        }
        (M::Re | M::Cidr | M::FieldRef, Working::Text { plain: false, .. }) => Err(late()),
        (M::Re, Working::Text { raw, .. }) => {
            Ok(vec![Working::Regex { source: raw, flags: String::new() }])
        }
        (M::Re, Working::Number { text, order: None, part: None }) => {
            Ok(vec![Working::Regex { source: text, flags: String::new() }])
        }
        (M::AnyCase | M::Multiline | M::DotAll, Working::Regex { source, flags }) => {
            Ok(vec![Working::Regex { source, flags: flags + name.name() }])
        }
        (M::AnyCase | M::Multiline | M::DotAll, _) => {
            let message = format!("`{name}` can only follow `re`");
            Err(trouble(&codes::MODIFIER, modifier.span, message))
        }
        (M::Cidr, Working::Text { raw, .. }) => cidr(&raw, at),
        (M::FieldRef, Working::Text { raw, .. }) => {
            Ok(vec![Working::Field { other: raw, affix: Affix::Whole }])
        }
        (M::Re | M::Cidr | M::FieldRef, _) => Err(unfit("a text")),
        (M::Exists, Working::Bool { value, exists: false }) => {
            Ok(vec![Working::Bool { value, exists: true }])
        }
        // Most Sigma tools read YAML 1.1, where these words are booleans too.
        (M::Exists, Working::Text { raw, plain: true, .. }) => match yaml_1_1_boolean(&raw) {
            Some(value) => Ok(vec![Working::Bool { value, exists: true }]),
            None => Err(unfit("`true` or `false`")),
        },
        (M::Exists, _) => Err(unfit("`true` or `false`")),
        (M::Expand, value) => expand(value).ok_or_else(|| unfit("a text")),
        (M::Windash, value @ Working::Text { .. }) => windash(value, at),
        (
            M::Wide | M::Utf16Be | M::Utf16 | M::Base64 | M::Base64Offset,
            Working::Text { pieces, raw, .. },
        ) => encoded(modifier, pieces, &raw),
        (M::Windash | M::Wide | M::Utf16Be | M::Utf16 | M::Base64 | M::Base64Offset, _) => {
            Err(unfit("a text"))
        }
        (M::Lt | M::Lte | M::Gt | M::Gte, Working::Number { order: Some(_), .. }) => {
            let message = format!("`{name}` cannot follow another comparison");
            Err(trouble(&codes::MODIFIER, modifier.span, message))
        }
        (M::Lt | M::Lte | M::Gt | M::Gte, value) => {
            compared(name, value).ok_or_else(|| unfit("a number"))
        }
        (_, Working::Number { part: Some(_), .. }) => {
            let message = format!("`{name}` cannot follow another part of a date");
            Err(trouble(&codes::MODIFIER, modifier.span, message))
        }
        (_, value) => dated(name, value).ok_or_else(|| unfit("a number")),
    }
}

fn yaml_1_1_boolean(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" => Some(true),
        "no" | "off" => Some(false),
        _ => None,
    }
}

fn cidr(text: &str, at: Span) -> Step {
    match Cidr::parse(text) {
        Some(cidr) => Ok(vec![Working::Cidr(cidr)]),
        None => {
            let message = format!("`{text}` is not a network in CIDR notation");
            let trouble = trouble(&codes::VALUE, at, message);
            Err(trouble.help("write the first address and the length, such as `10.0.0.0/8`"))
        }
    }
}

fn affix(modifier: Modifier, value: Working) -> Option<Vec<Working>> {
    let (before, after) = match modifier {
        Modifier::Contains => (true, true),
        Modifier::StartsWith => (false, true),
        _ => (true, false),
    };
    Some(vec![match value {
        Working::Text { mut pieces, raw, .. } => {
            if before {
                pieces.insert(0, Piece::Any);
            }
            if after {
                pieces.push(Piece::Any);
            }
            Working::Text { pieces, raw, plain: false }
        }
        // A number has no start or end of its own, but its text has.
        Working::Number { text, order: None, part: None } => {
            let pieces = vec![Piece::Text(text.clone())];
            return affix(modifier, Working::Text { pieces, raw: text, plain: false });
        }
        // The expression is searched for anywhere already; the group keeps a top-level `|` whole.
        Working::Regex { source, flags } => {
            let start = if before { "" } else { "^" };
            let end = if after { "" } else { "$" };
            Working::Regex { source: format!("{start}(?:{source}){end}"), flags }
        }
        Working::Field { other, .. } => {
            let affix = match modifier {
                Modifier::Contains => Affix::Within,
                Modifier::StartsWith => Affix::Start,
                _ => Affix::End,
            };
            Working::Field { other, affix }
        }
        _ => return None,
    }])
}

/// Cuts `%name%` out of texts. In a regular expression a placeholder stays open as text.
fn expand(value: Working) -> Option<Vec<Working>> {
    match value {
        Working::Text { pieces, raw, plain } => {
            let pieces = pieces.into_iter().flat_map(|piece| match piece {
                Piece::Text(text) => placeholders(&text),
                other => vec![other],
            });
            Some(vec![Working::Text { pieces: pieces.collect(), raw, plain }])
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
fn windash(value: Working, at: Span) -> Step {
    let Working::Text { pieces, raw, .. } = value else { return Ok(vec![value]) };
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
    let text = |pieces| Working::Text { pieces, raw: raw.clone(), plain: false };
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

fn encoded(modifier: &Spanned<Modifier>, pieces: Vec<Piece>, raw: &str) -> Step {
    let again = |pieces| Working::Text { pieces, raw: raw.to_owned(), plain: false };
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
    again: impl Fn(Vec<Piece>) -> Working,
) -> Step {
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

fn compared(modifier: Modifier, value: Working) -> Option<Vec<Working>> {
    let order = match modifier {
        Modifier::Lt => Order::Less,
        Modifier::Lte => Order::LessOrEqual,
        Modifier::Gt => Order::Greater,
        _ => Order::GreaterOrEqual,
    };
    match numeric(value)? {
        Working::Number { text, order: None, part } => {
            Some(vec![Working::Number { text, order: Some(order), part }])
        }
        _ => None,
    }
}

fn dated(modifier: Modifier, value: Working) -> Option<Vec<Working>> {
    match numeric(value)? {
        Working::Number { text, order, part: None } => {
            Some(vec![Working::Number { text, order, part: modifier.time_part() }])
        }
        _ => None,
    }
}

/// A quoted number is a number where only numbers make sense.
fn numeric(value: Working) -> Option<Working> {
    match value {
        Working::Text { raw, plain: true, .. } => raw
            .trim()
            .parse::<f64>()
            .is_ok_and(f64::is_finite)
            .then_some(Working::Number { text: raw, order: None, part: None }),
        number @ Working::Number { .. } => Some(number),
        _ => None,
    }
}

/// The test that a fully modified value stands for.
fn finish(item: &Item, value: Working, case: Case, at: Span) -> Result<Expr, QueryError> {
    let wrong = |message: &str| trouble(&codes::VALUE, at, message);
    let subject = match &item.field {
        Some(field) => Subject::Field(FieldPath::new(field.as_str())),
        None => Subject::Event,
    };
    let keyword = item.field.is_none();
    let test = |op| Expr::Test(Test { subject: subject.clone(), op });
    let number = |text: &str| text.trim().parse().ok().and_then(Number::new);
    match value {
        Working::Text { pieces, .. } => {
            let pattern = pattern(pieces, at)?;
            // A keyword is searched for inside every value of the event.
            let pattern =
                if keyword { pattern.with_any_before().with_any_after() } else { pattern };
            Ok(test(Op::Matches { pattern, case }))
        }
        Working::Number { text, order: None, part: None } => {
            let pattern = Pattern::literal(text);
            let pattern =
                if keyword { pattern.with_any_before().with_any_after() } else { pattern };
            Ok(test(Op::Matches { pattern, case }))
        }
        Working::Number { text, order, part } => {
            let number = number(&text).ok_or_else(|| wrong("this number is too large"))?;
            let order = order.unwrap_or(Order::Equal);
            Ok(test(match part {
                Some(part) => Op::Time { part, order, number },
                None => Op::Compare { order, number },
            }))
        }
        Working::Regex { source, flags } => match Regex::new(&source, &flags) {
            Ok(regex) => Ok(test(Op::Regex(regex))),
            Err(error) => {
                let message = format!("`{source}` is no regular expression: {error}");
                Err(trouble(&codes::REGEX, at, message))
            }
        },
        Working::Cidr(cidr) => Ok(test(Op::Cidr(cidr))),
        Working::Null if keyword => Err(wrong("`null` needs a field")),
        // Absent and null are the same to Sigma; the complement of "has a value".
        Working::Null => Ok(test(Op::Exists).negated()),
        Working::Bool { exists: true, .. } if keyword => Err(wrong("`exists` needs a field")),
        Working::Bool { value, exists: true } => {
            // Presence only: a field that holds `null` is there.
            let present = Expr::any_of([test(Op::Exists), test(Op::Null)]);
            Ok(if value { present } else { present.negated() })
        }
        Working::Bool { value, exists: false } => {
            Ok(test(Op::Matches { pattern: Pattern::literal(value.to_string()), case }))
        }
        Working::Field { .. } if keyword => Err(wrong("`fieldref` needs a field")),
        Working::Field { other, affix } => {
            Ok(test(Op::Field { other: FieldPath::new(other), affix, case }))
        }
    }
}

fn pattern(pieces: Vec<Piece>, at: Span) -> Result<Pattern, QueryError> {
    let part = |piece| match piece {
        Piece::Text(text) => Ok(Part::Literal(text)),
        Piece::Bytes(bytes) => String::from_utf8(bytes).map(Part::Literal).map_err(|_| {
            let message = "in UTF-16 this value is bytes, not text";
            trouble(&codes::VALUE, at, message)
                .help("let `base64` or `base64offset` follow, which make it text again")
        }),
        Piece::One => Ok(Part::One),
        Piece::Any => Ok(Part::Any),
        Piece::Placeholder(name) => {
            let message = format!("the placeholder `%{name}%` has no value");
            Err(trouble(&codes::PLACEHOLDER, at, message))
        }
    };
    pieces.into_iter().map(part).collect()
}
