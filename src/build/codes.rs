//! What a build finds out by proof.

crate::diagnostic::codes! {
    /// a generated query is proven to detect something else than its rule
    ///
    /// The text of the query was read again and carried back to the fields of the record; an event
    /// shows the difference. Where a platform is meant to differ, its section says so:
    /// `accept: [{loss: narrower, reason: …}]` (or `overlapping`), or the code of the loss that has
    /// this effect.
    PROVEN_DIFFERENCE = "proven-difference", Error;

    /// a generated query is proven to match more than its rule
    ///
    /// Every event of the rule is found, and others too. An event shows it. To accept it, write
    /// `accept: [{loss: wider, reason: …}]` into the platform's section.
    PROVEN_WIDER = "proven-wider", Warning;

    /// a generated query could not be shown to detect what its rule detects
    ///
    /// The proof ended at one of its limits, or the query cannot be carried back to the record. It
    /// is not called equal in doubt. Make the condition simpler, or accept it:
    /// `accept: [{loss: undecided, reason: …}]`.
    UNDECIDED = "undecided-translation", Error;
}
