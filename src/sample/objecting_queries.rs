//! Writing objections and their panels.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::id::uuid_at;
use crate::work::assessment::{Item, ObjectionState, Reason};

/// A post and who holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seated {
    pub(super) post: Uuid,
    pub(super) person: Uuid,
}

/// The clerk of a department on a day.
pub(super) async fn clerk(
    db: &mut PgConnection,
    tenant: Uuid,
    department: Uuid,
    day: NaiveDate,
) -> Result<Option<Seated>, sqlx::Error> {
    sqlx::query_as!(
        Seated,
        "select o.id as post, m.person_id as person
           from posts o
           join appointments m on m.tenant_id = $1 and m.post_id = o.id and m.from_day <= $3
                and (m.to_day is null or m.to_day > $3)
          where o.tenant_id = $1 and o.department_id = $2
          order by o.kind desc, o.id limit 1",
        tenant,
        department,
        day
    )
    .fetch_optional(db)
    .await
}

/// Three posts on a day whose holders had nothing to do with what an objection is about, other ones
/// for each case.
pub(super) async fn neutral(
    db: &mut PgConnection,
    tenant: Uuid,
    (objection, case): (Uuid, Uuid),
    day: NaiveDate,
) -> Result<Vec<Seated>, sqlx::Error> {
    sqlx::query_as!(
        Seated,
        r#"with few as materialized (
               select x.post, x.person
                 from (select distinct on (m.person_id) o.id as post, m.person_id as person
                         from posts o
                         join appointments m on m.tenant_id = $1 and m.post_id = o.id and m.from_day <= $4
                              and (m.to_day is null or m.to_day > $4)
                        where o.tenant_id = $1
                          and o.kind in ('city_leader', 'city_office', 'street_secretary', 'street_deputy')
                          and o.node_code is distinct from street_of_objection($1, $2)
                        order by m.person_id, o.id) x
                order by md5(x.post::text || $3::uuid::text) limit 12)
           select s.post as "post!", s.person as "person!" from few s
            where not had_to_do($1, $2, s.person, $4) limit 3"#,
        tenant,
        objection,
        case,
        day
    )
    .fetch_all(db)
    .await
}

/// The name under which a post acts: of its street, its department or the city.
pub(super) async fn seat(
    db: &mut PgConnection,
    tenant: Uuid,
    post: Uuid,
) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(n.name, d.name, t.name) as "name!"
             from posts o
             join tenants t on t.id = o.tenant_id
             left join nodes n on n.tenant_id = $1 and n.id = o.node_id
             left join departments d on d.tenant_id = $1 and d.id = o.department_id
            where o.tenant_id = $1 and o.id = $2"#,
        tenant,
        post
    )
    .fetch_one(db)
    .await
}

/// An objection as it is made.
#[derive(Clone, Debug)]
pub(super) struct Made<'a> {
    pub(super) id: Uuid,
    pub(super) period: Uuid,
    pub(super) department: Uuid,
    pub(super) item: Item,
    /// The whistle; none if it is about a record of a power.
    pub(super) whistle: Option<Uuid>,
    /// The assignment, or the record.
    pub(super) case: Uuid,
    pub(super) title: &'a str,
    /// Where it is shown.
    pub(super) link: String,
    pub(super) reason: Reason,
    pub(super) words: &'a str,
    pub(super) evidence: &'a str,
    pub(super) at: DateTime<Utc>,
    pub(super) by: Seated,
}

