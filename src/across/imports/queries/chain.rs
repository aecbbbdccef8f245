//! The chain as an import reads and writes it.

use uuid::Uuid;

use super::super::model::{ChainFacts, Ground, Rename};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::{Level, PostKind, Viewer};
use crate::org::redraw::NodeFacts;

/// The streets, and everything in those that the table names: closed nodes too, because their codes
/// are never given again.
pub(in super::super) async fn ground(
    tx: &mut Tx,
    me: &Viewer,
    (streets, codes): (&[String], &[String]),
) -> Result<ChainFacts> {
    let code = sqlx::query_scalar!("select code from tenants where id = $1", me.tenant.0)
        .fetch_one(&mut **tx)
        .await?;
    let rows = sqlx::query!(
        r#"select n.id, n.level, n.parent_id, n.code, n.name, n.party_name, n.households, n.longitude, n.latitude,
                  n.version, n.valid_from, n.valid_to is not null as "is_closed!"
             from nodes n
            where n.tenant_id = $1
              and (n.parent_id is null
                or left(n.code, 9) in (select s.code from nodes s
                                        where s.tenant_id = $1 and s.parent_id is null
                                          and (s.name = any($2) or s.code = any($3))))
            order by n.code"#,
        me.tenant.0,
        streets,
        codes
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut ground = Vec::with_capacity(rows.len());
    for row in rows {
        ground.push(Ground {
            id: row.id,
            parent: row.parent_id,
            level: Level::try_from(row.level).map_err(anyhow::Error::msg)?,
            code: row.code,
            version: row.version,
            valid_from: row.valid_from,
            is_closed: row.is_closed,
            facts: NodeFacts {
                name: row.name,
                party_name: row.party_name,
                households: row.households,
                point: row.longitude.zip(row.latitude),
            },
        });
    }
    Ok(ChainFacts { code, ground })
}

/// Sets posts up at new nodes, vacant, from today on.
pub(in super::super) async fn set_up(
    tx: &mut Tx,
    me: &Viewer,
    posts: &[(Uuid, PostKind, &str)],
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let ids: Vec<Uuid> = posts.iter().map(|_| uuid_at(now)).collect();
    let nodes: Vec<Uuid> = posts.iter().map(|(node, ..)| *node).collect();
    let kinds: Vec<PostKind> = posts.iter().map(|(_, kind, _)| *kind).collect();
    let titles: Vec<&str> = posts.iter().map(|(.., title)| *title).collect();
    sqlx::query_scalar!(
        "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code, valid_from)
         select $1, x.id, x.kind, x.title, n.id, n.level, n.code, $2
           from unnest($3::uuid[], $4::uuid[], $5::post_kind[], $6::text[]) as x (id, node_id, kind, title)
           join nodes n on n.tenant_id = $1 and n.id = x.node_id
         returning id",
        me.tenant.0,
        today,
        &ids,
        &nodes,
        &kinds as _,
        &titles as _
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps what nodes were called until today, unless they were called something else this morning.
pub(in super::super) async fn keep_names(tx: &mut Tx, me: &Viewer, ids: &[Uuid]) -> Result<()> {
    let today = tx.today();
    sqlx::query_scalar!(
        "insert into node_names (tenant_id, node_id, to_day, name, party_name)
         select $1, n.id, $3, n.name, n.party_name from nodes n
          where n.tenant_id = $1 and n.id = any($2) and n.valid_from < $3
         on conflict (tenant_id, node_id, to_day) do nothing
         returning node_id",
        me.tenant.0,
        ids,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Changes nodes, if nobody was first.
pub(in super::super) async fn amend(tx: &mut Tx, me: &Viewer, changes: &[Rename]) -> Result<()> {
    let ids: Vec<Uuid> = changes.iter().map(|c| c.id).collect();
    let versions: Vec<i32> = changes.iter().map(|c| c.version).collect();
    let names: Vec<&str> = changes.iter().map(|c| c.facts.name.as_str()).collect();
    let parties: Vec<&str> = changes
        .iter()
        .map(|c| c.facts.party_name.as_str())
        .collect();
    let households: Vec<Option<i32>> = changes.iter().map(|c| c.facts.households).collect();
    let east: Vec<Option<f64>> = changes.iter().map(|c| c.facts.point.map(|p| p.0)).collect();
    let north: Vec<Option<f64>> = changes.iter().map(|c| c.facts.point.map(|p| p.1)).collect();
    let amended = sqlx::query!(
        "update nodes n set name = x.name, party_name = x.party_name, households = x.households,
                longitude = x.longitude, latitude = x.latitude, version = n.version + 1
           from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::float8[], $8::float8[])
                as x (id, version, name, party_name, households, longitude, latitude)
          where n.tenant_id = $1 and n.id = x.id and n.version = x.version and n.valid_to is null",
        me.tenant.0,
        &ids,
        &versions,
        &names as _,
        &parties as _,
        &households as _,
        &east as _,
        &north as _
    )
    .execute(&mut **tx)
    .await?;
    if amended.rows_affected() == changes.len() as u64 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}
