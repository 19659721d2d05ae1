//! Changing how an event was reported.

use domain::access::{Actor, Permission};
use domain::id::{EventId, ReportId, kind};
use domain::report::{
    Report, ReportAddRefused, ReportPatch, ReportRemoveRefused, ReportUpdateRefused,
};
use domain::{Patch, Refusals};
use sea_orm::{ColumnTrait, Condition};

use crate::column::DbId;
use crate::entity::follow_up::report;
use crate::operation::{Refused, Retry, Seen};
use crate::store::Store;

fn list(event: EventId) -> Condition {
    Condition::all().add(report::Column::EventId.eq(DbId(event)))
}

impl Store {
    /// Adds a report to an event. Its language is that of the event, if nothing else is said.
    pub async fn add_report(
        &self,
        actor: &Actor,
        event: EventId,
        fields: ReportPatch,
        order: Patch<i32>,
        retry: Option<&Retry>,
    ) -> Result<ReportId, Refused<ReportAddRefused>> {
        let mut operation = self
            .operate_in(actor, "reportAdd", Permission::EventEdit, event)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let language = operation.event()?.title.0.main_language().clone();
        let id = operation.mint()?;
        let place = operation
            .place::<report::Entity, _>(list(event), id, order, None, &mut refusals)
            .await?;
        let mut report = Report::unknown(id, event, language, place);
        fields.apply(&mut report, &mut refusals);
        let row = report::Model::of(operation.workspace(), report);
        operation.add::<report::Entity, _>(row, refusals).await
    }

    /// Changes what is said of a report.
    pub async fn update_report(
        &self,
        actor: &Actor,
        seen: Seen<kind::Report>,
        patch: ReportPatch,
        order: Patch<i32>,
    ) -> Result<(), Refused<ReportUpdateRefused>> {
        let (mut operation, before, mut refusals) = self
            .change::<report::Entity, _>(actor, "reportUpdate", Permission::EventEdit, seen)
            .await?;
        refusals.enter("patch");

        let mut report = Report::from(before.clone());
        patch.apply(&mut report, &mut refusals);
        report.position = operation
            .place::<report::Entity, _>(
                list(report.event_id),
                seen.id,
                order,
                Some(report.position),
                &mut refusals,
            )
            .await?;
        let after = report::Model::of(operation.workspace(), report);
        operation
            .write::<report::Entity, _>(&before, after, refusals)
            .await
    }

    /// Removes a report.
    pub async fn remove_report(
        &self,
        actor: &Actor,
        seen: Seen<kind::Report>,
    ) -> Result<(), Refused<ReportRemoveRefused>> {
        let (operation, row, refusals) = self
            .change::<report::Entity, _>(actor, "reportRemove", Permission::EventEdit, seen)
            .await?;

        operation
            .delete_from::<report::Entity, _>(list(row.event_id.0), &row, refusals)
            .await
    }
}
