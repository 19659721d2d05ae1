//! Papers that are only looked at: templates that are tried, samples, drafts.

use documents::{
    Document, Imprint, Languages, Numerals, Paper, PrintError, Template, TemplateFault,
};
use domain::credential::{Credential, PaperKind};
use persistence::{Look, Proof, ProofSheet, Typesetter};

use crate::Office;
use crate::compose::{document, kind, languages, numerals, picture};
use crate::programme::{booklet, sheet};

impl Typesetter for Office {
    fn check(&self, credential: &Credential) -> Vec<String> {
        if let Some(certificate) = self.key.as_ref().and_then(|key| key.certificate())
            && !(certificate.not_before()..=certificate.not_after()).contains(&credential.issued_at)
        {
            return vec![
                "the certificate of the key that documents are signed with is not good now"
                    .to_owned(),
            ];
        }
        let document = document(credential, &Look::default(), &self.site);
        match self.press.check(&document) {
            Ok(()) => Vec::new(),
            Err(error) => vec![error.to_string()],
        }
    }

    fn template(&self, of: PaperKind) -> Option<&'static str> {
        Some(kind(of).template())
    }

    fn judge_template(&self, of: PaperKind, source: &str) -> Vec<String> {
        // Whoever keeps templates says which are too long.
        let Some(template) = Template::new(source) else {
            return Vec::new();
        };
        let full = Languages::ALL.map(|languages| Document::sample(kind(of), languages));
        let sample = || Document::sample(kind(of), Languages::Both);
        let sparse = [bare(sample()), ending(sample())];
        let mut problems: Vec<String> = Vec::new();
        for sample in full.into_iter().chain(sparse) {
            let trial = Document {
                template: Some(template.clone()),
                ..sample
            };
            let Err(error) = self.press.print(&trial) else {
                continue;
            };
            // One that does not end would not end in another language either.
            let ends = !matches!(
                error,
                PrintError::RunsAway(_) | PrintError::Exhausted(_) | PrintError::Busy
            );
            for problem in told(error) {
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
            if !ends {
                break;
            }
        }
        problems
    }

    fn proof(&self, of: &Proof, look: &Look) -> Result<ProofSheet, Vec<String>> {
        let specimen = |document| Document {
            is_specimen: true,
            ..document
        };
        let document = match of {
            Proof::Sample(of, in_these) => {
                let sample = Document::sample(kind(*of), languages(*in_these));
                specimen(dressed(sample, *of, look))
            }
            Proof::Draft(credential) => specimen(document(credential, look, &self.site)),
            Proof::Programme(programme) => booklet(programme, look),
            Proof::SignIn(sign_in) => sheet(sign_in, look),
        };
        let printed = self.press.print(&document).map_err(told)?;
        Ok(ProofSheet {
            pdf: printed.pdf,
            pages: printed.pages,
        })
    }
}

/// What is wrong, one by one.
fn told(error: PrintError) -> Vec<String> {
    if let PrintError::Template(faults) = error {
        return faults.iter().map(TemplateFault::to_string).collect();
    }
    vec![error.to_string()]
}

/// A sample as an office would issue it: with its pictures, and none that are not its own.
fn dressed(mut sample: Document, of: PaperKind, look: &Look) -> Document {
    if let Some(imprint) = imprint(&mut sample.paper) {
        imprint.logo = picture(look.logo.as_ref());
        imprint.seal = picture(look.seal.as_ref());
        imprint.numerals = numerals(look);
        if let Some(signatory) = &mut imprint.signatory {
            signatory.signature = picture(look.signature.as_ref());
        }
    }
    match &mut sample.paper {
        Paper::AgendaBooklet(booklet) => booklet.logo = picture(look.logo.as_ref()),
        Paper::SignInSheet(sheet) => sheet.logo = picture(look.logo.as_ref()),
        Paper::AppointmentLetter(_)
        | Paper::AwardCertificate(_)
        | Paper::Plaque(_)
        | Paper::AttendanceCertificate(_) => {}
    }
    Document {
        template: look.templates.get(&of).cloned().and_then(Template::new),
        ..sample
    }
}

/// A sample with nothing that may be left out: whoever wrote a template may have forgotten that.
fn bare(mut sample: Document) -> Document {
    if let Some(imprint) = imprint(&mut sample.paper) {
        imprint.logo = None;
        imprint.seal = None;
        imprint.signatory = None;
        imprint.numerals = Numerals::Figures;
    }
    match &mut sample.paper {
        Paper::AppointmentLetter(letter) => {
            letter.appointee.honorific = None;
            (letter.body, letter.reason, letter.term) = (None, None, None);
        }
        Paper::AwardCertificate(certificate) => certificate.citation = None,
        Paper::Plaque(plaque) => plaque.term = None,
        Paper::AttendanceCertificate(certificate) => {
            certificate.attendee.honorific = None;
            (certificate.organization, certificate.place) = (None, None);
            certificate.minutes = None;
            certificate.sessions = Vec::new();
        }
        Paper::AgendaBooklet(booklet) => {
            (booklet.theme, booklet.place, booklet.clocks) = (None, None, None);
            (booklet.logo, booklet.address) = (None, None);
        }
        Paper::SignInSheet(sheet) => {
            (sheet.session, sheet.place, sheet.logo) = (None, None, None);
        }
    }
    sample
}

/// A sample with a term of which the end alone is said.
fn ending(mut sample: Document) -> Document {
    let term = match &mut sample.paper {
        Paper::AppointmentLetter(letter) => &mut letter.term,
        Paper::Plaque(plaque) => &mut plaque.term,
        Paper::AwardCertificate(_)
        | Paper::AttendanceCertificate(_)
        | Paper::AgendaBooklet(_)
        | Paper::SignInSheet(_) => return sample,
    };
    if let Some(term) = term {
        term.from = None;
    }
    sample
}

/// What stands around the words, on what is issued.
fn imprint(paper: &mut Paper) -> Option<&mut Imprint> {
    match paper {
        Paper::AppointmentLetter(paper) => Some(&mut paper.imprint),
        Paper::AwardCertificate(paper) => Some(&mut paper.imprint),
        Paper::Plaque(paper) => Some(&mut paper.imprint),
        Paper::AttendanceCertificate(paper) => Some(&mut paper.imprint),
        Paper::AgendaBooklet(_) | Paper::SignInSheet(_) => None,
    }
}
