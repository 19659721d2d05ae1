//! Who is asked: found, written as asked, and told again to who asks twice.

use std::collections::HashSet;

use domain::access::Permission;
use domain::id::{ParticipantId, PersonId};
use domain::invitation::ParticipantInviteRefused;
use domain::message::{DeliveryState, MessageKind};
use domain::participant::ParticipantState;
use domain::refusal::Refusals;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Invited, ParticipantInvite};
use crate::column::{DbId, Spelled};
use crate::entity::directory::{organization, person};
use crate::entity::message::{delivery, suppression};
use crate::entity::participation::participant;
use crate::error::Fault;
use crate::operation::Operation;
use crate::participation::participants_like;

/// What stands between two lists of what is kept.
const BETWEEN: Uuid = Uuid::nil();

impl Invited {
    /// The answer as it is kept for who asks again: the message, and the lists one after another.
    pub(super) fn to_be_kept(&self) -> Vec<Uuid> {
        let mut kept = vec![self.message.map_or(BETWEEN, domain::Id::uuid)];
        for list in [&self.participants, &self.unreachable, &self.passed_over] {
            kept.extend(list.iter().map(|id| id.uuid()));
            kept.push(BETWEEN);
        }
        kept
    }
}

/// Participants of whom no invitation is held still: of what they have not heard they are not reminded.
pub(super) fn have_heard() -> Condition {
    let held = Query::select()
        .column(delivery::Column::ParticipantId)
        .from(delivery::Entity)
        .and_where(delivery::Column::ParticipantId.is_not_null())
        .and_where(delivery::Column::Kind.eq(Spelled(MessageKind::Invitation)))
        .and_where(delivery::Column::State.eq(Spelled(DeliveryState::Held)))
        .take();
    Condition::all().add(participant::Column::Id.not_in_subquery(held))
}

