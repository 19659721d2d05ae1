//! The examples hold what they are to hold.

use domain::event_document::{AppearingKey, EventDocument, ItemEntry, PartyKey};
use domain::event_organization::EventOrganizationRole;
use domain::organization::OrganizationKind;
use domain::problem::Problem;

use crate::event_document::{read, write};

macro_rules! examples {
    ($($name:literal),+ $(,)?) => {
        /// Every example with its text.
        pub(super) const ALL: &[&str] = &[$($name),+];

        pub(super) fn text(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../../../../../examples/", $name, ".yaml")),)+
                other => panic!("there is no example {other}"),
            }
        }
    };
}

examples!(
    "hengyang-exchange-2024",
    "jimei-forum-2024",
    "qingyuan-visit-2024",
    "hengyang-high-school-2019",
    "henan-group-launch-2022",
    "every-field",
);

fn example(name: &str) -> EventDocument {
    read(text(name)).unwrap_or_else(|problems| {
        let problems: Vec<_> = problems.iter().map(Problem::to_string).collect();
        panic!("{name}:\n{}", problems.join("\n"))
    })
}

/// The names of the organizations in a role, in order.
fn names(document: &EventDocument, role: EventOrganizationRole) -> Vec<&str> {
    let of_role = document.roles.iter().filter(|entry| entry.role == role);
    of_role
        .map(|entry| name(document, entry.organization.as_str()))
        .collect()
}

fn name<'a>(document: &'a EventDocument, key: &str) -> &'a str {
    let found = document
        .organizations
        .iter()
        .find(|entry| entry.key.as_str() == key);
    found.unwrap().name.main_text()
}

fn posts<'a>(document: &'a EventDocument, person: &str) -> Vec<&'a str> {
    let found = document.people.iter().find(|entry| entry.name == person);
    found
        .unwrap()
        .posts
        .iter()
        .map(|post| post.title.as_str())
        .collect()
}

/// Who appears on an item, as `ROLE kind:key`.
fn who(item: &ItemEntry) -> Vec<String> {
    item.appearances
        .iter()
        .map(|appearance| match &appearance.who {
            AppearingKey::Person(key) => format!("{} person:{key}", appearance.role),
            AppearingKey::Organization(key) => format!("{} organization:{key}", appearance.role),
            AppearingKey::Group(key) => format!("{} group:{key}", appearance.role),
        })
        .collect()
}

fn kinds(document: &EventDocument) -> Vec<&'static str> {
    document
        .agenda
        .iter()
        .map(|item| domain::Word::as_str(item.kind))
        .collect()
}

#[test]
fn every_example_is_read_and_written_back() {
    for name in ALL {
        let document = example(name);
        assert_eq!(read(&write(&document)), Ok(document), "{name}");
    }
}

#[test]
fn the_five_events_are_public_and_leave_their_status_to_the_program() {
    for name in ALL.iter().filter(|name| **name != "every-field") {
        let document = example(name);
        assert_eq!(document.key.as_str(), *name);
        assert_eq!(
            document.visibility,
            Some(domain::event::EventVisibility::Public)
        );
        assert_eq!(document.status, None);
        assert_eq!(
            (document.time.starts_at, document.time.ends_at),
            (None, None),
            "{name}"
        );
        assert_eq!(document.time.zone.as_str(), "Asia/Shanghai");
    }
}

