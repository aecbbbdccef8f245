//! A queue of jobs in the database. A job is enqueued in the transaction that wants it and taken
//! out in the transaction that does it: killed in between, it is there still; done, it is gone;
//! its effects are there exactly once.

mod model;
mod queries;

use std::pin::Pin;
use std::sync::Arc;

use anyhow::Context as _;

pub use model::{Job, Outcome, Wanted};
pub use queries::{enqueue, enqueue_each, fill};

use super::db::{Db, Tx};
use super::error::{Error, Result};

/// What does a job: in the job's own transaction, its tenant set.
pub type Handler = Arc<
    dyn for<'a> Fn(
            &'a mut Tx,
            &'a Job,
        ) -> Pin<Box<dyn Future<Output = Result<Outcome>> + Send + 'a>>
        + Send
        + Sync,
>;

/// Which jobs a worker takes.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Of these kinds; others may be a newer program's.
    pub kinds: Vec<String>,
    /// Of this tenant alone, if one is named.
    pub tenant: Option<uuid::Uuid>,
}

/// Does the job that is due longest; says whether there was one. A job that fails, or panics, is
/// rolled back and put off; it stands in no other's way.
pub async fn run_next(db: &Db, taken: &Taken, handler: &Handler) -> Result<bool> {
    let mut tx = db.begin_outside().await?;
    let Some(job) = queries::take(&mut tx, taken).await? else {
        return Ok(false);
    };
    tx.set_tenant(job.tenant).await?;
    let (doing, handler) = (job.clone(), handler.clone());
    // A task of its own: where the handler panics, the transaction falls with it.
    #[expect(clippy::disallowed_methods, reason = "the task is awaited; see above")]
    let ended = tokio::spawn(async move {
        let outcome = handler(&mut tx, &doing).await?;
        settle(&mut tx, &doing, outcome).await?;
        tx.commit().await
    })
    .await
    .context("a job panicked");
    if let Err(error) = ended.map_err(Error::from).and_then(|result| result) {
        let words = told(&error);
        tracing::error!(
            kind = job.kind,
            attempts = job.attempts,
            error = words,
            "job failed"
        );
        let mut tx = db.begin_outside().await?;
        queries::put_off(&mut tx, &job, &words).await?;
        tx.commit().await?;
    }
    Ok(true)
}

/// The job is gone from the table already; what is not over comes back.
async fn settle(tx: &mut Tx, job: &Job, outcome: Outcome) -> Result<()> {
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::At(run_at) => queries::put_back(tx, job, run_at).await,
        Outcome::Again(words) => queries::put_back_failed(tx, job, &words).await,
    }
}

/// What went wrong, without anything that somebody typed.
fn told(error: &Error) -> String {
    match error {
        Error::Internal(error) => format!("{error:#}"),
        Error::Invalid(_) => "invalid".to_owned(),
        Error::SignIn
        | Error::Forbidden
        | Error::NotFound
        | Error::Unreadable(_)
        | Error::Refused(_)
        | Error::Stale
        | Error::TooLarge
        | Error::OtherOrigin => format!("{error:?}"),
    }
}
