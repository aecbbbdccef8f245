//! The SQL of the figures.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::model::{Figure, Live, LiveCount, Month, Part, Read, Scope, ScopeKind, Span, Sum, Sums};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;

/// The sums of one figure, as the statement gives them.
#[derive(Debug, Serialize, Deserialize)]
struct Counted {
    figure: Figure,
    #[serde(flatten)]
    sum: Sum,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The key of a part of the city, as the counts name it.
    pub key: &'a str,
    /// The level of the nodes it is made of; none if it is not divided.
    pub level_below: Option<i16>,
    /// Whether the departments are told apart.
    pub departments: bool,
    /// The days of what the parts are compared by.
    pub parts: Span,
    /// The span.
    pub span: Span,
    /// Whether the page has more to draw from the days that are not kept: see [`Live`].
    pub hands_on: bool,
}

impl<'a> Asked<'a> {
    /// A part of the city in a span, with what it is made of.
    pub fn of((key, kind): (&'a str, ScopeKind), span: Span) -> Self {
        Self {
            key,
            level_below: kind.level_below(),
            departments: kind == ScopeKind::City,
            parts: span,
            span,
            hands_on: false,
        }
    }
}

/// The figures of a part of the city in a span, the one before and a year before. Nothing, if there
/// is no such part.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub async fn read(tx: &mut Tx, tenant: TenantId, asked: Asked<'_>) -> Result<Option<Read>> {
    let today = tx.today();
    let (span, before, year) = (
        asked.span,
        asked.span.before(today),
        asked.span.year_before(today),
    );
    let months_from = Span::months_to(today, 12).first;
    let firsts = [year.first, before.first, asked.parts.first];
    let back = firsts.into_iter().fold(months_from, NaiveDate::min);
    let row = sqlx::query!(
        r#"
        with parts as materialized (
            select case n.level when 1 then 'street' when 2 then 'community' else 'grid' end as kind,
                   n.code as key, n.id, n.name, 0 as place, n.code as position
              from nodes n
             where n.tenant_id = $1 and n.level = $6 and starts_with(n.code, $2) and n.valid_to is null
            union all
            select 'department', d.id::text, d.id, d.name, 1, to_char(d.position, 'FM00000')
              from departments d where $7 and d.tenant_id = $1 and d.valid_to is null
        ), live as materialized (
            select figure_days_live($1, $3, $5) as days
        ), counted as materialized (
            select c.scope, c.figure, c.day, c.count
              from live l, figures_counted($1, l.days, case when not $16 then array(select p.key from parts p) || $2::text end) c
        ), figures as not materialized (
            select k.scope, k.figure, k.day, k.count::bigint as count
              from figure_days k
             where k.tenant_id = $1 and k.day <> all (array(select unnest(l.days) from live l))
               and k.figure not in ('matters_late', 'whistles_late')
            union all
            select c.scope, c.figure, c.day, c.count from counted c
        ), own as materialized (
            select f.figure, f.day, f.count from figures f where f.scope = $2 and f.day between $3 and $5
        ), whole as materialized (
            select m.first, greatest(m.first, least(date_trunc('month', $15::date + interval '1 day')::date,
                                                    figures_by_day_from(l.days, $5))) as until
              from live l, (values (date_trunc('month', $14::date + interval '1 month' - interval '1 day')::date)) as m (first)
        ), brought as materialized (
            select f.scope, json_object_agg(f.figure, f.count) as sums
              from (select x.scope, x.figure, sum(x.count)::bigint as count from (
                        select k.scope, k.figure, k.count
                          from figure_months k
                         where k.tenant_id = $1 and k.scope = any (array(select p.key from parts p))
                           and k.month >= (select w.first from whole w) and k.month < (select w.until from whole w)
                        union all
                        select f.scope, f.figure, f.count
                          from figures f
                         where f.scope = any (array(select p.key from parts p))
                           and f.day between $14 and (select least(w.first - 1, $15) from whole w)
                        union all
                        select f.scope, f.figure, f.count
                          from figures f
                         where f.scope = any (array(select p.key from parts p))
                           and f.day between (select w.until from whole w) and $15) x
                     group by x.scope, x.figure) f
             group by f.scope
        )
        select (select l.days from live l) as "days!",
               (select coalesce(json_agg(c), '[]') from counted c
                 where $16 and case when c.scope = '' then c.figure = any ('{filed,solved,sounded,closed}')
                                    when length(c.scope) = 9 then c.figure = 'sounded'
                                    else c.figure = 'filed' and (length(c.scope) = 12 or starts_with(c.scope, 'class:'))
                               end) as "live!: Json<Vec<LiveCount>>",
               (select json_build_object('kind', x.kind, 'key', $2::text, 'id', x.id, 'name', x.name) from (
                   select 'city' as kind, null::uuid as id, t.name from tenants t where $2::text = '' and t.id = $1
                   union all
                   select case n.level when 1 then 'street' when 2 then 'community' else 'grid' end, n.id, n.name
                     from nodes n where n.tenant_id = $1 and n.code = $2 and n.level <= 3
                   union all
                   select 'department', d.id, d.name from departments d
                    where d.tenant_id = $1 and d.id::text = $2) x) as "scope: Json<Scope>",
               (select coalesce(json_agg(s), '[]') from (
                   select o.figure,
                          coalesce(sum(o.count) filter (where o.day between $4 and $8::date), 0)::bigint as now,
                          coalesce(sum(o.count) filter (where o.day between $9::date and $10::date), 0)::bigint as before,
                          coalesce(sum(o.count) filter (where o.day between $11::date and $12::date), 0)::bigint as year,
                          coalesce(sum(o.count) filter (where o.day > $8), 0)::bigint as since_now,
                          coalesce(sum(o.count) filter (where o.day > $10), 0)::bigint as since_before,
                          coalesce(sum(o.count) filter (where o.day > $12), 0)::bigint as since_year
                     from own o group by o.figure) s) as "sums!: Json<Vec<Counted>>",
               (select coalesce(json_agg(json_build_object('kind', p.kind, 'key', p.key, 'id', p.id, 'name', p.name,
                       'sums', coalesce(b.sums, '{}')) order by p.place, p.position), '[]')
                  from parts p left join brought b on b.scope = p.key) as "parts!: Json<Vec<Part>>",
               (select coalesce(json_agg(m order by m.month), '[]') from (
                   select date_trunc('month', o.day)::date as month, o.figure, sum(o.count)::bigint as count
                     from own o
                    where o.day >= $13::date and o.figure in ('filed', 'solved', 'sounded', 'closed')
                    group by 1, 2) m) as "months!: Json<Vec<Month>>",
               (select count(*) from matters m
                 where m.tenant_id = $1 and m.ended_at is null and case length($2)
                       when 0 then true when 9 then m.street_code = $2 when 12 then m.community_code = $2
                       when 15 then m.grid_code = $2 else false end) as "matters_open!",
               (select count(*) from whistles w
                 where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null and w.sounded_at is not null
                   and case length($2) when 0 then true when 9 then w.street_code = $2
                       when 12 then w.community_code = $2
                       else exists (select from assignments a where a.tenant_id = $1 and a.whistle_id = w.id
                                       and a.department_id::text = $2) end) as "whistles_open!"
        "#,
        tenant.0,
        asked.key,
        back,
        span.first,
        today,
        asked.level_below,
        asked.departments,
        span.last,
        before.first,
        before.last,
        year.first,
        year.last,
        months_from,
        asked.parts.first,
        asked.parts.last,
        asked.hands_on,
    )
    .fetch_one(&mut **tx)
    .await?;
    let Some(Json(scope)) = row.scope else {
        return Ok(None);
    };
    Ok(Some(Read {
        scope,
        sums: Sums {
            by: row.sums.0.into_iter().map(|c| (c.figure, c.sum)).collect(),
            matters_open: row.matters_open,
            whistles_open: row.whistles_open,
        },
        parts: row.parts.0,
        months: row.months.0,
        live: Live {
            days: row.days,
            counts: row.live.0,
        },
    }))
}

