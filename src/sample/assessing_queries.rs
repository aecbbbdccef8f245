//! Writing the quarters that are shown and frozen.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::base::words;
use crate::org::documents::Basis;
use crate::work::assessment::Period;

/// A period that was shown.
#[derive(Debug)]
pub(super) struct ShownRow {
    pub(super) id: Uuid,
    pub(super) period: String,
    pub(super) title: String,
    pub(super) scheme: Uuid,
    pub(super) locked_at: DateTime<Utc>,
    pub(super) shown_at: DateTime<Utc>,
    pub(super) objections_until: DateTime<Utc>,
}

/// The first clause of a document, as a rule cites it.
pub(super) async fn basis(
    db: &mut PgConnection,
    tenant: Uuid,
    code: &str,
) -> Result<Option<Basis>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select basis_json($1, d.id, 1) as "basis: Json<Basis>" from documents d
            where d.tenant_id = $1 and d.code = $2"#,
        tenant,
        code
    )
    .fetch_optional(db)
    .await?;
    Ok(found.flatten().map(|basis| basis.0))
}

/// Writes one, and the act of the office.
pub(super) async fn show(
    db: &mut PgConnection,
    tenant: Uuid,
    (post, person): (Uuid, Uuid),
    row: &ShownRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assessment_periods (tenant_id, id, period, scheme_id, stage, locked_at, shown_at, shown_by,
                                         shown_post, objections_until)
         values ($1, $2, $3, $4, 'shown', $5, $6, $7, $8, $9)",
        tenant,
        row.id,
        row.period,
        row.scheme,
        row.locked_at,
        row.shown_at,
        person,
        post,
        row.objections_until
    )
    .execute(&mut *db)
    .await?;
    let act = (
        row.id,
        "show_scores",
        row.shown_at,
        format!("{}。", row.title),
    );
    record(db, tenant, (post, person), act).await
}

/// Tells head and clerk of every department that a period is shown since, and until when it may object.
pub(super) async fn tell_shown(
    db: &mut PgConnection,
    tenant: Uuid,
    (period, at): (Period, DateTime<Utc>),
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let posts = sqlx::query_scalar!(
        "select p.id from posts p
          where p.tenant_id = $1 and p.kind in ('department_clerk', 'department_head') and p.valid_to is null
          order by p.id",
        tenant
    )
    .fetch_all(&mut *db)
    .await?;
    let city = sqlx::query_scalar!("select name from tenants where id = $1", tenant)
        .fetch_one(&mut *db)
        .await?;
    let told = Heard {
        at,
        class: "limit",
        verb: "show_scores",
        title: format!("{city}公示专项考核得分，请核对得分"),
        words: format!(
            "{}得分已公示，{} 前可以申诉。",
            period.title(),
            words::minute(until)
        ),
        link: period.path(),
        ask: "核对得分",
    };
    tell(db, tenant, &posts, &told).await
}

/// What some posts were told.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) at: DateTime<Utc>,
    pub(super) class: &'static str,
    pub(super) verb: &'static str,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) link: String,
    pub(super) ask: &'static str,
}

/// Writes a notice for each post.
pub(super) async fn tell(
    db: &mut PgConnection,
    tenant: Uuid,
    posts: &[Uuid],
    told: &Heard,
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = posts
        .iter()
        .map(|_| crate::base::id::uuid_at(told.at))
        .collect();
    sqlx::query!(
        "insert into notices (tenant_id, id, post_id, at, class, verb, title, words, link, ask)
         select $1, x.id, x.post, $4, $5::text::notice_class, $6, $7, $8, $9, $10
           from unnest($2::uuid[], $3::uuid[]) as x (id, post)",
        tenant,
        &ids,
        posts,
        told.at,
        told.class,
        told.verb,
        told.title,
        told.words,
        told.link,
        told.ask
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When the last objection of a period was decided, if there is any.
pub(super) async fn settled(
    db: &mut PgConnection,
    tenant: Uuid,
    period: Uuid,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select max(decided_at) from assessment_objections where tenant_id = $1 and period_id = $2",
        tenant,
        period
    )
    .fetch_one(db)
    .await
}

/// Freezes one with its snapshot: content and digest.
pub(super) async fn freeze(
    db: &mut PgConnection,
    tenant: Uuid,
    (post, person): (Uuid, Uuid),
    (row, (at, (content, digest))): (&ShownRow, &(DateTime<Utc>, (String, String))),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assessment_snapshots (tenant_id, period_id, digest, content) values ($1, $2, $3, $4)",
        tenant,
        row.id,
        digest,
        content
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update assessment_periods
            set stage = 'frozen', version = 2, frozen_at = $3, frozen_by = $4, frozen_post = $5
          where tenant_id = $1 and id = $2",
        tenant,
        row.id,
        at,
        person,
        post
    )
    .execute(&mut *db)
    .await?;
    let said = format!("{}，摘要 {digest}。", row.title);
    record(
        db,
        tenant,
        (post, person),
        (row.id, "freeze_scores", *at, said),
    )
    .await
}

/// Writes one act of the office.
async fn record(
    db: &mut PgConnection,
    tenant: Uuid,
    (post, person): (Uuid, Uuid),
    (about, verb, at, sentence): (Uuid, &str, DateTime<Utc>, String),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                                 sentence)
             select $1, $2, $3, 'assessment', $4, $5, y.id, y.name, $6, t.name, $7
               from people y join tenants t on t.id = y.tenant_id
              where y.tenant_id = $1 and y.id = $8",
        tenant,
        crate::base::id::uuid_at(at),
        at,
        about,
        verb,
        post,
        sentence,
        person
    )
    .execute(&mut *db)
    .await?;
    Ok(())
}
