//! Requests that are broken off at any moment leave no transaction open and no tenant behind.

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use sqlx::Row as _;
use street_whistle::app::App;
use street_whistle::base::clock::Clock;
use street_whistle::org::people::Doors;
use tokio::task::JoinSet;

use crate::harness::{Person, Sql, Town, files, server};

/// How many requests are broken off under way.
const BROKEN_OFF: usize = 3_000;
/// How many are sent before the connections are looked at.
const ROUND: usize = 240;
/// How many are under way at once: more than there are connections, so that some wait for one.
const AT_ONCE: usize = 24;
/// After so long a slow machine may stop, with fewer.
const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_request_leaks_no_tenant() {
    let towns = [Town::raise().await, Town::raise().await];
    // The program's name towards the database, to find its connections again.
    let name = format!("cancelled-{}", towns[0].tenant);
    let options = server().login("street_whistle_app").application_name(&name);
    let app = App::new(options, Clock::System, Doors::default(), files());
    let mut people = Vec::new();
    for (town, other) in [(0, 1), (1, 0)] {
        for called in [
            "street dispatcher",
            "grid chief",
            "water clerk",
            "city leader",
        ] {
            let person = towns[town].sign_in(called).await.served_by(&app);
            people.push((person, towns[other].name.clone()));
        }
    }
    let people: &'static [(Person, String)] = people.leak();

    // First every connection is made, so that the statements are broken off and not the greeting.
    let mut greetings = JoinSet::new();
    for count in 0..AT_ONCE {
        greetings.spawn(people[count % people.len()].0.opens("/account"));
    }
    greetings.join_all().await;

    let since = Instant::now();
    let mut broken_off = 0;
    while broken_off < BROKEN_OFF && since.elapsed() < LIMIT {
        broken_off += break_off(people, broken_off).await;
        assert_eq!(tenants_left_on(&app).await, Vec::<String>::new());
    }
    assert!(
        broken_off >= 1_000,
        "only {broken_off} requests were broken off"
    );
    for (person, other) in people {
        person.opens("/account").await.never_names(other);
    }
    // Whoever holds a connection knows that what was done on it before is over: a page is answered
    // before its connection is given back.
    assert_eq!(tenants_left_on(&app).await, Vec::<String>::new());
    let left_open = format!(
        "select count(*) from pg_stat_activity
          where application_name = '{name}' and state like 'idle in transaction%'"
    );
    assert_eq!(Sql::owner().await.number(&left_open).await, 0);
}

/// Sends a round of requests and drops each at another of its waits, from the first to the last.
/// Answers how many were dropped under way.
async fn break_off(people: &'static [(Person, String)], seed: usize) -> usize {
    let mut under_way = JoinSet::new();
    let mut broken_off = 0;
    for count in seed..seed + ROUND {
        if under_way.len() >= AT_ONCE {
            broken_off += usize::from(under_way.join_next().await.unwrap().unwrap());
        }
        let (person, other) = &people[count % people.len()];
        // Numbers without a common factor, so that everything meets everything.
        let path = ["/account", "/posts", "/password"][count % 3];
        let waits = count / 3 % 5;
        under_way.spawn(async move {
            let Some(page) = drop_after(waits, person.get(path)).await else {
                return true;
            };
            let faults = page.seen.faults.join("\n");
            assert!(page.status() < 500, "{} {faults}", page.asked);
            page.never_names(other);
            false
        });
    }
    let rest = under_way.join_all().await;
    broken_off + rest.into_iter().filter(|dropped| *dropped).count()
}

/// Lets a request wait so many times for something, then drops it.
async fn drop_after<F: Future>(mut waits: usize, request: F) -> Option<F::Output> {
    let mut request = Box::pin(request);
    let watched = poll_fn(move |context| match request.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if waits == 0 => Poll::Ready(None),
        Poll::Pending => {
            waits -= 1;
            Poll::Pending
        }
    });
    watched.await
}

/// What each connection of the program's pool takes for its tenant outside any transaction.
async fn tenants_left_on(app: &App) -> Vec<String> {
    let pool = app.db.pool();
    let mut held = Vec::new();
    let mut left = Vec::new();
    for _ in 0..pool.size() {
        let mut connection = pool.acquire().await.unwrap();
        let query = "select coalesce(current_setting('app.tenant', true), '')";
        let row = sqlx::raw_sql(query);
        let row = sqlx::Executor::fetch_one(&mut *connection, row)
            .await
            .unwrap();
        let tenant: String = row.get(0);
        if !tenant.is_empty() {
            left.push(tenant);
        }
        held.push(connection);
    }
    left
}
