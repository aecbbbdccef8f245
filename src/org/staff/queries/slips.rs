//! Accounts whose first password has run out or was never handed over, unit by unit.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;

/// A unit whose holders wait for slips: the city's own posts, a department, a street's own posts or
/// a community with everything below it.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Waiting {
    /// `city`, or the id of a department or node.
    pub(in super::super) key: String,
    /// The street above a community; empty otherwise.
    pub(in super::super) street: String,
    pub(in super::super) name: String,
    pub(in super::super) people: i64,
}

/// Every unit in which somebody waits, in the order of the chain, then the departments.
pub(in super::super) async fn waiting(tx: &mut Tx, me: &Viewer) -> Result<Vec<Waiting>> {
    let (today, now) = (tx.today(), tx.now);
    let units = sqlx::query_scalar!(
        r#"select coalesce(json_agg(json_build_object('key', u.key, 'name', u.name, 'street', u.street,
                                                      'people', u.people) order by u.rank, u.place, u.name), '[]')
                    as "units!: Json<Vec<Waiting>>"
             from (select w.unit as key, count(distinct w.person_id) as people,
                          coalesce(c.name, d.name, '市本级') as name,
                          coalesce((select s.name from nodes s where s.tenant_id = $1 and c.level = 2
                                                                and s.id = c.parent_id), '') as street,
                          coalesce(c.code, d.position::text, '') as place,
                          case when w.unit = 'city' then 0 when c.id is not null then 1 else 2 end as rank
                     from slips_waiting($1, $2, $3) w
                     left join nodes c on c.tenant_id = $1 and c.id::text = w.unit
                     left join departments d on d.tenant_id = $1 and d.id::text = w.unit
                    group by w.unit, c.id, c.name, c.code, c.level, c.parent_id, d.name, d.position) u"#,
        me.tenant.0,
        today,
        now
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(units.0)
}

/// Somebody who waits, and what the account is called.
#[derive(Clone, Debug)]
pub(in super::super) struct Holder {
    pub(in super::super) person: Uuid,
    pub(in super::super) name: String,
    pub(in super::super) login: String,
    /// `金源小区网格·网格长`.
    pub(in super::super) post: String,
}

/// The first of those who wait in a unit, by name, and held until the transaction ends.
pub(in super::super) async fn hold_waiting(
    tx: &mut Tx,
    me: &Viewer,
    (unit, most): (&str, i64),
) -> Result<Vec<Holder>> {
    let (today, now) = (tx.today(), tx.now);
    let holders = sqlx::query_as!(
        Holder,
        r#"with w as (
               select x.person_id, min(concat(seat_name($1, o.node_id, o.department_id) || '·', o.title)) as post
                 from slips_waiting($1, $2, $3) x
                 join posts o on o.tenant_id = $1 and o.id = x.post_id
                where x.unit = $4
                group by x.person_id)
           select a.person_id as person, p.name, a.login, w.post as "post!"
             from w
             join accounts a on a.tenant_id = $1 and a.person_id = w.person_id
             join people p on p.tenant_id = $1 and p.id = a.person_id
            order by p.name, p.id limit $5
              for no key update of a"#,
        me.tenant.0,
        today,
        now,
        unit,
        most
    );
    Ok(holders.fetch_all(&mut **tx).await?)
}

/// Gives accounts the passwords of new slips, all or none.
pub(in super::super) async fn new_passwords(
    tx: &mut Tx,
    me: &Viewer,
    (people, hashes, until): (&[Uuid], &[String], DateTime<Utc>),
) -> Result<()> {
    let now = tx.now;
    let reset = sqlx::query!(
        "update accounts a set password_hash = x.hash, password_set_at = $4, must_change = true, first_until = $5,
                failures = 0, locked_until = null
           from unnest($2::uuid[], $3::text[]) as x (person, hash)
          where a.tenant_id = $1 and a.person_id = x.person and a.must_change and a.closed_at is null",
        me.tenant.0,
        people,
        hashes,
        now,
        until
    )
    .execute(&mut **tx)
    .await?;
    if reset.rows_affected() == people.len() as u64 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}
