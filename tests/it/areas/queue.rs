//! Jobs: done once, in order, whatever fails beside them.

use std::sync::{Arc, Mutex};

use chrono::Duration;
use street_whistle::base::db::Tx;
use street_whistle::base::error::{Error, Result};
use street_whistle::base::queue::{self, Handler, Job, Outcome, Taken};
use street_whistle::org::notices;

use crate::harness::{Sql, Town, all_at_once};

/// What handlers were called for, in order: the keys.
type Calls = Arc<Mutex<Vec<String>>>;

/// What a job of these tests does: it is noted, and its key says how it ends.
async fn does(tx: &mut Tx, job: &Job, calls: Calls) -> Result<Outcome> {
    calls.lock().unwrap().push(job.key.clone());
    let (tenant, now) = (job.tenant, tx.now);
    // An effect that must be there exactly once.
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into number_series values ('{tenant}', 'J-{}', '{now}'::date, 1)
         on conflict (tenant_id, series, day) do update set last = number_series.last + 1",
        job.key
    )))
    .execute(&mut **tx)
    .await?;
    match job.key.split(' ').next().unwrap_or_default() {
        "fails" => Err(Error::Internal(anyhow::anyhow!("it fails"))),
        "panics" => panic!("it panics"),
        "later" => Ok(Outcome::Again("come later".to_owned())),
        _ => Ok(Outcome::Done),
    }
}

fn handler(calls: &Calls) -> Handler {
    let calls = calls.clone();
    Arc::new(move |tx, job| Box::pin(does(tx, job, calls.clone())))
}

fn taken(town: &Town) -> Taken {
    Taken {
        kinds: vec!["test".to_owned()],
        tenant: Some(town.tenant),
    }
}

impl Town {
    async fn wants(&self, key: &str, after: Duration) {
        self.wants_of("test", key, after).await;
    }

