//! Reports: how an event was reported.

mod change;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::time::TimeZone;

use crate::audit::{AuditEntryConnection, Slice, audit_log_of_part};
use crate::id::global;
use crate::list::List;
use crate::requires::requires;
use crate::scalar::{Date, DateTime, LanguageTag, LocalDateTime, Url};
use crate::word::Permission;

pub(crate) use change::ReportMutation;

/// A report, with the zone that its time goes by.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) report: Arc<domain::report::Report>,
    pub(crate) zone: TimeZone,
}

/// How an event was reported afterwards.
#[Object]
impl Report {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        global(self.report.id)
    }

    /// Raised by every change.
    async fn version(&self) -> i32 {
        self.report.version
    }

    /// The caller's own name for it; null if no caller gave one.
    async fn external_id(&self) -> Option<&str> {
        self.report.external_id.as_ref().map(domain::Key::as_str)
    }

    /// What it is called; null if that is not known.
    async fn title(&self) -> Option<&str> {
        self.report.title.as_deref()
    }

    /// Who published it.
    async fn publisher(&self) -> &str {
        &self.report.publisher
    }

    /// When it was published; null if the hour is not known.
    async fn published_at(&self) -> Option<DateTime> {
        self.report
            .published_at
            .map(|local| DateTime(self.zone.instant(local)))
    }

    /// When it was published, by the clocks of the event's zone; null if the hour is not known.
    async fn published_at_local(&self) -> Option<LocalDateTime> {
        self.report.published_at.map(LocalDateTime)
    }

    /// The day on which it was published; null if that is not known.
    async fn published_on(&self) -> Option<Date> {
        let of_the_hour = self.report.published_at.map(|local| local.date());
        self.report.published_on.or(of_the_hour).map(Date)
    }

    /// The language it is written in.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.report.language.clone())
    }

    /// Where it can be read; null if that is not known.
    async fn url(&self) -> Option<Url> {
        self.report.url.clone().map(Url)
    }

    /// Who made it, in order.
    async fn credits(&self) -> List<Credit> {
        let credits = self.report.credits.iter();
        credits
            .map(|one| Credit {
                role: one.role.clone(),
                name: one.name.clone(),
            })
            .collect()
    }

    /// The figures it gives, in order.
    async fn key_figures(&self) -> List<KeyFigure> {
        let figures = self.report.key_figures.iter().cloned();
        figures
            .map(|one| KeyFigure {
                label: one.label,
                value: one.value,
                unit: one.unit,
                note: one.note,
            })
            .collect()
    }

    /// The documents it cites, in order.
    async fn documents_cited(&self) -> &[String] {
        &self.report.documents_cited
    }

    /// Who changed it, and when, the latest first. Null without the permission `AUDIT_READ`.
    #[graphql(directive = requires::apply(Permission::AuditRead))]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 25 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let slice = Slice {
            first,
            after,
            last,
            before,
        };
        audit_log_of_part(ctx, self.report.event_id, self.report.id, slice).await
    }
}

/// Who made a report, and as what.
#[derive(SimpleObject)]
pub(crate) struct Credit {
    /// As what: "translator".
    role: String,
    /// Who.
    name: String,
}

/// A figure that a report gives.
#[derive(SimpleObject)]
pub(crate) struct KeyFigure {
    /// What it counts.
    label: String,
    /// The figure, as written: "12.4%".
    value: String,
    /// What it is counted in; null where the figure says so itself.
    unit: Option<String>,
    /// What is said of it besides; null if nothing is.
    note: Option<String>,
}
