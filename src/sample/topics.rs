//! A topic under way (每月一题): what came most often before a day about two months ago was taken up then, by
//! whoever leads its class in the duty list. What came again since stays to be proposed.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::accountable::{Doer, morning};
use super::doors::CITIES;
use super::places::CitySpec;
use super::topic_queries as queries;
use super::town::Town;
use crate::base::clock::day_of;
use crate::base::id::uuid_at;

/// So many days ago it was taken up.
const AGO: i64 = 62;
/// When its scheme was handed in.
const HANDED_IN: i64 = 55;
const SCHEME: &str = "先集中整治，再把日常管护落到人：两周内逐处排查，建台账；一个月内集中整改；之后由牵头部门每周\
                      巡查一次，街道每月复查一次，再发生的当周处置。";

/// The lines of its lists: list, words, due in days from today, done so many days ago with what result.
type Line = (
    &'static str,
    &'static str,
    Option<i64>,
    Option<(i64, &'static str)>,
);
const LINES: [Line; 4] = [
    (
        "task",
        "逐处排查，建立台账",
        Some(-41),
        Some((44, "已排查完，台账报市治理办。")),
    ),
    ("task", "集中整改到位", Some(20), None),
    (
        "policy",
        "出台日常管护办法，写清发现、处置、复查的时限",
        Some(45),
        None,
    ),
    ("duty", "每周巡查一次，再发生的当周处置", None, None),
];

/// A row of `topics` that is under way.
#[derive(Clone, Debug)]
pub(super) struct TopicRow {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) month: NaiveDate,
    pub(super) class: String,
    pub(super) goal: &'static str,
    pub(super) scheme: &'static str,
    pub(super) lead: Doer,
    pub(super) office: Doer,
    pub(super) taken_up_at: DateTime<Utc>,
    pub(super) scheme_at: DateTime<Utc>,
    /// Two for the taking up and the scheme, one for each line that was done.
    pub(super) version: i32,
    pub(super) places: Vec<String>,
    pub(super) items: Vec<ItemRow>,
    pub(super) said: Vec<SaidRow>,
}

/// A row of `topic_items`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ItemRow {
    id: Uuid,
    list: &'static str,
    words: &'static str,
    due_day: Option<NaiveDate>,
    added_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
    done_by: Option<Uuid>,
    done_words: Option<&'static str>,
}

/// A row of `events`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SaidRow {
    id: Uuid,
    at: DateTime<Utc>,
    verb: &'static str,
    person_id: Uuid,
    person_name: String,
    post_id: Uuid,
    seat: String,
    department_id: Option<Uuid>,
    words: String,
}

/// Writes it; nothing where nothing came thrice.
pub(super) async fn take_up(
    db: &mut PgConnection,
    tenant: Uuid,
    (town, spec): (&Town, &CitySpec),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let day = day_of(now - TimeDelta::days(AGO));
    let Some((class, name, places)) = queries::recurring(db, tenant, day).await? else {
        return Ok(());
    };
    match TopicRow::of((town, spec), (class, &name), places, now) {
        Some(topic) => queries::insert(db, tenant, &topic).await,
        None => Ok(()),
    }
}

impl TopicRow {
    fn of(
        (town, spec): (&Town, &CitySpec),
        (class, name): (String, &str),
        places: Vec<String>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let city = CITIES.iter().find(|c| c.prefix == spec.prefix)?;
        let office = Doer::at(town, town.city_post("city_office"), city.name)?;
        let taken_up_at = morning(now, AGO);
        let duty = town.cited(&class, "", day_of(taken_up_at))?;
        let of_lead = |kind: &str| {
            let mut posts = town.posts.iter();
            posts.find(|p| p.department == Some(duty.lead_id) && p.kind == kind)
        };
        let lead = Doer::at(town, of_lead("department_head")?.id, duty.lead)?;
        let day = day_of(taken_up_at);
        let mut topic = Self {
            id: uuid_at(taken_up_at),
            title: format!("{name}反复发生问题治理"),
            month: day.with_day(1).unwrap_or(day),
            class,
            goal: "三个月内，这些网格里同一类事项每 30 天不超过 1 件。",
            scheme: SCHEME,
            office,
            taken_up_at,
            scheme_at: morning(now, HANDED_IN),
            version: 2,
            places,
            items: Vec::new(),
            said: Vec::new(),
            lead,
        };
        let first = format!(
            "{} 年 {} 月《{}》，{}牵头。办结标准：{}",
            topic.month.year(),
            topic.month.month(),
            topic.title,
            duty.lead,
            topic.goal
        );
        topic.say(true, "take_up_topic", (taken_up_at, first));
        topic.lines(now);
        topic.say(
            false,
            "hand_in_scheme",
            (topic.scheme_at, SCHEME.to_owned()),
        );
        Some(topic)
    }

    fn lines(&mut self, now: DateTime<Utc>) {
        for (list, words, due, done) in LINES {
            let added_at = morning(now, HANDED_IN + 1);
            let done_at = done.map(|(ago, _)| morning(now, ago));
            self.items.push(ItemRow {
                id: uuid_at(added_at),
                list,
                words,
                due_day: due.map(|days| day_of(now + TimeDelta::days(days))),
                added_at,
                done_at,
                done_by: done_at.map(|_| self.lead.person),
                done_words: done.map(|(_, said)| said),
            });
            self.version += 1;
            self.say(false, "add_topic_item", (added_at, words.to_owned()));
            if let (Some(at), Some((_, said))) = (done_at, done) {
                self.version += 1;
                self.say(false, "finish_topic_item", (at, format!("{words}：{said}")));
            }
        }
    }

    fn say(&mut self, by_office: bool, verb: &'static str, (at, words): (DateTime<Utc>, String)) {
        let doer = if by_office { &self.office } else { &self.lead };
        self.said.push(SaidRow {
            id: uuid_at(at),
            at,
            verb,
            person_id: doer.person,
            person_name: doer.name.clone(),
            post_id: doer.post,
            seat: doer.seat.clone(),
            department_id: doer.department,
            words,
        });
    }
}
