//! The five events, each with every fact that is known of it and with none that is not.

use serde_json::{Value, json};
use tests::{Backend, both};

use super::{action, archived, person, pick, roles, takes_place};

both!(
    the_exchange_conference_is_told_whole,
    the_forum_is_told_whole,
    the_research_visit_is_told_whole,
    the_meeting_is_told_whole,
    the_launch_conference_is_told_whole
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
