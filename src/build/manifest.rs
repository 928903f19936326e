//! `manifest.json`: which inputs made which outputs, with their hashes, and what is proven of every
//! query.

use std::path::Path;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::BuiltRule;
use crate::config::Config;
use crate::rule::RuleSet;
use crate::target::Artifact;

/// The path of the manifest below the output folder.
pub const MANIFEST: &str = "manifest.json";

/// The manifest of a build. Input paths are relative to the folder of the configuration, so that
/// the manifest is the same on every machine.
pub(super) fn manifest(
    set: &RuleSet,
    config: &Config,
    outputs: &[Artifact],
    rules: &[BuiltRule],
) -> Artifact {
    let relative = |name: &str| relative(&config.root, name);
    let inputs = set
        .files()
        .iter()
        .map(|file| entry(&relative(file.source.name()), file.source.text().as_bytes()));
    let certificates = rules.iter().flat_map(|rule| {
        rule.certificates.iter().map(|(target, certificate)| {
            json!({"rule": rule.name, "target": target.name(), "proven": certificate})
        })
    });
    let outputs = outputs.iter().map(|artifact| entry(&artifact.path, &artifact.bytes));
    let manifest = json!({
        "generator": concat!("crosswalk ", env!("CARGO_PKG_VERSION")),
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
        "certificates": certificates.collect::<Vec<_>>(),
    });
    Artifact::json(MANIFEST, &manifest)
}

/// The path of a file below the folder of the configuration, however it was typed; a file elsewhere
/// keeps the name that it was given.
fn relative(root: &Path, name: &str) -> String {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let below = || {
        let (root, path) = (root.canonicalize().ok()?, Path::new(name).canonicalize().ok()?);
        Some(path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))
    };
    below().unwrap_or_else(|| name.to_owned())
}

fn entry(path: &str, bytes: &[u8]) -> Json {
    json!({"path": path, "sha256": sha256(bytes)})
}

/// The hash in lower-case hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
