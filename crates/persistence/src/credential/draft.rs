//! What there is to issue: what each paper is to say, of letters, of awards, of those who were there.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use domain::appointment_letter::LetterStatus;
use domain::award::AwardKind;
use domain::credential::{CredentialKind, CredentialSubject, Paper};
use domain::id::{AppointmentLetterId, AwardId, OrganizationId, ParticipantId, PersonId};
use domain::organization::Party;
use domain::participant::ParticipantState;
use domain::refusal::{IllegalState, Invalid, Refusals};
use domain::{LanguageTag, LocalizedText};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;
use words::Language;

use crate::column::Spelled;
use crate::entity::agenda::{agenda_item, appearance};
use crate::entity::ceremony::{
    appointment_letter, award, award_grantor, award_recipient, letter_issuer,
};
use crate::entity::credential::credential;
use crate::entity::directory::{organization, person};
use crate::entity::event::event;
use crate::entity::participation::{event_organization, participant};
use crate::error::Fault;
use crate::operation::Operation;

/// A paper that is to be issued.
pub(super) struct Draft {
    pub(super) kind: CredentialKind,
    pub(super) subject: CredentialSubject,
    pub(super) holder: Party,
    pub(super) paper: Paper,
    /// The number that it bears already.
    pub(super) number: Option<String>,
    /// Where in the input it was named.
    pub(super) at: String,
}

