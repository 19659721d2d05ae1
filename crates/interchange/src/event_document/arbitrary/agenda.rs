//! What happens, at random. Keys are made different when the document is tidied up.

use domain::event_document::{
    AppearanceEntry, AppearingKey, AwardEntry, ItemEntry, ReleaseEntry, ResolutionEntry, TrackEntry,
};
use domain::link::Link;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::directory::maybe_party;
use super::{Pools, maybe, some, span, text, word};

pub(super) fn tracks(pools: &Pools) -> BoxedStrategy<Vec<TrackEntry>> {
    let entries = pools.tracks.iter().map(|key| {
        let key = key.clone();
        (text::line(), option::of("#[0-9a-fA-F]{6}"))
            .prop_map(move |(name, color)| TrackEntry {
                key: key.clone(),
                name,
                color,
            })
            .boxed()
    });
    entries.collect::<Vec<_>>().boxed()
}

pub(super) fn items(pools: &Pools) -> BoxedStrategy<Vec<ItemEntry>> {
    let leaf = item(pools);
    let tree = leaf.prop_recursive(3, 12, 3, |below| {
        (below.clone(), vec(below, 0..3)).prop_map(|(item, items)| ItemEntry { items, ..item })
    });
    vec(tree, 0..4).boxed()
}

fn item(pools: &Pools) -> BoxedStrategy<ItemEntry> {
    let texts = (
        option::of(text::localized(text::line().boxed())),
        option::of(text::localized(text::line().boxed())),
        option::of(text::localized(text::passage().boxed())),
        option::of(text::language()),
    );
    let pages = (option::of(url()), links(), links());
    let place = (
        span(&pools.time),
        maybe(&pools.rooms),
        maybe(&pools.tracks),
        option::of(1..=i32::MAX),
    );
    let contents = (appearances(pools), releases(), awards(pools), resolutions());
    (text::key(), word(), texts, place, pages, contents)
        .prop_map(|(key, kind, texts, place, pages, contents)| ItemEntry {
            key,
            kind,
            title: texts.0,
            subtitle: texts.1,
            summary: texts.2,
            language: texts.3,
            starts_at: place.0.0,
            ends_at: place.0.1,
            room: place.1,
            track: place.2,
            expected_audience: place.3,
            url: pages.0,
            links: pages.1,
            attachments: pages.2,
            appearances: contents.0,
            releases: contents.1,
            awards: contents.2,
            resolutions: contents.3,
            items: Vec::new(),
        })
        .boxed()
}

fn links() -> BoxedStrategy<Vec<Link>> {
    let link = (url(), option::of(text::line()), option::of(text::line()));
    let link = link.prop_map(|(url, title, kind)| Link { url, title, kind });
    vec(link, 0..3).boxed()
}

pub(super) fn appearances(pools: &Pools) -> BoxedStrategy<Vec<AppearanceEntry>> {
    let people = pools.people.iter().cloned().map(AppearingKey::Person);
    let organizations = pools
        .organizations
        .iter()
        .cloned()
        .map(AppearingKey::Organization);
    let groups = pools.groups.iter().cloned().map(AppearingKey::Group);
    let anyone: Vec<_> = people.chain(organizations).chain(groups).collect();
    if anyone.is_empty() {
        return Just(Vec::new()).boxed();
    }
    let printed = (
        option::of(text::line()),
        option::of(vec(text::line(), 0..3)),
    );
    let entry = (word(), select(anyone), maybe_party(pools), printed);
    let entry = entry.prop_map(|(role, who, on_behalf_of, printed)| AppearanceEntry {
        role,
        who,
        on_behalf_of,
        printed_name: printed.0,
        printed_posts: printed.1,
    });
    vec(entry, 0..3).boxed()
}

pub(super) fn releases() -> BoxedStrategy<Vec<ReleaseEntry>> {
    let url = option::of(url());
    let entry = (
        text::key(),
        text::localized(text::line().boxed()),
        option::of(text::line()),
        url,
        option::of(any::<bool>()),
    );
    let entry = entry.prop_map(|(key, title, kind, url, recurring)| ReleaseEntry {
        key,
        title,
        kind,
        url,
        recurring,
    });
    vec(entry, 0..2).boxed()
}

pub(super) fn url() -> impl Strategy<Value = String> {
    "https?://[a-z]{1,9}\\.example/[a-z0-9#?&=%:,'\\[\\]-]{0,20}"
}

pub(super) fn awards(pools: &Pools) -> BoxedStrategy<Vec<AwardEntry>> {
    let texts = (
        text::localized(text::line().boxed()),
        option::of(text::line()),
        option::of(text::localized(text::passage().boxed())),
    );
    let entry = (
        text::key(),
        word(),
        texts,
        some(&pools.organizations),
        vec(maybe_party(pools), 0..3),
    );
    let entry = entry.prop_map(|(key, kind, texts, grantors, recipients)| AwardEntry {
        key,
        kind,
        title: texts.0,
        level: texts.1,
        citation: texts.2,
        grantors,
        recipients: recipients.into_iter().flatten().collect(),
    });
    vec(entry, 0..2).boxed()
}

pub(super) fn resolutions() -> BoxedStrategy<Vec<ResolutionEntry>> {
    vec(
        (text::key(), text::passage()).prop_map(|(key, text)| ResolutionEntry { key, text }),
        0..2,
    )
    .boxed()
}
