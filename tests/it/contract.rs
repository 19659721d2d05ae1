//! What the product is judged by from outside: the five events with every fact that is known of
//! them, and the core of the schema.

use std::path::PathBuf;

use serde_json::{Value, json};
use tests::{Argument, Backend, EXAMPLES, Field, Kind, Sdl, TestApp, Type, TypeRef, both};

const ARCHIVE: &str = include_str!("contract/occasion.graphql");
const SCHEDULE: &str = include_str!("contract/schedule.graphql");

both!(
    the_exchange_conference_is_told_whole,
    the_forum_is_told_whole,
    the_research_visit_is_told_whole,
    the_meeting_is_told_whole,
    the_launch_conference_is_told_whole,
    the_operations_of_the_contract_run_as_they_stand
);

async fn the_exchange_conference_is_told_whole(backend: Backend) {
    let event = archived(backend, "hengyang-exchange-2024").await;

    assert_eq!(event["kind"], "EXCHANGE_CONFERENCE");
    assert_eq!(
        event["title"],
        "2024 University-Government Work Exchange Conference"
    );
    assert_eq!(
        event["alternativeTitles"],
        json!(["School-Government Work Exchange Conference"])
    );
    assert_eq!(event["locality"], "Hengyang, Hunan, China");
    assert_eq!(
        event["topics"],
        json!(["talent recruitment", "public hiring"])
    );
    assert_eq!(
        event["theme"],
        "dynamic adjustment of disciplines and specialties in the city's higher education \
         institutions, to fit its industrial and technological systems"
    );
    assert_eq!(event["venue"]["name"], "Municipal Government Building");
    assert_eq!(
        event["room"],
        json!({ "name": "East Meeting Room", "floor": "second floor" })
    );
    takes_place(&event, "2024-07-23", Some("AFTERNOON"), "DAY_PART");

    // One chairs in the name of another.
    assert_eq!(
        event["appearances"],
        json!([{
            "role": "CHAIR",
            "printedName": "Xie Tao",
            "printedPosts": ["Deputy Secretary-General of the Municipal Government"],
            "group": null,
            "onBehalfOf": { "__typename": "Person", "name": "Xie Hong" }
        }])
    );
    // Six departments, in their order and not in that of the alphabet.
    assert_eq!(
        roles(&event, "ATTENDING"),
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
        pick(&event, "organizations.organization.aliases"),
        [&json!("Industrial Chain Liaison Office")]
    );
    assert_eq!(
        event["organizations"][2]["organization"]["aliases"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    // Without a name and without a number.
    assert_eq!(
        event["participantGroups"],
        json!([{
            "description": "those responsible for academic affairs from the higher education \
                            institutions in Hengyang",
            "expectedCount": null,
            "organization": null
        }])
    );
    assert_eq!(
        event["actionItems"],
        json!([
            action(
                "establish an information exchange platform for urgently needed and scarce \
                 disciplines",
                false,
                None,
                &[]
            ),
            action(
                "publish regularly the \"Directory of Urgently Needed Disciplines for Industrial \
                 Development in Hengyang\" to the higher education institutions",
                true,
                None,
                &["Municipal Bureau of Industry and Information Technology"]
            ),
            action(
                "support enterprises, industrial parks and vocational and regular institutions in \
                 jointly establishing industrial academies",
                false,
                None,
                &[]
            ),
            action(
                "joint training between higher education institutions and secondary vocational \
                 schools",
                false,
                None,
                &[]
            ),
        ])
    );
    assert_eq!(
        event["reports"],
        json!([{
            "publisher": "Hengyang government portal",
            "title": null,
            "language": "en",
            "publishedOn": "2024-08-03",
            "publishedAt": "2024-08-03T13:38:53Z",
            "credits": [{ "role": "translator", "name": "Jing" }],
            "keyFigures": [
                {
                    "label": "urgently needed and scarce disciplines added since November 2021",
                    "value": "25", "unit": null, "note": null
                },
                {
                    "label": "new specialties to be applied for", "value": "27", "unit": null,
                    "note": "to: Hunan Provincial Department of Education; Ministry of Education"
                }
            ],
            "documentsCited": []
        }])
    );
    assert_eq!(event["agenda"]["items"], json!([]));
}

async fn the_forum_is_told_whole(backend: Backend) {
    let event = archived(backend, "jimei-forum-2024").await;

    assert_eq!(event["kind"], "FORUM");
    assert_eq!(
        event["title"],
        "Jimei forum on a new path of integration of industry and education"
    );
    assert_eq!(event["locality"], "Jimei District, Xiamen, Fujian, China");
    assert_eq!(event["venue"]["name"], "Xiamen Institute of Technology");
    assert_eq!(event["room"], Value::Null);
    takes_place(&event, "2024-05-14", Some("MORNING"), "DAY_PART");

    assert_eq!(
        roles(&event, "GUIDING"),
        [
            "Jimei District Committee of the Communist Party of China",
            "Jimei District People's Government",
        ]
    );
    assert_eq!(
        roles(&event, "HOST"),
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
    let order: Vec<_> = (0..11).map(Value::from).collect();
    assert_eq!(
        pick(&event, "organizations.order"),
        order.iter().collect::<Vec<_>>()
    );

    // The order is known, the clock times are not.
    let items = event["agenda"]["items"].as_array().expect("items");
    assert_eq!(
        pick(&event, "agenda.items.kind"),
        [
            "SPEECH",
            "RELEASE",
            "AWARD_CEREMONY",
            "APPOINTMENT_CEREMONY",
            "KEYNOTE",
            "TALK"
        ]
    );
    assert!(
        items
            .iter()
            .all(|item| item["startsAt"].is_null() && item["parent"].is_null())
    );

    // Two posts of one person.
    assert_eq!(
        items[0]["appearances"],
        json!([{
            "role": "SPEAKER",
            "printedName": "Zhu Shunni",
            "printedPosts": [
                "member of the Standing Committee of the Party Committee", "vice president"
            ],
            "group": null,
            "onBehalfOf": null
        }])
    );
    assert_eq!(
        person(&event, "Zhu Shunni")["posts"],
        json!([
            {
                "title": "member of the Standing Committee of the Party Committee",
                "organization": { "name": "Xiamen Institute of Technology" }
            },
            {
                "title": "vice president",
                "organization": { "name": "Xiamen Institute of Technology" }
            }
        ])
    );
    assert_eq!(
        event["releases"],
        json!([
            {
                "title": "research and learning route of the digital economy industry",
                "kind": null, "recurring": false, "item": { "kind": "RELEASE" }
            },
            {
                "title": "research and learning route of the intelligent manufacturing industry",
                "kind": null, "recurring": false, "item": { "kind": "RELEASE" }
            }
        ])
    );
    // Three plaques, and nobody knows for whom.
    let plaque = |title: &str| {
        json!({
            "kind": "PLAQUE", "title": title, "level": null,
            "item": { "kind": "AWARD_CEREMONY" }, "recipients": []
        })
    };
    assert_eq!(
        event["awards"],
        json!([
            plaque("digital economy industry-education integration training base"),
            plaque("intelligent manufacturing high-skilled talent training base"),
            plaque("Taiwan youth human resources practice training base"),
        ])
    );
    // Letters to the members of three committees: to whom, is not known, and no letter is made up.
    assert_eq!(
        pick(&items[3], "appearances.group.organization.name"),
        [
            "Smart Manufacturing Professional Committee",
            "Digital Economy Professional Committee",
            "Employment and Entrepreneurship Professional Committee",
        ]
    );
    assert_eq!(pick(&items[3], "appearances.role"), ["APPOINTEE"; 3]);
    assert_eq!(
        event["appointmentLetters"],
        json!({ "totalCount": 0, "nodes": [] })
    );

    assert_eq!(
        items[4]["title"],
        "Building a New Engine for Cultivating New Quality Productivity Talents through \
         Integration of Industry and Education"
    );
    assert_eq!(pick(&items[4], "appearances.printedName"), ["Zhu Wen"]);
    assert_eq!(pick(&items[4], "appearances.printedPosts"), ["president"]);
    assert_eq!(
        person(&event, "Zhu Wen")["posts"][0]["organization"]["name"],
        "Xiamen Association for Promoting Entrepreneurship and Integration of Industry and \
         Education for College Students"
    );
    // Three guests without a name.
    assert_eq!(items[5]["appearances"][0]["printedName"], "Chen Ge");
    assert_eq!(
        items[5]["appearances"][0]["printedPosts"],
        json!(["Deputy General Manager"])
    );
    assert_eq!(items[5]["appearances"][1]["group"]["expectedCount"], 3);
    assert_eq!(
        person(&event, "Chen Ge")["posts"][0]["organization"]["name"],
        "Xiamen International Trade Education Group Co., Ltd."
    );
    assert_eq!(event["reports"][0]["publisher"], "Southeast Network");
    assert_eq!(event["reports"][0]["publishedAt"], "2024-05-14T14:38:00Z");
    assert_eq!(
        event["reports"][0]["credits"],
        json!([
            { "role": "reporter", "name": "Li Lin" },
            { "role": "editor in charge", "name": "Liu Xuejia" }
        ])
    );
}

async fn the_research_visit_is_told_whole(backend: Backend) {
    let event = archived(backend, "qingyuan-visit-2024").await;

    assert_eq!(event["kind"], "RESEARCH_VISIT");
    assert_eq!(
        event["title"],
        "副市长杨焕到高新区调研：深入推进产教融合，积极共建市域产教联合体"
    );
    assert_eq!(event["locality"], "清远高新区, 广东, 中国");
    assert_eq!(
        (&event["venue"], &event["room"]),
        (&Value::Null, &Value::Null)
    );
    takes_place(&event, "2024-03-12", Some("AFTERNOON"), "DAY_PART");
    assert_eq!(
        event["topics"],
        json!([
            "产教融合发展的新方向、新路径",
            "市域产教联合体的优化调整、运行机制、政策导向",
            "把市内高职院校学生留在高新区实习、就业"
        ])
    );

    assert_eq!(pick(&event, "appearances.role"), ["LEAD", "HOST"]);
    assert_eq!(pick(&event, "appearances.printedName"), ["杨焕", "周岐贤"]);
    assert_eq!(event["appearances"][0]["printedPosts"], json!(["副市长"]));
    assert_eq!(
        event["appearances"][1]["printedPosts"],
        json!(["区党工委副书记", "管委会主任"])
    );
    assert_eq!(roles(&event, "HOST"), ["清远高新区管委会"]);
    assert_eq!(
        roles(&event, "ATTENDING"),
        [
            "市人力资源和社会保障局",
            "市教育局",
            "省职教城事务中心",
            "市技师学院"
        ]
    );
    // In protocol order, each with the posts.
    assert_eq!(
        pick(&event, "participants.nodes.printedName")[..4],
        ["周岐贤", "欧军", "陈建文", "李振兴"]
    );
    let posts: Vec<_> = (0..4)
        .map(|place| &event["participants"]["nodes"][place]["printedPosts"])
        .collect();
    assert_eq!(
        posts,
        [
            &json!(["区党工委副书记", "管委会主任"]),
            &json!(["市政府副秘书长"]),
            &json!(["区党工委委员", "管委会副主任"]),
            &json!(["区党工委委员", "两委办主任"]),
        ]
    );
    assert_eq!(
        pick(&event, "participantGroups.description"),
        ["区有关部门负责人"]
    );
    // The visit was also a round table (调研、座谈).
    assert_eq!(pick(&event, "agenda.items.kind"), ["VISIT", "ROUND_TABLE"]);
    assert_eq!(
        event["actionItems"],
        json!([
            action("做好政策宣传解读", false, Some("杨焕"), &[]),
            action(
                "加快推进市域产教联合体建设及实体化运作，搭建联合体人才供需信息平台",
                false,
                Some("杨焕"),
                &[]
            ),
            action(
                "深化产教融合，加强校企双方深度合作",
                false,
                Some("杨焕"),
                &[]
            ),
        ])
    );
    let figure = |label: &str, value: &str, note: Option<&str>| json!({ "label": label, "value": value, "unit": null, "note": note });
    assert_eq!(
        event["reports"],
        json!([{
            "publisher": "清远高新区管委会",
            "title": null,
            "language": "zh-Hans",
            "publishedOn": "2024-03-18",
            "publishedAt": null,
            "credits": [],
            "keyFigures": [
                figure("规上工业增加值增速", "12.4%", Some("高于全市5.7个百分点")),
                figure("全社会固投增速", "22.1%", None),
                figure("高新技术企业", "159", Some("占全市的31%")),
                figure("科技型中小企业", "205", Some("占全市的41%")),
            ],
            "documentsCited": ["清远高新区加强新时代人才工作的若干措施"]
        }])
    );
}

async fn the_meeting_is_told_whole(backend: Backend) {
    let event = archived(backend, "hengyang-high-school-2019").await;

    assert_eq!(event["kind"], "MEETING");
    assert_eq!(
        event["title"],
        "Improving the Quality of High School Education and Training Top Innovative Talents"
    );
    assert_eq!(event["locality"], "Hengyang, Hunan, China");
    assert_eq!(event["venue"]["name"], "Municipal Bureau of Education");
    assert_eq!(
        event["room"],
        json!({ "name": "conference room", "floor": "eighth floor" })
    );
    takes_place(&event, "2019-01-24", Some("MORNING"), "DAY_PART");
    assert_eq!(pick(&event, "appearances.role"), ["CHAIR"]);
    assert_eq!(pick(&event, "appearances.printedName"), ["Gong Xueyu"]);
    assert_eq!(pick(&event, "appearances.printedPosts"), ["Vice Mayor"]);
    assert_eq!(
        event["participants"]["nodes"][0]["printedName"],
        "Liu Dingan"
    );
    assert_eq!(
        event["participants"]["nodes"][0]["printedPosts"],
        json!(["Deputy Secretary-General of the Municipal Government"])
    );
    let groups = [
        "leading members and department heads of the Municipal Education Bureau",
        "principals of the city's provincial and municipal model general high schools",
        "principals of the city's municipal general high schools",
        "head of the Municipal Research Institute of Education",
    ];
    assert_eq!(pick(&event, "participantGroups.description"), groups);

    assert_eq!(
        pick(&event, "agenda.items.kind"),
        ["BRIEFING", "DISCUSSION", "ANALYSIS", "SPEECH", "CLOSING"]
    );
    let items = event["agenda"]["items"].as_array().expect("items");
    assert_eq!(
        items[0]["title"],
        "the Standing Committee's special research into education"
    );
    let speakers: Vec<_> = items
        .iter()
        .map(|item| pick(item, "appearances.printedName"))
        .collect();
    assert_eq!(
        speakers,
        [
            &["Gong Xueyu"][..],
            &groups[1..3],
            &[
                "Municipal Bureau of Education",
                "Municipal Research Institute of Education"
            ],
            &["Liu Dingan"],
            &["Gong Xueyu"],
        ]
    );
    assert_eq!(
        event["actionItems"],
        json!([
            action(
                "study the issues raised by the principals and provide policy and financial \
                 support",
                false,
                None,
                &["Municipal Bureau of Education"]
            ),
            action(
                "strengthen the guidance of teaching business",
                false,
                None,
                &["Municipal Research Institute of Education"]
            ),
            action(
                "strengthen the training of top innovative talents and study enrolment policies",
                false,
                None,
                &[]
            ),
            action(
                "improve teachers' professionalism, ethics and knowledge level",
                false,
                None,
                &[]
            ),
        ])
    );
    assert_eq!(
        event["reports"][0]["publisher"],
        "Hengyang Party and government portal"
    );
    assert_eq!(event["reports"][0]["publishedAt"], "2019-07-27T01:06:00Z");
}

async fn the_launch_conference_is_told_whole(backend: Backend) {
    let event = archived(backend, "henan-group-launch-2022").await;

    assert_eq!(event["kind"], "LAUNCH_CONFERENCE");
    let group =
        "Henan Public Management and Service Provincial Backbone Vocational Education Group";
    assert_eq!(
        event["title"],
        format!("Establishment conference of the {group}")
    );
    assert_eq!(event["locality"], "Xuchang, Henan, China");
    assert_eq!(
        (&event["venue"], &event["room"]),
        (&Value::Null, &Value::Null)
    );
    // Not even the part of the day is known.
    takes_place(&event, "2022-09-22", None, "DAY");
    assert_eq!(
        event["foundedOrganizations"],
        json!([{
            "kind": "VOCATIONAL_EDUCATION_GROUP",
            "name": group,
            "level": "provincial backbone",
            "goals": [
                "clarify development goals",
                "accelerate physical operation",
                "reform the talent training model",
                "two-way integration mechanism for schools and enterprises"
            ],
            "foundingEvent": { "slug": "henan-group-launch-2022" },
            "memberships": []
        }])
    );
    assert_eq!(
        pick(&event, "participants.nodes.printedName"),
        ["Chen Yiting", "Zhao Peng", "Yin Erjun"]
    );
    assert_eq!(
        pick(&event, "participants.nodes.printedPosts"),
        [
            "deputy director of the Provincial Department of Education",
            "deputy mayor",
            "Secretary of the Party Committee of Xuchang Vocational and Technical College",
        ]
    );
    // One congratulates in the name of a department.
    let items = event["agenda"]["items"].as_array().expect("items");
    assert_eq!(
        pick(&event, "agenda.items.kind"),
        ["CONGRATULATORY_SPEECH", "SPEECH"]
    );
    assert_eq!(pick(&items[0], "appearances.printedName"), ["Chen Yiting"]);
    assert_eq!(
        items[0]["appearances"][0]["onBehalfOf"],
        json!({ "__typename": "Organization", "name": "Henan Provincial Department of Education" })
    );
    assert_eq!(pick(&items[1], "appearances.printedName"), ["Zhao Peng"]);
    assert_eq!(items[1]["appearances"][0]["onBehalfOf"], Value::Null);
    assert_eq!(event["reports"][0]["publisher"], "Dahe Cai Cube");
    assert_eq!(event["reports"][0]["publishedOn"], "2022-09-23");
    assert_eq!(event["reports"][0]["publishedAt"], Value::Null);
    assert_eq!(
        event["reports"][0]["credits"],
        json!([
            { "role": "responsible editor", "name": "Wang Shidan" },
            { "role": "audit", "name": "Li Zhen" },
            { "role": "director", "name": "Wan Junwei" }
        ])
    );
}

/// The contract is kept outside of the repository; beside a checkout that lacks it, our own
/// operations stand for it.
async fn the_operations_of_the_contract_run_as_they_stand(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    for slug in EXAMPLES {
        app.publish_example(&workspace, slug).await;
    }
    let organiser = app.as_organiser(&workspace).await;
    for slug in EXAMPLES {
        let variables = json!({ "slug": slug });
        let ours = organiser.ask(ARCHIVE, variables.clone()).await;
        if let Some(operation) = contract("occasion.graphql") {
            let theirs = organiser.ask(&operation, variables.clone()).await;
            assert_covers(ours.expect_data(), theirs.expect_data(), slug);
        }
        let ours = app.anonymous().ask(SCHEDULE, variables.clone()).await;
        let event = &ours.expect_data()["event"];
        assert_eq!(event["agenda"]["version"], Value::Null);
        assert_eq!(event["agenda"]["publishedAt"], "2025-01-01T12:00:00Z");
        if let Some(operation) = contract("agenda.graphql") {
            let theirs = app.anonymous().ask(&operation, variables).await;
            assert_covers(ours.expect_data(), theirs.expect_data(), slug);
        }
    }
}

/// What the core of the schema has and the product does not have yet, with the reason.
const NOT_BUILT_YET: &[(&str, &str)] = &[
    ("Query.verification", "credentials come with the documents"),
    ("Verification", "credentials come with the documents"),
    ("Credential", "credentials come with the documents"),
    ("CredentialStatus", "credentials come with the documents"),
    (
        "AwardRecipient.credential",
        "credentials come with the documents",
    ),
    (
        "AppointmentLetter.credential",
        "credentials come with the documents",
    ),
    (
        "Mutation.credentialRevoke",
        "credentials come with the documents",
    ),
    (
        "CredentialRevokeInput",
        "credentials come with the documents",
    ),
    (
        "CredentialRevokePayload",
        "credentials come with the documents",
    ),
    ("Mutation.letterIssue", "letters are records, for now"),
    ("LetterIssueInput", "letters are records, for now"),
    ("LetterIssuePayload", "letters are records, for now"),
    ("Event.agenda(version)", "versions come with publication"),
    ("Agenda.conflicts", "conflicts come with scheduling"),
    ("AgendaConflict", "conflicts come with scheduling"),
    ("AgendaConflictKind", "conflicts come with scheduling"),
    ("Mutation.agendaItemMove", "scheduling"),
    ("AgendaItemMoveInput", "scheduling"),
    ("AgendaItemMovePayload", "scheduling"),
    ("Mutation.agendaItemRemove", "scheduling"),
    ("AgendaItemRemoveInput", "scheduling"),
    ("AgendaItemRemovePayload", "scheduling"),
    ("Mutation.agendaPublish", "versions come with publication"),
    ("AgendaPublishInput", "versions come with publication"),
    ("AgendaPublishPayload", "versions come with publication"),
    ("AgendaDiff", "versions come with publication"),
    (
        "Mutation.eventPublish",
        "the graph is there to be read, and to import",
    ),
    (
        "EventPublishInput",
        "the graph is there to be read, and to import",
    ),
    (
        "EventPublishPayload",
        "the graph is there to be read, and to import",
    ),
    (
        "Mutation.eventCancel",
        "the graph is there to be read, and to import",
    ),
    (
        "EventCancelInput",
        "the graph is there to be read, and to import",
    ),
    (
        "EventCancelPayload",
        "the graph is there to be read, and to import",
    ),
    ("Mutation.participantRegister", "registration"),
    ("ParticipantRegisterInput", "registration"),
    ("ParticipantRegisterPayload", "registration"),
    ("Mutation.participantInvite", "invitations"),
    ("ParticipantInviteInput", "invitations"),
    ("ParticipantInvitePayload", "invitations"),
    ("Mutation.participantCancel", "registration"),
    ("ParticipantCancelInput", "registration"),
    ("ParticipantCancelPayload", "registration"),
    ("StaleVersionError", "no mutation expects a version yet"),
    ("CapacityExceededError", "no mutation takes a place yet"),
    ("Subscription", "live changes"),
    ("AgendaChange", "live changes"),
];

#[test]
fn the_schema_holds_the_core_of_the_contract() {
    let Some(core) = contract("core.graphql") else {
        return;
    };
    let mut found = missing(&Sdl::parse(&core), &Sdl::served());
    for (name, reason) in NOT_BUILT_YET {
        assert!(!reason.is_empty());
        match found.iter().position(|one| one == name) {
            Some(place) => drop(found.remove(place)),
            None => found.push(format!("{name} is there, or not in the core: strike it")),
        }
    }
    assert!(
        found.is_empty(),
        "the schema breaks the contract:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_breach_of_the_contract_is_found() {
    let core = Sdl::parse(
        "type Query { a(x: Int): [A!]! b: String! c: String } type A implements N { id: ID! }
         interface N { id: ID! } enum E { ONE TWO } union U = A | B type B { id: ID! }
         input I { x: Int y: Boolean! = false } scalar S",
    );
    assert_eq!(missing(&core, &core), Vec::<String>::new());
    let broken = Sdl::parse(
        "type Query { a(x: Int!, z: Int!): [A]! b: String c: String! } type A { id: ID! }
         interface N { id: ID! } enum E { ONE THREE } union U = A type B { id: ID! }
         input I { x: Int! y: Boolean! = true z: Int! } type S { id: ID! }",
    );
    assert_eq!(
        missing(&core, &broken),
        [
            "A implements N",
            "E.TWO",
            "I.x: Int! is not Int",
            "I.y: its default is not false",
            "I.z is new and must be given",
            "Query.a(x): Int! is not Int",
            "Query.a(z) is new and must be given",
            "Query.a: [A]! is not [A!]!",
            "Query.b: String is not String!",
            "S is not a Scalar",
            "U = B",
        ]
    );
}

/// What the core promises and the schema does not keep.
fn missing(core: &Sdl, schema: &Sdl) -> Vec<String> {
    let mut found = Vec::new();
    for (name, promised) in &core.types {
        match schema.types.get(name) {
            None => found.push(name.clone()),
            Some(kept) if kept.kind != promised.kind => {
                found.push(format!("{name} is not a {:?}", promised.kind));
            }
            Some(kept) => missing_in(name, promised, kept, &mut found),
        }
    }
    found.sort();
    found
}

fn missing_in(name: &str, promised: &Type, kept: &Type, found: &mut Vec<String>) {
    let interfaces = promised
        .implements
        .iter()
        .filter(|one| !kept.implements.contains(one));
    found.extend(interfaces.map(|one| format!("{name} implements {one}")));
    let members = promised
        .members
        .iter()
        .filter(|one| !kept.members.contains(one));
    found.extend(members.map(|one| format!("{name} = {one}")));
    let values = promised
        .values
        .keys()
        .filter(|one| !kept.values.contains_key(*one));
    found.extend(values.map(|one| format!("{name}.{one}")));
    let input = promised.kind == Kind::Input;
    for (field, promised) in &promised.fields {
        let place = format!("{name}.{field}");
        let Some(kept) = kept.fields.get(field) else {
            found.push(place);
            continue;
        };
        if input {
            missing_input(&place, &argument(promised), &argument(kept), found);
            continue;
        }
        if !gives(&kept.of, &promised.of) {
            found.push(format!("{place}: {} is not {}", kept.of, promised.of));
        }
        for (argument, promised) in &promised.arguments {
            let place = format!("{place}({argument})");
            match kept.arguments.get(argument) {
                None => found.push(place),
                Some(kept) => missing_input(&place, promised, kept, found),
            }
        }
        for (argument, kept) in &kept.arguments {
            if !promised.arguments.contains_key(argument) && must_be_given(kept) {
                found.push(format!("{place}({argument}) is new and must be given"));
            }
        }
    }
    for (field, kept) in kept.fields.iter().filter(|_| input) {
        if !promised.fields.contains_key(field) && must_be_given(&argument(kept)) {
            found.push(format!("{name}.{field} is new and must be given"));
        }
    }
}

fn argument(field: &Field) -> Argument {
    Argument {
        description: None,
        of: field.of.clone(),
        default: field.default.clone(),
    }
}

fn must_be_given(argument: &Argument) -> bool {
    !argument.of.is_nullable() && argument.default.is_none()
}

fn missing_input(place: &str, promised: &Argument, kept: &Argument, found: &mut Vec<String>) {
    // What is promised to be taken must be taken: the other way round than what is given.
    if !gives(&promised.of, &kept.of) {
        found.push(format!("{place}: {} is not {}", kept.of, promised.of));
    }
    if let Some(default) = &promised.default
        && kept.default.as_ref() != Some(default)
    {
        found.push(format!("{place}: its default is not {default}"));
    }
}

/// Whether whoever expects `wanted` can live with `given`.
fn gives(given: &TypeRef, wanted: &TypeRef) -> bool {
    match (given, wanted) {
        (TypeRef::NonNull(given), TypeRef::NonNull(wanted))
        | (TypeRef::List(given), TypeRef::List(wanted)) => gives(given, wanted),
        (TypeRef::NonNull(given), wanted) => gives(given, wanted),
        (TypeRef::Named(given), TypeRef::Named(wanted)) => given == wanted,
        _ => false,
    }
}

/// A file of the contract, if it lies beside the repository.
fn contract(name: &str) -> Option<String> {
    let folder: PathBuf = tests::root().join("..").join("shared").join("contract");
    let file = folder.join(name);
    folder
        .is_dir()
        .then(|| std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// Publishes an example, and reads all that an organiser's token shows of it.
async fn archived(backend: Backend, slug: &str) -> Value {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    app.publish_example(&workspace, slug).await;
    let organiser = app.as_organiser(&workspace).await;
    let answer = organiser.ask(ARCHIVE, json!({ "slug": slug })).await;
    let event = answer.expect_data()["event"].clone();
    assert_eq!(event["status"], "PUBLISHED");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "contract/snapshots" }, {
        insta::assert_snapshot!(slug, serde_json::to_string_pretty(&event).expect("JSON"));
    });
    event
}

/// One day, and no clock time.
fn takes_place(event: &Value, day: &str, part: Option<&str>, precision: &str) {
    assert_eq!(
        event["time"],
        json!({
            "timeZone": "Asia/Shanghai",
            "startsOn": day,
            "endsOn": day,
            "dayPart": part,
            "precision": precision,
            "startsAtLocal": null,
            "startsAt": null,
            "endsAt": null
        })
    );
}

fn action(description: &str, recurring: bool, set_by: Option<&str>, by: &[&str]) -> Value {
    let named = |name: &&str| json!({ "name": name });
    json!({
        "description": description,
        "status": "OPEN",
        "recurring": recurring,
        "dueOn": null,
        "setBy": set_by.as_ref().map(named),
        "responsible": by.iter().map(named).collect::<Vec<_>>()
    })
}

/// The printed names of the organizations with a role, in order.
fn roles<'a>(event: &'a Value, role: &str) -> Vec<&'a str> {
    let all = event["organizations"].as_array().expect("organizations");
    let all = all.iter().filter(|one| one["role"] == role);
    all.map(|one| {
        assert_eq!(one["printedName"], one["organization"]["name"]);
        one["printedName"].as_str().expect("a name")
    })
    .collect()
}

fn person<'a>(event: &'a Value, name: &str) -> &'a Value {
    let all = event["participants"]["nodes"]
        .as_array()
        .expect("participants");
    let one = all.iter().find(|one| one["printedName"] == name);
    &one.unwrap_or_else(|| panic!("{name} does not take part"))["person"]
}

/// What stands at a path, through all lists on the way.
fn pick<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let flat = |value: &'a Value| match value {
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    };
    let mut found = flat(value);
    for step in path.split('.') {
        found = found.into_iter().flat_map(|one| flat(&one[step])).collect();
    }
    found
}

/// Fails if `theirs` says anything that `ours` does not say in the same place.
fn assert_covers(ours: &Value, theirs: &Value, place: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in theirs {
                let place = format!("{place}.{key}");
                let found = ours
                    .get(key)
                    .unwrap_or_else(|| panic!("{place} is not asked for"));
                assert_covers(found, value, &place);
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "{place}");
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                assert_covers(ours, theirs, &format!("{place}.{index}"));
            }
        }
        (ours, theirs) => assert_eq!(ours, theirs, "{place}"),
    }
}
