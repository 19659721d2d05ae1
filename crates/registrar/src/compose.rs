//! What was issued, as the press takes it.

use documents::{
    AppointmentLetter, AttendanceCertificate, AwardCertificate, Document, Imprint, Languages,
    Numerals, Orientation, Paper, Person, Picture, Plaque, Signatory, Template, Term,
};
use domain::credential::{Credential, CredentialKind, PaperKind, PaperLanguages};
use domain::{LocalizedText, Site};
use persistence::Look;

/// The document of something that was issued.
pub fn document(of: &Credential, look: &Look, site: &Site) -> Document {
    let said = &of.paper;
    let imprint = imprint(of, look, site);
    let person = || Person {
        name: said.holder.clone(),
        honorific: None,
    };
    let term = said.since.map(|from| Term {
        from,
        until: said.until,
    });
    let paper = match of.kind {
        CredentialKind::AppointmentLetter => Paper::AppointmentLetter(AppointmentLetter {
            appointee: person(),
            post: said.title.clone(),
            body: said.body.clone(),
            reason: said.citation.clone(),
            term,
            orientation: Orientation::Portrait,
            imprint,
        }),
        CredentialKind::AwardCertificate => Paper::AwardCertificate(AwardCertificate {
            recipient: said.holder.clone(),
            occasion: said.event.clone(),
            award: said.title.clone(),
            citation: said.citation.clone(),
            imprint,
        }),
        CredentialKind::Plaque => Paper::Plaque(Plaque {
            organization: said.holder.clone(),
            title: said.title.clone(),
            term,
            imprint,
        }),
        CredentialKind::AttendanceCertificate => {
            Paper::AttendanceCertificate(AttendanceCertificate {
                attendee: person(),
                organization: said.body.clone(),
                event: said.event.clone(),
                days: said.event_days,
                place: said.place.clone(),
                role: said.title.clone(),
                minutes: said.minutes.and_then(|minutes| u32::try_from(minutes).ok()),
                sessions: said.sessions.clone(),
                imprint,
            })
        }
    };
    let languages = match of.languages {
        PaperLanguages::Chinese => Languages::Chinese,
        PaperLanguages::English => Languages::English,
        PaperLanguages::Bilingual => Languages::Both,
    };
    let template = look.templates.get(&PaperKind::from(of.kind));
    Document {
        template: template.cloned().and_then(Template::new),
        ..Document::new(paper, languages)
    }
}

fn imprint(of: &Credential, look: &Look, site: &Site) -> Imprint {
    let said = &of.paper;
    // What is no picture was refused when it was handed in.
    let picture = |bytes: &Option<Vec<u8>>| Picture::new(bytes.clone()?).ok();
    let letterhead = look.letterhead.as_ref();
    let is_chinese = letterhead.is_some_and(|letterhead| letterhead.chinese_numerals);
    Imprint {
        issuers: said.issuers.clone(),
        signatory: said.signatory.as_deref().map(|text| {
            let (name, post) = name_and_post(text);
            let language = said.event.main_language();
            let plain = |text: &str| LocalizedText::single(language.clone(), text);
            Signatory {
                post: post.map(plain),
                name: plain(name),
                signature: picture(&look.signature),
            }
        }),
        date: said.issued_on,
        numerals: if is_chinese {
            Numerals::Chinese
        } else {
            Numerals::Figures
        },
        number: Some(of.number.clone()),
        verification: Some(site.verify(&of.code)),
        logo: picture(&look.logo),
        seal: picture(&look.seal),
    }
}

/// Who signs is written `Example Name, President`.
fn name_and_post(text: &str) -> (&str, Option<&str>) {
    match text.split_once([',', '，', '、']) {
        Some((name, post)) => (
            name.trim(),
            Some(post.trim()).filter(|post| !post.is_empty()),
        ),
        None => (text.trim(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs_has_a_name_and_perhaps_a_post() {
        assert_eq!(
            name_and_post("Example Name, President"),
            ("Example Name", Some("President"))
        );
        assert_eq!(name_and_post("王小明，校长"), ("王小明", Some("校长")));
        assert_eq!(name_and_post("王小明"), ("王小明", None));
        assert_eq!(name_and_post("王小明，"), ("王小明", None));
    }
}
