//! The calendars that are subscribed to.

use std::io::Read as _;

use chrono::TimeDelta;
use domain::Patch;
use domain::agenda::edit::Placement;
use domain::id::AgendaItemId;
use domain::participant::ParticipantState;
use flate2::read::GzDecoder;
use persistence::{AgendaPublish, Effect, MailSecret, Notify, Seen};
use poem::http::Method;
use serde_json::json;
use tests::{Backend, STAGEHAND, TestApp, both};

use super::{Forum, reviewed};

both!(
    everybody_reads_what_was_published_of_an_event,
    rooms_tracks_and_items_have_calendars_of_their_own,
    what_is_taken_from_the_agenda_stays_as_cancelled,
    what_was_read_before_is_not_sent_again,
    ones_own_calendar_says_what_one_answered,
    what_not_everybody_may_see_has_no_calendar,
    the_graph_knows_the_addresses,
    a_calendar_costs_the_same_however_long_it_is
);

impl Forum {
    async fn items(&self) -> Vec<domain::agenda::AgendaItem> {
        let agendas = self.store().draft_agendas(&STAGEHAND, &[self.event]).await;
        agendas.expect("the draft")[0].items().to_vec()
    }

    async fn publish_again(&self) {
        let agendas = self.store().draft_agendas(&STAGEHAND, &[self.event]).await;
        let publish = AgendaPublish {
            event: self.event,
            expected_revision: agendas.expect("the draft")[0].event().agenda_revision,
            comment: None,
            notify: Notify::Nobody,
            effect: Effect::Apply,
        };
        let published = self.store().publish_agenda(&STAGEHAND, publish, None).await;
        published.expect("a version");
    }

    /// A calendar, with names in place of ids.
    async fn calendar(&self, path: &str) -> String {
        let got = self.get(path).await;
        let mut text = got.expect(200).to_owned();
        assert_eq!(got.header("content-type"), "text/calendar; charset=utf-8");
        // Lines are folded at 75 octets, and ids are long.
        text = text.replace("\r\n ", "");
        text = text.replace(&self.event.to_string(), "EVENT");
        for item in self.items().await {
            let name = item.external_id.expect("a key");
            text = text.replace(&item.id.to_string(), &format!("ITEM-{}", name.as_str()));
        }
        text.replace('\r', "")
    }

    async fn whole(&self) -> String {
        self.calendar(&format!("/events/{}.ics", self.event)).await
    }
}

fn entry<'a>(calendar: &'a str, uid: &str) -> &'a str {
    let mut entries = calendar.split("BEGIN:VEVENT");
    let found = entries.find(|entry| entry.contains(&format!("UID:{uid}@convoke\n")));
    found.unwrap_or_else(|| panic!("no {uid} in {calendar}"))
}

async fn everybody_reads_what_was_published_of_an_event(backend: Backend) {
    let forum = Forum::new(backend).await;
    reviewed!("event.ics", &forum.whole().await);
    // The draft is not read by anybody.
    let talk = &forum.items().await[0];
    let seen = Seen {
        id: talk.id,
        version: talk.version,
    };
    let to = Placement {
        starts_at: Patch::Set(talk.starts_at.expect("an hour") + TimeDelta::hours(2)),
        ..Placement::default()
    };
    let before = forum.whole().await;
    let moved = forum.store().move_agenda_item(&STAGEHAND, seen, to).await;
    moved.expect("a move");
    assert_eq!(forum.whole().await, before);
    forum.app.clock.advance(TimeDelta::days(1));
    forum.publish_again().await;
    let after = forum.whole().await;
    let moved = entry(&after, "ITEM-talk");
    assert!(
        moved.contains("DTSTART;TZID=Asia/Shanghai:20250201T110000"),
        "{moved}"
    );
    assert!(moved.contains("SEQUENCE:2\n") && moved.contains("DTSTAMP:20250102T120000Z"));

    let off = forum
        .store()
        .cancel_event(&STAGEHAND, forum.event, None, None);
    off.await.expect("it is called off");
    let after = forum.whole().await;
    let entries = after.matches("BEGIN:VEVENT").count();
    assert_eq!(
        after.matches("STATUS:CANCELLED").count(),
        entries,
        "{after}"
    );
    assert!(entry(&after, "ITEM-talk").contains("SEQUENCE:3\n"));
}

