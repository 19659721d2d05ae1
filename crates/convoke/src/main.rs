//! The program `convoke`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    convoke::run(std::env::args_os()).await
}
