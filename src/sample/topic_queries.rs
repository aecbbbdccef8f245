//! What came again and again in the sample, and writing the topic of it.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::topics::TopicRow;

/// The class that came thrice in the most grids within ninety days before a day, with its name and at most
/// three of these grids by their codes.
pub(super) async fn recurring(
    db: &mut PgConnection,
    tenant: Uuid,
    day: NaiveDate,
) -> Result<Option<(String, String, Vec<String>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"with thrice as (
               select p.class_code, p.grid_code, p.n from topic_proposals($1, $2::date - 1, '') p
           ), most as (
               select t.class_code from thrice t group by t.class_code
                order by count(*) desc, sum(t.n) desc, t.class_code limit 1
           )
           select m.class_code, c.name as "name!",
                  array(select t.grid_code from thrice t where t.class_code = m.class_code
                         order by t.n desc, t.grid_code limit 3) as "grids!"
             from most m join classes_on($1, $2) c on c.code = m.class_code"#,
        tenant,
        day
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|r| Some((r.class_code?, r.name, r.grids))))
}

/// Writes the topic as the program would.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    topic: &TopicRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into topics (tenant_id, id, title, month, class_code, goal, lead_id, stage, version, taken_up_at,
                             taken_up_by, taken_up_post, scheme, scheme_at, scheme_by)
         select $1::uuid, $2::uuid, $3::text, $4::date, $5::text, $6::text, d.id, 'under_way', $7::integer,
                $8::timestamptz, $9::uuid, $10::uuid, $11::text, $12::timestamptz, $13::uuid
           from departments d where d.tenant_id = $1 and d.id = $14",
        tenant,
        topic.id,
        topic.title,
        topic.month,
        topic.class,
        topic.goal,
        topic.version,
        topic.taken_up_at,
        topic.office.person,
        topic.office.post,
        topic.scheme,
        topic.scheme_at,
        topic.lead.person,
        topic.lead.department
    )
    .execute(&mut *db)
    .await?;
    insert_places(db, tenant, topic).await?;
    insert_lists(db, tenant, topic).await
}

/// Who leads it, and the places it is about.
async fn insert_places(
    db: &mut PgConnection,
    tenant: Uuid,
    topic: &TopicRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into topic_departments (tenant_id, topic_id, department_id, position)
         select t.tenant_id, t.id, t.lead_id, 0 from topics t where t.tenant_id = $1 and t.id = $2",
        tenant,
        topic.id
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into topic_places (tenant_id, topic_id, class_code, node_id, node_level, node_code)
         select $1, $2, $3, n.id, n.level, n.code from nodes n where n.tenant_id = $1 and n.code = any ($4)",
        tenant,
        topic.id,
        topic.class,
        &topic.places
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The lines of its lists, and what was said of it.
async fn insert_lists(
    db: &mut PgConnection,
    tenant: Uuid,
    topic: &TopicRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into topic_items (tenant_id, id, topic_id, list, words, department_id, due_day, added_by, added_at,
                                  done_at, done_by, done_words)
         select $1, r.id, $2, r.list, r.words, t.lead_id, r.due_day, $3, r.added_at, r.done_at, r.done_by, r.done_words
           from jsonb_to_recordset($4) as r (id uuid, list topic_list, words text, due_day date, added_at timestamptz,
                done_at timestamptz, done_by uuid, done_words text)
           join topics t on t.tenant_id = $1 and t.id = $2",
        tenant,
        topic.id,
        topic.lead.person,
        Json(&topic.items) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select $1, r.id, r.at, 'topic', $2, r.verb, r.person_id, r.person_name, r.post_id, r.seat, r.department_id,
                r.words
           from jsonb_to_recordset($3) as r (id uuid, at timestamptz, verb text, person_id uuid, person_name text,
                post_id uuid, seat text, department_id uuid, words text)",
        tenant,
        topic.id,
        Json(&topic.said) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
