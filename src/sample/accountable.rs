//! The plan, its tasks and the rectification items as rows.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::accounting::{AIMS, Aim, FINDINGS, Fate, Finding};
use super::doors::CITIES;
use super::places::CitySpec;
use super::town::Town;
use crate::base::clock::{day_of, midnight};
use crate::base::id::uuid_at;
use crate::base::number;

/// Who answers, as its columns.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct BodyRow {
    pub(super) department_id: Option<Uuid>,
    pub(super) street_id: Option<Uuid>,
    pub(super) street_level: Option<i16>,
    pub(super) street_code: Option<String>,
}

/// A task with what became of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct TaskRow {
    pub(super) id: Uuid,
    pub(super) number: i32,
    pub(super) goal: &'static str,
    #[serde(flatten)]
    pub(super) body: BodyRow,
    pub(super) due_day: NaiveDate,
    pub(super) counts_from: NaiveDate,
    pub(super) made_at: DateTime<Utc>,
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    pub(super) confirmed_words: Option<&'static str>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) end_reason: Option<&'static str>,
}

/// Who helps with a task.
#[derive(Clone, Debug, Serialize)]
pub(super) struct HelperRow {
    pub(super) id: Uuid,
    pub(super) task_id: Uuid,
    pub(super) position: i16,
    #[serde(flatten)]
    pub(super) body: BodyRow,
}

/// A milestone of a task.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StoneRow {
    pub(super) id: Uuid,
    pub(super) task_id: Uuid,
    pub(super) due_day: NaiveDate,
    pub(super) words: &'static str,
    pub(super) added_at: DateTime<Utc>,
    pub(super) reached_at: Option<DateTime<Utc>>,
    pub(super) reached_by: Option<Uuid>,
    pub(super) reached_words: Option<&'static str>,
}

/// What a figure shall be.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MeasureRow {
    pub(super) task_id: Uuid,
    pub(super) measure: &'static str,
    pub(super) at_least: bool,
    pub(super) target: i32,
}

/// Something that was said of a task or an item, and the event of it, which has the same id.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SaidRow {
    pub(super) id: Uuid,
    pub(super) subject: &'static str,
    pub(super) subject_id: Uuid,
    pub(super) act: &'static str,
    pub(super) verb: &'static str,
    pub(super) person_id: Uuid,
    pub(super) person_name: String,
    pub(super) post_id: Uuid,
    pub(super) seat: String,
    pub(super) department_id: Option<Uuid>,
    pub(super) at: DateTime<Utc>,
    pub(super) words: String,
}

/// A rectification item.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ItemRow {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) source: &'static str,
    pub(super) source_name: &'static str,
    pub(super) source_day: NaiveDate,
    pub(super) problem: &'static str,
    pub(super) measure: &'static str,
    #[serde(flatten)]
    pub(super) body: BodyRow,
    pub(super) due_day: NaiveDate,
    pub(super) stage: &'static str,
    pub(super) version: i32,
    pub(super) made_at: DateTime<Utc>,
    pub(super) reported_by: Option<Uuid>,
    pub(super) reported_at: Option<DateTime<Utc>>,
    pub(super) verified_by: Option<Uuid>,
    pub(super) verified_at: Option<DateTime<Utc>>,
}

/// Somebody who acts, at his desk.
#[derive(Clone, Debug)]
pub(super) struct Doer {
    pub(super) person: Uuid,
    pub(super) name: String,
    pub(super) post: Uuid,
    pub(super) seat: String,
    pub(super) department: Option<Uuid>,
}

/// Everything of the area.
#[derive(Debug)]
pub(super) struct Accounts {
    pub(super) plan: Uuid,
    pub(super) years: (i16, i16),
    pub(super) office: Doer,
    pub(super) made_at: DateTime<Utc>,
    pub(super) tasks: Vec<TaskRow>,
    pub(super) helpers: Vec<HelperRow>,
    pub(super) stones: Vec<StoneRow>,
    pub(super) measures: Vec<MeasureRow>,
    pub(super) items: Vec<ItemRow>,
    pub(super) said: Vec<SaidRow>,
    prefix: &'static str,
    now: DateTime<Utc>,
}

