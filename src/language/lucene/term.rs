//! What one term means on its field.
//!
//! | term | keyword | text | ip | number |
//! |---|---|---|---|---|
//! | `word` | the whole value | the word | address, network | the number |
//! | `"phrase"` | the whole value | the words in a row | address, network | the number |
//! | `wi*d?` | the whole value | `*part*` only | refused | refused |
//! | `/regex/` | the whole value | refused | refused | refused |
//! | `>=5` | refused | refused | refused | the order |
//! | `[1 TO 5]` | refused | refused | the networks | both orders |
//!
//! | code | assumption |
//! |---|---|
//! | `default-fields` | a term without a field is held against every value of the event |
//! | `plain-letters` | `[Kk]` stands for any case: no value holds the Kelvin sign |
//! | `field-type` | a range between numbers is one of a field of numbers |
//! | `single-valued` | the field has one value, so both ends of a range are about the same |

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};

use super::ast::Term;
use super::atom::{Bound, Expression, Word, Words};
use crate::language::kit::elasticsearch::mapping::{self, Literal, Refusal};
use crate::language::kit::lucene_regex::{self, pattern_has_third_case};
use crate::query::{
    Case, Cidr, Expr, FieldFacts, FieldPath, FieldType, Ledger, Op, Order, Pattern, Subject, Test,
};

/// What a term means on a field.
pub(super) fn on_field(
    term: &Term,
    path: &FieldPath,
    facts: &FieldFacts,
    ledger: &mut Ledger,
) -> Result<Expr, Refusal> {
    let literal = |pattern: &Pattern, quoted| {
        let silent = facts.kind == FieldType::Text
            && pattern.as_literal().is_some_and(|text| !text.contains(char::is_alphanumeric));
        if silent {
            return Err(Refusal::new(format!("`{path}` is analysed text, and this has no word")));
        }
        mapping::value(path, facts.kind, Literal { pattern, quoted })
    };
    match term {
        Term::Words(words) => literal(&Pattern::literal(single_text(words)?), false),
        Term::Phrase { text, slop: None } => literal(&Pattern::literal(text.as_str()), true),
        Term::Phrase { slop: Some(slop), text } if slop.is_zero() => {
            literal(&Pattern::literal(text.as_str()), true)
        }
        Term::Wildcard(wildcard) => literal(wildcard.pattern(), false),
        Term::Compare(comparison) => {
            let pattern = Pattern::literal(comparison.text());
            let literal = Literal { pattern: &pattern, quoted: true };
            mapping::range(path, facts, comparison.order(), literal, ledger)
        }
        Term::Range { from, to } => range(path, facts, from, to, ledger),
        Term::Regex(expression) => match facts.kind {
            FieldType::Keyword => {
                let op = regex(expression, Some(path), ledger)?;
                Ok(Test::field(path.clone(), op).into())
            }
            FieldType::Flattened => Err(Refusal::new(
                "Elasticsearch takes no regular expression on a leaf of a flattened field",
            )),
            FieldType::Text => Err(Refusal::new(format!(
                "`{path}` is analysed text, where an expression is held against each word"
            ))),
            _ => Err(Refusal::new(format!("`{path}` holds no text to hold an expression against"))),
        },
        Term::Phrase { slop: Some(_), .. } => {
            Err(Refusal::new("a phrase with `~` finds its words near one another")
                .help("write the phrase without `~`, or its words with `AND`"))
        }
        Term::Fuzzy { .. } => Err(Refusal::new("a word with `~` finds words spelt like it")
            .help("list the spellings: `field:(one OR other)`")),
    }
}

/// What a term without a field means: only where letters are compared as they stand does it not
/// depend on how the index analyses its fields.
pub(super) fn anywhere(term: &Term, ledger: &mut Ledger) -> Result<Expr, Refusal> {
    let op = match term {
        Term::Wildcard(wildcard) => {
            Op::Matches { pattern: wildcard.pattern().clone(), case: Case::Sensitive }
        }
        Term::Regex(expression) => regex(expression, None, ledger)?,
        _ => {
            let message = "a value without a field is looked for in the index's default fields";
            return Err(Refusal::new(message).help("name the field: `field:value`"));
        }
    };
    assume_default_fields(ledger);
    Ok(Expr::Test(Test { subject: Subject::Event, op }))
}

