//! All SQL of photos but that of the pages of things, which bring theirs in their own statement.

mod album;
mod sealed;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use uuid::Uuid;

pub use album::added;
pub(super) use album::{attach_added, remove, standing, waits};
pub(super) use sealed::{resealed, under};

use super::model::{Demand, Demanded, Step, Tray, Waiting};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::{PhotoId, TenantId, TrayId};

/// A photo whose contents are kept, to be laid into a tray.
#[derive(Clone, Debug)]
pub(super) struct New {
    pub(super) content: Uuid,
    pub(super) small: Uuid,
    pub(super) bytes: i64,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) original_sha256: Vec<u8>,
    pub(super) original_bytes: i64,
}

/// Lays a photo into a tray; not, if the same file stands in it already.
pub(super) async fn lay(tx: &mut Tx, me: &Viewer, tray: TrayId, new: &New) -> Result<bool> {
    let now = tx.now;
    let laid = sqlx::query_scalar!(
        "insert into photos (tenant_id, id, tray_id, content_id, small_id, bytes, width, height, original_sha256,
                             original_bytes, added_by, added_post, added_at, leftovers)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '{}')
         on conflict (tenant_id, tray_id, original_sha256) where dropped_at is null do nothing
         returning id",
        me.tenant.0,
        uuid_at(now),
        tray.0,
        new.content,
        new.small,
        new.bytes,
        new.width,
        new.height,
        new.original_sha256,
        new.original_bytes,
        me.person.0,
        me.post.0,
        now
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(laid.is_some())
}

