//! The SQL of the sample's photos.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::picture::Photo;
use crate::org::photos::Step;

/// A step that is photographed.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) event_id: Uuid,
    pub(super) subject_id: Uuid,
    pub(super) title: String,
    pub(super) step: Step,
    pub(super) at: DateTime<Utc>,
    pub(super) person: Uuid,
    pub(super) post: Uuid,
}

/// What was kept of it.
pub(super) struct Taken<'a> {
    pub(super) caption: Option<&'a str>,
    pub(super) content: Uuid,
    pub(super) small: Uuid,
    pub(super) photo: &'a Photo,
    pub(super) came: &'a [u8],
}

/// The steps of the eight whistles that sounded last, and the finding of what stands behind them.
pub(super) async fn steps(tx: &mut Tx, tenant: Uuid) -> Result<Vec<Shown>> {
    Ok(sqlx::query_as!(
        Shown,
        r#"with last as (
               select w.id from whistles w
                where w.tenant_id = $1 and w.sounded_at is not null
                order by w.sounded_at desc, w.id desc limit 8)
           select e.id as event_id, e.subject_id, e.at, coalesce(
                      (select w.title from whistles w where w.tenant_id = $1 and w.id = e.subject_id),
                      (select m.title from matters m where m.tenant_id = $1 and m.id = e.subject_id)) as "title!", e.person_id as "person!", e.post_id as "post!",
                  (case e.verb when 'file' then 'found' when 'report' then 'on_site' when 'handle' then 'progress'
                        when 'feedback' then 'finished' else 'check' end)::photo_step as "step!: Step"
             from events e
            where e.tenant_id = $1 and e.person_id is not null and e.post_id is not null
              and (e.subject = 'whistle' and e.verb in ('report', 'handle', 'feedback', 'check_pass', 'check_fail')
                   and e.subject_id in (select l.id from last l)
                   or e.subject = 'matter' and e.verb = 'file'
                   and e.subject_id in (select b.matter_id from whistle_matters b
                                         where b.tenant_id = $1 and b.whistle_id in (select l.id from last l)))
            order by e.at, e.id"#,
        tenant
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The uses of a power that began last and are open, each with who began it; of cadres none is
/// photographed.
pub(super) async fn open_uses(tx: &mut Tx, tenant: Uuid) -> Result<Vec<Shown>> {
    Ok(sqlx::query_as!(
        Shown,
        r#"select e.id as event_id, x.id as subject_id, e.at, x.title, e.person_id as "person!", e.post_id as "post!",
                  'added'::photo_step as "step!: Step"
             from power_exercises x
             join lateral (select v.id, v.at, v.person_id, v.post_id from events v
                            where v.tenant_id = $1 and v.subject_id = x.id and v.person_id is not null
                              and v.post_id is not null
                            order by v.at, v.id limit 1) e on true
            where x.tenant_id = $1 and x.power in ('planning', 'project') and x.stage not in ('closed', 'withdrawn')
            order by x.asked_at desc, x.id desc limit 3"#,
        tenant
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Records that photos were added by whoever did what an event says; answers the event of that.
pub(super) async fn adding(
    tx: &mut Tx,
    tenant: Uuid,
    shown: &Shown,
    sentence: &str,
) -> Result<Uuid> {
    let event = uuid_at(shown.at);
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select tenant_id, $3, $5, subject, subject_id, 'add_photos', person_id, person_name, post_id, seat,
                department_id, $4
           from events where tenant_id = $1 and id = $2",
        tenant,
        shown.event_id,
        event,
        sentence,
        shown.at
    )
    .execute(&mut **tx)
    .await?;
    Ok(event)
}

/// Keeps the row of a photo with its step.
pub(super) async fn insert(
    tx: &mut Tx,
    tenant: Uuid,
    shown: &Shown,
    taken: &Taken<'_>,
) -> Result<()> {
    let length = |bytes: &[u8]| i64::try_from(bytes.len()).map_err(anyhow::Error::from);
    let edge = |edge: u32| i32::try_from(edge).map_err(anyhow::Error::from);
    sqlx::query!(
        "insert into photos (tenant_id, id, tray_id, event_id, step, content_id, small_id, bytes, width, height,
                             original_sha256, original_bytes, added_by, added_post, added_at, leftovers, caption)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '{}', $16)",
        tenant,
        uuid_at(shown.at),
        uuid_at(shown.at),
        shown.event_id,
        shown.step as Step,
        taken.content,
        taken.small,
        length(&taken.photo.large)?,
        edge(taken.photo.width)?,
        edge(taken.photo.height)?,
        Sha256::digest(taken.came).to_vec(),
        length(taken.came)?,
        shown.person,
        shown.post,
        shown.at,
        taken.caption
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
