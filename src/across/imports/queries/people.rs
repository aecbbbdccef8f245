//! People as an import reads and writes them.

use uuid::Uuid;

use super::super::by::By;
use super::super::model::{Known, PeoplePlan};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::personal::{self, Field};
use crate::org::staff::{Number, PersonFacts};

/// Everybody who has one of these names, always in the same order.
pub(in super::super) async fn known(
    tx: &mut Tx,
    me: &By<'_>,
    names: &[String],
) -> Result<Vec<Known>> {
    let rows = sqlx::query!(
        "select id, version, name, identity, home_unit, is_member, phone_mask from people
          where tenant_id = $1 and name = any($2) order by id",
        me.tenant.0,
        names
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut opened = personal::opened(tx, me.keys, me.tenant, &ids).await?;
    let known = rows.into_iter().map(|row| Known {
        id: row.id,
        version: row.version,
        number: opened.remove(&row.id).and_then(|opened| opened.phone),
        facts: PersonFacts {
            name: row.name,
            identity: row.identity,
            home_unit: row.home_unit,
            is_member: row.is_member,
            phone_mask: row.phone_mask,
        },
    });
    Ok(known.collect())
}

/// Enters these people; says who they are, in the same order.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &By<'_>,
    people: &[(PersonFacts, Number)],
) -> Result<Vec<Uuid>> {
    let now = tx.now;
    let ids: Vec<Uuid> = people.iter().map(|_| uuid_at(now)).collect();
    let (names, identities, homes, members, phones) =
        columns(people.iter().map(|(facts, _)| facts));
    sqlx::query_scalar!(
        "insert into people (tenant_id, id, name, identity, home_unit, is_member, phone_mask)
         select $1, x.id, x.name, x.identity, x.home_unit, x.is_member, x.phone
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[])
                as x (id, name, identity, home_unit, is_member, phone)
         returning id",
        me.tenant.0,
        &ids,
        &names,
        &identities,
        &homes as _,
        &members,
        &phones as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let numbers = people.iter().map(|(_, number)| number);
    keep(tx, me, ids.iter().copied().zip(numbers)).await?;
    Ok(ids)
}

/// Changes people, if nobody was first.
pub(in super::super) async fn amend(tx: &mut Tx, me: &By<'_>, plan: &PeoplePlan) -> Result<()> {
    let changes = &plan.changes;
    let ids: Vec<Uuid> = changes.iter().map(|c| c.id).collect();
    let versions: Vec<i32> = changes.iter().map(|c| c.version).collect();
    let (names, identities, homes, members, phones) = columns(changes.iter().map(|c| &c.facts));
    let amended = sqlx::query!(
        "update people p set name = x.name, identity = x.identity, home_unit = x.home_unit,
                is_member = x.is_member, phone_mask = x.phone,
                anonymised_at = case when x.phone is null then p.anonymised_at end, version = p.version + 1
           from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[])
                as x (id, version, name, identity, home_unit, is_member, phone)
          where p.tenant_id = $1 and p.id = x.id and p.version = x.version",
        me.tenant.0,
        &ids,
        &versions,
        &names,
        &identities,
        &homes as _,
        &members,
        &phones as _
    )
    .execute(&mut **tx)
    .await?;
    if amended.rows_affected() != changes.len() as u64 {
        return Err(Error::Stale);
    }
    keep(tx, me, changes.iter().map(|c| (c.id, &c.number))).await
}

/// Seals the numbers that are new, over those that were kept.
async fn keep(
    tx: &mut Tx,
    me: &By<'_>,
    numbers: impl Iterator<Item = (Uuid, &Number)>,
) -> Result<()> {
    let mut kept = Vec::new();
    for (id, number) in numbers {
        match number {
            Number::New(phone) => {
                let of = (me.tenant, id, Field::Phone);
                kept.push(personal::sealed(me.keys, of, phone)?);
            }
            // A table says nothing with an empty cell, so it drops no number.
            Number::Stays | Number::Goes => {}
        }
    }
    if !kept.is_empty() {
        personal::keep_each(tx, me.tenant, &kept).await?;
    }
    Ok(())
}

type Columns = (
    Vec<String>,
    Vec<String>,
    Vec<Option<String>>,
    Vec<bool>,
    Vec<Option<String>>,
);

fn columns<'a>(people: impl Iterator<Item = &'a PersonFacts>) -> Columns {
    let mut columns = Columns::default();
    for facts in people {
        columns.0.push(facts.name.clone());
        columns.1.push(facts.identity.clone());
        columns.2.push(facts.home_unit.clone());
        columns.3.push(facts.is_member);
        columns.4.push(facts.phone_mask.clone());
    }
    columns
}
