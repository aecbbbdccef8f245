//! Records on cadres in the sample. They are told like all others, by those who speak of cadres, and
//! then everything that was said is sealed: nothing of it is written in the clear.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::consulting::Asked;
use super::exercise_rows::{ReadingRow, SecretRow, Uses};
use super::exercising::{Course, Draft, Ending, Ledger};
use super::rows::EventRow;
use super::town::{Actor, Street, Town};
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::seal::Keys;
use crate::org::TenantId;
use crate::work::ExerciseId;
use crate::work::powers::{
    AnswerKind, CADRE_TITLE, CadreEvent, CadreSubject, CadreWord, OpinionKind, Power, SEALED,
    SEALED_BODY, SecretPart, sealed,
};

/// Whom it is about: name, post, what is to be decided, what is intended, the facts.
type Person = (
    &'static str,
    &'static str,
    CadreEvent,
    &'static str,
    &'static str,
);

macro_rules! cadres {
    ($($department:literal $street:literal $ending:ident $answer:ident $late:literal
       $opinion:ident $words:literal $said:literal
       $name:literal $position:literal $event:ident $proposal:literal $facts:literal;)*) => {
        [$((Asked {
            department: $department, street: $street, title: CADRE_TITLE,
            course: Course { ending: Ending::$ending, answer: AnswerKind::$answer, late: $late },
            opinion: (OpinionKind::$opinion, $words), answer: $said,
        }, ($name, $position, CadreEvent::$event, $proposal, $facts))),*]
    };
}

/// What departments asked.
#[rustfmt::skip]
const ASKED: [(Asked, Person); 11] = cadres! {
    "住房和城乡建设局" 0 Accepted Adopted false Agree "同意。弃管楼接管到位，接到任务当天到场。" "采纳，评为优秀。"
        "马长顺" "慧阳房产物业管理所副所长" Appraisal "拟评优秀" "全年参与吹哨任务 14 件，均按时反馈，未被返工。";
    "城市管理行政执法局" 0 Accepted Adopted false Suggest "同意称职，建议加强夜间值守。" "采纳，夜间值守列入本人下年目标。"
        "田守义" "慧阳街道执法中队中队长" Appraisal "拟评称职" "全年出动 212 次，夜市整治期间两次晚到。";
    "城市管理行政执法局" 2 Accepted Adopted false Disagree "不同意现在调动，早市迁移还没有结束。" "采纳，早市迁移结束后再研究。"
        "卢金波" "长虹街道执法中队副中队长" Transfer "拟调任锦华街道执法中队副中队长" "在现岗位三年，负责早市迁移。";
    "城市管理行政执法局" 0 Asked Adopted false Agree "" ""
        "郝建民" "慧阳街道执法中队队员" Appointment "拟任慧阳街道执法中队副中队长" "任队员六年，连续两年考核称职。";
    "公安局" 2 Accepted Adopted false Agree "同意，入户走访扎实，群众认可。" "采纳，评为优秀。"
        "邢立国" "长虹派出所副所长" Appraisal "拟评优秀" "辖区可防性案件同比下降，出租房登记率 98%。";
    "公安局" 4 Accepted Adopted false Suggest "同意任职，建议保留其社区民警职责到年底。" "采纳，年底前兼任社区民警。"
        "关海龙" "安北派出所社区民警" Appointment "拟任安北派出所副所长" "在安北工作五年，熟悉辖区。";
    "司法局" 3 Accepted Adopted false Agree "同意，调解室周末有人值守。" "采纳，评为称职。"
        "佟秀梅" "锦华司法所所长" Appraisal "拟评称职" "调解纠纷 86 件，成功 81 件。";
    "司法局" 0 Silent Adopted false Agree "同意。" "采纳，已任职。"
        "岳明" "慧阳司法所司法助理员" Appointment "拟任慧阳司法所副所长" "通过法律职业资格考试，工作四年。";
    "自然资源局" 4 Accepted NotAdopted true Disagree "不同意评优，违法建设认定三次超期。" "未采纳，超期系测绘单位原因，已在考核中说明。"
        "柴玉良" "安北自然资源所所长" Appraisal "拟评优秀" "完成地块核查 40 宗。";
    "市场监督管理局" 1 Accepted NotAdopted false Suggest "建议暂缓，早餐店备案还没有办完。" "未采纳，备案工作已指定专人接续。"
        "闫志刚" "临江市场监督管理所副所长" Transfer "拟调任局机关科室" "在现岗位五年。";
    "市场监督管理局" 3 Accepted Partly false Suggest "同意处分，建议同时调离窗口岗位。" "部分采纳，给予批评教育，岗位年底统一调整。"
        "包文" "锦华市场监督管理所科员" Discipline "拟给予批评教育" "窗口服务被投诉两次，经核查属实。";
};

