//! The SQL of handing over.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{PostKind, Viewer};

/// Open things listed at most; the counts count all.
pub(super) const SHOWN: i64 = 100;

/// Something open at the post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) id: Uuid,
    pub(super) is_whistle: bool,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) since: DateTime<Utc>,
}

/// The post as it was taken over, and what is open there.
pub(super) struct Post {
    pub(super) from_day: NaiveDate,
    /// Who held it before, if anybody did.
    pub(super) before: Option<String>,
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    pub(super) matters: i64,
    pub(super) whistles: i64,
    pub(super) open: Vec<Open>,
}

/// The post acted for: one round trip.
pub(super) async fn post(tx: &mut Tx, me: &Viewer) -> Result<Post> {
    let row = sqlx::query!(
        r#"
        with matter as (
            select m.id, m.number, m.title, m.waiting_since as since from matters_waiting($1, $2, $3) m
        ), whistle as (
            select q.whistle_id as id, min(q.since) as since
              from whistles_waiting($1, $2, $3, $4, $5) q group by q.whistle_id
        ), shown as (
            select m.id, false as is_whistle, m.number, m.title, m.since from matter m
            union all
            select w.id, true, w.number, w.title, q.since from whistle q
              join whistles w on w.tenant_id = $1 and w.id = q.id
             order by since, id limit $7
        )
        select a.from_day, h.at as "confirmed_at?",
               (select count(*) from matter) as "matters!", (select count(*) from whistle) as "whistles!",
               (select p.name from appointments b
                  join people p on p.tenant_id = $1 and p.id = b.person_id
                 where b.tenant_id = $1 and b.post_id = a.post_id and b.to_day <= a.from_day
                 order by b.to_day desc limit 1) as before,
               coalesce((select json_agg(s order by s.since, s.id) from shown s), '[]') as "open!: Json<Vec<Open>>"
          from appointments a
          left join handovers h on h.tenant_id = $1 and h.appointment_id = a.id
         where a.tenant_id = $1 and a.id = $6
        "#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        me.department().map(|d| d.0),
        me.person.0,
        me.appointment.0,
        SHOWN
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Post {
        from_day: row.from_day,
        before: row.before,
        confirmed_at: row.confirmed_at,
        matters: row.matters,
        whistles: row.whistles,
        open: row.open.0,
    })
}

/// Keeps the confirmation; says whether it is the first. A deputy confirms nothing: the post is
/// not theirs.
pub(super) async fn confirm(tx: &mut Tx, me: &Viewer, matters: i64, whistles: i64) -> Result<bool> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into handovers (tenant_id, appointment_id, person_id, at, matters, whistles)
         select $1, a.id, a.person_id, $4, $5, $6 from appointments a
          where a.tenant_id = $1 and a.id = $2 and a.person_id = $3
         on conflict (tenant_id, appointment_id) do nothing",
        me.tenant.0,
        me.appointment.0,
        me.person.0,
        now,
        i32::try_from(matters).unwrap_or(i32::MAX),
        i32::try_from(whistles).unwrap_or(i32::MAX)
    )
    .execute(&mut **tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}
