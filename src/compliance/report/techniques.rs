//! Techniques of ATT&CK, for people: with what stands behind each, and what is wrong with tags.

use std::fmt::Write;

use super::csv::line;
use super::markdown::{table as markdown_table, text};
use super::terminal::table;
use crate::compliance::{AttackCoverage, AttackGrade};

/// One row for each technique.
fn rows(coverage: &AttackCoverage) -> Vec<Vec<String>> {
    let head = ["technique", "name", "tactics", "evidence", "rules"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for row in &coverage.techniques {
        rows.push(vec![
            row.technique.id.to_owned(),
            row.technique.name.to_owned(),
            row.technique.tactics.join(", "),
            row.grade.name().to_owned(),
            row.rules.len().to_string(),
        ]);
    }
    rows
}

/// For a terminal.
pub fn techniques(coverage: &AttackCoverage) -> String {
    let mut out = table(&rows(coverage));
    if !coverage.problems.is_empty() {
        out.push_str("\nwrong tags\n");
    }
    for problem in &coverage.problems {
        let _ = writeln!(out, "  {}: {}: {}", problem.rule, problem.tag, problem.message);
    }
    out
}

/// As Markdown.
pub fn techniques_markdown(coverage: &AttackCoverage) -> String {
    let mut out = format!("# Techniques of ATT&CK v{}\n\n", coverage.version);
    let _ = writeln!(
        out,
        "No query can show that it finds a technique. *Claimed* is a tag alone, *consistent* a tag beside a tactic of the \
         technique, *tested* a rule with a test event that it matches, too.\n"
    );
    let _ = writeln!(out, "{}.\n", text(&techniques_summary(coverage)));
    out.push_str(&markdown_table(&rows(coverage)));
    if !coverage.problems.is_empty() {
        out.push_str("\n## Wrong tags\n\n");
        let head = ["rule", "tag", "what is wrong"].map(str::to_owned).to_vec();
        let rows = coverage.problems.iter();
        let rows = rows.map(|one| vec![one.rule.clone(), one.tag.clone(), one.message.clone()]);
        out.push_str(&markdown_table(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    }
    out
}

/// As CSV, one row for each technique and rule.
pub fn techniques_csv(coverage: &AttackCoverage) -> String {
    let head = ["attack", "technique", "name", "tactics", "rule", "evidence"];
    let mut out = line(head.map(str::to_owned));
    for row in &coverage.techniques {
        for (rule, grade) in &row.rules {
            out.push_str(&line([
                coverage.version.to_owned(),
                row.technique.id.to_owned(),
                row.technique.name.to_owned(),
                row.technique.tactics.join(" "),
                rule.clone(),
                grade.name().to_owned(),
            ]));
        }
    }
    out
}

/// The numbers in one line.
pub fn techniques_summary(coverage: &AttackCoverage) -> String {
    let problems = match coverage.problems.len() {
        0 => String::new(),
        1 => "; 1 tag is wrong".to_owned(),
        some => format!("; {some} tags are wrong"),
    };
    format!(
        "ATT&CK v{}: {} of {} techniques have a rule: {} with a tactic that agrees, {} with a test event{problems}",
        coverage.version,
        coverage.techniques.len(),
        coverage.active,
        coverage.at_least(AttackGrade::Consistent),
        coverage.at_least(AttackGrade::Tested),
    )
}
