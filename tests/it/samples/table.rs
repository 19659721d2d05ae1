//! The samples themselves: of each operation one, or some.

use serde_json::{Value, json};

use super::{Sample, ThingMaker};

/// How the things that samples speak of are made.
pub fn things() -> Vec<ThingMaker> {
    let table = [
        ("Event", Some("Event"), "eventCreate", "/event/id"),
        ("PublishedEvent", Some("Event"), "eventPublish", "/event/id"),
        (
            "ReorderedEvent",
            Some("Event"),
            "agendaItemReorder",
            "/agenda/event/id",
        ),
        (
            "UndoneEvent",
            Some("Event"),
            "agendaUndo",
            "/agenda/event/id",
        ),
        ("Person", Some("Person"), "personCreate", "/person/id"),
        (
            "Organization",
            Some("Organization"),
            "organizationCreate",
            "/organization/id",
        ),
        ("Post", Some("Post"), "postAdd", "/post/id"),
        (
            "Membership",
            Some("Membership"),
            "membershipAdd",
            "/membership/id",
        ),
        ("Venue", Some("Venue"), "venueCreate", "/venue/id"),
        ("Room", Some("Room"), "roomAdd", "/room/id"),
        ("Series", Some("Series"), "seriesCreate", "/series/id"),
        ("Track", Some("Track"), "trackAdd", "/track/id"),
        (
            "AgendaItem",
            Some("AgendaItem"),
            "agendaItemAdd",
            "/item/id",
        ),
        (
            "Appearance",
            Some("Appearance"),
            "appearanceAdd",
            "/appearance/id",
        ),
        ("Release", Some("Release"), "releaseAdd", "/release/id"),
        ("Award", Some("Award"), "awardAdd", "/award/id"),
        (
            "AwardRecipient",
            Some("AwardRecipient"),
            "awardRecipientAdd",
            "/recipient/id",
        ),
        (
            "AppointmentLetter",
            Some("AppointmentLetter"),
            "letterDraft",
            "/letter/id",
        ),
        (
            "EventOrganization",
            Some("EventOrganization"),
            "eventOrganizationAdd",
            "/eventOrganization/id",
        ),
        (
            "Participant",
            Some("Participant"),
            "participantAdd",
            "/participant/id",
        ),
        (
            "ParticipantGroup",
            Some("ParticipantGroup"),
            "participantGroupAdd",
            "/participantGroup/id",
        ),
        (
            "Resolution",
            Some("Resolution"),
            "resolutionAdd",
            "/resolution/id",
        ),
        (
            "ActionItem",
            Some("ActionItem"),
            "actionItemAdd",
            "/actionItem/id",
        ),
        ("Report", Some("Report"), "reportAdd", "/report/id"),
        (
            "InvitedEvent",
            Some("Event"),
            "participantInvite",
            "/event/id",
        ),
        (
            "InvitedParticipant",
            Some("Participant"),
            "participantInvite",
            "/participants/0/id",
        ),
        (
            "Message",
            Some("Message"),
            "participantInvite",
            "/message/id",
        ),
        (
            "HeldMessage",
            Some("Message"),
            "participantInvite, held",
            "/message/id",
        ),
        (
            "Suppression",
            Some("Suppression"),
            "suppressionAdd",
            "/suppression/id",
        ),
        (
            "MailTemplate",
            Some("MailTemplate"),
            "mailTemplateSet",
            "/mailTemplate/id",
        ),
        ("PersonMerge", None, "personMerge", "/mergeId"),
        ("OrganizationMerge", None, "organizationMerge", "/mergeId"),
    ];
    let table = table.into_iter().chain(super::papers::things());
    let thing = |(name, of, by, at)| ThingMaker { name, of, by, at };
    table.map(thing).collect()
}

/// A text in English.
pub(super) fn text(text: &str) -> Value {
    json!({ "language": "en", "text": text })
}

/// Which thing, as it was seen.
pub(super) fn seen(name: &str) -> Value {
    json!({ "id": format!("${name}"), "expectedVersion": format!("${name}.version") })
}

/// A change of a thing.
pub(super) fn patch(name: &str, patch: Value) -> Value {
    let mut given = seen(name);
    given["patch"] = patch;
    given
}

/// Two things that become one.
fn merge(name: &str) -> Value {
    json!({
        "winnerId": format!("${name}"), "expectedVersion": format!("${name}.version"),
        "loserId": format!("${name}:b"), "loserExpectedVersion": format!("${name}:b.version"),
    })
}

