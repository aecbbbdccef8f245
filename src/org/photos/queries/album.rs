//! The SQL of photos that are added to a thing and removed again. Its page reads them by `photos_added`.

use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Step, Whole};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::org::events::Subject;
use crate::org::{PhotoId, TrayId};

/// A photo that was added to a thing, which the area has shown to be within the viewer's sight.
pub async fn added(
    tx: &mut Tx,
    me: &Viewer,
    (subject, thing): (Subject, Uuid),
    photo: PhotoId,
) -> Result<Whole> {
    let row = sqlx::query_scalar!(
        r#"select photo_json($1, p.id) as "photo!: Json<Whole>"
             from photos p
             join events e on e.tenant_id = $1 and e.id = p.event_id
            where p.tenant_id = $1 and p.id = $4 and e.subject = $2 and e.subject_id = $3"#,
        me.tenant.0,
        subject as Subject,
        thing,
        photo.0
    );
    let found = row.fetch_optional(&mut **tx).await?;
    found.map(|json| json.0).ok_or(Error::NotFound)
}

/// How many photos wait in the viewer's tray.
pub(in super::super) async fn waits(tx: &mut Tx, me: &Viewer, tray: TrayId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from photos
            where tenant_id = $1 and tray_id = $2 and added_by = $3 and event_id is null and dropped_at is null"#,
        me.tenant.0,
        tray.0,
        me.person.0
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// How many photos a thing has; those removed do not count.
pub(in super::super) async fn standing(tx: &mut Tx, me: &Viewer, thing: Uuid) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!"
             from events e
             join photos p on p.tenant_id = $1 and p.event_id = e.id
            where e.tenant_id = $1 and e.subject_id = $2 and e.verb = 'add_photos' and p.removed_at is null"#,
        me.tenant.0,
        thing
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Gives the photos of the viewer's tray to the event that added them, with what they show.
pub(in super::super) async fn attach_added(
    tx: &mut Tx,
    me: &Viewer,
    (tray, event): (TrayId, Uuid),
    caption: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "update photos set event_id = $4, step = $5, caption = $6
          where tenant_id = $1 and tray_id = $2 and added_by = $3 and event_id is null and dropped_at is null",
        me.tenant.0,
        tray.0,
        me.person.0,
        event,
        Step::Added as Step,
        caption
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a photo away; says whether nobody else did before.
pub(in super::super) async fn remove(
    tx: &mut Tx,
    me: &Viewer,
    id: PhotoId,
    reason: &str,
) -> Result<bool> {
    let now = tx.now;
    let done = sqlx::query!(
        "update photos set removed_by = $3, removed_post = $4, removed_at = $5, removed_reason = $6
          where tenant_id = $1 and id = $2 and removed_at is null",
        me.tenant.0,
        id.0,
        me.person.0,
        me.post.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
