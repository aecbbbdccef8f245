//! The SQL of the chain. Each page is one query; the functions it calls are in the migrations.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::below::Below;
use super::holders::Post;
use super::leaders::{Candidate, Leader, Naming};
use super::model::{DepartmentKind, Earlier, Named, Node, OpenMatter, TreeNode};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::{Level, Permission, Viewer};
use crate::org::events::Entry;
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
    /// What was changed about it, the newest first; for administrators.
    pub(super) events: Vec<Entry>,
}

/// A node as it stood on a day.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(super) async fn node(
    db: &mut PgConnection,
    me: &Viewer,
    id: NodeId,
    day: NaiveDate,
) -> Result<Found> {
    let row = sqlx::query!(
        r#"
        select n.id, n.level, n.code, n.name, n.party_name, n.households, n.valid_from, n.valid_to, n.is_sample,
               (select json_agg(json_build_object('id', p.id, 'name', p.name, 'party_name', p.party_name) order by p.code)
                  from nodes p
                 where p.tenant_id = $1 and (p.id = n.predecessor_id
                       or p.heir_id = n.id and p.level = n.level and p.valid_to = n.valid_from)) as "predecessors: Json<Vec<Named>>",
               (select json_agg(json_build_object('id', s.id, 'name', s.name, 'party_name', s.party_name) order by s.code)
                  from nodes s
                 where s.tenant_id = $1 and n.valid_to is not null
                   and (s.predecessor_id = n.id or s.id = n.heir_id and s.level = n.level and s.valid_from = n.valid_to))
                   as "successors: Json<Vec<Named>>",
               (select json_build_object('id', h.id, 'name', h.name, 'party_name', h.party_name)
                  from nodes h where h.tenant_id = $1 and h.id = n.heir_id) as "heir: Json<Named>",
               (select json_agg(json_build_object('to_day', e.to_day, 'name', e.name, 'party_name', e.party_name)
                                order by e.to_day)
                  from node_names e where e.tenant_id = $1 and e.node_id = n.id) as "earlier: Json<Vec<Earlier>>",
               case when $6 then (select json_agg(e) from (
                   select x.at, x.verb, x.person_name, x.seat, x.sentence from events x
                    where x.tenant_id = $1 and x.subject_id = n.id and x.subject = 'node'
                    order by x.at desc, x.id desc limit 30) e) end as "events: Json<Vec<Entry>>",
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
        me.node_code(),
        me.kind.may(Permission::SeeStaff)
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
            predecessors: row.predecessors.map_or_else(Vec::new, |p| p.0),
            heir: row.heir.map(|h| h.0),
            earlier: row.earlier.map_or_else(Vec::new, |e| e.0),
            successors: row.successors.map_or_else(Vec::new, |s| s.0),
            above: row.above.map_or_else(Vec::new, |a| a.0),
        },
        tree: row.tree.0,
        below: row.below.0,
        posts: row.posts.0,
        matters: row
            .reaches
            .then(|| row.matters.map_or_else(Vec::new, |m| m.0)),
        events: row.events.map_or_else(Vec::new, |e| e.0),
    })
}

/// A department with its posts, how many whistles within the viewer's reach it has open, and, if
/// it is asked for alone, the city leaders in charge of it and who could be.
pub(super) struct Department {
    pub(super) id: DepartmentId,
    pub(super) name: String,
    pub(super) kind: DepartmentKind,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) posts: Json<Vec<Post>>,
    pub(super) open: i64,
    pub(super) leaders: Option<Json<Vec<Leader>>>,
    pub(super) candidates: Option<Json<Vec<Candidate>>>,
    /// What was changed about it, the newest first; for administrators.
    pub(super) events: Option<Json<Vec<Entry>>>,
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
                        where o.tenant_id = $1 and o.whistle_id = w.id and o.department_id = $7))) as "open!",
               case when $3::uuid is not null then (
                   select coalesce(json_agg(json_build_object('id', l.id, 'title', p.title,
                              'holder', holder_on($1, p.id, greatest(l.from_day, least($2, l.to_day - 1))),
                              'from_day', l.from_day, 'to_day', l.to_day, 'named_at', l.named_at, 'named_by', y.name)
                              order by l.from_day desc, l.named_at desc), '[]')
                     from department_leaders l
                     join posts p on p.tenant_id = $1 and p.id = l.post_id
                     join people y on y.tenant_id = $1 and y.id = l.named_by
                    where l.tenant_id = $1 and l.department_id = d.id) end as "leaders: Json<Vec<Leader>>",
               case when $3::uuid is not null and $8 then city_leaders($1, $2) end as "candidates: Json<Vec<Candidate>>",
               case when $3::uuid is not null and $9 then (select json_agg(e) from (
                   select x.at, x.verb, x.person_name, x.seat, x.sentence from events x
                    where x.tenant_id = $1 and x.subject_id = d.id and x.subject = 'department'
                    order by x.at desc, x.id desc limit 30) e) end as "events: Json<Vec<Entry>>"
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
        reach.department,
        me.kind.may(Permission::NameLeaders),
        me.kind.may(Permission::SeeStaff)
    )
    .fetch_all(db)
    .await?)
}

/// A department as whoever names its leader finds it, and the naming in force.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) naming: Option<Uuid>,
    pub(super) post: Option<Uuid>,
    pub(super) from_day: Option<NaiveDate>,
}

/// Locks a department, so that one leader is named at a time.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, id: DepartmentId) -> Result<Held> {
    let department = sqlx::query!(
        "select valid_from, valid_to from departments where tenant_id = $1 and id = $2 for no key update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let naming = sqlx::query!(
        "select id, post_id, from_day from department_leaders
          where tenant_id = $1 and department_id = $2 and to_day is null",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(Held {
        valid_from: department.valid_from,
        valid_to: department.valid_to,
        naming: naming.as_ref().map(|n| n.id),
        post: naming.as_ref().map(|n| n.post_id),
        from_day: naming.map(|n| n.from_day),
    })
}

/// The city leaders' posts of today.
pub(super) async fn candidates(tx: &mut Tx, me: &Viewer) -> Result<Vec<Candidate>> {
    let today = tx.today();
    let found = sqlx::query_scalar!(
        r#"select city_leaders($1, $2) as "leaders!: Json<Vec<Candidate>>""#,
        me.tenant.0,
        today
    );
    Ok(found.fetch_one(&mut **tx).await?.0)
}

/// Ends the naming in force and keeps the new one.
pub(super) async fn name_leader(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
    asked: Naming,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update department_leaders set to_day = $3
          where tenant_id = $1 and department_id = $2 and to_day is null",
        me.tenant.0,
        id.0,
        asked.from
    )
    .execute(&mut **tx)
    .await?;
    let kept = sqlx::query!(
        "insert into department_leaders (tenant_id, id, department_id, post_id, post_kind, from_day, named_at, named_by,
                                         named_post)
         values ($1, $2, $3, $4, 'city_leader', $5, $6, $7, $8)",
        me.tenant.0,
        uuid_at(now),
        id.0,
        asked.post,
        asked.from,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "department_leaders_one", || Error::Stale)?;
    Ok(())
}
