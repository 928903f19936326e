//! What can be wrong with foreign rule documents.

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
    /// it. It is kept as it is, so that nothing gets lost; the imported rule shows it.
    IMPORT_FIELD = "import-field", Warning;
}
