//! Documents being made of what was issued: claimed by one of those who print, made, kept, and sent.
//!
//! What a document says was put down when it was issued, so it can be made at any time, by anybody, and
//! again if whoever made it died over it: it is the same.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{Actor, Permission};
use domain::credential::{Credential, PaperKind, PrintState};
use domain::id::{CredentialId, EventId, JobId, WorkspaceId, kind};
use domain::letterhead::Letterhead;
use domain::message::{DeliveryState, MessageKind};
use domain::organization::Party;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Order, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, EntityTrait, PaginatorTrait as _, QueryFilter,
    QuerySelect,
};

use crate::column::{DbId, Spelled};
use crate::entity::access::workspace;
use crate::entity::credential::{credential, job, letterhead, paper_template, print};
use crate::error::{Error, Fault};
use crate::message::{Going, NewDelivery, NewMessage};
use crate::operation::{Effect, Operation};
use crate::sight;
use crate::storage::StoredFile;
use crate::store::Store;

/// On whose behalf documents are made.
const PRINTER: Actor = Actor::System {
    reason: "making documents of what was issued",
};

/// A document that is to be made, with all that is known for making it.
#[derive(Debug, Clone)]
pub struct ToPrint {
    /// What was issued.
    pub credential: Credential,
    /// The how-many-th claim of it.
    pub claim: i32,
    /// The office.
    pub office: String,
    /// How its papers look.
    pub look: Arc<Look>,
}

/// How the papers of an office look: pictures as bytes, and its template for the kind.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// What the office has said.
    pub letterhead: Option<Letterhead>,
    /// The emblem.
    pub logo: Option<Vec<u8>>,
    /// The seal, as a picture.
    pub seal: Option<Vec<u8>>,
    /// The signature, as a picture.
    pub signature: Option<Vec<u8>>,
    /// Templates in place of ours, by kind.
    pub templates: BTreeMap<PaperKind, String>,
}

/// Work that goes on after the request that asked for it, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The office.
    pub workspace_id: WorkspaceId,
    /// The event.
    pub event_id: EventId,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// How many documents there are to be made.
    pub total: i32,
    /// How many are made.
    pub done: i32,
    /// How many cannot be made, for now.
    pub failed: i32,
    /// Why not, the first of them.
    pub fault: Option<String>,
}

/// Of a job, how many documents are in a state, and why not, one of them.
type Counted = (DbId<kind::Job>, Spelled<PrintState>, i64, Option<String>);

/// So often a document is tried before it is said that it failed. It is tried on, but rarely.
const TRIES: i32 = 5;
/// How long it is put off after each try, in minutes, and at most.
const PUT_OFF: i64 = 1;
const PUT_OFF_AT_MOST: i64 = 60;

/// Why a document was not made this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was tried, and cannot be made as things are.
    Fully,
    /// It was not even tried: whoever was to make it was busy.
    NotYet,
}

/// What is not made yet. In these very words, for an index of both databases is of these rows alone.
fn open() -> Expr {
    Expr::cust("state <> 'PRINTED'")
}

