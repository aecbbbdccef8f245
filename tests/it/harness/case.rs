//! A whistle made by hand, for what no page would do to it.

use uuid::Uuid;

use super::{Sql, Town, files};

/// A sounded whistle about one matter: the water company leads and has fed back, housing assists
/// and has fed back; the grid chief found it, the community worker took measures.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) whistle: Uuid,
    pub(crate) matter: Uuid,
    pub(crate) lead: Uuid,
    pub(crate) assist: Uuid,
}

/// Who did an act, and when: the columns of every record of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doer<'a> {
    town: &'a Town,
    pub(crate) called: &'a str,
}

impl Town {
    /// Somebody who acts by hand-written statements.
    pub(crate) fn doer<'a>(&'a self, called: &'a str) -> Doer<'a> {
        Doer { town: self, called }
    }

    /// A whistle that waits for its check.
    pub(crate) async fn case(&self) -> Case {
        let (case, statements) = self.case_by_hand();
        self.sql(&statements).await;
        case
    }

    /// A whistle that was checked, rated with this mark in everything, and closed now.
    pub(crate) async fn closed(&self, mark: u8) -> Case {
        let case = self.case().await;
        let dispatcher = self.doer("street dispatcher");
        let mut app = Sql::app().await;
        let check = self.doer("street checker").checks(case.whistle, 1);
        app.does(self.tenant, &check).await;
        for assignment in [case.lead, case.assist] {
            let rating = dispatcher.rates(case.whistle, assignment, "street");
            app.does(self.tenant, &rating).await;
            let community = self.doer("community secretary");
            let rating = community.rates(case.whistle, assignment, "community");
            app.does(self.tenant, &rating).await;
        }
        app.does(self.tenant, &dispatcher.closes(case.whistle))
            .await;
        let marks = format!(
            "update ratings set speed = {mark}, attendance = {mark}, result = {mark}, attitude = {mark},
                    cooperation = {mark}, words = '已看' where tenant_id = '{}' and whistle_id = '{}'",
            self.tenant, case.whistle
        );
        self.sql(&marks).await;
        case
    }

