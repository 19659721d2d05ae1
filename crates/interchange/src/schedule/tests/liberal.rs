//! What is odd in real files, in small ones with invented names.

use chrono::NaiveDateTime;
use domain::agenda::AgendaItemKind;
use domain::appearance::AppearanceRole;
use domain::event_document::{AppearingKey, ItemEntry, check};

use crate::schedule::{Choices, Format, Lowered, OddityKind, import};

fn lowered(text: &str, format: Format) -> Lowered {
    let lowered = import(text, format, &Choices::default());
    let lowered = lowered.unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    assert_eq!(check(&lowered.document), []);
    lowered
}

/// A camp of one day, with these events in its hall, and what is said of it besides.
fn camp(more: &str, events: &str) -> String {
    format!(
        "<schedule><conference><title>Camp 2024</title><acronym>camp24</acronym>{more}</conference>\
         <day index='1' date='2024-12-27' start='2024-12-27T10:00:00+01:00' \
         end='2024-12-28T04:00:00+01:00'><room name='Hall'>{events}</room></day></schedule>"
    )
}

const ZONE: &str =
    "<time_zone_name>Europe/Berlin</time_zone_name><venue>Tent</venue><language>en</language>";

fn of_camp(events: &str) -> Lowered {
    lowered(&camp(ZONE, events), Format::Xml)
}

/// An event that is quite in order, with more in it.
fn event(id: &str, more: &str) -> String {
    format!(
        "<event id='{id}'><title>Talk {id}</title><language>en</language><room>Hall</room>{more}</event>"
    )
}

const NOON: &str = "<start>12:00</start><duration>00:30</duration>";

fn codes(lowered: &Lowered) -> Vec<(&'static str, usize)> {
    let counts = lowered.oddities.counts().iter();
    counts.map(|(kind, count)| (kind.code(), *count)).collect()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is compared with what may not be known"
)]
fn at(text: &str) -> Option<NaiveDateTime> {
    Some(text.parse().unwrap())
}

fn item<'a>(lowered: &'a Lowered, key: &str) -> &'a ItemEntry {
    let items = lowered.document.agenda.iter();
    items
        .into_iter()
        .find(|item| item.key.as_str() == key)
        .unwrap_or_else(|| panic!("no item {key}"))
}

#[test]
fn nothing_is_odd_about_a_good_one() {
    let good = of_camp(&event(
        "1",
        &format!(
            "{NOON}<type>lecture</type><track>Main</track><subtitle>Sub</subtitle>\
             <abstract>Short.</abstract><description>Long.</description>\
             <url>https://example.org/1</url>\
             <persons><person id='7'>Ada Example</person></persons>\
             <links><link href='https://example.org/a'>More</link></links>\
             <attachments><attachment href='https://example.org/a.pdf' type='slides'>Slides</attachment></attachments>"
        ),
    ));
    assert_eq!(codes(&good), []);
    let document = &good.document;
    assert_eq!(document.key.as_str(), "camp24");
    assert_eq!(document.venues[0].rooms[0].key.as_str(), "hall");
    assert_eq!(document.tracks[0].key.as_str(), "main");
    assert_eq!(document.people[0].key.as_str(), "camp24-person-7");
    let item = item(&good, "1");
    assert_eq!(
        item.summary.as_ref().unwrap().main_text(),
        "Short.\n\nLong."
    );
    assert_eq!(item.subtitle.as_ref().unwrap().main_text(), "Sub");
    assert_eq!(item.url.as_deref(), Some("https://example.org/1"));
    assert_eq!(item.links[0].title.as_deref(), Some("More"));
    assert_eq!(item.attachments[0].kind.as_deref(), Some("slides"));
    assert_eq!(item.appearances[0].role, AppearanceRole::Speaker);
    assert_eq!(item.starts_at, at("2024-12-27T12:00:00"));
    assert_eq!(item.ends_at, at("2024-12-27T12:30:00"));
}