async fn rooms_tracks_and_items_have_calendars_of_their_own(backend: Backend) {
    let forum = Forum::new(backend).await;
    let items = forum.items().await;
    let part = |name: &str| {
        let found = items.iter().find(|item| {
            let key = item.external_id.as_ref();
            key.is_some_and(|key| key.as_str() == name)
        });
        found.expect("an item")
    };
    let (panel, event) = (part("panel"), forum.event);
    let room = panel.room_id.expect("a room");
    let track = part("talk").track_id.expect("a track");
    let rooms = forum
        .calendar(&format!("/events/{event}/rooms/{room}.ics"))
        .await;
    reviewed!("room.ics", &rooms, room.to_string() => "ROOM");
    let tracks = forum
        .calendar(&format!("/events/{event}/tracks/{track}.ics"))
        .await;
    reviewed!("track.ics", &tracks, track.to_string() => "TRACK");
    let path = format!("/events/{event}/items/{}.ics", panel.id);
    reviewed!("item.ics", &forum.calendar(&path).await);
    let saved = forum.get(&path).await;
    let saved = saved.header("content-disposition");
    assert!(saved.starts_with("attachment; filename=\"forum-") && saved.ends_with(".ics\""));
    // Of what has no hour of its own, the one of what it is part of.
    let words = part("words").id;
    let words = forum
        .calendar(&format!("/events/{event}/items/{words}.ics"))
        .await;
    assert!(words.contains("SUMMARY;LANGUAGE=en:First words"), "{words}");
    for path in [
        format!("/events/{event}/items/{}.ics", part("later").id),
        format!("/events/{event}/items/{room}.ics"),
        format!("/events/{event}/rooms/{track}.ics"),
        format!("/events/{event}/tracks/{event}.ics"),
        format!("/events/{event}/items/{}", panel.id),
        format!("/events/{event}"),
        "/events/nothing.ics".to_owned(),
    ] {
        forum.get(&path).await.expect(404);
    }
}

async fn what_is_taken_from_the_agenda_stays_as_cancelled(backend: Backend) {
    let forum = Forum::new(backend).await;
    let owner = forum.app.bearer(owner_of(&forum).await);
    let talk = forum.items().await.remove(0);
    let room = talk.room_id.expect("a room");
    let input = json!({ "id": talk.id.to_string(), "expectedVersion": talk.version });
    crate::doing::done(&owner, "agendaItemRemove", input).await;
    forum.app.clock.advance(TimeDelta::days(1));
    forum.publish_again().await;
    let uid = talk.id.to_string();
    let rooms = format!("/events/{}/rooms/{room}.ics", forum.event);
    let items = format!("/events/{}/items/{}.ics", forum.event, talk.id);
    let whole = format!("/events/{}.ics", forum.event);
    for path in [&whole, &rooms, &items] {
        let text = forum.calendar(path).await;
        let gone = entry(&text, &uid);
        assert!(
            gone.contains("STATUS:CANCELLED") && gone.contains("SEQUENCE:2\n"),
            "{gone}"
        );
        assert!(
            gone.contains("DTSTART;TZID=Asia/Shanghai:20250201T090000"),
            "{gone}"
        );
    }
    // As long as one of the last five versions before had it.
    for _ in 0..4 {
        edit(&forum).await;
        forum.publish_again().await;
    }
    assert!(forum.calendar(&whole).await.contains(&uid));
    edit(&forum).await;
    forum.publish_again().await;
    assert!(!forum.calendar(&whole).await.contains(&uid));
}

async fn owner_of(forum: &Forum) -> String {
    let home = forum.store().all_workspaces(&STAGEHAND).await;
    let home = home.expect("workspaces").remove(0);
    forum
        .app
        .token(&home, domain::access::Role::Owner, None)
        .await
}

