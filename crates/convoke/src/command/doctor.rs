//! `convoke doctor`: whether all is there that the program needs, and what to do about what is not.

use documents::Press;
use domain::time::Clock as _;

use crate::ambient::SystemClock;
use crate::cli::{DatabaseSettings, DoctorArguments};
use crate::command::open_existing;
use crate::failure::Failure;
use crate::output::say;
use crate::paper::{former_keys, press, signing_key};

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: DoctorArguments,
) -> Result<(), Failure> {
    let mut amiss = 0;
    let mut told = |good: bool, what: &str| {
        amiss += u32::from(!good);
        say(&format!("{} {what}", if good { "ok  " } else { "FAIL" }));
    };
    match open_existing(settings).await {
        Ok(store) => {
            let kind = if store.is_embedded() {
                "SQLite, a file of its own"
            } else {
                "PostgreSQL"
            };
            told(true, &format!("the database answers ({kind})"));
            if let Some(storage) = store.storage() {
                match storage.probe().await {
                    Ok(()) => told(true, "documents can be put where they are kept (--files)"),
                    Err(fault) => told(false, &format!("where documents are kept: {fault}")),
                }
            }
        }
        Err(failure) => told(false, &format!("the database: {failure}")),
    }
    match press(&arguments.paper.fonts) {
        Ok(press) => fonts(&press, &arguments.paper.fonts.font_families, &mut told),
        Err(failure) => told(false, &failure.to_string()),
    }
    match former_keys(&arguments.paper) {
        Ok(keys) if keys.is_empty() => {}
        Ok(keys) => told(
            true,
            &format!("keys that were in use before: {}", keys.len()),
        ),
        Err(failure) => told(false, &failure.to_string()),
    }
    match &arguments.paper.signing_key {
        None => say("     documents are not signed (--signing-key says by which key)"),
        Some(file) => {
            let now = SystemClock.now();
            let password = arguments.paper.signing_password.as_deref();
            match signing_key(file, password, now) {
                Ok(key) => {
                    let whose = key.certificate().map(credentials::Certificate::subject);
                    let until = key.certificate().map(credentials::Certificate::not_after);
                    let until = until.map(|until| until.format("%Y-%m-%d").to_string());
                    told(
                        true,
                        &format!(
                            "documents are signed as {}, until {}",
                            whose.unwrap_or_default(),
                            until.unwrap_or_default()
                        ),
                    );
                }
                Err(failure) => told(false, &failure.to_string()),
            }
        }
    }
    if amiss > 0 {
        let things = if amiss == 1 { "thing is" } else { "things are" };
        return Err(Failure::Refused(format!("{amiss} {things} amiss")));
    }
    Ok(())
}

fn fonts(press: &Press, preferred: &[String], told: &mut impl FnMut(bool, &str)) {
    let families = press.families();
    told(
        true,
        &format!("{} families of fonts to set papers with", families.len()),
    );
    let has = |name: &String| families.iter().any(|one| one.eq_ignore_ascii_case(name));
    for name in preferred.iter().filter(|name| !has(name)) {
        told(
            false,
            &format!("no font is of the family {name} (--font-family)"),
        );
    }
    for script in press.wanting() {
        say(&format!(
            "     names in {} have characters that no font here has: install {} (Debian), or say where fonts are \
             (--fonts)",
            script.name(),
            script.package()
        ));
    }
}