/// Events with one oddity each.
#[expect(clippy::too_many_lines, reason = "one case after the other")]
fn odd_events() -> Vec<(OddityKind, String)> {
    use OddityKind as Kind;
    let second = |more: &str| format!("{}{}", event("1", NOON), event("2", more));
    let with = |more: &str| event("1", &format!("{NOON}{more}"));
    let ada = "<persons><person id='7'>Ada Example</person></persons>";
    let beyond = |room: &str| format!("</room><room name='{room}'>");
    vec![
        (
            Kind::RoomOverlap,
            second("<start>12:10</start><duration>00:05</duration>"),
        ),
        (
            Kind::PersonInTwoPlaces,
            format!(
                "{}{}{}",
                with(ada),
                beyond("Attic"),
                event("2", &format!("{NOON}{ada}")).replace("<room>Hall", "<room>Attic")
            ),
        ),
        (
            Kind::DuplicateId,
            format!(
                "{}{}",
                with(""),
                event("1", "<start>13:00</start><duration>00:05</duration>")
            ),
        ),
        (Kind::IdMissing, event("", NOON).replace(" id=''", "")),
        (
            Kind::TitleMissing,
            format!("<event id='1'><room>Hall</room><language>en</language>{NOON}</event>"),
        ),
        (
            Kind::OutsideRoom,
            format!("</room>{}<room name='Attic'>", with("")),
        ),
        (
            Kind::RoomsDiffer,
            with("").replace("<room>Hall", "<room>Attic"),
        ),
        (
            Kind::DateUnreadable,
            event("1", "<start>noon</start><duration>1</duration>"),
        ),
        (Kind::DurationMissing, event("1", "<start>12:00</start>")),
        (
            Kind::DurationUnreadable,
            event("1", "<start>12:00</start><duration>long</duration>"),
        ),
        (
            Kind::TimesContradict,
            with("<date>2024-12-27T13:00:00+01:00</date>"),
        ),
        (
            Kind::OutsideDay,
            event("1", "<start>09:00</start><duration>00:30</duration>"),
        ),
        (Kind::NotALanguage, with("<language>klingon!</language>")),
        (
            Kind::PersonWithoutId,
            with("<persons><person>Ada Example</person></persons>"),
        ),
        (
            Kind::PersonWithoutName,
            with("<persons><person id='7'/></persons>"),
        ),
        (
            Kind::PersonNamesDiffer,
            format!(
                "{}{}",
                with(ada),
                event(
                    "2",
                    "<start>13:00</start><duration>00:05</duration>\
                     <persons><person id='7'>A. Example</person></persons>"
                )
            ),
        ),
        (
            Kind::PersonTwice,
            with(
                "<persons><person id='7'>Ada Example</person><person id='7'>Ada Example</person></persons>",
            ),
        ),
        (Kind::TypeUnknown, with("<type>juggling</type>")),
        (
            Kind::RoleUnknown,
            with("<persons><person id='7' role='juggler'>Ada Example</person></persons>"),
        ),
        (
            Kind::UrlUnreadable,
            with("<links><link href='mailto:ada@example.org'>A</link></links>"),
        ),
        (
            Kind::UrlMended,
            with("<links><link href='https://example.org/a b'>A</link></links>"),
        ),
        (
            Kind::HtmlMadePlain,
            with("<abstract>&lt;p&gt;One&lt;/p&gt;</abstract>"),
        ),
        (
            Kind::TextCut,
            with(&format!("<subtitle>{}</subtitle>", "x".repeat(1_001))),
        ),
        (
            Kind::NotKept,
            with("<recording><license>free</license></recording>"),
        ),
        (Kind::PartUnknown, with("<colour>red</colour>")),
    ]
}

#[test]
fn every_oddity_is_told() {
    for (kind, events) in odd_events() {
        let lowered = of_camp(&events);
        assert_eq!(codes(&lowered), [(kind.code(), 1)], "{events}");
        assert!(!lowered.document.agenda.is_empty());
        let oddity = &lowered.oddities.told()[0];
        assert!(oddity.to_string().starts_with("line 1: "), "{oddity}");
    }
}

