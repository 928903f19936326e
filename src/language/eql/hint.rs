//! What a syntax error says.
//!
//! The parser knows where a query goes wrong; these functions look at what stands there to guess
//! what was meant.

use super::function::{FOREIGN, Function};
use super::lex::Token;
use super::parser::Parser;
use crate::language::kit::QueryError;
use crate::source::Span;

/// Forms and pipes of the language's other implementation.
const FOREIGN_FORMS: &[(&str, &str)] = &[
    ("join", "write `sample by key [...] [...]`, or `sequence by key [...] [...]`"),
    ("child", "write a `sequence`, or test the fields of the parent"),
    ("descendant", "write a `sequence`"),
    ("event", "write a `sequence`"),
];

/// What was expected is not what comes next.
pub(super) fn missing(parser: &Parser<'_>, wanted: &str) -> QueryError {
    let here = parser.here();
    let found = match parser.peek() {
        None => "the end of the query".to_owned(),
        Some(token) => described(token),
    };
    let error = QueryError::syntax(here, format!("expected {wanted}, found {found}"));
    match parser.peek() {
        Some(Token::Sign("*" | "/" | "%")) => error.help("a text with `*` in it needs quotes"),
        Some(Token::Sign("=")) => error.help("write `==`"),
        Some(Token::Sign("[")) => error.help("lists stand in parentheses: `(\"a\", \"b\")`"),
        Some(Token::Sign(")")) if parser.last() == Some(&Token::Sign("(")) => {
            error.help("parentheses cannot be empty")
        }
        Some(Token::Word(word @ ("and" | "or" | "in" | "like" | "regex"), _)) => {
            error.help(format!("a condition is missing before `{word}`"))
        }
        _ => error,
    }
}

fn described(token: &Token<'_>) -> String {
    match token {
        Token::Word(word, false) => format!("`{word}`"),
        Token::Word(word, true) => format!("`{word}~`"),
        Token::Name(name) => format!("the name `{name}`"),
        Token::Text(_) => "a text".to_owned(),
        Token::Integer(number) => format!("`{number}`"),
        Token::Decimal(number) => format!("`{number}`"),
        Token::Sign(sign) => format!("`{sign}`"),
        Token::Bad => "something else".to_owned(),
    }
}

/// A condition is complete, and what comes next can neither join nor close it.
pub(super) fn after_condition(parser: &Parser<'_>) -> QueryError {
    let here = parser.here();
    let Some(token) = parser.peek() else {
        return QueryError::syntax(here, "the query ends too early");
    };
    let error =
        QueryError::syntax(here, format!("expected `and` or `or`, found {}", described(token)));
    match token {
        Token::Sign("=") => QueryError::syntax(here, "`=` is not an operator").help("write `==`"),
        Token::Sign("==" | "!=" | "<" | "<=" | ">" | ">=" | ":")
        | Token::Word("in" | "like" | "regex", _) => {
            QueryError::syntax(here, "a comparison cannot follow a comparison")
                .help("join two of them with `and`")
        }
        Token::Word(word, _) if ["and", "or", "not"].contains(&word.to_lowercase().as_str()) => {
            match *word {
                "not" => error.help("write `and not`"),
                _ => error.help(format!("keywords are lower case: `{}`", word.to_lowercase())),
            }
        }
        Token::Word("of", _) => foreign_form(parser).unwrap_or(error),
        Token::Text(_) => error.help("two values need an operator between them"),
        _ => error,
    }
}

/// `child of [...]` and its kin; `of` is next.
fn foreign_form(parser: &Parser<'_>) -> Option<QueryError> {
    let Some(Token::Word(word, _)) = parser.last() else { return None };
    let (_, help) = FOREIGN_FORMS.iter().find(|(own, _)| own == word)?;
    let message = format!("Elasticsearch has no `{word} of`");
    Some(QueryError::unsupported(parser.before().to(parser.here()), message).help(*help))
}

