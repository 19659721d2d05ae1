//! For each mutation an input that is right, and that has every id that it can have.

use serde_json::{Value, json};

use super::stage::Set;
use crate::doing::with;

/// The mutations that make something, in an order in which each finds what it refers to.
pub const ADDING: [&str; 31] = [
    "seriesCreate",
    "venueCreate",
    "roomAdd",
    "eventCreate",
    "eventCopy",
    "organizationCreate",
    "organizationBulkCreate",
    "personCreate",
    "personBulkCreate",
    "postAdd",
    "eventOrganizationAdd",
    "participantGroupAdd",
    "participantAdd",
    "participantBulkAdd",
    "trackAdd",
    "agendaItemAdd",
    "appearanceAdd",
    "releaseAdd",
    "awardAdd",
    "awardRecipientAdd",
    "letterDraft",
    "membershipAdd",
    "resolutionAdd",
    "actionItemAdd",
    "reportAdd",
    "personMerge",
    "organizationMerge",
    "suppressionAdd",
    "mailTemplateSet",
    "templateUpdate",
    // Not the last word, but made of all that is there.
    "agendaItemAdd/part",
];

/// The mutations that change something, in an order in which each finds what it is about, and what
/// goes is referred to no longer.
pub const CHANGING: [&str; 70] = [
    "seriesUpdate",
    "venueUpdate",
    "roomUpdate",
    "eventUpdate",
    "organizationUpdate",
    "personUpdate",
    "postUpdate",
    "eventOrganizationUpdate",
    "participantGroupUpdate",
    "participantUpdate",
    "participantLinkRenew",
    "participantInvite",
    "participantRemind",
    "participantAnswer",
    "messageRelease",
    "messageDiscard",
    "deliveryRetry",
    "participantCancel",
    "trackUpdate",
    "agendaItemUpdate",
    "agendaItemMove",
    "agendaItemReorder",
    "agendaShift",
    "agendaEdit",
    "agendaPublish",
    "agendaUndo",
    "agendaRedo",
    "agendaRevert",
    "appearanceUpdate",
    "releaseUpdate",
    "awardUpdate",
    "letterUpdate",
    "membershipUpdate",
    "resolutionUpdate",
    "actionItemUpdate",
    "actionItemProgress",
    "reportUpdate",
    "personMergeUndo",
    "organizationMergeUndo",
    "eventPublish",
    "eventConclude",
    "eventCancel",
    "suppressionRemove",
    "mailTemplateReset",
    "templateReset",
    "letterheadUpdate",
    "letterIssue",
    "awardCertificateIssue",
    "attendanceCertificateIssue",
    "credentialRevoke",
    "credentialReissue",
    "reportRemove",
    "actionItemRemove",
    "resolutionRemove",
    "membershipRemove",
    "letterRemove",
    "awardRecipientRemove",
    "awardRemove",
    "releaseRemove",
    "appearanceRemove",
    "agendaItemRemove",
    "trackRemove",
    "participantRemove",
    "participantGroupRemove",
    "eventOrganizationRemove",
    "postRemove",
    "personRemove",
    "organizationRemove",
    "eventRemove",
    "roomRemove",
];

/// The same, of what the event was in.
pub const CHANGING_LAST: [&str; 2] = ["venueRemove", "seriesRemove"];

fn text(text: &str) -> Value {
    json!({ "language": "en", "text": text, "translations": [{ "language": "de", "text": "So" }] })
}

/// What is not there yet is not referred to.
fn known(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, value)| (name, known(value)));
            let members = members.filter(|(_, value)| !value.is_null());
            let members: serde_json::Map<_, _> = members.collect();
            // A choice of nothing is none.
            if members.is_empty() {
                Value::Null
            } else {
                Value::Object(members)
            }
        }
        Value::Array(values) => {
            let values = values.into_iter().map(known);
            values.filter(|value| !value.is_null()).collect()
        }
        other => other,
    }
}

