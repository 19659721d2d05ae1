//! How long a search takes among 100,000 people and 20,000 organizations: milliseconds, and how
//! many times as long as reading one person by id on the same database in the same run.
//!
//! `just bench-search`. The names are made up, always the same ones: one half Chinese, of two to
//! four characters with a transcription, the other half Latin.

use std::fmt::Write as _;
use std::time::Instant;

use domain::access::{Actor, Role};
use domain::workspace::Workspace;
use migrations::folded;
use persistence::{OrganizationFilter, PageRequest, PersonFilter};
use serde_json::json;
use tests::{Backend, TestApp, locate_postgres};

const PEOPLE: usize = 100_000;
const ORGANIZATIONS: usize = 20_000;
/// How often each thing is done; the quickest counts: what else the machine does is not measured.
const TIMES: usize = 21;

const SEARCHES: [(&str, &str); 11] = [
    ("one Chinese character", "李"),
    ("two", "李明"),
    ("three", "李明华"),
    ("a whole Latin name", "william"),
    ("its beginning", "jam"),
    ("its middle", "chmid"),
    ("two words", "james bra"),
    ("in every seventh name", "ang"),
    ("in most names", "a"),
    ("in none", "zzzqqq"),
    ("in none, two characters", "犇犇"),
];

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(Backend::Sqlite));
    if locate_postgres().is_some() {
        runtime.block_on(measure(Backend::Postgres));
    } else {
        println!("PostgreSQL: none found");
    }
}

