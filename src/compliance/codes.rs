//! What an audit can find.

crate::diagnostic::codes! {
    /// a demanded event is found by no rule, or only under further conditions
    ///
    /// The audit has an event that the control asks for and that no rule finds. A narrowed part is found
    /// under conditions that the control does not have, such as success.
    COVERAGE_GAP = "coverage-gap", Warning;

    /// a rule claims a control that it does not cover, or covers one that it does not claim
    ///
    /// Claims are held against what the query matches, part by part.
    CONTROL_CLAIM = "control-claim", Warning;
}
