//! `convoke letters issue`: issuing what is drafted at an event, and making the documents at once.

use chrono::TimeDelta;
use domain::credential::PaperLanguages;
use domain::time::Clock as _;
use persistence::{Effect, Error, Issue, IssueWhat, Store};
use registrar::Registrar;

use crate::ambient::SystemClock;
use crate::cli::{DatabaseSettings, IssueArguments, IssueKind, LettersArguments, LettersCommand};
use crate::command::{OPERATOR, open_existing, workspace_of};
use crate::failure::Failure;
use crate::output::{note, progress_bar, say};
use crate::paper::office;

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: LettersArguments,
) -> Result<(), Failure> {
    let store = open_existing(settings).await?;
    match arguments.command {
        LettersCommand::Issue(arguments) => issue(&store, arguments).await,
    }
}

async fn issue(store: &Store, arguments: IssueArguments) -> Result<(), Failure> {
    let site = arguments.site.public_url.clone();
    let site = site.ok_or(Failure::Missing {
        setting: "--public-url (CONVOKE_PUBLIC_URL)",
        reason: "the square code on each paper leads there",
    })?;
    let workspace = workspace_of(store, arguments.workspace.as_ref()).await?;
    let found = store
        .events_by_slug(&OPERATOR, &arguments.event, Some(&workspace.slug))
        .await?;
    let event = found.into_iter().next().ok_or_else(|| {
        Failure::Refused(format!(
            "there is no event `{}` in {}",
            arguments.event, workspace.slug
        ))
    })?;
    let office = office(&arguments.paper, &site, SystemClock.now())?;
    let issue = Issue {
        event: Some(event.id),
        what: match arguments.kind {
            IssueKind::Letters => IssueWhat::Letters(None),
            IssueKind::Awards => IssueWhat::Awards(None),
            IssueKind::Attendance => IssueWhat::Attendance(None),
        },
        on: arguments.date,
        languages: arguments.languages.map(PaperLanguages::from),
        send: arguments.send,
        effect: if arguments.dry_run {
            Effect::Rehearse
        } else {
            Effect::Apply
        },
    };
    let issued = store
        .issue_credentials(&OPERATOR, issue, &office, None)
        .await
        .map_err(|error| match error {
            Error::Refused(refusals) => Failure::Refused(refusals.to_string()),
            Error::Denied(denied) => Failure::Refused(denied.to_string()),
            Error::Fault(fault) => fault.into(),
        })?;
    for one in &issued.credentials {
        say(&format!(
            "{}  {}  {}",
            one.number,
            one.paper.holder.main_text(),
            one.paper.title.main_text()
        ));
    }
    let unreachable = |id| issued.unreachable.contains(id);
    for one in issued.credentials.iter().filter(|one| unreachable(&one.id)) {
        let holder = one.paper.holder.main_text();
        note(&format!(
            "{holder} is not written to: no address takes mail"
        ));
    }
    if arguments.dry_run {
        note("nothing was issued: it was only tried");
        return Ok(());
    }
    if issued.job.is_none() {
        note("there is nothing to issue");
    }
    // Also what waits from another time: whoever was to make it may have died over it.
    let open = store.open_prints(event.id).await?;
    let bar = progress_bar(open, "{spinner} {pos} of {len} documents");
    let lease = TimeDelta::seconds(arguments.paper.paper_lease.into());
    let registrar = Registrar::new(store.clone(), office).with_lease(lease);
    let finished = registrar
        .finish(event.id, |tally| bar.set_position(tally.made))
        .await;
    bar.finish_and_clear();
    let tally = finished?;
    note(&format!("documents made: {}", tally.made));
    if let Some(job) = issued.job
        && let Some(job) = store.jobs(&OPERATOR, &[job]).await?.first()
        && job.failed > 0
    {
        let why = job.fault.clone().unwrap_or_default();
        return Err(Failure::Refused(format!(
            "{} of {} documents cannot be made: {why}",
            job.failed, job.total
        )));
    }
    Ok(())
}
