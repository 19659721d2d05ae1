//! Whether a mail, when its turn comes, still tells what is so.
//!
//! Between the change that a mail tells of and the moment when it goes out lie seconds or days: somebody
//! may have answered, been struck off, been invited again. The mail is judged by what is so then.

use crate::message::MessageKind;
use crate::participant::ParticipantState;

/// What is so about a mail when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts, each of which is so or not, whatever the others"
)]
pub struct Standing {
    /// What it tells.
    pub kind: MessageKind,
    /// Whether what it is about is over, so that it would come too late.
    pub is_over: bool,
    /// Whether the event was called off.
    pub is_off: bool,
    /// How far their participation has come; none, if they are on the list no longer.
    pub participant: Option<ParticipantState>,
    /// Whether it takes an entry out of their calendar.
    pub takes_away: bool,
    /// Whether a mail with that entry has gone out before, as far as anybody knows.
    pub was_told: bool,
    /// Whether a mail that asks them to come waits until somebody has looked at it.
    pub is_to_be_asked: bool,
}

/// Why a mail does not go out any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Overtaken {
    /// What it is about is over.
    #[error("the event is over")]
    Over,
    /// They are not a participant any more.
    #[error("they are on the list no longer")]
    OffTheList,
    /// The event was called off.
    #[error("the event was called off")]
    CalledOff,
    /// It would take away what they never had.
    #[error("they never heard of it")]
    NeverTold,
    /// It would ask whom nobody expects.
    #[error("they were struck off before")]
    StruckOff,
    /// It would ask who has answered.
    #[error("they have answered before")]
    Answered,
    /// It would thank for an answer that they have taken back.
    #[error("they have answered otherwise meanwhile")]
    AnsweredOtherwise,
    /// It would tell them not to come.
    #[error("they are expected again")]
    ExpectedAgain,
    /// They hear of it when they are asked.
    #[error("they are to be asked first, and hear of it then")]
    ToBeAsked,
    /// It changes an entry of somebody who said no.
    #[error("they do not come")]
    NotComing,
}