/// All samples.
pub fn samples() -> Vec<Sample> {
    // What lists show was made by those before them.
    let table = directory()
        .into_iter()
        .chain(events())
        .chain(parts())
        .chain(super::papers::samples())
        .chain(queries());
    table.map(|(name, given)| Sample { name, given }).collect()
}

fn queries() -> Vec<(&'static str, Value)> {
    vec![
        ("event", json!({ "slug": "$Event.slug" })),
        ("verification", json!({ "code": "$Credential.code" })),
        (
            "event, published",
            json!({ "slug": "$PublishedEvent.slug" }),
        ),
        ("events", json!({ "filter": { "search": "gathering" } })),
        ("node", json!({ "id": "$Event" })),
        ("node, published", json!({ "id": "$PublishedEvent" })),
        ("node, a participant", json!({ "id": "$Participant" })),
        ("node, a message", json!({ "id": "$Message" })),
        ("node, a suppression", json!({ "id": "$Suppression" })),
        ("node, a template", json!({ "id": "$MailTemplate" })),
        (
            "node, a template of papers",
            json!({ "id": "$PaperTemplate" }),
        ),
        ("node, a letterhead", json!({ "id": "$Letterhead" })),
        ("nodes", json!({ "ids": ["$Event", "$Person"] })),
        ("organizations", json!({})),
        ("people", json!({})),
        ("viewer", json!({})),
        ("attendee", json!({})),
        ("workspace", json!({ "slug": "home" })),
    ]
}

fn directory() -> Vec<(&'static str, Value)> {
    let workspace = "$Workspace";
    vec![
        (
            "personCreate",
            json!({ "workspaceId": workspace, "name": "Ada Example {n}" }),
        ),
        (
            "personBulkCreate",
            json!({ "workspaceId": workspace, "rows": [
            { "name": "Bo Sample {n}" }, { "name": "Cy Sample {n}", "externalId": "cy-{n}" },
        ] }),
        ),
        (
            "personUpdate",
            patch("Person", json!({ "transcription": "Ada" })),
        ),
        ("personRemove", seen("Person")),
        ("personMerge", merge("Person")),
        ("personMergeUndo", json!({ "mergeId": "$PersonMerge" })),
        ("postAdd", json!({ "personId": "$Person", "title": "head" })),
        (
            "postUpdate",
            patch("Post", json!({ "title": "deputy head" })),
        ),
        ("postRemove", seen("Post")),
        (
            "organizationCreate",
            json!({
                "workspaceId": workspace, "kind": "COMPANY", "name": text("Example Works {n}"),
            }),
        ),
        (
            "organizationBulkCreate",
            json!({ "workspaceId": workspace, "rows": [
            { "kind": "SCHOOL", "name": text("School {n}") },
            { "kind": "SCHOOL", "name": text("Another school {n}") },
        ] }),
        ),
        (
            "organizationUpdate",
            patch("Organization", json!({ "level": "municipal" })),
        ),
        ("organizationRemove", seen("Organization")),
        ("organizationMerge", merge("Organization")),
        (
            "organizationMergeUndo",
            json!({ "mergeId": "$OrganizationMerge" }),
        ),
        (
            "membershipAdd",
            json!({
                "organizationId": "$Organization", "member": { "personId": "$Person" },
            }),
        ),
        (
            "membershipUpdate",
            patch("Membership", json!({ "post": "chair" })),
        ),
        ("membershipRemove", seen("Membership")),
        (
            "venueCreate",
            json!({ "workspaceId": workspace, "name": "Town Hall {n}" }),
        ),
        (
            "venueUpdate",
            patch("Venue", json!({ "address": "1 Market Square" })),
        ),
        ("venueRemove", seen("Venue")),
        (
            "roomAdd",
            json!({ "venueId": "$Venue", "name": "Great Hall" }),
        ),
        ("roomUpdate", patch("Room", json!({ "capacity": 40 }))),
        ("roomRemove", seen("Room")),
        (
            "seriesCreate",
            json!({ "workspaceId": workspace, "title": text("Autumn {n}") }),
        ),
        (
            "seriesUpdate",
            patch("Series", json!({ "title": text("Spring") })),
        ),
        ("seriesRemove", seen("Series")),
        (
            "suppressionAdd",
            json!({ "workspaceId": workspace, "address": "nobody-{n}@example.org" }),
        ),
        ("suppressionRemove", seen("Suppression")),
        (
            "mailTemplateSet",
            json!({ "workspaceId": workspace, "name": "{template}", "source": "Welcome" }),
        ),
        ("mailTemplateReset", seen("MailTemplate")),
    ]
}

