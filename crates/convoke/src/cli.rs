//! The command line: commands, flags, and the variables that stand for flags.

mod paper;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::access::{Permission, Role};
use domain::site::NoSite;
use domain::time::TimeZone;
use domain::{LanguageTag, Site, Slug};
use graphql_api::http::inbound::InboundSecret;
use ipnet::IpNet;
use notifier::Address;
use notifier::transport::TransportSettings;
use persistence::LinkKey;

pub(crate) use self::paper::{FontArguments, PaperArguments};
use crate::command::receive::LmtpAddress;
use crate::failure::Failure;

/// The event backend of an office that convenes people.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) database: DatabaseSettings,
    #[command(flatten)]
    pub(crate) log: LogSettings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub(crate) struct DatabaseSettings {
    /// The database: <sqlite://PATH> or <postgres://USER:PASSWORD@HOST/NAME> [default: a SQLite file
    /// in the data folder; the demo always uses that].
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,
    /// The folder of the SQLite file, made if there is none [default: convoke-data; for the demo a
    /// temporary one, gone at the end].
    #[arg(long, global = true, env = "CONVOKE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The most database connections that are kept open.
    #[arg(
        long,
        global = true,
        env = "CONVOKE_DATABASE_CONNECTIONS",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=1000),
        value_name = "NUMBER"
    )]
    pub(crate) database_connections: u32,
    /// What the links of attendees are computed with: 32 random bytes in base64url, the same for all
    /// nodes [default: a key that is made once and kept in the database].
    #[arg(
        long,
        global = true,
        env = "CONVOKE_LINK_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub(crate) link_key: Option<LinkKey>,
    /// Where documents and the pictures on them are kept, the same for all nodes: a folder, or
    /// <s3://BUCKET/PREFIX>, reached as the usual variables say whose names begin with AWS [default: in the
    /// database].
    #[arg(
        id = "storage",
        long = "files",
        global = true,
        env = "CONVOKE_FILES",
        value_name = "PLACE"
    )]
    pub(crate) storage: Option<String>,
}

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
pub(crate) struct LogSettings {
    /// What is logged: error, warn, info, debug, trace, or a list such as info,sqlx=warn.
    #[arg(
        long,
        global = true,
        env = "CONVOKE_LOG",
        default_value = "info,sea_orm_migration=warn,sqlx=warn",
        value_name = "FILTER"
    )]
    pub(crate) log: String,
    /// How it is logged: as text, as JSON, or as text on a terminal and JSON otherwise.
    #[arg(
        long,
        global = true,
        env = "CONVOKE_LOG_FORMAT",
        default_value = "auto",
        value_name = "FORMAT"
    )]
    pub(crate) log_format: LogFormat,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// Text, for people.
    Text,
    /// JSON, a line an event, for machines.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows the product working: five real events in an embedded database, served at once.
    Demo(DemoArguments),
    /// Serves the GraphQL API, and sends the mails that wait.
    Serve(ServeArguments),
    /// Sends the mails that wait, and serves nothing: beside any number of others on one database.
    Notify(NotifyArguments),
    /// Takes mail that comes in: answers of calendars, bounces.
    Receive(ReceiveArguments),
    /// Brings the database to the shape that this program needs.
    Migrate,
    /// Creates events from event documents or published schedules, or brings them up to date.
    Import(ImportArguments),
    /// Writes an event as an event document, to standard output.
    Export(ExportArguments),
    /// Letters and certificates: issuing what is drafted, and making the documents.
    Letters(LettersArguments),
    /// Says whether all is there that the program needs.
    Doctor(DoctorArguments),
    /// Prints the GraphQL schema, or the JSON Schema of event documents.
    Schema(SchemaArguments),
    /// Workspaces: the spaces of organising offices.
    Workspace(WorkspaceArguments),
    /// Accounts: who signs in.
    Account(AccountArguments),
    /// Access tokens: the secrets with which accounts sign in.
    Token(TokenArguments),
    /// Sets documents for another process of this program, by templates of workspaces.
    #[command(hide = true)]
    Typeset(FontArguments),
}

