//! Writing YAML.

use serde_json::Value as Json;

/// YAML as rule authors indent it. The writer quotes whatever another reader could take for
/// another type.
pub fn write_yaml(document: &Json) -> String {
    let options = serde_yaml::ser_options! {
        indent_step: 4,
        compact_list_indent: false,
        // Folding would break addresses over lines.
        folded_wrap_chars: usize::MAX,
    };
    // INVARIANT: a JSON tree always serialises.
    serde_yaml::to_string_with_options(document, options).unwrap_or_default()
}
