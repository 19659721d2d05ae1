//! What is printed, and in which languages.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use typst::foundations::Bytes;
use words::Language;

use crate::composer::{self, Composer};
use crate::error::PrintError;
use crate::paper::agenda::AgendaBooklet;
use crate::paper::appointment::AppointmentLetter;
use crate::paper::attendance::AttendanceCertificate;
use crate::paper::award::AwardCertificate;
use crate::paper::plaque::Plaque;
use crate::paper::sign_in::SignInSheet;
use crate::template::Template;

/// A paper, the languages that it speaks, and the template that it is set by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is, and what it says.
    pub paper: Paper,
    /// In which languages.
    pub languages: Languages,
    /// A template of the workspace; none for ours.
    pub template: Option<Template>,
    /// Whether it says across each page that it is a specimen, and nothing that anybody was given.
    pub is_specimen: bool,
}

/// What is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// 聘书.
    AppointmentLetter(AppointmentLetter),
    /// 荣誉证书.
    AwardCertificate(AwardCertificate),
    /// 授牌.
    Plaque(Plaque),
    /// 参会证明.
    AttendanceCertificate(AttendanceCertificate),
    /// 会议手册.
    AgendaBooklet(AgendaBooklet),
    /// 签到表.
    SignInSheet(SignInSheet),
}

/// A kind of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// 聘书: somebody is appointed to a post.
    AppointmentLetter,
    /// 荣誉证书: somebody has won something.
    AwardCertificate,
    /// 授牌: an organization is given a title.
    Plaque,
    /// 参会证明: somebody was there.
    AttendanceCertificate,
    /// 会议手册: what happens when, where, with whom.
    AgendaBooklet,
    /// 签到表: who is expected, and a place to sign.
    SignInSheet,
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::AppointmentLetter,
        Self::AwardCertificate,
        Self::Plaque,
        Self::AttendanceCertificate,
        Self::AgendaBooklet,
        Self::SignInSheet,
    ];

    /// Its name in file names and on the command line: `appointment-letter`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AppointmentLetter => "appointment-letter",
            Self::AwardCertificate => "award-certificate",
            Self::Plaque => "plaque",
            Self::AttendanceCertificate => "attendance-certificate",
            Self::AgendaBooklet => "agenda-booklet",
            Self::SignInSheet => "sign-in-sheet",
        }
    }

    /// The source of our template, for a workspace to begin its own with.
    pub fn template(self) -> &'static str {
        match self {
            Self::AppointmentLetter => include_str!("../templates/appointment-letter.typ"),
            Self::AwardCertificate => include_str!("../templates/award-certificate.typ"),
            Self::Plaque => include_str!("../templates/plaque.typ"),
            Self::AttendanceCertificate => include_str!("../templates/attendance-certificate.typ"),
            Self::AgendaBooklet => include_str!("../templates/agenda-booklet.typ"),
            Self::SignInSheet => include_str!("../templates/sign-in-sheet.typ"),
        }
    }

    /// What such a paper is called.
    pub fn title(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::AppointmentLetter => ("聘书", "Letter of Appointment"),
            Self::AwardCertificate => ("荣誉证书", "Certificate of Honour"),
            Self::Plaque => ("授牌", "Plaque"),
            Self::AttendanceCertificate => ("参会证明", "Certificate of Attendance"),
            Self::AgendaBooklet => ("会议手册", "Programme"),
            Self::SignInSheet => ("签到表", "Sign-in sheet"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

/// The languages of a paper. One with both has Chinese first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Languages {
    /// Chinese alone.
    Chinese,
    /// English alone.
    English,
    /// Chinese, and English beneath or beside it.
    Both,
}

impl Languages {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Chinese, Self::English, Self::Both];

    /// Each of them, the first first.
    pub fn each(self) -> impl Iterator<Item = Language> {
        let chinese = (self != Self::English).then_some(Language::Chinese);
        let english = (self != Self::Chinese).then_some(Language::English);
        chinese.into_iter().chain(english)
    }
}

/// What the file says of itself and the page does not show.
pub(crate) const ABOUT: &str = "about";

/// A paper's values, ready for its template.
pub(crate) struct Composed {
    pub(crate) data: Value,
    pub(crate) files: Vec<(String, Bytes)>,
    /// The day that the paper bears.
    pub(crate) date: chrono::NaiveDate,
}

impl Document {
    /// A paper in its languages, by our template.
    pub fn new(paper: Paper, languages: Languages) -> Self {
        Self {
            paper,
            languages,
            template: None,
            is_specimen: false,
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match &self.paper {
            Paper::AppointmentLetter(_) => Kind::AppointmentLetter,
            Paper::AwardCertificate(_) => Kind::AwardCertificate,
            Paper::Plaque(_) => Kind::Plaque,
            Paper::AttendanceCertificate(_) => Kind::AttendanceCertificate,
            Paper::AgendaBooklet(_) => Kind::AgendaBooklet,
            Paper::SignInSheet(_) => Kind::SignInSheet,
        }
    }

    /// What its template sees as `data`, for whoever writes one; the fonts come in from the press.
    pub fn values(&self) -> Result<Value, PrintError> {
        Ok(self.composed()?.data)
    }

    pub(crate) fn source(&self) -> &str {
        match &self.template {
            Some(template) => template.source(),
            None => self.kind().template(),
        }
    }

    pub(crate) fn composed(&self) -> Result<Composed, PrintError> {
        let mut composer = Composer::new(self.languages);
        let (mut data, subject, authors, day) = match &self.paper {
            Paper::AppointmentLetter(paper) => paper.composed(&mut composer),
            Paper::AwardCertificate(paper) => paper.composed(&mut composer),
            Paper::Plaque(paper) => paper.composed(&mut composer),
            Paper::AttendanceCertificate(paper) => paper.composed(&mut composer),
            Paper::AgendaBooklet(paper) => paper.composed(&mut composer),
            Paper::SignInSheet(paper) => paper.composed(&mut composer),
        };
        if let Some(address) = composer.too_long {
            return Err(PrintError::AddressTooLong(address));
        }
        let first = self.languages.each().next().unwrap_or(Language::English);
        let author = |one| composer::best(one, first);
        if let Some(data) = data.as_object_mut() {
            let title = self.kind().title(first);
            let colon = match first {
                Language::Chinese => "：",
                Language::English => ": ",
            };
            let subject = composer::best(subject, first);
            let languages: Vec<_> = self.languages.each().map(composer::key).collect();
            data.insert("kind".into(), self.kind().name().into());
            data.insert("languages".into(), json!(languages));
            let authors: Vec<_> = authors.iter().map(author).collect();
            let about = json!({ "title": format!("{title}{colon}{subject}"), "authors": authors });
            data.insert(ABOUT.into(), about);
        }
        if let Some(data) = data.as_object_mut().filter(|_| self.is_specimen) {
            data.insert("specimen".into(), true.into());
        }
        composer::normalized(&mut data);
        Ok(Composed {
            data,
            files: composer.files,
            date: day,
        })
    }
}