impl Operation<'_> {
    /// Of some participants, those whom no mail reaches: no address is known, or it takes none of this
    /// office's.
    pub(super) async fn unreachable(
        &self,
        rows: &[participant::Model],
    ) -> Result<Vec<ParticipantId>, Fault> {
        let people = rows.iter().map(|row| row.person_id.0);
        let reached = self.reached(people).await?;
        let unreachable = rows
            .iter()
            .filter(|row| !reached.contains(&row.person_id.0));
        Ok(unreachable.map(|row| row.id.0).collect())
    }

    /// Of some people, those whose address is known and takes mail of this office.
    pub(crate) async fn reached(
        &self,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<HashSet<PersonId>, Fault> {
        let people = self.known::<person::Entity>(people).await?;
        let with_address = people.iter().filter_map(|(id, person)| {
            let address = person.email.as_deref()?.to_lowercase();
            Some((*id, address))
        });
        let with_address: Vec<_> = with_address.collect();
        let addresses: Vec<_> = with_address.iter().map(|(_, address)| address).collect();
        let mut takes_none = HashSet::new();
        for some in addresses.chunks(5_000) {
            let found = suppression::Entity::find()
                .filter(suppression::Column::WorkspaceId.eq(DbId(self.workspace())))
                .filter(suppression::Column::Address.is_in(some.iter().copied()))
                .all(self.on())
                .await?;
            takes_none.extend(found.into_iter().map(|row| row.address));
        }
        let takes = with_address
            .into_iter()
            .filter(|(_, address)| !takes_none.contains(address));
        Ok(takes.map(|(id, _)| id).collect())
    }

    /// Says so if somebody who is meant is not there, or nobody is meant.
    pub(super) async fn look_up_whom(
        &self,
        invite: &ParticipantInvite,
        refusals: &mut Refusals<ParticipantInviteRefused>,
    ) -> Result<(), Fault> {
        self.refer_each::<person::Entity, _>("personIds", Some(&invite.people), refusals)
            .await?;
        self.refer_each::<participant::Entity, _>(
            "participantIds",
            Some(&invite.participants),
            refusals,
        )
        .await?;
        self.refer_each::<organization::Entity, _>(
            "organizationIds",
            Some(&invite.organizations),
            refusals,
        )
        .await?;
        let from = invite.like.as_ref().and_then(|like| like.organization);
        self.refer::<organization::Entity, _>("filter.organizationId", from, refusals)
            .await?;
        if invite.people.is_empty()
            && invite.participants.is_empty()
            && invite.organizations.is_empty()
            && invite.like.is_none()
        {
            refusals.invalid("personIds", "say whom to invite, in one way or another");
        }
        Ok(())
    }

    /// What was answered to the same request before.
    pub(super) async fn invited_before(&self, kept: &[Uuid]) -> Result<Invited, Fault> {
        let (message, lists) = kept.split_first().unwrap_or((&BETWEEN, &[]));
        let mut lists = lists.split(|id| *id == BETWEEN).map(|list| {
            let ids = list.iter().copied().map(domain::Id::from_uuid);
            ids.collect::<Vec<ParticipantId>>()
        });
        let mut next = || lists.next().unwrap_or_default();
        let mut invited = Invited {
            participants: next(),
            unreachable: next(),
            passed_over: next(),
            message: Some(*message)
                .filter(|id| *id != BETWEEN)
                .map(domain::Id::from_uuid),
            known: Vec::new(),
        };
        let ids = invited.participants.iter().chain(&invited.passed_over);
        let rows = self.known::<participant::Entity>(ids.copied()).await?;
        let rows = rows.into_values().map(participant::Model::participant);
        invited.known = rows.collect();
        self.show_who(&mut invited);
        Ok(invited)
    }

    /// Who takes part is shown to those alone who may see that.
    pub(super) fn show_who(&self, invited: &mut Invited) {
        let may = self
            .actor()
            .may(Permission::ParticipantRead, self.workspace());
        if may.is_err() {
            invited.known.clear();
        }
    }

    /// Writes those who are asked now, all alike: many in one statement.
    pub(super) async fn are_asked(&self, rows: &[participant::Model]) -> Result<(), Fault> {
        use participant::Column;
        for some in rows.chunks(500) {
            let by = some.first().and_then(|row| row.answer_by);
            participant::Entity::update_many()
                .col_expr(
                    Column::Status,
                    Expr::value(ParticipantState::Invited.to_string()),
                )
                .col_expr(Column::StatusSince, Expr::value(self.now()))
                .col_expr(Column::AnsweredThrough, Expr::value(None::<String>))
                .col_expr(Column::AnswerBy, Expr::value(by))
                .col_expr(Column::Version, Expr::col(Column::Version).add(1))
                .filter(Column::Id.is_in(some.iter().map(|row| row.id)))
                .exec(self.on())
                .await?;
        }
        Ok(())
    }

    /// Those who are to be invited, each once, in the order of the list.
    pub(super) async fn meant(
        &self,
        invite: &ParticipantInvite,
    ) -> Result<Vec<participant::Model>, Fault> {
        use participant::Column;
        let mut any = Condition::any();
        if !invite.people.is_empty() {
            any = any.add(Column::PersonId.is_in(invite.people.iter().copied().map(DbId)));
        }
        if !invite.participants.is_empty() {
            any = any.add(Column::Id.is_in(invite.participants.iter().copied().map(DbId)));
        }
        if !invite.organizations.is_empty() {
            any = any.add(
                Condition::all()
                    .add(
                        Column::RepresentingId
                            .is_in(invite.organizations.iter().copied().map(DbId)),
                    )
                    .add(Column::DelegationId.is_not_null()),
            );
        }
        if let Some(like) = &invite.like {
            any = any.add(participants_like(self.store().backend(), like));
        }
        let which = Condition::all()
            .add(Column::EventId.eq(DbId(invite.event)))
            .add(any);
        self.listed(which).await
    }
}
