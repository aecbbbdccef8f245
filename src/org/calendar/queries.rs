//! The SQL of the calendar.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::{Calendar, Change, DayKind, NoChange, OfficeHours, SpecialDay, WorkDayMode};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::TenantId;

/// The tenant's calendar around today, as far as the pages and the clocks look.
pub async fn load(tx: &mut Tx, tenant: TenantId) -> Result<Calendar> {
    let today = tx.today();
    let calendar = sqlx::query_scalar!(
        r#"select calendar_around($1, $2) as "calendar!: Json<Calendar>""#,
        tenant.0,
        today
    );
    Ok(calendar.fetch_one(&mut **tx).await?.0)
}

/// The tenant's calendar, all of it.
pub async fn all(db: &mut PgConnection, tenant: TenantId) -> Result<Calendar> {
    let calendar = sqlx::query_scalar!(
        r#"select calendar_of($1, '1970-01-01', '2101-12-31') as "calendar!: Json<Calendar>""#,
        tenant.0
    );
    Ok(calendar.fetch_one(db).await?.0)
}

/// What a new tenant begins with; every part of it can be changed. Needs the owner's
/// connection.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
    now: DateTime<Utc>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "select furnish_calendar($1, $2, $3)::text as done",
        tenant.0,
        uuid_at(now),
        uuid_at(now)
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// Whether a year's notice is known.
pub async fn knows_year(db: &mut PgConnection, tenant: TenantId, year: i32) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from holiday_years h where h.year = $2)
               or exists (select from calendar_years c where c.tenant_id = $1 and c.year = $2) as "known!""#,
        tenant.0,
        i16::try_from(year).unwrap_or(0)
    )
    .fetch_one(db)
    .await?)
}

/// A year whose notice is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// What the notice is called.
    pub source: String,
    /// Whether the tenant entered it itself.
    pub own: bool,
}

/// A day that the tenant made different from the notice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnDay {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// Why.
    pub name: String,
    /// On whose word.
    pub source: String,
}

/// A change of the calendar that was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub person: String,
    /// What.
    pub sentence: String,
}

/// The whole calendar as its page shows it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Days and hours.
    pub calendar: Calendar,
    /// What notices say of the days.
    pub notice: Vec<SpecialDay>,
    /// The version that a change must name.
    pub version: i32,
    /// The known years, the latest first.
    pub years: Vec<Year>,
    /// The tenant's own days, in order.
    pub own: Vec<OwnDay>,
    /// The last changes, the latest first.
    pub changes: Vec<Changed>,
}

impl Standing {
    /// The calendar as a change would make it.
    pub fn changed(
        &self,
        change: &Change,
        today: NaiveDate,
    ) -> std::result::Result<Calendar, NoChange> {
        let shipped = |year: i32| self.years.iter().any(|y| y.year == year && !y.own);
        match change {
            Change::Year { year, .. } if shipped(*year) => Err(NoChange::KnownYear(*year)),
            Change::Days { .. }
            | Change::Year { .. }
            | Change::Hours(_)
            | Change::NoHours { .. }
            | Change::Mode(_) => self.calendar.changed(change, &self.notice, today),
        }
    }
}

/// The tenant's calendar with everything its page shows, in one round trip.
pub async fn standing(tx: &mut Tx, tenant: TenantId) -> Result<Standing> {
    let row = sqlx::query!(
        r#"select calendar_of($1, '1970-01-01', '2101-12-31') as "calendar!: Json<Calendar>",
                  coalesce((select r.version from calendar_rules r where r.tenant_id = $1), 0) as "version!",
                  (select coalesce(json_agg(json_build_object('day', d.day, 'kind', d.kind, 'name', d.name, 'own', false)), '[]')
                     from (select c.day, c.notice_kind as kind, c.notice_name as name from calendar_days c
                            where c.tenant_id = $1 and c.notice_kind is not null
                            union all
                           select h.day, h.kind, h.name from holidays h
                            where not exists (select from calendar_days c where c.tenant_id = $1 and c.day = h.day
                                                 and c.notice_kind is not null)) d) as "notice!: Json<Vec<SpecialDay>>",
                  (select coalesce(json_agg(y order by y.year desc), '[]') from (
                      select h.year, h.source, false as own from holiday_years h
                       union all
                      select c.year, c.source, true from calendar_years c
                       where c.tenant_id = $1 and not exists (select from holiday_years h where h.year = c.year)) y)
                    as "years!: Json<Vec<Year>>",
                  (select coalesce(json_agg(json_build_object('day', c.day, 'kind', c.kind, 'name', c.name,
                          'source', c.source) order by c.day), '[]') from calendar_days c
                    where c.tenant_id = $1 and (c.kind, c.name) is distinct from (c.notice_kind, c.notice_name))
                    as "own!: Json<Vec<OwnDay>>",
                  (select coalesce(json_agg(json_build_object('at', e.at, 'person', e.person_name,
                          'sentence', e.sentence) order by e.at desc, e.id desc), '[]') from (
                      select * from events e where e.tenant_id = $1 and e.subject = 'calendar' and e.subject_id = $1
                       order by e.at desc, e.id desc limit 5) e) as "changes!: Json<Vec<Changed>>""#,
        tenant.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Standing {
        calendar: row.calendar.0,
        notice: row.notice.0,
        version: row.version,
        years: row.years.0,
        own: row.own.0,
        changes: row.changes.0,
    })
}

