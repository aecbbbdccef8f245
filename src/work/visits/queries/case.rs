//! One visit with what was done and what was tried, in one round trip.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::{PersonId, TenantId};
use crate::work::phrases::Phrases;
use crate::work::visits::model::{Answer, Feeling, State, Way};
use crate::work::whistles::{Role, Stage};
use crate::work::{MatterId, VisitId, WhistleId};

/// A department's part in what the resident is asked about.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Done {
    pub(crate) department: String,
    pub(crate) role: Role,
    pub(crate) result: Option<String>,
    pub(crate) fed_back_at: Option<DateTime<Utc>>,
}

/// Who looked on the spot, and what was seen.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Looked {
    pub(crate) seat: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) words: String,
}

/// One call of the desk.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Try {
    pub(crate) number: i16,
    pub(crate) reached: bool,
    pub(crate) words: String,
    pub(crate) who: String,
    pub(crate) at: DateTime<Utc>,
}

/// One link that was made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Link {
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
    pub(crate) who: String,
}

/// A visit as its pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: VisitId,
    pub(crate) state: State,
    pub(crate) version: i32,
    pub(crate) round: i16,
    pub(crate) window_ends_at: DateTime<Utc>,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) answer: Option<Answer>,
    pub(crate) feeling: Option<Feeling>,
    pub(crate) words: Option<String>,
    pub(crate) way: Option<Way>,
    pub(crate) recorder: Option<String>,
    pub(crate) whistle_id: WhistleId,
    pub(crate) whistle_number: String,
    pub(crate) whistle_stage: Stage,
    pub(crate) matter_id: MatterId,
    pub(crate) matter_number: String,
    /// The number of the matter behind the whistle, if this one was merged into it.
    pub(crate) merged_into: Option<String>,
    /// Whether the two were taken apart again.
    pub(crate) is_apart: bool,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) place: String,
    /// Who looks again if it is not solved.
    pub(crate) looker: String,
    pub(crate) teller_name_mask: Option<String>,
    pub(crate) teller_phone_mask: Option<String>,
    /// Whether the teller is forgotten because the time of keeping is over.
    pub(crate) is_anonymised: bool,
    /// Whether the viewer handled or judged, and so does not ask.
    pub(crate) took_part: bool,
    pub(crate) done: Vec<Done>,
    pub(crate) looked: Option<Looked>,
    pub(crate) tries: Vec<Try>,
    pub(crate) links: Vec<Link>,
    /// How many calls that reach nobody end it.
    pub(crate) most_tries: i64,
    /// What the desk's form offers to be said of a call that reached nobody.
    pub(crate) phrases: Phrases,
}

impl Case {
    /// The leading department.
    pub(crate) fn lead(&self) -> Option<&Done> {
        self.done.iter().find(|d| d.role == Role::Lead)
    }

    /// Who did it: `供水公司，住房和城乡建设局协助`.
    pub(crate) fn who(&self) -> String {
        let lead = self.lead().map_or("", |d| d.department.as_str());
        let helped = self.done.iter().filter(|d| d.role == Role::Assist);
        let helped: Vec<&str> = helped.map(|d| d.department.as_str()).collect();
        if helped.is_empty() {
            lead.to_owned()
        } else {
            format!("{lead}，{}协助", helped.join("、"))
        }
    }

    /// What was done, the lead first.
    pub(crate) fn results(&self) -> Vec<&str> {
        self.done
            .iter()
            .filter_map(|d| d.result.as_deref())
            .collect()
    }

    /// When the last of them was done.
    pub(crate) fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.done.iter().filter_map(|d| d.fed_back_at).max()
    }
}

