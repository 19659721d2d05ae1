//! `convoke demo`: the product at work, with five real events, on a machine with nothing else.

use std::sync::Arc;

use credentials::SigningKey;
use domain::Slug;
use domain::access::{Grant, Role};
use domain::account::Account;
use domain::event::EventState;
use domain::id::WorkspaceId;
use domain::workspace::Workspace;
use notifier::transport::TransportSettings;
use persistence::{
    AccountCreateRefused, Effect, Error, EventImport, Missing, NewToken, Random as _, Store,
    WorkspaceCreateRefused,
};

use crate::ambient::SystemRandom;
use crate::cli::{DatabaseSettings, DemoArguments};
use crate::command::serve::{Outgoing, listen, serve};
use crate::command::{OPERATOR, open};
use crate::failure::Failure;
use crate::mail::dispatcher;
use crate::output::{note, say};
use crate::paper::office;

/// The events, as documents: the same files that the repository shows as examples.
const EVENTS: [(&str, &str); 5] = [
    (
        "hengyang-exchange-2024",
        include_str!("../../../../examples/hengyang-exchange-2024.yaml"),
    ),
    (
        "jimei-forum-2024",
        include_str!("../../../../examples/jimei-forum-2024.yaml"),
    ),
    (
        "qingyuan-visit-2024",
        include_str!("../../../../examples/qingyuan-visit-2024.yaml"),
    ),
    (
        "hengyang-high-school-2019",
        include_str!("../../../../examples/hengyang-high-school-2019.yaml"),
    ),
    (
        "henan-group-launch-2022",
        include_str!("../../../../examples/henan-group-launch-2022.yaml"),
    ),
];

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: DemoArguments,
) -> Result<(), Failure> {
    // Kept to the end: the folder goes with it.
    let temporary = tempfile::tempdir().map_err(Failure::io("cannot make a temporary folder"))?;
    let mut settings = settings.clone();
    // Whatever database the environment names: a demo does not write into it.
    settings.database_url = None;
    settings
        .data
        .get_or_insert_with(|| temporary.path().to_owned());
    let store = open(&settings).await?;
    store.migrate().await?;
    let (workspace, account) = workspace_and_account(&store).await?;
    for (name, text) in EVENTS {
        bring_in(&store, workspace.id, name, text).await?;
    }
    let new = NewToken {
        account_id: account.id,
        label: "demo".to_owned(),
        grants: vec![Grant {
            workspace_id: workspace.id,
            role: Role::Organizer,
        }],
        scopes: None,
        expires_at: None,
    };
    let (_, secret) = store.create_token(&OPERATOR, new).await?;

    let (listener, address) = match listen(arguments.listen.listen) {
        // A demo is not worth a fight over a port, unless that one was asked for.
        Err(_taken) if arguments.listen.listen == crate::cli::DEFAULT_LISTEN => {
            listen(std::net::SocketAddr::new(arguments.listen.listen.ip(), 0))?
        }
        other => other?,
    };
    let site = arguments.listen.site.or_listening(address)?;
    let mut mail = arguments.mail;
    let folder = settings.data.clone().unwrap_or_default().join("mails");
    if mail.mail.is_none() {
        mail.mail = Some(TransportSettings::File(folder.clone()));
        let from = "office@example.org".parse();
        mail.mail_from = mail.mail_from.or(from.ok());
    }
    let dispatcher = dispatcher(&store, &mail, &site)?;
    welcome(&address.to_string(), &secret, &workspace);
    if let Some(TransportSettings::File(folder)) = &mail.mail {
        say(&format!(
            "Mails go nowhere: they are written to {}, to be opened with a mail program.",
            folder.display()
        ));
        say("");
    }
    say("Ctrl-C ends it.");
    let from = mail.mail_from.as_ref();
    let mut office = office(&arguments.paper, &site, store.now())?;
    if office.key.is_none() {
        office.key = Some(Arc::new(demonstration_key(&store)?));
    }
    let outgoing = Outgoing::new(dispatcher, office, &arguments.paper)?;
    serve(store, listener, &arguments.listen, (site, from), outgoing).await
}

/// A key that signs documents, and says itself that it proves nothing.
fn demonstration_key(store: &Store) -> Result<SigningKey, Failure> {
    let mut random = [0; 32];
    SystemRandom.fill(&mut random)?;
    let key = SigningKey::self_signed("Convoke demo", store.now(), &random);
    key.map_err(|fault| Failure::Refused(fault.to_string()))
}

/// The workspace and the organiser's account; those of the last time, where the data was kept.
async fn workspace_and_account(store: &Store) -> Result<(Workspace, Account), Failure> {
    let slug = slug("demo")?;
    let workspace = match store
        .create_workspace(&OPERATOR, slug, "Convoke demo".to_owned())
        .await
    {
        Ok(workspace) => workspace,
        Err(Error::Refused(WorkspaceCreateRefused::SlugTaken(slug))) => {
            super::workspace_of(store, Some(&slug)).await?
        }
        Err(other) => return Err(other.into()),
    };
    let slug = self::slug("organiser")?;
    let account = match store
        .create_account(&OPERATOR, slug, "Demo organiser".to_owned())
        .await
    {
        Ok(account) => account,
        Err(Error::Refused(AccountCreateRefused::SlugTaken(slug))) => {
            let found = store.account_by_slug(&OPERATOR, &slug).await?;
            found.ok_or_else(|| Failure::Refused(format!("there is no account `{slug}`")))?
        }
        Err(other) => return Err(other.into()),
    };
    Ok((workspace, account))
}

fn slug(text: &str) -> Result<Slug, Failure> {
    text.parse()
        .map_err(|refused: domain::text::TextError| Failure::Refused(refused.to_string()))
}

async fn bring_in(
    store: &Store,
    workspace: WorkspaceId,
    name: &str,
    text: &str,
) -> Result<(), Failure> {
    let document = interchange::event_document::read(text).map_err(|problems| {
        let problems = problems.iter().map(ToString::to_string).collect::<Vec<_>>();
        Failure::Refused(format!("{name}: {}", problems.join("; ")))
    })?;
    let import = EventImport {
        workspace,
        document,
        missing: Missing::Keep,
        effect: Effect::Apply,
    };
    let (event, _) = store.import_event(&OPERATOR, import).await?;
    if event.status.state() == EventState::Draft {
        store.publish_event(&OPERATOR, event.id, None).await?;
    }
    note(&format!("{name}: {}", event.title.main_text()));
    Ok(())
}

fn welcome(address: &str, secret: &str, workspace: &Workspace) {
    say("");
    say(&format!("Convoke is serving {} events.", EVENTS.len()));
    say("");
    say(&format!("GraphiQL: http://{address}/"));
    say(&format!("GraphQL:  http://{address}/graphql"));
    say(&format!("workspace: {}", workspace.id));
    say(&format!("token: {secret}"));
    say("");
    say(
        "A first query, to paste into GraphiQL (with the header {\"Authorization\": \"Bearer TOKEN\"}",
    );
    say("you see all that an organiser sees; without it, what is published):");
    say("");
    say(
        "  { event(slug: \"jimei-forum-2024\") { title agenda { items { kind title appearances { role printedName printedPosts } } } } }",
    );
    say("");
    say("Or from another terminal:");
    say("");
    say(&format!(
        "  curl -s http://{address}/graphql -H 'Content-Type: application/json' \\"
    ));
    say(&format!("    -H 'Authorization: Bearer {secret}' \\"));
    say("    -d '{\"query\":\"{ events { nodes { slug title time { startsOn } } } }\"}'");
    say("");
}
