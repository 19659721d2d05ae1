//! `convoke token`.

use chrono::{DateTime, Duration, Utc};
use domain::Slug;
use domain::access::Grant;
use domain::account::{AccessToken, Account};
use persistence::{NewToken, Store};

use crate::cli::{DatabaseSettings, TokenArguments, TokenCommand, TokenCreateArguments};
use crate::command::{OPERATOR, open_current, workspace_of};
use crate::failure::Failure;
use crate::output::{note, say};

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: TokenArguments,
) -> Result<(), Failure> {
    let store = open_current(settings).await?;
    match arguments.command {
        TokenCommand::Create(arguments) => create(&store, arguments).await,
        TokenCommand::List { account } => list(&store, &account).await,
        TokenCommand::Revoke { id } => {
            store.revoke_token(&OPERATOR, id).await?;
            note(&format!("{id} is useless from now on"));
            Ok(())
        }
    }
}

async fn account_of(store: &Store, slug: &Slug) -> Result<Account, Failure> {
    let found = store.account_by_slug(&OPERATOR, slug).await?;
    found.ok_or_else(|| Failure::Refused(format!("there is no account `{slug}`")))
}

async fn create(store: &Store, arguments: TokenCreateArguments) -> Result<(), Failure> {
    let account = account_of(store, &arguments.account).await?;
    let mut slugs: Vec<_> = arguments.workspace.into_iter().map(Some).collect();
    if slugs.is_empty() {
        slugs.push(None);
    }
    let mut grants: Vec<Grant> = Vec::new();
    for slug in slugs {
        let workspace = workspace_of(store, slug.as_ref()).await?;
        if grants
            .iter()
            .all(|grant| grant.workspace_id != workspace.id)
        {
            grants.push(Grant {
                workspace_id: workspace.id,
                role: arguments.role,
            });
        }
    }
    let scopes: std::collections::BTreeSet<_> = arguments.scope.into_iter().collect();
    let new = NewToken {
        account_id: account.id,
        label: arguments.label,
        grants,
        scopes: (!scopes.is_empty()).then_some(scopes),
        expires_at: arguments
            .days
            .map(|days| store.now() + Duration::days(i64::from(days))),
    };
    let (token, secret) = store.create_token(&OPERATOR, new).await?;
    note(&format!(
        "{} is for {}; keep the secret, it is shown this once",
        token.id, account.name
    ));
    say(&secret);
    Ok(())
}

async fn list(store: &Store, slug: &Slug) -> Result<(), Failure> {
    let account = account_of(store, slug).await?;
    let workspaces = store.all_workspaces(&OPERATOR).await?;
    for token in store.tokens(&OPERATOR, account.id).await? {
        let grants = token.grants.iter().map(|grant| {
            let workspace = workspaces.iter().find(|one| one.id == grant.workspace_id);
            format!(
                "{}={}",
                workspace.map_or("?", |one| one.slug.as_str()),
                grant.role
            )
        });
        let grants = grants.collect::<Vec<_>>().join(",");
        let scopes = match &token.scopes {
            None => "all".to_owned(),
            Some(scopes) => scopes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(","),
        };
        let state = state(&token, store.now());
        say(&format!(
            "{}\t{grants}\t{scopes}\t{state}\t{}",
            token.id, token.label
        ));
    }
    Ok(())
}

fn state(token: &AccessToken, now: DateTime<Utc>) -> String {
    let on = |instant: DateTime<Utc>| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    match (token.revoked_at, token.expires_at) {
        (Some(revoked), _) => format!("revoked {}", on(revoked)),
        (None, Some(expiry)) if expiry <= now => format!("expired {}", on(expiry)),
        (None, Some(expiry)) => format!("good until {}", on(expiry)),
        (None, None) => "good".to_owned(),
    }
}
