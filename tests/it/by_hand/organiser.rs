//! An organiser who has never seen an event document, and builds what one tells through mutations
//! alone, one thing after the other.

use std::collections::BTreeMap;

use domain::availability::Window;
use domain::event::EventState;
use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, EventDocument, ItemEntry, PartyKey, ReleaseEntry,
    ResolutionEntry,
};
use domain::link::Link;
use domain::workspace::Workspace;
use domain::{Key, LanguageTag, LocalizedText};
use serde_json::{Value, json};
use tests::Client;

use crate::doing::{Made, done, made};

/// Builds events in one workspace.
pub struct Organiser<'a> {
    client: Client<'a>,
    workspace: String,
    /// What was made, by noun and key.
    made: BTreeMap<(&'static str, String), Made>,
    event: String,
}

impl<'a> Organiser<'a> {
    pub fn new(client: Client<'a>, workspace: &Workspace) -> Self {
        Self {
            client,
            workspace: workspace.id.to_string(),
            made: BTreeMap::new(),
            event: String::new(),
        }
    }

    /// Builds an event, and brings it to the state that it is in. Gives its id.
    pub async fn build(&mut self, document: &EventDocument, parent: Option<&str>) -> String {
        self.places(document).await;
        self.directory(document).await;
        self.event(document, parent).await;
        self.founded(document).await;
        self.attending(document).await;
        for entry in &document.tracks {
            let input = json!({ "eventId": self.event, "externalId": entry.key.as_str(),
                "name": entry.name, "color": entry.color });
            self.keep("track", &entry.key, "trackAdd", input).await;
        }
        self.appearances(&document.appearances, None).await;
        for item in &document.agenda {
            Box::pin(self.item(item, None)).await;
        }
        self.releases(&document.releases, None).await;
        self.awards(&document.awards, None).await;
        self.resolutions(&document.resolutions, None).await;
        self.letters(document).await;
        self.afterwards(document).await;
        self.steps(document).await;
        self.event.clone()
    }

    async fn make(&self, mutation: &str, input: Value) -> Made {
        made(&self.client, mutation, without_nulls(input)).await
    }

    async fn keep(&mut self, noun: &'static str, key: &Key, mutation: &str, input: Value) {
        let made = self.make(mutation, input).await;
        self.made.insert((noun, key.to_string()), made);
    }

    fn knows(&self, noun: &'static str, key: &Key) -> bool {
        self.made.contains_key(&(noun, key.to_string()))
    }

    fn id(&self, noun: &'static str, key: &Key) -> &str {
        &self.made[&(noun, key.to_string())].id
    }

    fn maybe(&self, noun: &'static str, key: Option<&Key>) -> Option<&str> {
        key.map(|key| self.id(noun, key))
    }

    fn ids(&self, noun: &'static str, keys: &[Key]) -> Vec<&str> {
        keys.iter().map(|key| self.id(noun, key)).collect()
    }

    fn party(&self, party: Option<&PartyKey>) -> Value {
        match party {
            None => Value::Null,
            Some(PartyKey::Person(key)) => json!({ "personId": self.id("person", key) }),
            Some(PartyKey::Organization(key)) => {
                json!({ "organizationId": self.id("organization", key) })
            }
        }
    }

    async fn places(&mut self, document: &EventDocument) {
        for venue in &document.venues {
            let input = json!({ "workspaceId": self.workspace, "externalId": venue.key.as_str(),
                "name": venue.name, "address": venue.address });
            self.keep("venue", &venue.key, "venueCreate", input).await;
            for room in &venue.rooms {
                let input = json!({ "venueId": self.id("venue", &venue.key),
                    "externalId": room.key.as_str(), "name": room.name, "floor": room.floor,
                    "capacity": room.capacity, "accessibility": room.accessibility,
                    "availability": windows(&room.availability) });
                self.keep("room", &room.key, "roomAdd", input).await;
            }
        }
    }

