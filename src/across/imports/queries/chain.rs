//! The chain as an import reads it. It writes through the statements of `redraw`, like changes by hand.

use super::super::model::{ChainFacts, Ground};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{Level, Viewer};
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