impl Store {
    /// Claims documents that are to be made, of an event or of all, until the lease is over: first those that were
    /// tried least, of these the first issued, so that what cannot be made keeps nobody waiting. What cannot be made because its office is not fit for it is put off.
    pub async fn claim_prints(
        &self,
        event: Option<EventId>,
        most: u64,
        lease: TimeDelta,
    ) -> Result<Vec<ToPrint>, Fault> {
        use print::Column;
        let now = self.now();
        // Not before the moment to which it was put off, or until which another has it.
        let is_free = Condition::any()
            .add(Column::ClaimedUntil.is_null())
            .add(Column::ClaimedUntil.lt(now));
        let mut due = Condition::all().add(open()).add(is_free);
        if let Some(event) = event {
            due = due.add(Column::EventId.eq(DbId(event)));
        }
        // Asked first without a lock: mostly there is nothing.
        let any = print::Entity::find()
            .select_only()
            .column(Column::CredentialId)
            .filter(due.clone())
            .limit(1)
            .into_tuple::<DbId<kind::Credential>>()
            .one(self.read())
            .await?;
        if any.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        let due = Query::select()
            .column(Column::CredentialId)
            .from(print::Entity)
            .cond_where(due)
            .order_by(Column::Attempts, Order::Asc)
            .order_by(Column::CredentialId, Order::Asc)
            .limit(most)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .take();
        let mut ids: Vec<DbId<kind::Credential>> = Vec::new();
        for row in tx.on().query_all(&due).await? {
            ids.push(row.try_get_by_index(0)?);
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let claimed = || Column::CredentialId.is_in(ids.iter().copied());
        print::Entity::update_many()
            .col_expr(Column::State, Expr::value(PrintState::Printing.to_string()))
            .col_expr(Column::ClaimedUntil, Expr::value(now + lease))
            .col_expr(Column::Claims, Expr::col(Column::Claims).add(1))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(claimed())
            .exec(tx.on())
            .await?;
        let prints = print::Entity::find().filter(claimed()).all(tx.on()).await?;
        tx.commit().await?;
        let mut all = Vec::with_capacity(prints.len());
        for (one, look) in self.to_print(&prints).await? {
            match look {
                Ok(look) => all.push(ToPrint { look, ..one }),
                // One office's picture that is gone must not keep the letters of others.
                Err(why) => self.print_failed(&one, &why, Tried::Fully).await?,
            }
        }
        Ok(all)
    }

    async fn to_print(
        &self,
        prints: &[print::Model],
    ) -> Result<Vec<(ToPrint, Result<Arc<Look>, String>)>, Fault> {
        let claims: HashMap<_, _> = prints
            .iter()
            .map(|row| (row.credential_id.0, row.claims))
            .collect();
        let rows = credential::Entity::find()
            .filter(credential::Column::Id.is_in(prints.iter().map(|row| row.credential_id)))
            .all(self.read())
            .await?;
        let mut looks: HashMap<WorkspaceId, (String, Result<Arc<Look>, String>)> = HashMap::new();
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let of = row.workspace_id.0;
            if let std::collections::hash_map::Entry::Vacant(entry) = looks.entry(of) {
                let office = workspace::Entity::find_by_id(DbId(of))
                    .one(self.read())
                    .await?;
                let office = office.map(|row| row.name).unwrap_or_default();
                let look = match self.look(of).await {
                    Ok(look) => Ok(Arc::new(look)),
                    Err(Fault::Database(fault)) => return Err(fault.into()),
                    Err(fault) => Err(fault.to_string()),
                };
                entry.insert((office, look));
            }
            let Some((office, look)) = looks.get(&of) else {
                continue;
            };
            let claim = claims.get(&row.id.0).copied().unwrap_or_default();
            let one = ToPrint {
                credential: row.credential(None)?,
                claim,
                office: office.clone(),
                look: Arc::default(),
            };
            all.push((one, look.clone()));
        }
        all.sort_by_key(|(one, _)| one.credential.id);
        Ok(all)
    }

    /// How the papers of an office look. Four statements at most.
    pub async fn look(&self, workspace: WorkspaceId) -> Result<Look, Fault> {
        let row = letterhead::Entity::find()
            .filter(letterhead::Column::WorkspaceId.eq(DbId(workspace)))
            .one(self.read())
            .await?;
        let templates = paper_template::Entity::find()
            .filter(paper_template::Column::WorkspaceId.eq(DbId(workspace)))
            .all(self.read())
            .await?;
        let templates = templates
            .into_iter()
            .map(|row| (row.kind.0, row.source))
            .collect();
        let Some(row) = row else {
            return Ok(Look {
                templates,
                ..Look::default()
            });
        };
        let letterhead = Letterhead::from(row);
        let hashes = [&letterhead.logo, &letterhead.seal, &letterhead.signature];
        let wanted: Vec<_> = hashes.into_iter().flatten().cloned().collect();
        let files = self.files(workspace, wanted).await?;
        let bytes = |hash: &Option<String>| match hash {
            None => Ok(None),
            // A letter without the seal of its office is not what was issued.
            Some(hash) => match files.get(hash) {
                Some(file) => Ok(Some(file.bytes.clone())),
                None => Err(Fault::inconsistent(
                    "letterhead",
                    "picture",
                    letterhead.id.uuid(),
                )),
            },
        };
        Ok(Look {
            logo: bytes(&letterhead.logo)?,
            seal: bytes(&letterhead.seal)?,
            signature: bytes(&letterhead.signature)?,
            letterhead: Some(letterhead),
            templates,
        })
    }

