//! Who got an award is a part of it: what a merge does to recipients, is told of their awards.

use std::collections::BTreeMap;

use domain::id::{AwardId, OrganizationId};
use domain::organization::Party;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::column::DbId;
use crate::entity::ceremony::{award, award_recipient};
use crate::error::Fault;
use crate::operation::Operation;
use crate::record::Record;

/// Awards, each with those who grant it and those who got it.
pub(super) type Awards = BTreeMap<AwardId, (Vec<OrganizationId>, Vec<Party>)>;

impl Operation<'_> {
    /// Which awards someone got, each with all who grant and got it.
    pub(super) async fn awards_of(&self, party: Party) -> Result<Awards, Fault> {
        let got = match party {
            Party::Person(id) => award_recipient::Column::PersonId.eq(DbId(id)),
            Party::Organization(id) => award_recipient::Column::OrganizationId.eq(DbId(id)),
        };
        let rows = award_recipient::Entity::find()
            .filter(got)
            .all(self.on())
            .await?;
        let mut awards = Awards::new();
        for row in rows {
            awards.insert(row.award_id.0, self.beside_award(row.award_id.0).await?);
        }
        Ok(awards)
    }

    /// Who got an award is a part of it: what is otherwise of these awards, is told of them.
    pub(super) async fn tell_of_awards(&mut self, before: Awards) -> Result<(), Fault> {
        for (id, was) in before {
            let is = self.beside_award(id).await?;
            if was.1 == is.1 {
                continue;
            }
            let row = award::Entity::find_by_id(DbId(id)).one(self.on()).await?;
            if let Some(row) = row {
                let list = |of: &[Party]| {
                    Record::from_iter([("recipients".to_owned(), crate::record::parties(of))])
                };
                let rest = (list(&was.1), list(&is.1));
                self.update_with::<award::Entity>(&row, row.clone(), rest)
                    .await?;
            }
        }
        Ok(())
    }
}
