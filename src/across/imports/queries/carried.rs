//! What becomes of an import: given to a job, ended, dropped; who acts in it, and how far it is.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::model::{Register, Stage};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{Factor, PostKind, Seat, Viewer};
use crate::org::{AppointmentId, ImportId, PersonId, PostId, SessionId, TenantId};

/// Holds all imports of a register that are not over, so that one of them is written at a time and
/// the next sees what it wrote.
pub(in super::super) async fn hold_register(
    tx: &mut Tx,
    me: &Viewer,
    register: Register,
) -> Result<()> {
    sqlx::query_scalar!(
        "select id from imports
          where tenant_id = $1 and register = $2 and stage in ('checked', 'queued') order by id for update",
        me.tenant.0,
        register as Register
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Gives an import to the job that writes it.
pub(in super::super) async fn queue(tx: &mut Tx, me: &Viewer, id: ImportId) -> Result<()> {
    sqlx::query!(
        "update imports set stage = 'queued', word = '' where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes an import back from its job, with a word on why; it waits to be confirmed again.
pub(in super::super) async fn unqueue(
    tx: &mut Tx,
    tenant: TenantId,
    id: ImportId,
    word: &str,
) -> Result<()> {
    sqlx::query!(
        "update imports set stage = 'checked', word = $3
          where tenant_id = $1 and id = $2 and stage = 'queued'",
        tenant.0,
        id.0,
        word
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends an import and forgets its rows.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    id: ImportId,
    stage: Stage,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update imports set stage = $3, seen = '', word = '', ended_by = $4, ended_post = $5, ended_at = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        stage as Stage,
        me.person.0,
        me.post.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from import_rows where tenant_id = $1 and import_id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from import_progress where tenant_id = $1 and import_id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Drops what was uploaded before an instant and never confirmed.
pub(in super::super) async fn tidy(
    tx: &mut Tx,
    tenant: TenantId,
    before: DateTime<Utc>,
) -> Result<()> {
    let now = tx.now;
    let dropped = sqlx::query_scalar!(
        "update imports set stage = 'dropped', seen = '', word = '', ended_at = $3
          where tenant_id = $1 and stage = 'checked' and uploaded_at < $2
         returning id",
        tenant.0,
        before,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from import_rows where tenant_id = $1 and import_id = any($2)",
        tenant.0,
        &dropped
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes the progress visible from now on.
pub(in super::super) async fn begin_progress(tx: &mut Tx, me: &Viewer, id: ImportId) -> Result<()> {
    sqlx::query!(
        "insert into import_progress (tenant_id, import_id, percent, step) values ($1, $2, 0, '等待写入')
         on conflict (tenant_id, import_id) do update set percent = 0, step = '等待写入'",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Says how far an import is.
pub(in super::super) async fn progress(
    tx: &mut Tx,
    (tenant, id): (TenantId, ImportId),
    (percent, step): (i16, &str),
) -> Result<()> {
    sqlx::query!(
        "update import_progress set percent = $3, step = $4 where tenant_id = $1 and import_id = $2",
        tenant.0,
        id.0,
        percent,
        step
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who confirmed an import, if the post is still held.
pub(in super::super) struct Doer {
    pub(in super::super) me: Viewer,
    pub(in super::super) register: Register,
}

/// Whoever confirmed acts still, when a job carries it out.
pub(in super::super) async fn doer(
    tx: &mut Tx,
    tenant: TenantId,
    (id, person, post): (ImportId, Uuid, Uuid),
) -> Result<Option<Doer>> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select t.name as city, t.prefix, p.name, a.id as appointment, o.kind as "kind: PostKind", o.title,
                  i.register as "register: Register"
             from imports i
             join tenants t on t.id = $1
             join people p on p.tenant_id = $1 and p.id = $3
             join posts o on o.tenant_id = $1 and o.id = $4
             join appointments a on a.tenant_id = $1 and a.post_id = o.id and a.person_id = p.id
                  and a.from_day <= $5 and (a.to_day is null or a.to_day > $5)
            where i.tenant_id = $1 and i.id = $2 and i.stage = 'queued'
              and o.node_id is null and o.department_id is null"#,
        tenant.0,
        id.0,
        person,
        post,
        today
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Doer {
        register: row.register,
        me: Viewer {
            tenant,
            city: row.city,
            prefix: row.prefix,
            session: SessionId(Uuid::nil()),
            person: PersonId(person),
            name: row.name,
            appointment: AppointmentId(row.appointment),
            post: PostId(post),
            kind: row.kind,
            title: row.title,
            seat: Seat::City,
            several_posts: false,
            must_change: false,
            factor: Factor::Given,
            large: false,
        },
    }))
}