/// Writes an objection.
pub(super) async fn make(
    db: &mut PgConnection,
    tenant: Uuid,
    made: &Made<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assessment_objections (tenant_id, id, period_id, department_id, item, whistle_id, assignment_id,
                                            exercise_id, reason, words, evidence, asked_at, asked_by, asked_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        tenant,
        made.id,
        made.period,
        made.department,
        made.item as Item,
        made.whistle,
        made.whistle.map(|_| made.case),
        made.whistle.is_none().then_some(made.case),
        made.reason as Reason,
        made.words,
        made.evidence,
        made.at,
        made.by.person,
        made.by.post
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes its panel.
pub(super) async fn call(
    db: &mut PgConnection,
    tenant: Uuid,
    (id, office): (Uuid, Seated),
    (at, soon, due): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
    members: &[Seated],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update assessment_objections
            set panel_at = $3, panel_by = $4, panel_post = $5, soon_at = $6, due_at = $7, version = version + 1
          where tenant_id = $1 and id = $2",
        tenant,
        id,
        at,
        office.person,
        office.post,
        soon,
        due
    )
    .execute(&mut *db)
    .await?;
    let posts: Vec<Uuid> = members.iter().map(|m| m.post).collect();
    sqlx::query!(
        "insert into objection_members (tenant_id, objection_id, post_id, post_kind, position)
         select $1, $2, o.id, o.kind, x.position
           from unnest($3::uuid[]) with ordinality as x (post, position)
           join posts o on o.tenant_id = $1 and o.id = x.post",
        tenant,
        id,
        &posts
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a vote.
pub(super) async fn vote(
    db: &mut PgConnection,
    tenant: Uuid,
    (id, by): (Uuid, Seated),
    (at, upholds, words): (DateTime<Utc>, bool, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update objection_members set voted_at = $4, voted_by = $5, upholds = $6, words = $7
          where tenant_id = $1 and objection_id = $2 and post_id = $3",
        tenant,
        id,
        by.post,
        at,
        by.person,
        upholds,
        words
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what came of it.
pub(super) async fn end(
    db: &mut PgConnection,
    tenant: Uuid,
    id: Uuid,
    (at, state, words): (DateTime<Utc>, ObjectionState, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update assessment_objections set state = $3, decided_at = $4, decided_words = $5, version = version + 1
          where tenant_id = $1 and id = $2",
        tenant,
        id,
        state as ObjectionState,
        at,
        words
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes an act about it.
pub(super) async fn record(
    db: &mut PgConnection,
    tenant: Uuid,
    (id, by): (Uuid, Seated),
    (at, verb, sentence): (DateTime<Utc>, &str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select $1, $2, $3, 'objection', $4, $5, y.id, y.name, o.id, coalesce(n.name, d.name, t.name), d.id, $6
           from people y
           join tenants t on t.id = y.tenant_id
           join posts o on o.tenant_id = $1 and o.id = $7
           left join nodes n on n.tenant_id = $1 and n.id = o.node_id
           left join departments d on d.tenant_id = $1 and d.id = o.department_id
          where y.tenant_id = $1 and y.id = $8",
        tenant,
        uuid_at(at),
        at,
        id,
        verb,
        sentence,
        by.post,
        by.person
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes that the program ended one whose panel let its time pass.
pub(super) async fn record_silence(
    db: &mut PgConnection,
    tenant: Uuid,
    id: Uuid,
    (at, sentence): (DateTime<Utc>, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
         values ($1, $2, $3, 'objection', $4, 'dismiss_score', '', '系统', $5)",
        tenant,
        uuid_at(at),
        at,
        id,
        sentence
    )
    .execute(db)
    .await?;
    Ok(())
}

/// An objection that nothing has come of yet.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: Uuid,
    pub(super) reason: Reason,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) post: Uuid,
    pub(super) person: Uuid,
}

/// All that are open.
pub(super) async fn open(db: &mut PgConnection, tenant: Uuid) -> Result<Vec<Open>, sqlx::Error> {
    sqlx::query_as!(
        Open,
        r#"select id, reason as "reason: Reason", asked_at, asked_post as post, asked_by as person
             from assessment_objections where tenant_id = $1 and state = 'open' order by id"#,
        tenant
    )
    .fetch_all(db)
    .await
}

/// A file whose content is kept.
#[derive(Debug)]
pub(super) struct Attached {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) bytes: i64,
    pub(super) sha256: Vec<u8>,
    pub(super) at: DateTime<Utc>,
}

/// Writes a file of an objection.
pub(super) async fn attach(
    db: &mut PgConnection,
    tenant: Uuid,
    (objection, by): (Uuid, Seated),
    file: &Attached,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into files (tenant_id, id, owner_kind, owner_id, name, media_type, bytes, sha256, added_by, added_post,
                            added_at)
         values ($1, $2, 'objection', $3, $4, 'application/pdf', $5, $6, $7, $8, $9)",
        tenant,
        file.id,
        objection,
        file.name,
        file.bytes,
        file.sha256,
        by.person,
        by.post,
        file.at
    )
    .execute(db)
    .await?;
    Ok(())
}
