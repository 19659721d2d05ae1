//! Letters, tasks and reports at random.

use domain::appointment_letter::LetterStatus;
use domain::event_document::{ActionItemEntry, LetterEntry, ReportEntry};
use domain::report::{Credit, KeyFigure};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Pools, agenda, clock, date, later, maybe, some, term, text, word};

/// Letters for every key, if there is anybody to appoint and anything to appoint them to.
pub(super) fn letters(pools: &Pools) -> BoxedStrategy<Vec<LetterEntry>> {
    let (people, organizations) = (&pools.people, &pools.organizations);
    if people.is_empty() || organizations.is_empty() {
        return Just(Vec::new()).boxed();
    }
    let entries = pools.letters.iter().map(|key| {
        let key = key.clone();
        let parties = (
            select(people.clone()),
            select(organizations.clone()),
            some(organizations),
        );
        let texts = (
            text::line(),
            option::of(text::line()),
            option::of(text::line()),
        );
        (parties, texts, term(), option::of(status()))
            .prop_map(
                move |(parties, texts, (since, until), status)| LetterEntry {
                    key: key.clone(),
                    appointee: parties.0,
                    body: parties.1,
                    post: texts.0,
                    since,
                    until,
                    issuers: parties.2,
                    signatory: texts.1,
                    number: texts.2,
                    status,
                },
            )
            .boxed()
    });
    entries.collect::<Vec<_>>().boxed()
}

fn status() -> impl Strategy<Value = LetterStatus> {
    let revoked = (date(), 0_u64..1_000, option::of(text::passage()));
    prop_oneof![
        Just(LetterStatus::Draft),
        date().prop_map(|on| LetterStatus::Issued { on }),
        revoked.prop_map(|(issued_on, days, reason)| LetterStatus::Revoked {
            issued_on,
            on: later(issued_on, days),
            reason,
        }),
    ]
}

pub(super) fn action_items(pools: &Pools) -> BoxedStrategy<Vec<ActionItemEntry>> {
    let texts = (text::key(), text::passage(), option::of(text::passage()));
    let entry = (
        texts,
        option::of(word()),
        maybe(&pools.people),
        some(&pools.organizations),
        option::of(date()),
        option::of(any::<bool>()),
    );
    let entry =
        entry.prop_map(
            |(texts, status, set_by, responsible, due_on, recurring)| ActionItemEntry {
                key: texts.0,
                description: texts.1,
                status,
                progress: texts.2,
                set_by,
                responsible,
                due_on,
                recurring,
            },
        );
    vec(entry, 0..3).boxed()
}

pub(super) fn reports() -> BoxedStrategy<Vec<ReportEntry>> {
    let texts = (
        text::key(),
        option::of(text::line()),
        text::line(),
        text::language(),
    );
    let published = (date(), option::of(clock()), any::<bool>(), any::<bool>());
    let credit = (text::line(), text::line()).prop_map(|(role, name)| Credit { role, name });
    let figure = (
        text::line(),
        text::line(),
        option::of(text::line()),
        option::of(text::passage()),
    );
    let figure = figure.prop_map(|(label, value, unit, note)| KeyFigure {
        label,
        value,
        unit,
        note,
    });
    let contents = (
        vec(credit, 0..3),
        vec(figure, 0..3),
        vec(text::line(), 0..3),
    );
    let entry = (texts, published, option::of(agenda::url()), contents);
    let entry =
        entry.prop_map(
            |(texts, (day, time, with_day, with_time), url, contents)| ReportEntry {
                key: texts.0,
                title: texts.1,
                publisher: texts.2,
                published_on: with_day.then_some(day),
                published_at: time.filter(|_| with_time).map(|time| day.and_time(time)),
                language: texts.3,
                url,
                credits: contents.0,
                key_figures: contents.1,
                documents_cited: contents.2,
            },
        );
    vec(entry, 0..3).boxed()
}
