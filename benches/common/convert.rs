//! Sigma's rules as queries of other languages: reading, meaning, names of the fields, query, text.

use crosswalk::fields::{Catalog, View, Vocabulary};
use crosswalk::language::registry::{self, Dialect};
use crosswalk::query::Meaning;
use crosswalk::rule::{Logsource, Rule, RuleFile, RuleSet, Shape};

use super::corpus::Named;

/// The languages that a rule is written in, with the view whose names their fields have.
pub const LANGUAGES: &[(&str, View)] = &[
    ("datadog", View::Datadog),
    ("eql", View::Ecs),
    ("esql", View::Ecs),
    ("kql", View::Ecs),
    ("lucene", View::Ecs),
    ("sigma", View::Raw),
];

/// A language that this build has, with its view.
pub type Aim = (&'static dyn Dialect, View);

/// The languages of the names that this build has; what it lacks is said aloud.
pub fn aims(names: &[&str]) -> Vec<Aim> {
    let known = LANGUAGES.iter().filter(|(name, _)| names.contains(name));
    let found = known.filter_map(|&(name, view)| match registry::by_name(name) {
        Some(language) => Some((language, view)),
        None => {
            eprintln!("skipped: {name} (this build has no such language)");
            None
        }
    });
    found.collect()
}

/// Reads every file on this thread.
pub fn read(files: &[Named]) -> RuleSet {
    RuleSet::of(files.iter().map(|(name, text)| RuleFile::parse(name, text).0).collect())
}

/// What became of rules.
#[derive(Debug, Default)]
pub struct Tally {
    /// Queries written.
    pub written: usize,
    /// Their bytes, so that no compiler can leave out the work.
    pub bytes: usize,
    /// Rules that a language has no query for, counted once for each language.
    pub refused: usize,
}

/// Writes every rule in every language.
pub fn convert(rules: &RuleSet, aims: &[Aim]) -> Tally {
    let mut tally = Tally::default();
    for rule in rules.rules() {
        for text in one(rules, rule, aims) {
            match text {
                Some(text) => {
                    tally.written += 1;
                    tally.bytes += text.len();
                }
                None => tally.refused += 1,
            }
        }
    }
    tally
}

/// One rule in every language; `None` where it is refused.
pub fn one(rules: &RuleSet, rule: &Rule, aims: &[Aim]) -> Vec<Option<String>> {
    // A correlation is no query by itself: the platform's rule counts what its query finds.
    let Ok((Shape::Match(expr), logsource)) = rules.shape(rule, None) else {
        return vec![None; aims.len()];
    };
    let vocabulary = vocabulary(logsource);
    // Languages of one platform share the names of its fields.
    let views = View::ALL.map(|view| {
        let asked = aims.iter().any(|(_, own)| *own == view);
        let pushed = asked.then(|| vocabulary.push(expr.clone(), view).ok()).flatten();
        let meant = pushed.map(|pushed| {
            let schema = vocabulary.schema(view, &[&pushed.value]);
            (Meaning::Match(pushed.value), schema)
        });
        (view, meant)
    });
    let query = |&(language, view): &Aim| {
        let (meaning, schema) = views.iter().find(|(own, _)| *own == view)?.1.as_ref()?;
        Some(language.raise(meaning, &**schema).ok()?.value.print())
    };
    aims.iter().map(query).collect()
}

/// The catalogue of the log source where there is one, else the names as the rule has them.
fn vocabulary(logsource: &Logsource) -> Vocabulary {
    let Logsource { product, service, category, .. } = logsource;
    Catalog::for_logsource(product.as_deref(), service.as_deref(), category.as_deref())
        .map_or(Vocabulary::Unknown, Vocabulary::Catalogue)
}
