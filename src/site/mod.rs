//! Documentation pages: Elastic's, Datadog's, and one's own for rules, their index and controls.
//!
//! Pages are made from data, never from rule text: a platform's page from the payload that goes to
//! the platform, so page and rule cannot part; the other pages from views ([`RulePage`],
//! [`IndexPage`], [`ControlPage`]) that can be printed as JSON. Layout stands in `templates/`,
//! compiled in and replaceable file by file ([`Templates::load`]). What layout cannot say (where
//! Markdown would take a title for markup, when YAML needs quotes, slugs, relative links) are
//! filters written here.
//!
//! Text of a rule is data and stays what it is: titles and names are escaped exactly where Markdown
//! would read them as something else, Markdown sections lose HTML and unsafe links, and template
//! variables of a platform (`{{@evt.name}}`) pass untouched, for no value is ever read as a
//! template.

pub mod codes;
mod control;
mod datadog;
mod elastic;
mod error;
mod filters;
mod headings;
mod index;
mod markdown;
pub mod paths;
mod rule;
mod rule_facts;
mod scalar;
mod slug;
mod tame;
mod target;
mod template;
mod written;

pub use control::{Claims, ControlPage, ControlRow, VersionClaims, control_page};
pub use datadog::{DatadogPage, datadog_page};
pub use elastic::elastic_page;
pub use error::{PageError, TemplateError};
pub use index::{IndexCell, IndexGroup, IndexPage, IndexRow, index_page};
pub use rule::{RulePage, TargetSection, rule_page};
pub use rule_facts::{AttackFact, ChangeFact, ControlFact, Dialect, EventFact, NumberRun};
pub use slug::slug;
pub use target::{ProofView, QueryView, TargetView, Translation};
pub use template::{MAX_PAGE_BYTES, Templates};
