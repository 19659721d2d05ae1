//! Sending what waits: mails are claimed, written, handed over, and settled, many at once, for as long
//! as the program runs.
//!
//! What is held while a mail server is talked to is a lease in the database, which is renewed for as long
//! as it takes. If the program dies, the lease runs out, and another sends what was left behind.

mod claim;
mod settled;
mod templates;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::DeliveryId;
use domain::message::DeliveryState;
use persistence::{Claim, Fault, Outgoing, Settled, Store};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, timeout};

use crate::pace::{Limit, Pace, Turn};
use crate::transport::{Envelope, Transport};
use crate::writer::{Ready, Writer};
use templates::Shelf;

/// How mails are sent.
#[derive(Debug, Clone)]
pub struct DispatchSettings {
    /// How many are handed over at once.
    pub at_once: usize,
    /// How many are claimed at a time.
    pub batch: u64,
    /// For how long a claim holds if the one who has it is not heard of any more.
    pub lease: TimeDelta,
    /// How often it is looked whether something waits.
    pub look: Duration,
    /// How fast they go to one domain.
    pub pace: Limit,
}

impl Default for DispatchSettings {
    fn default() -> Self {
        Self {
            at_once: 16,
            batch: 200,
            lease: TimeDelta::seconds(60),
            look: Duration::from_secs(1),
            pace: Limit::default(),
        }
    }
}

/// What became of mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Mail servers took them on.
    pub sent: u64,
    /// They are tried again.
    pub again: u64,
    /// They were given up, or not sent at all.
    pub not_sent: u64,
}

/// Who sends the mails of an installation. There may be any number of them on one database.
#[derive(Debug)]
pub struct Dispatcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    writer: Writer,
    templates: Shelf,
    transport: Transport,
    pace: Mutex<Pace>,
    settings: DispatchSettings,
}

/// A mail that was claimed and written.
#[derive(Debug)]
struct Claimed {
    outgoing: Outgoing,
    ready: Ready,
}

/// How long what is being handed over may take to finish, once the program is to stop.
const GRACE: Duration = Duration::from_secs(20);

/// After how long something is looked at again, whatever happens.
const MOMENT: Duration = Duration::from_millis(200);

/// For so long, or for so many mails, what became of them is gathered before it is put down together: each
/// time, the database waits for its disk. If the program dies meanwhile, these are in doubt.
const GATHER: Duration = Duration::from_millis(15);
const GATHERED: usize = 50;

impl Dispatcher {
    /// One that sends what is in a store by a transport.
    pub fn new(
        store: Store,
        writer: Writer,
        transport: Transport,
        settings: DispatchSettings,
    ) -> Self {
        let pace = Pace::new(settings.pace, []);
        Self(Arc::new(Inner {
            store,
            writer,
            templates: Shelf::default(),
            transport,
            pace: Mutex::new(pace),
            settings,
        }))
    }

    /// Sends until it is told to stop; what is being handed over then is finished.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Tally {
        let mut stop = std::pin::pin!(stop);
        let mut round = Round::new(&self.0);
        loop {
            let stopped = round.step(&mut stop).await;
            if stopped {
                break;
            }
            let look = self.0.settings.look;
            if round.is_idle() {
                self.0.transport.tidy().await;
                if timeout(look, &mut stop).await.is_ok() {
                    break;
                }
            }
        }
        round.finish().await;
        self.0.transport.close().await;
        round.tally
    }

    /// Sends what is due now, and what becomes due meanwhile, until nothing is. What was put off, since its
    /// domain takes no more now, is left for another time.
    pub async fn drain(&self) -> Tally {
        let mut never = std::pin::pin!(std::future::pending());
        let mut round = Round::new(&self.0);
        loop {
            round.step(&mut never).await;
            if round.is_idle() {
                break;
            }
        }
        round.finish().await;
        round.tally
    }
}

