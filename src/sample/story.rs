//! What has happened in the town during the last year: matters and whistles with
//! their whole history, each act as a row and as an event.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::clock::Clock;
use super::dice::Dice;
use super::numbers::Series;
use super::places::CitySpec;
use super::rows::{
    Act, AssignmentRow, AssignmentStepRow, CheckRow, EventRow, MatterRow, MatterStepRow, RatingRow,
    ReturnRow, ReviewRow, VisitRow, WhistleRow,
};
use super::town::{Actor, Spot, Town};

/// All rows of the story.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) matters: Vec<MatterRow>,
    pub(super) matter_steps: Vec<MatterStepRow>,
    pub(super) whistles: Vec<WhistleRow>,
    /// Whistle, matter, and whether the whistle still stands before it.
    pub(super) whistle_matters: Vec<(Uuid, Uuid, bool)>,
    pub(super) assignments: Vec<AssignmentRow>,
    pub(super) assignment_steps: Vec<AssignmentStepRow>,
    pub(super) returns: Vec<ReturnRow>,
    pub(super) checks: Vec<CheckRow>,
    pub(super) ratings: Vec<RatingRow>,
    pub(super) reviews: Vec<ReviewRow>,
    pub(super) visits: Vec<VisitRow>,
    /// Id, whistle, when, why: sent back to the check after its close.
    pub(super) reopened: Vec<(Uuid, Uuid, DateTime<Utc>, String)>,
    /// Id, whistle, matter, when: the same trouble come again.
    pub(super) proposals: Vec<(Uuid, Uuid, Uuid, DateTime<Utc>)>,
    pub(super) events: Vec<EventRow>,
    pub(super) numbers: Vec<(&'static str, chrono::NaiveDate, i32)>,
}

/// Tells the story, act by act.
#[derive(Debug)]
pub(super) struct Story<'t> {
    pub(super) spec: &'static CitySpec,
    pub(super) town: &'t Town,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) ids: Dice,
    pub(super) rows: Rows,
}

/// A matter as it is filed.
#[derive(Debug)]
pub(super) struct Filing {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) at: DateTime<Utc>,
    pub(super) place: Spot,
    pub(super) spot: &'static str,
    pub(super) urgent: bool,
    pub(super) filer: Actor,
    pub(super) told: bool,
}

