//! What papers look like before there is anything to print. The people are inventions.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use domain::appearance::AppearanceRole;
use domain::{LanguageTag, LocalizedText};
use words::Language;

use crate::date::Numerals;
use crate::document::{Document, Kind, Languages, Paper};
use crate::imprint::{Imprint, Person, Signatory, Term};
use crate::paper::agenda::{AgendaBooklet, AgendaDay, AgendaEntry, Appearance};
use crate::paper::appointment::{AppointmentLetter, Orientation};
use crate::paper::attendance::AttendanceCertificate;
use crate::paper::award::AwardCertificate;
use crate::paper::plaque::Plaque;
use crate::paper::sign_in::{SignInRow, SignInSheet};
use crate::picture::Picture;

const LOGO: &str = include_str!("../samples/logo.svg");
const SEAL: &str = include_str!("../samples/seal.svg");
const SIGNATURE: &str = include_str!("../samples/signature.svg");

impl Document {
    /// An example of a kind, by our template.
    pub fn sample(kind: Kind, languages: Languages) -> Self {
        let paper = match kind {
            Kind::AppointmentLetter => Paper::AppointmentLetter(appointment()),
            Kind::AwardCertificate => Paper::AwardCertificate(award()),
            Kind::Plaque => Paper::Plaque(plaque()),
            Kind::AttendanceCertificate => Paper::AttendanceCertificate(attendance()),
            Kind::AgendaBooklet => Paper::AgendaBooklet(booklet()),
            Kind::SignInSheet => Paper::SignInSheet(sign_in()),
        };
        Self::new(paper, languages)
    }
}

/// A text in both languages.
fn text(chinese: &str, english: &str) -> LocalizedText {
    let tag = |language: Language| {
        language
            .tag()
            .parse()
            .unwrap_or(LanguageTag::undetermined())
    };
    let main: LanguageTag = tag(Language::Chinese);
    let texts = BTreeMap::from([
        (main.clone(), chinese.to_owned()),
        (tag(Language::English), english.to_owned()),
    ]);
    LocalizedText::new(main.clone(), texts).unwrap_or_else(|_| LocalizedText::single(main, chinese))
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn picture(svg: &str) -> Option<Picture> {
    Picture::new(svg.as_bytes().to_vec()).ok()
}

fn forum() -> LocalizedText {
    text(
        "产教融合发展论坛",
        "Forum on the Integration of Industry and Education",
    )
}

fn imprint(number: &str, code: &str) -> Imprint {
    Imprint {
        issuers: vec![
            text("示例大学", "Example University"),
            text(
                "示例市高校产业技术联盟",
                "Example City University Industry and Technology Alliance",
            ),
        ],
        signatory: Some(Signatory {
            post: Some(text("示例大学副校长", "Vice President, Example University")),
            name: text("李示范", "Li Shifan"),
            signature: picture(SIGNATURE),
        }),
        date: day(2027, 3, 1),
        numerals: Numerals::Chinese,
        number: Some(number.to_owned()),
        verification: Some(format!("https://convoke.example.org/verify/{code}")),
        logo: picture(LOGO),
        seal: picture(SEAL),
    }
}

fn term() -> Term {
    Term {
        from: Some(day(2027, 3, 1)),
        until: Some(day(2029, 2, 28)),
    }
}

fn appointment() -> AppointmentLetter {
    AppointmentLetter {
        appointee: Person {
            name: text("王示例", "Wang Shili"),
            honorific: Some(text("教授", "Professor")),
        },
        post: text("副主任委员", "Vice Chair"),
        body: Some(text(
            "产教融合专家咨询委员会",
            "Expert Advisory Committee on the Integration of Industry and Education",
        )),
        reason: Some(text(
            "负责智能制造领域的课程共建、实训基地评估与成果推广。",
            "The appointee advises on joint courses, the assessment of training centres and the dissemination of results in smart manufacturing.",
        )),
        term: Some(term()),
        orientation: Orientation::Portrait,
        imprint: imprint("HY-2027-000123", "7H3KQ2MX9D"),
    }
}

fn award() -> AwardCertificate {
    AwardCertificate {
        recipient: text("陈范例", "Chen Fanli"),
        occasion: text(
            "示例市大学生创新创业大赛",
            "Example City Student Innovation and Entrepreneurship Competition",
        ),
        award: text("一等奖", "First Prize"),
        citation: None,
        imprint: imprint("RY-2027-000045", "M4T8WZC2PA"),
    }
}

fn plaque() -> Plaque {
    Plaque {
        organization: text(
            "示例职业技术学院",
            "Example Vocational and Technical College",
        ),
        title: text(
            "产教融合示范基地",
            "Model Base for the Integration of Industry and Education",
        ),
        term: Some(term()),
        imprint: Imprint {
            signatory: None,
            ..imprint("SP-2027-000003", "Q9C5RJ7KEV")
        },
    }
}

fn attendance() -> AttendanceCertificate {
    AttendanceCertificate {
        attendee: Person {
            name: text("赵样本", "Zhao Yangben"),
            honorific: Some(text("女士", "Ms")),
        },
        organization: Some(text(
            "示例国际贸易集团有限公司",
            "Example International Trade Group Co., Ltd.",
        )),
        event: forum(),
        days: (day(2027, 5, 14), day(2027, 5, 15)),
        place: Some(text(
            "示例大学学术交流中心",
            "the Conference Centre of Example University",
        )),
        role: text("对话嘉宾", "panellist"),
        minutes: Some(630),
        sessions: vec![
            text("开幕式与主旨报告", "Opening and keynote speeches"),
            text(
                "圆桌对话：校企合作的新路径",
                "Panel: new paths of cooperation between universities and companies",
            ),
            text("平行论坛：智能制造", "Parallel forum: smart manufacturing"),
            text(
                "成果发布与授牌仪式",
                "Presentation of results and award of plaques",
            ),
        ],
        imprint: Imprint {
            signatory: None,
            date: day(2027, 5, 15),
            ..imprint("CH-2027-000318", "X2B6NHT4YR")
        },
    }
}

fn booklet() -> AgendaBooklet {
    AgendaBooklet {
        event: forum(),
        theme: Some(text(
            "融合 · 创新 · 共赢",
            "Integration, innovation, shared success",
        )),
        organizers: vec![
            (
                text("指导单位", "Guided by"),
                vec![text("示例市教育局", "Example City Education Bureau")],
            ),
            (
                text("主办单位", "Hosts"),
                vec![
                    text("示例大学", "Example University"),
                    text(
                        "示例市高校产业技术联盟",
                        "Example City University Industry and Technology Alliance",
                    ),
                ],
            ),
            (
                text("承办单位", "Organised by"),
                vec![text(
                    "示例大学合作发展处",
                    "Office of Cooperation, Example University",
                )],
            ),
        ],
        days: (day(2027, 5, 14), day(2027, 5, 15)),
        place: Some(text(
            "示例大学学术交流中心",
            "Conference Centre, Example University",
        )),
        clocks: Some(text("中国标准时间（UTC+8）", "China Standard Time (UTC+8)")),
        agenda: vec![first_day(), second_day()],
        logo: picture(LOGO),
        address: Some("https://convoke.example.org/e/forum-2027".to_owned()),
        as_of: day(2027, 5, 10),
    }
}

fn entry(start: (u32, u32), end: (u32, u32), title: LocalizedText) -> AgendaEntry {
    let time = |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0);
    AgendaEntry {
        start: time(start),
        end: time(end),
        title,
        track: None,
        room: None,
        about: None,
        presented: Vec::new(),
        people: Vec::new(),
        parts: Vec::new(),
    }
}

