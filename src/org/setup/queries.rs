//! What there is of a city, counted.

use std::collections::HashMap;

use sqlx::types::Json;

use super::model::Facts;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::Viewer;

/// The city as it stands today: one round trip.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(super) async fn facts(tx: &mut Tx, me: &Viewer) -> Result<Facts> {
    use chrono::Datelike as _;
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with living as materialized (
            select n.id, n.level, n.parent_id from nodes n where n.tenant_id = $1 and n.valid_to is null
        ), seats as materialized (
            select o.id, o.kind, o.node_id, o.department_id, a.person_id
              from posts o
              left join appointments a on a.tenant_id = $1 and a.post_id = o.id
                   and a.from_day <= $2 and (a.to_day is null or a.to_day > $2)
             where o.tenant_id = $1 and o.valid_to is null
        ), offices as (
            select d.id from departments d where d.tenant_id = $1 and d.valid_to is null
        ), version as (
            select v.number from limit_versions v
             where v.tenant_id = $1 and v.from_day <= $2 order by v.from_day desc limit 1)
        select json_build_object(
            'streets', (select count(*) from living where level = 1),
            'communities', (select count(*) from living where level = 2),
            'grids', (select count(*) from living where level = 3),
            'buildings', (select count(*) from living where level = 4),
            'bare_streets', (select count(*) from living l where l.level = 1
                and not exists (select from living b where b.parent_id = l.id)),
            'bare_communities', (select count(*) from living l where l.level = 2
                and not exists (select from living b where b.parent_id = l.id)),
            'departments', (select count(*) from offices),
            'limits', (select number from version),
            'limits_own', exists (select from limit_versions v where v.tenant_id = $1 and v.made_by is not null),
            'classes', (select count(*) from classes_on($1, $2) c where c.in_use),
            'classes_own', exists (select from class_versions v where v.tenant_id = $1 and v.made_by is not null),
            'knows_year', exists (select from holiday_years h where h.year = $3)
                or exists (select from calendar_years c where c.tenant_id = $1 and c.year = $3),
            'duties', (select count(*) from duty_items i
                        where i.tenant_id = $1 and i.from_day <= $2 and (i.to_day is null or i.to_day > $2)),
            'has_plan', exists (select from empowerment_plans p
                where p.tenant_id = $1 and p.from_day <= $2 and (p.to_day is null or p.to_day > $2)),
            'led_by_nobody', (select count(*) from offices d where not exists (
                select from department_leaders l where l.tenant_id = $1 and l.department_id = d.id
                    and l.from_day <= $2 and (l.to_day is null or l.to_day > $2))),
            'people', (select count(*) from people p where p.tenant_id = $1),
            'posts', (select count(*) from seats),
            'vacant', (select count(*) from seats where person_id is null),
            'office', (select count(*) from seats where kind = 'city_office' and person_id is not null),
            'leaders', (select count(*) from seats where kind = 'city_leader' and person_id is not null),
            'unmanned_streets', (select count(*) from living l where l.level = 1 and exists (
                select from unnest('{street_secretary,street_deputy,street_dispatcher}'::post_kind[]) as k (kind)
                 where not exists (select from seats s
                                    where s.node_id = l.id and s.kind = k.kind and s.person_id is not null))),
            'unmanned_departments', (select count(*) from offices d where exists (
                select from unnest('{department_head,department_clerk}'::post_kind[]) as k (kind)
                 where not exists (select from seats s
                                    where s.department_id = d.id and s.kind = k.kind and s.person_id is not null))),
            'without_account', (select count(distinct s.person_id) from seats s
                where s.person_id is not null and not exists (
                    select from accounts c where c.tenant_id = $1 and c.person_id = s.person_id)),
            'slips', (select count(*) from accounts c
                       where c.tenant_id = $1 and c.must_change and c.closed_at is null),
            'mixed_admins', (select count(*) from (
                select s.person_id from seats s
                 where s.kind in ('system_admin', 'security_admin', 'audit_admin') and s.person_id is not null
                 group by s.person_id having count(distinct s.kind) > 1) x),
            'vacant_admins', (select count(*)
                from unnest('{system_admin,security_admin,audit_admin}'::post_kind[]) as k (kind)
                where not exists (select from seats s where s.kind = k.kind and s.person_id is not null))
        ) as "facts!: Json<Facts>"
        "#,
        me.tenant.0,
        today,
        i16::try_from(today.year()).unwrap_or_default()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.facts.0)
}

/// The codes of streets and communities that there are or were, and whether each still stands.
pub(super) type Known = HashMap<String, bool>;

/// The city's division code (GB/T 2260), and those codes: one round trip.
pub(super) async fn known(tx: &mut Tx, me: &Viewer) -> Result<(String, Known)> {
    let row = sqlx::query!(
        r#"select t.code, coalesce((select json_object_agg(n.code, n.valid_to is null) from nodes n
                                     where n.tenant_id = $1 and n.level <= 2), '{}') as "known!: Json<Known>"
             from tenants t where t.id = $1"#,
        me.tenant.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.code, row.known.0))
}
