//! Each member of each patch, with a value that it can have, and what becomes of it when it is null.

use serde_json::{Value, json};

use crate::mutations::stage::Set;

/// What becomes of a member that is null.
pub enum Null {
    /// It is this.
    Is(Value),
    /// It cannot be taken away.
    Stays,
}
use Null::{Is, Stays};

/// A member of a patch, a value, what of the thing then reads as what; and the same for null.
pub type Member = (&'static str, Value, &'static str, Value, Null);

/// A text in one language.
pub fn text(text: &str) -> Value {
    json!({ "language": "en", "text": text })
}

/// What is asked of an update.
pub struct Case {
    pub update: &'static str,
    pub of: &'static str,
    pub members: Vec<Member>,
}

fn case(update: &'static str, of: &'static str, members: Vec<Member>) -> Case {
    Case {
        update,
        of,
        members,
    }
}

/// A member that reads as it was written.
fn plain(member: &'static str, value: Value, null: Null) -> Member {
    (member, value.clone(), member, value, null)
}

fn none() -> Null {
    Is(Value::Null)
}

fn key() -> Member {
    plain("externalId", json!("another"), none())
}

/// Of every noun that can be changed.
pub fn cases(set: &Set) -> Vec<Case> {
    let refer = |mutation: &str| (set.id(mutation), json!({ "id": set.id(mutation) }));
    let (organization, told_organization) = refer("organizationBulkCreate");
    let (person, told_person) = refer("personBulkCreate");
    let (item, told_item) = refer("agendaItemAdd/part");
    let (room, told_room) = refer("roomAdd");
    let (event, told_event) = refer("eventCreate");
    let party = json!({ "personId": person });
    let title = || ("title", text("Other"), "title", json!("Other"), Stays);
    let recurring = || plain("recurring", json!(true), Stays);
    let day = |member: &'static str| plain(member, json!("2025-02-03"), none());
    let link = json!([{ "url": "https://example.org/a", "title": "A", "kind": null }]);
    let windows = || {
        let windows = json!([
            { "startsAtLocal": "2025-03-10T09:00:00", "endsAtLocal": "2025-03-10T12:00:00" },
        ]);
        (
            "availability",
            windows.clone(),
            "availability { startsAtLocal endsAtLocal }",
            windows,
            Is(json!([])),
        )
    };
    let list = |member: &'static str, told: &'static str| {
        (
            member,
            json!([organization]),
            told,
            json!([told_organization]),
            Is(json!([])),
        )
    };
    vec![
        case("seriesUpdate", "seriesCreate", vec![key(), title()]),
        case(
            "venueUpdate",
            "venueCreate",
            vec![
                key(),
                plain("name", json!("Other"), Stays),
                plain("address", json!("1 Square\nRiverside"), none()),
            ],
        ),
        case(
            "roomUpdate",
            "roomAdd",
            vec![
                key(),
                plain("name", json!("Other"), Stays),
                plain("floor", json!("2F"), none()),
                plain("capacity", json!(7), none()),
                plain("accessibility", json!("A lift.\nAnd a ramp."), none()),
                windows(),
            ],
        ),
        case(
            "eventUpdate",
            "eventCreate",
            vec![
                plain("slug", json!("other"), Stays),
                plain("kind", json!("MEETING"), Stays),
                title(),
                plain("visibility", json!("WORKSPACE"), Stays),
                plain("alternativeTitles", json!(["A", "B"]), Is(json!([]))),
                (
                    "theme",
                    text("Together"),
                    "theme",
                    json!("Together"),
                    none(),
                ),
                plain("topics", json!(["x", "y"]), Is(json!([]))),
                plain("locality", json!("Riverside"), none()),
                (
                    "venueId",
                    set.id("venueCreate"),
                    "venue { id }",
                    refer("venueCreate").1,
                    none(),
                ),
                (
                    "roomId",
                    room.clone(),
                    "room { id }",
                    told_room.clone(),
                    none(),
                ),
                plain("capacity", json!(9), none()),
                plain("roomChangeMinutes", json!(7), none()),
                (
                    "parentId",
                    set.id("another event"),
                    "parent { id }",
                    refer("another event").1,
                    none(),
                ),
                (
                    "seriesId",
                    set.id("seriesCreate"),
                    "series { id }",
                    refer("seriesCreate").1,
                    none(),
                ),
                (
                    "time",
                    json!({ "timeZone": "Asia/Shanghai", "startsOn": "2025-04-01", "dayPart": "MORNING" }),
                    "time { timeZone startsOn endsOn dayPart }",
                    json!({ "timeZone": "Asia/Shanghai", "startsOn": "2025-04-01",
                    "endsOn": "2025-04-01", "dayPart": "MORNING" }),
                    Stays,
                ),
            ],
        ),
        case(
            "organizationUpdate",
            "organizationCreate",
            vec![
                key(),
                plain("kind", json!("MEDIA"), Stays),
                ("name", text("Other"), "name", json!("Other"), Stays),
                plain("aliases", json!(["O"]), Is(json!([]))),
                (
                    "parentId",
                    organization.clone(),
                    "parent { id }",
                    told_organization.clone(),
                    none(),
                ),
                plain("protocolOrder", json!(3), none()),
                (
                    "foundingEventId",
                    event,
                    "foundingEvent { id }",
                    told_event,
                    none(),
                ),
                plain("level", json!("municipal"), none()),
                plain("goals", json!(["g"]), Is(json!([]))),
            ],
        ),
        case(
            "personUpdate",
            "personCreate",
            vec![
                key(),
                plain("name", json!("王芳"), Stays),
                plain("transcription", json!("Wang Fang"), none()),
                (
                    "furtherNames",
                    json!([{ "language": "de", "text": "Ada" }]),
                    "furtherNames { language text }",
                    json!([{ "language": "de", "text": "Ada" }]),
                    Is(json!([])),
                ),
                plain("email", json!("a@example.org"), none()),
                plain("telephone", json!("+49 1"), none()),
                plain("language", json!("zh-Hans"), none()),
            ],
        ),
        case(
            "postUpdate",
            "postAdd",
            vec![
                plain("title", json!("head"), Stays),
                (
                    "organizationId",
                    organization.clone(),
                    "organization { id }",
                    told_organization.clone(),
                    none(),
                ),
                day("since"),
                day("until"),
            ],
        ),
        case(
            "membershipUpdate",
            "membershipAdd",
            vec![
                plain("post", json!("deputy"), none()),
                day("since"),
                day("until"),
                (
                    "letterId",
                    set.id("letterDraft"),
                    "letter { id }",
                    refer("letterDraft").1,
                    none(),
                ),
            ],
        ),
        case(
            "eventOrganizationUpdate",
            "eventOrganizationAdd",
            vec![
                plain("printedName", json!("Other"), Stays),
                plain("role", json!("ATTENDING"), Stays),
                (
                    "delegation",
                    json!({ "quota": 5, "liaisonId": person, "dueAt": "2025-01-02T03:04:05Z",
                    "returnedAt": null }),
                    "delegation { quota liaison { id } dueAt returnedAt }",
                    json!({ "quota": 5, "liaison": told_person, "dueAt": "2025-01-02T03:04:05Z",
                    "returnedAt": null }),
                    // There are delegates.
                    Stays,
                ),
            ],
        ),
        case(
            "participantGroupUpdate",
            "participantGroupAdd",
            vec![
                key(),
                plain("description", json!("others"), Stays),
                plain("expectedCount", json!(4), none()),
                (
                    "organizationId",
                    organization.clone(),
                    "organization { id }",
                    told_organization.clone(),
                    none(),
                ),
            ],
        ),
        case(
            "participantUpdate",
            "participantAdd",
            vec![
                plain("category", json!("MEDIA"), Stays),
                plain("status", json!("CONFIRMED"), Stays),
                (
                    "representingId",
                    organization.clone(),
                    "representing { id }",
                    told_organization.clone(),
                    none(),
                ),
                (
                    "onBehalfOf",
                    party.clone(),
                    "onBehalfOf { ... on Person { id } }",
                    told_person.clone(),
                    none(),
                ),
                plain("printedName", json!("A. E."), Stays),
                plain("printedPosts", json!(["p", "q"]), Is(json!([]))),
                windows(),
            ],
        ),
        case(
            "trackUpdate",
            "trackAdd",
            vec![
                key(),
                plain("name", json!("Other"), Stays),
                plain("color", json!("#0a7f3c"), none()),
            ],
        ),
        case(
            "agendaItemUpdate",
            "agendaItemAdd",
            vec![
                key(),
                plain("kind", json!("TALK"), Stays),
                (
                    "title",
                    text("Other"),
                    "title untitled",
                    json!("Other"),
                    Is(json!("Talk")),
                ),
                ("subtitle", text("Sub"), "subtitle", json!("Sub"), none()),
                (
                    "abstract",
                    text("It is.\nSo."),
                    "abstract",
                    json!("It is.\nSo."),
                    none(),
                ),
                plain("language", json!("de"), none()),
                (
                    "trackId",
                    set.id("trackAdd"),
                    "track { id }",
                    refer("trackAdd").1,
                    none(),
                ),
                plain("expectedAudience", json!(40), none()),
                plain("url", json!("https://example.org/x"), none()),
                (
                    "links",
                    link.clone(),
                    "links { url title kind }",
                    link.clone(),
                    Is(json!([])),
                ),
                (
                    "attachments",
                    link.clone(),
                    "attachments { url title kind }",
                    link,
                    Is(json!([])),
                ),
            ],
        ),
        case(
            "appearanceUpdate",
            "appearanceAdd",
            vec![
                plain("role", json!("LEAD"), Stays),
                (
                    "onBehalfOf",
                    party,
                    "onBehalfOf { ... on Person { id } }",
                    told_person.clone(),
                    none(),
                ),
                plain("printedName", json!("A. E."), Stays),
                plain("printedPosts", json!(["p"]), Is(json!([]))),
            ],
        ),
        case(
            "releaseUpdate",
            "releaseAdd",
            vec![
                key(),
                title(),
                plain("kind", json!("guide"), none()),
                plain("url", json!("https://example.org/x"), none()),
                recurring(),
                (
                    "itemId",
                    item.clone(),
                    "item { id }",
                    told_item.clone(),
                    none(),
                ),
            ],
        ),
        case(
            "awardUpdate",
            "awardAdd",
            vec![
                key(),
                plain("kind", json!("PLAQUE"), Stays),
                title(),
                plain("level", json!("first"), none()),
                (
                    "citation",
                    text("For\nall."),
                    "citation",
                    json!("For\nall."),
                    none(),
                ),
                list("grantorIds", "grantors { id }"),
                (
                    "itemId",
                    item.clone(),
                    "item { id }",
                    told_item.clone(),
                    none(),
                ),
            ],
        ),
        case(
            "letterUpdate",
            "letterDraft",
            vec![
                key(),
                (
                    "appointeeId",
                    person.clone(),
                    "appointee { id }",
                    told_person.clone(),
                    Stays,
                ),
                (
                    "bodyId",
                    organization.clone(),
                    "body { id }",
                    told_organization.clone(),
                    Stays,
                ),
                plain("post", json!("deputy"), Stays),
                day("since"),
                day("until"),
                list("issuerIds", "issuers { id }"),
                plain("signatory", json!("The Mayor"), none()),
                plain("number", json!("No. 7"), none()),
            ],
        ),
        case(
            "resolutionUpdate",
            "resolutionAdd",
            vec![
                key(),
                plain("text", json!("So be it.\nAmen."), Stays),
                ("itemId", item, "item { id }", told_item, none()),
            ],
        ),
        case(
            "actionItemUpdate",
            "actionItemAdd",
            vec![
                key(),
                plain("description", json!("do\nthis"), Stays),
                ("setById", person, "setBy { id }", told_person, none()),
                list("responsibleIds", "responsible { id }"),
                day("dueOn"),
                recurring(),
            ],
        ),
        case(
            "reportUpdate",
            "reportAdd",
            vec![
                key(),
                plain("publisher", json!("Other"), Stays),
                plain("title", json!("It was"), none()),
                day("publishedOn"),
                (
                    "publishedAtLocal",
                    json!("2025-02-03T08:15:00"),
                    "publishedAtLocal",
                    json!("2025-02-03T08:15:00"),
                    none(),
                ),
                plain("language", json!("de"), Stays),
                plain("url", json!("https://example.org/x"), none()),
                (
                    "credits",
                    json!([{ "role": "text", "name": "Bo" }]),
                    "credits { role name }",
                    json!([{ "role": "text", "name": "Bo" }]),
                    Is(json!([])),
                ),
                (
                    "keyFigures",
                    json!([{ "label": "l", "value": "1", "unit": "u", "note": "n\nm" }]),
                    "keyFigures { label value unit note }",
                    json!([{ "label": "l", "value": "1", "unit": "u", "note": "n\nm" }]),
                    Is(json!([])),
                ),
                plain("documentsCited", json!(["d"]), Is(json!([]))),
            ],
        ),
    ]
}