#[test]
fn what_is_odd_about_the_whole_is_told() {
    // What is odd about the whole.
    let whole = |more: &str| lowered(&camp(more, &event("1", NOON)), Format::Xml);
    let zone_unknown = whole("<venue>Tent</venue>");
    assert_eq!(codes(&zone_unknown), [("TIME_ZONE_UNKNOWN", 1)]);
    assert_eq!(zone_unknown.document.time.zone.as_str(), "Etc/GMT-1");
    let no_venue = whole("<time_zone_name>Europe/Berlin</time_zone_name>");
    assert_eq!(codes(&no_venue), [("VENUE_UNKNOWN", 1)]);
    let days = whole(&format!("{ZONE}<start>2024-12-28</start>"));
    assert_eq!(codes(&days), [("DAYS_CONTRADICT", 1)]);
    let silent = lowered(
        &camp(ZONE, &event("1", NOON)).replace("<language>en</language>", ""),
        Format::Xml,
    );
    assert_eq!(codes(&silent), [("LANGUAGE_UNKNOWN", 1)]);
    let colour =
        camp(ZONE, &event("1", NOON)).replace("<day ", "<track name='Main' color='red'/><day ");
    assert_eq!(
        codes(&lowered(&colour, Format::Xml)),
        [("VALUE_UNREADABLE", 1)]
    );
    let json = r#"{"schedule":{"conference":{"title":"Camp 2024","time_zone_name":"UTC","languages":["en"],
        "days":[{"index":1,"date":"2024-12-27","rooms":[1]}]}}}"#;
    assert_eq!(codes(&lowered(json, Format::Json)), [("SHAPE_UNKNOWN", 1)]);
}

#[test]
fn only_what_leaves_nothing_to_import_is_a_problem() {
    for (text, format, told) in [
        ("no xml", Format::Xml, "is not XML: it holds no element"),
        ("<schedule><a></schedule>", Format::Xml, "is not XML"),
        (
            "<schedule><a>",
            Format::Xml,
            "is not XML: `a` on line 1 is not closed",
        ),
        (
            "<rss/>",
            Format::Xml,
            "is no schedule: its root is `rss`, not `schedule`",
        ),
        ("<schedule/>", Format::Xml, "has no title of the conference"),
        (
            "<schedule><conference><title>Camp</title></conference></schedule>",
            Format::Xml,
            "has no day whose date can be read",
        ),
        ("{", Format::Json, "cannot be read as JSON"),
        ("[]", Format::Json, "is no schedule: it is not an object"),
        (
            "{\"key\":1}",
            Format::Json,
            "is no schedule: it has no member `schedule`",
        ),
    ] {
        let problems = import(text, format, &Choices::default()).unwrap_err();
        assert!(problems[0].message.starts_with(told), "{}", problems[0]);
    }
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    assert!(import(&deep, Format::Xml, &Choices::default()).is_err());
    let named = camp(ZONE, "")
        .replace("camp24", "")
        .replace("Camp 2024", "营地");
    let problems = import(&named, Format::Xml, &Choices::default()).unwrap_err();
    assert_eq!(problems[0].path, ["slug"]);
    let slug = Some("camp".parse().unwrap());
    assert!(
        import(
            &named,
            Format::Xml,
            &Choices {
                slug,
                ..Choices::default()
            }
        )
        .is_ok()
    );
}

#[test]
fn the_small_hours_belong_to_the_day_before() {
    let night = event("1", "<start>01:30</start><duration>01:00</duration>");
    let across = event("2", "<start>23:30</start><duration>02:00</duration>");
    // The day says that it ends at 04:00 of the next.
    let by_day = of_camp(&format!("{across}{night}"));
    // The conference says when days change, and its days say nothing.
    let by_change = camp(
        &format!("{ZONE}<day_change>04:00:00</day_change>"),
        &format!("{across}{night}"),
    )
    .replace(
        "start='2024-12-27T10:00:00+01:00' end='2024-12-28T04:00:00+01:00'",
        "",
    );
    let by_change = lowered(&by_change, Format::Xml);
    for lowered in [by_day, by_change] {
        assert_eq!(codes(&lowered), []);
        assert_eq!(item(&lowered, "1").starts_at, at("2024-12-28T01:30:00"));
        assert_eq!(item(&lowered, "1").ends_at, at("2024-12-28T02:30:00"));
        assert_eq!(item(&lowered, "2").starts_at, at("2024-12-27T23:30:00"));
        assert_eq!(item(&lowered, "2").ends_at, at("2024-12-28T01:30:00"));
        // The event lasts one day nevertheless.
        assert_eq!(
            lowered.document.time.ends_on,
            lowered.document.time.starts_on
        );
    }
    // The date of an event needs no such help.
    let dated =
        "<date>2024-12-28T01:30:00+01:00</date><start>01:30</start><duration>1:00</duration>";
    let dated = of_camp(&event("1", dated));
    assert_eq!(codes(&dated), []);
    assert_eq!(item(&dated, "1").starts_at, at("2024-12-28T01:30:00"));
}