/// The mails that one dispatcher has claimed.
struct Round {
    inner: Arc<Inner>,
    waiting: VecDeque<Claimed>,
    /// Mails that are being claimed and written, while those before them are on the way.
    claiming: JoinSet<Batch>,
    on_the_way: JoinSet<Settled>,
    /// Which are on the way, with the domains that they go to.
    domains: HashMap<DeliveryId, (Claim, String)>,
    /// The tasks that hand them over.
    tasks: HashMap<Id, DeliveryId>,
    /// Until when mails for a domain that is full were put off: the next one comes after them.
    put_off: HashMap<String, DateTime<Utc>>,
    /// What became of mails, and is not put down yet: until it is, they would be sent again if the program
    /// died.
    settled: Vec<Settled>,
    /// Since when something waits to be put down.
    settled_since: Option<Instant>,
    /// What is being put down. One after the other: what comes meanwhile is put down together next.
    settling: JoinSet<(Vec<Settled>, Result<(), Fault>)>,
    /// Until when the claims hold.
    held_until: DateTime<Utc>,
    renewed: Instant,
    tally: Tally,
    /// When nothing was due the last time that it was looked.
    dry_at: Option<Instant>,
    /// When something happened last: what is due may be other mails since.
    busy_at: Instant,
    /// Whether there was more to be had than was claimed.
    has_more: bool,
}

/// Mails that were claimed together.
#[derive(Debug, Default)]
struct Batch {
    claimed: Vec<Claimed>,
    not_sent: Vec<Settled>,
    /// Until when the claims hold.
    held_until: DateTime<Utc>,
    /// Whether there was nothing to claim.
    is_dry: bool,
    /// Whether it is all that could be had at once.
    is_full: bool,
}

impl Round {
    fn new(inner: &Arc<Inner>) -> Self {
        Self {
            inner: Arc::clone(inner),
            waiting: VecDeque::new(),
            claiming: JoinSet::new(),
            on_the_way: JoinSet::new(),
            domains: HashMap::new(),
            tasks: HashMap::new(),
            put_off: HashMap::new(),
            settled: Vec::new(),
            settled_since: None,
            settling: JoinSet::new(),
            held_until: inner.store.now(),
            renewed: Instant::now(),
            tally: Tally::default(),
            dry_at: None,
            busy_at: Instant::now(),
            has_more: false,
        }
    }

    /// Whether there is nothing to do, and nothing was due when it was looked after that.
    fn is_idle(&self) -> bool {
        self.rests() && self.is_dry()
    }

    fn rests(&self) -> bool {
        self.waiting.is_empty()
            && self.claiming.is_empty()
            && self.on_the_way.is_empty()
            && self.settled.is_empty()
            && self.settling.is_empty()
    }

    fn is_dry(&self) -> bool {
        self.dry_at.is_some_and(|at| at >= self.busy_at)
    }

    /// Claims, starts, waits for one thing to happen, and settles. Whether it was told to stop.
    async fn step(&mut self, stop: &mut (impl Future<Output = ()> + Unpin)) -> bool {
        self.claim();
        self.start().await;
        let stopped = self.wait(stop).await;
        self.settle();
        self.renew().await;
        stopped
    }

    /// Waits until a mail is handed over, some are claimed or something is put down, or for a moment.
    /// Whether it was told to stop.
    async fn wait(&mut self, stop: &mut (impl Future<Output = ()> + Unpin)) -> bool {
        if self.rests() {
            return false;
        }
        let mut stopped = false;
        let moment = if self.settled.is_empty() {
            MOMENT
        } else {
            GATHER
        };
        // If all that wait are for domains that take no more now, there is only the moment.
        tokio::select! {
            Some(joined) = self.on_the_way.join_next_with_id() => self.is_done(joined),
            Some(joined) = self.claiming.join_next() => self.is_claimed(joined),
            Some(joined) = self.settling.join_next() => self.is_settled(joined),
            waited = timeout(moment, stop) => stopped = waited.is_ok(),
        }
        while let Some(joined) = self.on_the_way.try_join_next_with_id() {
            self.is_done(joined);
        }
        stopped
    }

