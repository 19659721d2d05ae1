//! How fast mail goes to one domain: so many at once, so many in a minute, and fewer for a while
//! when the domain says that it is too much.
//!
//! Pure: the time is a parameter, and nothing waits. Who sends asks before each mail, and says when
//! it is done.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

/// How fast mail may go to a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Mails on the way at once.
    pub at_once: u32,
    /// Mails in a minute, on average.
    pub per_minute: u32,
    /// Mails in a row, after a while without any.
    pub burst: u32,
}

impl Default for Limit {
    fn default() -> Self {
        Self {
            at_once: 4,
            per_minute: 120,
            burst: 20,
        }
    }
}

/// Whether a mail may go now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Yes: and it counts as on the way, until [`Pace::done`] is called.
    Go,
    /// Not before then.
    At(DateTime<Utc>),
    /// When another one is done.
    Full,
}

/// The pace of every domain.
#[derive(Debug, Default)]
pub struct Pace {
    usual: Limit,
    limits: HashMap<String, Limit>,
    domains: HashMap<String, Domain>,
}

#[derive(Debug, Clone, Copy)]
struct Domain {
    on_the_way: u32,
    /// When the mails so far would all have gone, one by one at the domain's rate.
    earned: DateTime<Utc>,
    /// How often the rate is halved.
    halved: u32,
    /// Since when it has been at this rate.
    since: DateTime<Utc>,
}

/// How often a rate is halved at most: to a sixty-fourth.
const MOST_HALVED: u32 = 6;
/// How long nothing goes after a domain said that it is too much.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// After how long without a complaint the rate doubles again.
const RECOVERY: TimeDelta = TimeDelta::minutes(15);
/// More domains than this are not remembered longer than they need be.
const MANY: usize = 4_096;

impl Pace {
    /// One limit for every domain, but for those that have their own.
    pub fn new(usual: Limit, limits: impl IntoIterator<Item = (String, Limit)>) -> Self {
        Self {
            usual,
            limits: limits.into_iter().collect(),
            domains: HashMap::new(),
        }
    }

    /// Asks whether a mail to a domain may go now.
    pub fn ask(&mut self, domain: &str, now: DateTime<Utc>) -> Turn {
        let limit = self.limit(domain);
        if self.domains.len() >= MANY {
            self.domains.retain(|_, state| !state.is_forgettable(now));
        }
        let state = self.domains.entry(domain.to_owned()).or_insert(Domain {
            on_the_way: 0,
            earned: now,
            halved: 0,
            since: now,
        });
        if state.on_the_way >= limit.at_once.max(1) {
            return Turn::Full;
        }
        state.recover(now);
        let due = state.due(limit);
        if due > now {
            return Turn::At(due);
        }
        state.earned = state.earned.max(now) + state.interval(limit);
        state.on_the_way += 1;
        Turn::Go
    }

    /// A mail to a domain is on the way no more, whatever became of it.
    pub fn done(&mut self, domain: &str) {
        if let Some(state) = self.domains.get_mut(domain) {
            state.on_the_way = state.on_the_way.saturating_sub(1);
        }
    }

    /// The domain said that it is too much: nothing goes for a minute, then half as much.
    pub fn slow_down(&mut self, domain: &str, now: DateTime<Utc>) {
        if let Some(state) = self.domains.get_mut(domain) {
            // Several mails on the way may be told the same, and it is meant once.
            if state.halved == 0 || now - state.since >= PAUSE {
                state.halved = (state.halved + 1).min(MOST_HALVED);
                state.since = now;
            }
            state.earned = state.earned.max(now + PAUSE);
        }
    }

    /// The domains to which no mail may go now: it need not even be fetched.
    pub fn waiting(&self, now: DateTime<Utc>) -> impl Iterator<Item = &str> {
        self.domains.iter().filter_map(move |(domain, state)| {
            let limit = self.limit(domain);
            let waits = state.on_the_way >= limit.at_once.max(1) || state.due(limit) > now;
            waits.then_some(domain.as_str())
        })
    }

    fn limit(&self, domain: &str) -> Limit {
        self.limits.get(domain).copied().unwrap_or(self.usual)
    }
}

impl Domain {
    fn interval(&self, limit: Limit) -> TimeDelta {
        limit_interval(limit) * (1 << self.halved.min(MOST_HALVED))
    }

    /// When the next mail may go. What was not used is kept, up to a burst; at a halved rate there
    /// is none.
    fn due(&self, limit: Limit) -> DateTime<Utc> {
        let burst = if self.halved == 0 {
            limit.burst.max(1)
        } else {
            1
        };
        self.earned - limit_interval(limit) * i32::try_from(burst - 1).unwrap_or(i32::MAX)
    }

    fn recover(&mut self, now: DateTime<Utc>) {
        while self.halved > 0 && now - self.since >= RECOVERY {
            self.halved -= 1;
            self.since += RECOVERY;
        }
    }

    fn is_forgettable(&self, now: DateTime<Utc>) -> bool {
        self.on_the_way == 0 && self.earned <= now && self.halved == 0
    }
}

