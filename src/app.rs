//! The running program: one constructor for the server, the commands and the tests.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::base::clock::Clock;
use crate::base::db::Db;
use crate::base::mail::Mail;
use crate::base::seal::{Keys, Look};
use crate::base::store::Store;
use crate::jobs::Worker;
use crate::org::people::Doors;
use crate::router;

/// What every request needs.
#[derive(Clone, Debug)]
pub struct App {
    /// The database as the application's role sees it.
    pub db: Db,
    /// The sample people at the sign-in page; none outside a demo.
    pub doors: Doors,
    /// Where the contents of files lie.
    pub files: Store,
    /// Where mails are handed in; nowhere unless told.
    pub mail: Mail,
    /// What seals personal data, cadre opinions and second factors; nothing unless told.
    pub keys: Keys,
}

impl App {
    /// An application on this database, clock and folder of files.
    pub fn new(options: PgConnectOptions, clock: Clock, doors: Doors, files: Store) -> Self {
        Self {
            db: Db::open(options, clock),
            doors,
            files,
            mail: Mail::default(),
            keys: Keys::default(),
        }
    }

    /// The same application with a mail server.
    #[must_use]
    pub fn mailing(self, mail: Mail) -> Self {
        Self { mail, ..self }
    }

    /// The same application with keys.
    #[must_use]
    pub fn sealing(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// Serves until SIGTERM or SIGINT, finishing what runs.
    pub async fn serve(self, listen: SocketAddr) -> Result<()> {
        // Before the address is told: a signal nobody waits for would end the program on the spot.
        let hangup = caught(SignalKind::hangup())?;
        let mut terminate = caught(SignalKind::terminate())?;
        let mut interrupt = caught(SignalKind::interrupt())?;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("地址 {listen} 已被占用或不能使用，请换一个：--listen 127.0.0.1:8081")
        })?;
        let address = listener.local_addr()?;
        let service = router::router(&self).into_make_service_with_connect_info::<SocketAddr>();
        announce(address);
        let (stop, stopped) = watch::channel(false);
        let asked_to_stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        let serving = async {
            let served = axum::serve(listener, service)
                .with_graceful_shutdown(asked_to_stop)
                .await;
            // The worker ends between two jobs, never within one.
            let _ = stop.send(true);
            served
        };
        let worker = Worker::of(&self.db, &self.mail)
            .sealing(&self.keys)
            .keeping(&self.files);
        let watch = watch_keys(&self.keys, hangup, stopped.clone());
        let (served, (), ()) = tokio::join!(serving, worker.work(stopped), watch);
        served?;
        self.db.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the address is for the person who started the program"
)]
fn announce(address: SocketAddr) {
    println!("街哨已启动：http://{address}/");
    tracing::info!(%address, "listening");
}

/// Looks at the key file once a minute, and at once on SIGHUP, so that keys are changed while the
/// program runs.
async fn watch_keys(keys: &Keys, mut hangup: Signal, mut stopped: watch::Receiver<bool>) {
    const EVERY: std::time::Duration = std::time::Duration::from_mins(1);
    while !*stopped.borrow() {
        tokio::select! {
            _ = hangup.recv() => {}
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.changed() => break,
        }
        look(keys);
    }
}

/// One look at the key file; the log says what it found.
fn look(keys: &Keys) {
    match keys.look() {
        Look::Same => {}
        Look::Changed => tracing::info!("the key file has changed"),
        Look::Faulty(fault) => {
            tracing::error!(fault, "the key file is unusable; the keys from before stay");
        }
    }
}

/// Catches a signal from now on.
fn caught(kind: SignalKind) -> Result<Signal> {
    signal(kind).context("系统不让程序接收信号，无法平稳停止")
}