/// An input that is right.
pub fn input(set: &Set, mutation: &str) -> Value {
    let id = |mutation: &str| set.id(mutation);
    let key = |noun: &str| format!("{noun}-{}", set.name);
    let (event, workspace) = (id("eventCreate"), json!(set.workspace));
    let (person, organization) = (id("personCreate"), id("organizationCreate"));
    let patch = |mutation: &str, patch: Value| with(set.seen(mutation), json!({ "patch": patch }));
    let row = |key: String, parent: Value| {
        json!({ "externalId": key, "kind": "SCHOOL", "name": text("A school"),
            "parentId": parent, "foundingEventId": event })
    };
    let listed = json!({ "representingId": organization, "delegationId": id("eventOrganizationAdd"),
        "onBehalfOf": { "organizationId": organization } });
    known(match mutation {
        "seriesCreate" => json!({ "workspaceId": workspace, "externalId": key("series"),
            "title": text("A series") }),
        "venueCreate" => json!({ "workspaceId": workspace, "externalId": key("venue"),
            "name": "A house" }),
        "roomAdd" => json!({ "venueId": id("venueCreate"), "externalId": "room", "name": "A room",
            "capacity": 20 }),
        "eventCreate" => json!({ "workspaceId": workspace, "slug": key("event"), "kind": "FORUM",
            "title": text("A forum"), "time": { "timeZone": "Europe/Berlin",
                "startsOn": "2025-03-10", "endsOn": "2025-03-11" },
            "venueId": id("venueCreate"), "roomId": id("roomAdd"),
            "seriesId": id("seriesCreate"), "parentId": id("another event") }),
        "eventCopy" => json!({ "id": event, "slug": key("copy"), "startsOn": "2026-03-09" }),
        "organizationCreate" => json!({ "workspaceId": workspace, "kind": "COMPANY",
            "externalId": key("organization"), "name": text("A company"),
            "parentId": id("organizationBulkCreate"), "foundingEventId": event }),
        "organizationBulkCreate" => json!({ "workspaceId": workspace, "rows": [
            row(key("first"), Value::Null),
            row(key("second"), id("organizationBulkCreate"))] }),
        "personCreate" => json!({ "workspaceId": workspace, "externalId": key("person"),
            "name": "Ada Example" }),
        "personBulkCreate" => json!({ "workspaceId": workspace, "rows": [
            { "externalId": key("bo"), "name": "Bo Sample" },
            { "externalId": key("cy"), "name": "Cy Sample", "email": "cy@example.org" }] }),
        "postAdd" => json!({ "personId": person, "title": "director",
            "organizationId": organization }),
        "eventOrganizationAdd" => json!({ "eventId": event, "organizationId": organization,
            "role": "ATTENDING", "delegation": { "quota": 3, "liaisonId": person } }),
        "participantGroupAdd" => json!({ "eventId": event, "externalId": "group",
            "description": "guests", "organizationId": organization }),
        "participantAdd" => with(json!({ "eventId": event, "personId": person }), listed),
        "participantBulkAdd" => json!({ "eventId": event,
            "rows": [with(json!({ "personId": id("personBulkCreate") }), listed)] }),
        "trackAdd" => json!({ "eventId": event, "externalId": "track", "name": "Practice" }),
        "agendaItemAdd" => json!({ "eventId": event, "externalId": "item", "kind": "WORKSHOP",
            "title": text("A workshop"), "roomId": id("roomAdd"), "trackId": id("trackAdd"),
            "parentId": id("agendaItemAdd/part") }),
        "appearanceAdd" => json!({ "eventId": event, "itemId": id("agendaItemAdd"),
            "role": "SPEAKER", "who": { "personId": person },
            "onBehalfOf": { "organizationId": organization } }),
        "releaseAdd" => json!({ "eventId": event, "itemId": id("agendaItemAdd"),
            "externalId": "release", "title": text("A guide") }),
        "awardAdd" => json!({ "eventId": event, "itemId": id("agendaItemAdd"),
            "externalId": "award", "kind": "PRIZE", "title": text("A prize"),
            "grantorIds": [organization] }),
        "awardRecipientAdd" => json!({ "awardId": id("awardAdd"),
            "recipient": { "personId": person } }),
        "letterDraft" => json!({ "eventId": event, "externalId": "letter", "appointeeId": person,
            "bodyId": organization, "issuerIds": [organization], "post": "chair" }),
        "membershipAdd" => json!({ "organizationId": organization, "post": "chair",
            "member": { "personId": person }, "letterId": id("letterDraft") }),
        "resolutionAdd" => json!({ "eventId": event, "itemId": id("agendaItemAdd"),
            "externalId": "resolution", "text": "Agreed." }),
        "actionItemAdd" => json!({ "eventId": event, "externalId": "action",
            "description": "tell all", "setById": person, "responsibleIds": [organization] }),
        "reportAdd" => json!({ "eventId": event, "externalId": "report",
            "publisher": "The paper" }),
        // Two were made one; two more could be.
        "personMerge" if set.made.contains_key(mutation) => {
            merge(set, "personCreate", "personBulkCreate")
        }
        "personMerge" => merge(set, "personCreate", "loser"),
        "organizationMerge" if set.made.contains_key(mutation) => {
            merge(set, "organizationCreate", "organizationBulkCreate")
        }
        "organizationMerge" => merge(set, "organizationCreate", "lesser"),
        "suppressionAdd" => json!({ "workspaceId": workspace,
            "address": format!("nobody-{}@example.org", set.name) }),
        "mailTemplateSet" => {
            let language = if set.name == "beside" {
                "zh-Hans"
            } else {
                "en"
            };
            json!({ "workspaceId": workspace, "name": format!("{language}/invitation.txt"),
                "source": "Welcome, {{ recipient.name }}" })
        }
        "templateUpdate" => {
            let kind = if set.name == "beside" {
                "PLAQUE"
            } else {
                "SIGN_IN_SHEET"
            };
            json!({ "workspaceId": workspace, "kind": kind, "source": "Hello" })
        }
        "letterheadUpdate" => patch("letterhead", json!({ "numberPattern": "EX-{n}" })),
        "templateReset" => set.seen("templateUpdate"),
        "mailTemplateReset" => set.seen("mailTemplateSet"),
        "agendaItemAdd/part" => json!({ "eventId": event, "kind": "OTHER" }),

        "seriesUpdate" => patch("seriesCreate", json!({ "title": text("Another") })),
        "venueUpdate" => patch("venueCreate", json!({ "name": "Another" })),
        "roomUpdate" => patch("roomAdd", json!({ "name": "Another" })),
        "eventUpdate" => patch(
            "eventCreate",
            json!({ "locality": "Riverside",
            "venueId": id("venueCreate"), "roomId": id("roomAdd"),
            "seriesId": id("seriesCreate"), "parentId": id("another event") }),
        ),
        "organizationUpdate" => patch(
            "organizationCreate",
            json!({ "level": "municipal",
            "parentId": id("organizationBulkCreate"), "foundingEventId": event }),
        ),
        "personUpdate" => patch("personCreate", json!({ "name": "Ada Other" })),
        "postUpdate" => patch(
            "postAdd",
            json!({ "title": "head",
            "organizationId": organization }),
        ),
        "eventOrganizationUpdate" => patch(
            "eventOrganizationAdd",
            json!({
            "printedName": "The company", "delegation": { "quota": 4, "liaisonId": person } }),
        ),
        "participantGroupUpdate" => patch(
            "participantGroupAdd",
            json!({
            "description": "more guests", "organizationId": organization }),
        ),
        "participantUpdate" => patch("participantAdd", with(listed, json!({ "order": 0 }))),
        "participantLinkRenew" => set.seen("participantAdd"),
        "participantInvite" => json!({ "eventId": id("announced event"),
            "personIds": [id("guest")], "participantIds": [id("invited")],
            "organizationIds": [organization], "filter": { "organizationId": organization } }),
        "participantRemind" => json!({ "eventId": id("announced event"),
            "participantIds": [id("invited")] }),
        "participantAnswer" => json!({ "id": id("invited"), "answer": "TENTATIVE" }),
        "participantCancel" => with(set.seen("invited"), json!({ "reason": "flood" })),
        "messageRelease" => set.seen("held message"),
        "messageDiscard" => set.seen("another held message"),
        "letterIssue" => json!({ "eventId": id("announced event"), "languages": "CHINESE",
            "letterIds": [id("letter to issue")] }),
        "awardCertificateIssue" => json!({ "eventId": id("announced event"),
            "languages": "BILINGUAL", "awardIds": [id("award to certify")] }),
        "attendanceCertificateIssue" => json!({ "eventId": id("announced event"),
            "languages": "ENGLISH", "participantIds": [id("attended")] }),
        "credentialRevoke" => with(
            set.seen("credential to revoke"),
            json!({ "reason": "It names the wrong committee." }),
        ),
        "credentialReissue" => set.seen("credential to reissue"),
        "deliveryRetry" => json!({ "messageId": id("held message"), "ids": [id("delivery")] }),
        "trackUpdate" => patch("trackAdd", json!({ "name": "Theory" })),
        "agendaItemUpdate" => patch(
            "agendaItemAdd",
            json!({ "kind": "PANEL",
            "trackId": id("trackAdd") }),
        ),
        "agendaItemMove" => with(
            set.seen("agendaItemAdd"),
            json!({ "roomId": id("roomAdd"),
            "startsAtLocal": "2025-03-10T09:00:00", "parentId": id("agendaItemAdd/part") }),
        ),
        "agendaItemReorder" => json!({ "eventId": event, "expectedRevision": set.revision,
            "parentId": id("agendaItemAdd/part"), "itemIds": [id("agendaItemAdd")] }),
        "agendaShift" => json!({ "eventId": event, "expectedRevision": set.revision,
            "fromLocal": "2025-03-10T09:00:00", "minutes": 10,
            "roomId": id("roomAdd"), "trackId": id("trackAdd") }),
        "agendaEdit" => json!({ "eventId": event, "expectedRevision": set.revision, "operations": [
            { "itemUpdate": with(set.seen("agendaItemAdd"), json!({ "patch": { "kind": "BRIEFING",
                "trackId": id("trackAdd") } })) },
            { "itemMove": with(set.seen("agendaItemAdd"), json!({ "roomId": id("roomAdd"),
                "parentId": id("agendaItemAdd/part") })) },
            { "itemAdd": { "kind": "BREAK", "parentId": id("agendaItemAdd/part") } },
            { "appearanceUpdate": with(set.seen("appearanceAdd"),
                json!({ "patch": { "printedName": "Ada of the Works" } })) },
        ] }),
        "agendaPublish" | "agendaUndo" | "agendaRedo" => {
            json!({ "eventId": event, "expectedRevision": set.revision })
        }
        "agendaRevert" => {
            json!({ "eventId": event, "expectedRevision": set.revision, "version": 1 })
        }
        "appearanceUpdate" => patch(
            "appearanceAdd",
            json!({ "role": "LEAD",
            "onBehalfOf": { "organizationId": organization } }),
        ),
        "releaseUpdate" => patch(
            "releaseAdd",
            json!({ "kind": "guide",
            "itemId": id("agendaItemAdd") }),
        ),
        "awardUpdate" => patch(
            "awardAdd",
            json!({ "level": "first",
            "itemId": id("agendaItemAdd"), "grantorIds": [organization] }),
        ),
        "letterUpdate" => patch(
            "letterDraft",
            json!({ "post": "deputy", "appointeeId": person,
            "bodyId": organization, "issuerIds": [organization] }),
        ),
        "membershipUpdate" => patch(
            "membershipAdd",
            json!({ "post": "deputy",
            "letterId": id("letterDraft") }),
        ),
        "resolutionUpdate" => patch(
            "resolutionAdd",
            json!({ "text": "Not agreed.",
            "itemId": id("agendaItemAdd") }),
        ),
        "actionItemUpdate" => patch(
            "actionItemAdd",
            json!({ "description": "tell some",
            "setById": person, "responsibleIds": [organization] }),
        ),
        "actionItemProgress" => with(set.seen("actionItemAdd"), json!({ "status": "DONE" })),
        "reportUpdate" => patch("reportAdd", json!({ "publisher": "Another paper" })),
        "personMergeUndo" => json!({ "mergeId": id("personMerge") }),
        "organizationMergeUndo" => json!({ "mergeId": id("organizationMerge") }),
        "eventPublish" | "eventConclude" => set.seen("eventCopy"),
        "eventCancel" => with(set.seen("another event"), json!({ "reason": "flood" })),
        remove => {
            let noun = remove.strip_suffix("Remove");
            let noun = noun.unwrap_or_else(|| panic!("say here what to send to {remove}"));
            let made = set.made.keys().find(|made| {
                let rest = made.strip_prefix(noun);
                rest.is_some_and(|rest| ["Add", "Create", "Draft"].contains(&rest))
            });
            set.seen(made.unwrap_or_else(|| panic!("nothing to remove by {remove}")))
        }
    })
}

fn merge(set: &Set, winner: &str, loser: &str) -> Value {
    let version = |name: &str| set.made.get(name).map(|made| made.version);
    json!({ "winnerId": set.id(winner), "expectedVersion": version(winner),
        "loserId": set.id(loser), "loserExpectedVersion": version(loser) })
}
