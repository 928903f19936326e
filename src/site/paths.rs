//! Where pages live, below the root of the project, and how they link to each other.

/// The list of all rules.
pub const INDEX: &str = "docs/index.md";

/// The page of a rule; `name` is [`RulePage::name`](super::RulePage::name).
pub fn rule(name: &str) -> String {
    format!("docs/rules/{name}.md")
}

/// Elastic's page of a rule.
pub fn elastic(name: &str) -> String {
    format!("docs/elastic/{name}.md")
}

/// Datadog's page of a rule.
pub fn datadog(name: &str) -> String {
    format!("docs/datadog/{name}.md")
}

/// The page of a control framework.
pub fn control(framework: &str) -> String {
    format!("docs/controls/{framework}.md")
}

/// The link from one page to another, both given by their paths: `../rules/x.md`.
pub(super) fn relative(target: &str, here: &str) -> String {
    let target: Vec<&str> = target.split('/').collect();
    let mut folder: Vec<&str> = here.split('/').collect();
    folder.pop();
    let is_common = |(a, b): &(&&str, &&str)| a == b;
    let common = target.iter().zip(&folder).take_while(is_common).count();
    // A page's own folder as target would leave an empty link; its last part is then repeated.
    let common = common.min(target.len().saturating_sub(1));
    let up = std::iter::repeat_n("..", folder.len() - common);
    up.chain(target.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn links_lead_from_page_to_page() {
        for (target, here, link) in [
            ("docs/rules/a.md", "docs/index.md", "rules/a.md"),
            ("docs/index.md", "docs/rules/a.md", "../index.md"),
            ("docs/controls/c.md", "docs/rules/aws/ec2/a.md", "../../../controls/c.md"),
            ("docs/rules/b.md", "docs/rules/a.md", "b.md"),
            ("a", "b", "a"),
            ("", "", ""),
        ] {
            assert_eq!(relative(target, here), link, "{here} to {target}");
        }
    }
}
