//! The jobs of the program: which there are, when each comes again, and who does it.
//!
//! A new kind is one line in the list below. One that an area enqueues itself:
//!
//! ```text
//! /// Sends one mail.
//! Mail = notices::MAIL, Rhythm::WhenAsked => |tx, job, tools| notices::deliver(tx, job, (&tools.mail, &tools.keys));
//! ```
//!
//! One that comes again by itself, once for each tenant:
//!
//! ```text
//! /// Finds what is late and supervises it.
//! Sweep = "sweep", Rhythm::Every(Duration::minutes(1)) => |tx, job, _tools| supervision::sweep(tx, TenantId(job.tenant));
//! ```

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::watch;

use crate::across::imports;
use crate::base::clock::{day_of, midnight};
use crate::base::db::{Db, Tx};
use crate::base::error::Result;
use crate::base::mail::Mail;
use crate::base::queue::{self, Handler, Job, Outcome, Taken};
use crate::base::seal::Keys;
use crate::base::store::Store;
use crate::org::{TenantId, audit, factors, notices, personal, photos, staff};
use crate::work::{figures, matters, powers, reports, supervision};

/// How long the worker sleeps when nothing is due.
const NAP: std::time::Duration = std::time::Duration::from_secs(2);

/// When a kind of job comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// When an area enqueues one.
    WhenAsked,
    /// For each tenant, so long after it was last done.
    Every(Duration),
    /// For each tenant, every day at this hour of local time.
    Daily(u32),
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:expr, $rhythm:expr => |$tx:ident, $job:ident, $tools:ident| $does:expr;)+) => {
        /// The kinds of jobs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Self::$name),+];

            /// The stored code.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }

            /// When it comes again.
            pub fn rhythm(self) -> Rhythm { match self { $(Self::$name => $rhythm),+ } }

            /// Does it.
            async fn run(self, tx: &mut Tx, job: &Job, tools: &Tools) -> Result<Outcome> {
                match self { $(Self::$name => { let ($tx, $job, $tools) = (tx, job, tools); Ok($does.await?.into()) })+ }
            }
        }
    };
}

kinds! {
    /// Sends one mail.
    Mail = notices::MAIL, Rhythm::WhenAsked => |tx, job, tools| notices::deliver(tx, job, (&tools.mail, &tools.keys));
    /// Finds what is late and supervises it.
    Sweep = "sweep", Rhythm::Every(Duration::minutes(1)) => |tx, job, _tools| supervision::sweep(tx, TenantId(job.tenant));
    /// Writes the morning's digests.
    Digest = notices::DIGEST, Rhythm::Daily(notices::DIGEST_HOUR) => |tx, job, _tools| notices::digest(tx, TenantId(job.tenant));
    /// Seals what was recorded.
    Seal = audit::SEAL, Rhythm::Every(Duration::minutes(1)) => |tx, job, _tools| audit::seal(tx, TenantId(job.tenant));
    /// Writes what was confirmed of an upload.
    Import = imports::IMPORT, Rhythm::WhenAsked => |tx, job, tools| imports::carry_out(tx, job, &tools.keys);
    /// Drops uploads that nobody confirmed.
    TidyImports = imports::TIDY, Rhythm::Daily(imports::TIDY_HOUR) => |tx, job, _tools| imports::tidy(tx, TenantId(job.tenant));
    /// Walks over all seals.
    Check = audit::CHECK, Rhythm::Daily(audit::CHECK_HOUR) => |tx, job, _tools| audit::nightly(tx, TenantId(job.tenant));
    /// Seals what an older program left in the clear, and what stands under an older key.
    Tend = personal::TEND, Rhythm::Every(Duration::minutes(1)) => |tx, job, tools| tend(tx, TenantId(job.tenant), tools);
    /// Counts the days that are over, and anew those of which something changed.
    Figures = figures::COUNT, Rhythm::Every(Duration::minutes(10)) => |tx, job, _tools| figures::count(tx, TenantId(job.tenant));
    /// Sends figures to somebody who ordered them.
    Report = reports::SEND, Rhythm::WhenAsked => |tx, job, tools| reports::send(tx, job, (&tools.mail, &tools.keys));
    /// Forgets what was kept long enough.
    Forget = personal::FORGET, Rhythm::Daily(personal::FORGET_HOUR) => |tx, job, _tools| forget(tx, TenantId(job.tenant));
}

/// What the jobs work with.
#[derive(Clone, Debug, Default)]
struct Tools {
    mail: Mail,
    keys: Keys,
    files: Option<Store>,
}

/// Everything that is sealed, under the first key; comes again at once while there is more.
async fn tend(tx: &mut Tx, tenant: TenantId, tools: &Tools) -> Result<Outcome> {
    let keys = &tools.keys;
    factors::reseal(tx, tenant, keys).await?;
    powers::reseal(tx, tenant, keys).await?;
    let outcome = personal::tend(tx, tenant, keys).await?;
    let more = match &tools.files {
        Some(files) => photos::reseal(tx, tenant, (keys, files)).await?,
        None => false,
    };
    Ok(if more { Outcome::At(tx.now) } else { outcome })
}

/// Tellers of matters that ended long ago, numbers of people who left long ago; comes again at once
/// while there are more.
async fn forget(tx: &mut Tx, tenant: TenantId) -> Result<Outcome> {
    let most = personal::PORTION;
    let now = tx.now;
    let rules = personal::rules(tx, tenant).await?;
    let tellers = matters::forget_tellers(tx, tenant, rules.tellers_before(now), most).await?;
    let day = day_of(rules.people_before(now));
    let people = staff::forget_numbers(tx, tenant, day, most).await?;
    personal::forgot(tx, tenant, (&tellers, &people)).await?;
    let full = usize::try_from(most).unwrap_or(usize::MAX);
    Ok(if tellers.len() == full || people.len() == full {
        Outcome::At(now)
    } else {
        Outcome::Done
    })
}