/// Something on the draft is otherwise.
async fn edit(forum: &Forum) {
    let panel = forum
        .items()
        .await
        .into_iter()
        .find(|item| item.room_id.is_some());
    let panel = panel.expect("an item");
    let seen = Seen {
        id: panel.id,
        version: panel.version,
    };
    let to = Placement {
        starts_at: Patch::Set(panel.starts_at.expect("an hour") + TimeDelta::minutes(1)),
        ..Placement::default()
    };
    let moved = forum.store().move_agenda_item(&STAGEHAND, seen, to).await;
    moved.expect("a move");
}

async fn what_was_read_before_is_not_sent_again(backend: Backend) {
    let forum = Forum::new(backend).await;
    let secret = forum.secret(forum.ada, MailSecret::Calendar).await;
    let public = format!("/events/{}.ics", forum.event);
    let own = format!("/calendar/{secret}.ics");
    for (path, cache) in [
        (public, "public, max-age=300"),
        (own, "private, max-age=300"),
    ] {
        let plain = forum.get(&path).await;
        let tag = plain.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
        assert_eq!(plain.header("cache-control"), cache);
        assert_eq!(plain.header("vary"), "Accept-Encoding");
        assert_eq!(
            plain.header("last-modified"),
            "Wed, 01 Jan 2025 12:00:00 GMT"
        );
        assert_eq!(
            plain.header("content-length"),
            plain.bytes.len().to_string()
        );
        // Time alone changes nothing.
        forum.app.clock.advance(TimeDelta::days(1));
        let with =
            async |headers: &[(&str, &str)]| forum.ask(Method::GET, &path, headers, None).await;
        let packed = with(&[("Accept-Encoding", "br, gzip;q=0.8")]).await;
        packed_is(&packed.bytes, &plain.bytes);
        assert_eq!(packed.header("content-encoding"), "gzip");
        let other = packed.header("etag").to_owned();
        assert_ne!(other, tag);
        for known in [&tag, &other, &format!("\"x\", W/{tag}"), &"*".to_owned()] {
            let got = with(&[("If-None-Match", known)]).await;
            assert_eq!((got.status.as_u16(), got.bytes.len()), (304, 0), "{known}");
            assert_eq!(got.header("etag"), tag);
            assert_eq!(got.header("cache-control"), cache);
        }
        let got = with(&[("If-None-Match", "\"x\"")]).await;
        assert_eq!(got.bytes, plain.bytes);
        let got = with(&[("Accept-Encoding", "gzip;q=0, identity")]).await;
        assert_eq!(
            (got.header("content-encoding"), &got.bytes),
            ("", &plain.bytes)
        );
        let head = forum.ask(Method::HEAD, &path, &[], None).await;
        assert_eq!(
            head.header("content-length"),
            plain.header("content-length")
        );
    }
}

#[track_caller]
fn packed_is(packed: &[u8], plain: &[u8]) {
    let mut text = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut text).expect("gzip");
    assert!(text == plain && packed.len() < plain.len());
}

async fn ones_own_calendar_says_what_one_answered(backend: Backend) {
    let forum = Forum::new(backend).await;
    let secret = forum.secret(forum.ada, MailSecret::Calendar).await;
    let path = format!("/calendar/{secret}.ics");
    let mut own = forum.calendar(&path).await;
    let invitations = forum.store().invitations(&STAGEHAND, &[forum.ada]).await;
    for (number, one) in invitations.expect("invitations").iter().enumerate() {
        assert!(own.contains(&one.uid()));
        own = own.replace(&one.id.to_string(), &format!("INVITATION-{number}"));
    }
    reviewed!("own.ics", &own, secret => "SECRET");
    let statuses = async |state, status: &str| {
        forum.app.clock.advance(TimeDelta::hours(1));
        forum.becomes(forum.ada, state).await;
        let text = forum.calendar(&path).await;
        assert_eq!(text.matches(status).count(), 3, "{text}");
    };
    statuses(ParticipantState::Tentative, "STATUS:TENTATIVE").await;
    statuses(ParticipantState::Confirmed, "STATUS:CONFIRMED").await;
    statuses(ParticipantState::Declined, "STATUS:CANCELLED").await;
    statuses(ParticipantState::Confirmed, "STATUS:CONFIRMED").await;
    statuses(ParticipantState::Cancelled, "STATUS:CANCELLED").await;
}

