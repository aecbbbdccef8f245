//! A plan of the five powers for a town, and a record made by hand.

use std::fmt::Write as _;

use uuid::Uuid;

use super::Town;

/// Department and power of the plan in every test; 锦华街道 is in it, too.
const GRANTS: [(&str, &str); 12] = [
    ("housing", "cadre"),
    ("housing", "planning"),
    ("housing", "coordination"),
    ("housing", "project"),
    ("housing", "award"),
    ("enforcement", "cadre"),
    ("enforcement", "coordination"),
    ("water", "planning"),
    ("water", "coordination"),
    ("water", "project"),
    ("water", "award"),
    ("market", "coordination"),
];

impl Town {
    /// A plan in force since the year's first day, with its document; answers the plan.
    pub(crate) async fn empower(&self) -> Uuid {
        self.empower_streets(&["huiyang", "jinhua"]).await
    }

    /// The same plan for some streets alone.
    pub(crate) async fn empower_streets(&self, streets: &[&str]) -> Uuid {
        let document = self.document_numbered("大办发〔2026〕2号").await;
        let (tenant, plan, now) = (self.tenant, Uuid::now_v7(), self.now());
        let office = self.seat("city office").person;
        let mut statements = format!(
            "insert into empowerment_plans (tenant_id, id, number, name, document_id, clause, from_day, made_at, made_by)
             values ('{tenant}', '{plan}', 1, '赋权方案 2026 年版', '{document}', 1, '2026-01-01', '{now}', '{office}');"
        );
        for street in streets {
            write!(
                statements,
                "insert into plan_streets (tenant_id, plan_id, street_id, street_code)
                 select tenant_id, '{plan}', id, code from nodes where tenant_id = '{tenant}' and id = '{}';",
                self.node(street)).unwrap();
        }
        for (department, power) in GRANTS {
            write!(
                statements,
                "insert into plan_grants values ('{tenant}', '{plan}', '{}', '{power}', '涉及街区的事项');",
                self.department(department)).unwrap();
        }
        self.sql(&statements).await;
        plan
    }

    /// A violation that 慧阳街道 tells of the housing department, made by hand.
    pub(crate) async fn violation(&self, plan: Uuid) -> Uuid {
        let (tenant, id, now) = (self.tenant, Uuid::now_v7(), self.now());
        let (seat, housing) = (self.seat("street dispatcher"), self.department("housing"));
        let (person, post) = (seat.person, seat.post);
        self.sql(&format!(
            "insert into power_violations (tenant_id, id, kind, plan_id, department_id, power, street_code, words,
                                           happened_on, found_at, found_by, found_post)
             select '{tenant}', '{id}', 'not_asked', '{plan}', '{housing}', 'project', code, '没有征求就开工。',
                    '{now}'::date, '{now}', '{person}', '{post}'
               from nodes where tenant_id = '{tenant}' and id = '{}'",
            self.node("huiyang")
        ))
        .await;
        id
    }

    /// A record of a power that a department answered and 慧阳街道 marked with so many of five points,
    /// closed now; the city's office ruled on it. Made by hand.
    pub(crate) async fn marked(
        &self,
        plan: Uuid,
        (department, power): (&str, &str),
        mark: u8,
    ) -> Uuid {
        let (tenant, id, now) = (self.tenant, Uuid::now_v7(), self.now());
        let asker = self.seat(&format!("{department} head"));
        let (street, office) = (self.seat("street secretary"), self.seat("city office"));
        let sealed = power == "cadre";
        let (title, words) = if sealed {
            ("干部考评建议", "")
        } else {
            ("南湖社区口袋公园", "答得很笼统。")
        };
        let matter = if sealed {
            ""
        } else {
            "建一处口袋公园。"
        };
        self.sql(&format!(
            "insert into power_exercises (tenant_id, id, number, plan_id, department_id, power, street_code, origin, stage,
                                          title, matter, basis, asked_at, asked_by, asked_post, waiting_since, answer,
                                          answered_at, score, objected, closed_at)
             select '{tenant}', '{id}', 'M-' || '{id}', '{plan}', '{of}', '{power}', code, 'department', 'closed',
                    '{title}', '{matter}', '', '{now}', '{person}', '{post}', '{now}', 'not_adopted', '{now}', {mark}, true,
                    '{now}'
               from nodes where tenant_id = '{tenant}' and id = '{node}';
             insert into exercise_answers (tenant_id, exercise_id, round, kind, words, body, decided_on, given_at, given_by,
                                           given_post)
             values ('{tenant}', '{id}', 1, 'not_adopted', '{answered}', '局党组会议', '{now}'::date, '{now}', '{person}',
                     '{post}');
             insert into exercise_reactions (tenant_id, exercise_id, round, kind, words, score, given_at, given_by, given_post)
             values ('{tenant}', '{id}', 1, 'objected', '{words}', {mark}, '{now}', '{by}', '{by_post}');
             insert into exercise_rulings (tenant_id, exercise_id, kind, words, given_at, given_by, given_post)
             values ('{tenant}', '{id}', 'dismissed', '{words}', '{now}', '{ruler}', '{ruler_post}')",
            of = self.department(department),
            node = self.node("huiyang"),
            answered = if sealed { "" } else { "没有资金。" },
            person = asker.person,
            post = asker.post,
            by = street.person,
            by_post = street.post,
            ruler = office.person,
            ruler_post = office.post
        ))
        .await;
        id
    }

    /// A project that the housing department asks 慧阳街道 about, made by hand.
    pub(crate) async fn exercise(&self, plan: Uuid) -> Uuid {
        let (tenant, id, now) = (self.tenant, Uuid::now_v7(), self.now());
        let (seat, housing) = (self.seat("housing clerk"), self.department("housing"));
        let (person, post) = (seat.person, seat.post);
        self.sql(&format!(
            "insert into power_exercises (tenant_id, id, number, plan_id, department_id, power, street_code, origin, stage,
                                          title, matter, basis, asked_at, asked_by, asked_post, waiting_since)
             select '{tenant}', '{id}', 'X-' || '{id}', '{plan}', '{housing}', 'project', code, 'department', 'opining',
                    '南湖社区口袋公园', '建一处口袋公园。', '', '{now}', '{person}', '{post}', '{now}'
               from nodes where tenant_id = '{tenant}' and id = '{}';
             insert into exercise_projects (tenant_id, exercise_id, beneficiaries, site, estimate, residents)
             values ('{tenant}', '{id}', 120, '南湖社区', 500000, '')",
            self.node("huiyang")
        ))
        .await;
        id
    }
}