impl Kind {
    fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether it may wait for a machine elsewhere or reads very much, so that others must not wait
    /// for it.
    fn is_slow(self) -> bool {
        matches!(self, Self::Mail | Self::Report | Self::Check | Self::Import)
    }
}

impl Rhythm {
    /// The first time after an instant; none, if it does not come by itself.
    pub fn next(self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::WhenAsked => None,
            Self::Every(time) => Some(after + time),
            Self::Daily(hour) => {
                let today = midnight(day_of(after)) + Duration::hours(i64::from(hour));
                Some(if today > after {
                    today
                } else {
                    today + Duration::days(1)
                })
            }
        }
    }
}

/// Does what is due, as often as it is asked or until it is told to stop.
#[derive(Clone, Debug)]
pub struct Worker {
    db: Db,
    tools: Tools,
    tenant: Option<TenantId>,
}

/// Does everything that is due now, without a mail server; says how many jobs that were.
pub async fn drain(db: &Db) -> Result<usize> {
    Worker::of(db, &Mail::default()).drain().await
}

impl Worker {
    /// A worker for all tenants.
    pub fn of(db: &Db, mail: &Mail) -> Self {
        Self {
            db: db.clone(),
            tools: Tools {
                mail: mail.clone(),
                keys: Keys::default(),
                files: None,
            },
            tenant: None,
        }
    }

    /// The same worker with keys.
    #[must_use]
    pub fn sealing(mut self, keys: &Keys) -> Self {
        self.tools.keys = keys.clone();
        self
    }

    /// The same worker with the place of contents.
    #[must_use]
    pub fn keeping(mut self, files: &Store) -> Self {
        self.tools.files = Some(files.clone());
        self
    }

    /// The same worker, for one tenant alone.
    #[must_use]
    pub fn only(self, tenant: TenantId) -> Self {
        Self {
            tenant: Some(tenant),
            ..self
        }
    }

    /// Does everything that is due now, the longest due first; says how many jobs that were.
    pub async fn drain(&self) -> Result<usize> {
        self.drain_of(Kind::ALL, || false).await
    }

    async fn drain_of(&self, kinds: &[Kind], stopped: impl Fn() -> bool) -> Result<usize> {
        self.fill(kinds).await?;
        let taken = Taken {
            kinds: kinds.iter().map(|kind| kind.code().to_owned()).collect(),
            tenant: self.tenant.map(|tenant| tenant.0),
        };
        let handler = self.handler();
        let mut done = 0;
        while !stopped() && queue::run_next(&self.db, &taken, &handler).await? {
            done += 1;
        }
        Ok(done)
    }

    /// Enqueues what comes by itself and is absent.
    async fn fill(&self, kinds: &[Kind]) -> Result<()> {
        let mut tx = self.db.begin_outside().await?;
        let now = tx.now;
        for kind in kinds {
            if let Some(run_at) = kind.rhythm().next(now) {
                queue::fill(&mut tx, self.tenant.map(|t| t.0), kind.code(), run_at).await?;
            }
        }
        tx.commit().await
    }

    fn handler(&self) -> Handler {
        let tools = self.tools.clone();
        Arc::new(move |tx, job| {
            let tools = tools.clone();
            Box::pin(async move { run(tx, job, &tools).await })
        })
    }

    /// Works until told to stop. What may wait for a machine elsewhere has a lane of its own.
    pub async fn work(self, stopped: watch::Receiver<bool>) {
        let (slow, quick): (Vec<Kind>, Vec<Kind>) = Kind::ALL.iter().partition(|k| k.is_slow());
        tokio::join!(
            self.lane(&slow, stopped.clone()),
            self.lane(&quick, stopped)
        );
    }

    async fn lane(&self, kinds: &[Kind], mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let drained = self.drain_of(kinds, || *stopped.borrow()).await;
            if let Err(error) = drained {
                tracing::error!(error = ?error, "the worker could not look for jobs");
            }
            tokio::select! {
                () = tokio::time::sleep(NAP) => {}
                _ = stopped.changed() => {}
            }
        }
    }
}

/// Does one job; what comes by itself is enqueued anew in the same transaction.
async fn run(tx: &mut Tx, job: &Job, tools: &Tools) -> Result<Outcome> {
    let Some(kind) = Kind::read(&job.kind) else {
        return Err(anyhow::anyhow!("no kind of job “{}”", job.kind).into());
    };
    let outcome = kind.run(tx, job, tools).await?;
    Ok(match (outcome, kind.rhythm().next(tx.now)) {
        (Outcome::Done, Some(next)) => Outcome::At(next),
        (outcome, _) => outcome,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daily_job_comes_at_the_next_such_hour() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let next = |text: &str| Rhythm::Daily(8).next(at(text)).unwrap();
        let monday = at("2026-11-23T08:00:00+08:00");
        assert_eq!(next("2026-11-23T00:10:00+08:00"), monday);
        assert_eq!(next("2026-11-22T08:00:00+08:00"), monday);
        assert_eq!(next("2026-11-22T23:59:00+08:00"), monday);
        assert_eq!(Rhythm::WhenAsked.next(monday), None);
    }

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::read(kind.code()), Some(*kind));
        }
    }
}
