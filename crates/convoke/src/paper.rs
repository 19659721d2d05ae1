//! Making documents, as the settings say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use credentials::{PublicKey, SigningKey};
use documents::{FontSettings, Press, WorkerSettings};
use domain::Site;
use registrar::Office;

use crate::cli::{FontArguments, PaperArguments};
use crate::command::typeset;
use crate::failure::Failure;

/// What documents are made with.
pub(crate) fn office(
    arguments: &PaperArguments,
    site: &Site,
    now: DateTime<Utc>,
) -> Result<Office, Failure> {
    let key = match &arguments.signing_key {
        Some(file) => Some(Arc::new(signing_key(
            file,
            arguments.signing_password.as_deref(),
            now,
        )?)),
        None => None,
    };
    Ok(Office {
        press: press(&arguments.fonts)?,
        site: Arc::new(site.clone()),
        key,
    })
}

/// Where documents are set, and how: templates of workspaces by processes of this program.
pub(crate) fn press(arguments: &FontArguments) -> Result<Press, Failure> {
    for folder in &arguments.fonts {
        if !folder.is_dir() {
            return Err(Failure::Setting {
                setting: "--fonts (CONVOKE_FONTS)",
                reason: format!("{} is no folder", folder.display()),
            });
        }
    }
    let workers = WorkerSettings {
        program: this_program()?,
        arguments: typeset::arguments(arguments),
        patience: WorkerSettings::PATIENCE,
    };
    Ok(Press::with_workers(&fonts(arguments), workers))
}

/// The fonts that there are to set with.
pub(crate) fn fonts(arguments: &FontArguments) -> FontSettings {
    FontSettings {
        preferred: arguments.font_families.clone(),
        directories: arguments.fonts.clone(),
        system: true,
    }
}

/// The program as it runs, even if a newer one has taken its place on disk since.
fn this_program() -> Result<PathBuf, Failure> {
    if cfg!(target_os = "linux") {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    std::env::current_exe().map_err(Failure::io("cannot tell where this program is"))
}

/// The keys that badges were signed by before.
pub(crate) fn former_keys(arguments: &PaperArguments) -> Result<Vec<PublicKey>, Failure> {
    let read = |file: &PathBuf| {
        let what = format!(
            "cannot read {} (--former-key, CONVOKE_FORMER_KEYS)",
            file.display()
        );
        let text = std::fs::read_to_string(file).map_err(Failure::io(what))?;
        PublicKey::from_pem(&text).map_err(|fault| Failure::Setting {
            setting: "--former-key (CONVOKE_FORMER_KEYS)",
            reason: format!("{} {fault}", file.display()),
        })
    };
    arguments.former_keys.iter().map(read).collect()
}

/// The key that documents are signed with: PEM, or PKCS#12 where the file is called so.
pub(crate) fn signing_key(
    file: &Path,
    password: Option<&str>,
    now: DateTime<Utc>,
) -> Result<SigningKey, Failure> {
    let what = || {
        Failure::io(format!(
            "cannot read {} (--signing-key, CONVOKE_SIGNING_KEY)",
            file.display()
        ))
    };
    let extension = file.extension().and_then(std::ffi::OsStr::to_str);
    let is_container = extension.is_some_and(|extension| {
        ["p12", "pfx"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    });
    let key = if is_container {
        let bytes = std::fs::read(file).map_err(what())?;
        SigningKey::from_pkcs12(&bytes, password.unwrap_or_default(), now)
    } else {
        let text = std::fs::read_to_string(file).map_err(what())?;
        SigningKey::from_pem(&text, now)
    };
    let wrong = |reason: String| Failure::Setting {
        setting: "--signing-key (CONVOKE_SIGNING_KEY)",
        reason,
    };
    let key = key.map_err(|fault| wrong(fault.to_string()))?;
    if !key.signs_documents() {
        let reason = "documents are signed by an RSA or P-256 key with its certificate";
        return Err(wrong(reason.to_owned()));
    }
    Ok(key)
}