    /// Keeps documents that were made, and, where that was asked for, writes to those whose they are. How
    /// many: of those whose claim did not hold any more, what another has made stays.
    pub async fn keep_prints(&self, made: &[(ToPrint, Vec<u8>)]) -> Result<u64, Fault> {
        let mut by_event: BTreeMap<EventId, Vec<&(ToPrint, Vec<u8>)>> = BTreeMap::new();
        for one in made {
            let of = by_event.entry(one.0.credential.event_id).or_default();
            of.push(one);
        }
        let mut kept = 0;
        for (event, made) in by_event {
            kept += self.keep_prints_of(event, &made).await?;
        }
        Ok(kept)
    }

    async fn keep_prints_of(
        &self,
        event: EventId,
        made: &[&(ToPrint, Vec<u8>)],
    ) -> Result<u64, Fault> {
        use print::Column;
        let Some((first, _)) = made.first() else {
            return Ok(0);
        };
        let files: Vec<_> = made
            .iter()
            .map(|(_, pdf)| StoredFile::new("application/pdf", pdf.clone()))
            .collect();
        self.put_away(first.credential.workspace_id, &files).await?;
        let begun = self
            .operate_in::<()>(&PRINTER, "print", Permission::LetterIssue, event)
            .await;
        let mut operation = match begun {
            Ok(operation) => operation,
            Err(Error::Fault(fault)) => return Err(fault),
            // The event has gone, and all that was issued there with it.
            Err(Error::Denied(_) | Error::Refused(())) => return Ok(0),
        };
        let ids = made.iter().map(|(of, _)| DbId(of.credential.id));
        let rows = print::Entity::find()
            .filter(Column::CredentialId.is_in(ids))
            .filter(Column::State.eq(Spelled(PrintState::Printing)))
            .all(operation.on())
            .await?;
        let rows: HashMap<_, _> = rows
            .iter()
            .map(|row| ((row.credential_id.0, row.claims), row))
            .collect();
        let mut kept = 0;
        let mut mails: BTreeMap<JobId, Vec<NewDelivery>> = BTreeMap::new();
        for ((of, _), file) in made.iter().zip(&files) {
            let credential = &of.credential;
            let Some(row) = rows.get(&(credential.id, of.claim)) else {
                continue;
            };
            self.put_file(operation.on(), credential.workspace_id, file)
                .await?;
            print::Entity::update_many()
                .col_expr(Column::State, Expr::value(PrintState::Printed.to_string()))
                .col_expr(Column::Document, Expr::value(file.hash.as_str()))
                .col_expr(Column::DoneAt, Expr::value(self.now()))
                .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
                .col_expr(Column::Fault, Expr::value(None::<String>))
                .filter(Column::CredentialId.eq(DbId(credential.id)))
                .exec(operation.on())
                .await?;
            kept += 1;
            if row.is_sent != 0
                && let Party::Person(person) = credential.holder
            {
                mails.entry(row.job_id.0).or_default().push(NewDelivery {
                    kind: MessageKind::CredentialIssued,
                    person,
                    participant: None,
                    invitation: None,
                    payload: serde_json::json!({ "credential": credential.id.to_string() }),
                });
            }
        }
        for (job, mails) in mails {
            operation.tell_of_job(event, job, mails).await?;
        }
        operation.finish(Effect::Apply, &[]).await?;
        Ok(kept)
    }

    /// Puts down that a document could not be made: it is tried again, later and later.
    pub async fn print_failed(&self, of: &ToPrint, why: &str, tried: Tried) -> Result<(), Fault> {
        use print::Column;
        let tx = self.begin().await?;
        let claimed = Condition::all()
            .add(Column::CredentialId.eq(DbId(of.credential.id)))
            .add(Column::State.eq(Spelled(PrintState::Printing)))
            .add(Column::Claims.eq(of.claim));
        let row = print::Entity::find()
            .filter(claimed.clone())
            .one(tx.on())
            .await?;
        let Some(row) = row else { return Ok(()) };
        let attempts = match tried {
            Tried::Fully => row.attempts,
            Tried::NotYet => row.attempts.saturating_sub(1),
        };
        let state = if attempts >= TRIES {
            PrintState::Failed
        } else {
            PrintState::Waiting
        };
        let off = PUT_OFF << attempts.clamp(1, 7).saturating_sub(1);
        let off = TimeDelta::minutes(Ord::min(off, PUT_OFF_AT_MOST));
        print::Entity::update_many()
            .col_expr(Column::State, Expr::value(state.to_string()))
            .col_expr(Column::Attempts, Expr::value(attempts))
            .col_expr(Column::Fault, Expr::value(why))
            .col_expr(Column::ClaimedUntil, Expr::value(self.now() + off))
            .filter(claimed)
            .exec(tx.on())
            .await?;
        tx.commit().await
    }