impl Story<'_> {
    /// The whole story of a town.
    pub(super) fn tell(
        spec: &'static CitySpec,
        town: &Town,
        tenant: Uuid,
        now: DateTime<Utc>,
    ) -> Rows {
        let mut story = Story {
            spec,
            town,
            clock: Clock::new(now),
            dice: Dice::new(spec.seed + 1),
            ids: Dice::of_tenant(tenant),
            rows: Rows::default(),
        };
        story.ordinary_days();
        story.open_desks();
        story.whistles();
        story.residents();
        story.number_matters();
        story.rows
    }

    /// An instant so many minutes of office time ago, not on the full minute.
    pub(super) fn ago(&mut self, minutes: i64) -> DateTime<Utc> {
        self.clock.ago(minutes) + TimeDelta::milliseconds(self.dice.between(0, 55_000))
    }

    /// Writes one event.
    pub(super) fn event(
        &mut self,
        on: (&'static str, Uuid),
        verb: &'static str,
        actor: &Actor,
        at: DateTime<Utc>,
        sentence: &str,
    ) {
        self.rows.events.push(EventRow {
            id: self.ids.id(at),
            at,
            subject: on.0,
            subject_id: on.1,
            verb,
            person: Some(actor.person),
            person_name: actor.name.clone(),
            post: Some(actor.post),
            seat: actor.seat.clone(),
            department: actor.department,
            sentence: sentence.to_owned(),
        });
    }

    /// Files a matter; its number is given when all are known.
    pub(super) fn file(&mut self, filing: Filing) -> usize {
        let id = self.ids.id(filing.at);
        let teller = filing.told.then(|| self.teller());
        self.event(
            ("matter", id),
            "file",
            &filing.filer,
            filing.at,
            &filing.detail,
        );
        self.rows.matters.push(MatterRow {
            id,
            number: String::new(),
            class: filing.class,
            title: filing.title,
            detail: filing.detail,
            place: self.town.place(filing.place).clone(),
            spot: filing.spot.to_owned(),
            urgent: filing.urgent,
            teller,
            filed_at: filing.at,
            filed_by: filing.filer.person,
            filed_post: filing.filer.post,
            stage: "filed",
            waiting_since: filing.at,
            ended_at: None,
            solved_level: None,
            solution: None,
            reject_reason: None,
            merged: None,
        });
        self.rows.matters.len() - 1
    }

    pub(super) fn teller(&mut self) -> (String, String) {
        let family = self.dice.one_of(super::incidents::TELLERS);
        let address = if self.dice.percent(50) {
            "女士"
        } else {
            "先生"
        };
        let number = self.spec.first_phone + self.dice.between(10_000, 89_999);
        (format!("{family}{address}"), format!("129{number:08}"))
    }

    fn moves(&mut self, matter: usize, stage: &'static str, at: DateTime<Utc>) -> Uuid {
        let row = &mut self.rows.matters[matter];
        row.stage = stage;
        row.waiting_since = at;
        if matches!(stage, "solved" | "rejected" | "merged") {
            row.ended_at = Some(at);
        }
        row.id
    }

    /// Takes a matter on.
    pub(super) fn accept(&mut self, matter: usize, actor: &Actor, at: DateTime<Utc>) {
        let id = self.moves(matter, "accepted", at);
        self.event(("matter", id), "accept", actor, at, "已受理，到现场看。");
    }

    /// Does something about a matter.
    pub(super) fn measure(&mut self, matter: usize, actor: &Actor, at: DateTime<Utc>, words: &str) {
        let id = self.rows.matters[matter].id;
        self.rows.matter_steps.push(MatterStepRow {
            id: self.ids.id(at),
            matter: id,
            person: actor.person,
            post: actor.post,
            at,
            words: words.to_owned(),
        });
        self.event(("matter", id), "measure", actor, at, words);
    }

    /// Hands a matter up to the street.
    pub(super) fn raise(&mut self, matter: usize, actor: &Actor, at: DateTime<Utc>) {
        let id = self.moves(matter, "raised", at);
        self.event(("matter", id), "raise", actor, at, "社区办不了，请街道办。");
    }

    /// Puts a matter behind a whistle that has sounded.
    pub(super) fn whistled(
        &mut self,
        matter: usize,
        actor: &Actor,
        at: DateTime<Utc>,
        number: &str,
    ) {
        let id = self.moves(matter, "whistled", at);
        self.event(
            ("matter", id),
            "whistle",
            actor,
            at,
            &format!("已吹哨，哨单 {number}。"),
        );
    }

    /// Ends a matter well.
    pub(super) fn solve(
        &mut self,
        matter: usize,
        actor: &Actor,
        at: DateTime<Utc>,
        how: (&'static str, &str),
    ) {
        let id = self.moves(matter, "solved", at);
        let row = &mut self.rows.matters[matter];
        row.solved_level = Some(how.0);
        row.solution = Some(how.1.to_owned());
        self.event(("matter", id), "solve", actor, at, how.1);
    }

    /// Ends a matter that is none.
    pub(super) fn reject(
        &mut self,
        matter: usize,
        actor: &Actor,
        at: DateTime<Utc>,
        reason: &'static str,
    ) {
        let id = self.moves(matter, "rejected", at);
        self.rows.matters[matter].reject_reason = Some(reason);
        self.event(("matter", id), "reject", actor, at, reason);
    }

    /// Joins a matter to another about the same thing.
    pub(super) fn merge(&mut self, matter: usize, into: Uuid, actor: &Actor, at: DateTime<Utc>) {
        let from = self.rows.matters[matter].stage;
        let id = self.moves(matter, "merged", at);
        self.rows.matters[matter].merged = Some((into, from));
        self.event(
            ("matter", id),
            "merge",
            actor,
            at,
            "与同一处先报的事项是一件事，并案办理。",
        );
    }

    fn number_matters(&mut self) {
        let mut series = Series::new(self.spec.prefix);
        self.rows
            .matters
            .sort_by_key(|matter| (matter.filed_at, matter.id));
        for matter in &mut self.rows.matters {
            matter.number = series.give('S', self.clock.day(matter.filed_at));
        }
        self.rows
            .numbers
            .extend(series.last().map(|(day, last)| ("matter", day, last)));
        self.rows.events.sort_by_key(|event| event.id);
    }
}

impl Actor {
    /// This person doing something at an instant.
    pub(super) fn act(&self, at: DateTime<Utc>) -> Act {
        Act {
            at,
            person: self.person,
            post: self.post,
            kind: self.kind,
        }
    }
}
