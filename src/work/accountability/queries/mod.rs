//! All SQL of the area.

pub(super) mod item_writes;
pub(super) mod items;
pub(super) mod task_writes;
pub(super) mod tasks;

use sqlx::types::Json;

use super::model::{Body, Plan};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::Viewer;

/// What the forms offer: every body that can answer, and the plans that have not ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub(super) bodies: Vec<Body>,
    pub(super) plans: Vec<Plan>,
}

/// The bodies of today, the city's office first, and the plans that have not ended, the newest first.
pub(super) async fn options(tx: &mut Tx, me: &Viewer) -> Result<Options> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(x.body order by x.place, x.code) from (
                      select 0 as place, '' as code, body_json($1, null, null) as body
                      union all
                      select 1, n.code, body_json($1, null, n.code) from nodes n
                       where n.tenant_id = $1 and n.level = 1 and (n.valid_to is null or n.valid_to > $2)
                      union all
                      select 2, lpad(d.position::text, 5, '0'), body_json($1, d.id, null) from departments d
                       where d.tenant_id = $1 and (d.valid_to is null or d.valid_to > $2)) x), '[]')
                     as "bodies!: Json<Vec<Body>>",
                  coalesce((select json_agg(json_build_object('id', p.id, 'title', p.title, 'from_year', p.from_year,
                            'to_year', p.to_year, 'basis', null) order by p.from_year desc)
                     from three_year_plans p
                    where p.tenant_id = $1 and p.to_year >= extract(year from $2::date)), '[]')
                     as "plans!: Json<Vec<Plan>>""#,
        me.tenant.0,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Options {
        bodies: row.bodies.0,
        plans: row.plans.0,
    })
}
