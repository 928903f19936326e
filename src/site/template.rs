//! The templates: compiled in, replaceable file by file, and never trusted.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use ignore::WalkBuilder;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use super::{TemplateError, filters};
use crate::source::SourceFile;

/// Largest page that a template may make. The longest page of a platform has 60 kB.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// Instructions that one page may take: an index of 5,000 rules takes about a million.
const FUEL: u64 = 20_000_000;

/// Deepest nesting of includes, macros and blocks, in minijinja's units (an include counts ten).
const RECURSION: usize = 200;

/// What the name of a template file ends in.
const SUFFIX: &str = ".jinja";

/// The folder under which the compiled-in templates stay reachable when they are replaced.
const BUILT_IN: &str = "builtin/";

/// How deep a folder of templates is searched, and how many files it may hold.
const MAX_DEPTH: usize = 8;
const MAX_FILES: usize = 1000;

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

static SHIPPED: &[(&str, &str)] = shipped![
    "control.md.jinja",
    "datadog.md.jinja",
    "elastic.md.jinja",
    "index.md.jinja",
    "part/translation.jinja",
    "rule.md.jinja",
];

/// The templates of all pages.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    sources: BTreeMap<String, Arc<SourceFile>>,
}

impl Templates {
    /// The shipped templates. A file of the same relative path in `user_dir` takes the place of a
    /// shipped one, which stays reachable as `builtin/NAME` (to be extended or included); other
    /// files that end in `.jinja` can be included too. Every file is compiled, and every fault is
    /// told.
    pub fn load(user_dir: Option<&Path>) -> Result<Self, Vec<TemplateError>> {
        let mut sources = BTreeMap::new();
        for (name, text) in SHIPPED {
            let source = SourceFile::new(format!("templates/{name}"), *text);
            sources.insert(format!("{BUILT_IN}{name}"), Arc::clone(&source));
            sources.insert((*name).to_owned(), source);
        }
        let mut errors = Vec::new();
        if let Some(folder) = user_dir {
            read_folder(folder, &mut sources, &mut errors);
        }
        let mut templates = Self { environment: environment(), sources };
        for (name, source) in &templates.sources {
            let text = source.text().to_owned();
            if let Err(error) = templates.environment.add_template_owned(name.clone(), text) {
                errors.push(template_error(&templates.sources, &error, name));
            }
        }
        if errors.is_empty() {
            Ok(templates)
        } else {
            errors.sort_by(|a, b| (a.source.name(), a.line).cmp(&(b.source.name(), b.line)));
            Err(errors)
        }
    }

    /// The names of the shipped templates, each of which a file of the user may replace.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Fills in a template.
    pub(super) fn render(&self, name: &str, context: Value) -> Result<String, TemplateError> {
        let error = |error: &minijinja::Error| template_error(&self.sources, error, name);
        let template = self.environment.get_template(name).map_err(|e| error(&e))?;
        let mut page = Page(Vec::new());
        template.render_captured_to(context, &mut page).map_err(|e| error(&e))?;
        // INVARIANT: minijinja writes whole strings, so the bytes are UTF-8.
        Ok(String::from_utf8_lossy(&page.0).into_owned())
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    if let Ok(syntax) = syntax {
        environment.set_syntax(syntax);
    }
    // Pages are Markdown: HTML escapes would show in code, and the filters keep text safe.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(RECURSION);
    // Debug mode would put template text into messages, in debug builds only.
    environment.set_debug(false);
    filters::add(&mut environment);
    environment
}

/// Adds the files of a folder, in order of their names.
fn read_folder(
    folder: &Path,
    sources: &mut BTreeMap<String, Arc<SourceFile>>,
    errors: &mut Vec<TemplateError>,
) {
    let shown = folder.display().to_string();
    let whole = |message: String| TemplateError {
        source: SourceFile::new(shown.as_str(), ""),
        line: None,
        message,
    };
    let walk = WalkBuilder::new(folder)
        .standard_filters(false)
        .max_depth(Some(MAX_DEPTH))
        .sort_by_file_name(|a, b| a.cmp(b))
        .build();
    for (count, entry) in walk.enumerate() {
        if count > MAX_FILES {
            errors.push(whole(format!("a folder of templates may hold {MAX_FILES} files")));
            return;
        }
        match entry {
            Err(error) => errors.push(whole(error.to_string())),
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let Some(name) = template_name(entry.path(), folder) else { continue };
                let path = format!("{}/{name}", shown.trim_end_matches('/'));
                match SourceFile::read(entry.path(), &path) {
                    Err(error) => errors.push(whole(error.to_string())),
                    Ok(_) if name.starts_with(BUILT_IN) => errors.push(whole(format!(
                        "`{name}` cannot be used: `{BUILT_IN}` holds the shipped templates"
                    ))),
                    Ok(source) => {
                        sources.insert(name, source);
                    }
                }
            }
            Ok(_) => {}
        }
    }
}

/// The name of a template file: its path in the folder, with slashes on every system.
fn template_name(path: &Path, folder: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(folder).ok()?.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/")).filter(|name| name.ends_with(SUFFIX))
}

/// The innermost error that has a place: one inside an included file rather than at the include.
fn template_error(
    sources: &BTreeMap<String, Arc<SourceFile>>,
    error: &minijinja::Error,
    name: &str,
) -> TemplateError {
    let mut inner = error;
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(cause) = cause.downcast_ref::<minijinja::Error>().filter(|e| e.line().is_some())
        {
            inner = cause;
        }
        next = cause.source();
    }
    let name = inner.name().unwrap_or(name);
    let source = sources.get(name).cloned().unwrap_or_else(|| SourceFile::new(name, ""));
    TemplateError { message: message(inner, &source), line: inner.line(), source }
}

fn message(error: &minijinja::Error, source: &SourceFile) -> String {
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    match error.kind() {
        ErrorKind::OutOfFuel => format!("the template does not come to an end in {FUEL} steps"),
        ErrorKind::WriteFailure => {
            format!("the page is larger than {} MiB", MAX_PAGE_BYTES >> 20)
        }
        // The library names the place of an undefined value, not the value.
        ErrorKind::UndefinedError => match error.range().and_then(|at| source.text().get(at)) {
            Some(expression) => format!("`{}` is not defined", expression.trim()),
            None => detail,
        },
        _ => detail.trim_end_matches('.').to_owned(),
    }
}

/// Takes a page as far as it is not too large.
struct Page(Vec<u8>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_PAGE_BYTES {
            return Err(io::Error::other("the page is too large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
