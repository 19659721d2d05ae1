//! The commands, one a file, and what several of them need.

pub(crate) mod account;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod letters;
pub(crate) mod migrate;
pub(crate) mod notify;
pub(crate) mod receive;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod token;
pub(crate) mod typeset;
pub(crate) mod workspace;

use std::path::Path;
use std::sync::Arc;

use domain::Slug;
use domain::access::Actor;
use domain::workspace::Workspace;
use persistence::{Connect, Fault, Storage, Store};

use crate::ambient::{SystemClock, SystemRandom};
use crate::cli::DatabaseSettings;
use crate::failure::Failure;

/// Who acts at the command line: the one who may run the program on this machine.
pub(crate) const OPERATOR: Actor = Actor::System {
    reason: "the command line",
};

/// Opens the database that the settings name.
pub(crate) async fn open(settings: &DatabaseSettings) -> Result<Store, Failure> {
    let url = if let Some(url) = &settings.database_url {
        url.clone()
    } else {
        let folder = settings
            .data
            .as_deref()
            .unwrap_or(Path::new("convoke-data"));
        let what = format!("cannot make the data folder {}", folder.display());
        make_private(folder).map_err(Failure::io(what))?;
        format!("sqlite://{}", folder.join("convoke.db").display())
    };
    let storage = settings.storage.as_deref().map(Storage::at).transpose();
    let storage = storage.map_err(|fault| Failure::Setting {
        setting: "--files (CONVOKE_FILES)",
        reason: fault.to_string(),
    })?;
    let connect = Connect {
        url: url.clone(),
        connections: settings.database_connections,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        link_key: settings.link_key.clone(),
        storage,
    };
    Store::connect(connect).await.map_err(|fault| {
        let setting = "--database-url (DATABASE_URL)";
        let said = fault.to_string();
        if matches!(fault, Fault::UnknownDatabase(_)) {
            Failure::Setting {
                setting,
                reason: said,
            }
        } else if said.contains(&url) {
            // What cannot be parsed is repeated by the library, the password with it.
            Failure::Setting {
                setting,
                reason: "it is no address of a database".to_owned(),
            }
        } else {
            Failure::Database { setting, fault }
        }
    })
}

/// Makes a folder that nobody else on the machine may look into, if there is none.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens the database as [`open_current`] does, if there is one: what is given to a new one by mistake would
/// be lost.
pub(crate) async fn open_existing(settings: &DatabaseSettings) -> Result<Store, Failure> {
    let file = settings
        .data
        .as_deref()
        .unwrap_or(Path::new("convoke-data"))
        .join("convoke.db");
    if settings.database_url.is_none() && !file.is_file() {
        return Err(Failure::Setting {
            setting: "--data (CONVOKE_DATA), --database-url (DATABASE_URL)",
            reason: format!("there is no database at {}", file.display()),
        });
    }
    open_current(settings).await
}

/// Opens the database, and sees to it that it has the shape that this program needs.
pub(crate) async fn open_current(settings: &DatabaseSettings) -> Result<Store, Failure> {
    let store = open(settings).await?;
    if store.is_embedded() {
        store.migrate().await?;
    } else if store.pending_migrations().await? > 0 {
        let reason = "the database is behind this program; run `convoke migrate` first";
        return Err(Failure::Refused(reason.to_owned()));
    }
    Ok(store)
}

/// The workspace of this slug; without one, the only one there is.
pub(crate) async fn workspace_of(store: &Store, slug: Option<&Slug>) -> Result<Workspace, Failure> {
    let all = store.all_workspaces(&OPERATOR).await?;
    let slugs = all
        .iter()
        .map(|one| one.slug.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let count = all.len();
    let mut matching = all
        .into_iter()
        .filter(|one| slug.is_none_or(|slug| *slug == one.slug));
    match (matching.next(), slug) {
        (Some(one), Some(_)) => Ok(one),
        (Some(one), None) if count == 1 => Ok(one),
        (Some(_), None) => Err(Failure::Refused(format!(
            "say which workspace, with --workspace: {slugs}"
        ))),
        (None, Some(slug)) => Err(Failure::Refused(format!("there is no workspace `{slug}`"))),
        (None, None) => Err(Failure::Refused(
            "there is no workspace yet; make one with `convoke workspace create SLUG`".to_owned(),
        )),
    }
}

/// The name that was given, checked; the slug, if none was.
pub(crate) fn name_or_slug(name: Option<String>, slug: &Slug) -> Result<String, Failure> {
    match name {
        None => Ok(slug.to_string()),
        Some(name) => domain::text::line(&name).map_err(|refused| Failure::Setting {
            setting: "--name",
            reason: refused.to_string(),
        }),
    }
}
