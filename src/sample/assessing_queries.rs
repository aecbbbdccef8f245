//! Writing the frozen quarters.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::org::documents::Basis;

/// A period that was shown and frozen.
#[derive(Debug)]
pub(super) struct FrozenRow {
    pub(super) id: Uuid,
    pub(super) period: String,
    pub(super) title: String,
    pub(super) scheme: Uuid,
    pub(super) locked_at: DateTime<Utc>,
    pub(super) shown_at: DateTime<Utc>,
    pub(super) objections_until: DateTime<Utc>,
    pub(super) frozen_at: DateTime<Utc>,
    pub(super) content: String,
    pub(super) digest: String,
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

/// Writes one with its snapshot and the two acts of the office.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    (post, person): (Uuid, Uuid),
    row: &FrozenRow,
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
    sqlx::query!(
        "insert into assessment_snapshots (tenant_id, period_id, digest, content) values ($1, $2, $3, $4)",
        tenant,
        row.id,
        row.digest,
        row.content
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update assessment_periods
            set stage = 'frozen', version = 2, frozen_at = $3, frozen_by = $4, frozen_post = $5
          where tenant_id = $1 and id = $2",
        tenant,
        row.id,
        row.frozen_at,
        person,
        post
    )
    .execute(&mut *db)
    .await?;
    for (verb, at, sentence) in [
        ("show_scores", row.shown_at, format!("{}。", row.title)),
        (
            "freeze_scores",
            row.frozen_at,
            format!("{}，摘要 {}。", row.title, row.digest),
        ),
    ] {
        sqlx::query!(
            "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                                 sentence)
             select $1, $2, $3, 'assessment', $4, $5, y.id, y.name, $6, t.name, $7
               from people y join tenants t on t.id = y.tenant_id
              where y.tenant_id = $1 and y.id = $8",
            tenant,
            crate::base::id::uuid_at(at),
            at,
            row.id,
            verb,
            post,
            sentence,
            person
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
