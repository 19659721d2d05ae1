//! How papers are set and signed.

use std::path::PathBuf;

use clap::Args;

/// What papers are set in.
#[derive(Debug, Clone, Args)]
pub(crate) struct FontArguments {
    /// Folders with fonts, besides those of the system and our own; several times, or separated by commas.
    #[arg(long, env = "CONVOKE_FONTS", value_name = "DIR", value_delimiter = ',')]
    pub(crate) fonts: Vec<PathBuf>,
    /// Families that papers are set in before ours.
    #[arg(
        long = "font-family",
        env = "CONVOKE_FONT_FAMILIES",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub(crate) font_families: Vec<String>,
}

/// How documents are made.
#[derive(Debug, Clone, Args)]
pub(crate) struct PaperArguments {
    #[command(flatten)]
    pub(crate) fonts: FontArguments,
    /// A file with the key and the certificates that documents are signed with: PEM, or PKCS#12 (.p12)
    /// [default: they are not signed; for the demo a key that says that it proves nothing].
    #[arg(long, env = "CONVOKE_SIGNING_KEY", value_name = "FILE")]
    pub(crate) signing_key: Option<PathBuf>,
    /// After how many seconds another takes over the documents of one that is not heard of any more.
    #[arg(
        long,
        env = "CONVOKE_PAPER_LEASE",
        default_value_t = 300,
        value_parser = clap::value_parser!(u32).range(1..=3_600),
        value_name = "SECONDS"
    )]
    pub(crate) paper_lease: u32,
    /// What opens the PKCS#12 file.
    #[arg(
        long,
        env = "CONVOKE_SIGNING_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub(crate) signing_password: Option<String>,
    /// A file with a key that was in use before: its certificate or its public half, PEM. Badges that it
    /// signed stay good. May be given several times.
    #[arg(
        long = "former-key",
        env = "CONVOKE_FORMER_KEYS",
        value_name = "FILE",
        value_delimiter = ':'
    )]
    pub(crate) former_keys: Vec<PathBuf>,
}
