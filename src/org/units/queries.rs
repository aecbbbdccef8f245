//! The SQL of the chain. Each page is one query; the functions it calls are in the migrations.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::below::Below;
use super::holders::Post;
use super::model::{DepartmentKind, Named, Node, OpenMatter, TreeNode};
use crate::base::error::{Error, Result};
use crate::org::access::{Level, Permission, Viewer};
use crate::org::{DepartmentId, NodeId};

/// The city: its tree, closed, and its streets.
pub(super) async fn city(
    db: &mut PgConnection,
    me: &Viewer,
    day: NaiveDate,
) -> Result<(Vec<TreeNode>, Below)> {
    let row = sqlx::query!(
        r#"select chain_tree($1, '', '', $2) as "tree!: Json<Vec<TreeNode>>",
                  chain_below($1, '', $2) as "below!: Json<Below>""#,
        me.tenant.0,
        day
    )
    .fetch_one(db)
    .await?;
    Ok((row.tree.0, row.below.0))
}

/// A node with all its page shows.
pub(super) struct Found {
    pub(super) node: Node,
    pub(super) tree: Vec<TreeNode>,
    pub(super) below: Below,
    pub(super) posts: Vec<Post>,
    /// The matters longest open at or below it; nothing where the viewer does not reach.
    pub(super) matters: Option<Vec<OpenMatter>>,
}

/// A node as it stood on a day.
pub(super) async fn node(
    db: &mut PgConnection,
    me: &Viewer,
    id: NodeId,
    day: NaiveDate,
) -> Result<Found> {
    let row = sqlx::query!(
        r#"
        select n.id, n.level, n.code, n.name, n.party_name, n.households, n.valid_from, n.valid_to, n.is_sample,
               (select json_build_object('id', p.id, 'name', p.name, 'party_name', p.party_name)
                  from nodes p where p.tenant_id = $1 and p.id = n.predecessor_id) as "predecessor: Json<Named>",
               (select json_agg(json_build_object('id', s.id, 'name', s.name, 'party_name', s.party_name) order by s.code)
                  from nodes s
                 where s.tenant_id = $1 and s.predecessor_id = n.id and n.valid_to is not null) as "successors: Json<Vec<Named>>",
               (select json_agg(json_build_object('id', a.id, 'name', a.name, 'party_name', a.party_name) order by a.code)
                  from nodes a
                 where a.tenant_id = $1 and a.level < n.level and a.code in
                       (left(n.code, 9), left(n.code, 12), left(n.code, 15), left(n.code, 18))) as "above: Json<Vec<Named>>",
               chain_tree($1, '', n.code, $3) as "tree!: Json<Vec<TreeNode>>",
               chain_below($1, n.code, $3) as "below!: Json<Below>",
               posts_with_terms($1, n.id) as "posts!: Json<Vec<Post>>",
               $4 and starts_with(n.code, $5) as "reaches!",
               (select json_agg(x)
                  from (select m.id, m.title, m.stage, m.waiting_since, concat(u.name, p.name) as place, count(*) over () as total
                          from matters m
                          join nodes p on p.tenant_id = $1 and p.id = m.place_id
                          left join nodes u on u.tenant_id = $1 and u.id = p.parent_id and p.level = 5
                         where m.tenant_id = $1 and m.street_code = left(n.code, 9) and m.ended_at is null
                           and m.place_code >= n.code and m.place_code < n.code || ':' and $4 and starts_with(n.code, $5)
                         order by m.waiting_since, m.id limit 5) x) as "matters: Json<Vec<OpenMatter>>"
          from nodes n
         where n.tenant_id = $1 and n.id = $2
        "#,
        me.tenant.0,
        id.0,
        day,
        me.kind.may(Permission::SeeMatters),
        me.node_code()
    )
    .fetch_optional(db)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Found {
        node: Node {
            id: row.id.into(),
            level: Level::try_from(row.level).map_err(anyhow::Error::msg)?,
            code: row.code,
            name: row.name,
            party_name: row.party_name,
            households: row.households,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            is_sample: row.is_sample,
            predecessor: row.predecessor.map(|p| p.0),
            successors: row.successors.map_or_else(Vec::new, |s| s.0),
            above: row.above.map_or_else(Vec::new, |a| a.0),
        },
        tree: row.tree.0,
        below: row.below.0,
        posts: row.posts.0,
        matters: row
            .reaches
            .then(|| row.matters.map_or_else(Vec::new, |m| m.0)),
    })
}

/// A department with its posts, and how many whistles within the viewer's reach it has open.
pub(super) struct Department {
    pub(super) id: DepartmentId,
    pub(super) name: String,
    pub(super) kind: DepartmentKind,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) posts: Json<Vec<Post>>,
    pub(super) open: i64,
}

/// The departments that stand on a day in the order of the city; or one, whether it stands or not.
pub(super) async fn departments(
    db: &mut PgConnection,
    me: &Viewer,
    day: NaiveDate,
    only: Option<DepartmentId>,
) -> Result<Vec<Department>> {
    let reach = me.reach();
    Ok(sqlx::query_as!(
        Department,
        r#"
        select d.id as "id: DepartmentId", d.name, d.kind as "kind: DepartmentKind", d.valid_from, d.valid_to,
               posts_with_terms($1, d.id) as "posts!: Json<Vec<Post>>",
               (select count(*)
                  from assignments a
                  join whistles w on w.tenant_id = $1 and w.id = a.whistle_id
                 where a.tenant_id = $1 and a.department_id = d.id
                   and a.stage in ('sent', 'signed', 'reported')
                   and not $4 and ($5::text is null or w.street_code = $5)
                   and ($6::text is null or w.community_code = $6)
                   and ($7::uuid is null or exists (
                       select from assignments o
                        where o.tenant_id = $1 and o.whistle_id = w.id and o.department_id = $7))) as "open!"
          from departments d
         where d.tenant_id = $1 and ($3::uuid is null or d.id = $3)
           and ($3::uuid is not null or (d.valid_from <= $2 and (d.valid_to is null or d.valid_to > $2)))
         order by d.kind, d.position, d.code
        "#,
        me.tenant.0,
        day,
        only.map(|d| d.0),
        reach.nothing || !me.kind.may(Permission::SeeWhistles),
        reach.street,
        reach.community,
        reach.department
    )
    .fetch_all(db)
    .await?)
}
