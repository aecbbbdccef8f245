//! Reply phrases as an import writes them.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::work::phrases::{Content, Step};

/// Adds phrases: id, number, and what they say; whoever took a number meanwhile was first.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    rows: &[(Uuid, i32, &Content)],
) -> Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.0).collect();
    let numbers: Vec<i32> = rows.iter().map(|r| r.1).collect();
    let steps: Vec<Step> = rows.iter().map(|r| r.2.step).collect();
    let added = sqlx::query_scalar!(
        "insert into phrases (tenant_id, id, number, step)
         select $1, x.id, x.number, x.step
           from unnest($2::uuid[], $3::integer[], $4::phrase_step[]) as x (id, number, step)
         returning id",
        me.tenant.0,
        &ids,
        &numbers,
        &steps as _
    )
    .fetch_all(&mut **tx)
    .await;
    on_constraint(added, "phrases_number_key", || Error::Stale).map(|_| ())
}

/// Adds versions: of which, the how many-eth, and what it says; whoever added one meanwhile was first.
pub(in super::super) async fn set(
    tx: &mut Tx,
    me: &Viewer,
    rows: &[(Uuid, i32, &Content)],
) -> Result<()> {
    let now = tx.now;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.0).collect();
    let versions: Vec<i32> = rows.iter().map(|r| r.1).collect();
    let texts: Vec<&str> = rows.iter().map(|r| r.2.text.as_str()).collect();
    let positions: Vec<i16> = rows.iter().map(|r| r.2.position).collect();
    let used: Vec<bool> = rows.iter().map(|r| r.2.is_used).collect();
    let days: Vec<NaiveDate> = rows.iter().map(|r| r.2.from_day).collect();
    let added = sqlx::query_scalar!(
        "insert into phrase_versions (tenant_id, phrase_id, version, text, position, is_used, from_day, set_at,
                                      set_by, set_post)
         select $1, x.id, x.version, x.text, x.position, x.is_used, x.from_day, $2, $3, $4
           from unnest($5::uuid[], $6::integer[], $7::text[], $8::smallint[], $9::boolean[], $10::date[])
                as x (id, version, text, position, is_used, from_day)
         returning phrase_id",
        me.tenant.0,
        now,
        me.person.0,
        me.post.0,
        &ids,
        &versions,
        &texts as _,
        &positions,
        &used,
        &days
    )
    .fetch_all(&mut **tx)
    .await;
    on_constraint(added, "phrase_versions_pk", || Error::Stale).map(|_| ())
}
