//! Log sources on the command line.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::create::scalar;
use crate::diagnostic::closest;
use crate::rule::Logsource;

/// The parts of a log source in the order of Sigma's specification, which is that of the alphabet.
const PARTS: [&str; 3] = ["category", "product", "service"];

/// The records of AWS CloudTrail.
const CLOUDTRAIL: [(&str, &str); 2] = [("product", "aws"), ("service", "cloudtrail")];

/// A log source as the command line takes it: part → value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source(BTreeMap<&'static str, String>);

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no log source; \
                 write `aws/cloudtrail` or `product=windows,category=process_creation`"
            )
        };
        let pairs: Option<Vec<(&str, &str)>> = match text.split_once('/') {
            Some((product, service)) => Some(vec![("product", product), ("service", service)]),
            None => text.split(',').map(|part| part.split_once('=')).collect(),
        };
        let mut parts = BTreeMap::new();
        for (key, value) in pairs.ok_or_else(wrong)? {
            let part = PARTS.into_iter().find(|part| *part == key).ok_or_else(wrong)?;
            let is_word = value.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
            let before = parts.insert(part, value.to_owned());
            if value.is_empty() || !is_word || before.is_some() {
                return Err(wrong());
            }
        }
        Ok(Self(parts))
    }
}

impl Source {
    /// Category, product and service, as far as they are given.
    pub(super) fn parts(&self) -> [Option<&str>; 3] {
        PARTS.map(|part| self.0.get(part).map(String::as_str))
    }

    /// Whether these are the records of AWS CloudTrail.
    pub(super) fn is_cloudtrail(&self) -> bool {
        self.0.iter().map(|(part, value)| (*part, value.as_str())).eq(CLOUDTRAIL)
    }

    /// As a person would write it: `aws/cloudtrail`, or `category=process_creation,product=windows`.
    pub(super) fn words(&self) -> String {
        let parts: Vec<(&str, &str)> =
            self.0.iter().map(|(key, value)| (*key, value.as_str())).collect();
        if let [("product", product), ("service", service)] = parts[..] {
            return format!("{product}/{service}");
        }
        parts.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
    }

    /// What the author should know of a source whose fields nobody has listed: its template does
    /// without two platforms, and a slip of the pen looks the same.
    pub(super) fn unlisted(&self) -> Option<String> {
        if self.is_cloudtrail() {
            return None;
        }
        let words = self.words();
        let [(_, product), (_, service)] = CLOUDTRAIL;
        let listed = format!("{product}/{service}");
        let meant = closest(&words, [listed.as_str()]);
        let meant = meant.map_or_else(String::new, |meant| format!(" Did you mean `{meant}`?"));
        Some(format!(
            "note: no field catalogue knows `{words}`, so the rule says that Elastic and Datadog go \
             without it.{meant}"
        ))
    }

    /// The same as rules have it.
    pub(super) fn logsource(&self) -> Logsource {
        let part = |name: &str| self.0.get(name).cloned();
        Logsource {
            category: part("category"),
            product: part("product"),
            service: part("service"),
            ..Logsource::default()
        }
    }

    /// The value of `logsource`, in one line.
    pub(super) fn yaml(&self) -> String {
        let parts: Vec<String> =
            self.0.iter().map(|(key, value)| format!("{key}: {}", scalar(value))).collect();
        format!("{{{}}}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_sources_are_read_as_sigma_orders_them() {
        let yaml = |text: &str| Source::from_str(text).map(|source| source.yaml());
        assert_eq!(yaml("aws/cloudtrail").as_deref(), Ok("{product: aws, service: cloudtrail}"));
        assert_eq!(
            yaml("product=windows,category=process_creation").as_deref(),
            Ok("{category: process_creation, product: windows}")
        );
        for wrong in ["", "/", "aws", "aws/", "a/b/c", "product=a,product=b", "vendor=x", "a/b:c"] {
            assert!(yaml(wrong).is_err(), "{wrong}");
        }
    }
}
