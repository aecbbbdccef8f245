//! The lamp is told in two places: by the program on a page, by the database where a list is filtered
//! and counted. They say the same.

use chrono::{DateTime, Duration, Utc};
use street_whistle::org::calendar::Unit;
use street_whistle::work::clocks::{Nearest, Stage};

use crate::harness::Sql;

/// Instants around each of the moments at which a lamp may turn.
fn around(moments: [DateTime<Utc>; 3]) -> impl Iterator<Item = DateTime<Utc>> {
    let steps = [
        -Duration::days(400),
        -Duration::hours(1),
        -Duration::microseconds(1),
        Duration::zero(),
        Duration::microseconds(1),
        Duration::hours(1),
        Duration::days(400),
    ];
    let all = move |at: DateTime<Utc>| steps.into_iter().map(move |step| at + step);
    moments.into_iter().flat_map(all)
}

#[tokio::test]
async fn the_program_and_the_database_show_the_same_lamp() {
    let begun: DateTime<Utc> = "2026-11-23T04:00:00Z".parse().unwrap();
    // From no time at all to a year: soon and due may be the same instant.
    let lengths = [0, 1, 90, 525_600].map(Duration::minutes);
    let dues = lengths.map(|length| Some((begun + length, begun + length * 2 / 3)));
    let mut cases: Vec<(Nearest, DateTime<Utc>)> = Vec::new();
    for stage in Stage::ALL.iter().copied() {
        for times in dues.into_iter().chain([None]) {
            let (due, soon) = times.unwrap_or((begun, begun));
            let nearest = Nearest {
                stage,
                unit: Unit::WorkHour,
                due_at: times.map(|t| t.0),
                soon_at: times.map(|t| t.1),
            };
            cases.extend(around([begun, soon, due]).map(|now| (nearest, now)));
        }
    }
    assert!(cases.len() > 1_000, "{}", cases.len());

    let row = |(at, (nearest, now)): (usize, &(Nearest, DateTime<Utc>))| {
        let time = |at: Option<DateTime<Utc>>| {
            at.map_or("null".to_owned(), |at| format!("'{}'", at.to_rfc3339()))
        };
        let (due, soon) = (time(nearest.due_at), time(nearest.soon_at));
        let stage = nearest.stage.code();
        format!(
            "({at}, {due}::timestamptz, {soon}::timestamptz, '{stage}'::clock_stage, '{now}'::timestamptz)"
        )
    };
    let rows: Vec<String> = cases.iter().enumerate().map(row).collect();
    // A list calls what has no time `none`; its lamp is the grey one.
    let query = format!(
        "select replace(lamp_of(r.due, r.soon, r.stage, null, r.now), 'none', 'grey')
           from (values {}) as r (at, due, soon, stage, now) order by r.at",
        rows.join(", ")
    );
    let shown = Sql::owner().await.column(&query).await;
    assert_eq!(shown.len(), cases.len());
    for ((nearest, now), shown) in cases.iter().zip(shown) {
        assert_eq!(nearest.lamp(now).code(), shown, "{nearest:?} at {now}");
    }
}
