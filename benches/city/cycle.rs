//! Filing, and whole lives: a matter is filed, accepted, raised; a whistle is blown about it, signed,
//! reported in on, fed back, checked, rated and closed. Each step is a form, by whoever may, and durable. What the community did itself is a
//! form more than the goal counts: without it nothing goes up to the street.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use chrono::{FixedOffset, Utc};
use futures_util::future::try_join_all;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgPoolOptions};
use uuid::Uuid;

use super::database::Database;
use super::fill;
use super::people::{People, Team};

/// What was measured of something that writes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Rate {
    /// Done per second.
    pub(crate) rate: f64,
    /// Milliseconds within which half and all but one of a hundred were done.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Milliseconds that half of each step took.
    pub(crate) steps: Vec<(&'static str, f64)>,
}

/// What a class asks for when it is filed and accepted.
#[derive(Clone, Debug)]
struct Kind {
    code: String,
    name: String,
    /// The condition of filing as the form carries it; empty if the class has none.
    condition: String,
}

/// What each walker needs.
struct Ground<'a> {
    team: &'a Team,
    kinds: Vec<Kind>,
    pool: PgPool,
    turn: AtomicUsize,
}

impl Ground<'_> {
    /// Another place and another class each time, so that nothing is a recurrence of the one before.
    fn next(&self) -> (usize, usize, &Kind) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        (
            turn,
            turn / self.team.finders.len(),
            &self.kinds[turn * 7 % self.kinds.len()],
        )
    }

    async fn files(&self) -> Result<(String, &Kind)> {
        let (turn, round, kind) = self.next();
        let finder = &self.team.finders[turn % self.team.finders.len()];
        let building = &finder.buildings[round % finder.buildings.len()];
        let title = format!("{}，{turn}", kind.name);
        let once = Uuid::now_v7().to_string();
        let fields = [
            ("class", kind.code.as_str()),
            ("detail", "居民反映，现场看过，情况属实。"),
            ("community", &building[..12]),
            ("grid", &building[..15]),
            ("building", building),
            ("spot", "楼前"),
            ("title", &title),
            ("how", "community"),
            ("once", &once),
        ];
        Ok((finder.browser.posts("/matters", &fields).await?, kind))
    }

    /// One life; calls `done` after each step.
    #[expect(clippy::too_many_lines, reason = "a life, step after step")]
    async fn lives(&self, mut done: impl FnMut(usize)) -> Result<()> {
        let team = self.team;
        let (matter, kind) = self.files().await?;
        done(0);
        let once = || Uuid::now_v7().to_string();
        let fields = [
            ("version", "1"),
            ("once", &once()),
            ("condition", &kind.condition),
        ];
        team.secretary
            .posts(&format!("{matter}/acceptance"), &fields)
            .await?;
        done(1);
        let fields = [
            ("version", "2"),
            ("once", &once()),
            ("words", "社区组织人员处置两次，第二天又出现。"),
        ];
        team.secretary
            .posts(&format!("{matter}/measures"), &fields)
            .await?;
        done(2);
        let fields = [
            ("version", "3"),
            ("once", &once()),
            ("words", "社区没有设备，请街道协调。"),
        ];
        team.secretary
            .posts(&format!("{matter}/raising"), &fields)
            .await?;
        done(3);
        let whistle = team
            .dispatcher
            .posts("/whistles", &self.draft(&matter, &kind.name, &once()))
            .await?;
        done(4);
        let now = Utc::now().with_timezone(&FixedOffset::east_opt(8 * 3600).context("the zone")?);
        let at = now.format("%Y-%m-%d %H:%M").to_string();
        let clerk = &team.clerk;
        clerk
            .posts(
                &format!("{whistle}/signing"),
                &[("version", "2"), ("once", &once())],
            )
            .await?;
        done(5);
        let fields = [
            ("version", "3"),
            ("once", &once()),
            ("way", "on_site"),
            ("at", &at),
            ("who", "抢修班 3 人"),
            ("words", "今天办结。"),
        ];
        clerk
            .posts(&format!("{whistle}/reporting"), &fields)
            .await?;
        done(6);
        let fields = [
            ("version", "4"),
            ("once", &once()),
            ("words", "已处置，现场清理干净。"),
        ];
        clerk.posts(&format!("{whistle}/feedback"), &fields).await?;
        done(7);
        let fields = [
            ("version", "3"),
            ("once", &once()),
            ("passed", "yes"),
            ("words", "现场看过，已达到结案条件。"),
        ];
        team.checker
            .posts(&format!("{whistle}/check"), &fields)
            .await?;
        done(8);
        let assignment = self.assignment(&whistle).await?;
        let marks = ["speed", "attendance", "result", "attitude", "helped"].map(|name| (name, "4"));
        let once_here = once();
        let fields = [
            ("version", "4"),
            ("once", once_here.as_str()),
            ("assignment", assignment.as_str()),
            ("comment", ""),
        ];
        team.dispatcher
            .posts(
                &format!("{whistle}/ratings"),
                &[&fields[..], &marks].concat(),
            )
            .await?;
        done(9);
        let fields = [
            ("version", "5"),
            ("once", &once()),
            ("outcome", "resolved"),
            ("words", ""),
        ];
        team.dispatcher
            .posts(&format!("{whistle}/closure"), &fields)
            .await?;
        done(10);
        Ok(())
    }

    /// A whistle about the whole street, so that its street alone rates.
    fn draft<'b>(
        &'b self,
        matter: &'b str,
        title: &'b str,
        once: &'b str,
    ) -> [(&'static str, &'b str); 13] {
        let id = matter.rsplit('/').next().unwrap_or_default();
        [
            ("once", once),
            ("act", "send"),
            ("kind", "express"),
            ("matter", id),
            ("title", title),
            ("place", &self.team.street),
            ("department", &self.team.department),
            ("ask", "到现场处置。"),
            ("choice_reason", "由这个部门管护。"),
            ("problem", "居民反映，社区处置后反复。"),
            ("own_measures", "社区组织人员处置两次，第二天又出现。"),
            ("closing_condition", "连看三天，不再反复"),
            ("version", ""),
        ]
    }

    /// The form of a rating names the assignment; asked here, because fetching the page is measured
    /// elsewhere.
    async fn assignment(&self, whistle: &str) -> Result<String> {
        let id: Uuid = whistle.rsplit('/').next().unwrap_or_default().parse()?;
        let asked = sqlx::query_scalar(
            "select id::text from assignments where tenant_id = (select id from bench.tenant) and whistle_id = $1",
        );
        Ok(asked.bind(id).fetch_one(&self.pool).await?)
    }
}