/// Takes photos out of the viewer's tray again; their contents are to be removed.
pub(super) async fn drop_from(
    tx: &mut Tx,
    me: &Viewer,
    tray: TrayId,
    dropped: &[Uuid],
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update photos set dropped_at = $5, leftovers = array[content_id, small_id]
          where tenant_id = $1 and tray_id = $2 and added_by = $3 and id = any($4) and event_id is null
            and dropped_at is null",
        me.tenant.0,
        tray.0,
        me.person.0,
        dropped,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many photos the viewer's tray holds, those that have gone on to a step among them.
pub(super) async fn count(tx: &mut Tx, me: &Viewer, tray: TrayId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from photos
            where tenant_id = $1 and tray_id = $2 and added_by = $3 and dropped_at is null"#,
        me.tenant.0,
        tray.0,
        me.person.0
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// The viewer's tray, as a form that is shown again has it; a new one, if there is none yet.
pub async fn tray(tx: &mut Tx, me: &Viewer, id: Option<TrayId>, step: Step) -> Result<Tray> {
    let demand = demand(tx, me).await?;
    let mut tray = Tray::new(tx.now, demand.asks(step));
    let Some(id) = id else {
        return Ok(tray);
    };
    tray.id = id;
    let rows = sqlx::query!(
        "select id, width, height from photos
          where tenant_id = $1 and tray_id = $2 and added_by = $3 and event_id is null and dropped_at is null
          order by id",
        me.tenant.0,
        id.0,
        me.person.0
    );
    let rows = rows.fetch_all(&mut **tx).await?;
    tray.photos = rows
        .into_iter()
        .map(|row| Waiting {
            id: PhotoId(row.id),
            width: row.width.unsigned_abs(),
            height: row.height.unsigned_abs(),
        })
        .collect();
    Ok(tray)
}

/// The thumbnail of a photo in one of the viewer's own trays.
pub(super) async fn waiting(tx: &mut Tx, me: &Viewer, id: PhotoId) -> Result<Uuid> {
    sqlx::query_scalar!(
        "select small_id from photos
          where tenant_id = $1 and id = $2 and added_by = $3 and event_id is null and dropped_at is null",
        me.tenant.0,
        id.0,
        me.person.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)
}

/// Gives the photos of the viewer's tray to a step; says how many those are.
pub(super) async fn attach(
    tx: &mut Tx,
    me: &Viewer,
    tray: TrayId,
    (event, step): (Uuid, Step),
) -> Result<usize> {
    let attached = sqlx::query_scalar!(
        "update photos set event_id = $4, step = $5
          where tenant_id = $1 and tray_id = $2 and added_by = $3 and event_id is null and dropped_at is null
         returning id",
        me.tenant.0,
        tray.0,
        me.person.0,
        event,
        step as Step
    );
    Ok(attached.fetch_all(&mut **tx).await?.len())
}

/// What the city asks for today.
pub async fn demand(tx: &mut Tx, me: &Viewer) -> Result<Demand> {
    let today = tx.today();
    let demand = sqlx::query_scalar!(
        r#"select photos_demanded($1, $2) as "demand!: Json<Demand>""#,
        me.tenant.0,
        today
    );
    Ok(demand.fetch_one(&mut **tx).await?.0)
}

/// All that was asked for, the newest first.
pub(super) async fn demands(tx: &mut Tx, me: &Viewer) -> Result<Vec<Demanded>> {
    let rows = sqlx::query!(
        r#"select d.from_day, d.found, d.on_site, d.finished, d.reason, d.set_at,
                  o.title || ' ' || p.name as "who!"
             from photo_demands d
             join people p on p.tenant_id = $1 and p.id = d.set_by
             join posts o on o.tenant_id = $1 and o.id = d.set_post
            where d.tenant_id = $1
            order by d.from_day desc, d.id desc
            limit 50"#,
        me.tenant.0
    );
    let rows = rows.fetch_all(&mut **tx).await?;
    let demanded = rows.into_iter().map(|row| Demanded {
        from_day: row.from_day,
        demand: Demand {
            found: row.found,
            on_site: row.on_site,
            finished: row.finished,
        },
        reason: row.reason,
        who: row.who,
        set_at: row.set_at,
    });
    Ok(demanded.collect())
}

/// Sets what is asked for from a day on.
pub(super) async fn set_demand(
    tx: &mut Tx,
    me: &Viewer,
    (from_day, demand): (NaiveDate, Demand),
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into photo_demands (tenant_id, id, from_day, found, on_site, finished, reason, set_by, set_post, set_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        uuid_at(now),
        from_day,
        demand.found,
        demand.on_site,
        demand.finished,
        reason,
        me.person.0,
        me.post.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A copy that takes the place of what was shown, and the seal of the original.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) content: Uuid,
    pub(super) small: Uuid,
    pub(super) bytes: i64,
    pub(super) sealed: Uuid,
    pub(super) key_name: String,
}

/// Shows the copy from now on, if nobody else was first; what was shown is to be removed.
pub(super) async fn redact(
    tx: &mut Tx,
    me: &Viewer,
    (id, was): (PhotoId, Uuid),
    copy: &Copy,
    reason: &str,
) -> Result<bool> {
    let now = tx.now;
    let done = sqlx::query!(
        "update photos
            set content_id = $4, small_id = $5, bytes = $6, sealed_id = coalesce(sealed_id, $7),
                key_name = coalesce(key_name, $8), redacted_by = $9,
                redacted_post = $10, redacted_at = $11, redaction_reason = $12,
                leftovers = leftovers || content_id || small_id
          where tenant_id = $1 and id = $2 and content_id = $3",
        me.tenant.0,
        id.0,
        was,
        copy.content,
        copy.small,
        copy.bytes,
        copy.sealed,
        copy.key_name,
        me.person.0,
        me.post.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives up what has waited in trays since before an instant.
pub(super) async fn give_up_old(
    tx: &mut Tx,
    tenant: TenantId,
    before: DateTime<Utc>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update photos set dropped_at = $3, leftovers = array[content_id, small_id]
          where tenant_id = $1 and event_id is null and dropped_at is null and added_at < $2",
        tenant.0,
        before,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Some photos with contents that are still to be removed.
pub(super) async fn leftovers(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(Uuid, Vec<Uuid>)>> {
    let rows = sqlx::query!(
        "select id, leftovers from photos
          where tenant_id = $1 and leftovers <> '{}'
          order by id limit 100
            for update skip locked",
        tenant.0
    );
    let rows = rows.fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.leftovers)).collect())
}

/// Notes that nothing of these is left.
pub(super) async fn removed(tx: &mut Tx, tenant: TenantId, photos: &[Uuid]) -> Result<()> {
    sqlx::query!(
        "update photos set leftovers = '{}' where tenant_id = $1 and id = any($2)",
        tenant.0,
        photos
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
