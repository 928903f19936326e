//! Templates in the strings of Terraform's JSON syntax: every one may hold `${...}` and `%{...}`,
//! which Terraform works out, and `$${` and `%%{`, which stand for the two letters themselves.

use super::{Arguments, META, meta};
use crate::diagnostic::Findings;
use crate::import::codes;
use crate::import::tree::{Data, Member, Node, Text};
use crate::source::Span;

/// The arguments of a resource, texts resolved.
pub(super) fn arguments(node: &Node, findings: &mut Findings) -> Arguments {
    let mut arguments = Arguments::default();
    let nodes = node.items().unwrap_or(std::slice::from_ref(node));
    for member in nodes.iter().filter_map(Node::members).flatten() {
        let name = member.key.value.as_str();
        if name == "//" {
            continue;
        }
        if META.contains(&name) {
            let text = member.value.to_json().to_string();
            arguments.meta.push(meta(name, member.key.span, &text));
            continue;
        }
        if name == "dynamic" {
            let message = "only Terraform can work out `dynamic` blocks";
            findings.add(&codes::IMPORT_SYNTAX, member.key.span, message);
            arguments.refused = true;
            continue;
        }
        match resolved(&member.value, findings) {
            Some(value) => arguments.members.push(Member { key: member.key.clone(), value }),
            None => arguments.refused = true,
        }
    }
    arguments
}

/// A value with its texts resolved; every text that cannot be is a finding.
fn resolved(node: &Node, findings: &mut Findings) -> Option<Node> {
    let data = match &node.data {
        Data::Text(text) => Data::Text(literal(text, node.span, findings)?),
        Data::List(items) => {
            let items: Vec<_> = items.iter().map(|item| resolved(item, findings)).collect();
            Data::List(items.into_iter().collect::<Option<_>>()?)
        }
        Data::Object(members) => {
            let members = members.iter().filter(|member| member.key.value != "//");
            let resolve = |member: &Member| {
                let value = resolved(&member.value, findings)?;
                Some(Member { key: member.key.clone(), value })
            };
            let members: Vec<_> = members.map(resolve).collect();
            Data::Object(members.into_iter().collect::<Option<_>>()?)
        }
        scalar => scalar.clone(),
    };
    Some(Node { span: node.span, data })
}

fn literal(text: &Text, span: Span, findings: &mut Findings) -> Option<Text> {
    match unescaped(&text.value) {
        Ok(value) => {
            let start = text.start.filter(|_| value == text.value);
            Some(Text { value, start })
        }
        Err(at) => {
            let place = text.start.map_or(span, |start| Span::new(start + at, start + at + 2));
            refuse_template(place, findings);
            None
        }
    }
}

/// Says that a template is worked out by Terraform.
pub(super) fn refuse_template(place: Span, findings: &mut Findings) {
    let message = "only Terraform can work out what stands here";
    findings
        .add(&codes::IMPORT_SYNTAX, place, message)
        .help("write the value itself, or `$${` for the letters `${`");
}

/// The text of a template without escapes; the offset of the first part that is no text.
pub(super) fn unescaped(template: &str) -> Result<String, usize> {
    let mut text = String::with_capacity(template.len());
    let mut at = 0;
    while let Some(found) = template[at..].find(['$', '%']) {
        let mark = at + found;
        let rest = &template[mark..];
        text.push_str(&template[at..mark]);
        if rest.starts_with("${") || rest.starts_with("%{") {
            return Err(mark);
        }
        // The doubled sign before a brace stands for one; any other sign for itself.
        let escaped = rest.starts_with("$${") || rest.starts_with("%%{");
        text.push_str(&rest[..1]);
        // What follows the sign, or the two signs.
        at = mark + if escaped { 2 } else { 1 };
    }
    text.push_str(&template[at..]);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn doubled_signs_stand_for_themselves() {
        for (template, text) in [
            ("plain $ and 5 % and {{@x}}", Ok("plain $ and 5 % and {{@x}}")),
            ("$${a} %%{b}", Ok("${a} %{b}")),
            ("$$ %% $$a", Ok("$$ %% $$a")),
            ("a ${b}", Err(2)),
            ("%{ if c }", Err(0)),
            ("$$$${", Ok("$$${")),
        ] {
            assert_eq!(unescaped(template), text.map(str::to_owned), "{template}");
        }
    }
}