async fn what_not_everybody_may_see_has_no_calendar(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let document = super::FORUM.replace("PUBLIC", "WORKSPACE");
    let event = app.import(&home, &document).await.id;
    let owner = app.as_owner(&home).await;
    let calendar = async || {
        let got = app
            .http()
            .get(format!("/events/{event}.ics"))
            .send()
            .await
            .0;
        let operation = format!(
            "{{ node(id: \"{event}\") {{ ... on Event {{ calendarUrl
            agenda {{ items {{ calendarUrl }} }} }} }} }}"
        );
        let told = owner.query(&operation).await.expect_data()["node"].clone();
        (
            got.status().as_u16(),
            told["calendarUrl"].is_null(),
            told["agenda"]["items"][0]["calendarUrl"].is_null(),
        )
    };
    assert_eq!(calendar().await, (404, true, true));
    app.publish(event).await;
    assert_eq!(calendar().await, (404, true, true));
    let event_now = app
        .store
        .events(&STAGEHAND, &[event])
        .await
        .expect("events")
        .remove(0);
    let input = json!({ "id": event.to_string(), "expectedVersion": event_now.version, "patch": { "visibility": "PUBLIC" } });
    crate::doing::done(&owner, "eventUpdate", input).await;
    assert_eq!(calendar().await, (200, false, false));
    // Who is on the list of an event that not everybody may see has their own calendar all the same.
    let forum = Forum::of(backend, &document).await;
    let secret = forum.secret(forum.bo, MailSecret::Calendar).await;
    forum
        .get(&format!("/calendar/{secret}.ics"))
        .await
        .expect(200);
    let secret = forum.secret(forum.bo, MailSecret::Answer).await;
    forum.get(&format!("/answer/{secret}")).await.page(200);
    let items: Vec<AgendaItemId> = forum.items().await.iter().map(|item| item.id).collect();
    let path = format!("/events/{}/items/{}.ics", forum.event, items[0]);
    forum.get(&path).await.expect(404);
}

async fn the_graph_knows_the_addresses(backend: Backend) {
    let forum = Forum::new(backend).await;
    let operation = "{ event(slug: \"forum\") { calendarUrl agenda { items { calendarUrl track { calendarUrl } } } } }";
    let answer = forum.app.anonymous().query(operation).await;
    let event = &answer.expect_data()["event"];
    let items = &event["agenda"]["items"];
    let mut found = 0;
    for url in [
        &event["calendarUrl"],
        &items[0]["calendarUrl"],
        &items[0]["track"]["calendarUrl"],
    ] {
        let path = url.as_str().expect("an address").strip_prefix(tests::SITE);
        forum.get(path.expect("ours")).await.expect(200);
        found += 1;
    }
    assert_eq!(found, 3);
    let last = items.as_array().expect("items").last().expect("an item");
    assert!(last["calendarUrl"].is_null());
}

async fn a_calendar_costs_the_same_however_long_it_is(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    for items in [3, 60] {
        let document = tests::conference(items).to_string();
        let event = app.import(&home, &document).await.id;
        app.publish(event).await;
        let path = format!("/events/{event}.ics");
        let cost = async || {
            let before = app.store.statements();
            let got = app.http().get(&path).send().await.0;
            let text = got.into_body().into_string().await.expect("text");
            assert_eq!(text.matches("BEGIN:VEVENT").count(), items + 1);
            app.store.statements() - before
        };
        // The event, its versions, what stood in them, the office, the buildings.
        assert_eq!(cost().await, 5, "{items}");
        assert_eq!(cost().await, 4, "{items}, at hand");
    }
}