    async fn wants_of(&self, kind: &'static str, key: &str, after: Duration) {
        let mut tx = self.db().begin(self.tenant).await.unwrap();
        let run_at = tx.now + after;
        let payload = serde_json::Value::Null;
        queue::enqueue(&mut tx, self.tenant, (kind, key), payload, run_at)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Everything that is due, by a worker that takes these kinds of jobs of all given towns.
    async fn does_all(&self, taken: &Taken, calls: &Calls) {
        while queue::run_next(self.db(), taken, &handler(calls))
            .await
            .unwrap()
        {}
    }

    /// How often the job of this key had its effect.
    async fn effects(&self, key: &str) -> i64 {
        let query = format!(
            "select coalesce(sum(last), 0)::bigint from number_series where tenant_id = '{}' and series = 'J-{key}'",
            self.tenant
        );
        self.number(&query).await
    }
}

#[tokio::test]
async fn a_job_is_done_once_when_it_is_due() {
    let town = Town::raise_at("2026-11-23T06:05:00Z").await;
    let calls = Calls::default();
    town.wants("a", Duration::minutes(5)).await;
    town.wants("a", Duration::zero()).await;
    town.does_all(&taken(&town), &calls).await;
    assert!(calls.lock().unwrap().is_empty(), "the first word counts");
    town.passes(Duration::minutes(5));
    for _ in 0..2 {
        town.does_all(&taken(&town), &calls).await;
    }
    assert_eq!((*calls.lock().unwrap()).as_slice(), ["a"]);
    assert_eq!(town.effects("a").await, 1);
    // Done, the same may be wanted again.
    town.wants("a", Duration::zero()).await;
    town.does_all(&taken(&town), &calls).await;
    assert_eq!(town.effects("a").await, 2);
}

#[tokio::test]
async fn a_failure_is_rolled_back_put_off_and_in_nobody_s_way() {
    let towns = [
        Town::raise_at("2026-11-23T06:05:00Z").await,
        Town::raise_at("2026-11-23T06:05:00Z").await,
    ];
    let calls = Calls::default();
    for key in ["fails", "panics", "later"] {
        towns[0].wants_of("both", key, Duration::zero()).await;
    }
    towns[1]
        .wants_of("both", "works", Duration::minutes(1))
        .await;
    for town in &towns {
        town.passes(Duration::minutes(1));
    }
    // One worker for both; nobody else has this kind of job.
    let both = Taken {
        kinds: vec!["both".to_owned()],
        tenant: None,
    };
    towns[0].does_all(&both, &calls).await;
    assert_eq!(towns[1].effects("works").await, 1);
    for (key, effects) in [("fails", 0), ("panics", 0), ("later", 1)] {
        assert_eq!(towns[0].effects(key).await, effects, "{key}");
    }
    let left = format!(
        "select key || ' ' || attempts || ' ' || last_error || ' ' || (run_at - failed_at)
           from jobs where tenant_id = '{}' and kind = 'both' order by key",
        towns[0].tenant
    );
    let mut owner = Sql::owner().await;
    let lines = owner.column(&left).await;
    assert_eq!(
        lines[..2],
        ["fails 1 it fails 00:01:00", "later 1 come later 00:01:00"]
    );
    assert!(
        lines[2].starts_with("panics 1 a job panicked") && lines[2].ends_with(" 00:01:00"),
        "{}",
        lines[2]
    );
    // The delays grow.
    for _ in 0..3 {
        towns[0].passes(Duration::minutes(60));
        towns[0].does_all(&both, &calls).await;
    }
    let waits = format!(
        "select (run_at - failed_at)::text from jobs where tenant_id = '{}' and key = 'fails'",
        towns[0].tenant
    );
    assert_eq!(owner.column(&waits).await, ["00:08:00"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_do_each_job_once() {
    let town = Town::raise_at("2026-11-23T06:05:00Z").await;
    let keys: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
    for key in &keys {
        town.wants(key, Duration::zero()).await;
    }
    let calls = Calls::default();
    let workers = (0..4).map(|_| {
        let (taken, calls) = (taken(&town), calls.clone());
        let town = &town;
        async move { town.does_all(&taken, &calls).await }
    });
    all_at_once(workers).await;
    assert_eq!(calls.lock().unwrap().len(), keys.len());
    for key in &keys {
        assert_eq!(town.effects(key).await, 1, "{key}");
    }
}

#[tokio::test]
async fn after_three_days_what_was_due_is_done_once_and_in_order() {
    let town = Town::raise_at("2026-11-23T06:05:00Z").await;
    let calls = Calls::default();
    for (key, hours) in [("third", 60), ("first", 1), ("second", 30), ("not yet", 80)] {
        town.wants(key, Duration::hours(hours)).await;
    }
    assert_eq!(town.works().await, 0, "the digest is asked for");
    town.passes(Duration::days(3));
    town.does_all(&taken(&town), &calls).await;
    assert_eq!(
        (*calls.lock().unwrap()).as_slice(),
        ["first", "second", "third"]
    );
    // What comes every day, and every minute, comes once, and then at its next time.
    assert_eq!((town.works().await, town.works().await), (8, 0));
    let next = format!(
        "select to_char(run_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') from jobs
          where tenant_id = '{}' and kind = '{}'",
        town.tenant,
        notices::DIGEST
    );
    assert_eq!(Sql::owner().await.column(&next).await, ["2026-11-27 08:00"]);
}

#[tokio::test]
async fn a_worker_that_is_killed_leaves_the_job_as_it_was() {
    let town = Town::raise_at("2026-11-23T06:05:00Z").await;
    town.wants("a", Duration::zero()).await;
    // A worker takes the job and dies with its connection.
    let mut killed = Sql::app().await;
    killed
        .run(&format!(
            "begin; delete from jobs where tenant_id = '{}' and kind = 'test'",
            town.tenant
        ))
        .await
        .unwrap();
    let calls = Calls::default();
    town.does_all(&taken(&town), &calls).await;
    assert!(
        calls.lock().unwrap().is_empty(),
        "it is another's meanwhile"
    );
    killed.close().await;
    town.does_all(&taken(&town), &calls).await;
    assert_eq!(town.effects("a").await, 1);
}
