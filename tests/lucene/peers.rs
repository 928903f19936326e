//! Queries that another program wrote.

use std::path::Path;
use std::process::Command;

/// Every query that pySigma printed, with its rule: text to read, no truth.
pub(crate) fn printed_by_pysigma(corpora: &Path) -> Vec<(String, String)> {
    let directory = corpora.join("sigma-truth/peer-output");
    let mut queries = Vec::new();
    for file in ["expected-lucene.tsv.gz", "expected-lucene-ecs_windows.tsv.gz"] {
        for line in unpacked(&directory.join(file)).lines() {
            if let [rule, _, "ok", query] = line.split('\t').collect::<Vec<_>>()[..] {
                let query = serde_json::from_str(query).expect("a JSON string");
                queries.push((rule.to_owned(), query));
            }
        }
    }
    queries
}

/// The text of a gzip file, by the system's `gzip`.
fn unpacked(path: &Path) -> String {
    let output = Command::new("gzip").arg("-dc").arg(path).output().expect("gzip runs");
    assert!(output.status.success(), "{}", path.display());
    String::from_utf8(output.stdout).expect("UTF-8")
}
