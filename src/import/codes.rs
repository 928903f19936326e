//! What can be wrong with a document of another platform.

crate::diagnostic::codes! {
    /// a document of another platform cannot be read
    ///
    /// It is not written as its format demands, or it is none of the documents that are read as
    /// rules. No rule comes of it; other rules of the same file do.
    IMPORT_SYNTAX = "import-syntax", Error;

    /// a field of another platform's document is not as the platform has it
    ///
    /// The value is kept as it is, and the platform may refuse it or read it as something else.
    IMPORT_FIELD = "import-field", Warning;

    /// a file of another platform holds something that is no part of a rule
    ///
    /// Exceptions, for example, change what a rule reports without being in it. What belongs to a
    /// rule is kept beside it; the rest is left out.
    IMPORT_BESIDE = "import-beside", Warning;
}