fn events() -> Vec<(&'static str, Value)> {
    let workspace = "$Workspace";
    vec![
        (
            "eventCreate",
            json!({
                "workspaceId": workspace, "slug": "gathering-{n}", "kind": "FORUM",
                "title": text("Gathering {n}"), "visibility": "PUBLIC",
                "time": { "timeZone": "Europe/Berlin", "startsOn": "2025-03-01" },
            }),
        ),
        (
            "eventUpdate",
            patch("Event", json!({ "locality": "Riverside" })),
        ),
        (
            "eventCopy",
            json!({ "id": "$Event", "slug": "copy-{n}", "startsOn": "2025-04-01" }),
        ),
        ("eventPublish", seen("Event")),
        ("eventConclude", seen("PublishedEvent")),
        ("eventCancel", seen("PublishedEvent")),
        ("eventRemove", seen("Event")),
        (
            "eventImport",
            json!({
                "workspaceId": workspace,
                "document": "key: imported-{n}\nlanguage: en\ntitle: Imported\n\
                    time: { timeZone: Europe/Berlin, startsOn: 2025-03-01 }\n",
            }),
        ),
        (
            "scheduleImport",
            json!({
                "workspaceId": workspace, "format": "SCHEDULE_XML", "slug": "camp-{n}",
                "language": "en", "timeZone": "Europe/Berlin",
                "document": "<schedule><conference><title>Camp</title></conference>\
                    <day date='2024-12-27'/></schedule>",
            }),
        ),
        (
            "trackAdd",
            json!({ "eventId": "$Event", "name": "Practice" }),
        ),
        ("trackUpdate", patch("Track", json!({ "color": "#2f6f4f" }))),
        ("trackRemove", seen("Track")),
        (
            "agendaItemAdd",
            json!({
                "eventId": "$Event", "kind": "TALK", "title": text("A talk"),
                "startsAtLocal": "2025-03-01T10:00:00",
            }),
        ),
        (
            "agendaItemUpdate",
            patch("AgendaItem", json!({ "trackId": "$Track" })),
        ),
        (
            "agendaItemMove",
            json!({
                "id": "$AgendaItem", "expectedVersion": "$AgendaItem.version",
                "startsAtLocal": "2025-03-01T09:00:00", "roomId": "$Room",
            }),
        ),
        (
            "agendaItemReorder",
            json!({
                "eventId": "$Event", "itemIds": ["$AgendaItem:b", "$AgendaItem"], "expectedRevision": 2,
            }),
        ),
        (
            "agendaShift",
            json!({
                "eventId": "$ReorderedEvent", "fromLocal": "2025-03-01T10:00:00", "minutes": 15,
                "expectedRevision": 2,
            }),
        ),
        ("agendaItemRemove", seen("AgendaItem")),
        (
            "agendaPublish",
            json!({ "eventId": "$Event", "expectedRevision": 0, "comment": "words {n}" }),
        ),
        (
            "agendaEdit",
            json!({ "eventId": "$Event", "operations": [
                { "itemAdd": { "kind": "TALK", "handle": "one" } },
                { "itemAdd": { "kind": "BREAK", "parentHandle": "one" } },
            ] }),
        ),
        (
            "agendaUndo",
            json!({ "eventId": "$ReorderedEvent", "expectedRevision": 2 }),
        ),
        (
            "agendaRedo",
            json!({ "eventId": "$UndoneEvent", "expectedRevision": 3 }),
        ),
        (
            "agendaRevert",
            json!({ "eventId": "$PublishedEvent", "version": 1, "expectedRevision": 0 }),
        ),
        (
            "appearanceAdd",
            json!({
                "eventId": "$Event", "itemId": "$AgendaItem", "role": "SPEAKER",
                "who": { "personId": "$Person" },
            }),
        ),
        (
            "appearanceUpdate",
            patch("Appearance", json!({ "role": "CHAIR" })),
        ),
        ("appearanceRemove", seen("Appearance")),
    ]
}