/// The days that are over and are not counted, or of which something changed since; the latest
/// first, so many at most.
pub(super) async fn wanted(tx: &mut Tx, tenant: TenantId, most: i64) -> Result<Vec<NaiveDate>> {
    let yesterday = tx.today() - Days::new(1);
    let days = sqlx::query_scalar!(
        r#"select d as "day!"
             from unnest(figure_days_live($1,
                    (select min(day_of(x.at)) from (
                        select min(m.filed_at) as at from matters m where m.tenant_id = $1
                        union all select min(w.sounded_at) from whistles w where w.tenant_id = $1
                        union all select min(e.asked_at) from power_exercises e where e.tenant_id = $1) x),
                    $2)) as d
            order by d desc limit $3"#,
        tenant.0,
        yesterday,
        most
    );
    Ok(days.fetch_all(&mut **tx).await?)
}

/// Counts these days anew and keeps them. What a change told of before this look is told with it;
/// what is changed meanwhile stays told of.
pub(super) async fn keep(tx: &mut Tx, tenant: TenantId, days: &[NaiveDate]) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        r#"
        with told as (
            delete from figure_changes c where c.tenant_id = $1 and c.day = any ($2)
        ), counted as materialized (
            select c.scope, c.figure, c.day, c.count from figures_counted($1, $2, null) c
        ), kept as (
            insert into figure_days (tenant_id, scope, figure, day, count)
            select $1, c.scope, c.figure, c.day, c.count::integer from counted c
            union all
            select $1, k.scope, k.figure, k.day, 0
              from figure_days k
             where k.tenant_id = $1 and k.day = any ($2) and k.figure not in ('matters_late', 'whistles_late')
               and not exists (select from counted c
                                where (c.scope, c.figure, c.day) = (k.scope, k.figure, k.day))
                on conflict on constraint figure_days_pk do update set count = excluded.count
            returning 1
        )
        insert into figure_runs (tenant_id, day, counted_at)
        select $1, d.day, $3 from unnest($2) as d(day)
            on conflict on constraint figure_runs_pk do update set counted_at = excluded.counted_at
        returning (select count(*) from kept)
        "#,
        tenant.0,
        days,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    keep_months(tx, tenant, days).await
}

