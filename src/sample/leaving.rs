//! Leave with a deputy (请假代班) in the sample: one in force, one that is over, one that ended
//! early.

use chrono::{DateTime, Days, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::leaving_queries::{self as queries, LeaveRow};
use super::town::Town;
use crate::base::clock::{day_of, midnight};
use crate::base::id::uuid_at;
use crate::base::words;

/// One leave: who is away and who stands in, from how many days before today for how many days,
/// and after how many of them the person was back.
struct Away {
    person: &'static str,
    deputy: &'static str,
    before: u64,
    days: u64,
    back_after: Option<u64>,
}

/// By the names they sign in with: the community's secretary is away, her worker stands in.
const AWAY: &[Away] = &[
    Away {
        person: "gaomin",
        deputy: "liuyang",
        before: 1,
        days: 4,
        back_after: None,
    },
    Away {
        person: "wangli",
        deputy: "jiangtao",
        before: 26,
        days: 3,
        back_after: None,
    },
    Away {
        person: "zhaohaifeng",
        deputy: "guozhenhua",
        before: 12,
        days: 5,
        back_after: Some(3),
    },
];

/// Writes the leaves of those who have an account here.
pub(super) async fn leave(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<LeaveRow> = AWAY
        .iter()
        .filter_map(|away| row(away, town, now))
        .collect();
    queries::insert(db, tenant, &rows).await
}

fn row(away: &Away, town: &Town, now: DateTime<Utc>) -> Option<LeaveRow> {
    let of = |login: &str| Some(town.accounts.iter().find(|a| a.login == login)?.person);
    let (person, deputy) = (of(away.person)?, of(away.deputy)?);
    let name = |id: Uuid| town.people.iter().find(|p| p.id == id).map(|p| &p.name);
    let seat = town
        .appointments
        .iter()
        .find(|a| a.person == person && a.to.is_none())?;
    let from = day_of(now) - Days::new(away.before);
    let to = from + Days::new(away.days - 1);
    // Entered on the afternoon before; back in the morning.
    let at = midnight(from) - chrono::Duration::hours(8);
    let ended_at = away
        .back_after
        .map(|days| midnight(from + Days::new(days)) + chrono::Duration::hours(9));
    Some(LeaveRow {
        id: uuid_at(at),
        person_id: person,
        deputy_id: deputy,
        from_day: from,
        to_day: to,
        at,
        ended_at,
        person_name: name(person)?.clone(),
        post_id: seat.post,
        sentence: format!(
            "{} 至 {}，由{}代班。",
            words::day(from),
            words::day(to),
            name(deputy)?
        ),
    })
}
