//! HCL as the tree that all formats share.

use hcl_edit::expr::{Expression, FuncCall, ObjectKey};
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::{Element, Template};
use hcl_edit::{Number, Span as _};

use super::template::{refuse_template, unescaped};
use super::{Arguments, File, META, is_rule, meta};
use crate::diagnostic::Findings;
use crate::import::codes;
use crate::import::tree::{Data, Member, Node, Text};
use crate::source::{Span, Spanned};

/// Reads every block of a configuration. The parser bounds the nesting at 64 levels.
pub(super) fn read(text: &str, file: &mut File, findings: &mut Findings) {
    let body = match parse_body(text) {
        Ok(body) => body,
        Err(error) => {
            let at = error.location().offset().min(text.len());
            let at = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            let message = format!("this is no valid HCL: {}", error.message().trim());
            findings.add(&codes::IMPORT_SYNTAX, Span::new(at, at), message);
            return;
        }
    };
    for block in body.blocks() {
        let span = span(block.span());
        let labels: Vec<&str> =
            block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
        match (block.ident.as_str(), &labels[..]) {
            ("resource", [resource, name]) if is_rule(resource) => {
                let mut reader = Reader { text, findings, arguments: Arguments::default() };
                reader.resource(&block.body);
                let arguments = reader.arguments;
                file.rule(resource, name, span, arguments, findings);
            }
            ("resource", [resource, ..]) => file.not_read(resource, span),
            (kind, _) => file.not_read(kind, span),
        }
    }
    for attribute in body.attributes() {
        file.not_read(attribute.key.as_str(), span(attribute.span()));
    }
}

fn span(range: Option<std::ops::Range<usize>>) -> Span {
    range.map_or(Span::default(), |range| Span::new(range.start, range.end))
}

struct Reader<'t, 'f> {
    text: &'t str,
    findings: &'f mut Findings,
    arguments: Arguments,
}

impl Reader<'_, '_> {
    fn resource(&mut self, body: &Body) {
        for structure in body {
            let (name, at) = match structure {
                Structure::Attribute(attribute) => (attribute.key.as_str(), attribute.span()),
                Structure::Block(block) => (block.ident.as_str(), block.span()),
            };
            if META.contains(&name) {
                let place = span(at);
                let written = self.text.get(place.start..place.end).unwrap_or_default();
                self.arguments.meta.push(meta(name, place, written));
            } else if let Some(member) = self.member(structure) {
                self.arguments.members.push(member);
            }
        }
    }

    /// An attribute or a block; `None` if anything in it is refused.
    fn member(&mut self, structure: &Structure) -> Option<Member> {
        match structure {
            Structure::Attribute(attribute) => {
                let key = spanned(attribute.key.as_str(), attribute.key.span());
                Some(Member { key, value: self.value(&attribute.value)? })
            }
            Structure::Block(block) => self.block(block),
        }
    }

    fn block(&mut self, block: &Block) -> Option<Member> {
        let key = spanned(block.ident.as_str(), block.ident.span());
        if !block.labels.is_empty() {
            let message = format!("only Terraform can work out `{}` blocks with a label", *key);
            return self.refuse(key.span, message);
        }
        // All of them are read, so that every fault of a block is told at once.
        let members: Vec<_> = block.body.iter().map(|inner| self.member(inner)).collect();
        let data = Data::Object(members.into_iter().collect::<Option<_>>()?);
        Some(Member { key, value: Node { span: span(block.span()), data } })
    }

    fn refuse<T>(&mut self, place: Span, message: String) -> Option<T> {
        self.arguments.refused = true;
        let help = "write the value itself: only what stands in the file is read";
        self.findings.add(&codes::IMPORT_SYNTAX, place, message).help(help);
        None
    }

