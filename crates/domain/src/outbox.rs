//! The outbox: what is to be told to whom, written with the change that it tells of, and sent later.

words! {
    /// What somebody is told of.
    OutboxKind, "kind of message" {
        /// The agenda was published, and what concerns them is otherwise than before.
        AgendaChanged = "AGENDA_CHANGED",
    }
}

words! {
    /// How far it has come.
    OutboxState, "state of a message" {
        /// It waits to be sent.
        Queued = "QUEUED",
    }
}
