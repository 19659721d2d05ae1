//! Changing series: events that belong together over the years.

use domain::Refusals;
use domain::access::{Actor, Permission};
use domain::event::{
    Series, SeriesCreateRefused, SeriesPatch, SeriesRemoveRefused, SeriesUpdateRefused,
};
use domain::id::{SeriesId, WorkspaceId, kind};

use crate::entity::event::{event, series};
use crate::operation::{Refused, Retry, Seen, Uses};
use crate::store::Store;

impl Store {
    /// Makes a series.
    pub async fn create_series(
        &self,
        actor: &Actor,
        workspace: WorkspaceId,
        fields: SeriesPatch,
        retry: Option<&Retry>,
    ) -> Result<SeriesId, Refused<SeriesCreateRefused>> {
        let mut operation = self
            .operate(actor, "seriesCreate", Permission::DirectoryEdit, workspace)
            .await?;
        if let Some(before) = operation.answered_one(retry).await? {
            return Ok(before);
        }
        let mut refusals = Refusals::default();
        let mut series = Series::unknown(operation.mint()?, workspace);
        fields.apply(&mut series, &mut refusals);
        operation
            .add::<series::Entity, _>(series.into(), refusals)
            .await
    }

    /// Changes a series.
    pub async fn update_series(
        &self,
        actor: &Actor,
        seen: Seen<kind::Series>,
        patch: SeriesPatch,
    ) -> Result<(), Refused<SeriesUpdateRefused>> {
        let (operation, before, mut refusals) = self
            .change::<series::Entity, _>(actor, "seriesUpdate", Permission::DirectoryEdit, seen)
            .await?;
        refusals.enter("patch");
        let mut series = Series::from(before.clone());
        patch.apply(&mut series, &mut refusals);
        operation
            .write::<series::Entity, _>(&before, series.into(), refusals)
            .await
    }

    /// Removes a series of which there is no event.
    pub async fn remove_series(
        &self,
        actor: &Actor,
        seen: Seen<kind::Series>,
    ) -> Result<(), Refused<SeriesRemoveRefused>> {
        let (operation, row, mut refusals) = self
            .change::<series::Entity, _>(actor, "seriesRemove", Permission::DirectoryEdit, seen)
            .await?;
        let events = Uses::of::<event::Entity>(event::Column::SeriesId, seen.id.uuid());
        operation
            .must_be_unused(vec![events], &mut refusals)
            .await?;
        operation.delete::<series::Entity, _>(&row, refusals).await
    }
}
