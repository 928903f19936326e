//! What templates can call. `templates/README.md` describes every filter for their authors.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::scalar;
use super::{headings, markdown, paths, slug, tame};

/// Registers every filter.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("text", |raw: &str| markdown::text(raw));
    environment.add_filter("prose", |raw: &str| markdown::prose(raw));
    environment.add_filter("cell", |line: &str| markdown::cell(line));
    environment.add_filter("code", |raw: &str| markdown::code(raw));
    environment.add_filter("link", |label: &str, url: &str| markdown::link(label, url));
    environment.add_filter("address", |url: &str| markdown::address(url));
    environment.add_filter("fence", |code: &str, language: Option<&str>| {
        markdown::fence(code, language.unwrap_or_default())
    });
    environment.add_filter("section", |text: &str, level: usize| tame::section(text, level));
    environment.add_filter("unwrap", |text: &str| tame::unwrapped(text));
    environment.add_filter("embolden", |text: &str| headings::emboldened(text));
    environment.add_filter("relative", |target: &str, here: &str| paths::relative(target, here));
    environment.add_filter("slug", |name: &str| slug(name));
    environment.add_filter("front_matter", |entries: Value| front_matter(&entries));
}

/// A mapping as YAML, keys in alphabetical order; entries without a value are left out.
fn front_matter(entries: &Value) -> Result<String, Error> {
    let mut lines = Vec::new();
    for key in entries.try_iter()? {
        let value = entries.get_item(&key)?;
        let key = scalar::key(&markdown::one_line(key.as_str().unwrap_or_default()));
        lines.extend(entry(&key, &value)?.map(|line| (key, line)));
    }
    lines.sort();
    Ok(lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n"))
}

fn entry(key: &str, value: &Value) -> Result<Option<String>, Error> {
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        let mut lines = vec![format!("{key}:")];
        for item in value.try_iter()? {
            lines.extend(one(&item, 2)?.map(|item| format!("- {item}")));
        }
        return Ok((lines.len() > 1).then(|| lines.join("\n")));
    }
    let value = one(value, key.chars().count() + 2)?;
    Ok(value.map(|value| format!("{key}: {value}")))
}

fn one(value: &Value, column: usize) -> Result<Option<String>, Error> {
    match value.kind() {
        ValueKind::None => Ok(None),
        // The library shows booleans as Python does.
        ValueKind::Bool => Ok(Some(value.is_true().to_string())),
        ValueKind::Number => Ok(Some(value.to_string())),
        ValueKind::String => {
            let text = markdown::one_line(value.as_str().unwrap_or_default());
            Ok(Some(scalar::scalar(&text, column)))
        }
        kind => {
            let message = format!("front matter holds texts and lists of texts, not a {kind}");
            Err(Error::new(ErrorKind::InvalidOperation, message))
        }
    }
}