fn appears(role: AppearanceRole, name: LocalizedText, affiliation: LocalizedText) -> Appearance {
    Appearance {
        role,
        name,
        affiliation: Some(affiliation),
    }
}

fn hall() -> LocalizedText {
    text("一楼报告厅", "Auditorium, ground floor")
}

fn li() -> (LocalizedText, LocalizedText) {
    (
        text("李示范", "Li Shifan"),
        text("示例大学副校长", "Vice President, Example University"),
    )
}

fn wang() -> (LocalizedText, LocalizedText) {
    (
        text("王示例", "Wang Shili"),
        text(
            "示例职业技术学院教授",
            "Professor, Example Vocational and Technical College",
        ),
    )
}

fn zhao() -> (LocalizedText, LocalizedText) {
    (
        text("赵样本", "Zhao Yangben"),
        text(
            "示例国际贸易集团副总经理",
            "Deputy General Manager, Example International Trade Group",
        ),
    )
}

fn first_day() -> AgendaDay {
    let who = |role, (name, affiliation)| appears(role, name, affiliation);
    AgendaDay {
        date: day(2027, 5, 14),
        entries: vec![
            AgendaEntry {
                room: Some(text("一楼大厅", "Foyer")),
                ..entry((8, 0), (8, 50), text("签到", "Registration"))
            },
            AgendaEntry {
                room: Some(hall()),
                people: vec![who(AppearanceRole::Chair, li())],
                ..entry((9, 0), (9, 30), text("开幕式", "Opening"))
            },
            AgendaEntry {
                room: Some(hall()),
                people: vec![who(AppearanceRole::KeynoteSpeaker, wang())],
                about: Some(text(
                    "从三个试点专业的五年数据看，共建课程如何改变毕业生的去向。",
                    "Five years of data from three pilot programmes: how joint courses change where graduates go.",
                )),
                ..entry(
                    (9, 30),
                    (10, 15),
                    text(
                        "主旨报告：课堂在车间",
                        "Keynote: the classroom is on the shop floor",
                    ),
                )
            },
            entry((10, 15), (10, 35), text("茶歇", "Tea break")),
            AgendaEntry {
                room: Some(hall()),
                people: vec![who(AppearanceRole::Moderator, li())],
                parts: vec![
                    AgendaEntry {
                        people: vec![who(AppearanceRole::Panelist, zhao())],
                        ..entry(
                            (10, 35),
                            (11, 0),
                            text("企业需要怎样的合作", "What companies ask of cooperation"),
                        )
                    },
                    AgendaEntry {
                        people: vec![who(AppearanceRole::Panelist, wang())],
                        ..entry(
                            (11, 0),
                            (11, 30),
                            text("双导师制的经验", "Experience with two supervisors"),
                        )
                    },
                ],
                ..entry(
                    (10, 35),
                    (11, 50),
                    text(
                        "圆桌对话：校企合作的新路径",
                        "Panel: new paths of cooperation",
                    ),
                )
            },
            entry((12, 0), (13, 30), text("午餐", "Lunch")),
            AgendaEntry {
                track: Some(text("智能制造", "Smart manufacturing")),
                room: Some(text("二楼第一会议室", "Room 201")),
                people: vec![who(AppearanceRole::Speaker, wang())],
                ..entry(
                    (14, 0),
                    (15, 30),
                    text(
                        "平行论坛：实训基地的评估",
                        "Parallel forum: assessing training centres",
                    ),
                )
            },
            AgendaEntry {
                track: Some(text("数字经济", "Digital economy")),
                room: Some(text("二楼第二会议室", "Room 202")),
                people: vec![who(AppearanceRole::Speaker, zhao())],
                ..entry(
                    (14, 0),
                    (15, 30),
                    text(
                        "平行论坛：跨境电商人才",
                        "Parallel forum: talent for cross-border trade",
                    ),
                )
            },
        ],
    }
}