    /// An item of the duty list, in force: housing leads for drains, water assists.
    pub(crate) async fn duty(&self) -> Uuid {
        let (tenant, id, now) = (self.tenant, Uuid::now_v7(), self.now());
        let [housing, water] = ["housing", "water"].map(|key| self.department(key));
        let office = self.seat("city office").person;
        self.sql(&format!(
            "insert into duty_items (tenant_id, id, number, version, name, law, lead_department_id, boundary, from_day,
                                     changed_by, changed_at, change_reason)
             values ('{tenant}', '{id}', 47, 1, '排水管道养护', '《城镇排水与污水处理条例》', '{housing}', '到户为止。',
                     '{now}'::date, '{office}', '{now}', '首次列入');
             insert into duty_assists values ('{tenant}', '{id}', '{water}', 0, '查渗漏');
             insert into duty_classes values ('{tenant}', '{id}', '05-03');"
        ))
        .await;
        id
    }

    /// An objection of the housing department, which assisted, made by hand in a period that is shown.
    pub(crate) async fn objection(&self, case: &Case) -> Uuid {
        let (tenant, now) = (self.tenant, self.now());
        let [period, id] = [(); 2].map(|()| Uuid::now_v7());
        let (clerk, office) = (self.seat("housing clerk"), self.seat("city office"));
        self.sql(&format!(
            "insert into assessment_periods (tenant_id, id, period, scheme_id, stage, locked_at, shown_at, shown_by,
                                             shown_post, objections_until)
             select '{tenant}', '{period}', '2099-Q1', id, 'shown', '{now}', '{now}', '{office_person}', '{office_post}',
                    '{now}'::timestamptz + interval '1 day'
               from assessment_schemes where tenant_id = '{tenant}' limit 1;
             insert into assessment_objections (tenant_id, id, period_id, department_id, item, whistle_id, assignment_id,
                                                reason, words, evidence, asked_at, asked_by, asked_post)
             values ('{tenant}', '{id}', '{period}', '{housing}', 'rating', '{whistle}', '{assist}', 'weather',
                     '大雪封路。', '预警记录。', '{now}', '{person}', '{post}')",
            office_person = office.person,
            office_post = office.post,
            housing = self.department("housing"),
            whistle = case.whistle,
            assist = case.assist,
            person = clerk.person,
            post = clerk.post
        ))
        .await;
        id
    }

    /// A photo of how the matter was found, with its contents.
    pub(crate) async fn photo(&self, case: &Case) -> Uuid {
        let (tenant, now, matter) = (self.tenant, self.now(), case.matter);
        let [id, tray, event, content, small] = [(); 5].map(|()| Uuid::now_v7());
        for content in [content, small] {
            let picture = include_bytes!("../pictures/progressive.jpg").to_vec();
            files().put(tenant, content, picture).await.unwrap();
        }
        let chief = self.seat("grid chief");
        let (person, post) = (chief.person, chief.post);
        self.sql(&format!(
            "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                                 sentence)
             values ('{tenant}', '{event}', '{now}', 'matter', '{matter}', 'file', '{person}', '朱军', '{post}', '', '');
             insert into photos (tenant_id, id, tray_id, event_id, step, content_id, small_id, bytes, width, height,
                                 original_sha256, original_bytes, added_by, added_post, added_at,
                                 leftovers)
             values ('{tenant}', '{id}', '{tray}', '{event}', 'found', '{content}', '{small}', 558, 64, 48,
                     sha256('a'), 558, '{person}', '{post}', '{now}', '{{}}')"
        ))
        .await;
        id
    }

    /// A policy document, in force, with one clause.
    pub(crate) async fn document(&self) -> Uuid {
        self.document_numbered("大办发〔2026〕1号").await
    }

    /// A policy document of this number (文号).
    pub(super) async fn document_numbered(&self, code: &str) -> Uuid {
        let (tenant, id, now) = (self.tenant, Uuid::now_v7(), self.now());
        let office = self.seat("city office").person;
        self.sql(&format!(
            "insert into documents (tenant_id, id, series, version, code, title, issuer, issued_on, from_day, entered_by,
                                    entered_at, change_note)
             values ('{tenant}', '{id}', '{id}', 1, '{code}', '试验办法', '市委办公室', '{now}'::date,
                     '{now}'::date, '{office}', '{now}', '首次登记');
             insert into document_clauses values ('{tenant}', '{id}', 1, '本办法用于试验。')"
        ))
        .await;
        id
    }

    /// A task of a plan and a rectification item of the water department, made by hand.
    pub(crate) async fn accountable(&self) -> (Uuid, Uuid) {
        let (tenant, now) = (self.tenant, self.now());
        let [plan, task, item] = [(); 3].map(|()| Uuid::now_v7());
        let office = self.seat("city office").person;
        let water = self.department("water");
        self.sql(&format!(
            "insert into three_year_plans (tenant_id, id, title, from_year, to_year, made_by, made_at)
             values ('{tenant}', '{plan}', '试验计划', 2025, 2027, '{office}', '{now}');
             insert into plan_tasks (tenant_id, id, plan_id, number, goal, department_id, due_day, counts_from,
                                     counts_to, made_by, made_at)
             values ('{tenant}', '{task}', '{plan}', 1, '改造旧管网', '{water}', '2027-06-30', '2025-01-01',
                     '2027-06-30', '{office}', '{now}');
             insert into rectifications (tenant_id, id, number, source, source_name, source_day, problem, measure,
                                         department_id, due_day, made_by, made_at)
             values ('{tenant}', '{item}', 'T-{item}', 'inspection', '试验巡察', '2026-06-30', '报到不及时',
                     '专人盯办', '{water}', '2027-01-31', '{office}', '{now}')"
        ))
        .await;
        (task, item)
    }

    /// A topic that the water department leads, in the first street, made by hand.
    pub(crate) async fn topic(&self) -> Uuid {
        let (tenant, now, id) = (self.tenant, self.now(), Uuid::now_v7());
        let (office, code) = (self.doer("city office"), &self.code);
        let (water, street) = (self.department("water"), self.node("huiyang"));
        self.sql(&format!(
            "insert into topics (tenant_id, id, title, month, class_code, goal, lead_id, taken_up_at, taken_up_by,
                                 taken_up_post)
             values ('{tenant}', '{id}', '试验课题', '2026-01-01', '05-03', '不再反复发生', '{water}', '{now}', {});
             insert into topic_departments (tenant_id, topic_id, department_id, position)
             values ('{tenant}', '{id}', '{water}', 0);
             insert into topic_places (tenant_id, topic_id, class_code, node_id, node_level, node_code)
             values ('{tenant}', '{id}', '05-03', '{street}', 1, '{code}001')",
            office.did()
        ))
        .await;
        id
    }

    /// A visit that waits and a proposal to reopen, about a whistle made by hand.
    pub(crate) async fn asked(&self, case: &Case) -> (Uuid, Uuid) {
        let (tenant, now) = (self.tenant, self.now());
        let [visit, proposal] = [(); 2].map(|()| Uuid::now_v7());
        let Case {
            whistle, matter, ..
        } = case;
        self.sql(&format!(
            "insert into visits (tenant_id, id, whistle_id, matter_id, round, state, asked_at, window_ends_at)
             values ('{tenant}', '{visit}', '{whistle}', '{matter}', 1, 'waiting', '{now}', timestamptz '{now}' + interval '3 days');
             insert into reopen_proposals (tenant_id, id, whistle_id, matter_id, at)
             values ('{tenant}', '{proposal}', '{whistle}', '{matter}', '{now}')"
        ))
        .await;
        (visit, proposal)
    }

    /// The assisting department wants it returned, about a whistle made by hand.
    pub(crate) async fn disputed(&self, case: &Case, duty: Uuid) -> Uuid {
        let (tenant, id, now) = (self.tenant, Uuid::now_v7(), self.now());
        let (asker, enforcement) = (self.doer("housing clerk"), self.department("enforcement"));
        let Case {
            whistle, assist, ..
        } = case;
        self.sql(&format!(
            "insert into requests (tenant_id, id, whistle_id, assignment_id, kind, level, reason, asked_at, asked_by,
                                   asked_post, proposed_department_id, duty_item_id)
             values ('{tenant}', '{id}', '{whistle}', '{assist}', 'return', 1, '应由执法局办。', '{now}', {},
                     '{enforcement}', '{duty}')",
            asker.did()
        ))
        .await;
        id
    }

    /// Such a whistle and the statements that make it.
    pub(crate) fn case_by_hand(&self) -> (Case, String) {
        let now = self.now();
        let [whistle, matter, lead, assist] = [(); 4].map(|()| Uuid::now_v7());
        let (tenant, place) = (self.tenant, self.node("door 1"));
        let code = format!("{}00100100100101", self.code);
        let (chief, writer) = (self.doer("grid chief"), self.doer("street dispatcher"));
        let [water, housing] = ["water", "housing"].map(|key| self.department(key));
        let number = &whistle.simple().to_string()[20..];
        let begin = format!(
            "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code,
                                  spot, filed_at, filed_by, filed_post, stage, waiting_since)
             values ('{tenant}', '{matter}', 'M-{number}', '05-03', '下水道堵塞', '', '{place}', 5, '{code}',
                     '', '{now}', {chief_did}, 'raised', '{now}');
             insert into whistles (tenant_id, id, kind, title, problem, own_measures, closing_condition, place_id,
                                   place_level, place_code, from_community, stage, waiting_since, drafted_at,
                                   drafted_by, drafted_post)
             values ('{tenant}', '{whistle}', 'routine', '下水道堵塞', '污水外溢', '已疏通两次', '三天不再外溢', '{place}',
                     5, '{code}', false, 'draft', '{now}', '{now}', {writer_did});
             insert into assignments (tenant_id, id, whistle_id, department_id, role, position, ask, stage, waiting_since)
             values ('{tenant}', '{lead}', '{whistle}', '{water}', 'lead', 0, '疏通', 'planned', '{now}'),
                    ('{tenant}', '{assist}', '{whistle}', '{housing}', 'assist', 1, '拆除占压', 'planned', '{now}');
             insert into whistle_matters (tenant_id, whistle_id, matter_id) values ('{tenant}', '{whistle}', '{matter}');
             {};",
            self.doer("community worker").measures(matter),
            chief_did = chief.did(),
            writer_did = writer.did(),
        );
        let sound = format!(
            "update whistles set stage = 'sounded', number = 'W-{number}', approved_at = '{now}',
                    approved_by = '{deputy}', approved_post = '{deputy_post}', sounded_at = '{now}', sounded_by = '{deputy}'
              where tenant_id = '{tenant}' and id = '{whistle}';
             update assignments set stage = 'fed_back', sent_at = '{now}', signed_at = '{now}', reported_at = '{now}',
                    report_way = 'on_site', arrived_at = '{now}', report_who = '两人', fed_back_at = '{now}', result = '已疏通'
              where tenant_id = '{tenant}' and whistle_id = '{whistle}';
             {}; {};
             update whistles set stage = 'checking' where tenant_id = '{tenant}' and id = '{whistle}';",
            self.doer("water clerk").handles(whistle, lead),
            self.doer("housing clerk").handles(whistle, assist),
            deputy = self.seat("street deputy").person,
            deputy_post = self.seat("street deputy").post,
        );
        let case = Case {
            whistle,
            matter,
            lead,
            assist,
        };
        (case, format!("{begin}{sound}"))
    }
}

