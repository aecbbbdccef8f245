//! The SQL of parameters.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::model::{Change, Parameter};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::Viewer;

/// One value that was set.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Set {
    pub(super) number: i32,
    pub(super) value: i32,
    pub(super) from_day: NaiveDate,
    pub(super) reason: String,
    pub(super) set_at: DateTime<Utc>,
    pub(super) by: String,
}

/// A parameter as it stands today.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) parameter: Parameter,
    pub(super) value: i32,
    pub(super) default: i32,
    /// Newest first; those to come included.
    pub(super) history: Vec<Set>,
    /// Minutes since each living session under it was used last; of the hours, since it began.
    pub(super) minutes: Vec<i32>,
    /// How many people have an account and a post under it.
    pub(super) people: i64,
}

/// All parameters, or one: one round trip.
pub(super) async fn standing(
    tx: &mut Tx,
    me: &Viewer,
    one: Option<Parameter>,
) -> Result<Vec<Standing>> {
    let (now, today) = (tx.now, tx.today());
    let rows = sqlx::query!(
        r#"
        select p.parameter as "parameter!: Parameter", parameter_value($1, p.parameter, $2) as "value!",
               parameter_default(p.parameter) as "default!",
               coalesce((select json_agg(json_build_object('number', v.number, 'value', v.value,
                       'from_day', v.from_day, 'reason', v.reason, 'set_at', v.set_at, 'by', h.name)
                       order by v.number desc)
                  from parameter_values v
                  join people h on h.tenant_id = $1 and h.id = v.set_by
                 where v.tenant_id = $1 and v.parameter = p.parameter), '[]') as "history!: Json<Vec<Set>>",
               coalesce((select array_agg((extract(epoch from $4::timestamptz
                       - case when p.parameter = 'session_hours' then s.created_at else s.seen_at end) / 60)::integer)
                  from sessions s
                  join appointments m on m.tenant_id = $1 and m.id = s.appointment_id
                  join posts o on o.tenant_id = $1 and o.id = m.post_id
                 where s.tenant_id = $1 and s.ended_at is null
                   and p.parameter in ('session_hours', idle_parameter(o.kind))
                   and session_lives($1, o.kind, s.seen_at, s.created_at, $4, $2)), '{}') as "minutes!",
               (select count(distinct m.person_id)
                  from appointments m
                  join posts o on o.tenant_id = $1 and o.id = m.post_id
                  join accounts c on c.tenant_id = $1 and c.person_id = m.person_id and c.closed_at is null
                 where m.tenant_id = $1 and m.from_day <= $2 and (m.to_day is null or m.to_day > $2)
                   and p.parameter in ('session_hours', idle_parameter(o.kind))) as "people!"
          from unnest(enum_range(null::parameter)) as p (parameter)
         where $3::parameter is null or p.parameter = $3
         order by p.parameter
        "#,
        me.tenant.0,
        today,
        one as Option<Parameter>,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    let standing = rows.into_iter().map(|row| Standing {
        parameter: row.parameter,
        value: row.value,
        default: row.default,
        history: row.history.0,
        minutes: row.minutes,
        people: row.people,
    });
    Ok(standing.collect())
}

/// Sets a parameter, if nobody was first.
pub(super) async fn set(
    tx: &mut Tx,
    me: &Viewer,
    (parameter, number): (Parameter, i32),
    change: &Change,
) -> Result<()> {
    let now = tx.now;
    let done = sqlx::query!(
        "insert into parameter_values (tenant_id, id, parameter, number, value, from_day, reason, set_at, set_by, set_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        uuid_at(now),
        parameter as Parameter,
        number,
        change.value,
        change.from_day,
        change.reason,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(done, "parameter_values_number_key", || Error::Stale).map(|_| ())
}
