//! Access tokens through the store: who they let in, for how long, and what of them is kept.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Slug;
use domain::access::{Actor, Denied, Grant, Permission, Role, Session};
use domain::account::Account;
use domain::id::AccessTokenId;
use domain::time::Clock as _;
use domain::workspace::Workspace;
use persistence::{Error, NewToken, TokenRevokeRefused};
use tests::{Backend, STAGEHAND, TestApp, both};

both!(
    a_secret_is_kept_nowhere,
    only_the_secret_itself_lets_in,
    an_expired_token_lets_nobody_in,
    a_revoked_token_lets_nobody_in,
    scopes_only_take_away,
    a_token_opens_the_workspaces_it_names,
    only_the_program_makes_and_takes_tokens,
);

async fn account(app: &TestApp) -> Account {
    let slug: Slug = "colleague".parse().expect("a slug");
    let made = app
        .store
        .create_account(&STAGEHAND, slug, "A colleague".to_owned());
    made.await.expect("an account")
}

fn of(account: &Account, workspace: &Workspace, role: Role) -> NewToken {
    NewToken {
        account_id: account.id,
        label: "laptop".to_owned(),
        grants: vec![Grant {
            workspace_id: workspace.id,
            role,
        }],
        scopes: None,
        expires_at: None,
    }
}

async fn session(app: &TestApp, secret: &str) -> Option<Session> {
    match app.store.authenticate(secret).await.expect("no fault") {
        None => None,
        Some(Actor::Account(session)) => Some(session),
        Some(other) => panic!("{other:?}"),
    }
}

async fn a_secret_is_kept_nowhere(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let account = account(&app).await;
    let mut secrets = BTreeSet::new();
    for _ in 0..3 {
        let new = of(&account, &here, Role::Organizer);
        let (token, secret) = app
            .store
            .create_token(&STAGEHAND, new)
            .await
            .expect("a token");
        assert!(secret.starts_with("convoke_"), "{secret}");
        // Of 32 bytes, in 43 characters.
        assert_eq!(secret.len(), "convoke_".len() + 43);
        let found = session(&app, &secret).await.expect("who holds it");
        assert_eq!((found.account_id, found.token_id), (account.id, token.id));
        assert!(secrets.insert(secret));
    }
    let contents = app.database.contents().await;
    assert_eq!(contents["access_token"].len(), secrets.len());
    for secret in &secrets {
        let bare = secret.trim_start_matches("convoke_");
        for row in contents.values().flatten() {
            assert!(!row.contains(bare), "{row}");
        }
    }
    let tokens = app
        .store
        .tokens(&STAGEHAND, account.id)
        .await
        .expect("tokens");
    let told = format!("{tokens:?}");
    assert!(
        secrets
            .iter()
            .all(|secret| !told.contains(secret.trim_start_matches("convoke_")))
    );
}

async fn only_the_secret_itself_lets_in(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let new = of(&account(&app).await, &here, Role::Viewer);
    let (token, secret) = app
        .store
        .create_token(&STAGEHAND, new)
        .await
        .expect("a token");
    let contents = app.database.contents().await;
    let row = contents["access_token"].join("");
    let hash = row
        .split(|character: char| !character.is_ascii_hexdigit())
        .find(|word| word.len() == 64)
        .expect("a hash");
    for other in [
        "",
        "convoke_",
        secret.trim_start_matches("convoke_"),
        &secret[..secret.len() - 1],
        &format!("{secret} "),
        &secret.to_uppercase(),
        hash,
        &token.id.to_string(),
        "' OR 1=1 --",
        "%",
    ] {
        assert_eq!(session(&app, other).await, None, "{other}");
    }
    assert!(session(&app, &secret).await.is_some());
}

async fn an_expired_token_lets_nobody_in(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let now: DateTime<Utc> = app.clock.now();
    let new = NewToken {
        expires_at: Some(now + TimeDelta::hours(1)),
        ..of(&account(&app).await, &here, Role::Owner)
    };
    let (token, secret) = app
        .store
        .create_token(&STAGEHAND, new)
        .await
        .expect("a token");
    assert_eq!(token.expires_at, Some(now + TimeDelta::hours(1)));
    assert!(session(&app, &secret).await.is_some());
    app.clock.advance(TimeDelta::seconds(3_599));
    assert!(session(&app, &secret).await.is_some());
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(session(&app, &secret).await, None);
    app.clock.advance(TimeDelta::days(400));
    assert_eq!(session(&app, &secret).await, None);
}

async fn a_revoked_token_lets_nobody_in(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let account = account(&app).await;
    let make = || {
        app.store
            .create_token(&STAGEHAND, of(&account, &here, Role::Owner))
    };
    let (token, secret) = make().await.expect("a token");
    let (_, other) = make().await.expect("a token");
    app.clock.advance(TimeDelta::minutes(1));
    let revoked_at = app.clock.now();
    app.store
        .revoke_token(&STAGEHAND, token.id)
        .await
        .expect("it was good");
    assert_eq!(session(&app, &secret).await, None);
    assert!(session(&app, &other).await.is_some());

    // Once is enough, and the first time is the one that counts.
    app.clock.advance(TimeDelta::minutes(1));
    let again = app.store.revoke_token(&STAGEHAND, token.id).await;
    match again {
        Err(Error::Refused(TokenRevokeRefused::RevokedBefore(at))) => assert_eq!(at, revoked_at),
        other => panic!("{other:?}"),
    }
    let tokens = app
        .store
        .tokens(&STAGEHAND, account.id)
        .await
        .expect("tokens");
    let revoked: Vec<_> = tokens.iter().map(|token| token.revoked_at).collect();
    assert_eq!(revoked, [Some(revoked_at), None]);
    let unknown = AccessTokenId::from_uuid(here.id.uuid());
    let unknown = app.store.revoke_token(&STAGEHAND, unknown).await;
    assert!(
        matches!(unknown, Err(Error::Denied(Denied::NotFound))),
        "{unknown:?}"
    );
}

