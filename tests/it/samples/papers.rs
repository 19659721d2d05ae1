//! Samples of what is issued, and of how papers look.

use serde_json::{Value, json};

use super::table::{patch, seen};

/// The things, what each is called in the schema, who makes it, and where its id stands.
pub fn things() -> Vec<(
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
)> {
    vec![
        (
            "PaperTemplate",
            Some("PaperTemplate"),
            "templateUpdate",
            "/template/id",
        ),
        (
            "Letterhead",
            Some("Letterhead"),
            "letterheadUpdate",
            "/letterhead/id",
        ),
        (
            "Credential",
            Some("Credential"),
            "letterIssue",
            "/credentials/0/id",
        ),
        ("Job", Some("Job"), "letterIssue", "/job/id"),
        (
            "AttendedParticipant",
            Some("Participant"),
            "participantUpdate, attended",
            "/participant/id",
        ),
    ]
}

/// What is given to each.
pub fn samples() -> Vec<(&'static str, Value)> {
    vec![
        (
            "letterheadUpdate",
            json!({
                "id": "{letterhead}", "expectedVersion": "{letterhead version}",
                "patch": { "numberPattern": "EX-{year}-{n:4}", "chineseNumerals": true },
            }),
        ),
        (
            "templateUpdate",
            json!({
                "workspaceId": "$Workspace", "kind": "{paper}", "source": "Plaque {n}",
                "expectedVersion": "{paper version}",
            }),
        ),
        ("templateReset", seen("PaperTemplate")),
        (
            "letterIssue",
            json!({
                "eventId": "$Event", "letterIds": ["$AppointmentLetter"], "languages": "CHINESE",
            }),
        ),
        (
            "awardCertificateIssue",
            json!({ "eventId": "$Event", "awardIds": ["$Award"], "languages": "BILINGUAL" }),
        ),
        (
            "participantUpdate, attended",
            patch("Participant", json!({ "status": "ATTENDED" })),
        ),
        (
            "attendanceCertificateIssue",
            json!({
                "eventId": "$Event", "participantIds": ["$AttendedParticipant"],
                "languages": "ENGLISH",
            }),
        ),
        (
            "credentialRevoke",
            json!({
                "id": "$Credential", "expectedVersion": "$Credential.version",
                "reason": "It names the wrong committee.",
            }),
        ),
        ("credentialReissue", seen("Credential")),
    ]
}