/// Takes the next version, if the calendar still has this one; holds it to the transaction's end.
pub(super) async fn step(tx: &mut Tx, tenant: TenantId, version: i32) -> Result<bool> {
    let stepped = sqlx::query_scalar!(
        "update calendar_rules set version = version + 1 where tenant_id = $1 and version = $2 returning version",
        tenant.0,
        version
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(stepped.is_some())
}

/// Keeps days of the tenant's own.
pub(super) async fn keep_days(
    tx: &mut Tx,
    tenant: TenantId,
    days: &[SpecialDay],
    source: &str,
) -> Result<()> {
    for day in days {
        sqlx::query!(
            "insert into calendar_days (tenant_id, day, kind, name, source) values ($1, $2, $3, $4, $5)
             on conflict (tenant_id, day) do update
             set kind = excluded.kind, name = excluded.name, source = excluded.source",
            tenant.0,
            day.day,
            day.kind as DayKind,
            day.name,
            source
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Days become again what the notice says.
pub(super) async fn restore_days(
    tx: &mut Tx,
    tenant: TenantId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<()> {
    sqlx::query!(
        "delete from calendar_days where tenant_id = $1 and day between $2 and $3 and notice_kind is null",
        tenant.0,
        from,
        to
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update calendar_days set kind = notice_kind, name = notice_name
          where tenant_id = $1 and day between $2 and $3 and notice_kind is not null",
        tenant.0,
        from,
        to
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps a year's notice in place of an earlier one of the tenant's own; days that the tenant
/// changed stay changed.
pub(super) async fn keep_year(
    tx: &mut Tx,
    tenant: TenantId,
    (year, source): (i32, &str),
    days: &[SpecialDay],
) -> Result<()> {
    let year = i16::try_from(year).unwrap_or(0);
    sqlx::query!(
        "insert into calendar_years (tenant_id, year, source) values ($1, $2, $3)
         on conflict (tenant_id, year) do update set source = excluded.source",
        tenant.0,
        year,
        source
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from calendar_days where tenant_id = $1 and extract(year from day) = $2::smallint
            and kind = notice_kind and name = notice_name",
        tenant.0,
        year
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update calendar_days set notice_kind = null, notice_name = null
          where tenant_id = $1 and extract(year from day) = $2::smallint",
        tenant.0,
        year
    )
    .execute(&mut **tx)
    .await?;
    for day in days {
        sqlx::query!(
            "insert into calendar_days (tenant_id, day, kind, name, source, notice_kind, notice_name)
             values ($1, $2, $3, $4, $5, $3, $4)
             on conflict (tenant_id, day) do update
             set notice_kind = excluded.notice_kind, notice_name = excluded.notice_name",
            tenant.0,
            day.day,
            day.kind as DayKind,
            day.name,
            source
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Keeps further office hours.
pub(super) async fn keep_hours(tx: &mut Tx, tenant: TenantId, hours: &OfficeHours) -> Result<()> {
    let id = uuid_at(tx.now);
    sqlx::query!(
        "insert into office_hours (tenant_id, id, name, from_day, season_from, season_to, sessions)
         values ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        id,
        hours.name,
        hours.from_day,
        hours.season_from,
        hours.season_to,
        &hours.sessions
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes office hours back.
pub(super) async fn drop_hours(
    tx: &mut Tx,
    tenant: TenantId,
    (from_day, season_from): (NaiveDate, i16),
) -> Result<()> {
    sqlx::query!(
        "delete from office_hours where tenant_id = $1 and from_day = $2 and season_from = $3",
        tenant.0,
        from_day,
        season_from
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Counts working days another way.
pub(super) async fn keep_mode(tx: &mut Tx, tenant: TenantId, mode: WorkDayMode) -> Result<()> {
    sqlx::query!(
        "update calendar_rules set mode = $2 where tenant_id = $1",
        tenant.0,
        mode as WorkDayMode
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