#[test]
fn hengyang_exchange_2024() {
    let document = example("hengyang-exchange-2024");
    assert_eq!(
        names(&document, EventOrganizationRole::Attending),
        [
            "Municipal Education Bureau",
            "Municipal Development and Reform Commission",
            "Municipal Bureau of Industry and Information Technology",
            "Municipal Finance Bureau",
            "Municipal Human Resources and Social Security Bureau",
            "Municipal Science and Technology Bureau",
        ]
    );
    assert_eq!(
        document.organizations[2].aliases,
        ["Industrial Chain Liaison Office"]
    );
    assert_eq!(
        document.alternative_titles,
        ["School-Government Work Exchange Conference"]
    );
    assert_eq!(
        document.theme.as_ref().unwrap().main_text(),
        "dynamic adjustment of disciplines and specialties in the city's higher education institutions, \
         to fit its industrial and technological systems"
    );
    assert_eq!(document.topics, ["talent recruitment", "public hiring"]);
    assert_eq!(
        document.venues[0].rooms[0].floor.as_deref(),
        Some("second floor")
    );
    let chair = &document.appearances[0];
    assert_eq!(chair.who, AppearingKey::Person("xie-tao".parse().unwrap()));
    assert_eq!(
        chair.on_behalf_of,
        Some(PartyKey::Person("xie-hong".parse().unwrap()))
    );
    assert_eq!(posts(&document, "Xie Hong"), ["Deputy Mayor"]);
    assert_eq!(document.groups[0].expected_count, None);
    assert_eq!(document.action_items.len(), 4);
    assert_eq!(document.action_items[1].recurring, Some(true));
    assert_eq!(
        document.action_items[1].description,
        "publish regularly the \"Directory of Urgently Needed Disciplines for Industrial Development in \
         Hengyang\" to the higher education institutions"
    );
    assert_eq!(
        name(&document, document.action_items[1].responsible[0].as_str()),
        names(&document, EventOrganizationRole::Attending)[2]
    );
    let report = &document.reports[0];
    assert_eq!(
        report.published_at.unwrap().to_string(),
        "2024-08-03 21:38:53"
    );
    assert_eq!(
        (
            report.key_figures[0].value.as_str(),
            report.key_figures[1].value.as_str()
        ),
        ("25", "27")
    );
    assert_eq!(
        report.key_figures[1].note.as_deref(),
        Some("to: Hunan Provincial Department of Education; Ministry of Education")
    );
    assert_eq!(
        (
            report.credits[0].role.as_str(),
            report.credits[0].name.as_str()
        ),
        ("translator", "Jing")
    );
}

#[test]
fn jimei_forum_2024() {
    let document = example("jimei-forum-2024");
    assert_eq!(
        names(&document, EventOrganizationRole::Guiding),
        [
            "Jimei District Committee of the Communist Party of China",
            "Jimei District People's Government"
        ]
    );
    assert_eq!(
        names(&document, EventOrganizationRole::Host),
        [
            "Xiamen Institute of Technology",
            "Huaqiao University",
            "Jimei University",
            "Talent Office of the Jimei District Committee",
            "Jimei District Industry and Research Office",
            "Jimei Culture and Education District Management Committee",
            "Jimei District Human Resources and Social Security Bureau",
            "Jimei District Bureau of Industry and Information Technology",
            "Jimei District University Industry and Technology Alliance",
        ]
    );
    assert_eq!(
        kinds(&document),
        [
            "SPEECH",
            "RELEASE",
            "AWARD_CEREMONY",
            "APPOINTMENT_CEREMONY",
            "KEYNOTE",
            "TALK"
        ]
    );
    let agenda = &document.agenda;
    assert_eq!(who(&agenda[0]), ["SPEAKER person:zhu-shunni"]);
    assert_eq!(posts(&document, "Zhu Shunni").len(), 2);
    assert_eq!(agenda[1].releases.len(), 2);
    assert_eq!(agenda[2].awards.len(), 3);
    assert!(
        agenda[2]
            .awards
            .iter()
            .all(|award| award.recipients.is_empty())
    );
    assert_eq!(
        who(&agenda[3]),
        [
            "APPOINTEE group:smart-manufacturing-members",
            "APPOINTEE group:digital-economy-members",
            "APPOINTEE group:employment-and-entrepreneurship-members",
        ]
    );
    let committees = document
        .organizations
        .iter()
        .filter(|entry| entry.kind == Some(OrganizationKind::Committee));
    assert_eq!(committees.count(), 3);
    assert_eq!(document.letters, []);
    assert_eq!(who(&agenda[4]), ["KEYNOTE_SPEAKER person:zhu-wen"]);
    assert_eq!(
        who(&agenda[5]),
        ["SPEAKER person:chen-ge", "SPEAKER group:further-guests"]
    );
    assert_eq!(document.groups[3].expected_count, Some(3));
    assert_eq!(
        document.reports[0].published_at.unwrap().to_string(),
        "2024-05-14 22:38:00"
    );
    assert_eq!(document.reports[0].credits.len(), 2);
}