    /// Finishes what is on the way, and lets go of the rest.
    async fn finish(&mut self) {
        let now = self.inner.store.now();
        while let Some(joined) = self.claiming.join_next().await {
            self.is_claimed(joined);
        }
        let waiting = self.waiting.drain(..);
        let back: Vec<_> = waiting.map(|one| (one.outgoing.claim, now)).collect();
        note(self.inner.store.put_back(&back).await);
        self.settled_since = None;
        let mut never = std::pin::pin!(std::future::pending());
        let began = Instant::now();
        while !(self.on_the_way.is_empty() && self.settled.is_empty() && self.settling.is_empty())
            && began.elapsed() < GRACE
        {
            self.settle();
            self.wait(&mut never).await;
            self.renew().await;
        }
    }

    /// Begins to claim further mails when few are left, unless some are being claimed; where nothing was
    /// due, not again at once.
    fn claim(&mut self) {
        let settings = &self.inner.settings;
        let most = usize::try_from(settings.batch).unwrap_or(usize::MAX);
        let has_enough = self.waiting.len() > most / 2;
        let was_dry = self.dry_at.is_some_and(|at| at.elapsed() < settings.look);
        let is_needless = was_dry && (self.is_dry() || !self.rests());
        if has_enough || is_needless || !self.claiming.is_empty() {
            return;
        }
        let inner = Arc::clone(&self.inner);
        let look_first = !self.has_more;
        self.claiming
            .spawn(async move { inner.claim(look_first).await });
    }

    fn is_claimed(&mut self, joined: Result<Batch, JoinError>) {
        let batch = joined.unwrap_or_else(|broke| {
            // What was claimed is tried again when the claim has run out.
            tracing::error!(error = %broke, "claiming mails broke");
            Batch {
                is_dry: true,
                ..Batch::default()
            }
        });
        self.has_more = batch.is_full;
        if batch.is_dry {
            self.dry_at = Some(Instant::now());
            return;
        }
        self.busy_at = Instant::now();
        if self.waiting.is_empty() && self.on_the_way.is_empty() {
            self.held_until = batch.held_until;
            self.renewed = Instant::now();
        }
        // Those before them may have been renewed since these were claimed.
        self.held_until = self.held_until.min(batch.held_until);
        self.waiting.extend(batch.claimed);
        for one in batch.not_sent {
            self.put_down(one);
        }
    }

    /// Starts as many as may be on the way, each when it is its domain's turn.
    async fn start(&mut self) {
        let now = self.inner.store.now();
        if now >= self.held_until {
            // Somebody else may have claimed them. Nothing is lost: they are in the database.
            self.waiting.clear();
        }
        let pace = self.inner.settings.pace;
        self.put_off.retain(|_, until| *until > now);
        let mut later: BTreeMap<String, u32> = BTreeMap::new();
        let mut back = Vec::new();
        let mut full = VecDeque::new();
        while self.on_the_way.len() < self.inner.settings.at_once
            && let Some(one) = self.waiting.pop_front()
        {
            let domain = one.ready.to.domain().to_owned();
            let turn = self.inner.pace().ask(&domain, now);
            match turn {
                Turn::Go => {
                    let claim = one.outgoing.claim;
                    self.domains.insert(claim.id, (claim, domain));
                    let inner = Arc::clone(&self.inner);
                    let task = self.on_the_way.spawn(async move { inner.send(one).await });
                    self.tasks.insert(task.id(), claim.id);
                }
                Turn::Full | Turn::At(_) => {
                    let nth = later.entry(domain.clone()).or_default();
                    *nth += 1;
                    // A few stay at hand. The others would only keep those for other domains waiting.
                    if turn == Turn::Full && *nth <= pace.at_once.saturating_mul(2) {
                        full.push_back(one);
                        continue;
                    }
                    let due = if let Turn::At(due) = turn { due } else { now };
                    // One after the other: they would all come back at once otherwise.
                    let interval =
                        TimeDelta::milliseconds(60_000 / i64::from(pace.per_minute.max(1)));
                    let last = self.put_off.get(&domain).copied();
                    let due = last.map_or(due, |last| due.max(last + interval));
                    self.put_off.insert(domain, due);
                    back.push((one.outgoing.claim, due));
                }
            }
        }
        full.append(&mut self.waiting);
        self.waiting = full;
        note(self.inner.store.put_back(&back).await);
    }

