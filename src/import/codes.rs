//! What an import has to say.

crate::diagnostic::codes! {
    /// a foreign document cannot be read
    ///
    /// It is no JSON, TOML, HCL or page, or a part of it is none. The place is where reading
    /// stopped.
    IMPORT_SYNTAX = "import-syntax", Error;

    /// a field of a foreign document is of an unexpected type
    ///
    /// It is kept as it is, in the `patch` of the platform's section.
    IMPORT_FIELD = "import-field", Warning;

    /// a file is of no kind that can be imported
    ///
    /// Crosswalk tells the kinds apart by what stands in the file. `--from` says it where that is
    /// not enough.
    UNKNOWN_KIND = "unknown-kind", Error;

    /// a query stays in the platform's own language
    ///
    /// What it asks for cannot be said as a detection, for the reason given. The rule is imported
    /// whole, with the query as it is in the `patch` of the platform's section: it can be built for
    /// that platform, and for no other.
    NATIVE_QUERY = "native-query", Warning;

    /// a rule without a query was imported
    ///
    /// So are documentation pages that show no query, and jobs of machine learning. The envelope is
    /// all there is.
    ENVELOPE_ONLY = "envelope-only", Warning;
}
