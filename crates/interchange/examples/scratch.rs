use std::time::Instant;
fn main() {
    let m = 4*1024*1024 - 10_000;
    let rep = |s: &str| s.repeat(m / s.len());
    let base = "key: forum\nlanguage: en\ntitle: Forum\ntime: {timeZone: Asia/Shanghai, startsOn: 2024-05-14}\n";
    for (name, text) in [
        ("lists", rep("[")), ("close", rep("]")), ("dash", rep("- ")), ("colon", rep("a: ")), ("dupes", rep("a: b\n")),
        ("unknown", (0..190_000).map(|i| format!("k{i}: {{}}\n")).collect::<String>()),
        ("topics", format!("{base}topics:\n{}", "  - []\n".repeat(150_000))),
        ("topicsok", format!("{base}topics:\n{}", "  - ab\n".repeat(190_000))),
        ("orgs", format!("{base}organizations:\n{}", (0..40_000).map(|i| format!("  - {{key: k{i}, name: N, parent: k{}}}\n", i+1)).collect::<String>())),
        ("spaces", rep(" ")), ("newlines", rep("\n")), ("quotes", rep("\"")), ("str", format!("a: \"{}", rep("x"))), ("hash", rep("#")), ("pct", rep("%")),
        ("amp", rep("&a ")), ("bang", rep("! ")), ("q", rep("? ")), ("qn", rep("?\n")), ("tab", rep("\t")), ("block", format!("a: |\n{}", rep(" x\n"))), ("fold", format!("a: >\n{}", rep(" x\n\n"))),
        ("jsonlists", rep("[1,")), ("jsonflat", format!("[{}1]", "1,".repeat(190_000))), ("anchors", (0..150_000).map(|i| format!("- &a{i} x\n")).collect::<String>()),
        ("flowkeys", format!("{{{}", rep("a,"))), ("members", format!("{base}agenda:\n{}", (0..15_000).map(|i| format!("  - {{key: k{i}, kind: TALK, bogus: 1, kidn: 2}}\n")).collect::<String>())),
        ("dang", format!("{base}agenda:\n{}", (0..15_000).map(|i| format!("  - {{key: k{i}, kind: TALK, room: 1, track: 2}}\n")).collect::<String>())),
        ("plain", rep("x ")), ("longplain", rep("x\n")), ("commas", format!("[{}", rep(","))),
    ] {
        let t = Instant::now();
        let r = interchange::event_document::read(&text);
        let p = r.err().unwrap_or_default();
        println!("{name}: {:?} {} {:?}", t.elapsed(), p.len(), p.first().map(|p| p.to_string().chars().take(100).collect::<String>()));
    }
    let d = interchange::event_document::read(include_str!("../../../examples/every-field.yaml")).unwrap();
    println!("{}", interchange::event_document::write(&d));
}