    fn is_done(&mut self, joined: Result<(Id, Settled), JoinError>) {
        let task = match &joined {
            Ok((task, _)) => *task,
            Err(broke) => broke.id(),
        };
        let mail = self.tasks.remove(&task);
        let gone = mail.and_then(|mail| self.domains.remove(&mail));
        if let Some((_, domain)) = &gone {
            self.inner.pace().done(domain);
        }
        match (joined, gone) {
            (Ok((_, settled)), _) => self.put_down(settled),
            // Whether it was handed over, nobody knows.
            (Err(broke), Some((claim, _))) => {
                tracing::error!(error = %broke, "sending a mail broke");
                self.put_down(settled::broke(claim, self.inner.store.now()));
            }
            (Err(broke), None) => tracing::error!(error = %broke, "sending a mail broke"),
        }
    }

    fn put_down(&mut self, settled: Settled) {
        let counted = if settled.state == DeliveryState::Sent {
            &mut self.tally.sent
        } else if settled.state.is_open() {
            &mut self.tally.again
        } else {
            &mut self.tally.not_sent
        };
        *counted += 1;
        self.settled_since.get_or_insert_with(Instant::now);
        self.settled.push(settled);
    }

    /// Begins to put down what became of mails, once some are gathered, unless something is being put
    /// down.
    fn settle(&mut self) {
        let is_gathered = self.settled.len() >= GATHERED
            || self.on_the_way.is_empty()
            || self
                .settled_since
                .is_none_or(|since| since.elapsed() >= GATHER);
        if self.settled.is_empty() || !is_gathered || !self.settling.is_empty() {
            return;
        }
        self.settled_since = None;
        let settled = std::mem::take(&mut self.settled);
        let inner = Arc::clone(&self.inner);
        self.settling.spawn(async move {
            let done = inner.store.settle_deliveries(&settled).await;
            if done.is_err() {
                // The database is away, perhaps: it is not asked again at once.
                drop(timeout(MOMENT, std::future::pending::<()>()).await);
            }
            (settled, done)
        });
    }

    fn is_settled(&mut self, joined: Result<(Vec<Settled>, Result<(), Fault>), JoinError>) {
        self.busy_at = Instant::now();
        match joined {
            Ok((_, Ok(()))) => {}
            // What was sent is sent: it is put down when the database is back.
            Ok((settled, Err(fault))) => {
                note::<()>(Err(fault));
                self.settled.extend(settled);
            }
            Err(broke) => tracing::error!(error = %broke, "putting down what was sent broke"),
        }
    }

    async fn renew(&mut self) {
        let lease = self.inner.settings.lease;
        let third = lease.to_std().unwrap_or_default() / 3;
        if self.renewed.elapsed() < third {
            return;
        }
        let waiting = self.waiting.iter().map(|one| one.outgoing.claim);
        let settled = self.settled.iter().map(|one| one.claim);
        let on_the_way = self.domains.values().map(|(claim, _)| *claim);
        let held: Vec<_> = on_the_way.chain(waiting).chain(settled).collect();
        let now = self.inner.store.now();
        match self.inner.store.renew_claims(&held, lease).await {
            Ok(kept) => {
                // What is another's by now is not begun.
                self.waiting
                    .retain(|one| kept.contains(&one.outgoing.claim.id));
                self.held_until = now + lease;
                self.renewed = Instant::now();
            }
            Err(fault) => note(Err(fault)),
        }
    }
}

/// A fault of the store is logged, and what was to be done is tried again.
fn note<T: Default>(done: Result<T, Fault>) -> T {
    done.unwrap_or_else(|fault| {
        tracing::error!(error = %fault, "the database does not do what sending mail needs");
        T::default()
    })
}

impl Inner {
    fn pace(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, one: Claimed) -> Settled {
        let Claimed { outgoing, ready } = one;
        let domain = ready.to.domain().to_owned();
        let envelope = Envelope {
            message_id: ready.message_id,
            from: ready.from,
            to: ready.to,
        };
        let outcome = self.transport.send(&envelope, &ready.raw).await;
        let now = self.store.now();
        let settled = settled::settled(&outgoing, &envelope.to, &outcome, now);
        if settled.slower {
            self.pace().slow_down(&domain, now);
        }
        settled.settled
    }
}