#[test]
fn qingyuan_visit_2024() {
    let document = example("qingyuan-visit-2024");
    assert_eq!(document.title.main_language().as_str(), "zh-Hans");
    assert_eq!(
        document.title.main_text(),
        "副市长杨焕到高新区调研：深入推进产教融合，积极共建市域产教联合体"
    );
    assert_eq!((document.venue, document.room), (None, None));
    assert_eq!(
        names(&example("qingyuan-visit-2024"), EventOrganizationRole::Host),
        ["清远高新区管委会"]
    );
    let document = example("qingyuan-visit-2024");
    assert_eq!(
        names(&document, EventOrganizationRole::Attending),
        [
            "市人力资源和社会保障局",
            "市教育局",
            "省职教城事务中心",
            "市技师学院"
        ]
    );
    let participants: Vec<_> = document
        .participants
        .iter()
        .map(|entry| entry.person.as_str())
        .collect();
    assert_eq!(
        participants,
        ["zhou-qixian", "ou-jun", "chen-jianwen", "li-zhenxing"]
    );
    assert_eq!(posts(&document, "周岐贤"), ["区党工委副书记", "管委会主任"]);
    let roles: Vec<_> = document
        .appearances
        .iter()
        .map(|entry| domain::Word::as_str(entry.role))
        .collect();
    assert_eq!(roles, ["LEAD", "HOST"]);
    assert_eq!(kinds(&document), ["VISIT", "ROUND_TABLE"]);
    assert_eq!(document.topics.len(), 3);
    assert_eq!(document.action_items.len(), 3);
    assert!(document.action_items.iter().all(|action| {
        action
            .set_by
            .as_ref()
            .is_some_and(|who| who.as_str() == "yang-huan")
    }));
    let report = &document.reports[0];
    assert_eq!(
        (
            report.published_on.unwrap().to_string().as_str(),
            report.published_at
        ),
        ("2024-03-18", None)
    );
    let figures: Vec<_> = report
        .key_figures
        .iter()
        .map(|figure| figure.value.as_str())
        .collect();
    assert_eq!(figures, ["12.4%", "22.1%", "159", "205"]);
    assert_eq!(
        report.documents_cited,
        ["清远高新区加强新时代人才工作的若干措施"]
    );
}

#[test]
fn hengyang_high_school_2019() {
    let document = example("hengyang-high-school-2019");
    assert_eq!(
        kinds(&document),
        ["BRIEFING", "DISCUSSION", "ANALYSIS", "SPEECH", "CLOSING"]
    );
    assert_eq!(
        who(&document.agenda[1]),
        [
            "SPEAKER group:model-school-principals",
            "SPEAKER group:general-school-principals"
        ]
    );
    assert_eq!(
        who(&document.agenda[2]),
        [
            "SPEAKER organization:municipal-bureau-of-education",
            "SPEAKER organization:municipal-research-institute-of-education",
        ]
    );
    assert_eq!(document.groups.len(), 4);
    assert_eq!(
        document.venues[0].rooms[0].floor.as_deref(),
        Some("eighth floor")
    );
    let responsible: Vec<_> = document
        .action_items
        .iter()
        .map(|action| action.responsible.len())
        .collect();
    assert_eq!(responsible, [1, 1, 0, 0]);
    assert_eq!(
        document.reports[0].published_at.unwrap().to_string(),
        "2019-07-27 09:06:00"
    );
}

#[test]
fn henan_group_launch_2022() {
    let document = example("henan-group-launch-2022");
    assert_eq!(document.time.day_part, None);
    let group = &document.organizations[0];
    assert_eq!(group.kind, Some(OrganizationKind::VocationalEducationGroup));
    assert_eq!(
        (group.founded_here, group.level.as_deref()),
        (Some(true), Some("provincial backbone"))
    );
    assert_eq!((group.goals.len(), group.memberships.len()), (4, 0));
    assert_eq!(document.participants.len(), 3);
    assert_eq!(kinds(&document), ["CONGRATULATORY_SPEECH", "SPEECH"]);
    let on_behalf_of = document.agenda[0].appearances[0].on_behalf_of.as_ref();
    assert_eq!(
        on_behalf_of,
        Some(&PartyKey::Organization(
            "henan-provincial-department-of-education".parse().unwrap()
        ))
    );
    assert_eq!(document.reports[0].credits.len(), 3);
}

#[test]
fn the_documents_in_the_guide_are_good() {
    let guide = include_str!("../../../../../docs/event-documents.md");
    let blocks = guide
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"));
    let whole: Vec<_> = blocks
        .map(|(block, _)| block)
        .filter(|block| block.starts_with("key:"))
        .collect();
    assert!(whole.len() >= 3, "the guide has lost its documents");
    for text in whole {
        let problems: Vec<_> = read(text)
            .err()
            .unwrap_or_default()
            .iter()
            .map(Problem::to_string)
            .collect();
        assert_eq!(problems, [""; 0], "{text}");
    }
}
