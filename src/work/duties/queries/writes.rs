//! The writes of the duty list. A version is added, never changed; only its end is written.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{Content, RulingLevel, Why};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::work::{DutyItemId, PrecedentId, WhistleId};

/// Adds a version with the departments that assist and the classes it covers.
pub(in super::super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (DutyItemId, i32),
    content: &Content,
    why: &Why,
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into duty_items (tenant_id, id, number, version, name, law, lead_department_id, boundary, from_day,
                                 changed_by, changed_at, change_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        me.tenant.0,
        id.0,
        content.number,
        version,
        content.name,
        content.law,
        content.lead.0,
        content.boundary,
        why.from_day,
        me.person.0,
        now,
        why.reason
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "duty_items_version_key", || taken(content.number))?;
    insert_parts(tx, me, id, content).await
}

/// The departments that assist, and the classes.
async fn insert_parts(tx: &mut Tx, me: &Viewer, id: DutyItemId, content: &Content) -> Result<()> {
    for (position, (department, ask)) in (0_i16..).zip(&content.assists) {
        sqlx::query!(
            "insert into duty_assists (tenant_id, duty_item_id, department_id, position, ask)
             values ($1, $2, $3, $4, $5)",
            me.tenant.0,
            id.0,
            department.0,
            position,
            ask
        )
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query_scalar!(
        "insert into duty_classes (tenant_id, duty_item_id, class_code)
         select $1, $2, code from unnest($3::text[]) as c (code) returning class_code",
        me.tenant.0,
        id.0,
        &content.classes
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Numbers are never given twice.
pub(super) fn taken(number: i32) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(
        "number",
        format!("清单里已有过第 {number} 项，项号不重复使用，请换一个。"),
    );
    Error::Invalid(errors)
}

/// From a day on, the versions of an item give way to the next one: what is in force ends that day,
/// what waits for that day or a later one never comes into force. Numbers and days go in pairs.
pub async fn give_way(
    tx: &mut Tx,
    me: &Viewer,
    (numbers, days): (&[i32], &[NaiveDate]),
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    sqlx::query!(
        "update duty_items i
            set to_day = greatest(i.from_day, x.day),
                dropped_at = case when i.from_day > $5 and i.from_day >= x.day then $6::timestamptz end,
                dropped_by = case when i.from_day > $5 and i.from_day >= x.day then $4::uuid end
           from unnest($2::integer[], $3::date[]) as x (number, day)
          where i.tenant_id = $1 and i.number = x.number and i.dropped_at is null and i.ended_at is null
            and (i.to_day is null or i.to_day > x.day)",
        me.tenant.0,
        numbers,
        days,
        me.person.0,
        today,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The item ends with this version on a day.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    id: DutyItemId,
    why: &Why,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update duty_items set to_day = $3, ended_by = $4, ended_at = $5, end_reason = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        why.from_day,
        me.person.0,
        now,
        why.reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The version never comes into force.
pub(in super::super) async fn drop_version(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update duty_items set to_day = from_day, dropped_at = $3, dropped_by = $4
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The version holds on without end: what was to follow it was taken back.
pub(in super::super) async fn hold_on(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<()> {
    sqlx::query!(
        "update duty_items set to_day = null, ended_by = null, ended_at = null, end_reason = null
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A ruling to keep.
#[derive(Clone, Debug)]
pub(in super::super) struct NewPrecedent<'a> {
    pub(in super::super) item: DutyItemId,
    pub(in super::super) whistle: Option<WhistleId>,
    pub(in super::super) words: &'a str,
    pub(in super::super) lead: DepartmentId,
    pub(in super::super) level: RulingLevel,
}

/// Keeps a ruling under the version it was made on.
pub(in super::super) async fn keep_precedent(
    tx: &mut Tx,
    me: &Viewer,
    new: &NewPrecedent<'_>,
) -> Result<()> {
    let now = tx.now;
    let whistle: Option<Uuid> = new.whistle.map(|w| w.0);
    sqlx::query!(
        "insert into precedents (tenant_id, id, duty_item_id, whistle_id, at, ruling, lead_department_id, level, decided_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        PrecedentId::at(now).0,
        new.item.0,
        whistle,
        now,
        new.words,
        new.lead.0,
        i16::from(new.level),
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