impl Operation<'_> {
    /// What is in force of these already, by what it was issued for.
    pub(super) async fn in_force(
        &self,
        column: credential::Column,
        ids: &[Uuid],
    ) -> Result<HashMap<CredentialSubject, String>, Fault> {
        let mut found = HashMap::new();
        for some in ids.chunks(5_000) {
            let rows = credential::Entity::find()
                .filter(column.is_in(some.iter().copied()))
                .filter(
                    credential::Column::Status
                        .eq(Spelled(domain::credential::CredentialState::Valid)),
                )
                .all(self.on())
                .await?;
            for row in rows {
                let one = row.credential(None)?;
                found.insert(one.subject, one.number);
            }
        }
        Ok(found)
    }

    /// The letters that are asked for and can be issued, with where they were named; of all, those that are
    /// not issued yet.
    async fn letters_chosen<R>(
        &mut self,
        event: &event::Model,
        ids: Option<&[AppointmentLetterId]>,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<(appointment_letter::Model, String, LetterStatus)>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let ids_wanted = ids.map(<[_]>::to_vec);
        self.refer_each::<appointment_letter::Entity, _>(
            "letterIds",
            ids_wanted.as_ref(),
            refusals,
        )
        .await?;
        let rows = appointment_letter::Entity::find()
            .filter(appointment_letter::Column::EventId.eq(event.id))
            .order_by_asc(appointment_letter::Column::Position)
            .order_by_asc(appointment_letter::Column::Id)
            .all(self.on())
            .await?;
        let wanted: Option<BTreeMap<_, _>> =
            ids.map(|ids| ids.iter().copied().zip(0_usize..).collect());
        let all: Vec<_> = rows.iter().map(|row| row.id.0.uuid()).collect();
        let in_force = self.in_force(credential::Column::LetterId, &all).await?;
        let own = rows.iter().filter_map(|row| row.number.clone());
        let numbered = self.numbered(own.collect()).await?;
        let mut chosen = Vec::new();
        for row in rows {
            let id = row.id.0;
            let known = in_force.get(&CredentialSubject::Letter(id));
            let status = row.status()?;
            let place = match &wanted {
                Some(wanted) => match wanted.get(&id) {
                    Some(place) => format!("letterIds.{place}"),
                    None => continue,
                },
                // Of all, those that are not issued yet.
                None if known.is_some() || !matches!(status, LetterStatus::Draft) => continue,
                None => "eventId".to_owned(),
            };
            if let Some(number) = known {
                let said = format!("was issued before, as {number}: issue it anew instead");
                refusals.say(&place, IllegalState(said));
            } else if matches!(status, LetterStatus::Revoked { .. }) {
                refusals.say(&place, IllegalState("was revoked".to_owned()));
            } else {
                let mut row = row;
                if let Some(number) = &row.number
                    && numbered.contains(number)
                {
                    // The number of one that was issued before is not given again.
                    if matches!(status, LetterStatus::Draft) {
                        let post = &row.post;
                        let said = match &wanted {
                            Some(_) => format!("bears the number {number}, as another does"),
                            None => {
                                format!("has a letter ({post}) with the number {number} of another")
                            }
                        };
                        refusals.invalid(&place, said);
                    }
                    row.number = None;
                }
                chosen.push((row, place, status));
            }
        }
        Ok(chosen)
    }

    pub(super) async fn letters_to_issue<R>(
        &mut self,
        ids: Option<&[AppointmentLetterId]>,
        on: NaiveDate,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let event = self.event_as_it_is().await?;
        let chosen = self.letters_chosen(&event, ids, refusals).await?;
        let mut drafts = Vec::with_capacity(chosen.len());
        let language = event.title.0.main_language().clone();
        let letters: Vec<_> = chosen.iter().map(|(row, _, _)| row.id).collect();
        let mut issuers: HashMap<AppointmentLetterId, Vec<OrganizationId>> = HashMap::new();
        for some in letters.chunks(5_000) {
            let rows = letter_issuer::Entity::find()
                .filter(letter_issuer::Column::LetterId.is_in(some.iter().copied()))
                .order_by_asc(letter_issuer::Column::Position)
                .all(self.on())
                .await?;
            for row in rows {
                let of = issuers.entry(row.letter_id.0).or_default();
                of.push(row.organization_id.0);
            }
        }
        let people = chosen.iter().map(|(row, _, _)| row.appointee_id.0);
        let people = self.known::<person::Entity>(people).await?;
        let bodies = chosen.iter().map(|(row, _, _)| row.body_id.0);
        let all_named = bodies.chain(issuers.values().flatten().copied());
        let names = self.names_of(all_named).await?;
        for (row, at, status) in chosen {
            let Some(holder) = people.get(&row.appointee_id.0) else {
                continue;
            };
            let by = issuers.remove(&row.id.0).unwrap_or_default();
            drafts.push(Draft {
                kind: CredentialKind::AppointmentLetter,
                subject: CredentialSubject::Letter(row.id.0),
                holder: Party::Person(row.appointee_id.0),
                number: row.number.clone(),
                at,
                paper: Paper {
                    holder: name_of(holder),
                    title: LocalizedText::single(language.clone(), row.post),
                    body: names.get(&row.body_id.0).cloned(),
                    citation: None,
                    event: event.title.0.clone(),
                    event_days: (event.starts_on, event.ends_on),
                    place: None,
                    since: row.since,
                    until: row.until,
                    issuers: each(&names, &by),
                    signatory: row.signatory,
                    sessions: Vec::new(),
                    minutes: None,
                    // A date once given stays.
                    issued_on: status.issued_on().unwrap_or(on),
                },
            });
        }
        Ok(drafts)
    }

    pub(super) async fn awards_to_issue<R>(
        &mut self,
        ids: Option<&[AwardId]>,
        on: NaiveDate,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let event = self.event_as_it_is().await?;
        let ids_wanted = ids.map(<[_]>::to_vec);
        self.refer_each::<award::Entity, _>("awardIds", ids_wanted.as_ref(), refusals)
            .await?;
        let awards = award::Entity::find()
            .filter(award::Column::EventId.eq(event.id))
            .order_by_asc(award::Column::Position)
            .order_by_asc(award::Column::Id)
            .all(self.on())
            .await?;
        let wanted: Option<BTreeMap<_, _>> =
            ids.map(|ids| ids.iter().copied().zip(0_usize..).collect());
        let of = awards.iter().map(|row| row.id);
        let recipients = award_recipient::Entity::find()
            .filter(award_recipient::Column::AwardId.is_in(of.clone()))
            .order_by_asc(award_recipient::Column::Position)
            .order_by_asc(award_recipient::Column::Id)
            .all(self.on())
            .await?;
        let mut grantors: HashMap<AwardId, Vec<OrganizationId>> = HashMap::new();
        let rows = award_grantor::Entity::find()
            .filter(award_grantor::Column::AwardId.is_in(of))
            .order_by_asc(award_grantor::Column::Position)
            .all(self.on())
            .await?;
        for row in rows {
            let of = grantors.entry(row.award_id.0).or_default();
            of.push(row.organization_id.0);
        }
        let all: Vec<_> = recipients.iter().map(|row| row.id.0.uuid()).collect();
        let in_force = self
            .in_force(credential::Column::AwardRecipientId, &all)
            .await?;
        let people = recipients
            .iter()
            .filter_map(|row| row.person_id.map(|id| id.0));
        let people = self.known::<person::Entity>(people).await?;
        let organizations = recipients
            .iter()
            .filter_map(|row| row.organization_id.map(|id| id.0));
        let all_named = organizations.chain(grantors.values().flatten().copied());
        let names = self.names_of(all_named).await?;
        let mut drafts = Vec::new();
        for row in awards {
            let id = row.id.0;
            let at = match &wanted {
                Some(wanted) => match wanted.get(&id) {
                    Some(place) => format!("awardIds.{place}"),
                    None => continue,
                },
                None => "eventId".to_owned(),
            };
            let theirs = recipients.iter().filter(|one| one.award_id.0 == id);
            let by = grantors.get(&id).cloned().unwrap_or_default();
            let kind = match row.kind.0 {
                AwardKind::Plaque => CredentialKind::Plaque,
                AwardKind::Honour | AwardKind::Prize => CredentialKind::AwardCertificate,
            };
            for recipient in theirs {
                let subject = CredentialSubject::Award(recipient.id.0);
                // What somebody has is not issued to them once more.
                if in_force.contains_key(&subject) {
                    continue;
                }
                let Some(one) = recipient.clone().recipient() else {
                    continue;
                };
                let holder = match one.recipient {
                    Party::Person(id) => people.get(&id).map(name_of),
                    Party::Organization(id) => names.get(&id).cloned(),
                };
                let Some(holder) = holder else { continue };
                drafts.push(Draft {
                    kind,
                    subject,
                    holder: one.recipient,
                    number: None,
                    at: at.clone(),
                    paper: Paper {
                        holder,
                        title: with_level(&row.title.0, row.level.as_deref()),
                        body: None,
                        citation: row.citation.clone().map(|citation| citation.0),
                        event: event.title.0.clone(),
                        event_days: (event.starts_on, event.ends_on),
                        place: None,
                        since: None,
                        until: None,
                        issuers: each(&names, &by),
                        signatory: None,
                        sessions: Vec::new(),
                        minutes: None,
                        issued_on: on,
                    },
                });
            }
        }
        Ok(drafts)
    }

    pub(super) async fn attendance_to_issue<R>(
        &mut self,
        ids: Option<&[ParticipantId]>,
        on: NaiveDate,
        refusals: &mut Refusals<R>,
    ) -> Result<Vec<Draft>, Fault>
    where
        R: From<Invalid> + From<domain::refusal::Missing> + From<IllegalState>,
    {
        let event = self.event_as_it_is().await?;
        let ids_wanted = ids.map(<[_]>::to_vec);
        self.refer_each::<participant::Entity, _>("participantIds", ids_wanted.as_ref(), refusals)
            .await?;
        let of_event = sea_orm::Condition::all().add(participant::Column::EventId.eq(event.id));
        let rows = self.listed(of_event).await?;
        let wanted: Option<BTreeMap<_, _>> =
            ids.map(|ids| ids.iter().copied().zip(0_usize..).collect());
        let all: Vec<_> = rows.iter().map(|row| row.id.0.uuid()).collect();
        let in_force = self
            .in_force(credential::Column::ParticipantId, &all)
            .await?;
        let mut chosen = Vec::new();
        for row in rows {
            let id = row.id.0;
            let known = in_force.get(&CredentialSubject::Attendance(id));
            let was_there = row.status.0 == ParticipantState::Attended;
            match &wanted {
                Some(wanted) => {
                    let Some(place) = wanted.get(&id) else {
                        continue;
                    };
                    let at = format!("participantIds.{place}");
                    if !was_there {
                        let said = "was not there: only who was is certified to have been";
                        refusals.say(&at, IllegalState(said.to_owned()));
                    } else if let Some(number) = known {
                        let said = format!("was issued before, as {number}: issue it anew instead");
                        refusals.say(&at, IllegalState(said));
                    } else {
                        chosen.push((row, at));
                    }
                }
                None if was_there && known.is_none() => chosen.push((row, "eventId".to_owned())),
                None => {}
            }
        }
        let people = chosen.iter().map(|(row, _)| row.person_id.0);
        let people = self.known::<person::Entity>(people).await?;
        let issuers = event_organization::Entity::find()
            .filter(event_organization::Column::EventId.eq(event.id))
            .filter(event_organization::Column::Role.eq(Spelled(
                domain::event_organization::EventOrganizationRole::Host,
            )))
            .order_by_asc(event_organization::Column::Position)
            .all(self.on())
            .await?;
        let issuers: Vec<_> = issuers.iter().map(|row| row.organization_id.0).collect();
        let from = chosen
            .iter()
            .filter_map(|(row, _)| row.representing_id.map(|id| id.0));
        let names = self.names_of(from.chain(issuers.iter().copied())).await?;
        let did = self.appearances_of(&event).await?;
        let minutes = match (event.starts_at, event.ends_at) {
            (Some(start), Some(end)) if event.starts_on == event.ends_on => {
                i32::try_from((end - start).num_minutes()).ok()
            }
            _ => None,
        };
        let language = event.title.0.main_language().clone();
        let place = event
            .locality
            .clone()
            .map(|place| LocalizedText::single(language.clone(), place));
        let mut drafts = Vec::with_capacity(chosen.len());
        for (row, at) in chosen {
            let Some(holder) = people.get(&row.person_id.0) else {
                continue;
            };
            let (role, sessions) = did.get(&row.person_id.0).cloned().unwrap_or_default();
            drafts.push(Draft {
                kind: CredentialKind::AttendanceCertificate,
                subject: CredentialSubject::Attendance(row.id.0),
                holder: Party::Person(row.person_id.0),
                number: None,
                at,
                paper: Paper {
                    holder: name_of(holder),
                    title: role.unwrap_or_else(|| {
                        in_each(|language| words::category(row.category.0, language))
                    }),
                    body: row.representing_id.and_then(|id| names.get(&id.0).cloned()),
                    citation: None,
                    event: event.title.0.clone(),
                    event_days: (event.starts_on, event.ends_on),
                    place: place.clone(),
                    since: None,
                    until: None,
                    issuers: each(&names, &issuers),
                    signatory: None,
                    sessions,
                    minutes,
                    issued_on: on,
                },
            });
        }
        Ok(drafts)
    }

    /// As what, and on which items with a title, each person appears: that of most weight first.
    async fn appearances_of(
        &self,
        event: &event::Model,
    ) -> Result<HashMap<PersonId, (Option<LocalizedText>, Vec<LocalizedText>)>, Fault> {
        let rows = appearance::Entity::find()
            .filter(appearance::Column::EventId.eq(event.id))
            .filter(appearance::Column::PersonId.is_not_null())
            .order_by_asc(appearance::Column::Position)
            .order_by_asc(appearance::Column::Id)
            .all(self.on())
            .await?;
        let items = agenda_item::Entity::find()
            .filter(agenda_item::Column::EventId.eq(event.id))
            .all(self.on())
            .await?;
        let titles: HashMap<_, _> = items
            .into_iter()
            .filter_map(|row| Some((row.id.0, row.title?.0)))
            .collect();
        let mut did: HashMap<PersonId, (Option<LocalizedText>, Vec<LocalizedText>)> =
            HashMap::new();
        for row in rows {
            let Some(person) = row.person_id else {
                continue;
            };
            let of = did.entry(person.0).or_default();
            if of.0.is_none() {
                of.0 = Some(in_each(|language| words::role(row.role.0, language)));
            }
            let title = row.item_id.and_then(|id| titles.get(&id.0));
            if let Some(title) = title
                && !of.1.contains(title)
            {
                of.1.push(title.clone());
            }
        }
        Ok(did)
    }

    /// What organizations are called.
    async fn names_of(
        &self,
        ids: impl Iterator<Item = OrganizationId>,
    ) -> Result<HashMap<OrganizationId, LocalizedText>, Fault> {
        let rows = self.known::<organization::Entity>(ids).await?;
        Ok(rows.into_iter().map(|(id, row)| (id, row.name.0)).collect())
    }
}