#[test]
fn clocks_are_put_forward_and_back() {
    let night = |date: &str, events: &str| {
        let text = camp(ZONE, events)
            .replace(
                "start='2024-12-27T10:00:00+01:00' end='2024-12-28T04:00:00+01:00'",
                "",
            )
            .replace("2024-12-27", date);
        lowered(&text, Format::Xml)
    };
    let dated = |id: &str, date: &str, lasts: &str| {
        event(
            id,
            &format!("<date>{date}</date><duration>{lasts}</duration>"),
        )
    };
    // From 02:00 to 03:00 there is no hour.
    let forward = night(
        "2024-03-31",
        &dated("1", "2024-03-31T01:30:00+01:00", "01:00"),
    );
    assert_eq!(codes(&forward), []);
    assert_eq!(item(&forward, "1").ends_at, at("2024-03-31T03:30:00"));
    // From 02:00 to 03:00 there are two.
    let back = dated("1", "2024-10-27T01:30:00+02:00", "02:30");
    let second = dated("2", "2024-10-27T02:30:00+01:00", "00:15");
    let turned = dated("3", "2024-10-27T02:50:00+02:00", "00:20");
    let back = night("2024-10-27", &format!("{back}{second}{turned}"));
    assert_eq!(item(&back, "1").ends_at, at("2024-10-27T03:00:00"));
    assert_eq!(item(&back, "2").starts_at, at("2024-10-27T02:30:00"));
    assert_eq!(item(&back, "3").ends_at, None);
    assert_eq!(back.oddities.count(OddityKind::TimeAmbiguous), 2);
}

#[test]
fn ids_are_guids_then_ids_and_people_are_of_their_conference() {
    let persons = "<persons><person id='7' guid='67D04C40-B35A-496A-A31C-C0F3FF63DAB7'>Ada \
        Example</person></persons>";
    let later = "<start>13:00</start><duration>00:05</duration><persons><person id='7'>Ada \
        Example</person></persons>";
    let lowered = of_camp(&format!(
        "<event id='1' guid='qNx4Wg=='><title>A</title><language>en</language>{NOON}{persons}</event>{}",
        event("2", later)
    ));
    assert_eq!(codes(&lowered), []);
    let keys: Vec<_> = lowered
        .document
        .agenda
        .iter()
        .map(|item| item.key.as_str())
        .collect();
    assert_eq!(keys, ["qNx4Wg==", "2"]);
    // One person, though only one place says the guid.
    assert_eq!(lowered.document.people.len(), 1);
    let person = &lowered.document.people[0].key;
    assert_eq!(person.as_str(), "67d04c40-b35a-496a-a31c-c0f3ff63dab7");
    assert_eq!(
        item(&lowered, "2").appearances[0].who,
        AppearingKey::Person(person.clone())
    );
}

#[test]
fn reads_what_people_write_into_xml() {
    let lowered = of_camp(&event(
        "1",
        &format!(
            "{NOON}<abstract><p>One &amp; two</p><ul><li>three</li></ul></abstract>\
             <subtitle><![CDATA[R&D]]> &eacute; & more</subtitle>\
             <type>Keynote</type><persons><person id='1'>Ada Example</person></persons>"
        ),
    ));
    let item = item(&lowered, "1");
    assert_eq!(
        item.summary.as_ref().unwrap().main_text(),
        "One & two\n\n- three"
    );
    assert_eq!(item.subtitle.as_ref().unwrap().main_text(), "R&D é & more");
    assert_eq!(item.kind, AgendaItemKind::Keynote);
    assert_eq!(item.appearances[0].role, AppearanceRole::KeynoteSpeaker);
    // Entities of a document's own are not expanded.
    let bomb = format!(
        "<!DOCTYPE schedule [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>{}",
        camp(
            ZONE,
            &event("1", &format!("{NOON}<subtitle>&b;</subtitle>"))
        )
    );
    let lowered = self::lowered(&bomb, Format::Xml);
    assert_eq!(codes(&lowered), [("PART_UNKNOWN", 1)]);
    let subtitle = self::item(&lowered, "1").subtitle.clone();
    assert_eq!(subtitle.unwrap().main_text(), "&b;");
}