impl Accounts {
    /// The plan and the items of a town; none where the town has not the streets that they name.
    pub(super) fn of(town: &Town, spec: &CitySpec, now: DateTime<Utc>) -> Option<Self> {
        let city = CITIES.iter().find(|c| c.prefix == spec.prefix)?;
        let office = Doer::at(town, town.city_post("city_office"), city.name)?;
        let year = i16::try_from(day_of(now).year()).ok()?;
        let mut accounts = Self {
            plan: uuid_at(now - TimeDelta::days(322)),
            years: (year - 1, year + 1),
            office,
            prefix: spec.prefix,
            made_at: morning(now, 322),
            tasks: Vec::new(),
            helpers: Vec::new(),
            stones: Vec::new(),
            measures: Vec::new(),
            items: Vec::new(),
            said: Vec::new(),
            now,
        };
        for (number, aim) in (1_i32..).zip(AIMS) {
            accounts.task(town, number, aim)?;
        }
        for (sequence, finding) in (1_i32..).zip(FINDINGS) {
            accounts.item(town, sequence, finding)?;
        }
        Some(accounts)
    }

    /// A day so many days from today, within the plan.
    fn day(&self, from_today: i64) -> NaiveDate {
        let day = day_of(self.now + TimeDelta::days(from_today));
        let last = NaiveDate::from_ymd_opt(i32::from(self.years.1), 12, 31).unwrap_or_default();
        day.min(last)
    }

    fn task(&mut self, town: &Town, number: i32, aim: &Aim) -> Option<()> {
        let (body, doer) = town.body(aim.body, &self.office)?;
        let made_at = morning(self.now, 320);
        let id = uuid_at(made_at);
        let (confirmed, ended) = match aim.fate {
            Fate::Open => (None, None),
            Fate::Confirmed(ago, words) => (Some((morning(self.now, ago), words)), None),
            Fate::Ended(ago, words) => (None, Some((morning(self.now, ago), words))),
        };
        self.tasks.push(TaskRow {
            id,
            number,
            goal: aim.goal,
            body,
            due_day: self.day(aim.due),
            counts_from: day_of(self.now) - Days::new(320),
            made_at,
            confirmed_at: confirmed.map(|c| c.0),
            confirmed_words: confirmed.map(|c| c.1),
            ended_at: ended.map(|e| e.0),
            end_reason: ended.map(|e| e.1),
        });
        let office = self.office.clone();
        self.say(("task", id), ("", "set_task"), &office, (made_at, aim.goal));
        for (position, helper) in (1_i16..).zip(aim.with) {
            let (body, _) = town.body(helper, &self.office)?;
            self.helpers.push(HelperRow {
                id: uuid_at(made_at),
                task_id: id,
                position,
                body,
            });
        }
        self.parts(id, aim, (made_at, &doer));
        if let Some((at, words)) = confirmed {
            self.say(("task", id), ("", "confirm_task"), &office, (at, words));
        }
        if let Some((at, words)) = ended {
            self.say(("task", id), ("", "end_task"), &office, (at, words));
        }
        Some(())
    }

    /// Milestones, progress and measures of a task.
    fn parts(&mut self, id: Uuid, aim: &Aim, (made_at, doer): (DateTime<Utc>, &Doer)) {
        for (due, words, reached) in aim.stones {
            let at = reached.map(|(ago, _)| morning(self.now, -ago));
            self.stones.push(StoneRow {
                id: uuid_at(made_at),
                task_id: id,
                due_day: self.day(*due),
                words,
                added_at: made_at,
                reached_at: at,
                reached_by: at.map(|_| doer.person),
                reached_words: reached.map(|r| r.1),
            });
            if let (Some(at), Some((_, said))) = (at, reached) {
                self.say(("task", id), ("", "milestone"), doer, (at, said));
            }
        }
        for (ago, words) in aim.progress {
            let at = morning(self.now, *ago);
            self.say(("task", id), ("progress", "progress"), doer, (at, words));
        }
        let measures = aim
            .measures
            .iter()
            .map(|(measure, at_least, target)| MeasureRow {
                task_id: id,
                measure,
                at_least: *at_least,
                target: *target,
            });
        self.measures.extend(measures);
    }

