//! Connections: long lists, a page at a time.

use async_graphql::{Context, Result, SimpleObject};
use domain::id::{EventId, MessageId, WorkspaceId};
use persistence::{
    AuditFilter, AuditOf, CredentialFilter, DeliveryFilter, EventFilter, MessageFilter,
    OrganizationFilter, PageRequest, ParticipantFilter, PersonFilter, ReceivedMailFilter,
    ReceivedMailOf,
};

use crate::failure::bad_input;
use crate::load::{
    AuditCount, CredentialCount, DeliveryCount, LetterCount, MessageCount, ParticipantCount,
    ReceivedMailCount, SuppressionCount,
};
use crate::request::session;

/// Where a page lies in its list.
#[derive(Debug, SimpleObject)]
pub(crate) struct PageInfo {
    /// The cursor of the page's first thing; null if the page is empty.
    pub(crate) start_cursor: Option<String>,
    /// The cursor of the page's last thing; null if the page is empty.
    pub(crate) end_cursor: Option<String>,
    /// Whether there are more behind the page.
    pub(crate) has_next_page: bool,
    /// Whether there are more before the page.
    pub(crate) has_previous_page: bool,
}

/// The arguments of a page, checked as far as their types go.
pub(crate) fn page(
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Result<PageRequest> {
    let size = |name: &str, size: Option<i32>| {
        size.map(u32::try_from)
            .transpose()
            .map_err(|_negative| bad_input(format!("{name} must not be negative")))
    };
    Ok(PageRequest {
        first: size("first", first)?,
        after,
        last: size("last", last)?,
        before,
    })
}

/// What is to be counted, if anybody asks.
#[derive(Debug)]
pub(crate) enum Count {
    Events(EventFilter),
    People(PersonFilter),
    Organizations(OrganizationFilter),
    Participants(EventId, ParticipantFilter),
    Letters(EventId),
    Messages(EventId, MessageFilter),
    Deliveries(MessageId, DeliveryFilter),
    Suppressions(WorkspaceId),
    Audit(AuditOf, AuditFilter),
    Credentials(EventId, CredentialFilter),
    ReceivedMail(ReceivedMailOf, ReceivedMailFilter),
}

impl Count {
    pub(crate) async fn count(&self, ctx: &Context<'_>) -> Result<i32> {
        let session = session(ctx)?;
        let count = match self {
            Self::Events(filter) => session.store.events_count(&session.actor, filter).await?,
            Self::People(filter) => session.store.people_count(&session.actor, filter).await?,
            Self::Organizations(filter) => {
                session
                    .store
                    .organizations_count(&session.actor, filter)
                    .await?
            }
            Self::Participants(event, filter) => session
                .one(ParticipantCount(*event, filter.clone()))
                .await?
                .unwrap_or_default(),
            Self::Letters(event) => session.one(LetterCount(*event)).await?.unwrap_or_default(),
            Self::Messages(event, filter) => session
                .one(MessageCount(*event, filter.clone()))
                .await?
                .unwrap_or_default(),
            Self::Deliveries(message, filter) => session
                .one(DeliveryCount(*message, filter.clone()))
                .await?
                .unwrap_or_default(),
            Self::Suppressions(workspace) => session
                .one(SuppressionCount(*workspace))
                .await?
                .unwrap_or_default(),
            Self::Credentials(event, filter) => session
                .one(CredentialCount(*event, filter.clone()))
                .await?
                .unwrap_or_default(),
            Self::Audit(of, filter) => session
                .one(AuditCount(*of, filter.clone()))
                .await?
                .unwrap_or_default(),
            Self::ReceivedMail(of, filter) => session
                .one(ReceivedMailCount(*of, filter.clone()))
                .await?
                .unwrap_or_default(),
        };
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// The types of one connection: its edges, and itself.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $domain:ty, $many:literal, $one:literal) => {
        #[doc = concat!("The place of one ", $one, " in a list.")]
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $edge {
            /// The place in the list, to go on from.
            cursor: String,
            #[doc = concat!("The ", $one, ".")]
            node: $node,
        }

        pub(crate) struct $connection {
            page: persistence::Page<std::sync::Arc<$domain>>,
            count: $crate::connection::Count,
        }

        impl $connection {
            pub(crate) fn new(
                page: persistence::Page<$domain>,
                count: $crate::connection::Count,
            ) -> Self {
                let items = page.items.into_iter();
                Self {
                    page: persistence::Page {
                        items: items
                            .map(|(at, one)| (at, std::sync::Arc::new(one)))
                            .collect(),
                        has_next: page.has_next,
                        has_previous: page.has_previous,
                    },
                    count,
                }
            }
        }

        #[doc = concat!("A page of ", $many, ".")]
        #[async_graphql::Object]
        impl $connection {
            #[doc = concat!("The ", $many, " of the page, each with its cursor.")]
            async fn edges(&self) -> $crate::list::List<$edge> {
                let items = self.page.items.iter();
                items
                    .map(|(cursor, one)| $edge {
                        cursor: cursor.clone(),
                        node: $node(std::sync::Arc::clone(one)),
                    })
                    .collect()
            }

            #[doc = concat!("The ", $many, " of the page.")]
            async fn nodes(&self) -> $crate::list::List<$node> {
                self.page
                    .items
                    .iter()
                    .map(|(_, one)| $node(std::sync::Arc::clone(one)))
                    .collect()
            }

            /// Where the page lies in the list.
            async fn page_info(&self) -> $crate::connection::PageInfo {
                $crate::connection::PageInfo {
                    start_cursor: self.page.items.first().map(|(cursor, _)| cursor.clone()),
                    end_cursor: self.page.items.last().map(|(cursor, _)| cursor.clone()),
                    has_next_page: self.page.has_next,
                    has_previous_page: self.page.has_previous,
                }
            }

            /// How many there are on all pages together. Counted only when asked for.
            async fn total_count(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<i32> {
                self.count.count(ctx).await
            }
        }
    };
}
pub(crate) use connection;