    async fn directory(&mut self, document: &EventDocument) {
        for entry in &document.organizations {
            // It was at an event before.
            if self.knows("organization", &entry.key) {
                continue;
            }
            let input = json!({ "workspaceId": self.workspace, "externalId": entry.key.as_str(),
                "kind": entry.kind.map_or("OTHER".to_owned(), |kind| kind.to_string()),
                "name": text(Some(&entry.name)),
                "aliases": entry.aliases, "protocolOrder": entry.protocol_order,
                "level": entry.level, "goals": entry.goals });
            self.keep("organization", &entry.key, "organizationCreate", input)
                .await;
        }
        let people = document.people.iter();
        let people: Vec<_> = people
            .filter(|entry| !self.knows("person", &entry.key))
            .collect();
        let rows = people.iter().map(|entry| {
            json!({ "externalId": entry.key.as_str(), "name": entry.name,
                "transcription": entry.transcription,
                "furtherNames": translations(&entry.further_names),
                "email": entry.email, "telephone": entry.telephone,
                "language": entry.language.as_ref().map(ToString::to_string) })
        });
        let rows = json!({ "workspaceId": self.workspace, "rows": rows.collect::<Vec<_>>() });
        let payload = done(&self.client, "personBulkCreate", without_nulls(rows)).await;
        let results = payload["results"].as_array().expect("a list");
        assert_eq!(payload["count"], people.len());
        for (entry, result) in people.into_iter().zip(results) {
            let id = result["person"]["id"].as_str().expect("a person");
            let person = Made {
                id: id.to_owned(),
                version: 1,
            };
            self.made.insert(("person", entry.key.to_string()), person);
            for post in &entry.posts {
                let input = json!({ "personId": id, "title": post.title,
                    "organizationId": self.maybe("organization", post.organization.as_ref()),
                    "since": post.since, "until": post.until });
                self.make("postAdd", input).await;
            }
        }
    }

    async fn event(&mut self, document: &EventDocument, parent: Option<&str>) {
        if let Some(series) = &document.series {
            let input = json!({ "workspaceId": self.workspace, "externalId": series.key.as_str(),
                "title": text(Some(&series.title)) });
            self.keep("series", &series.key, "seriesCreate", input)
                .await;
        }
        let time = &document.time;
        let series = document.series.as_ref().map(|series| &series.key);
        let input = json!({
            "workspaceId": self.workspace,
            "slug": document.key.as_str(),
            "kind": document.kind.map_or("OTHER".to_owned(), |kind| kind.to_string()),
            "title": text(Some(&document.title)),
            "alternativeTitles": document.alternative_titles,
            "theme": text(document.theme.as_ref()),
            "topics": document.topics,
            "locality": document.locality,
            "visibility": document.visibility.map(|visibility| visibility.to_string()),
            "time": {
                "timeZone": time.zone.as_str(),
                "startsOn": time.starts_on,
                "endsOn": (time.ends_on != time.starts_on).then_some(time.ends_on),
                "dayPart": time.day_part.map(|part| part.to_string()),
                "startsAtLocal": time.starts_at,
                "endsAtLocal": time.ends_at,
            },
            "venueId": self.maybe("venue", document.venue.as_ref()),
            "roomId": self.maybe("room", document.room.as_ref()),
            "capacity": document.capacity,
            "roomChangeMinutes": document.room_change_minutes,
            "parentId": parent,
            "seriesId": self.maybe("series", series),
        });
        self.event = self.make("eventCreate", input).await.id;
    }

    /// What could be said of organizations only when all of them, and the event, were there.
    async fn founded(&mut self, document: &EventDocument) {
        for entry in &document.organizations {
            let mut patch = serde_json::Map::new();
            if entry.founded_here == Some(true) {
                patch.insert("foundingEventId".to_owned(), json!(self.event));
            }
            if let Some(parent) = &entry.parent {
                let parent = self.id("organization", parent);
                patch.insert("parentId".to_owned(), json!(parent));
            }
            if !patch.is_empty() {
                let Made { id, version } =
                    self.made[&("organization", entry.key.to_string())].clone();
                let input = json!({ "id": id, "expectedVersion": version, "patch": patch });
                self.make("organizationUpdate", input).await;
            }
        }
    }

    async fn attending(&mut self, document: &EventDocument) {
        for entry in &document.groups {
            let input = json!({ "eventId": self.event, "externalId": entry.key.as_str(),
                "description": entry.description, "expectedCount": entry.expected_count,
                "organizationId": self.maybe("organization", entry.organization.as_ref()) });
            self.keep("group", &entry.key, "participantGroupAdd", input)
                .await;
        }
        for entry in &document.participants {
            let organization = entry.representing.as_ref();
            let input = json!({ "eventId": self.event,
                "personId": self.id("person", &entry.person),
                "category": entry.category.map(|category| category.to_string()),
                "status": entry.status.map(|status| status.to_string()),
                "representingId": self.maybe("organization", organization),
                "onBehalfOf": self.party(entry.on_behalf_of.as_ref()),
                "printedName": entry.printed_name, "printedPosts": entry.printed_posts,
                "availability": windows(&entry.availability) });
            self.keep("participant", &entry.person, "participantAdd", input)
                .await;
        }
        for entry in &document.roles {
            let told = entry.delegation.as_ref().map(|told| {
                json!({ "quota": told.quota, "dueAt": told.due_at, "returnedAt": told.returned_at,
                    "liaisonId": self.maybe("person", told.liaison.as_ref()) })
            });
            let input = json!({ "eventId": self.event, "role": entry.role.to_string(),
                "organizationId": self.id("organization", &entry.organization),
                "printedName": entry.printed_name, "delegation": told });
            let role = self.make("eventOrganizationAdd", input).await;
            let Some(told) = &entry.delegation else {
                continue;
            };
            let head = told.head.iter().map(|key| (key, "HEAD"));
            let delegates = told.delegates.iter().map(|key| (key, "DELEGATE"));
            for (key, delegate_role) in head.chain(delegates) {
                let more = json!({ "delegationId": role.id, "delegateRole": delegate_role });
                let listed = self.made.get(&("participant", key.to_string())).cloned();
                if let Some(Made { id, version }) = listed {
                    let input = json!({ "id": id, "expectedVersion": version, "patch": more });
                    self.make("participantUpdate", input).await;
                } else {
                    let person = self.id("person", key);
                    let input = json!({ "eventId": self.event, "personId": person });
                    let input = crate::doing::with(input, more);
                    self.keep("participant", key, "participantAdd", input).await;
                }
            }
        }
    }