impl Standing {
    /// Whether the mail may still go out.
    ///
    /// # Errors
    ///
    /// Why not, if it would tell what is not so any more, or tell it to somebody who has not heard of the
    /// rest.
    pub fn judge(self) -> Result<(), Overtaken> {
        use MessageKind as Kind;
        use ParticipantState as State;
        // What somebody was given is theirs, whatever becomes of the event.
        if self.kind == Kind::CredentialIssued {
            return Ok(());
        }
        if self.is_over {
            return Err(Overtaken::Over);
        }
        let Some(state) = self.participant else {
            // Who is on the agenda is told of it, on the list or not.
            let speaks = self.kind == Kind::AgendaChanged && !self.is_off;
            return if speaks {
                Ok(())
            } else {
                Err(Overtaken::OffTheList)
            };
        };
        let tells_of_what_comes = matches!(
            self.kind,
            Kind::Invitation | Kind::Reminder | Kind::Confirmed | Kind::AgendaChanged
        );
        if self.is_off && tells_of_what_comes {
            return Err(Overtaken::CalledOff);
        }
        if self.takes_away && !self.was_told {
            return Err(Overtaken::NeverTold);
        }
        match (self.kind, state) {
            (Kind::Invitation, State::Invited)
            | (Kind::Reminder, State::Invited | State::Tentative)
            | (Kind::Confirmed, State::Confirmed | State::Attended)
            | (Kind::Cancelled, State::Cancelled)
            | (Kind::EventCancelled | Kind::CredentialIssued, _) => Ok(()),
            (Kind::Invitation, State::Cancelled) => Err(Overtaken::StruckOff),
            (Kind::Invitation | Kind::Reminder, _) => Err(Overtaken::Answered),
            (Kind::Confirmed, _) => Err(Overtaken::AnsweredOtherwise),
            (Kind::Cancelled, _) => Err(Overtaken::ExpectedAgain),
            (Kind::CalendarUpdate | Kind::AgendaChanged, _) if self.is_to_be_asked => {
                Err(Overtaken::ToBeAsked)
            }
            // Who said no has it in their calendar as they want it.
            (Kind::CalendarUpdate, State::Declined) if !self.takes_away => {
                Err(Overtaken::NotComing)
            }
            (Kind::CalendarUpdate | Kind::AgendaChanged, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::Word;

    /// Every case there is: so few that none need be left to chance.
    fn all() -> impl Iterator<Item = Standing> {
        let states = ParticipantState::ALL.iter().copied().map(Some);
        let states: Vec<_> = states.chain([None]).collect();
        let kinds = MessageKind::ALL.iter().copied();
        kinds.flat_map(move |kind| {
            let states = states.clone();
            states.into_iter().flat_map(move |participant| {
                (0_u8..32).map(move |bits| Standing {
                    kind,
                    participant,
                    is_over: bits & 1 != 0,
                    is_off: bits & 2 != 0,
                    takes_away: bits & 4 != 0,
                    was_told: bits & 8 != 0,
                    is_to_be_asked: bits & 16 != 0,
                })
            })
        })
    }

    fn holds(law: impl Fn(Standing) -> bool) {
        let mut cases = 0;
        for one in all() {
            assert!(law(one), "{one:?}: {:?}", one.judge());
            cases += 1;
        }
        assert_eq!(cases, 8 * 9 * 32);
    }

    #[test]
    fn what_is_so_is_told() {
        use MessageKind as Kind;
        use ParticipantState as State;
        for (kind, state) in [
            (Kind::Invitation, State::Invited),
            (Kind::Reminder, State::Invited),
            (Kind::Reminder, State::Tentative),
            (Kind::Confirmed, State::Confirmed),
            (Kind::Cancelled, State::Cancelled),
            (Kind::EventCancelled, State::Confirmed),
        ] {
            let one = Standing {
                kind,
                is_over: false,
                is_off: kind == Kind::EventCancelled,
                participant: Some(state),
                takes_away: matches!(kind, Kind::Cancelled | Kind::EventCancelled),
                was_told: true,
                is_to_be_asked: false,
            };
            assert_eq!(one.judge(), Ok(()), "{one:?}");
        }
    }

    #[test]
    fn what_somebody_was_given_is_sent_to_them_whatever_comes() {
        holds(|one| one.kind != MessageKind::CredentialIssued || one.judge() == Ok(()));
    }

    #[test]
    fn what_is_over_is_told_to_nobody() {
        holds(|one| {
            let is_given = one.kind == MessageKind::CredentialIssued;
            !one.is_over || is_given || one.judge() == Err(Overtaken::Over)
        });
    }

    #[test]
    fn nobody_is_asked_who_is_not_to_answer() {
        use ParticipantState as State;
        holds(|one| {
            let awaited = match one.kind {
                MessageKind::Invitation => matches!(one.participant, Some(State::Invited)),
                MessageKind::Reminder => {
                    matches!(one.participant, Some(State::Invited | State::Tentative))
                }
                MessageKind::Confirmed
                | MessageKind::Cancelled
                | MessageKind::AgendaChanged
                | MessageKind::EventCancelled
                | MessageKind::CalendarUpdate
                | MessageKind::CredentialIssued => return true,
            };
            one.judge().is_err() || (awaited && !one.is_off)
        });
    }

    #[test]
    fn nothing_is_taken_from_a_calendar_that_was_not_put_there() {
        holds(|one| {
            one.kind == MessageKind::CredentialIssued
                || one.judge().is_err()
                || !one.takes_away
                || one.was_told
                || one.participant.is_none()
        });
    }

    #[test]
    fn what_was_put_into_a_calendar_is_taken_away_whatever_they_answered() {
        holds(|one| {
            let is_due = one.kind == MessageKind::CalendarUpdate
                && one.takes_away
                && one.was_told
                && one.participant.is_some()
                && !(one.is_over || one.is_to_be_asked);
            !is_due || one.judge() == Ok(())
        });
    }

    #[test]
    fn of_an_event_that_was_called_off_only_the_end_is_told() {
        holds(|one| {
            let ends = matches!(
                one.kind,
                MessageKind::EventCancelled
                    | MessageKind::Cancelled
                    | MessageKind::CalendarUpdate
                    | MessageKind::CredentialIssued
            );
            one.judge().is_err() || !one.is_off || ends
        });
    }

    #[test]
    fn who_is_to_be_asked_hears_nothing_of_the_agenda_before() {
        holds(|one| {
            let of_the_agenda = matches!(
                one.kind,
                MessageKind::AgendaChanged | MessageKind::CalendarUpdate
            );
            let waits = one.is_to_be_asked && one.participant.is_some();
            one.judge().is_err() || !(of_the_agenda && waits)
        });
    }

    #[test]
    fn who_comes_hears_of_every_change() {
        holds(|one| {
            let comes = matches!(
                one.participant,
                Some(ParticipantState::Confirmed | ParticipantState::Invited)
            );
            let changed = matches!(
                one.kind,
                MessageKind::AgendaChanged | MessageKind::CalendarUpdate
            );
            let plain = !(one.is_over || one.is_off || one.takes_away || one.is_to_be_asked);
            !(comes && changed && plain) || one.judge() == Ok(())
        });
    }

    #[test]
    fn nothing_but_the_end_of_it_is_told_to_those_who_do_not_come() {
        holds(|one| {
            let away = one.participant == Some(ParticipantState::Declined);
            let tells = matches!(
                one.kind,
                MessageKind::Invitation | MessageKind::Reminder | MessageKind::Confirmed
            ) || one.kind == MessageKind::CalendarUpdate && !one.takes_away;
            one.judge().is_err() || !(away && tells)
        });
    }
}
