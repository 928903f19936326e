//! Names for addresses.

/// The name of a rule as the platforms write it in addresses: lower case, every run of characters
/// that are neither letters nor digits one hyphen, none at the ends. A name without any letter or
/// digit gives `rule`, so that no address is empty.
///
/// Elastic's `detection_rules` names its pages so (facts of the page format, "slug"); Datadog
/// names them by the file of the rule, which follows the same habit.
pub fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "rule".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_holds_words_and_hyphens_only() {
        for (name, expected) in [
            ("AWS EC2 security group changed", "aws-ec2-security-group-changed"),
            ("  Login (no MFA) - via SSO_portal!", "login-no-mfa-via-sso-portal"),
            ("Anmeldung über Größe", "anmeldung-über-größe"),
            ("***", "rule"),
        ] {
            assert_eq!(slug(name), expected);
        }
    }
}
