//! Signs PDFs and writes badges, for other people's programs to judge:
//! `cargo run -p credentials --example credentials -- target/credentials a.pdf b.pdf`. What they make of it
//! is told by `checks/documents`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use credentials::{
    Achievement, Badge, BadgeStatus, Issuer, Recipient, SignatureFacts, SigningKey, StatusList,
    Verdict, jwks, sign_pdf, verify_pdf,
};
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

const SITE: &str = "https://events.example.org";
const RSA: &str = include_str!("../tests/keys/rsa.pem");
const P256: &str = include_str!("../tests/keys/p256.pem");
const AUTHORITY: &str = include_str!("../tests/keys/ca.pem");

fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("name a folder to write to")?;
    fs::create_dir_all(&folder)?;
    let now: DateTime<Utc> = "2027-03-01T09:30:00Z".parse()?;
    let keys = [
        ("rsa", SigningKey::from_pem(RSA, now)?),
        ("p256", SigningKey::from_pem(P256, now)?),
        (
            "demo",
            SigningKey::self_signed("Example University", now, &[7; 32])?,
        ),
    ];
    let demo = keys.iter().map(|(_, key)| key).next_back();
    let demo = demo
        .and_then(SigningKey::certificate)
        .ok_or("a certificate")?;
    fs::write(folder.join("demo.der"), demo.der())?;
    fs::write(folder.join("authority.pem"), AUTHORITY)?;
    for pdf in arguments {
        for (name, key) in &keys {
            sign(&folder, &pdf, name, key, now)?;
        }
    }
    badges(&folder, &keys, now)
}

fn sign(
    folder: &Path,
    pdf: &Path,
    name: &str,
    key: &SigningKey,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let stem = pdf.file_stem().ok_or("a file")?.to_string_lossy();
    let facts = SignatureFacts {
        name: "Example University 示例大学".to_owned(),
        reason: Some("Letter HY-2027-000123".to_owned()),
        location: Some("Xiamen".to_owned()),
        at: now,
    };
    let signed = sign_pdf(&fs::read(pdf)?, key, &facts)?;
    let trusted: Vec<_> = key.certificate().into_iter().cloned().collect();
    if !matches!(verify_pdf(&signed, &trusted), Verdict::Whole { .. }) {
        return Err("what was signed is not verified".into());
    }
    fs::write(folder.join(format!("{stem}.{name}.pdf")), signed)?;
    Ok(())
}

/// Two badges by each key, of which the second is revoked; the keys; and the list that says so.
fn badges(folder: &Path, keys: &[(&str, SigningKey)], now: DateTime<Utc>) -> Outcome<()> {
    let ed25519 = SigningKey::ed25519(&[1; 32])?;
    let all = keys.iter().map(|(name, key)| (*name, key));
    let all: Vec<_> = all.chain([("ed25519", &ed25519)]).collect();
    let issuer = Issuer {
        id: format!("{SITE}/issuers/1"),
        name: "Example University".to_owned(),
        url: Some(SITE.to_owned()),
        email: None,
    };
    let list = format!("{SITE}/status/1");
    let mut written = Vec::new();
    let mut revoked = Vec::new();
    for (number, (name, key)) in all.iter().enumerate() {
        for index in [number, 94_560 + number] {
            let token = badge(&issuer, &list, index, now).issue(key)?;
            written.push(json!({ "key": name, "kid": key.kid(), "index": index, "token": token }));
        }
        revoked.push(94_560 + number);
    }
    let status = StatusList::of(100_000, revoked.iter().copied())?;
    let status = status.issue(&list, &issuer, now, &ed25519)?;
    let json = json!({
        "now": now.timestamp() + 3_600,
        "jwks": jwks(all.iter().map(|(_, key)| key.public_key())),
        "badges": written,
        "revoked": revoked,
        "status": status,
    });
    fs::write(folder.join("badges.json"), json.to_string())?;
    Ok(())
}

fn badge(issuer: &Issuer, list: &str, index: usize, now: DateTime<Utc>) -> Badge {
    Badge {
        id: format!("{SITE}/badges/{index}"),
        issuer: issuer.clone(),
        recipient: Recipient {
            id: "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            email: Some("ann@example.org".to_owned()),
            salt: format!("salt-{index}"),
        },
        achievement: Achievement {
            id: format!("{SITE}/achievements/1"),
            name: "Speaker 演讲嘉宾".to_owned(),
            description: "Spoke at the Example Forum".to_owned(),
            criteria: "Whoever gave a talk.".to_owned(),
            image: None,
        },
        valid_from: now,
        valid_until: Some(now + TimeDelta::days(365)),
        status: Some(BadgeStatus {
            list: list.to_owned(),
            index,
        }),
    }
}
