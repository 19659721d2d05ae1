//! Logs: on standard error, as text for people and as JSON for machines. No personal data.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::cli::{LogFormat, LogSettings};
use crate::failure::Failure;

/// Starts logging as the settings say.
pub(crate) fn start(settings: &LogSettings) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .parse(&settings.log)
        .map_err(|error| Failure::Setting {
            setting: "--log (CONVOKE_LOG)",
            reason: error.to_string(),
        })?;
    let json = match settings.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Already started is fine: a test may run the program twice in one process.
    if json {
        drop(logs.json().flatten_event(true).try_init());
    } else {
        drop(logs.compact().try_init());
    }
    Ok(())
}
