//! What an import has to say.

crate::diagnostic::codes! {
    /// a foreign document cannot be read
    ///
    /// The text breaks the grammar of its format, or holds something that only another program
    /// could work out, such as a reference to a variable of Terraform. What stands at this place
    /// is not imported; other rules of the same file are.
    IMPORT_SYNTAX = "import-syntax", Error;

    /// a field of a foreign document is not what the platform takes
    ///
    /// The field has another type than the platform's API gives it, or stands where nothing reads
    /// it. It is kept as it is, in the `patch` of the platform's section.
    IMPORT_FIELD = "import-field", Warning;

    /// a foreign file holds something that is no part of a rule
    ///
    /// Exceptions, for example, change what a rule reports without being in it. What belongs to a
    /// rule is kept beside it; the rest is left out.
    IMPORT_BESIDE = "import-beside", Warning;

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
