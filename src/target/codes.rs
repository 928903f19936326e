//! Why a platform does not get a rule, or gets a different one.

crate::diagnostic::codes! {
    /// a platform cannot express a rule
    ///
    /// The reason names what has no counterpart. Crosswalk writes nothing for this platform
    /// instead of something that means less; give the platform a `condition` of its own, or do
    /// without the rule there: `accept: [{loss: refused, reason: …}]`.
    REFUSED = "not-expressible", Error;

    /// a translation detects something else than the rule
    ///
    /// The generated query misses events that the rule matches, or the relation is mixed. If that
    /// is wanted, say so in the platform's section: `accept: [{loss: …, reason: …}]`.
    UNACCEPTED_LOSS = "unaccepted-loss", Error;

    /// a translation detects more than the rule
    ///
    /// Every event of the rule is found, and others too: noise, not blindness.
    WIDER = "wider-translation", Warning;

    /// a variant's own condition disagrees with the rule on a test event
    ///
    /// The test says which event. If the platform is meant to differ, accept the relation with a
    /// reason: `narrower` where the platform misses events of the rule, `wider` where it finds
    /// others.
    VARIANT_DIFFERS = "variant-differs", Error;

    /// an accepted loss does not occur
    ///
    /// Nothing in the translation has this name any more. Remove the entry, so that it cannot
    /// hide a later loss.
    UNUSED_ACCEPT = "unused-accept", Warning;

    /// a built file is not what a build would make
    ///
    /// The rules, the configuration or the templates changed after the last build, or somebody
    /// edited the output. Run `crosswalk build` and commit what it writes.
    STALE = "stale-output", Error;

    /// a platform needs a field that the rule lacks
    INCOMPLETE = "incomplete-envelope", Error;

    /// a rule says what it is and not what it detects
    ///
    /// So are rules that were read from a documentation page without a query, and jobs of machine
    /// learning whose model lives elsewhere. A page can be made of such a rule, and nothing else.
    NO_QUERY = "no-query", Warning;

    /// a generated document breaks the platform's schema
    ///
    /// The document is checked before it is written. The path names the field; the value usually
    /// comes from the rule's section for the platform.
    INVALID_PAYLOAD = "invalid-payload", Error;
}
