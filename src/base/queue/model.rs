//! A job, how it ends, and how long one that failed waits. Pure.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// A job as its handler sees it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub tenant: Uuid,
    /// What is to be done.
    pub kind: String,
    /// What to; the same does not wait twice.
    pub key: String,
    /// What the handler needs to know.
    pub payload: serde_json::Value,
    /// How often it has failed.
    pub attempts: i32,
}

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What is to be done.
    pub kind: &'static str,
    /// What to; the same does not wait twice.
    pub key: String,
    /// What the handler needs to know.
    pub payload: serde_json::Value,
    /// Not before this.
    pub run_at: DateTime<Utc>,
}

/// How a job ends that did not fail. Whatever the handler wrote is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// Once more, at this instant; nothing went wrong.
    At(DateTime<Utc>),
    /// It did not work, for this reason: once more, after a delay that grows.
    Again(String),
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Done
    }
}

impl Job {
    /// When it is tried again if it fails at this instant: after 1, 2, 4 … at most 60 minutes.
    pub fn next_try(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + delay(self.attempts)
    }
}

fn delay(attempts: i32) -> Duration {
    const LONGEST: i64 = 60;
    let doubled = 1_i64 << attempts.clamp(0, 6);
    Duration::minutes(doubled.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_an_hour() {
        let minutes: Vec<i64> = (0..9).map(|n| delay(n).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(delay(i32::MAX).num_minutes(), 60);
    }
}
