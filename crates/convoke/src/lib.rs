//! The program: its command line, its settings, and how its parts are put together.

mod ambient;
mod cli;
mod command;
mod failure;
mod host;
mod log;
mod mail;
mod output;
mod paper;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use failure::{FAULT, REFUSED, USAGE};

use crate::cli::{Cli, Command};
use crate::failure::Failure;

/// Runs the program with these arguments, the first of which is its name. Says how it went in the
/// exit code: see [`failure`].
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, and are no failure.
            let code = if error.use_stderr() { USAGE } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match Box::pin(dispatch(cli)).await {
        Ok(()) if output::is_complete() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(FAULT),
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

async fn dispatch(cli: Cli) -> Result<(), Failure> {
    log::start(&cli.log)?;
    let database = &cli.database;
    match cli.command {
        Command::Demo(arguments) => Box::pin(command::demo::run(database, arguments)).await,
        Command::Serve(arguments) => Box::pin(command::serve::run(database, arguments)).await,
        Command::Notify(arguments) => Box::pin(command::notify::run(database, arguments)).await,
        Command::Receive(arguments) => command::receive::run(database, arguments).await,
        Command::Letters(arguments) => Box::pin(command::letters::run(database, arguments)).await,
        Command::Doctor(arguments) => Box::pin(command::doctor::run(database, arguments)).await,
        Command::Migrate => command::migrate::run(database).await,
        Command::Import(arguments) => Box::pin(command::import::run(database, arguments)).await,
        Command::Export(arguments) => command::export::run(database, arguments).await,
        Command::Schema(arguments) => {
            command::schema::run(&arguments);
            Ok(())
        }
        Command::Workspace(arguments) => command::workspace::run(database, arguments).await,
        Command::Account(arguments) => command::account::run(database, arguments).await,
        Command::Token(arguments) => command::token::run(database, arguments).await,
        Command::Typeset(arguments) => command::typeset::run(&arguments),
    }
}