async fn measure(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let secret = app.token(&workspace, Role::Owner, None).await;
    let actor = app.store.authenticate(&secret).await.expect("an answer");
    let actor = actor.expect("an actor");
    let began = Instant::now();
    fill(&app, &workspace).await;
    println!(
        "\n{backend:?}: {PEOPLE} people, {ORGANIZATIONS} organizations, filled in {:.0} s\n",
        began.elapsed().as_secs_f64()
    );

    let (all, page) = (PersonFilter::default(), PageRequest::default());
    let first = app.store.people_page(&actor, &all, &page).await;
    let first = first.expect("an answer").expect("a page");
    let id = first.items[first.items.len() / 2].1.id;
    let by_id = timed(async || {
        let people = app.store.people(&actor, &[id]).await.expect("an answer");
        assert_eq!(people.len(), 1);
    });
    let by_id = by_id.await;
    println!(
        "| {:<38} | {:>9} | {:>8} | {:>8} | {:>9} | {:>8} |",
        "", "hits", "page, ms", "× by id", "count, ms", "× by id"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
    row("one person by id", 1, by_id, None, by_id);
    people(&app, &actor, "no search", None, by_id).await;
    for (what, search) in SEARCHES {
        people(&app, &actor, what, Some(search), by_id).await;
    }
    for (what, search) in [
        ("organizations: two characters", "东软"),
        ("organizations: a common part", "大学"),
    ] {
        let filter = OrganizationFilter {
            search: Some(search.to_owned()),
            ..OrganizationFilter::default()
        };
        let count = app
            .store
            .organizations_count(&actor, &filter)
            .await
            .expect("a count");
        let page = timed(async || {
            let page = PageRequest::default();
            let page = app.store.organizations_page(&actor, &filter, &page).await;
            page.expect("an answer").expect("a page");
        });
        let page = page.await;
        let counted = timed(async || {
            app.store
                .organizations_count(&actor, &filter)
                .await
                .expect("a count");
        });
        row(
            &format!("{what} ({search})"),
            count,
            page,
            Some(counted.await),
            by_id,
        );
    }

    // What it costs to write: a thousand people who are new, and one of them under another name.
    let document = |first: &str| {
        let people: Vec<_> = (0..1_000)
            .map(|number| {
                let (name, transcription) = person(900_000 + number);
                let name = if number == 0 { first.to_owned() } else { name };
                json!({ "key": format!("p{number}"), "name": name, "transcription": transcription })
            })
            .collect();
        let time = json!({ "timeZone": "UTC", "startsOn": "2024-05-14" });
        json!({ "key": "import", "language": "zh-Hans", "title": "x", "time": time, "people": people })
            .to_string()
    };
    for (what, text) in [
        ("import of 1,000 new people", document("新人")),
        ("the same, one renamed", document("旧人")),
    ] {
        let began = Instant::now();
        app.import(&workspace, &text).await;
        row(
            what,
            1_000,
            began.elapsed().as_secs_f64() * 1_000.0,
            None,
            by_id,
        );
    }
}

async fn people(app: &TestApp, actor: &Actor, what: &str, search: Option<&str>, by_id: f64) {
    let filter = PersonFilter {
        search: search.map(str::to_owned),
        ..PersonFilter::default()
    };
    let count = app
        .store
        .people_count(actor, &filter)
        .await
        .expect("a count");
    let page = timed(async || {
        let page = PageRequest::default();
        let page = app.store.people_page(actor, &filter, &page).await;
        page.expect("an answer").expect("a page");
    });
    let page = page.await;
    let counted = timed(async || {
        app.store
            .people_count(actor, &filter)
            .await
            .expect("a count");
    });
    let what = search.map_or(what.to_owned(), |search| format!("{what} ({search})"));
    row(&what, count, page, Some(counted.await), by_id);
}

fn row(what: &str, hits: u64, page: f64, count: Option<f64>, by_id: f64) {
    let (counted, times) = count.map_or((String::new(), String::new()), |count| {
        (format!("{count:.2}"), format!("{:.1}", count / by_id))
    });
    println!(
        "| {what:<38} | {hits:>9} | {page:>8.2} | {:>8.1} | {counted:>9} | {times:>8} |",
        page / by_id
    );
}

/// Milliseconds, of the quickest.
async fn timed(mut act: impl AsyncFnMut()) -> f64 {
    let mut quickest = f64::INFINITY;
    for _ in 0..TIMES {
        let began = Instant::now();
        act().await;
        quickest = quickest.min(began.elapsed().as_secs_f64() * 1_000.0);
    }
    quickest
}

/// Fills the tables by no door of ours: only the time to search is wanted.
async fn fill(app: &TestApp, workspace: &Workspace) {
    let is_sqlite = app.database.backend == Backend::Sqlite;
    let uuid = |uuid: uuid::Uuid| {
        if is_sqlite {
            format!("x'{}'", uuid.simple())
        } else {
            format!("'{uuid}'")
        }
    };
    let office = uuid(workspace.id.uuid());
    // Ids that sort as if they had been minted one after the other.
    let id = |number: usize| uuid(uuid::Uuid::from_u128((1_u128 << 80) + number as u128));
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut rows = Vec::new();
    for number in 0..PEOPLE {
        let (name, transcription) = person(number);
        let names = std::iter::once(name.as_str()).chain(transcription.as_deref());
        rows.push(format!(
            "({}, {office}, 1, {}, {}, {}, '{{}}')",
            id(number),
            quoted(&name),
            quoted(&folded(names)),
            transcription.as_deref().map_or("NULL".to_owned(), quoted),
        ));
    }
    let columns = "id, workspace_id, version, name, search_text, transcription, further_names";
    insert(app, &format!("person ({columns})"), &rows).await;
    let mut rows = Vec::new();
    for number in 0..ORGANIZATIONS {
        let (name, alias) = organization(number);
        rows.push(format!(
            "({}, {office}, 1, 'COMPANY', '{}', {}, {}, '{}', '[]')",
            id(PEOPLE + number),
            json!({ "main": "zh-Hans", "texts": { "zh-Hans": name } }),
            quoted(&name),
            quoted(&folded([name.as_str(), alias.as_str()])),
            json!([alias]),
        ));
    }
    let columns = "id, workspace_id, version, kind, name, sort_name, search_text, aliases, goals";
    insert(app, &format!("organization ({columns})"), &rows).await;
    if !is_sqlite {
        app.database.execute("ANALYZE").await;
    }
}

async fn insert(app: &TestApp, into: &str, rows: &[String]) {
    for some in rows.chunks(1_000) {
        let mut statement = format!("INSERT INTO {into} VALUES ");
        write!(statement, "{}", some.join(", ")).expect("text");
        app.database.execute(&statement).await;
    }
}

/// Numbers that look as if they were drawn, and are always the same.
struct Drawn(u64);

impl Drawn {
    fn of(number: usize) -> Self {
        Self((number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    /// The first ones more often than the last, as with surnames.
    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let end = self.below(all.len()) + 1;
        all[self.below(end)]
    }
}

fn characters(text: &'static str) -> Vec<&'static str> {
    text.split("").filter(|one| !one.is_empty()).collect()
}

/// A person's name, and its transcription if it has one.
fn person(number: usize) -> (String, Option<String>) {
    let mut drawn = Drawn::of(number);
    drawn.below(2);
    if number.is_multiple_of(2) {
        let mut name = drawn.one_of(&FIRST_NAMES).to_owned();
        if drawn.below(3) == 0 {
            name = format!("{name} {}", drawn.one_of(&FIRST_NAMES));
        }
        let mut last = String::new();
        for _ in 0..2 + drawn.below(2) {
            last.push_str(ONSETS[drawn.below(ONSETS.len())]);
            last.push_str(RHYMES[drawn.below(RHYMES.len())]);
        }
        return (
            format!("{name} {}{}", &last[..1].to_uppercase(), &last[1..]),
            None,
        );
    }
    let (surnames, given) = (characters(SURNAMES), characters(GIVEN));
    let mut name = if drawn.below(30) == 0 {
        drawn.one_of(&["欧阳", "司马", "上官", "诸葛"]).to_owned()
    } else {
        drawn.one_of(&surnames).to_owned()
    };
    let mut transcription = format!("{} ", SYLLABLES[drawn.below(SYLLABLES.len())]);
    for _ in 0..=usize::from(drawn.below(10) > 2) {
        name.push_str(given[drawn.below(given.len())]);
        transcription.push_str(SYLLABLES[drawn.below(SYLLABLES.len())]);
    }
    (name, Some(transcription))
}

/// An organization's name, and what it is also called.
fn organization(number: usize) -> (String, String) {
    let mut drawn = Drawn::of(1_000_000 + number);
    let given = characters(GIVEN);
    let place = drawn.one_of(&[
        "广东", "衡阳", "清远", "厦门", "河南", "北京", "上海", "大连", "成都", "西安",
    ]);
    let mut brand = String::new();
    for _ in 0..2 {
        brand.push_str(given[drawn.below(given.len())]);
    }
    if drawn.below(500) == 0 {
        "东软".clone_into(&mut brand);
    }
    let kind = drawn.one_of(&[
        "科技有限公司",
        "职业技术学院",
        "大学",
        "集团",
        "教育局",
        "协会",
        "研究院",
    ]);
    let alias = format!(
        "{brand} {} {number}",
        SYLLABLES[drawn.below(SYLLABLES.len())]
    );
    (format!("{place}{brand}{kind}"), alias)
}

const SURNAMES: &str = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国庆志文斌宇浩凯欣怡梓涵雨泽晨曦子轩思远嘉铭天佑俊熙若诗婷博昊然翔飞龙鹏程万里晓东春梅冬雪秋月海波长江永康福禄寿德仁义礼智信安邦定世清源振兴中云峰岳川泉林森木火金土水石山田野";
const SYLLABLES: [&str; 44] = [
    "wei", "fang", "na", "min", "jing", "li", "qiang", "lei", "jun", "yang", "yong", "yan", "jie",
    "juan", "tao", "ming", "chao", "xiu", "xia", "ping", "gang", "gui", "ying", "hua", "yu", "lan",
    "hong", "jian", "guo", "qing", "zhi", "wen", "bin", "hao", "kai", "xin", "yi", "zi", "han",
    "ze", "chen", "xi", "xuan", "si",
];
const FIRST_NAMES: [&str; 48] = [
    "James",
    "Mary",
    "John",
    "Patricia",
    "Robert",
    "Jennifer",
    "Michael",
    "Linda",
    "William",
    "Elizabeth",
    "David",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Karen",
    "Nancy",
    "Lisa",
    "Betty",
    "Margaret",
    "Sandra",
    "Ashley",
    "Kimberly",
    "Emily",
    "Donna",
    "Michelle",
    "Carol",
    "Amanda",
    "Melissa",
    "Deborah",
    "Stephanie",
    "Dorothy",
    "Rebecca",
    "José",
    "André",
    "Sofía",
    "Łukasz",
    "Mateusz",
    "Giulia",
    "Marco",
    "Hans",
    "Ingrid",
    "Søren",
    "Zoë",
    "Angela",
];
const ONSETS: [&str; 26] = [
    "b", "br", "c", "cr", "d", "f", "fr", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "r",
    "s", "sch", "st", "t", "tr", "v", "w", "z",
];
const RHYMES: [&str; 24] = [
    "a", "an", "ang", "ar", "ack", "e", "en", "er", "ei", "eil", "i", "in", "ick", "id", "mid",
    "o", "on", "ohr", "ott", "u", "und", "urt", "ause", "iel",
];