    fn item(&mut self, town: &Town, sequence: i32, finding: &Finding) -> Option<()> {
        let (body, doer) = town.body(finding.body, &self.office)?;
        let made_at = morning(self.now, finding.ago - 3);
        let (id, office) = (uuid_at(made_at), self.office.clone());
        let mut row = ItemRow {
            id,
            number: number::written(self.prefix, 'Z', day_of(made_at), sequence),
            source: finding.source,
            source_name: finding.source_name,
            source_day: day_of(self.now) - Days::new(finding.ago.unsigned_abs()),
            problem: finding.problem,
            measure: finding.measure,
            body,
            due_day: day_of(self.now + TimeDelta::days(finding.due)),
            stage: "open",
            version: 1,
            made_at,
            reported_by: None,
            reported_at: None,
            verified_by: None,
            verified_at: None,
        };
        let subject = ("rectification", id);
        self.say(
            subject,
            ("", "list_problem"),
            &office,
            (made_at, finding.problem),
        );
        for (ago, act, words) in finding.acts {
            let at = morning(self.now, *ago);
            row.version += 1;
            let (verb, who) = match *act {
                "report" => ("report_mended", &doer),
                "return" => ("return_mended", &office),
                "verify" => ("strike_off", &office),
                progress => (progress, &doer),
            };
            match *act {
                "report" => {
                    row.stage = "reported";
                    (row.reported_by, row.reported_at) = (Some(who.person), Some(at));
                }
                "return" => {
                    row.stage = "returned";
                    (row.reported_by, row.reported_at) = (None, None);
                }
                "verify" => {
                    row.stage = "verified";
                    (row.verified_by, row.verified_at) = (Some(who.person), Some(at));
                }
                _ => {}
            }
            self.say(subject, (act, verb), who, (at, words));
        }
        self.items.push(row);
        Some(())
    }

    fn say(
        &mut self,
        (subject, subject_id): (&'static str, Uuid),
        (act, verb): (&'static str, &'static str),
        doer: &Doer,
        (at, words): (DateTime<Utc>, &str),
    ) {
        self.said.push(SaidRow {
            id: uuid_at(at),
            subject,
            subject_id,
            act,
            verb,
            person_id: doer.person,
            person_name: doer.name.clone(),
            post_id: doer.post,
            seat: doer.seat.clone(),
            department_id: doer.department,
            at,
            words: words.to_owned(),
        });
    }
}

/// Half past nine, so many days ago.
pub(super) fn morning(now: DateTime<Utc>, ago: i64) -> DateTime<Utc> {
    midnight(day_of(now - TimeDelta::days(ago))) + TimeDelta::minutes(9 * 60 + 30)
}

impl Doer {
    /// Whoever holds a post today.
    pub(super) fn at(town: &Town, post: Uuid, seat: &str) -> Option<Self> {
        let person = town.holder(post);
        let name = town.people.iter().find(|p| p.id == person)?.name.clone();
        let row = town.posts.iter().find(|p| p.id == post)?;
        Some(Self {
            person,
            name,
            post,
            seat: seat.to_owned(),
            department: row.department,
        })
    }
}

impl Town {
    /// A body by its name, with who acts for it; an empty name is the city's office.
    fn body(&self, name: &str, office: &Doer) -> Option<(BodyRow, Doer)> {
        if name.is_empty() {
            return Some((BodyRow::default(), office.clone()));
        }
        if let Some(department) = self.departments.iter().find(|d| d.name == name) {
            let head = self
                .posts
                .iter()
                .find(|p| p.department == Some(department.id) && p.kind == "department_head")?;
            let body = BodyRow {
                department_id: Some(department.id),
                ..BodyRow::default()
            };
            return Some((body, Doer::at(self, head.id, name)?));
        }
        let street = self.nodes.iter().find(|n| n.level == 1 && n.name == name)?;
        let secretary = self
            .posts
            .iter()
            .find(|p| p.kind == "street_secretary" && p.node == Some(street.id))?;
        let body = BodyRow {
            department_id: None,
            street_id: Some(street.id),
            street_level: Some(1),
            street_code: Some(street.code.clone()),
        };
        Some((body, Doer::at(self, secretary.id, name)?))
    }
}