    async fn item(&mut self, item: &ItemEntry, parent: Option<&Key>) {
        let input = json!({
            "eventId": self.event,
            "externalId": item.key.as_str(),
            "parentId": self.maybe("item", parent),
            "kind": item.kind.to_string(),
            "title": text(item.title.as_ref()),
            "subtitle": text(item.subtitle.as_ref()),
            "abstract": text(item.summary.as_ref()),
            "language": item.language.as_ref().map(LanguageTag::as_str),
            "startsAtLocal": item.starts_at,
            "endsAtLocal": item.ends_at,
            "roomId": self.maybe("room", item.room.as_ref()),
            "trackId": self.maybe("track", item.track.as_ref()),
            "expectedAudience": item.expected_audience,
            "url": item.url,
            "links": links(&item.links),
            "attachments": links(&item.attachments),
        });
        self.keep("item", &item.key, "agendaItemAdd", input).await;
        self.appearances(&item.appearances, Some(&item.key)).await;
        self.releases(&item.releases, Some(&item.key)).await;
        self.awards(&item.awards, Some(&item.key)).await;
        self.resolutions(&item.resolutions, Some(&item.key)).await;
        for part in &item.items {
            Box::pin(self.item(part, Some(&item.key))).await;
        }
    }

    async fn appearances(&self, entries: &[AppearanceEntry], item: Option<&Key>) {
        for entry in entries {
            let who = match &entry.who {
                AppearingKey::Person(key) => json!({ "personId": self.id("person", key) }),
                AppearingKey::Organization(key) => {
                    json!({ "organizationId": self.id("organization", key) })
                }
                AppearingKey::Group(key) => json!({ "groupId": self.id("group", key) }),
            };
            let input = json!({ "eventId": self.event, "itemId": self.maybe("item", item),
                "role": entry.role.to_string(), "who": who,
                "onBehalfOf": self.party(entry.on_behalf_of.as_ref()),
                "printedName": entry.printed_name, "printedPosts": entry.printed_posts });
            self.make("appearanceAdd", input).await;
        }
    }

    async fn releases(&self, entries: &[ReleaseEntry], item: Option<&Key>) {
        for entry in entries {
            let input = json!({ "eventId": self.event, "itemId": self.maybe("item", item),
                "externalId": entry.key.as_str(), "title": text(Some(&entry.title)),
                "kind": entry.kind, "url": entry.url, "recurring": entry.recurring });
            self.make("releaseAdd", input).await;
        }
    }

    async fn awards(&self, entries: &[AwardEntry], item: Option<&Key>) {
        for entry in entries {
            let input = json!({ "eventId": self.event, "itemId": self.maybe("item", item),
                "externalId": entry.key.as_str(), "kind": entry.kind.to_string(),
                "title": text(Some(&entry.title)), "level": entry.level,
                "citation": text(entry.citation.as_ref()),
                "grantorIds": self.ids("organization", &entry.grantors) });
            let award = self.make("awardAdd", input).await;
            for recipient in &entry.recipients {
                let recipient = self.party(Some(recipient));
                let input = json!({ "awardId": award.id, "recipient": recipient });
                self.make("awardRecipientAdd", input).await;
            }
        }
    }

    async fn resolutions(&self, entries: &[ResolutionEntry], item: Option<&Key>) {
        for entry in entries {
            let input = json!({ "eventId": self.event, "itemId": self.maybe("item", item),
                "externalId": entry.key.as_str(), "text": entry.text });
            self.make("resolutionAdd", input).await;
        }
    }