fn second_day() -> AgendaDay {
    let who = |role, (name, affiliation)| appears(role, name, affiliation);
    AgendaDay {
        date: day(2027, 5, 15),
        entries: vec![
            AgendaEntry {
                room: Some(hall()),
                people: vec![who(AppearanceRole::Presenter, wang())],
                ..entry((9, 0), (10, 0), text("成果发布", "Presentation of results"))
            },
            AgendaEntry {
                room: Some(hall()),
                presented: vec![
                    text(
                        "产教融合示范基地",
                        "Model base of the integration of industry and education",
                    ),
                    text(
                        "高技能人才培养基地",
                        "Training base for highly skilled people",
                    ),
                ],
                people: vec![who(AppearanceRole::Chair, li())],
                ..entry(
                    (10, 0),
                    (10, 40),
                    text(
                        "授牌与聘书颁发仪式",
                        "Award of plaques and letters of appointment",
                    ),
                )
            },
            entry((10, 40), (11, 0), text("闭幕", "Closing")),
        ],
    }
}

fn sign_in() -> SignInSheet {
    let organizations = [
        text("示例大学", "Example University"),
        text(
            "示例职业技术学院",
            "Example Vocational and Technical College",
        ),
        text(
            "示例国际贸易集团有限公司",
            "Example International Trade Group Co., Ltd.",
        ),
        text("示例市教育局", "Example City Education Bureau"),
    ];
    let posts = [
        text("副校长", "Vice President"),
        text("教授", "Professor"),
        text("副总经理", "Deputy General Manager"),
        text("科长", "Head of Section"),
    ];
    let names = [
        ("王示例", "Wang Shili"),
        ("李示范", "Li Shifan"),
        ("陈范例", "Chen Fanli"),
        ("赵样本", "Zhao Yangben"),
        ("孙举例", "Sun Juli"),
        ("周例如", "Zhou Liru"),
    ];
    let rows = (0..30).map(|index: usize| {
        let (chinese, english) = names.get(index % names.len()).copied().unwrap_or_default();
        SignInRow {
            organization: organizations.get(index % organizations.len()).cloned(),
            name: text(chinese, english),
            post: posts.get(index % posts.len()).cloned(),
        }
    });
    SignInSheet {
        event: forum(),
        session: Some(text("开幕式", "Opening")),
        date: day(2027, 5, 14),
        place: Some(hall()),
        rows: rows.collect(),
        empty_rows: 8,
        logo: picture(LOGO),
    }
}
