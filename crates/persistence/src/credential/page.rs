//! Reading what was issued, a page at a time.

use std::collections::HashMap;

use domain::access::Actor;
use domain::credential::Credential;
use domain::id::EventId;

use super::{CredentialFilter, credentials_like, credentials_seen};
use crate::correspondence::{Lists, Pages, alike, counts, taken};
use crate::entity::credential::credential;
use crate::error::Fault;
use crate::page::{Direction, Page, PageError, PageRequest};
use crate::store::Store;

/// A page of what was issued at one event; pages of several events alike are read at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialsOf {
    /// The event.
    pub event: EventId,
    /// Which of them.
    pub filter: CredentialFilter,
    /// Which page.
    pub page: PageRequest,
}

impl Store {
    /// Pages of what was issued, in the order of the numbers. Pages that differ in the event alone are read
    /// in two statements.
    pub async fn credentials_pages(
        &self,
        actor: &Actor,
        wanted: &[CredentialsOf],
    ) -> Result<HashMap<CredentialsOf, Result<Page<Credential>, PageError>>, Fault> {
        let list = Lists::<credential::Entity> {
            owner: credential::Column::EventId,
            id: credential::Column::Id,
            direction: Direction::Ascending,
            ids: |row: &credential::Model| (row.event_id.0.uuid(), row.id.0.uuid()),
        };
        let mut pages = HashMap::new();
        let each = wanted
            .iter()
            .map(|one| ((&one.filter, &one.page), one.event));
        for ((filter, page), events) in alike(each) {
            let which = credentials_seen(actor).add(credentials_like(filter));
            let mut found: Pages<credential::Model> = list
                .pages(self, &events, (page, &("credentials", filter)), which)
                .await?;
            // The documents of all pages are looked up together.
            let rows = found.iter().flat_map(HashMap::values);
            let rows = rows.flat_map(|page| page.items.iter().map(|(_, row)| row.clone()));
            let credentials = self.with_documents(rows.collect()).await?;
            let credentials: HashMap<_, _> =
                credentials.into_iter().map(|one| (one.id, one)).collect();
            for event in events {
                let of = CredentialsOf {
                    event,
                    filter: filter.clone(),
                    page: page.clone(),
                };
                let page = taken(&mut found, event).map(|page| Page {
                    items: page
                        .items
                        .into_iter()
                        .filter_map(|(cursor, row)| {
                            Some((cursor, credentials.get(&row.id.0)?.clone()))
                        })
                        .collect(),
                    has_next: page.has_next,
                    has_previous: page.has_previous,
                });
                pages.insert(of, page);
            }
        }
        Ok(pages)
    }

    /// How many credentials were issued at events.
    pub async fn credentials_counts(
        &self,
        actor: &Actor,
        filter: &CredentialFilter,
        events: &[EventId],
    ) -> Result<HashMap<EventId, u64>, Fault> {
        let which = credentials_seen(actor).add(credentials_like(filter));
        counts::<credential::Entity, _>(self, credential::Column::EventId, events, which).await
    }
}
