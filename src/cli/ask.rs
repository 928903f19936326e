//! Questions to the person at the terminal.

use std::io::{BufRead, IsTerminal};

use super::Failure;

/// Most wrong answers to one question before the verb gives up.
const MAX_TRIES: usize = 5;

/// One question.
pub(super) struct Ask {
    /// What is asked for.
    pub(super) what: &'static str,
    /// The flag that answers it beforehand.
    pub(super) flag: &'static str,
    /// The answer of an empty line, and where nobody can be asked.
    pub(super) default: Option<String>,
}

/// The given value; otherwise what the terminal says; otherwise the default.
pub(super) fn ask<T, E: std::fmt::Display>(
    given: Option<T>,
    question: &Ask,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Failure> {
    if let Some(given) = given {
        return Ok(given);
    }
    let parse = |text: &str| parse(text).map_err(|error| Failure(format!("error: {error}")));
    let Ask { what, flag, default } = question;
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return match default {
            Some(default) => parse(default),
            None => Err(Failure(format!("error: {flag} is needed where nobody can be asked"))),
        };
    }
    for _ in 0..MAX_TRIES {
        match default {
            Some(default) => anstream::eprint!("{what} [{default}]: "),
            None => anstream::eprint!("{what}: "),
        }
        let Some(line) = line()? else { break };
        let answer = if line.is_empty() { default.as_deref().unwrap_or_default() } else { &line };
        match parse(answer) {
            Ok(value) => return Ok(value),
            Err(Failure(message)) => anstream::eprintln!("{message}"),
        }
    }
    Err(Failure(format!("error: no {what} was given; nothing was written")))
}

/// One line without blanks around it; `None` at the end of input.
fn line() -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    let read = read.map_err(|error| Failure(format!("error: cannot read an answer: {error}")))?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}
