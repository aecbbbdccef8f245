//! Posts, appointments and accounts as an import reads and writes them.

use chrono::NaiveDate;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::by::By;
use super::super::model::{Fresh, PostFacts, Seat, Somebody, Unit};
use crate::base::db::{Tx, on_constraint, refused_by};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::{Level, PostKind, Viewer};
use crate::org::personal;
use crate::org::staff::Term;

/// What the table is checked against: everybody of these names, the units of these names or codes
/// with those above them, their posts with everybody who holds or will hold them, and the sign-in
/// names that begin so.
pub(in super::super) async fn facts(
    tx: &mut Tx,
    me: &By<'_>,
    (names, units, stems): (&[String], &[String], &[String]),
) -> Result<PostFacts> {
    let people = people(tx, me, names).await?;
    let units = self::units(tx, me, units).await?;
    let seats = seats(tx, me, &units).await?;
    let logins = sqlx::query_scalar!(
        "select login from accounts where tenant_id = $1 and rtrim(login, '0123456789') = any($2)",
        me.tenant.0,
        stems
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(PostFacts {
        city: me.city.clone(),
        people,
        units,
        seats,
        logins: logins.into_iter().collect(),
    })
}

async fn people(tx: &mut Tx, me: &By<'_>, names: &[String]) -> Result<Vec<Somebody>> {
    let today = tx.today();
    let rows = sqlx::query!(
        r#"select p.id, p.name, a.login as "login?",
                  coalesce((select json_agg(distinct o.kind order by o.kind)
                     from appointments m
                     join posts o on o.tenant_id = $1 and o.id = m.post_id
                    where m.tenant_id = $1 and m.person_id = p.id and m.to_day is distinct from m.from_day
                      and (m.to_day is null or m.to_day > $3)), '[]') as "kinds!: Json<Vec<PostKind>>"
             from people p
             left join accounts a on a.tenant_id = $1 and a.person_id = p.id
            where p.tenant_id = $1 and p.name = any($2)
            order by p.id"#,
        me.tenant.0,
        names,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut opened = personal::opened(tx, me.keys, me.tenant, &ids).await?;
    let people = rows.into_iter().map(|row| Somebody {
        phone: opened.remove(&row.id).and_then(|opened| opened.phone),
        id: row.id,
        name: row.name,
        login: row.login,
        kinds: row.kinds.0,
    });
    Ok(people.collect())
}

async fn units(tx: &mut Tx, me: &Viewer, named: &[String]) -> Result<Vec<Unit>> {
    let rows = sqlx::query!(
        r#"
        with named as (
            select n.code from nodes n where n.tenant_id = $1 and (n.name = any($2) or n.code = any($2))
        ), codes as (
            select distinct left(m.code, l.length) as code
              from named m
              join (values (9), (12), (15), (18), (20)) as l (length) on length(m.code) >= l.length
        )
        select n.id as "id!", n.level as "level?", n.code as "code!", n.name as "name!",
               n.valid_from as "valid_from!", n.valid_to is not null as "is_closed!"
          from codes c
          join nodes n on n.tenant_id = $1 and n.code = c.code
        union all
        select d.id, null, d.code, d.name, d.valid_from, d.valid_to is not null
          from departments d
         where d.tenant_id = $1 and (d.name = any($2) or d.code in (select upper(x) from unnest($2) x))
         order by 3
        "#,
        me.tenant.0,
        named
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut units = Vec::with_capacity(rows.len());
    for row in rows {
        let level = row.level.map(Level::try_from).transpose();
        units.push(Unit {
            id: row.id,
            level: level.map_err(anyhow::Error::msg)?,
            code: row.code,
            name: row.name,
            valid_from: row.valid_from,
            is_closed: row.is_closed,
        });
    }
    Ok(units)
}

/// The posts of these units and of the city.
async fn seats(tx: &mut Tx, me: &Viewer, units: &[Unit]) -> Result<Vec<Seat>> {
    let ids: Vec<Uuid> = units.iter().map(|unit| unit.id).collect();
    let rows = sqlx::query!(
        r#"select o.id, o.kind as "kind: PostKind", o.title, coalesce(o.node_id, o.department_id) as unit, o.valid_from,
                  coalesce((select json_agg(json_build_object('id', m.id, 'person', m.person_id, 'name', p.name,
                        'from_day', m.from_day, 'to_day', m.to_day, 'term_to', m.term_to) order by m.from_day, m.id)
                     from appointments m
                     join people p on p.tenant_id = $1 and p.id = m.person_id
                    where m.tenant_id = $1 and m.post_id = o.id), '[]') as "terms!: Json<Vec<Term>>"
             from posts o
            where o.tenant_id = $1 and o.valid_to is null
              and (o.node_id = any($2) or o.department_id = any($2) or o.node_id is null and o.department_id is null)
            order by o.id"#,
        me.tenant.0,
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    let seats = rows.into_iter().map(|row| Seat {
        id: row.id,
        kind: row.kind,
        title: row.title,
        unit: row.unit,
        valid_from: row.valid_from,
        terms: row.terms.0,
    });
    Ok(seats.collect())
}

/// Holds posts, as whoever appoints does.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, ids: &[Uuid]) -> Result<()> {
    sqlx::query_scalar!(
        "select id from posts where tenant_id = $1 and id = any($2) order by id for no key update",
        me.tenant.0,
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Sets posts up from today on; says which, in the same order.
pub(in super::super) async fn set_up(
    tx: &mut Tx,
    me: &Viewer,
    posts: &[Fresh],
) -> Result<Vec<Uuid>> {
    let (now, today) = (tx.now, tx.today());
    let ids: Vec<Uuid> = posts.iter().map(|_| uuid_at(now)).collect();
    let kinds: Vec<PostKind> = posts.iter().map(|p| p.kind).collect();
    let titles: Vec<&str> = posts.iter().map(|p| p.title.as_str()).collect();
    let units: Vec<Option<Uuid>> = posts.iter().map(|p| p.unit).collect();
    let added = sqlx::query_scalar!(
        "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code, department_id, valid_from)
         select $1, x.id, x.kind, x.title, n.id, n.level, n.code, d.id, $2
           from unnest($3::uuid[], $4::post_kind[], $5::text[], $6::uuid[]) as x (id, kind, title, unit)
           left join nodes n on n.tenant_id = $1 and n.id = x.unit
           left join departments d on d.tenant_id = $1 and d.id = x.unit
         returning id",
        me.tenant.0,
        today,
        &ids,
        &kinds as _,
        &titles as _,
        &units as _
    )
    .fetch_all(&mut **tx)
    .await;
    match added {
        Err(error) if refused_by(&error).as_deref() == Some("to_standing_department") => {
            return Err(Error::Stale);
        }
        added => on_constraint(added, "on_standing_ground", || Error::Stale)?,
    };
    Ok(ids)
}

/// Ends appointments, each on the day on which somebody follows.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    (ids, days): (&[Uuid], &[NaiveDate]),
) -> Result<()> {
    let ended = sqlx::query!(
        "update appointments m set to_day = x.day
           from unnest($2::uuid[], $3::date[]) as x (id, day)
          where m.tenant_id = $1 and m.id = x.id and (m.to_day is null or m.to_day > x.day)",
        me.tenant.0,
        ids,
        days
    )
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() == ids.len() as u64 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Appoints people to posts: post, person, first day, end of the term.
pub(in super::super) async fn appoint(
    tx: &mut Tx,
    me: &Viewer,
    terms: &[(Uuid, Uuid, NaiveDate, Option<NaiveDate>)],
) -> Result<()> {
    let now = tx.now;
    let ids: Vec<Uuid> = terms.iter().map(|_| uuid_at(now)).collect();
    let posts: Vec<Uuid> = terms.iter().map(|t| t.0).collect();
    let people: Vec<Uuid> = terms.iter().map(|t| t.1).collect();
    let from: Vec<NaiveDate> = terms.iter().map(|t| t.2).collect();
    let to: Vec<Option<NaiveDate>> = terms.iter().map(|t| t.3).collect();
    let put = sqlx::query_scalar!(
        "insert into appointments (tenant_id, id, post_id, person_id, from_day, term_to)
         select $1, x.id, x.post_id, x.person_id, x.from_day, x.term_to
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[])
                as x (id, post_id, person_id, from_day, term_to)
         returning id",
        me.tenant.0,
        &ids,
        &posts,
        &people,
        &from,
        &to as _
    )
    .fetch_all(&mut **tx)
    .await;
    let put = match put {
        Err(error) if refused_by(&error).as_deref() == Some("appointments_one_holder") => {
            return Err(Error::Stale);
        }
        put => on_constraint(put, "admins_apart", || Error::Stale),
    };
    put.map(|_| ())
}

/// Notes when terms end.
pub(in super::super) async fn reterm(
    tx: &mut Tx,
    me: &Viewer,
    (ids, days): (&[Uuid], &[NaiveDate]),
) -> Result<()> {
    sqlx::query!(
        "update appointments m set term_to = x.day
           from unnest($2::uuid[], $3::date[]) as x (id, day)
          where m.tenant_id = $1 and m.id = x.id",
        me.tenant.0,
        ids,
        days
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes accounts whose password nobody knows; it has run out already, so that a slip is made first.
pub(in super::super) async fn accounts(
    tx: &mut Tx,
    me: &Viewer,
    (accounts, hash): (&[(Uuid, String)], &str),
) -> Result<()> {
    let now = tx.now;
    let people: Vec<Uuid> = accounts.iter().map(|(person, _)| *person).collect();
    let logins: Vec<&str> = accounts.iter().map(|(_, login)| login.as_str()).collect();
    let made = sqlx::query_scalar!(
        "insert into accounts (tenant_id, person_id, login, password_hash, password_set_at, must_change, first_until)
         select $1, x.person_id, x.login, $2, $3, true, $3
           from unnest($4::uuid[], $5::text[]) as x (person_id, login)
         returning person_id",
        me.tenant.0,
        hash,
        now,
        &people,
        &logins as _
    )
    .fetch_all(&mut **tx)
    .await;
    let made = match made {
        Err(error) if refused_by(&error).as_deref() == Some("accounts_pk") => {
            return Err(Error::Stale);
        }
        made => on_constraint(made, "accounts_login_key", || Error::Stale),
    };
    made.map(|_| ())
}
