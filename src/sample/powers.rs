//! The five powers (五项权力) of the sample: one plan with its symposiums, and what streets and
//! departments did with it since it began. What records on cadres say is sealed before it is written.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::cadre;
use super::clock::Clock;
use super::documents::Row;
use super::exercise_rows::{Uses, ViolationRow};
use super::exercising::{Draft, Ground, Ledger};
use super::granting::{GRANTS, MEETINGS, plan_begins};
use super::numbers::Series;
use super::places::CitySpec;
use super::power_queries as queries;
use super::rows::EventRow;
use super::story::Rows;
use super::timing;
use super::town::Town;
use crate::base::id::uuid_at;
use crate::base::seal::Keys;
use crate::base::words;
use crate::org::TenantId;
use crate::org::calendar;
use crate::work::powers::Power;

/// The number of the document whose first clause the plan stands on.
const DOCUMENT: &str = "市办发〔2025〕68号";

/// A row of `empowerment_plans`.
#[derive(Debug)]
pub(super) struct PlanRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) document: Uuid,
    pub(super) from: NaiveDate,
    pub(super) made_at: DateTime<Utc>,
    pub(super) made_by: Uuid,
}

/// Writes the plan and everything done with it; a city that has not all the departments has none.
pub(super) async fn empower(
    db: &mut PgConnection,
    (spec, tenant): (&'static CitySpec, Uuid),
    (town, rows, papers): (&Town, &Rows, &[Row]),
    keys: &Keys,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let granting = GRANTS.iter().filter(|g| town.clerks.contains_key(g.name));
    if granting.count() < GRANTS.len() {
        return Ok(());
    }
    let clock = Clock::new(now);
    let Some(plan) = plan(town, papers, clock) else {
        return Ok(());
    };
    queries::insert_plan(db, tenant, (&plan, town)).await?;
    let broken = |error| sqlx::Error::Protocol(format!("{error:?}"));
    let calendar = calendar::all(db, TenantId(tenant)).await.map_err(broken)?;
    let limits = queries::limits(db, tenant).await?;
    let ground = Ground {
        spec,
        town,
        rows,
        calendar: &calendar,
        limits: &limits,
        plan: plan.id,
        period: clock.since(clock.at(plan.from, 0)),
    };
    let mut uses = ground.tell(tenant, now);
    cadre::seal(&mut uses, keys, tenant).map_err(broken)?;
    number(&mut uses, spec.prefix, clock);
    uses.events.push(made(&plan, town));
    queries::insert(db, tenant, &uses).await?;
    timing::insert(db, tenant, uses.clocks, now).await
}

/// The plan, made a few days before it began.
fn plan(town: &Town, papers: &[Row], clock: Clock) -> Option<PlanRow> {
    let from = plan_begins(clock.day(clock.now()));
    let paper = papers.iter().find(|r| r.paper.code == DOCUMENT)?;
    let made_at = clock.at(from - Days::new(6), 10 * 60);
    Some(PlanRow {
        id: uuid_at(made_at),
        name: format!("赋权方案 {} 年版", chrono::Datelike::year(&from)),
        document: paper.id,
        from,
        made_at,
        made_by: town.holder(town.city_post("city_office")),
    })
}

/// The line that a plan was made.
fn made(plan: &PlanRow, town: &Town) -> EventRow {
    let post = town.city_post("city_office");
    let name = town.people.iter().find(|p| p.id == plan.made_by);
    EventRow {
        id: uuid_at(plan.made_at),
        at: plan.made_at,
        subject: "plan",
        subject_id: plan.id,
        verb: "plan",
        person: Some(plan.made_by),
        person_name: name.map_or_else(String::new, |p| p.name.clone()),
        post: Some(post),
        seat: "市治理办".to_owned(),
        department: None,
        sentence: format!(
            "{}，{} 起施行，{} 个部门赋权。",
            plan.name,
            words::day(plan.from),
            GRANTS.len()
        ),
    }
}

/// Gives the records their numbers, in the order in which they were begun.
fn number(uses: &mut Uses, prefix: &'static str, clock: Clock) {
    let mut series = Series::new(prefix);
    uses.exercises.sort_by_key(|e| (e.asked_at, e.id));
    for row in &mut uses.exercises {
        row.number = series.give(row.power.letter(), clock.day(row.asked_at));
    }
    let last = series.last().map(|(day, last)| ("exercise", day, last));
    uses.numbers.extend(last);
    uses.events.sort_by_key(|event| event.id);
}

/// The days before which symposiums were held, with what was said.
pub(super) fn meetings(
    plan: &PlanRow,
) -> Vec<(Uuid, NaiveDate, &'static str, &'static str, &'static str)> {
    let held = MEETINGS.iter().map(|(before, place, present, said)| {
        let id = uuid_at(plan.made_at);
        (id, plan.from - Days::new(*before), *place, *present, *said)
    });
    held.collect()
}

impl Ground<'_> {
    /// What was done with the powers.
    fn tell(self, tenant: Uuid, now: DateTime<Utc>) -> Uses {
        let mut ledger = Ledger::new(self, tenant, now);
        ledger.consult();
        ledger.propose();
        ledger.coordinate();
        ledger.not_asked();
        ledger.appraise();
        ledger.uses
    }
}

impl Ledger<'_> {
    /// A department had something decided without asking; the street says so.
    fn not_asked(&mut self) {
        let town = self.ground.town;
        let ago = self.ground.period / 3;
        let (at, street) = (self.at(ago), 0);
        let by = town.streets[street].dispatcher.clone();
        let department = "住房和城乡建设局";
        let words = "新明小区外立面改造项目已招标，没有征求街道意见。".to_owned();
        let id = self.ids.id(at);
        self.uses.events.push(EventRow {
            id: self.ids.id(at),
            at,
            subject: "violation",
            subject_id: id,
            verb: "violate",
            person: Some(by.person),
            person_name: by.name.clone(),
            post: Some(by.post),
            seat: by.seat.clone(),
            department: None,
            sentence: format!("{department}：{words}"),
        });
        self.uses.violations.push(ViolationRow {
            id,
            kind: "not_asked",
            plan_id: self.ground.plan,
            department_id: town.department(department),
            power: Power::Project,
            street_code: self.ground.spec.streets[street].code,
            exercise_id: None,
            words,
            happened_on: self.clock.day(at) - Days::new(9),
            found_at: at,
            found_by: Some(by.person),
            found_post: Some(by.post),
        });
    }

    /// A department decided before the street had said anything: found with its answer.
    pub(super) fn decided_before(&mut self, draft: &Draft<'_>) {
        let (id, found) = (draft.row.id, draft.row.answered_at);
        let opinion = self.uses.opinions.iter().find(|o| o.exercise_id == id);
        let (Some(found), Some(opined)) = (found, opinion.map(|o| self.clock.day(o.given_at)))
        else {
            return;
        };
        let decided = opined - Days::new(1);
        for answer in self.uses.answers.iter_mut().filter(|a| a.exercise_id == id) {
            answer.decided_on = decided;
        }
        self.uses.violations.push(ViolationRow {
            id: self.ids.id(found),
            kind: "decided_before",
            plan_id: draft.row.plan_id,
            department_id: draft.row.department_id,
            power: draft.row.power,
            street_code: draft.row.street_code,
            exercise_id: Some(id),
            words: format!(
                "{} 已作决定，街道 {} 才答复或到期。",
                words::day(decided),
                words::day(opined)
            ),
            happened_on: self.clock.day(found),
            found_at: found,
            found_by: None,
            found_post: None,
        });
    }
}