    /// The letters, and who belongs to what, perhaps by one of them.
    async fn letters(&mut self, document: &EventDocument) {
        for entry in &document.letters {
            let input = json!({ "eventId": self.event, "externalId": entry.key.as_str(),
                "appointeeId": self.id("person", &entry.appointee),
                "bodyId": self.id("organization", &entry.body), "post": entry.post,
                "since": entry.since, "until": entry.until,
                "issuerIds": self.ids("organization", &entry.issuers),
                "signatory": entry.signatory, "number": entry.number });
            self.keep("letter", &entry.key, "letterDraft", input).await;
        }
        for entry in &document.organizations {
            for membership in &entry.memberships {
                let input = json!({ "organizationId": self.id("organization", &entry.key),
                    "member": self.party(Some(&membership.member)), "post": membership.post,
                    "since": membership.since, "until": membership.until,
                    "letterId": self.maybe("letter", membership.letter.as_ref()) });
                self.make("membershipAdd", input).await;
            }
        }
    }

    async fn afterwards(&self, document: &EventDocument) {
        for entry in &document.action_items {
            let input = json!({ "eventId": self.event, "externalId": entry.key.as_str(),
                "description": entry.description,
                "setById": self.maybe("person", entry.set_by.as_ref()),
                "responsibleIds": self.ids("organization", &entry.responsible),
                "dueOn": entry.due_on, "recurring": entry.recurring });
            let Made { id, version } = self.make("actionItemAdd", input).await;
            if entry.status.is_some() || entry.progress.is_some() {
                let input = json!({ "id": id, "expectedVersion": version,
                    "status": entry.status.map(|status| status.to_string()),
                    "progress": entry.progress });
                self.make("actionItemProgress", input).await;
            }
        }
        for entry in &document.reports {
            let credits = entry.credits.iter();
            let credits = credits.map(|one| json!({ "role": one.role, "name": one.name }));
            let figures = entry.key_figures.iter().map(|one| {
                json!({ "label": one.label, "value": one.value, "unit": one.unit,
                    "note": one.note })
            });
            let input = json!({ "eventId": self.event, "externalId": entry.key.as_str(),
                "title": entry.title, "publisher": entry.publisher,
                "publishedOn": entry.published_on, "publishedAtLocal": entry.published_at,
                "language": entry.language.as_str(), "url": entry.url,
                "credits": credits.collect::<Vec<_>>(),
                "keyFigures": figures.collect::<Vec<_>>(),
                "documentsCited": entry.documents_cited });
            self.make("reportAdd", input).await;
        }
    }

    async fn steps(&self, document: &EventDocument) {
        let mut event = self.now().await;
        let mut step = async |mutation: &str, more: Value| {
            let input = json!({ "id": event.id, "expectedVersion": event.version });
            event = self.make(mutation, crate::doing::with(input, more)).await;
        };
        match document.status {
            None | Some(EventState::Draft) => {}
            Some(EventState::Published) => step("eventPublish", json!({})).await,
            Some(EventState::Concluded) => {
                step("eventPublish", json!({})).await;
                step("eventConclude", json!({})).await;
            }
            Some(EventState::Cancelled) => {
                let reason = &document.cancellation_reason;
                step("eventCancel", json!({ "reason": reason })).await;
            }
        }
    }

    /// The event as it is: what was added to it has made it no other version.
    async fn now(&self) -> Made {
        let operation = "query($id: ID!) { node(id: $id) { ... on Event { id version } } }";
        let answer = self.client.ask(operation, json!({ "id": self.event }));
        let answer = answer.await;
        let event = &answer.expect_data()["node"];
        Made {
            id: self.event.clone(),
            version: event["version"].as_i64().expect("a version"),
        }
    }
}

/// What is not known is not said.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let known = members.into_iter().filter(|(_, value)| !value.is_null());
            known
                .map(|(name, value)| (name, without_nulls(value)))
                .collect()
        }
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

fn text(text: Option<&LocalizedText>) -> Value {
    let Some(text) = text else { return Value::Null };
    let main = text.main_language();
    let mut others = text.texts().clone();
    others.remove(main);
    json!({ "language": main.as_str(), "text": text.main_text(),
        "translations": translations(&others) })
}

fn translations(texts: &BTreeMap<LanguageTag, String>) -> Value {
    let each = texts.iter();
    each.map(|(language, text)| json!({ "language": language.as_str(), "text": text }))
        .collect()
}

fn windows(windows: &[Window]) -> Value {
    let each = windows.iter();
    each.map(|one| json!({ "startsAtLocal": one.starts_at, "endsAtLocal": one.ends_at }))
        .collect()
}

fn links(links: &[Link]) -> Value {
    let each = links.iter();
    each.map(|one| json!({ "url": one.url, "title": one.title, "kind": one.kind }))
        .collect()
}
