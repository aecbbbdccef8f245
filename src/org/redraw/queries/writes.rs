//! What a change of the chain writes, and what it locks first.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{Facts, Grown};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::{PostKind, Viewer};

/// Holds the streets, so that one change of the chain is made at a time. Who files is not kept
/// waiting by it.
pub(crate) async fn hold_chain(tx: &mut Tx, me: &Viewer) -> Result<()> {
    sqlx::query_scalar!(
        "select id from nodes where tenant_id = $1 and parent_id is null order by code for no key update",
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Holds the open work at and below these nodes, whistles first as everybody does, before the
/// ground is held: who has hold of a case may still want the ground.
pub(in super::super) async fn hold_work(tx: &mut Tx, me: &Viewer, roots: &[Uuid]) -> Result<()> {
    sqlx::query_scalar!(
        "select w.id from nodes r
           join whistles w on w.tenant_id = $1 and w.street_code = left(r.code, 9)
                and w.place_code >= r.code and w.place_code < r.code || ':'
                and w.closed_at is null and w.withdrawn_at is null
          where r.tenant_id = $1 and r.id = any($2)
          order by w.id for no key update of w",
        me.tenant.0,
        roots
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query_scalar!(
        "select m.id from nodes r
           join matters m on m.tenant_id = $1 and m.street_code = left(r.code, 9)
                and m.place_code >= r.code and m.place_code < r.code || ':' and m.ended_at is null
          where r.tenant_id = $1 and r.id = any($2)
          order by m.id for no key update of m",
        me.tenant.0,
        roots
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Holds these nodes and all below against everybody who would put something there. What was put
/// there before is committed and is seen from now on.
pub(in super::super) async fn hold_ground(tx: &mut Tx, me: &Viewer, roots: &[Uuid]) -> Result<()> {
    sqlx::query_scalar!(
        "select k.id from nodes r
           join nodes k on k.tenant_id = $1 and k.code >= r.code and k.code < r.code || ':'
          where r.tenant_id = $1 and r.id = any($2)
          order by k.code for update of k",
        me.tenant.0,
        roots
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Holds the posts there, as whoever appoints does.
pub(in super::super) async fn hold_posts(tx: &mut Tx, me: &Viewer, roots: &[Uuid]) -> Result<()> {
    sqlx::query_scalar!(
        "select o.id from nodes r
           join nodes k on k.tenant_id = $1 and k.code >= r.code and k.code < r.code || ':'
           join posts o on o.tenant_id = $1 and o.node_id = k.id and o.valid_to is null
          where r.tenant_id = $1 and r.id = any($2)
          order by o.id for no key update of o",
        me.tenant.0,
        roots
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Adds nodes that stand from a day on.
pub(crate) async fn add(tx: &mut Tx, me: &Viewer, grown: &[Grown], from: NaiveDate) -> Result<()> {
    fn column<T>(grown: &[Grown], of: impl Fn(&Grown) -> T) -> Vec<T> {
        grown.iter().map(of).collect()
    }
    let added = sqlx::query_scalar!(
        "insert into nodes (tenant_id, id, level, parent_id, code, name, party_name, households, longitude, latitude,
                            predecessor_id, valid_from)
         select $1, x.id, x.level, x.parent_id, x.code, x.name, x.party_name, x.households, x.longitude, x.latitude,
                x.predecessor_id, $2
           from unnest($3::uuid[], $4::smallint[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::integer[],
                       $10::float8[], $11::float8[], $12::uuid[])
                as x (id, level, parent_id, code, name, party_name, households, longitude, latitude, predecessor_id)
         returning id",
        me.tenant.0,
        from,
        &column(grown, |g| g.id),
        &column(grown, |g| g.level),
        &column(grown, |g| g.parent_id) as _,
        &column(grown, |g| g.code.clone()),
        &column(grown, |g| g.name.clone()),
        &column(grown, |g| g.party_name.clone()),
        &column(grown, |g| g.households) as _,
        &column(grown, |g| g.longitude) as _,
        &column(grown, |g| g.latitude) as _,
        &column(grown, |g| g.predecessor) as _
    )
    .fetch_all(&mut **tx)
    .await;
    let added = on_constraint(added, "on_standing_ground", || {
        Error::Refused("上级单位刚刚撤销，不能再设下级。请回到组织与网格看现在的单位。".to_owned())
    });
    added.map(|_| ())
}

/// A post to be set up, vacant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPost {
    seat: Uuid,
    kind: PostKind,
    title: &'static str,
}

impl NewPost {
    /// The posts of one node or department.
    pub(crate) fn all(seat: Uuid, posts: &'static [(PostKind, &'static str)]) -> Vec<Self> {
        let post = |(kind, title): &(PostKind, &'static str)| Self {
            seat,
            kind: *kind,
            title,
        };
        posts.iter().map(post).collect()
    }
}

/// Sets posts up at nodes, vacant.
pub(crate) async fn set_up(
    tx: &mut Tx,
    me: &Viewer,
    posts: &[NewPost],
    from: NaiveDate,
) -> Result<()> {
    let (ids, seats, kinds, titles) = columns(tx, posts);
    sqlx::query_scalar!(
        "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code, valid_from)
         select $1, x.id, x.kind, x.title, n.id, n.level, n.code, $2
           from unnest($3::uuid[], $4::uuid[], $5::post_kind[], $6::text[]) as x (id, node, kind, title)
           join nodes n on n.tenant_id = $1 and n.id = x.node
         returning id",
        me.tenant.0,
        from,
        &ids,
        &seats,
        &kinds as _,
        &titles as _
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Sets posts up in departments, vacant.
pub(in super::super) async fn set_up_in_departments(
    tx: &mut Tx,
    me: &Viewer,
    posts: &[NewPost],
    from: NaiveDate,
) -> Result<()> {
    let (ids, seats, kinds, titles) = columns(tx, posts);
    sqlx::query_scalar!(
        "insert into posts (tenant_id, id, kind, title, department_id, valid_from)
         select $1, x.id, x.kind, x.title, d.id, $2
           from unnest($3::uuid[], $4::uuid[], $5::post_kind[], $6::text[]) as x (id, department, kind, title)
           join departments d on d.tenant_id = $1 and d.id = x.department
         returning id",
        me.tenant.0,
        from,
        &ids,
        &seats,
        &kinds as _,
        &titles as _
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

type PostColumns = (Vec<Uuid>, Vec<Uuid>, Vec<PostKind>, Vec<&'static str>);

fn columns(tx: &Tx, posts: &[NewPost]) -> PostColumns {
    (
        posts.iter().map(|_| uuid_at(tx.now)).collect(),
        posts.iter().map(|p| p.seat).collect(),
        posts.iter().map(|p| p.kind).collect(),
        posts.iter().map(|p| p.title).collect(),
    )
}

/// A node that there is or was.
#[derive(Clone, Debug)]
pub(in super::super) struct Known {
    pub(in super::super) id: Uuid,
    pub(in super::super) parent_id: Option<Uuid>,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) is_closed: bool,
}

/// The streets and communities that there are or were.
pub(in super::super) async fn known(tx: &mut Tx, me: &Viewer) -> Result<Vec<Known>> {
    Ok(sqlx::query_as!(
        Known,
        r#"select id, parent_id, code, name, valid_to is not null as "is_closed!"
             from nodes where tenant_id = $1 and level <= 2 order by code"#,
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Keeps what nodes were called until today, unless they were called something else this morning.
pub(crate) async fn keep_names(tx: &mut Tx, me: &Viewer, ids: &[Uuid]) -> Result<()> {
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

/// Changes what is kept of nodes, each in the version that was seen, if nobody was first.
pub(crate) async fn amend(tx: &mut Tx, me: &Viewer, changes: &[(Uuid, i32, &Facts)]) -> Result<()> {
    let ids: Vec<Uuid> = changes.iter().map(|c| c.0).collect();
    let versions: Vec<i32> = changes.iter().map(|c| c.1).collect();
    let names: Vec<&str> = changes.iter().map(|c| c.2.name.as_str()).collect();
    let parties: Vec<&str> = changes.iter().map(|c| c.2.party_name.as_str()).collect();
    let households: Vec<Option<i32>> = changes.iter().map(|c| c.2.households).collect();
    let east: Vec<Option<f64>> = changes.iter().map(|c| c.2.point.map(|p| p.0)).collect();
    let north: Vec<Option<f64>> = changes.iter().map(|c| c.2.point.map(|p| p.1)).collect();
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

/// Nodes with the node that each gives something to.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Closing {
    pub(in super::super) old: Vec<Uuid>,
    pub(in super::super) new: Vec<Uuid>,
}

impl Closing {
    /// One more.
    pub(in super::super) fn add(&mut self, old: Uuid, new: Uuid) {
        self.old.push(old);
        self.new.push(new);
    }
}

/// How much was moved.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Moved {
    pub(in super::super) matters: Vec<Uuid>,
    pub(in super::super) whistles: Vec<Uuid>,
}

/// Closes these nodes and all below from today on; says which.
pub(in super::super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    roots: &[Uuid],
    heirs: &Closing,
) -> Result<()> {
    let today = tx.today();
    sqlx::query!(
        "update nodes k set valid_to = greatest($3, k.valid_from), version = k.version + 1,
                heir_id = (select x.new from unnest($4::uuid[], $5::uuid[]) as x (old, new) where x.old = k.id)
           from nodes r
          where r.tenant_id = $1 and r.id = any($2) and k.tenant_id = $1
            and k.code >= r.code and k.code < r.code || ':' and k.valid_to is null",
        me.tenant.0,
        roots,
        today,
        &heirs.old,
        &heirs.new
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts the open matters of nodes at their heirs; says which.
pub(in super::super) async fn move_matters(
    tx: &mut Tx,
    me: &Viewer,
    heirs: &Closing,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "update matters m set place_id = n.id, place_level = n.level, place_code = n.code, version = m.version + 1
           from unnest($2::uuid[], $3::uuid[]) as x (old, new), nodes n
          where n.tenant_id = $1 and n.id = x.new and m.tenant_id = $1 and m.place_id = x.old and m.ended_at is null
         returning m.id",
        me.tenant.0,
        &heirs.old,
        &heirs.new
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Puts the open whistles of nodes at their heirs; says which.
pub(in super::super) async fn move_whistles(
    tx: &mut Tx,
    me: &Viewer,
    heirs: &Closing,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "update whistles w set place_id = n.id, place_level = n.level, place_code = n.code, version = w.version + 1
           from unnest($2::uuid[], $3::uuid[]) as x (old, new), nodes n
          where n.tenant_id = $1 and n.id = x.new and w.tenant_id = $1 and w.place_id = x.old and w.closed_at is null and w.withdrawn_at is null
         returning w.id",
        me.tenant.0,
        &heirs.old,
        &heirs.new
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Sets the posts of nodes up again at those they become, with what they have not read yet; says
/// which post became which.
pub(in super::super) async fn carry_posts(
    tx: &mut Tx,
    me: &Viewer,
    ground: &Closing,
) -> Result<Closing> {
    let (now, today) = (tx.now, tx.today());
    let found = sqlx::query!(
        r#"select o.id, x.new as "node!"
             from unnest($2::uuid[], $3::uuid[]) as x (old, new)
             join posts o on o.tenant_id = $1 and o.node_id = x.old and o.valid_to is null
            order by o.id"#,
        me.tenant.0,
        &ground.old,
        &ground.new
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut posts = Closing::default();
    for row in &found {
        posts.add(row.id, uuid_at(now));
    }
    let nodes: Vec<Uuid> = found.iter().map(|row| row.node).collect();
    sqlx::query_scalar!(
        "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code, valid_from)
         select $1, x.new, o.kind, o.title, n.id, n.level, n.code, $5
           from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as x (old, new, node)
           join posts o on o.tenant_id = $1 and o.id = x.old
           join nodes n on n.tenant_id = $1 and n.id = x.node
         returning id",
        me.tenant.0,
        &posts.old,
        &posts.new,
        &nodes,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "update notices t set post_id = x.new
           from unnest($2::uuid[], $3::uuid[]) as x (old, new)
          where t.tenant_id = $1 and t.post_id = x.old and t.read_at is null",
        me.tenant.0,
        &posts.old,
        &posts.new
    )
    .execute(&mut **tx)
    .await?;
    Ok(posts)
}

/// Abolishes the posts at and below these nodes and ends who holds them, or would; says which posts.
pub(in super::super) async fn abolish_posts(
    tx: &mut Tx,
    me: &Viewer,
    roots: &[Uuid],
) -> Result<Vec<Uuid>> {
    let today = tx.today();
    let posts = sqlx::query_scalar!(
        "update posts o set valid_to = greatest($3, o.valid_from)
           from nodes r, nodes k
          where r.tenant_id = $1 and r.id = any($2)
            and k.tenant_id = $1 and k.code >= r.code and k.code < r.code || ':'
            and o.tenant_id = $1 and o.node_id = k.id and o.valid_to is null
         returning o.id",
        me.tenant.0,
        roots,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "update appointments set to_day = greatest($3, from_day)
          where tenant_id = $1 and post_id = any($2) and (to_day is null or to_day > greatest($3, from_day))",
        me.tenant.0,
        &posts,
        today
    )
    .execute(&mut **tx)
    .await?;
    Ok(posts)
}

/// Appoints whoever holds posts, or will, to those that they became, and keeps them signed in.
/// Before the old ones are ended.
#[expect(
    clippy::cognitive_complexity,
    reason = "the macros count, not the one branch"
)]
pub(in super::super) async fn carry_appointments(
    tx: &mut Tx,
    me: &Viewer,
    posts: &Closing,
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let found = sqlx::query!(
        r#"select a.id, x.new as "post!"
             from unnest($2::uuid[], $3::uuid[]) as x (old, new)
             join appointments a on a.tenant_id = $1 and a.post_id = x.old
                  and (a.to_day is null or a.to_day > greatest($4, a.from_day))
            order by a.id"#,
        me.tenant.0,
        &posts.old,
        &posts.new,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut terms = Closing::default();
    for row in &found {
        terms.add(row.id, uuid_at(now));
    }
    let held: Vec<Uuid> = found.iter().map(|row| row.post).collect();
    sqlx::query_scalar!(
        "insert into appointments (tenant_id, id, post_id, person_id, from_day, to_day, term_to)
         select $1, x.new, x.post, a.person_id, greatest($5, a.from_day), a.to_day,
                case when a.term_to > greatest($5, a.from_day) then a.term_to end
           from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as x (old, new, post)
           join appointments a on a.tenant_id = $1 and a.id = x.old
         returning id",
        me.tenant.0,
        &terms.old,
        &terms.new,
        &held,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "update sessions s set appointment_id = x.new
           from unnest($2::uuid[], $3::uuid[]) as x (old, new)
          where s.tenant_id = $1 and s.appointment_id = x.old and s.ended_at is null",
        me.tenant.0,
        &terms.old,
        &terms.new
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update sessions s set for_appointment_id = x.new
           from unnest($2::uuid[], $3::uuid[]) as x (old, new)
          where s.tenant_id = $1 and s.for_appointment_id = x.old and s.ended_at is null",
        me.tenant.0,
        &terms.old,
        &terms.new
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