/// Sums the months of these days anew.
async fn keep_months(tx: &mut Tx, tenant: TenantId, days: &[NaiveDate]) -> Result<()> {
    sqlx::query!(
        r#"
        insert into figure_months (tenant_id, scope, figure, month, count)
        select $1, k.scope, k.figure, m.first, sum(k.count)
          from (select distinct date_trunc('month', d.day::timestamp)::date as first from unnest($2::date[]) as d(day)) m
          join figure_days k on k.tenant_id = $1 and k.day >= m.first and k.day < (m.first + interval '1 month')::date
         where k.figure not in ('matters_late', 'whistles_late')
         group by k.scope, k.figure, m.first
            on conflict on constraint figure_months_pk do update set count = excluded.count
         where figure_months.count <> excluded.count
        "#,
        tenant.0,
        days
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps how many matters and whistles are past their limit now, as those of a day. Of the city it
/// is kept also that there are none.
pub(super) async fn keep_late(tx: &mut Tx, tenant: TenantId, day: NaiveDate) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        r#"
        insert into figure_days (tenant_id, scope, figure, day, count)
        select $1, s.scope, x.figure, $2, sum(x.late)::integer
          from (select 'matters_late'::figure_code as figure, 1 as late,
                       array['', m.street_code, m.community_code, m.grid_code] as scopes
                  from matters m
                 where m.tenant_id = $1 and m.ended_at is null and m.due_at < $3
                union all
                select 'whistles_late', 1, array['', w.street_code, w.community_code]
                  from whistles w
                 where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null
                   and w.sounded_at is not null
                   and lamp_of(w.due_at, w.soon_at, w.due_stage, null, $3) = 'red'
                union all
                select f.figure, 0, array['']
                  from unnest(array['matters_late', 'whistles_late']::figure_code[]) as f(figure)) x
         cross join lateral unnest(x.scopes) as s(scope)
         where s.scope is not null
         group by s.scope, x.figure
            on conflict on constraint figure_days_pk do nothing
        returning 1 as "one!"
        "#,
        tenant.0,
        day,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}