impl Doer<'_> {
    fn did(&self) -> String {
        let seat = self.town.seat(self.called);
        format!("'{}', '{}'", seat.person, seat.post)
    }

    fn did_as(&self) -> String {
        let kind = super::town::word(self.town.seat(self.called).kind);
        format!("{}, '{kind}', '{}'", self.did(), self.town.now())
    }

    fn row(&self) -> String {
        format!("'{}', '{}'", self.town.tenant, Uuid::now_v7())
    }

    /// Takes a measure on a matter.
    pub(crate) fn measures(&self, matter: Uuid) -> String {
        let (row, did, now) = (self.row(), self.did(), self.town.now());
        format!("insert into matter_steps values ({row}, '{matter}', {did}, '{now}', '已现场处置')")
    }

    /// Handles for a department.
    pub(crate) fn handles(&self, whistle: Uuid, assignment: Uuid) -> String {
        let (row, did, now) = (self.row(), self.did(), self.town.now());
        format!(
            "insert into assignment_steps values ({row}, '{whistle}', '{assignment}', 'handle', {did}, '{now}', '已疏通')"
        )
    }

    /// Checks, in a round.
    pub(crate) fn checks(&self, whistle: Uuid, round: u8) -> String {
        let (row, did) = (self.row(), self.did_as());
        format!("insert into checks values ({row}, '{whistle}', {round}, true, '', {did})")
    }

    /// Rates one department, for the street or the community.
    pub(crate) fn rates(&self, whistle: Uuid, assignment: Uuid, side: &str) -> String {
        let (row, did) = (self.row(), self.did_as());
        format!(
            "insert into ratings values ({row}, '{whistle}', '{assignment}', '{side}', 4, 4, 4, 4, 4, '', {did})"
        )
    }

    /// Closes.
    pub(crate) fn closes(&self, whistle: Uuid) -> String {
        let seat = self.town.seat(self.called);
        let (tenant, now, kind) = (
            self.town.tenant,
            self.town.now(),
            super::town::word(seat.kind),
        );
        format!(
            "update whistles set stage = 'closed', outcome = 'resolved', closing_words = '', closed_at = '{now}',
                    closed_by = '{}', closed_post = '{}', closed_post_kind = '{kind}'
              where tenant_id = '{tenant}' and id = '{whistle}'",
            seat.person, seat.post
        )
    }
}

impl Sql {
    /// Does something in a transaction of its own that must succeed.
    pub(crate) async fn does(&mut self, tenant: Uuid, statements: &str) {
        self.begin(tenant).await;
        self.run(statements).await.unwrap();
        self.run("commit").await.unwrap();
    }

    /// Tries something in a transaction of its own that a constraint must refuse.
    pub(crate) async fn is_refused(&mut self, tenant: Uuid, statements: &str) -> String {
        self.begin(tenant).await;
        self.refused(statements).await
    }
}
