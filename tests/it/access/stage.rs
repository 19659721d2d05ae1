//! What the personas look at.

use std::collections::BTreeMap;

use domain::workspace::Workspace;
use serde_json::{Value, json};
use tests::{Backend, TestApp};

use crate::reach::every_member;

/// Two workspaces; in one of them an event for everybody, one for the house, and one that nobody
/// has announced.
pub struct Stage {
    pub app: TestApp,
    pub home: Workspace,
    pub abroad: Workspace,
    /// Ids by what they name.
    pub ids: BTreeMap<&'static str, String>,
}

impl Stage {
    pub async fn new(backend: Backend) -> Self {
        // What is done on the way is much, and is remembered until the end.
        Box::pin(Self::set(backend)).await
    }

    async fn set(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let abroad = app.workspace("abroad").await;
        let (open, _) = app.import_document(&home, every_member("open")).await;
        let internal = Self::document("internal", "WORKSPACE", "colleague");
        let internal = app.import(&home, &internal).await;
        let draft = Self::document("draft", "PUBLIC", "secret");
        let draft = app.import(&home, &draft).await;
        app.publish(open.id).await;
        app.publish(internal.id).await;
        app.hear_from_somebody_at(open.id).await;
        app.invite_everybody(open.id).await;
        app.invite_everybody(internal.id).await;
        app.issue_awards(open.id).await;
        app.suppress(&home, "nobody@example.org").await;
        app.dress_papers(&home).await;
        let template = app.word_mails(&home, "Remember").await;
        // As if they had been sent.
        let sent = "UPDATE delivery SET address = 'ada@example.org', answer = '250 taken'";
        app.database.execute(sent).await;
        let owner = app.as_owner(&home).await;
        let operation = "{
            draft: event(slug: \"draft\") {
                draftAgenda { items { id appearances { id person { id } organization { id } } } }
            }
            internal: event(slug: \"internal\") {
                participants { nodes { id invitations { id } } }
            }
            open: event(slug: \"open\") {
                draftAgenda { items { id expectedAudience } }
                participants { nodes { id person { id email posts { title } } } }
                receivedMail { nodes { id } }
                organizations { id delegation { quota } }
                foundedOrganizations { id memberships { id letter { id } } }
                actionItems { id } resolutions { id }
                awards { recipients { id credential { id code } } }
                messages { nodes { id deliveries { nodes { id invitation { id } } } } }
            }
        }";
        let answer = owner.query(operation).await;
        let data = answer.expect_data();
        let id = |place: &str| {
            let id = data.pointer(place).and_then(Value::as_str);
            id.unwrap_or_else(|| panic!("no {place}: {data:#}"))
                .to_owned()
        };
        let people = data["open"]["participants"]["nodes"]
            .as_array()
            .expect("participants");
        let reachable = people.iter().find(|one| !one["person"]["email"].is_null());
        let holder = people
            .iter()
            .find(|one| one["person"]["posts"] != json!([]));
        let items = data["open"]["draftAgenda"]["items"].as_array();
        let mut items = items.expect("items").iter();
        let crowded = items.find(|one| !one["expectedAudience"].is_null());
        let roles = data["open"]["organizations"]
            .as_array()
            .expect("organizations");
        let sending = roles.iter().find(|one| !one["delegation"].is_null());
        let awards = data["open"]["awards"].as_array().expect("awards").iter();
        let certified = awards
            .filter_map(|award| award["recipients"].as_array())
            .flatten()
            .find(|one| !one["credential"].is_null());
        let certified = certified.expect("a certificate");
        let code = certified["credential"]["code"]
            .as_str()
            .expect("a code")
            .to_owned();
        let certified = certified["id"].as_str().expect("an id").to_owned();
        let item = "/draft/draftAgenda/items/0";
        let founded = "/open/foundedOrganizations/0";
        let ids = BTreeMap::from([
            ("open", open.id.to_string()),
            ("internal", internal.id.to_string()),
            ("draft", draft.id.to_string()),
            ("template", template.to_string()),
            ("draft item", id(&format!("{item}/id"))),
            ("draft appearance", id(&format!("{item}/appearances/0/id"))),
            (
                "draft person",
                id(&format!("{item}/appearances/0/person/id")),
            ),
            (
                "draft organization",
                id(&format!("{item}/appearances/1/organization/id")),
            ),
            (
                "person",
                reachable.expect("an address")["person"]["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            ),
            (
                "holder",
                holder.expect("a post")["person"]["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            ),
            (
                "role",
                sending.expect("a delegation")["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            ),
            (
                "crowded item",
                crowded.expect("an audience")["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            ),
            ("participant", id("/open/participants/nodes/0/id")),
            ("received mail", id("/open/receivedMail/nodes/0/id")),
            ("guest", id("/internal/participants/nodes/0/id")),
            (
                "their invitation",
                id("/internal/participants/nodes/0/invitations/0/id"),
            ),
            ("message", id("/open/messages/nodes/0/id")),
            (
                "delivery",
                id("/open/messages/nodes/0/deliveries/nodes/0/id"),
            ),
            (
                "invitation",
                id("/open/messages/nodes/0/deliveries/nodes/0/invitation/id"),
            ),
            ("founded", id(&format!("{founded}/id"))),
            ("membership", id(&format!("{founded}/memberships/0/id"))),
            ("letter", id(&format!("{founded}/memberships/0/letter/id"))),
            ("action item", id("/open/actionItems/0/id")),
            ("recipient", certified),
            ("code", code),
            ("resolution", id("/open/resolutions/0/id")),
        ]);
        Self {
            app,
            home,
            abroad,
            ids,
        }
    }

    /// An event with a person and an organization that appear nowhere else.
    pub fn document(key: &str, visibility: &str, name: &str) -> String {
        format!(
            "key: {key}\nlanguage: en\ntitle: The {key} event\nvisibility: {visibility}\n\
             time: {{ timeZone: Asia/Shanghai, startsOn: 2025-02-01 }}\n\
             organizations: [{{ key: {name}-bureau, kind: DEPARTMENT, name: {name} bureau }}]\n\
             people: [{{ key: {name}-person, name: {name} person, email: {name}@example.org, posts: [{{ title: {name} post }}] }}]\n\
             agenda:\n- key: speech\n  kind: SPEECH\n  appearances:\n\
             \x20 - {{ role: SPEAKER, person: {name}-person }}\n\
             \x20 - {{ role: SPEAKER, organization: {name}-bureau }}\n"
        )
    }

    /// What each line of the table asks, and where its answer stands.
    pub fn probes(&self) -> Vec<(&'static str, String, &'static str)> {
        let id = |name: &str| &self.ids[name];
        let node = |name: &str| format!("{{ node(id: \"{}\") {{ id }} }}", id(name));
        let event = |slug: &str, what: &str| format!("{{ event(slug: \"{slug}\") {{ {what} }} }}");
        let listed = |slug: &str| {
            format!("{{ events(filter: {{ search: \"{slug}\" }}) {{ nodes {{ slug }} }} }}")
        };
        let on = |name: &str, kind: &str, what: &str| {
            format!(
                "{{ node(id: \"{}\") {{ ... on {kind} {{ {what} }} }} }}",
                id(name)
            )
        };
        vec![
            ("open event", event("open", "slug"), "/event"),
            ("open event, in the list", listed("Autumn"), "/events/nodes"),
            ("open event, as a node", node("open"), "/node"),
            ("internal event", event("internal", "slug"), "/event"),
            (
                "internal event, in the list",
                listed("internal"),
                "/events/nodes",
            ),
            ("internal event, as a node", node("internal"), "/node"),
            ("draft event", event("draft", "slug"), "/event"),
            ("draft event, in the list", listed("draft"), "/events/nodes"),
            ("draft event, as a node", node("draft"), "/node"),
            (
                "workspace",
                "{ workspace(slug: \"home\") { id } }".to_owned(),
                "/workspace",
            ),
            (
                "viewer",
                "{ viewer { account { id } } }".to_owned(),
                "/viewer",
            ),
            (
                "agenda",
                event("open", "agenda { items { id } }"),
                "/event/agenda/items",
            ),
            (
                "agenda of the draft",
                event("draft", "agenda { items { id } }"),
                "/event/agenda",
            ),
            (
                "draftAgenda",
                event("open", "draftAgenda { items { id } }"),
                "/event/draftAgenda/items",
            ),
            (
                "draftAgenda of the draft",
                event("draft", "draftAgenda { items { id } }"),
                "/event/draftAgenda/items",
            ),
            ("item of the draft, as a node", node("draft item"), "/node"),
            (
                "appearances",
                event("open", "appearances { id }"),
                "/event/appearances",
            ),
            (
                "appearance on the draft's agenda",
                node("draft appearance"),
                "/node",
            ),
            ("person of the draft", node("draft person"), "/node"),
            (
                "organization of the draft",
                node("draft organization"),
                "/node",
            ),
            (
                "person of the draft, in the list",
                "{ people(filter: { search: \"secret\" }) { nodes { id } } }".to_owned(),
                "/people/nodes",
            ),
            (
                "organization of it, in the list",
                "{ organizations(filter: { search: \"secret\" }) { nodes { id } } }".to_owned(),
                "/organizations/nodes",
            ),
            (
                "organizations with a role",
                event("open", "organizations { id }"),
                "/event/organizations",
            ),
            (
                "participants",
                event("open", "participants { nodes { id } }"),
                "/event/participants/nodes",
            ),
            ("participant, as a node", node("participant"), "/node"),
            (
                "receivedMail",
                event("open", "receivedMail { nodes { id } }"),
                "/event/receivedMail/nodes",
            ),
            ("received mail, as a node", node("received mail"), "/node"),
            (
                "content of a received mail",
                on("received mail", "ReceivedMail", "content { sender }"),
                "/node/content",
            ),
            (
                "delegation",
                on("role", "EventOrganization", "delegation { quota }"),
                "/node/delegation",
            ),
            (
                "memberships",
                on("founded", "Organization", "memberships { id }"),
                "/node/memberships",
            ),
            ("membership, as a node", node("membership"), "/node"),
            (
                "appointmentLetters",
                event("open", "appointmentLetters { nodes { id } }"),
                "/event/appointmentLetters/nodes",
            ),
            ("appointment letter, as a node", node("letter"), "/node"),
            (
                "actionItems",
                event("open", "actionItems { id }"),
                "/event/actionItems",
            ),
            ("action item, as a node", node("action item"), "/node"),
            (
                "resolutions",
                event("open", "resolutions { id }"),
                "/event/resolutions",
            ),
            ("resolution, as a node", node("resolution"), "/node"),
            ("person of the open event", node("person"), "/node"),
            ("email", on("person", "Person", "email"), "/node/email"),
            (
                "telephone",
                on("person", "Person", "telephone"),
                "/node/telephone",
            ),
            ("reports", event("open", "reports { id }"), "/event/reports"),
            (
                "messages",
                event("open", "messages { nodes { id } }"),
                "/event/messages/nodes",
            ),
            ("message, as a node", node("message"), "/node"),
            ("delivery, as a node", node("delivery"), "/node"),
            ("invitation, as a node", node("invitation"), "/node"),
            (
                "their own invitation, as a node",
                node("their invitation"),
                "/node",
            ),
            (
                "their own feed",
                on("guest", "Participant", "calendarUrl"),
                "/node/calendarUrl",
            ),
            (
                "suppressions",
                "{ workspace(slug: \"home\") { suppressions { nodes { id } } } }".to_owned(),
                "/workspace/suppressions/nodes",
            ),
            ("template of a mail, as a node", node("template"), "/node"),
            (
                "templates of mails",
                "{ workspace(slug: \"home\") { mailTemplates { name } } }".to_owned(),
                "/workspace/mailTemplates",
            ),
            (
                "messagePreview",
                "{ workspace(slug: \"home\") { messagePreview(kind: INVITATION) { subject } } }"
                    .to_owned(),
                "/workspace/messagePreview",
            ),
            (
                "attendee",
                "{ attendee { event { slug } person { name } representing { id } } }".to_owned(),
                "/attendee",
            ),
        ]
    }

    /// What asks for each field that names a permission, and where its answer stands.
    pub fn directed_probes(&self) -> Vec<(&'static str, String, &'static str)> {
        let on = |name: &str, kind: &str, what: &str| {
            format!(
                "{{ node(id: \"{}\") {{ ... on {kind} {{ {what} }} }} }}",
                self.ids[name]
            )
        };
        let open = |what: &str| on("open", "Event", what);
        let import = format!(
            "mutation {{ eventImport(input: {{ workspaceId: \"{}\", dryRun: true, document: {} }}) \
             {{ changes {{ unchanged }} userErrors {{ message }} }} }}",
            self.home.id,
            Value::from(Self::document("draft", "PUBLIC", "secret")),
        );
        let schedule = format!(
            "mutation {{ scheduleImport(input: {{ workspaceId: \"{}\", dryRun: true, \
             format: SCHEDULE_XML, document: {} }}) {{ changes {{ unchanged }} }} }}",
            self.home.id,
            Value::from(
                "<schedule><conference><title>Camp</title></conference>\
                 <day date='2024-12-27'/></schedule>"
            ),
        );
        vec![
            (
                "Query.node",
                format!("{{ node(id: \"{}\") {{ id }} }}", self.ids["open"]),
                "/node",
            ),
            (
                "Query.nodes",
                format!("{{ nodes(ids: [\"{}\"]) {{ id }} }}", self.ids["open"]),
                "/nodes/0",
            ),
            (
                "Query.viewer",
                "{ viewer { account { id } } }".to_owned(),
                "/viewer",
            ),
            (
                "Query.attendee",
                "{ attendee { id } }".to_owned(),
                "/attendee",
            ),
            (
                "AgendaVersion.notices",
                open("agendaVersions { notices { changes { kinds } } }"),
                "/node/agendaVersions/0/notices",
            ),
            (
                "AgendaItem.expectedAudience",
                on("crowded item", "AgendaItem", "expectedAudience"),
                "/node/expectedAudience",
            ),
            (
                "Event.roomChangeMinutes",
                open("roomChangeMinutes"),
                "/node/roomChangeMinutes",
            ),
            (
                "Room.availability",
                open("room { availability { startsAtLocal } }"),
                "/node/room/availability",
            ),
            (
                "Event.draftDiff",
                open("draftDiff { isEmpty }"),
                "/node/draftDiff",
            ),
            (
                "Event.agendaRevisions",
                open("agendaRevisions { number }"),
                "/node/agendaRevisions",
            ),
            (
                "Participant.link",
                on("participant", "Participant", "link"),
                "/node/link",
            ),
            (
                "Participant.answerUrl",
                on("participant", "Participant", "answerUrl"),
                "/node/answerUrl",
            ),
            (
                "Participant.calendarUrl",
                on("participant", "Participant", "calendarUrl"),
                "/node/calendarUrl",
            ),
            (
                "Event.messages",
                open("messages { nodes { id } }"),
                "/node/messages/nodes",
            ),
            (
                "Delivery.address",
                on("delivery", "Delivery", "address"),
                "/node/address",
            ),
            (
                "Delivery.answer",
                on("delivery", "Delivery", "answer"),
                "/node/answer",
            ),
            (
                "Workspace.suppressions",
                "{ workspace(slug: \"home\") { suppressions { nodes { id } } } }".to_owned(),
                "/workspace/suppressions/nodes",
            ),
            (
                "Workspace.mailTemplates",
                "{ workspace(slug: \"home\") { mailTemplates { name } } }".to_owned(),
                "/workspace/mailTemplates",
            ),
            (
                "Workspace.messagePreview",
                "{ workspace(slug: \"home\") { messagePreview(kind: INVITATION) { subject } } }"
                    .to_owned(),
                "/workspace/messagePreview",
            ),
            (
                "Query.workspace",
                "{ workspace(slug: \"home\") { id } }".to_owned(),
                "/workspace",
            ),
            (
                "Query.event",
                "{ event(slug: \"open\") { id } }".to_owned(),
                "/event",
            ),
            (
                "Query.events",
                "{ events { nodes { id } } }".to_owned(),
                "/events/nodes",
            ),
            (
                "Query.people",
                "{ people { nodes { id } } }".to_owned(),
                "/people/nodes",
            ),
            (
                "Query.organizations",
                "{ organizations { nodes { id } } }".to_owned(),
                "/organizations/nodes",
            ),
            ("Mutation.eventImport", import, "/eventImport/changes"),
            (
                "Mutation.scheduleImport",
                schedule,
                "/scheduleImport/changes",
            ),
            (
                "Event.draftAgenda",
                open("draftAgenda { items { id } }"),
                "/node/draftAgenda",
            ),
            (
                "Event.participants",
                open("participants { nodes { id } }"),
                "/node/participants",
            ),
            (
                "Event.receivedMail",
                open("receivedMail { nodes { id } }"),
                "/node/receivedMail",
            ),
            (
                "ReceivedMail.content",
                on("received mail", "ReceivedMail", "content { sender }"),
                "/node/content",
            ),
            (
                "Event.resolutions",
                open("resolutions { id }"),
                "/node/resolutions",
            ),
            (
                "Event.actionItems",
                open("actionItems { id }"),
                "/node/actionItems",
            ),
            (
                "EventOrganization.delegation",
                on("role", "EventOrganization", "delegation { quota }"),
                "/node/delegation",
            ),
            (
                "Organization.memberships",
                on("founded", "Organization", "memberships { id }"),
                "/node/memberships",
            ),
            (
                "Membership.letter",
                on("membership", "Membership", "letter { id }"),
                "/node/letter",
            ),
            (
                "Person.externalId",
                on("person", "Person", "externalId"),
                "/node/externalId",
            ),
            (
                "Person.posts",
                on("holder", "Person", "posts { title }"),
                "/node/posts",
            ),
            (
                "Person.email",
                on("person", "Person", "email"),
                "/node/email",
            ),
            (
                "Person.language",
                on("person", "Person", "language"),
                "/node/language",
            ),
            (
                "Person.telephone",
                on("person", "Person", "telephone"),
                "/node/telephone",
            ),
        ]
    }
}
