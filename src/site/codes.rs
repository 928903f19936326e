//! What can be wrong with pages.

crate::diagnostic::codes! {
    /// a template cannot be read or filled in
    ///
    /// The template breaks the grammar of Jinja, names a variable, filter or template that does
    /// not exist, or never comes to an end. The place is the line of the template file.
    /// `templates/README.md` lists what each template is given.
    TEMPLATE = "template", Error;

    /// a page cannot be made from a rule
    ///
    /// The payload of the platform lacks a field that every page shows, or holds one of the wrong
    /// type.
    PAGE = "page", Error;
}
