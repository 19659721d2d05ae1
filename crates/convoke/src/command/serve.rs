//! `convoke serve`: listening, answering, and stopping without cutting anybody off.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use credentials::PublicKey;
use domain::Site;
use graphql_api::http::{Limits, Service, graphiql, routes};
use graphql_api::page::Pages;
use graphql_api::{BadgeKeys, Misses};
use notifier::Address;
use notifier::dispatch::Dispatcher;
use persistence::Store;
use poem::Server;
use poem::listener::TcpAcceptor;
use registrar::{Office, Registrar};
use tokio::sync::watch;

use crate::cli::{DatabaseSettings, ListenArguments, PaperArguments, ServeArguments};
use crate::command::{open, open_current};
use crate::failure::Failure;
use crate::host::Program;
use crate::mail::dispatcher;
use crate::output::say;
use crate::paper::{former_keys, office};

/// How long requests that are being answered may take to finish, once the program is to stop.
const GRACE: Duration = Duration::from_secs(20);

/// How long a connection may lie idle: longer than any answer takes (`Limits::answer_within`), and
/// short enough that those who connect and say nothing do not use up the connections.
const IDLE: Duration = Duration::from_mins(1);

pub(crate) async fn run(
    settings: &DatabaseSettings,
    arguments: ServeArguments,
) -> Result<(), Failure> {
    if arguments.migrate {
        open(settings).await?.migrate().await?;
    }
    let store = open_current(settings).await?;
    let (listener, address) = listen(arguments.listen.listen)?;
    say(&format!("listening on http://{address}"));
    let site = arguments.listen.site.or_listening(address)?;
    let dispatcher = dispatcher(&store, &arguments.mail, &site)?;
    if dispatcher.is_none() {
        say("no mail is sent from here (--mail says which way)");
    }
    let from = arguments.mail.mail_from.as_ref();
    let office = office(&arguments.paper, &site, store.now())?;
    let outgoing = Outgoing::new(dispatcher, office, &arguments.paper)?;
    serve(store, listener, &arguments.listen, (site, from), outgoing).await
}

/// What goes on beside answering requests.
pub(crate) struct Outgoing {
    /// Who sends mails, if anybody does.
    dispatcher: Option<Dispatcher>,
    /// What documents are made with.
    office: Office,
    /// What badges were signed by before.
    former_keys: Vec<PublicKey>,
    /// After what time another takes over documents.
    lease: TimeDelta,
}

impl Outgoing {
    pub(crate) fn new(
        dispatcher: Option<Dispatcher>,
        office: Office,
        paper: &PaperArguments,
    ) -> Result<Self, Failure> {
        Ok(Self {
            dispatcher,
            office,
            former_keys: former_keys(paper)?,
            lease: TimeDelta::seconds(paper.paper_lease.into()),
        })
    }
}

/// Takes the address, and says which it got.
pub(crate) fn listen(address: SocketAddr) -> Result<(std::net::TcpListener, SocketAddr), Failure> {
    let bound = std::net::TcpListener::bind(address)
        .and_then(|listener| Ok((listener.local_addr()?, listener)));
    match bound {
        Ok((address, listener)) => Ok((listener, address)),
        Err(source) => Err(Failure::Io {
            what: format!("cannot listen on {address} (--listen, CONVOKE_LISTEN)"),
            source,
        }),
    }
}

/// Answers requests until the program is told to stop.
pub(crate) async fn serve(
    store: Store,
    listener: std::net::TcpListener,
    arguments: &ListenArguments,
    (site, mail_from): (Site, Option<&Address>),
    outgoing: Outgoing,
) -> Result<(), Failure> {
    let Outgoing {
        dispatcher,
        office,
        former_keys,
        lease,
    } = outgoing;
    if let Some(folder) = arguments
        .graphiql
        .as_deref()
        .filter(|folder| !folder.is_dir())
    {
        return Err(Failure::Setting {
            setting: "--graphiql (CONVOKE_GRAPHIQL)",
            reason: format!("{} is no folder", folder.display()),
        });
    }
    let badge_keys = office.key.clone().map(|current| {
        Arc::new(BadgeKeys {
            current,
            former: former_keys,
        })
    });
    let misses = Arc::new(Misses::behind(arguments.trusted_proxies.clone()));
    let pages = Pages::new(store.clone(), site.clone())
        .counting(Arc::clone(&misses))
        .signing_by(badge_keys.clone());
    let mail_from = mail_from.map(|address| address.to_string().into());
    let registrar = Registrar::new(store.clone(), office.clone()).with_lease(lease);
    let program = Program::new(
        store,
        site,
        mail_from,
        Arc::new(office),
        arguments.inbound_secret.clone(),
        (badge_keys, misses),
    );
    let service = Service {
        executor: graphql_api::schema(),
        host: program.clone(),
        limits: Limits::default(),
    };
    let beside = pages.beside(graphiql::routes(arguments.graphiql.as_deref()));
    let endpoint = routes(service, beside);
    let listening = || Failure::io("cannot listen");
    listener.set_nonblocking(true).map_err(listening())?;
    let acceptor = TcpAcceptor::from_std(listener).map_err(listening())?;
    let (stopping, _) = watch::channel(false);
    let stop = {
        let stopping = stopping.clone();
        async move {
            told_to_stop().await;
            tracing::info!("told to stop: finishing what is being answered");
            program.stop();
            stopping.send_replace(true);
        }
    };
    let served = async {
        let served = Server::new_with_acceptor(acceptor)
            .idle_timeout(IDLE)
            .run_with_graceful_shutdown(endpoint, stop, Some(GRACE))
            .await;
        stopping.send_replace(true);
        served
    };
    let stopped = || {
        let mut told = stopping.subscribe();
        async move {
            // Whoever would tell is gone only at the end.
            let _ = told.wait_for(|stopping| *stopping).await;
        }
    };
    let (sending, printing) = (stopped(), stopped());
    let sent = async {
        if let Some(dispatcher) = dispatcher {
            dispatcher.run(sending).await;
        }
    };
    let made = registrar.run(printing);
    let (served, (), _made) = tokio::join!(served, sent, made);
    served.map_err(Failure::io("the server broke"))
}

/// Waits for Ctrl-C or, where there is such a thing, SIGTERM.
pub(crate) async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_no_such_signal) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
