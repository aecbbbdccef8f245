//! What the sample's supervision follows from, and writing it: one statement for each table.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::work::clocks::Clock;
use crate::work::supervision::Level;

/// A running clock that is short or over.
#[derive(Debug, Deserialize)]
pub(super) struct Late {
    pub(super) clock: Clock,
    pub(super) whistle_id: Uuid,
    pub(super) department_id: Option<Uuid>,
    pub(super) seat: String,
    pub(super) urgent: bool,
}

/// A row of `supervisions`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SupervisionRow {
    pub(super) id: Uuid,
    pub(super) whistle_id: Uuid,
    pub(super) assignment_id: Option<Uuid>,
    pub(super) department_id: Option<Uuid>,
    pub(super) seat: String,
    pub(super) level: Level,
    pub(super) clock_id: Option<Uuid>,
    pub(super) period: Option<String>,
    pub(super) at: DateTime<Utc>,
    pub(super) reason: String,
    pub(super) verb: &'static str,
    pub(super) sentence: String,
}

/// The clocks of whistles that are short or over.
pub(super) async fn late(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Late>, sqlx::Error> {
    let late = sqlx::query_scalar!(
        r#"select coalesce(json_agg(json_build_object('clock', clock_json($1, c.id), 'whistle_id', c.whistle_id,
                  'department_id', a.department_id, 'seat', coalesce(d.name, s.name),
                  'urgent', w.kind = 'emergency') order by c.due_at), '[]') as "late!: Json<Vec<Late>>"
             from clocks c
             join whistles w on w.tenant_id = $1 and w.id = c.whistle_id
             join nodes s on s.tenant_id = $1 and s.code = w.street_code
             left join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             left join departments d on d.tenant_id = $1 and d.id = a.department_id
            where c.tenant_id = $1 and c.stopped_at is null and c.paused_at is null and c.soon_at <= $2
              and c.stage not in ('suspension', 'decide', 'reply', 'visit')"#,
        tenant,
        now
    );
    Ok(late.fetch_one(db).await?.0)
}

/// Writes the papers and their lines in the timelines.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[SupervisionRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into supervisions (tenant_id, id, whistle_id, assignment_id, department_id, level, clock_id, period, at,
                                   reason)
         select $1, r.id, r.whistle_id, r.assignment_id, r.department_id, r.level, r.clock_id, r.period, r.at, r.reason
           from jsonb_to_recordset($2) as r (id uuid, whistle_id uuid, assignment_id uuid, department_id uuid,
                level supervision_level, clock_id uuid, period text, at timestamptz, reason text)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
         select $1, r.id, r.at, 'whistle', r.whistle_id, r.verb, '', '系统', r.sentence
           from jsonb_to_recordset($2) as r (id uuid, at timestamptz, whistle_id uuid, verb text, sentence text)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    // The city's letters ask for an answer within three working days: the oldest has got one.
    sqlx::query!(
        "update supervisions v set reply = '已安排施工队明日进场，三日内办结，过程每日报街道。', replied_at = v.at + interval '1 day',
                replied_by = m.person_id, replied_post = m.post_id
           from posts p, appointments m
          where v.tenant_id = $1 and p.tenant_id = $1 and p.department_id = v.department_id
            and m.tenant_id = $1 and m.post_id = p.id and m.to_day is null
            and p.kind = 'department_head'
            and v.id = (select o.id from supervisions o where o.tenant_id = $1 and o.level = 'city' order by o.at limit 1)",
        tenant
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into unreached (tenant_id, id, supervision_id, at, reason)
         select $1, v.id, v.id, v.at, '职务空缺，没有人收到。'
           from supervisions v
          where v.tenant_id = $1 and v.department_id is not null
            and not exists (select from posts p
                              join appointments m on m.tenant_id = $1 and m.post_id = p.id and m.to_day is null
                             where p.tenant_id = $1 and p.department_id = v.department_id
                               and p.kind = case when v.level = 'urge' then 'department_clerk'::post_kind
                                                 else 'department_head' end)",
        tenant
    )
    .execute(db)
    .await?;
    Ok(())
}