/// One visit. `person` is who looks, if somebody at a desk does.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(crate) async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    person: Option<PersonId>,
    id: VisitId,
) -> Result<Case> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select v.state as "state: State", v.version,
               (rules_json($1, w.limits_id, v.asked_at::date)->'visit_tries'->>'amount')::bigint as "most_tries!", v.round, v.window_ends_at, v.ended_at,
               v.answer as "answer: Answer", v.feeling as "feeling: Feeling", v.words, v.way as "way: Way",
               p.name as "recorder?", v.whistle_id, w.number as "whistle_number!", w.stage as "whistle_stage: Stage",
               v.matter_id, m.number as matter_number,
               (select x.number from matters x where x.tenant_id = $1 and x.id = v.merged_into) as merged_into,
               v.merged_into is not null and m.merged_into is distinct from v.merged_into as "is_apart!",
               m.title, m.detail, m.teller_name_mask, m.teller_phone_mask,
               m.anonymised_at is not null as "is_anonymised!",
               concat_ws('，', (select string_agg(n.name, ' ' order by n.level) from nodes n
                 where n.tenant_id = $1
                   and n.code in (m.community_code, m.grid_code, left(m.place_code, 18), m.place_code)),
                 nullif(m.spot, '')) as "place!",
               (select n.name from nodes n where n.tenant_id = $1
                   and n.code = coalesce(w.community_code, w.street_code)) as "looker!",
               coalesce(is_involved($1, w.id, $3, true) or has_found_merged($1, w.id, $3)
                   or has_judged($1, w.id, $3, false), false) as "took_part!",
               coalesce((select json_agg(json_build_object(
                       'department', d.name, 'role', a.role, 'result', a.result, 'fed_back_at', a.fed_back_at)
                       order by a.role, a.position)
                  from assignments a
                  join departments d on d.tenant_id = $1 and d.id = a.department_id
                 where a.tenant_id = $1 and a.whistle_id = w.id), '[]') as "done!: Json<Vec<Done>>",
               (select json_build_object('seat', n.name, 'at', c.at, 'words', c.words)
                  from checks c
                  join posts o on o.tenant_id = $1 and o.id = c.post_id
                  join nodes n on n.tenant_id = $1 and n.id = o.node_id
                 where c.tenant_id = $1 and c.whistle_id = w.id and c.passed and c.at <= v.asked_at
                 order by c.round desc limit 1) as "looked: Json<Looked>",
               coalesce((select json_agg(json_build_object(
                       'number', t.number, 'reached', t.reached, 'words', t.words, 'who', y.name, 'at', t.at)
                       order by t.number)
                  from visit_tries t
                  join people y on y.tenant_id = $1 and y.id = t.person_id
                 where t.tenant_id = $1 and t.visit_id = v.id), '[]') as "tries!: Json<Vec<Try>>",
               coalesce((select json_agg(json_build_object(
                       'made_at', l.made_at, 'expires_at', l.expires_at, 'used_at', l.used_at, 'who', y.name)
                       order by l.id)
                  from visit_links l
                  join people y on y.tenant_id = $1 and y.id = l.person_id
                 where l.tenant_id = $1 and l.visit_id = v.id), '[]') as "links!: Json<Vec<Link>>",
               phrases_json($1, '{unreached}', $4) as "phrases!: Json<Phrases>"
          from visits v
          join whistles w on w.tenant_id = $1 and w.id = v.whistle_id
          join matters m on m.tenant_id = $1 and m.id = v.matter_id
          left join people p on p.tenant_id = $1 and p.id = v.person_id
         where v.tenant_id = $1 and v.id = $2
        "#,
        tenant.0,
        id.0,
        person.map(|p| p.0),
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Case {
        id,
        state: row.state,
        version: row.version,
        phrases: row.phrases.0,
        round: row.round,
        window_ends_at: row.window_ends_at,
        ended_at: row.ended_at,
        answer: row.answer,
        feeling: row.feeling,
        words: row.words,
        way: row.way,
        recorder: row.recorder,
        whistle_id: row.whistle_id.into(),
        whistle_number: row.whistle_number,
        whistle_stage: row.whistle_stage,
        matter_id: row.matter_id.into(),
        matter_number: row.matter_number,
        merged_into: row.merged_into,
        is_apart: row.is_apart,
        title: row.title,
        detail: row.detail,
        place: row.place,
        looker: row.looker,
        teller_name_mask: row.teller_name_mask,
        teller_phone_mask: row.teller_phone_mask,
        is_anonymised: row.is_anonymised,
        took_part: row.took_part,
        done: row.done.0,
        looked: row.looked.map(|l| l.0),
        tries: row.tries.0,
        links: row.links.0,
        most_tries: row.most_tries,
    })
}
