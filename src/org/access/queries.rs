//! The SQL of the gate: who sits behind a cookie, and the receipts of posted forms.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Factor, Level, PostKind, Seat, Viewer};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::{DepartmentId, NodeId, TenantId};

/// A session as found, with the instant it was last seen.
pub(super) struct Found {
    pub(super) viewer: Viewer,
    pub(super) seen_at: DateTime<Utc>,
}

/// The viewer behind a token, if the session lives and the post is still held today. How long it
/// lives without a request, and in any case, the city sets (`session_lives`). The appointment acted
/// under is worked out first (`offset 0`): compared with what a function answers, a table under a
/// policy is read whole.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(super) async fn viewer(tx: &mut Tx, tenant: TenantId, digest: &[u8]) -> Result<Option<Found>> {
    let (now, today): (DateTime<Utc>, NaiveDate) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"
        select t.name as city, t.prefix, s.id as session_id, s.seen_at, a.must_change,
               t.is_sample, f2.confirmed_at is not null as "has_factor!", s.factor_at is not null as "gave_code!",
               p.id as person_id, p.name as person, m.id as appointment_id,
               o.id as post_id, o.kind as "kind: PostKind", o.title,
               n.id as "node_id?", n.level as "level?", n.code as "node_code?", n.name as "node_name?",
               d.id as "department_id?", d.name as "department_name?",
               exists (select from appointments x
                        where x.tenant_id = $1 and x.person_id = p.id and x.id <> m.id
                          and x.from_day <= $3 and (x.to_day is null or x.to_day > $3))
               or exists (select from leaves l
                           where l.tenant_id = $1 and l.deputy_id = p.id and l.ended_at is null
                             and $3 between l.from_day and l.to_day) as "several!",
               case when m.person_id <> p.id then h.name end as absent
          from sessions s
          join tenants t on t.id = s.tenant_id
          join accounts a on a.tenant_id = $1 and a.person_id = s.person_id
          join people p on p.tenant_id = $1 and p.id = s.person_id
          left join second_factors f2 on f2.tenant_id = $1 and f2.person_id = s.person_id and f2.confirmed_at is not null
          join lateral (select case when stand_in($1, f.person_id, $3) = s.person_id
                                    then s.for_appointment_id else s.appointment_id end as id
                          from (values (s.for_appointment_id)) x (id)
                          left join appointments f on f.tenant_id = $1 and f.id = x.id offset 0) k on true
          join appointments m on m.tenant_id = $1 and m.id = k.id and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
          join people h on h.tenant_id = $1 and h.id = m.person_id
          join posts o on o.tenant_id = $1 and o.id = m.post_id
          left join nodes n on n.tenant_id = $1 and n.id = o.node_id
          left join departments d on d.tenant_id = $1 and d.id = o.department_id
         where s.tenant_id = $1 and s.token_digest = $2 and s.ended_at is null
           and session_lives($1, o.kind, s.seen_at, s.created_at, $4, $3)
        "#,
        tenant.0,
        digest,
        today,
        now
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let seat = match (row.node_id, row.level, row.node_code, row.node_name) {
        (Some(id), Some(level), Some(code), Some(name)) => Seat::Node {
            id: NodeId(id),
            level: Level::try_from(level).map_err(anyhow::Error::msg)?,
            code,
            name,
        },
        _ => match (row.department_id, row.department_name) {
            (Some(id), Some(name)) => Seat::Department {
                id: DepartmentId(id),
                name,
            },
            _ => Seat::City,
        },
    };
    let viewer = Viewer {
        tenant,
        city: row.city,
        prefix: row.prefix,
        session: row.session_id.into(),
        person: row.person_id.into(),
        name: row.person,
        appointment: row.appointment_id.into(),
        post: row.post_id.into(),
        kind: row.kind,
        title: match row.absent {
            Some(absent) => format!("代{absent}：{}", titled(&seat, &row.title)),
            None => titled(&seat, &row.title),
        },
        seat,
        several_posts: row.several,
        must_change: row.must_change,
        factor: match (row.has_factor, row.gave_code) {
            (false, _) if row.is_sample => Factor::Waived,
            (false, _) => Factor::None,
            (true, false) => Factor::Owed,
            (true, true) => Factor::Given,
        },
        large: false,
    };
    Ok(Some(Found {
        viewer,
        seen_at: row.seen_at,
    }))
}

/// `慧阳街道·指挥调度中心值班员`; a city post is its title alone.
fn titled(seat: &Seat, title: &str) -> String {
    match seat {
        Seat::City => title.to_owned(),
        Seat::Node { name, .. } | Seat::Department { name, .. } => format!("{name}·{title}"),
    }
}

/// Notes that the session was used.
pub(super) async fn seen(tx: &mut Tx, me: &Viewer) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update sessions set seen_at = $3 where tenant_id = $1 and id = $2 and seen_at < $3",
        me.tenant.0,
        me.session.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Leaves a receipt for a form's key; where one lies already, says what it led to.
pub(super) async fn claim(
    db: &mut PgConnection,
    me: &Viewer,
    key: Uuid,
    location: &str,
    at: DateTime<Utc>,
) -> Result<Option<String>> {
    let new = sqlx::query!(
        "insert into receipts (tenant_id, key, person_id, location, at) values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, key) do nothing",
        me.tenant.0,
        key,
        me.person.0,
        location,
        at
    )
    .execute(&mut *db)
    .await?;
    if new.rows_affected() == 1 {
        return Ok(None);
    }
    let there = sqlx::query_scalar!(
        "select location from receipts where tenant_id = $1 and key = $2 and person_id = $3",
        me.tenant.0,
        key,
        me.person.0
    )
    .fetch_optional(db)
    .await?;
    Ok(Some(there.unwrap_or_else(|| "/".to_owned())))
}