/// A query, or one of its steps, is complete, and something else follows.
pub(super) fn superfluous(parser: &Parser<'_>, event: bool) -> QueryError {
    let here = parser.here();
    match parser.peek() {
        Some(Token::Sign("[")) if matches!(parser.ahead(1), Some(Token::Integer(_))) => {
            QueryError::syntax(here, "a field has no index")
                .help("leave it out: of several values one is enough")
        }
        Some(Token::Sign(mark @ (")" | "]"))) => {
            QueryError::syntax(here, format!("this `{mark}` closes nothing"))
        }
        Some(Token::Sign("[" | "![")) if event => {
            QueryError::syntax(here, "a query for single events has no `[`")
                .help("write `sequence [...] [...]`")
        }
        Some(Token::Sign(",")) => QueryError::syntax(here, "expected `and` or `or`, found `,`")
            .help("a list stands in parentheses"),
        Some(Token::Sign("|")) => {
            QueryError::syntax(here, "expected `]`, found `|`").help("write `or`")
        }
        Some(token) => {
            QueryError::syntax(here, format!("{} does not belong here", described(token)))
        }
        None => QueryError::syntax(here, "the query ends too early"),
    }
}

/// A query or step does not start with a category.
pub(super) fn no_category(parser: &Parser<'_>) -> QueryError {
    let here = parser.here();
    let error = |message: &str| QueryError::syntax(here, message);
    match parser.peek() {
        Some(Token::Word("join", _)) => {
            let help = FOREIGN_FORMS.first().map_or("", |(_, help)| *help);
            QueryError::unsupported(here, "Elasticsearch has no `join`").help(help)
        }
        Some(Token::Name(_)) => {
            error("an event category does not stand in backticks").help("write `\"...\" where`")
        }
        Some(Token::Integer(_)) => error("an event category that starts with a digit needs quotes"),
        Some(Token::Word("where", _)) => {
            error("the event category before `where` is missing").help("write `any where`")
        }
        Some(Token::Word(..)) => error("a query starts with `category where`")
            .help("write `any where ...` for events of every category"),
        _ => missing(parser, "an event category such as `any`, and `where`"),
    }
}

/// No pipe that Elasticsearch has.
pub(super) fn pipe(parser: &Parser<'_>) -> QueryError {
    match parser.peek() {
        Some(Token::Word(word @ ("count" | "filter" | "sort" | "unique" | "unique_count"), _)) => {
            QueryError::unsupported(parser.here(), format!("Elasticsearch has no pipe `{word}`"))
                .help("its pipes are `head` and `tail`")
        }
        Some(Token::Sign("|")) => {
            QueryError::syntax(parser.here(), "expected a pipe, found `|`").help("write `or`")
        }
        _ => missing(parser, "`head` or `tail`"),
    }
}

/// The function of a call, or what is wrong with the call.
pub(super) fn check_call(
    name: &str,
    insensitive: bool,
    arguments: usize,
    place: Span,
    call: Span,
) -> Result<Function, QueryError> {
    let Some(signature) = Function::by_name(name) else {
        let error =
            QueryError::unsupported(place, format!("Elasticsearch has no function `{name}`"));
        let foreign = FOREIGN.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        return Err(match (foreign, Function::nearest(name)) {
            (Some((_, help)), _) => error.help(*help),
            (None, Some(nearest)) => error.help(format!("did you mean `{nearest}`?")),
            (None, None) => error,
        });
    };
    if insensitive && !signature.tilde {
        let message = format!("`{}` has no form with `~`", signature.name);
        return Err(QueryError::syntax(place, message));
    }
    let fits = arguments >= signature.least && signature.most.is_none_or(|most| arguments <= most);
    if fits {
        return Ok(signature.function);
    }
    let wanted = match signature.most {
        Some(most) if most == signature.least => most.to_string(),
        Some(most) => format!("{} to {most}", signature.least),
        None => format!("at least {}", signature.least),
    };
    let message = format!("`{}` takes {wanted} arguments, not {arguments}", signature.name);
    Err(QueryError::syntax(call, message))
}