fn parts() -> Vec<(&'static str, Value)> {
    vec![
        (
            "eventOrganizationAdd",
            json!({
                "eventId": "$Event", "organizationId": "$Organization", "role": "HOST",
            }),
        ),
        (
            "eventOrganizationUpdate",
            patch(
                "EventOrganization",
                json!({
                    "role": "ATTENDING", "delegation": { "quota": 3, "liaisonId": "$Person" },
                }),
            ),
        ),
        ("eventOrganizationRemove", seen("EventOrganization")),
        (
            "participantAdd",
            json!({ "eventId": "$Event", "personId": "$Person" }),
        ),
        (
            "participantBulkAdd",
            json!({
                "eventId": "$Event", "rows": [{ "personId": "$Person" }, { "personId": "$Person:b" }],
            }),
        ),
        (
            "participantUpdate",
            patch("Participant", json!({ "status": "CONFIRMED" })),
        ),
        ("participantLinkRenew", seen("Participant")),
        (
            "participantInvite",
            json!({
                "eventId": "$PublishedEvent", "personIds": ["$Person"],
                "answerBy": "2025-02-01T00:00:00Z",
            }),
        ),
        (
            "participantInvite, held",
            json!({ "eventId": "$PublishedEvent", "personIds": ["$Person"], "hold": true }),
        ),
        ("participantRemind", json!({ "eventId": "$InvitedEvent" })),
        (
            "participantAnswer",
            json!({ "id": "$InvitedParticipant", "answer": "ACCEPTED" }),
        ),
        ("participantCancel", seen("InvitedParticipant")),
        ("messageRelease", seen("HeldMessage")),
        ("messageDiscard", seen("HeldMessage")),
        ("deliveryRetry", json!({ "messageId": "$Message" })),
        ("participantRemove", seen("Participant")),
        (
            "participantGroupAdd",
            json!({ "eventId": "$Event", "description": "apprentices" }),
        ),
        (
            "participantGroupUpdate",
            patch("ParticipantGroup", json!({ "expectedCount": 12 })),
        ),
        ("participantGroupRemove", seen("ParticipantGroup")),
        (
            "releaseAdd",
            json!({ "eventId": "$Event", "title": text("A guide") }),
        ),
        (
            "releaseUpdate",
            patch("Release", json!({ "itemId": "$AgendaItem" })),
        ),
        ("releaseRemove", seen("Release")),
        (
            "awardAdd",
            json!({
                "eventId": "$Event", "kind": "PRIZE", "title": text("Workshop of the Year"),
                "grantorIds": ["$Organization"],
            }),
        ),
        (
            "awardUpdate",
            patch("Award", json!({ "grantorIds": ["$Organization"] })),
        ),
        ("awardRemove", seen("Award")),
        (
            "awardRecipientAdd",
            json!({
                "awardId": "$Award", "recipient": { "personId": "$Person" },
            }),
        ),
        ("awardRecipientRemove", seen("AwardRecipient")),
        (
            "letterDraft",
            json!({
                "eventId": "$Event", "appointeeId": "$Person", "bodyId": "$Organization",
                "post": "chair", "issuerIds": ["$Organization:b"],
            }),
        ),
        (
            "letterUpdate",
            patch("AppointmentLetter", json!({ "number": "2025-1" })),
        ),
        ("letterRemove", seen("AppointmentLetter")),
        (
            "resolutionAdd",
            json!({ "eventId": "$Event", "text": "The doors open." }),
        ),
        (
            "resolutionUpdate",
            patch("Resolution", json!({ "itemId": "$AgendaItem" })),
        ),
        ("resolutionRemove", seen("Resolution")),
        (
            "actionItemAdd",
            json!({
                "eventId": "$Event", "description": "Open the doors",
                "responsibleIds": ["$Organization"],
            }),
        ),
        (
            "actionItemUpdate",
            patch("ActionItem", json!({ "dueOn": "2025-05-01" })),
        ),
        (
            "actionItemProgress",
            json!({
                "id": "$ActionItem", "expectedVersion": "$ActionItem.version", "status": "DONE",
            }),
        ),
        ("actionItemRemove", seen("ActionItem")),
        (
            "reportAdd",
            json!({ "eventId": "$Event", "publisher": "Riverside Gazette" }),
        ),
        (
            "reportUpdate",
            patch("Report", json!({ "publishedOn": "2025-03-02" })),
        ),
        ("reportRemove", seen("Report")),
    ]
}