#[test]
fn both_versions_of_json_are_read() {
    let first = r##"{"generator":{"name":"x"},"schedule":{"version":"1","base_url":"https://example.org/",
        "conference":{"acronym":"camp24","title":"Camp 2024","start":"2024-12-27","end":"2024-12-28",
          "daysCount":1,"timeslot_duration":"00:10","time_zone_name":"Europe/Berlin",
          "tracks":[{"name":"Main","color":"#00f"}],
          "rooms":[{"name":"Tent","guid":"r1","capacity":100},{"name":"Attic","guid":"r2"}],
          "days":[{"index":1,"date":"2024-12-27","day_start":"2024-12-27T10:00:00+01:00",
            "day_end":"2024-12-28T04:00:00+01:00","rooms":{"Tent":[{"id":1,"guid":"e1",
            "date":"2024-12-27T11:00:00+01:00","start":"11:00","duration":"00:30","room":"Tent",
            "slug":"one","url":"https://example.org/one","title":"One","subtitle":null,"track":"Main",
            "type":"lecture","language":"en","abstract":"Short","description":"",
            "persons":[{"code":"ABC","public_name":"Ada Example","biography":"A life"}],
            "links":["https://example.org/a",{"url":"/b","title":"B"}],"attachments":[]}],"Attic":[]}}]}}}"##;
    let second = r#"{"$schema":"x","schedule":{"version":"2",
        "conference":{"acronym":"camp24","title":"Camp 2024","start":"2024-12-27T10:00:00+01:00",
          "end":"2024-12-28T04:00:00+01:00","time_zone_name":"Europe/Berlin","languages":["en","de"],
          "keywords":["tents"],"rooms":[{"name":"Tent","guid":"r1"}],
          "days":[{"index":1,"date":"2024-12-27","start":"2024-12-27T10:00:00+01:00",
            "end":"2024-12-28T04:00:00+01:00"}]},
        "events":[{"guid":"e1","code":"X1","start":"2024-12-27T11:00:00+01:00",
          "end":"2024-12-27T11:30:00+01:00","room":{"guid":"r1"},"slug":"one","title":"One",
          "subtitle":null,"track":"Main","type":"talk","language":"en",
          "abstract":{"en":"Short","de":"Kurz"},"participants":[{"name":"Ada Example","guid":"p1"},
          {"name":"Bob Example","guid":"p2","role":"moderator"}],"links":[],"attachments":[],
          "url":"https://example.org/one"}]}}"#;
    let first = lowered(first, Format::Json);
    let second = lowered(second, Format::Json);
    for lowered in [&first, &second] {
        let item = item(lowered, "e1");
        assert_eq!(item.starts_at, at("2024-12-27T11:00:00"));
        assert_eq!(item.ends_at, at("2024-12-27T11:30:00"));
        assert_eq!(item.room.as_ref().unwrap().as_str(), "r1");
        assert_eq!(
            lowered.oddities.count(OddityKind::PartUnknown),
            0,
            "{:?}",
            lowered.oddities
        );
    }
    let item_1 = item(&first, "e1");
    let urls: Vec<_> = item_1.links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(urls, ["https://example.org/a", "https://example.org/b"]);
    assert_eq!(first.document.venues[0].rooms.len(), 2);
    assert_eq!(first.document.venues[0].rooms[0].capacity, Some(100));
    assert_eq!(first.document.tracks[0].color.as_deref(), Some("#0000ff"));
    assert_eq!(first.document.people[0].key.as_str(), "camp24-person-ABC");
    assert!(
        first
            .oddities
            .told()
            .iter()
            .any(|one| one.message.contains("person.biography"))
    );

    assert_eq!(second.document.topics, ["tents"]);
    assert_eq!(second.document.time.starts_at, at("2024-12-27T10:00:00"));
    let item_2 = item(&second, "e1");
    assert_eq!(item_2.appearances[1].role, AppearanceRole::Moderator);
    assert_eq!(item_2.summary.as_ref().unwrap().texts().len(), 2);
}