/// What a street proposed by itself.
#[rustfmt::skip]
const PROPOSED: [(Asked, Person); 1] = cadres! {
    "公安局" 1 Accepted Adopted false Agree "" "采纳，列入推荐名单。"
        "尚云峰" "临江派出所社区民警" Honour "建议推荐为优秀社区民警" "汛期连续值守 9 天，转移群众 31 户。";
};

impl Street {
    /// Who speaks for the street: of cadres its secretary alone.
    pub(super) fn speaker<'a>(&'a self, power: Power, usual: &'a Actor) -> &'a Actor {
        match power {
            Power::Cadre => &self.secretary,
            Power::Planning | Power::Coordination | Power::Project | Power::Award => usual,
        }
    }
}

impl Town {
    /// The head of a department.
    pub(super) fn head(&self, department: &str) -> Option<Actor> {
        let id = self.department(department);
        let is_head =
            |p: &&super::rows::PostRow| p.kind == "department_head" && p.department == Some(id);
        let post = self.posts.iter().find(is_head)?.id;
        let person = self.holder(post);
        let name = self.people.iter().find(|p| p.id == person)?.name.clone();
        Some(Actor {
            person,
            name,
            post,
            kind: "department_head",
            seat: department.to_owned(),
            department: Some(id),
        })
    }
}

impl Ledger<'_> {
    /// What streets were asked about cadres, and proposed.
    pub(super) fn appraise(&mut self) {
        for (asked, person) in &ASKED {
            if let Some(draft) = self.consulted(asked, Power::Cadre) {
                self.about(draft, asked, person);
            }
        }
        for (asked, person) in &PROPOSED {
            let ago = self.start(asked.course);
            if let Some(draft) = self.proposed(asked, Power::Cadre, ago) {
                self.about(draft, asked, person);
            }
        }
    }

    fn about(&mut self, mut draft: Draft<'_>, asked: &Asked, person: &Person) {
        let (name, position, event, proposal, facts) = *person;
        let subject = CadreSubject {
            name: name.to_owned(),
            position: position.to_owned(),
            event,
            proposal: proposal.to_owned(),
            facts: facts.to_owned(),
            basis: std::mem::take(&mut draft.row.basis),
        };
        draft.row.matter.clear();
        self.uses.subjects.push((draft.row.id, subject));
        self.go(&mut draft, asked, &[]);
        self.keep(draft);
    }
}