    /// How many documents of an event are to be made yet, and have not failed.
    pub async fn open_prints(&self, event: EventId) -> Result<u64, Fault> {
        use print::Column;
        let found = print::Entity::find()
            .filter(Column::EventId.eq(DbId(event)))
            .filter(Column::State.is_in([PrintState::Waiting, PrintState::Printing].map(Spelled)));
        Ok(found.count(self.read()).await?)
    }

    /// The document of a credential, for those who see it.
    pub async fn document(
        &self,
        actor: &Actor,
        id: CredentialId,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let found = self.credentials(actor, &[id]).await?;
        match found.first() {
            Some(credential) => self.document_of(credential).await,
            None => Ok(None),
        }
    }

    /// The document of a credential that somebody may see.
    pub async fn document_of(&self, credential: &Credential) -> Result<Option<Vec<u8>>, Fault> {
        let Some(hash) = &credential.document else {
            return Ok(None);
        };
        let mut found = self.files(credential.workspace_id, [hash.clone()]).await?;
        Ok(found.remove(hash).map(|file| file.bytes))
    }

    /// Jobs by id, as far as the actor sees them, and how far they have come. Two statements.
    pub async fn jobs(&self, actor: &Actor, ids: &[JobId]) -> Result<Vec<Job>, Fault> {
        let sight = actor.sight(Permission::LetterRead);
        let rows = job::Entity::find()
            .filter(job::Column::Id.is_in(ids.iter().copied().map(DbId)))
            .filter(sight::in_workspaces(&sight, job::Column::WorkspaceId))
            .all(self.read())
            .await?;
        let counted: Vec<Counted> = print::Entity::find()
            .select_only()
            .column(print::Column::JobId)
            .column(print::Column::State)
            .column_as(print::Column::CredentialId.count(), "how_many")
            .column_as(print::Column::Fault.min(), "fault")
            .filter(print::Column::JobId.is_in(rows.iter().map(|row| row.id)))
            .group_by(print::Column::JobId)
            .group_by(print::Column::State)
            .into_tuple()
            .all(self.read())
            .await?;
        let jobs = rows.into_iter().map(|row| {
            let of = counted.iter().filter(|one| one.0 == row.id);
            let mut made = Job {
                id: row.id.0,
                workspace_id: row.workspace_id.0,
                event_id: row.event_id.0,
                created_at: row.created_at,
                total: row.total,
                done: 0,
                failed: 0,
                fault: None,
            };
            for (_, state, count, fault) in of {
                let count = i32::try_from(*count).unwrap_or(i32::MAX);
                match state.0 {
                    PrintState::Printed => made.done = count,
                    PrintState::Failed => made.failed = count,
                    PrintState::Waiting | PrintState::Printing => {}
                }
                made.fault = made.fault.take().or_else(|| fault.clone());
            }
            made
        });
        Ok(jobs.collect())
    }
}

impl Operation<'_> {
    /// Mails of documents that were made: all of one job are one message, however they are shared out.
    async fn tell_of_job(
        &mut self,
        event: EventId,
        of: JobId,
        mails: Vec<NewDelivery>,
    ) -> Result<(), Fault> {
        let kind = MessageKind::CredentialIssued;
        let job = job::Entity::find_by_id(DbId(of)).one(self.on()).await?;
        if let Some(message) = job.and_then(|job| job.message_id) {
            return self
                .add_mails(event, (message.0, kind, DeliveryState::Queued), mails)
                .await;
        }
        let new = NewMessage {
            kind,
            going: Going::Now,
            note: None,
            version: None,
        };
        let Some(message) = self.tell(event, new, mails).await? else {
            return Ok(());
        };
        job::Entity::update_many()
            .col_expr(job::Column::MessageId, Expr::value(DbId(message)))
            .filter(job::Column::Id.eq(DbId(of)))
            .exec(self.on())
            .await?;
        Ok(())
    }
}