fn limit_interval(limit: Limit) -> TimeDelta {
    TimeDelta::microseconds(60_000_000 / i64::from(limit.per_minute.max(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_784_682_000, 0).unwrap()
    }

    fn limit(at_once: u32, per_minute: u32, burst: u32) -> Limit {
        Limit {
            at_once,
            per_minute,
            burst,
        }
    }

    #[test]
    fn a_burst_then_the_rate() {
        let mut pace = Pace::new(limit(10, 60, 3), []);
        let asked: Vec<_> = (0..4).map(|_| pace.ask("example.org", start())).collect();
        let then = start() + TimeDelta::seconds(1);
        assert_eq!(asked, [Turn::Go, Turn::Go, Turn::Go, Turn::At(then)]);
        assert_eq!(pace.ask("example.org", then), Turn::Go);
        // One domain does not wait for another.
        assert_eq!(pace.ask("example.com", start()), Turn::Go);
        assert_eq!(pace.waiting(then).collect::<Vec<_>>(), ["example.org"]);
    }

    #[test]
    fn so_many_at_once() {
        let mut pace = Pace::new(
            Limit::default(),
            [("one.example".to_owned(), limit(1, 600, 5))],
        );
        assert_eq!(pace.ask("one.example", start()), Turn::Go);
        assert_eq!(pace.ask("one.example", start()), Turn::Full);
        pace.done("one.example");
        assert_eq!(pace.ask("one.example", start()), Turn::Go);
    }

    #[test]
    fn a_domain_that_complains_gets_less_and_in_time_as_much_as_before() {
        let mut pace = Pace::new(limit(100, 60, 1), []);
        assert_eq!(pace.ask("qq.example", start()), Turn::Go);
        pace.slow_down("qq.example", start());
        pace.slow_down("qq.example", start());
        let after = start() + TimeDelta::minutes(1);
        assert_eq!(pace.ask("qq.example", start()), Turn::At(after));
        assert_eq!(pace.ask("qq.example", after), Turn::Go);
        let half = after + TimeDelta::seconds(2);
        assert_eq!(pace.ask("qq.example", after), Turn::At(half));
        // Again, and by then it is a quarter.
        pace.slow_down("qq.example", after);
        let then = after + TimeDelta::minutes(1);
        assert_eq!(pace.ask("qq.example", then), Turn::Go);
        assert_eq!(
            pace.ask("qq.example", then),
            Turn::At(then + TimeDelta::seconds(4))
        );
        let recovered = then + TimeDelta::minutes(31);
        assert_eq!(pace.ask("qq.example", recovered), Turn::Go);
        assert_eq!(
            pace.ask("qq.example", recovered),
            Turn::At(recovered + TimeDelta::seconds(1))
        );
    }

    #[test]
    fn domains_that_nobody_writes_to_any_more_are_forgotten() {
        let mut pace = Pace::default();
        for number in 0..MANY {
            let domain = format!("{number}.example");
            assert_eq!(pace.ask(&domain, start()), Turn::Go);
            pace.done(&domain);
        }
        pace.ask("another.example", start() + TimeDelta::minutes(1));
        assert_eq!(pace.domains.len(), 1);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Ask,
        Done,
        Slow,
        Wait(i64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            6 => Just(Step::Ask),
            4 => Just(Step::Done),
            1 => Just(Step::Slow),
            3 => (0_i64..5_000).prop_map(Step::Wait),
            1 => (0_i64..5_000_000).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 1..300)
    }

    proptest! {
        /// Never more at once, and in no span of time more than a burst and the rate allow.
        #[test]
        fn no_limit_is_exceeded(
            at_once in 1_u32..6, per_minute in 1_u32..1_000, burst in 1_u32..10, steps in steps()
        ) {
            let mut pace = Pace::new(limit(at_once, per_minute, burst), []);
            let (mut now, mut on_the_way) = (start(), 0_u32);
            let mut gone: Vec<DateTime<Utc>> = Vec::new();
            for step in steps {
                match step {
                    Step::Ask => match pace.ask("example.org", now) {
                        Turn::Go => {
                            on_the_way += 1;
                            gone.push(now);
                        }
                        Turn::Full => prop_assert_eq!(on_the_way, at_once),
                        Turn::At(then) => prop_assert!(then > now),
                    },
                    Step::Done => {
                        pace.done("example.org");
                        on_the_way = on_the_way.saturating_sub(1);
                    }
                    Step::Slow => pace.slow_down("example.org", now),
                    Step::Wait(milliseconds) => now += TimeDelta::milliseconds(milliseconds),
                }
                prop_assert!(on_the_way <= at_once);
            }
            for (first, from) in gone.iter().enumerate() {
                for (last, to) in gone.iter().enumerate().skip(first) {
                    let span = (*to - *from).num_microseconds().unwrap();
                    let interval = 60_000_000 / i64::from(per_minute);
                    let allowed = i64::from(burst) + span / interval;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= allowed);
                }
            }
        }

        /// Whoever waits as long as they are told may go, if nobody else went.
        #[test]
        fn nobody_waits_twice(per_minute in 1_u32..1_000, burst in 1_u32..10, slow in 0..8) {
            let mut pace = Pace::new(limit(1_000, per_minute, burst), []);
            let mut now = start();
            for round in 0..40 {
                if round < slow {
                    pace.slow_down("example.org", now);
                }
                if let Turn::At(then) = pace.ask("example.org", now) {
                    now = then;
                    prop_assert_eq!(pace.ask("example.org", now), Turn::Go);
                }
            }
        }
    }
}