/// Where to listen, where nobody says.
pub(crate) const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

#[derive(Debug, Args)]
pub(crate) struct ListenArguments {
    /// Where to listen; port 0 takes a free one, which is printed.
    #[arg(long, env = "CONVOKE_LISTEN", default_value_t = DEFAULT_LISTEN, value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// A folder with the GraphiQL bundle, to be served instead of the built-in console.
    #[arg(long, env = "CONVOKE_GRAPHIQL", value_name = "DIR")]
    pub(crate) graphiql: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    /// Proxies that stand before it, by address or net (10.0.0.0/8), and are believed when they say for whom they ask
    /// (X-Forwarded-For); several times, or separated by commas [default: nobody is].
    #[arg(
        long = "trusted-proxy",
        env = "CONVOKE_TRUSTED_PROXIES",
        value_name = "NET",
        value_delimiter = ',',
        value_parser = net
    )]
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// What mail is signed with that is handed over at /mail/inbound, at least 32 characters [default: none
    /// is taken there].
    #[arg(
        long,
        env = "CONVOKE_INBOUND_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub(crate) inbound_secret: Option<InboundSecret>,
}

/// A net of addresses, or one of them.
fn net(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let one = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    let net = text.parse::<IpNet>().or_else(|_no_net| one());
    net.map_err(|_neither| "is neither an address nor a net of them".to_owned())
}

/// Where people reach the installation.
#[derive(Debug, Clone, Args)]
pub(crate) struct SiteArguments {
    /// The address under which people reach it, which links in mails and calendars begin with: <https://events.example.org>
    /// [default: where it listens].
    #[arg(long, env = "CONVOKE_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<Site>,
}

impl SiteArguments {
    /// Where people reach what listens there, if nobody says otherwise.
    pub(crate) fn or_listening(&self, address: SocketAddr) -> Result<Site, Failure> {
        match &self.public_url {
            Some(site) => Ok(site.clone()),
            None => format!("http://{address}")
                .parse()
                .map_err(|reason: NoSite| Failure::Setting {
                    setting: "--public-url (CONVOKE_PUBLIC_URL)",
                    reason: reason.to_string(),
                }),
        }
    }
}

/// How mails are sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct MailArguments {
    /// Which way mails go out: <smtps://USER:PASSWORD@HOST>, <smtp://HOST> (STARTTLS required),
    /// <smtp+plaintext://HOST> (so that others can listen), or <file:FOLDER> [default: they wait; for the demo
    /// a folder].
    #[arg(long, env = "CONVOKE_MAIL", hide_env_values = true, value_name = "URL")]
    pub(crate) mail: Option<TransportSettings>,
    /// The address that mails come from; the name beside it is that of the office.
    #[arg(long, env = "CONVOKE_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<Address>,
    /// The domain where answers of calendars and bounces come to, of which `convoke receive` is given the
    /// mail [default: they go to --mail-from, and a person reads them].
    #[arg(long, env = "CONVOKE_MAIL_REPLIES", value_name = "DOMAIN")]
    pub(crate) mail_replies: Option<String>,
    /// A file with the private key, in PEM, that mails are signed with (DKIM).
    #[arg(long, env = "CONVOKE_DKIM_KEY", value_name = "FILE")]
    pub(crate) dkim_key: Option<PathBuf>,
    /// The selector under which the public key stands in the Domain Name System.
    #[arg(
        long,
        env = "CONVOKE_DKIM_SELECTOR",
        default_value = "convoke",
        value_name = "NAME"
    )]
    pub(crate) dkim_selector: String,
    /// How many mails a minute go to one domain at most.
    #[arg(
        long,
        env = "CONVOKE_MAIL_PER_MINUTE",
        default_value_t = 120,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        value_name = "NUMBER"
    )]
    pub(crate) mail_per_minute: u32,
    /// How many mails are on the way to one domain at once.
    #[arg(
        long,
        env = "CONVOKE_MAIL_AT_ONCE",
        default_value_t = 4,
        value_parser = clap::value_parser!(u32).range(1..=1_000),
        value_name = "NUMBER"
    )]
    pub(crate) mail_at_once: u32,
    /// After how many seconds another takes over the mails of one that is not heard of any more.
    #[arg(
        long,
        env = "CONVOKE_MAIL_LEASE",
        default_value_t = 60,
        value_parser = clap::value_parser!(u32).range(1..=3_600),
        value_name = "SECONDS"
    )]
    pub(crate) mail_lease: u32,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    pub(crate) paper: PaperArguments,
}

