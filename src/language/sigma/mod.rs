//! placeholder, replaced by the language's own module.