/// Seals what was said in all records on cadres, and notes who read it before answering.
pub(super) fn seal(uses: &mut Uses, keys: &Keys, tenant: Uuid) -> Result<()> {
    let mut vault = Vault {
        keys,
        tenant: TenantId(tenant),
        secrets: Vec::new(),
    };
    let mut cadres = BTreeSet::new();
    for (id, subject) in std::mem::take(&mut uses.subjects) {
        cadres.insert(id);
        let begun = uses.exercises.iter().find(|e| e.id == id);
        if let Some(row) = begun {
            vault.keep(
                (id, SecretPart::Subject),
                (row.asked_at, row.asked_by),
                &subject,
            )?;
        }
    }
    vault.opinions(uses, &cadres)?;
    vault.answers(uses, &cadres)?;
    uses.secrets = vault.secrets;
    let mut readings = Vec::new();
    for event in &mut uses.events {
        let is_said = matches!(event.verb, "opine" | "answer" | "accept_answer");
        if !is_said || !cadres.contains(&event.subject_id) {
            continue;
        }
        SEALED.clone_into(&mut event.sentence);
        if event.verb != "accept_answer" {
            readings.push(read_before(event));
        }
    }
    uses.readings = readings.iter().filter_map(reading).collect();
    uses.events.extend(readings);
    Ok(())
}

/// Where what is sealed is gathered.
struct Vault<'a> {
    keys: &'a Keys,
    tenant: TenantId,
    secrets: Vec<SecretRow>,
}

impl Vault<'_> {
    fn keep<T: Serialize>(
        &mut self,
        (exercise_id, part): (Uuid, SecretPart),
        (sealed_at, sealed_by): (DateTime<Utc>, Uuid),
        said: &T,
    ) -> Result<()> {
        let place = (self.tenant, ExerciseId(exercise_id), part);
        self.secrets.push(SecretRow {
            exercise_id,
            part,
            sealed: sealed(self.keys, place, said)?,
            sealed_at,
            sealed_by,
        });
        Ok(())
    }

    fn opinions(&mut self, uses: &mut Uses, cadres: &BTreeSet<Uuid>) -> Result<()> {
        let opinions = uses.opinions.iter_mut();
        for row in opinions.filter(|o| cadres.contains(&o.exercise_id)) {
            let Some(by) = row.given_by else { continue };
            let word = CadreWord {
                kind: Some(row.kind),
                words: std::mem::take(&mut row.words),
                body: row.body.to_owned(),
            };
            let place = (row.exercise_id, SecretPart::Opinion);
            self.keep(place, (row.given_at, by), &word)?;
            row.kind = OpinionKind::Sealed;
            row.body = SEALED_BODY;
        }
        Ok(())
    }

    fn answers(&mut self, uses: &mut Uses, cadres: &BTreeSet<Uuid>) -> Result<()> {
        let answers = uses.answers.iter_mut();
        for row in answers.filter(|a| cadres.contains(&a.exercise_id)) {
            let word = CadreWord {
                kind: None,
                words: std::mem::take(&mut row.words),
                body: row.body.to_owned(),
            };
            let place = (row.exercise_id, SecretPart::answer(row.round));
            self.keep(place, (row.given_at, row.given_by), &word)?;
            row.body = SEALED_BODY;
        }
        let reactions = uses.reactions.iter_mut();
        for row in reactions.filter(|r| cadres.contains(&r.exercise_id)) {
            let Some(by) = row.given_by else { continue };
            let word = CadreWord {
                words: row.words.to_owned(),
                ..CadreWord::default()
            };
            let place = (row.exercise_id, SecretPart::reaction(row.round));
            self.keep(place, (row.given_at, by), &word)?;
            row.words = "";
        }
        Ok(())
    }
}

/// Who says something has read the record a little before.
fn read_before(said: &EventRow) -> EventRow {
    let at = said.at - TimeDelta::minutes(7);
    EventRow {
        id: uuid_at(at),
        at,
        subject: said.subject,
        subject_id: said.subject_id,
        verb: "read",
        person: said.person,
        person_name: said.person_name.clone(),
        post: said.post,
        seat: said.seat.clone(),
        department: said.department,
        sentence: "查阅了干部考评建议的内容。".to_owned(),
    }
}

fn reading(event: &EventRow) -> Option<ReadingRow> {
    Some(ReadingRow {
        id: uuid_at(event.at),
        exercise_id: event.subject_id,
        read_at: event.at,
        read_by: event.person?,
        read_post: event.post?,
    })
}
