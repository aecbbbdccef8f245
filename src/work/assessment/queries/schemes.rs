//! Reading and keeping schemes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::super::model::{Department, Exemption, Item, NoCases, Scheme, Small, Subject, Ties};
use crate::base::db::{Tx, refused_by};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::units::DepartmentKind;

/// All versions, the latest first, and the departments that they group.
pub(in super::super) async fn all(
    tx: &mut Tx,
    me: &Viewer,
) -> Result<(Vec<Scheme>, Vec<Department>)> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select (select coalesce(json_agg(assessment_scheme_json($1, s.id) order by s.from_day desc), '[]')
                     from assessment_schemes s where s.tenant_id = $1) as "schemes!: Json<Vec<Scheme>>",
                  (select coalesce(json_agg(json_build_object('id', d.id, 'code', d.code, 'name', d.name, 'kind', d.kind)
                          order by d.position, d.code), '[]')
                     from departments d where d.tenant_id = $1 and d.valid_from <= $2
                      and (d.valid_to is null or d.valid_to > $2)) as "departments!: Json<Vec<Department>>""#,
        me.tenant.0,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.schemes.0, row.departments.0))
}

/// Keeps a version with everything that it says.
pub(in super::super) async fn keep(tx: &mut Tx, me: &Viewer, scheme: &Scheme) -> Result<()> {
    let now = tx.now;
    insert(tx, (me.tenant, Some(me.person.0)), scheme, now)
        .await
        .map_err(|error| match refused_by(&error).as_deref() {
            Some("assessment_schemes_apart" | "assessment_schemes_day_key") => {
                let mut errors = FieldErrors::new();
                errors.add("from_day", "起用日期要晚于以前各版，请换一个季度。");
                Error::Invalid(errors)
            }
            Some("assessment_schemes_number_key") => Error::Stale,
            _ => error.into(),
        })
}

/// A decimal as the column takes it; the model has read it from at most two places.
fn number(exact: &super::super::model::Exact) -> String {
    exact.decimal(2)
}

/// Writes a version; the sample writes its own in the same way.
pub async fn insert(
    db: &mut PgConnection,
    (tenant, by): (TenantId, Option<uuid::Uuid>),
    scheme: &Scheme,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let basis = scheme.basis.as_ref();
    sqlx::query!(
        "insert into assessment_schemes (tenant_id, id, number, from_day, note, document_id, clause,
                splits_by_document, basic_share, min_n, shrink_n, small, ties, no_cases, exemptions, locked_days,
                window_days, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::numeric, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        tenant.0,
        scheme.id,
        scheme.number,
        scheme.from_day,
        scheme.note,
        basis.map(|b| b.document.0),
        basis.map(|b| b.clause.number),
        scheme.splits_by_document,
        number(&scheme.basic_share),
        scheme.min_n,
        scheme.shrink_n,
        scheme.small as Small,
        scheme.ties as Ties,
        scheme.no_cases as NoCases,
        &scheme.exemptions as &[Exemption],
        scheme.locked_days,
        scheme.window_days,
        now,
        by
    )
    .execute(&mut *db)
    .await?;
    let items: Vec<Item> = scheme.items.keys().copied().collect();
    let points: Vec<String> = scheme.items.values().map(number).collect();
    sqlx::query!(
        "insert into assessment_items (tenant_id, scheme_id, item, points)
         select $1, $2, x.item, x.points::numeric
           from unnest($3::assessment_item[], $4::text[]) as x (item, points)",
        tenant.0,
        scheme.id,
        &items as &[Item],
        &points
    )
    .execute(&mut *db)
    .await?;
    let subjects: Vec<Subject> = scheme.weights.keys().copied().collect();
    let weights: Vec<String> = scheme.weights.values().map(number).collect();
    sqlx::query!(
        "insert into assessment_weights (tenant_id, scheme_id, subject, weight)
         select $1, $2, x.subject, x.weight::numeric
           from unnest($3::assessment_subject[], $4::text[]) as x (subject, weight)",
        tenant.0,
        scheme.id,
        &subjects as &[Subject],
        &weights
    )
    .execute(&mut *db)
    .await?;
    insert_groups(db, tenant, scheme).await
}

async fn insert_groups(
    db: &mut PgConnection,
    tenant: TenantId,
    scheme: &Scheme,
) -> Result<(), sqlx::Error> {
    for group in &scheme.groups {
        sqlx::query!(
            "insert into assessment_groups (tenant_id, scheme_id, position, name, kinds) values ($1, $2, $3, $4, $5)",
            tenant.0,
            scheme.id,
            group.position,
            group.name,
            &group.kinds as &[DepartmentKind]
        )
        .execute(&mut *db)
        .await?;
        let departments: Vec<uuid::Uuid> = group.departments.iter().map(|d| d.0).collect();
        sqlx::query!(
            "insert into assessment_group_departments (tenant_id, scheme_id, department_id, position)
             select $1, $2, x.department, $4 from unnest($3::uuid[]) as x (department)",
            tenant.0,
            scheme.id,
            &departments,
            group.position
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// What a new tenant begins with. Needs the owner's connection.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select furnish_assessment($1, $2, $3)::text as done",
        tenant.0,
        uuid_at(now),
        now
    )
    .fetch_one(db)
    .await?;
    Ok(())
}