/// A term without a field goes to the fields that an index names for that.
pub(super) fn assume_default_fields(ledger: &mut Ledger) {
    let reason = "the index searches all fields where a query names none, and all are keywords";
    ledger.assume("default-fields", None, reason);
}

/// Classes of two letters stand for any case, unless a letter has a `third_case`.
pub(super) fn assume_plain_letters(
    third_case: bool,
    field: Option<&FieldPath>,
    ledger: &mut Ledger,
) {
    if third_case {
        let reason = "values spell `k` and `s` as anyone does, without Kelvin sign and long s";
        ledger.assume("plain-letters", field, reason);
    }
}

/// The text of words that stand together.
fn single_text(words: &Words) -> Result<String, Refusal> {
    if words.words().first().is_some_and(Word::is_comparison) {
        let message =
            "Elasticsearch takes all words up to the next operator for the end of a range";
        return Err(Refusal::new(message).help("put `AND` between: `field:(>=1 AND <5)`"));
    }
    Ok(words.text())
}

fn regex(
    expression: &Expression,
    field: Option<&FieldPath>,
    ledger: &mut Ledger,
) -> Result<Op, Refusal> {
    if let Some(pattern) = lucene_regex::spelt_out_pattern(expression.source()) {
        assume_plain_letters(pattern_has_third_case(&pattern), field, ledger);
        return Ok(Op::Matches { pattern, case: Case::Insensitive });
    }
    let read = lucene_regex::from_lucene(expression.source(), false)
        .map_err(|refusal| Refusal::new(format!("this regular expression holds {refusal}")))?;
    Ok(match read.pattern {
        Some(pattern) if pattern.is_any() => Op::Exists,
        Some(pattern) => Op::Matches { pattern, case: Case::Sensitive },
        None => Op::Regex(read.regex),
    })
}

fn range(
    path: &FieldPath,
    facts: &FieldFacts,
    from: &Bound,
    to: &Bound,
    ledger: &mut Ledger,
) -> Result<Expr, Refusal> {
    if from.text.is_none() && to.text.is_none() {
        return Ok(Test::field(path.clone(), Op::Exists).into());
    }
    if let (FieldType::Ip, Some(low), Some(high)) = (facts.kind, &from.text, &to.text) {
        return addresses(path, low, high).filter(|_| from.inclusive && to.inclusive).ok_or_else(
            || Refusal::new("a range of addresses goes from one to a higher one: `[a TO b]`"),
        );
    }
    let lower = if from.inclusive { Order::GreaterOrEqual } else { Order::Greater };
    let upper = if to.inclusive { Order::LessOrEqual } else { Order::Less };
    let mut ends = Vec::new();
    for (bound, order) in [(from, lower), (to, upper)] {
        if let Some(text) = &bound.text {
            let pattern = Pattern::literal(text.as_str());
            let literal = Literal { pattern: &pattern, quoted: true };
            ends.push(mapping::range(path, facts, order, literal, ledger)?);
        }
    }
    if ends.len() == 2 && facts.many {
        let message = format!("`{path}` holds several values, one of which lies between both ends");
        return Err(Refusal::new(message).help("write two ranges: `field:(>=1 AND <=5)`"));
    }
    if ends.len() == 2 && !facts.single {
        let reason = format!("`{path}` has one value, so both ends of a range are about the same");
        ledger.assume("single-valued", Some(path), reason);
    }
    Ok(Expr::all(ends))
}

/// The networks that make up a range of addresses.
fn addresses(path: &FieldPath, low: &str, high: &str) -> Option<Expr> {
    let networks: Vec<IpNet> = match (low.parse().ok()?, high.parse().ok()?) {
        (IpAddr::V4(low), IpAddr::V4(high)) if low <= high => {
            Ipv4Subnets::new(low, high, 0).map(IpNet::from).collect()
        }
        (IpAddr::V6(low), IpAddr::V6(high)) if low <= high => {
            Ipv6Subnets::new(low, high, 0).map(IpNet::from).collect()
        }
        _ => return None,
    };
    let tests = networks.iter().filter_map(|net| Cidr::parse(&net.to_string()));
    Some(Expr::any_of(tests.map(|net| Test::field(path.clone(), Op::Cidr(net)).into())))
}