/// What they are called in the report.
pub(crate) const FILING: &str = "上报";
pub(crate) const LIVES: &str = "办理全程";

const STEPS: [&str; 11] = [
    "上报",
    "受理",
    "处置",
    "上报街道",
    "吹哨",
    "签收",
    "报到",
    "反馈",
    "核查",
    "评价",
    "办结",
];

/// Filing alone.
pub(crate) async fn filing(
    database: &Database,
    people: &People,
    seconds: Duration,
) -> Result<Rate> {
    let grounds = grounds(database, people).await?;
    let walk =
        async |ground: &Ground<'_>, _: &mut Vec<Vec<Duration>>| ground.files().await.map(drop);
    let begun = Utc::now();
    let _ = walked(&grounds, seconds / 4, walk).await?;
    let rate = walked(&grounds, seconds, walk).await?;
    fill::set_back(database, begun).await?;
    Ok(rate)
}

/// Whole lives.
pub(crate) async fn lives(database: &Database, people: &People, seconds: Duration) -> Result<Rate> {
    let grounds = grounds(database, people).await?;
    let walk = async |ground: &Ground<'_>, steps: &mut Vec<Vec<Duration>>| {
        let mut since = Instant::now();
        ground
            .lives(|step| {
                steps[step].push(since.elapsed());
                since = Instant::now();
            })
            .await
    };
    let begun = Utc::now();
    let _ = walked(&grounds, seconds / 4, walk).await?;
    let rate = walked(&grounds, seconds, walk).await?;
    fill::set_back(database, begun).await?;
    Ok(rate)
}

async fn grounds<'a>(database: &Database, people: &'a People) -> Result<Vec<Ground<'a>>> {
    let pool = PgPoolOptions::new()
        .max_connections(2)
        .connect(&database.url("postgres"))
        .await?;
    let rows =
        sqlx::query("select code, name, version, position::int from bench.classes order by n")
            .fetch_all(&pool)
            .await?;
    let kinds: Vec<Kind> = rows
        .iter()
        .map(|row| Kind {
            code: row.get("code"),
            name: row.get("name"),
            condition: match (
                row.get::<Option<i32>, _>("version"),
                row.get::<Option<i32>, _>("position"),
            ) {
                (Some(version), Some(position)) => format!("{version}.{position}"),
                _ => String::new(),
            },
        })
        .collect();
    // Where the last walk ended nobody knows; a new beginning far from it collides with nothing.
    let begin = usize::try_from(Utc::now().timestamp() % 10_000)?;
    let grounds = people.teams.iter().map(|team| {
        let (kinds, pool, turn) = (kinds.clone(), pool.clone(), AtomicUsize::new(begin));
        Ground {
            team,
            kinds,
            pool,
            turn,
        }
    });
    Ok(grounds.collect())
}

/// All teams walk until the time is over; what was begun is ended and counted.
async fn walked(
    grounds: &[Ground<'_>],
    seconds: Duration,
    walk: impl AsyncFn(&Ground<'_>, &mut Vec<Vec<Duration>>) -> Result<()>,
) -> Result<Rate> {
    let since = Instant::now();
    let teams = grounds.iter().map(async |ground| {
        let (mut whole, mut steps) = (Vec::new(), vec![Vec::new(); STEPS.len()]);
        while since.elapsed() < seconds {
            let begun = Instant::now();
            walk(ground, &mut steps).await?;
            whole.push(begun.elapsed());
        }
        anyhow::Ok((whole, steps))
    });
    let teams = try_join_all(teams).await?;
    let took = since.elapsed();
    let (mut whole, mut steps) = (Vec::new(), vec![Vec::new(); STEPS.len()]);
    for (lives, parts) in teams {
        whole.extend(lives);
        for (all, part) in steps.iter_mut().zip(parts) {
            all.extend(part);
        }
    }
    whole.sort_unstable();
    let named = STEPS
        .into_iter()
        .zip(&mut steps)
        .filter(|(_, times)| !times.is_empty());
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    Ok(Rate {
        rate: whole.len() as f64 / took.as_secs_f64(),
        p50: within(&whole, 50),
        p99: within(&whole, 99),
        steps: named
            .map(|(name, times)| {
                times.sort_unstable();
                (name, within(times, 50))
            })
            .collect(),
    })
}

/// Milliseconds within which so many of a hundred sorted times lie.
fn within(times: &[Duration], percent: usize) -> f64 {
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times
        .get(at)
        .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