    fn value(&mut self, expression: &Expression) -> Option<Node> {
        let place = span(expression.span());
        let data = match expression {
            Expression::Null(_) => Data::Null,
            Expression::Bool(value) => Data::Bool(*value.value()),
            Expression::Number(number) => Data::Number(json_number(number.value())?),
            Expression::String(text) => {
                Data::Text(Text::new(text.value().clone(), self.text, place.start + 1))
            }
            Expression::StringTemplate(template) => Data::Text(self.template(template, place)?),
            Expression::HeredocTemplate(heredoc) => {
                // For the refusals; the text itself is taken from the file.
                self.template(&heredoc.template, place)?;
                Data::Text(self.heredoc(&heredoc.template, place))
            }
            Expression::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                Data::List(items.into_iter().collect::<Option<_>>()?)
            }
            Expression::Object(object) => {
                let entries: Vec<_> = object
                    .iter()
                    .map(|(key, value)| {
                        let key = self.key(key);
                        let value = self.value(value.expr());
                        Some(Member { key: key?, value: value? })
                    })
                    .collect();
                Data::Object(entries.into_iter().collect::<Option<_>>()?)
            }
            Expression::Parenthesis(inner) => return self.value(inner.inner()),
            Expression::FuncCall(call) => return self.call(call, place),
            _ => return self.computed(place),
        };
        Some(Node { span: place, data })
    }

    fn computed(&mut self, place: Span) -> Option<Node> {
        let written = self.text.get(place.start..place.end).unwrap_or_default().trim();
        let written = written.lines().next().unwrap_or_default();
        self.refuse(place, format!("only Terraform can work out `{written}`"))
    }

    fn key(&mut self, key: &ObjectKey) -> Option<Spanned<String>> {
        match key {
            ObjectKey::Ident(ident) => Some(spanned(ident.as_str(), ident.span())),
            ObjectKey::Expression(expression) => {
                let node = self.value(expression)?;
                match node.data {
                    Data::Text(text) => Some(Spanned::new(text.value, node.span)),
                    _ => self.refuse(node.span, "a key must be a text".to_owned()),
                }
            }
        }
    }

    /// The text of a template that holds nothing but text.
    fn template(&mut self, template: &Template, place: Span) -> Option<Text> {
        let mut value = String::new();
        let mut start = None;
        for element in template {
            match element {
                Element::Literal(literal) => {
                    start.get_or_insert(span(literal.span()).start);
                    value.push_str(literal);
                }
                Element::Interpolation(_) | Element::Directive(_) => {
                    self.arguments.refused = true;
                    let at = element.span().map_or(place, |range| span(Some(range)));
                    refuse_template(at, self.findings);
                    return None;
                }
            }
        }
        Some(Text::new(value, self.text, start.unwrap_or(place.start)))
    }

    /// The text of a heredoc of nothing but text. The parser's own way to take the indentation off
    /// differs from Terraform's at lines of blanks and at tabs.
    fn heredoc(&self, template: &Template, place: Span) -> Text {
        let inner = span(template.span());
        let raw = self.text.get(inner.start..inner.end).unwrap_or_default();
        let indented = self.text.get(place.start..).is_some_and(|rest| rest.starts_with("<<-"));
        let text = if indented { dedented(raw) } else { raw.to_owned() };
        let blank = raw.find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
        let kept = text.find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
        let start = inner.start + blank.saturating_sub(kept);
        Text::new(unescaped(&text).unwrap_or(text), self.text, start)
    }

    /// The functions whose value follows from what is written.
    fn call(&mut self, call: &FuncCall, place: Span) -> Option<Node> {
        let function = call.name.name.as_str();
        let known = ["chomp", "trimspace", "jsonencode", "tolist", "toset"];
        let mut arguments = call.args.iter();
        let (Some(argument), None, true) =
            (arguments.next(), arguments.next(), known.contains(&function))
        else {
            return self.computed(place);
        };
        let node = self.value(argument)?;
        let data = match (function, node.data) {
            ("chomp", Data::Text(Text { value, start })) => {
                let value = value.trim_end_matches(['\n', '\r']).to_owned();
                Data::Text(Text { value, start })
            }
            ("trimspace", Data::Text(Text { value, start })) => {
                let blank = value.len() - value.trim_start().len();
                let start = start.map(|start| start + blank);
                Data::Text(Text { value: value.trim().to_owned(), start })
            }
            ("jsonencode", data) => {
                let value = Node { span: node.span, data }.to_json().to_string();
                Data::Text(Text { value, start: None })
            }
            ("tolist" | "toset", Data::List(items)) => Data::List(items),
            _ => return self.computed(place),
        };
        Some(Node { span: place, data })
    }
}

/// A text without the indentation that all its lines share. Lines of nothing but blanks neither
/// count nor lose any: so Terraform 1.11 does it.
fn dedented(text: &str) -> String {
    let blanks = |line: &str| line.chars().take_while(|letter| letter.is_whitespace()).count();
    let is_blank = |line: &str| line.trim().is_empty();
    let lines = text.split_inclusive('\n');
    let least = lines.clone().filter(|line| !is_blank(line)).map(blanks).min().unwrap_or(0);
    let line = |line: &str| match is_blank(line) {
        true => line.to_owned(),
        false => line.chars().skip(least).collect(),
    };
    lines.map(line).collect()
}

fn spanned(text: &str, range: Option<std::ops::Range<usize>>) -> Spanned<String> {
    Spanned::new(text.to_owned(), span(range))
}

/// HCL's numbers are those of JSON, and a whole one stays whole.
fn json_number(number: &Number) -> Option<serde_json::Number> {
    let whole = number.as_i64().map(Into::into).or_else(|| number.as_u64().map(Into::into));
    whole.or_else(|| serde_json::Number::from_f64(number.as_f64()?))
}
