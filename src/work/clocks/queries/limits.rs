//! The SQL of limits.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Rules, Stage};
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::{Calendar, Limit, Unit};
use crate::work::whistles::Kind;

/// What the limits of one whistle are read from.
#[derive(Clone, Debug)]
pub(in super::super) struct Held {
    pub(in super::super) version: Uuid,
    pub(in super::super) of_kind: Vec<(Stage, Limit)>,
    /// The limit of the class of the first matter behind it.
    pub(in super::super) of_class: Option<Limit>,
    pub(in super::super) calendar: Calendar,
}

fn limit(amount: i32, unit: Unit) -> Result<Limit> {
    let limit = Limit::new(i64::from(amount), unit);
    Ok(limit.map_err(|refused| anyhow::anyhow!("a stored limit: {refused}"))?)
}

/// The limits of a whistle of this kind: of the given version, or of the one that holds on the day; that
/// of its class, of the one that holds on the day in any case; and the calendar around it.
pub(in super::super) async fn of_whistle(
    db: &mut PgConnection,
    tenant: TenantId,
    (whistle, kind, version): (Uuid, Kind, Option<Uuid>),
    day: NaiveDate,
) -> Result<Option<Held>> {
    let row = sqlx::query!(
        r#"select v.id, (select json_agg(json_build_array(l.stage, l.amount, l.unit)) from limits l
                          where l.tenant_id = $1 and l.version_id = v.id and l.kind = $2)
                         as "limits: Json<Vec<(Stage, i32, Unit)>>",
                  (select json_build_array(l.amount, l.unit)
                     from class_limits l
                    where l.tenant_id = $1
                      and l.version_id = (select h.id from limit_versions h
                                           where h.tenant_id = $1 and h.from_day <= $4
                                           order by h.from_day desc limit 1)
                      and l.class_code = (select m.class_code
                                            from whistle_matters b
                                            join matters m on m.tenant_id = $1 and m.id = b.matter_id
                                           where b.tenant_id = $1 and b.whistle_id = $5
                                           order by m.filed_at limit 1)) as "of_class: Json<(i32, Unit)>",
                  calendar_around($1, $4) as "calendar!: Json<Calendar>"
             from limit_versions v
            where v.tenant_id = $1 and ($3::uuid is null and v.from_day <= $4 or v.id = $3)
            order by v.from_day desc limit 1"#,
        tenant.0,
        kind as Kind,
        version,
        day,
        whistle
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let limits = row.limits.map(|l| l.0).unwrap_or_default();
    let of_kind = limits
        .into_iter()
        .map(|(stage, amount, unit)| Ok((stage, limit(amount, unit)?)));
    let of_class = row.of_class.map(|class| limit(class.0.0, class.0.1));
    Ok(Some(Held {
        version: row.id,
        of_kind: of_kind.collect::<Result<_>>()?,
        of_class: of_class.transpose()?,
        calendar: row.calendar.0,
    }))
}

/// The rules that a whistle sounded under, or those that hold on the day.
pub(in super::super) async fn rules(
    db: &mut PgConnection,
    tenant: TenantId,
    whistle: Option<Uuid>,
    day: NaiveDate,
) -> Result<Option<Rules>> {
    let row = sqlx::query_scalar!(
        r#"select rules_json($1, (select w.limits_id from whistles w where w.tenant_id = $1 and w.id = $2), $3)
                  as "rules: Json<Rules>""#,
        tenant.0,
        whistle,
        day
    );
    Ok(row.fetch_one(db).await?.map(|rules| rules.0))
}

/// The limit of a class that holds on a day.
pub(in super::super) async fn of_class(
    db: &mut PgConnection,
    tenant: TenantId,
    class: &str,
    day: NaiveDate,
) -> Result<Option<Limit>> {
    let row = sqlx::query!(
        r#"select l.amount, l.unit as "unit: Unit"
             from class_limits l
            where l.tenant_id = $1 and l.class_code = $2
              and l.version_id = (select v.id from limit_versions v
                                   where v.tenant_id = $1 and v.from_day <= $3
                                   order by v.from_day desc limit 1)"#,
        tenant.0,
        class,
        day
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| limit(row.amount, row.unit)).transpose()
}

/// The limits a new tenant begins with. Needs the owner's connection.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
    now: DateTime<Utc>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "select furnish_limits($1, $2, $3)::text as done",
        tenant.0,
        uuid_at(now),
        now
    )
    .fetch_one(db)
    .await?;
    Ok(())
}
