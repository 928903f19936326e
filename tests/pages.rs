//! Documentation pages, held against real ones and against golden files.
//!
//! Real pages are read by readers that exist for these tests only: they turn a page into the
//! payload that it shows, and the page made from that payload must be the page again.

#[path = "pages/datadog_reader.rs"]
mod datadog_reader;
#[path = "pages/elastic_reader.rs"]
mod elastic_reader;
#[path = "pages/golden.rs"]
mod golden;
#[path = "pages/hostile.rs"]
mod hostile;
#[path = "pages/real.rs"]
mod real;
#[path = "pages/templates.rs"]
mod templates;
