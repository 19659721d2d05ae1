//! What a badge says of what somebody was given, and by which keys it is signed.

use std::sync::Arc;

use credentials::{Achievement, Badge, BadgeStatus, Issuer, PublicKey, Recipient, SigningKey};
use data_encoding::HEXLOWER;
use domain::credential::PaperLanguages;
use domain::workspace::Workspace;
use domain::{LanguageTag, LocalizedText, Site};
use persistence::BadgeFacts;
use sha2::{Digest as _, Sha256};
use words::Language;

/// What badges are signed by.
#[derive(Debug)]
pub struct BadgeKeys {
    /// The key in use.
    pub current: Arc<SigningKey>,
    /// Those that were in use: what was signed by them stays good.
    pub former: Vec<PublicKey>,
}

/// What a badge says. Whoever asks again gets the same: what hides the address comes from the secret.
pub(crate) fn badge(site: &Site, facts: &BadgeFacts) -> Badge {
    let (credential, said) = (&facts.credential, &facts.credential.paper);
    let hidden = |what: &str| {
        let hash = Sha256::digest(format!("{what} {}", facts.secret));
        HEXLOWER.encode(&hash).chars().take(32).collect::<String>()
    };
    let language = match credential.languages {
        PaperLanguages::English => Language::English,
        PaperLanguages::Chinese | PaperLanguages::Bilingual => Language::Chinese,
    };
    let text = |text: &LocalizedText| {
        let wished: Option<LanguageTag> = language.tag().parse().ok();
        text.best_for(wished.as_slice()).to_owned()
    };
    let what = words::credential(credential.kind, language);
    let by: Vec<_> = said.issuers.iter().map(text).collect();
    let (title, event) = (text(&said.title), text(&said.event));
    let (name, criteria) = match (language, &said.body) {
        (Language::Chinese, Some(body)) => (format!("{}{title}", text(body)), by.join("、")),
        (Language::English, Some(body)) => (format!("{title}, {}", text(body)), by.join("; ")),
        (Language::Chinese, None) => (title, by.join("、")),
        (Language::English, None) => (title, by.join("; ")),
    };
    let said_of = match language {
        Language::Chinese => format!("{what}：{event}"),
        Language::English => format!("{what}: {event}"),
    };
    Badge {
        id: site.verify(&credential.code),
        issuer: issued_by(site, &facts.office),
        recipient: Recipient {
            id: format!("urn:sha256:{}", hidden("recipient")),
            email: facts.email.clone(),
            salt: hidden("salt"),
        },
        achievement: Achievement {
            id: format!("urn:uuid:{}", facts.achievement),
            name,
            description: match &said.citation {
                Some(citation) => text(citation),
                None => said_of.clone(),
            },
            criteria: if criteria.is_empty() {
                said_of
            } else {
                criteria
            },
            image: None,
        },
        valid_from: credential.issued_at,
        valid_until: facts.until,
        status: usize::try_from(credential.status_index)
            .ok()
            .map(|index| BadgeStatus {
                list: site.badge_statuses(&facts.office.slug),
                index,
            }),
    }
}

/// An office, as badges name it.
pub(crate) fn issued_by(site: &Site, office: &Workspace) -> Issuer {
    Issuer {
        id: site.badge_issuer(&office.slug),
        name: office.name.clone(),
        url: None,
        email: None,
    }
}
