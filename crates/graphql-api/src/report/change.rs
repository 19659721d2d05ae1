//! Changing how an event was reported.

use async_graphql::{Context, Object, Result};
use domain::id::kind;
use domain::report as facts;

use super::Report;
use crate::change::{Wire, about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::{Date, LanguageTag, LocalDateTime, Url};
use crate::word::Permission;

/// Who made a report, and as what.
#[derive(Clone, async_graphql::InputObject)]
pub(crate) struct CreditInput {
    /// As what: "translator".
    role: String,
    /// Who.
    name: String,
}

impl Wire for CreditInput {
    type Plain = facts::Credit;
    fn plain(self) -> facts::Credit {
        facts::Credit {
            role: self.role,
            name: self.name,
        }
    }
}

/// A figure that a report gives.
#[derive(Clone, async_graphql::InputObject)]
pub(crate) struct KeyFigureInput {
    /// What it counts.
    label: String,
    /// The figure, as written: "12.4%".
    value: String,
    /// What it is counted in, where the figure does not say.
    unit: Option<String>,
    /// What is said of it besides.
    note: Option<String>,
}

impl Wire for KeyFigureInput {
    type Plain = facts::KeyFigure;
    fn plain(self) -> facts::KeyFigure {
        facts::KeyFigure {
            label: self.label,
            value: self.value,
            unit: self.unit,
            note: self.note,
        }
    }
}

editable! {
    facts::ReportPatch [order] {
        /// The caller's own name for it, unique among the reports of the event.
        external_id: Optional String => external_id,
        /// What it is called.
        title: Optional String => title,
        /// Who published it.
        publisher: Required String => publisher,
        /// The day on which it was published; follows from the time, where only that is given.
        published_on: Optional Date => published_on,
        /// When it was published, by the clocks of the event's zone.
        published_at_local: Optional LocalDateTime => published_at,
        /// The language it is written in; that of the event, if nothing is said.
        language: Optional LanguageTag => language,
        /// Where it can be read: an address that begins with https:// or http://.
        url: Optional Url => url,
        /// Who made it, in order. Given, it replaces all.
        credits: Optional Vec<CreditInput> => credits,
        /// The figures it gives, in order. Given, it replaces all.
        key_figures: Optional Vec<KeyFigureInput> => key_figures,
        /// The documents it cites, in order. Given, it replaces all.
        documents_cited: Optional Vec<String> => documents_cited,
    }
    /// How an event was reported.
    create ReportAddInput {
        /// The event.
        event_id: GlobalId<kind::Event>,
    }
    /// What is to be otherwise of a report.
    patch ReportPatch
    /// Which report to change, and how.
    update ReportUpdateInput (kind::Report)
}

payload! {
    /// What became of adding a report.
    ReportAddPayload {
        /// The report; null if there were problems.
        report: Report
    }
}
payload! {
    /// What became of changing the report.
    ReportUpdatePayload {
        /// The report as it is now; null if there were problems.
        report: Report
    }
}
removal!(
    ReportRemoveInput,
    ReportRemovePayload,
    kind::Report,
    "report"
);

/// Changing reports.
#[derive(Debug, Default)]
pub(crate) struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Adds a report to an event. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn report_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: ReportAddInput,
    ) -> Result<ReportAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_report(
            &session.actor,
            input.event_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(ReportAddPayload {
            report: thing!(ctx, id, Report),
            user_errors,
        })
    }

    /// Changes what is said of a report. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn report_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to change, and how.")] input: ReportUpdateInput,
    ) -> Result<ReportUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_report(
            &session.actor,
            input.seen(),
            input.patch.fields(),
            input.patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ReportUpdatePayload {
            report: thing!(ctx, id, Report),
            user_errors,
        })
    }

    /// Removes a report. Needs the permission `EVENT_EDIT`.
    #[graphql(directive = requires::apply(Permission::EventEdit))]
    async fn report_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to remove.")] input: ReportRemoveInput,
    ) -> Result<ReportRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_report(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(ReportRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}
