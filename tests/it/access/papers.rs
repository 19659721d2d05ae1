//! What asks for papers, and for how they look.

use super::stage::Stage;

/// What each line of the table asks about papers, and where its answer stands.
pub fn rows(stage: &Stage) -> Vec<(&'static str, String, &'static str)> {
    let on = |name: &str, kind: &str, what: &str| {
        let id = &stage.ids[name];
        format!("{{ node(id: \"{id}\") {{ ... on {kind} {{ {what} }} }} }}")
    };
    vec![
        (
            "letterhead",
            "{ workspace(slug: \"home\") { letterhead { version } } }".to_owned(),
            "/workspace/letterhead",
        ),
        (
            "templates of papers",
            "{ workspace(slug: \"home\") { paperTemplates { kind } } }".to_owned(),
            "/workspace/paperTemplates",
        ),
        (
            "a paper as it would be",
            on("participant", "Participant", "documentPreview { problems }"),
            "/node/documentPreview",
        ),
    ]
}

/// What asks for each field about papers that names a permission, and where its answer stands.
pub fn probes(stage: &Stage) -> Vec<(&'static str, String, &'static str)> {
    let on = |name: &str, kind: &str, what: &str| {
        let id = &stage.ids[name];
        format!("{{ node(id: \"{id}\") {{ ... on {kind} {{ {what} }} }} }}")
    };
    let open = |what: &str| on("open", "Event", what);
    vec![
        (
            "Query.verification",
            format!(
                "{{ verification(code: \"{}\") {{ number }} }}",
                stage.ids["code"]
            ),
            "/verification",
        ),
        (
            "Event.appointmentLetters",
            open("appointmentLetters { nodes { id } }"),
            "/node/appointmentLetters",
        ),
        (
            "Event.credentials",
            open("credentials { nodes { id } }"),
            "/node/credentials",
        ),
        (
            "AwardRecipient.credential",
            on("recipient", "AwardRecipient", "credential { id }"),
            "/node/credential",
        ),
        (
            "Credential.openBadge",
            on("recipient", "AwardRecipient", "credential { openBadge }"),
            "/node/credential/openBadge",
        ),
        (
            "Agenda.booklet",
            open("agenda { booklet { problems } }"),
            "/node/agenda/booklet",
        ),
        (
            "Agenda.signInSheet",
            open("agenda { signInSheet { problems } }"),
            "/node/agenda/signInSheet",
        ),
        (
            "Workspace.letterhead",
            "{ workspace(slug: \"home\") { letterhead { version } } }".to_owned(),
            "/workspace/letterhead",
        ),
        (
            "Workspace.paperTemplates",
            "{ workspace(slug: \"home\") { paperTemplates { kind } } }".to_owned(),
            "/workspace/paperTemplates",
        ),
        (
            "Workspace.documentPreview",
            "{ workspace(slug: \"home\") { documentPreview(kind: PLAQUE) { problems } } }"
                .to_owned(),
            "/workspace/documentPreview",
        ),
        (
            "AppointmentLetter.documentPreview",
            on(
                "letter",
                "AppointmentLetter",
                "documentPreview { problems }",
            ),
            "/node/documentPreview",
        ),
        (
            "AwardRecipient.documentPreview",
            on(
                "recipient",
                "AwardRecipient",
                "documentPreview { problems }",
            ),
            "/node/documentPreview",
        ),
        (
            "Participant.documentPreview",
            on("participant", "Participant", "documentPreview { problems }"),
            "/node/documentPreview",
        ),
    ]
}