async fn scopes_only_take_away(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let account = account(&app).await;
    let scopes = BTreeSet::from([
        Permission::EventRead,
        Permission::EventImport,
        Permission::Administer,
    ]);
    let new = NewToken {
        scopes: Some(scopes.clone()),
        ..of(&account, &here, Role::Organizer)
    };
    let (token, secret) = app
        .store
        .create_token(&STAGEHAND, new)
        .await
        .expect("a token");
    assert_eq!(token.scopes.as_ref(), Some(&scopes));
    let found = session(&app, &secret).await.expect("a session");
    assert_eq!(found.scopes, Some(scopes));
    let actor = Actor::Account(found);
    assert_eq!(actor.may(Permission::EventRead, here.id), Ok(()));
    assert_eq!(actor.may(Permission::EventImport, here.id), Ok(()));
    for missing in [
        Permission::ContactRead,
        Permission::EventPublish,
        // In scope, and not the role's to give.
        Permission::Administer,
    ] {
        let denied = actor.may(missing, here.id);
        assert_eq!(denied, Err(Denied::Forbidden(missing)));
    }
    // Confined to nothing is confined, not free: what is left is to look.
    let new = NewToken {
        scopes: Some(BTreeSet::new()),
        ..of(&account, &here, Role::Owner)
    };
    let (_, secret) = app
        .store
        .create_token(&STAGEHAND, new)
        .await
        .expect("a token");
    let actor = Actor::Account(session(&app, &secret).await.expect("a session"));
    assert_eq!(actor.may(Permission::EventRead, here.id), Ok(()));
    for permission in [Permission::ParticipantRead, Permission::EventImport] {
        let denied = actor.may(permission, here.id);
        assert_eq!(denied, Err(Denied::Forbidden(permission)));
    }
}

async fn a_token_opens_the_workspaces_it_names(backend: Backend) {
    let app = TestApp::new(backend).await;
    let (here, there) = (app.workspace("here").await, app.workspace("there").await);
    let elsewhere = app.workspace("elsewhere").await;
    let (_, secret) = app
        .make_token(&[(&here, Role::Owner), (&there, Role::Viewer)], None, None)
        .await;
    let found = session(&app, &secret).await.expect("a session");
    let actor = Actor::Account(found);
    assert_eq!(actor.may(Permission::EventImport, here.id), Ok(()));
    assert_eq!(actor.may(Permission::EventRead, there.id), Ok(()));
    let denied = actor.may(Permission::EventImport, there.id);
    assert_eq!(denied, Err(Denied::Forbidden(Permission::EventImport)));
    let denied = actor.may(Permission::EventRead, elsewhere.id);
    assert_eq!(denied, Err(Denied::NotFound));
    let all = [here.id, there.id, elsewhere.id];
    let seen = app
        .store
        .workspaces(&actor, &all)
        .await
        .expect("workspaces");
    let seen: BTreeSet<_> = seen.into_iter().map(|one| one.slug.to_string()).collect();
    assert_eq!(seen, ["here", "there"].map(str::to_owned).into());

    // A token that opens nothing lets its holder in, and shows nothing.
    let (_, secret) = app.make_token(&[], None, None).await;
    let actor = Actor::Account(session(&app, &secret).await.expect("a session"));
    assert!(
        app.store
            .workspaces(&actor, &all)
            .await
            .expect("workspaces")
            .is_empty()
    );
}

async fn only_the_program_makes_and_takes_tokens(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let (token, secret) = app.make_token(&[(&here, Role::Owner)], None, None).await;
    let owner = Actor::Account(session(&app, &secret).await.expect("a session"));
    let before = app.database.contents().await;
    for (actor, expected) in [
        (owner, Denied::Forbidden(Permission::Administer)),
        (Actor::Anonymous, Denied::Unauthenticated),
    ] {
        let slug: Slug = "mine".parse().expect("a slug");
        let new = NewToken {
            account_id: token.account_id,
            label: String::new(),
            grants: Vec::new(),
            scopes: None,
            expires_at: None,
        };
        let denied = [
            app.store
                .create_token(&actor, new)
                .await
                .err()
                .and_then(denied),
            app.store
                .revoke_token(&actor, token.id)
                .await
                .err()
                .and_then(denied),
            app.store
                .tokens(&actor, token.account_id)
                .await
                .err()
                .and_then(denied),
            app.store
                .all_workspaces(&actor)
                .await
                .err()
                .and_then(denied),
            app.store
                .account_by_slug(&actor, &slug)
                .await
                .err()
                .and_then(denied),
            app.store
                .create_account(&actor, slug.clone(), "Mine".to_owned())
                .await
                .err()
                .and_then(denied),
            app.store
                .create_workspace(&actor, slug, "Mine".to_owned())
                .await
                .err()
                .and_then(denied),
        ];
        assert_eq!(denied, [Some(expected); 7]);
    }
    assert_eq!(app.database.contents().await, before);
}

#[expect(clippy::needless_pass_by_value, reason = "it takes what `err` gives")]
fn denied<R>(error: Error<R>) -> Option<Denied> {
    match error {
        Error::Denied(denied) => Some(denied),
        Error::Refused(_) | Error::Fault(_) => None,
    }
}