fn each(
    names: &HashMap<OrganizationId, LocalizedText>,
    ids: &[OrganizationId],
) -> Vec<LocalizedText> {
    ids.iter().filter_map(|id| names.get(id).cloned()).collect()
}

fn tag(text: &str) -> LanguageTag {
    text.parse().unwrap_or(LanguageTag::undetermined())
}

/// Somebody's name, in every script that it is known in.
fn name_of(person: &person::Model) -> LocalizedText {
    let is_chinese =
        |character: char| ('\u{3400}'..='\u{9fff}').contains(&character) || character > '\u{1ffff}';
    let is_latin = |character: char| character.is_alphabetic() && character < '\u{250}';
    let main = if person.name.chars().any(is_chinese) {
        tag("zh-Hans")
    } else if person.transcription.is_some() && !person.name.chars().any(is_latin) {
        // What stands for it in English is its transcription.
        LanguageTag::undetermined()
    } else {
        tag("en")
    };
    let mut texts = person.further_names.0.clone();
    if let Some(transcription) = &person.transcription {
        texts
            .entry(tag("en"))
            .or_insert_with(|| transcription.clone());
    }
    texts.insert(main.clone(), person.name.clone());
    LocalizedText::new(main.clone(), texts)
        .unwrap_or_else(|_it_has| LocalizedText::single(main, person.name.clone()))
}

/// An award with its standing: `Best poster, first prize`.
fn with_level(title: &LocalizedText, level: Option<&str>) -> LocalizedText {
    let Some(level) = level else {
        return title.clone();
    };
    let main = title.main_language().clone();
    let said = if main.as_str().starts_with("zh") {
        format!("{}{level}", title.main_text())
    } else {
        format!("{}, {level}", title.main_text())
    };
    LocalizedText::single(main, said)
}

/// A word of ours, in each of our languages.
fn in_each(word: impl Fn(Language) -> &'static str) -> LocalizedText {
    let texts = Language::ALL.map(|language| (tag(language.tag()), word(language).to_owned()));
    let main = tag(Language::English.tag());
    LocalizedText::new(main.clone(), texts.into_iter().collect())
        .unwrap_or_else(|_it_has| LocalizedText::single(main, word(Language::English)))
}
