//! What was issued, as the press takes it.

use documents::{
    AppointmentLetter, AttendanceCertificate, AwardCertificate, Document, Imprint, Kind, Languages,
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
    let term = Term {
        from: said.since,
        until: said.until,
    };
    let term = Some(term).filter(|term| term.from.is_some() || term.until.is_some());
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
    let template = look.templates.get(&PaperKind::from(of.kind));
    Document {
        template: template.cloned().and_then(Template::new),
        ..Document::new(paper, languages(of.languages))
    }
}

fn imprint(of: &Credential, look: &Look, site: &Site) -> Imprint {
    let said = &of.paper;
    Imprint {
        issuers: said.issuers.clone(),
        signatory: said.signatory.as_deref().map(|text| {
            let (name, post) = name_and_post(text);
            let language = said.event.main_language();
            let plain = |text: &str| LocalizedText::single(language.clone(), text);
            Signatory {
                post: post.map(plain),
                name: plain(name),
                signature: picture(look.signature.as_ref()),
            }
        }),
        date: said.issued_on,
        numerals: numerals(look),
        number: Some(of.number.clone()),
        verification: Some(site.verify(&of.code)),
        logo: picture(look.logo.as_ref()),
        seal: picture(look.seal.as_ref()),
    }
}

/// A picture of an office. What is no picture was refused when it was handed in.
pub(crate) fn picture(bytes: Option<&Vec<u8>>) -> Option<Picture> {
    Picture::new(bytes?.clone()).ok()
}

/// How an office writes dates in Chinese.
pub(crate) fn numerals(look: &Look) -> Numerals {
    match &look.letterhead {
        Some(letterhead) if letterhead.chinese_numerals => Numerals::Chinese,
        _ => Numerals::Figures,
    }
}

/// The languages, as the press calls them.
pub(crate) fn languages(languages: PaperLanguages) -> Languages {
    match languages {
        PaperLanguages::Chinese => Languages::Chinese,
        PaperLanguages::English => Languages::English,
        PaperLanguages::Bilingual => Languages::Both,
    }
}

/// A kind of paper, as the press calls it.
pub(crate) fn kind(kind: PaperKind) -> Kind {
    match kind {
        PaperKind::AppointmentLetter => Kind::AppointmentLetter,
        PaperKind::AwardCertificate => Kind::AwardCertificate,
        PaperKind::Plaque => Kind::Plaque,
        PaperKind::AttendanceCertificate => Kind::AttendanceCertificate,
        PaperKind::AgendaBooklet => Kind::AgendaBooklet,
        PaperKind::SignInSheet => Kind::SignInSheet,
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