#[derive(Debug, Args)]
pub(crate) struct LettersArguments {
    #[command(subcommand)]
    pub(crate) command: LettersCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LettersCommand {
    /// Issues what is drafted at an event, all of it or nothing, and makes the documents.
    Issue(IssueArguments),
}

/// What is issued.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum IssueKind {
    /// Letters of appointment.
    Letters,
    /// Certificates and plaques of awards.
    Awards,
    /// Certificates of attendance.
    Attendance,
}

/// In which languages.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum IssueLanguages {
    /// Chinese alone.
    Chinese,
    /// English alone.
    English,
    /// Chinese, with English beside or beneath it.
    Bilingual,
}

impl From<IssueLanguages> for domain::credential::PaperLanguages {
    fn from(languages: IssueLanguages) -> Self {
        match languages {
            IssueLanguages::Chinese => Self::Chinese,
            IssueLanguages::English => Self::English,
            IssueLanguages::Bilingual => Self::Bilingual,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct IssueArguments {
    /// The event, by its slug.
    pub(crate) event: Slug,
    /// What to issue.
    #[arg(long, value_enum, default_value_t = IssueKind::Letters)]
    pub(crate) kind: IssueKind,
    /// In which languages [default: that of the event].
    #[arg(long, value_enum)]
    pub(crate) languages: Option<IssueLanguages>,
    /// The date that they bear [default: today at the event].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<chrono::NaiveDate>,
    /// Send each holder theirs: the mails wait until somebody sends mail.
    #[arg(long)]
    pub(crate) send: bool,
    /// Only say what would be issued.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The workspace, by its slug [default: the only one].
    #[arg(long, value_name = "SLUG")]
    pub(crate) workspace: Option<Slug>,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    #[command(flatten)]
    pub(crate) paper: PaperArguments,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    #[command(flatten)]
    pub(crate) listen: ListenArguments,
    #[command(flatten)]
    pub(crate) mail: MailArguments,
    #[command(flatten)]
    pub(crate) paper: PaperArguments,
}

#[derive(Debug, Args)]
pub(crate) struct NotifyArguments {
    #[command(flatten)]
    pub(crate) mail: MailArguments,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    /// Send what is due now, and end.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) listen: ListenArguments,
    #[command(flatten)]
    pub(crate) mail: MailArguments,
    #[command(flatten)]
    pub(crate) paper: PaperArguments,
    /// Bring a PostgreSQL database to the needed shape first. (A SQLite file always is.)
    #[arg(long, env = "CONVOKE_MIGRATE")]
    pub(crate) migrate: bool,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("way").required(true).args(["recipient", "lmtp"])))]
pub(crate) struct ReceiveArguments {
    /// Take one mail from standard input, which was delivered to this address.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) recipient: Option<String>,
    /// Who sent it, by the envelope; empty, if nobody who could be answered.
    #[arg(long, value_name = "ADDRESS", requires = "recipient")]
    pub(crate) sender: Option<String>,
    /// Listen for mail servers, which hand mail over by LMTP: at an address, with a port if it is not 24,
    /// or at a socket of this path.
    #[arg(long, value_name = "ADDRESS|PATH")]
    pub(crate) lmtp: Option<LmtpAddress>,
}

/// What `convoke import` reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// An event document, YAML or JSON.
    EventDocument,
    /// The XML of pentabarf, frab and pretalx.
    ScheduleXml,
    /// The schedule.json of the c3voc, of version 1 or 2.
    ScheduleJson,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct ImportArguments {
    /// Event documents (YAML, JSON) or the schedules that conferences publish (XML, JSON); - reads
    /// standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are [default: what they look like].
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<ImportFormat>,
    /// The slug of the event of a schedule [default: made of its acronym or title].
    #[arg(long, value_name = "SLUG")]
    pub(crate) slug: Option<Slug>,
    /// The time zone of a schedule, such as Europe/Berlin [default: the one that it names].
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<TimeZone>,
    /// The language of a schedule's texts [default: the one that it names, or in which most is held].
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<LanguageTag>,
    /// Tell all that is odd about a schedule one by one, not only how much there is of it.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// The workspace; may be left out where there is only one.
    #[arg(long, value_name = "SLUG")]
    pub(crate) workspace: Option<Slug>,
    /// Only try: say what would happen, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Remove what belongs to the event and is not in the document.
    #[arg(long)]
    pub(crate) prune: bool,
    /// Announce the events that are drafts; of those announced before, publish what became of the
    /// agenda, telling nobody.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) publish: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The event's slug.
    #[arg(value_name = "EVENT")]
    pub(crate) event: Slug,
    /// The workspace; may be left out where there is only one.
    #[arg(long, value_name = "SLUG")]
    pub(crate) workspace: Option<Slug>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// Print the JSON Schema of event documents instead.
    #[arg(long)]
    pub(crate) event_document: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WorkspaceArguments {
    #[command(subcommand)]
    pub(crate) command: WorkspaceCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceCommand {
    /// Makes a workspace, and prints its id.
    Create {
        /// Its slug: lower-case letters, digits, hyphens.
        #[arg(value_name = "SLUG")]
        slug: Slug,
        /// What the office is called [default: the slug].
        #[arg(long)]
        name: Option<String>,
    },
    /// Lists the workspaces.
    List,
}

#[derive(Debug, Args)]
pub(crate) struct AccountArguments {
    #[command(subcommand)]
    pub(crate) command: AccountCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Makes an account, and prints its id.
    Create {
        /// Its slug: lower-case letters, digits, hyphens.
        #[arg(value_name = "SLUG")]
        slug: Slug,
        /// What it is called [default: the slug].
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes a token, and prints it: this once, since only a hash of it is kept.
    Create(TokenCreateArguments),
    /// Lists the tokens of an account, without their secrets.
    List {
        /// The account's slug.
        #[arg(long, value_name = "SLUG")]
        account: Slug,
    },
    /// Makes a token useless.
    Revoke {
        /// The token's id, as `token list` prints it.
        #[arg(value_name = "ID")]
        id: domain::id::AccessTokenId,
    },
}

/// A word of a closed set, in whatever case.
fn in_any_case<T: std::str::FromStr>(text: &str) -> Result<T, T::Err> {
    text.to_ascii_uppercase().parse()
}

#[derive(Debug, Args)]
pub(crate) struct TokenCreateArguments {
    /// The account's slug.
    #[arg(long, value_name = "SLUG")]
    pub(crate) account: Slug,
    /// The workspace that it opens; may be left out where there is only one. May be repeated.
    #[arg(long, value_name = "SLUG")]
    pub(crate) workspace: Vec<Slug>,
    /// The role that it gives there: OWNER, ORGANIZER or VIEWER.
    #[arg(
        long,
        value_name = "ROLE",
        default_value = "ORGANIZER",
        value_parser = in_any_case::<Role>
    )]
    pub(crate) role: Role,
    /// Confine it to these permissions, such as `EVENT_READ,PARTICIPANT_READ` [default: all that the
    /// role gives].
    #[arg(
        long,
        value_name = "PERMISSIONS",
        value_delimiter = ',',
        value_parser = in_any_case::<Permission>
    )]
    pub(crate) scope: Vec<Permission>,
    /// For how many days it is good [default: until it is revoked].
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: Option<u32>,
    /// What it is for.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) label: String,
}
