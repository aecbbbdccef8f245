//! Departments: added, changed, ended.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::DepartmentFacts;
use crate::base::db::{Tx, on_constraint, one_changed, refused_by};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::units::DepartmentKind;

/// A department with what still hangs on it.
#[derive(Clone, Debug)]
pub(in super::super) struct Department {
    pub(in super::super) id: DepartmentId,
    pub(in super::super) code: String,
    pub(in super::super) facts: DepartmentFacts,
    pub(in super::super) valid_to: Option<NaiveDate>,
    pub(in super::super) version: i32,
    /// Assignments on whistles that are not over, drafts included.
    pub(in super::super) assignments: i64,
    /// Uses of the five powers that are not over.
    pub(in super::super) exercises: i64,
    /// Tasks of the plan and rectification items for which it answers.
    pub(in super::super) tasks: i64,
    /// Items of the duty list in force by which it leads or assists.
    pub(in super::super) duties: i64,
    /// Posts that stand.
    pub(in super::super) posts: i64,
    /// Who holds them or will: `孔祥、曹阳`.
    pub(in super::super) holders: Option<String>,
    /// What stood there when the page was drawn, condensed.
    pub(in super::super) seen: String,
}

/// A department, its counts taken at once: one round trip.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn department(
    tx: &mut Tx,
    me: &Viewer,
    id: DepartmentId,
) -> Result<Department> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with seats as (
            select o.id, a.id as term, p.name
              from posts o
              left join appointments a on a.tenant_id = $1 and a.post_id = o.id
                   and (a.to_day is null or a.to_day > greatest($3, a.from_day))
              left join people p on p.tenant_id = $1 and p.id = a.person_id
             where o.tenant_id = $1 and o.department_id = $2 and o.valid_to is null)
        select d.code, d.name, d.kind as "kind: DepartmentKind", d.position, d.valid_to, d.version,
               (select count(*) from assignments a
                  join whistles w on w.tenant_id = $1 and w.id = a.whistle_id
                 where a.tenant_id = $1 and a.department_id = d.id and a.stage not in ('withdrawn', 'relieved')
                   and w.closed_at is null and w.withdrawn_at is null) as "assignments!",
               (select count(*) from power_exercises e
                 where e.tenant_id = $1 and e.department_id = d.id
                   and e.closed_at is null and e.withdrawn_at is null) as "exercises!",
               (select count(*) from plan_tasks t
                 where t.tenant_id = $1 and t.department_id = d.id and t.confirmed_at is null and t.ended_at is null)
             + (select count(*) from rectifications i
                 where i.tenant_id = $1 and i.department_id = d.id and i.verified_at is null) as "tasks!",
               (select count(*) from duty_items y
                 where y.tenant_id = $1 and y.dropped_at is null and (y.to_day is null or y.to_day > $3)
                   and (y.lead_department_id = d.id
                     or exists (select from duty_assists s where s.tenant_id = $1 and s.duty_item_id = y.id
                                   and s.department_id = d.id))) as "duties!",
               (select count(distinct s.id) from seats s) as "posts!",
               (select string_agg(s.name, '、' order by s.id) from seats s where s.term is not null) as holders,
               md5(concat(d.version, (select string_agg(concat(s.id, s.term), ',' order by s.id, s.term)
                                        from seats s))) as "seen!"
          from departments d
         where d.tenant_id = $1 and d.id = $2
        "#,
        me.tenant.0,
        id.0,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Department {
        id,
        code: row.code,
        facts: DepartmentFacts {
            name: row.name,
            kind: row.kind,
            position: row.position,
        },
        valid_to: row.valid_to,
        version: row.version,
        assignments: row.assignments,
        exercises: row.exercises,
        tasks: row.tasks,
        duties: row.duties,
        posts: row.posts,
        holders: row.holders,
        seen: row.seen,
    })
}

/// Holds a department against everybody who would give it something, and its posts.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: DepartmentId) -> Result<()> {
    sqlx::query_scalar!(
        "select id from departments where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    sqlx::query_scalar!(
        "select id from posts where tenant_id = $1 and department_id = $2 and valid_to is null
          order by id for no key update",
        me.tenant.0,
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// The place after the last department.
pub(in super::super) async fn next_position(tx: &mut Tx, me: &Viewer) -> Result<i16> {
    Ok(sqlx::query_scalar!(
        r#"select (least(coalesce(max(position), 0), 998) + 1)::smallint as "next!"
             from departments where tenant_id = $1"#,
        me.tenant.0
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Every code and every name that a department has or had.
pub async fn used(tx: &mut Tx, me: &Viewer) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"select unnest(array[code, name]) as "used!" from departments where tenant_id = $1"#,
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Adds a department from today on.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    (id, code): (DepartmentId, &str),
    facts: &DepartmentFacts,
) -> Result<()> {
    let today = tx.today();
    let added = sqlx::query!(
        "insert into departments (tenant_id, id, code, name, kind, position, valid_from)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        id.0,
        code,
        facts.name,
        facts.kind as DepartmentKind,
        facts.position,
        today
    )
    .execute(&mut **tx)
    .await;
    let added = match added {
        Err(error) if refused_by(&error).as_deref() == Some("departments_code_key") => Err(wrong(
            "code",
            "这个代码用过了，撤销的部门也算。请另写两个字母。",
        )),
        added => on_constraint(added, "departments_name_key", || wrong("name", TAKEN)),
    };
    added.map(|_| ())
}

/// Changes what is kept of a department, if nobody was first.
pub(in super::super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (DepartmentId, i32),
    facts: &DepartmentFacts,
) -> Result<()> {
    let amended = sqlx::query!(
        "update departments set name = $4, kind = $5, position = $6, version = version + 1
          where tenant_id = $1 and id = $2 and version = $3 and valid_to is null",
        me.tenant.0,
        id.0,
        version,
        facts.name,
        facts.kind as DepartmentKind,
        facts.position
    )
    .execute(&mut **tx)
    .await;
    let amended = on_constraint(amended, "departments_name_key", || wrong("name", TAKEN))?;
    one_changed(amended.rows_affected())
}

const TAKEN: &str = "这个名称用过了，撤销的部门也算。请另起一个名称。";

fn wrong(field: &str, sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}

/// Ends a department, its posts, who holds them and the leader in charge, from today on; says which
/// posts.
pub(in super::super) async fn end(tx: &mut Tx, me: &Viewer, id: DepartmentId) -> Result<Vec<Uuid>> {
    let today = tx.today();
    let posts = sqlx::query_scalar!(
        "update posts set valid_to = greatest($3, valid_from)
          where tenant_id = $1 and department_id = $2 and valid_to is null
         returning id",
        me.tenant.0,
        id.0,
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
    sqlx::query!(
        "update department_leaders set to_day = greatest($3, from_day)
          where tenant_id = $1 and department_id = $2 and to_day is null",
        me.tenant.0,
        id.0,
        today
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update departments set valid_to = greatest($3, valid_from), version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        today
    )
    .execute(&mut **tx)
    .await?;
    Ok(posts)
}
