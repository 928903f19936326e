//! Codes of what is found while the tests of rules are run.

crate::diagnostic::codes! {
    /// a test event does not get its verdict from a generated query
    ///
    /// The rule itself gives the right verdict, but the query that a platform gets does not, as it
    /// is written and as the platform holds the event. Either the translation has changed the
    /// meaning, or the platform's section asks for it: then the section says so with `accept:`.
    ///
    /// ```yaml
    /// # bad: the platform has a narrower condition, and the test does not know
    /// elastic: {condition: calls and succeeded}
    /// tests: [{name: a refused call matches, match: true, event: {errorCode: AccessDenied}}]
    /// ```
    ///
    /// ```yaml
    /// # good
    /// elastic: {condition: calls and succeeded, accept: [{loss: narrower, reason: ...}]}
    /// ```
    FAILING_ON_TARGET = "failing-on-target", Error;

    /// a rule cannot be tested by single events
    ///
    /// The rule asks for several events that belong together, or stands only in the language of a
    /// platform in a form that single events cannot decide. Its tests are not run.
    NOT_TESTABLE = "not-testable", Warning;
}
