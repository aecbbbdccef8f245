//! What the sample did with the five powers, as plain values, table by table.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::rows::EventRow;
use super::timing_queries::ClockRow;
use crate::base::seal::Sealed;
use crate::work::powers::{
    AnswerKind, CadreSubject, OpinionKind, Origin, Phase, Pool, Power, ReactionKind, RulingKind,
    SecretPart, Stage,
};

/// A row of `power_exercises` as it stands in the end.
#[derive(Debug, Serialize)]
pub(super) struct ExerciseRow {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) plan_id: Uuid,
    pub(super) department_id: Uuid,
    pub(super) power: Power,
    pub(super) street_code: &'static str,
    pub(super) origin: Origin,
    pub(super) stage: Stage,
    pub(super) version: i32,
    pub(super) title: String,
    pub(super) matter: String,
    pub(super) basis: String,
    pub(super) whistle_id: Option<Uuid>,
    pub(super) decide_on: Option<NaiveDate>,
    pub(super) meets_at: Option<DateTime<Utc>>,
    pub(super) place: Option<String>,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) asked_by: Uuid,
    pub(super) asked_post: Uuid,
    pub(super) round: i16,
    pub(super) answer: Option<AnswerKind>,
    pub(super) answered_at: Option<DateTime<Utc>>,
    pub(super) score: Option<i16>,
    pub(super) objected: bool,
    pub(super) waiting_since: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) withdraw_reason: Option<&'static str>,
}

/// A row of `exercise_plannings`.
#[derive(Debug, Serialize)]
pub(super) struct PlanningRow {
    pub(super) exercise_id: Uuid,
    pub(super) phase: Phase,
    pub(super) area: &'static str,
    pub(super) residents: &'static str,
}

/// A row of `exercise_projects`.
#[derive(Debug, Serialize)]
pub(super) struct ProjectRow {
    pub(super) exercise_id: Uuid,
    pub(super) beneficiaries: i32,
    pub(super) site: &'static str,
    pub(super) estimate: i64,
    pub(super) residents: &'static str,
    pub(super) pool: Option<Pool>,
    pub(super) budget_year: Option<i32>,
}

/// A row of `exercise_awards`.
#[derive(Debug, Serialize)]
pub(super) struct AwardRow {
    pub(super) exercise_id: Uuid,
    pub(super) candidate: &'static str,
    pub(super) award: &'static str,
}

/// A row of `exercise_opinions`.
#[derive(Debug, Serialize)]
pub(super) struct OpinionRow {
    pub(super) exercise_id: Uuid,
    pub(super) kind: OpinionKind,
    pub(super) words: String,
    pub(super) body: &'static str,
    pub(super) decided_on: Option<NaiveDate>,
    pub(super) given_at: DateTime<Utc>,
    pub(super) given_by: Option<Uuid>,
    pub(super) given_post: Option<Uuid>,
}

/// A row of `exercise_items`.
#[derive(Debug, Serialize)]
pub(super) struct ItemRow {
    pub(super) exercise_id: Uuid,
    pub(super) number: i16,
    pub(super) words: &'static str,
}

/// A row of `exercise_answers`.
#[derive(Debug, Serialize)]
pub(super) struct AnswerRow {
    pub(super) exercise_id: Uuid,
    pub(super) round: i16,
    pub(super) kind: AnswerKind,
    pub(super) words: String,
    pub(super) body: &'static str,
    pub(super) decided_on: NaiveDate,
    pub(super) given_at: DateTime<Utc>,
    pub(super) given_by: Uuid,
    pub(super) given_post: Uuid,
}

/// A row of `item_answers`.
#[derive(Debug, Serialize)]
pub(super) struct ItemAnswerRow {
    pub(super) exercise_id: Uuid,
    pub(super) number: i16,
    pub(super) round: i16,
    pub(super) kind: AnswerKind,
    pub(super) words: &'static str,
}

/// A row of `exercise_reactions`.
#[derive(Debug, Serialize)]
pub(super) struct ReactionRow {
    pub(super) exercise_id: Uuid,
    pub(super) round: i16,
    pub(super) kind: ReactionKind,
    pub(super) words: &'static str,
    pub(super) score: Option<i16>,
    pub(super) given_at: DateTime<Utc>,
    pub(super) given_by: Option<Uuid>,
    pub(super) given_post: Option<Uuid>,
}

/// A row of `exercise_rulings`.
#[derive(Debug, Serialize)]
pub(super) struct RulingRow {
    pub(super) exercise_id: Uuid,
    pub(super) kind: RulingKind,
    pub(super) words: &'static str,
    pub(super) given_at: DateTime<Utc>,
    pub(super) given_by: Uuid,
    pub(super) given_post: Uuid,
}

/// A row of `exercise_parties`.
#[derive(Debug, Serialize)]
pub(super) struct PartyRow {
    pub(super) exercise_id: Uuid,
    pub(super) plan_id: Uuid,
    pub(super) department_id: Uuid,
    pub(super) came: Option<bool>,
    pub(super) attendee: Option<String>,
    pub(super) rank: Option<&'static str>,
}

/// A row of `exercise_minutes`.
#[derive(Debug, Serialize)]
pub(super) struct MinutesRow {
    pub(super) exercise_id: Uuid,
    pub(super) held_at: DateTime<Utc>,
    pub(super) host: String,
    pub(super) words: String,
    pub(super) given_at: DateTime<Utc>,
    pub(super) given_by: Uuid,
    pub(super) given_post: Uuid,
}

/// A row of `exercise_tasks`.
#[derive(Debug, Serialize)]
pub(super) struct TaskRow {
    pub(super) id: Uuid,
    pub(super) exercise_id: Uuid,
    pub(super) department_id: Uuid,
    pub(super) words: String,
    pub(super) due_day: NaiveDate,
    pub(super) done_at: Option<DateTime<Utc>>,
    pub(super) done_by: Option<Uuid>,
    pub(super) done_words: Option<&'static str>,
}

/// A row of `exercise_matters`.
#[derive(Debug, Serialize)]
pub(super) struct GrewRow {
    pub(super) exercise_id: Uuid,
    pub(super) matter_id: Uuid,
}

/// A row of `exercise_secrets`.
#[derive(Debug)]
pub(super) struct SecretRow {
    pub(super) exercise_id: Uuid,
    pub(super) part: SecretPart,
    pub(super) sealed: Sealed,
    pub(super) sealed_at: DateTime<Utc>,
    pub(super) sealed_by: Uuid,
}

/// A row of `exercise_readings`.
#[derive(Debug, Serialize)]
pub(super) struct ReadingRow {
    pub(super) id: Uuid,
    pub(super) exercise_id: Uuid,
    pub(super) read_at: DateTime<Utc>,
    pub(super) read_by: Uuid,
    pub(super) read_post: Uuid,
}

/// A row of `power_violations`.
#[derive(Debug, Serialize)]
pub(super) struct ViolationRow {
    pub(super) id: Uuid,
    pub(super) kind: &'static str,
    pub(super) plan_id: Uuid,
    pub(super) department_id: Uuid,
    pub(super) power: Power,
    pub(super) street_code: &'static str,
    pub(super) exercise_id: Option<Uuid>,
    pub(super) words: String,
    pub(super) happened_on: NaiveDate,
    pub(super) found_at: DateTime<Utc>,
    pub(super) found_by: Option<Uuid>,
    pub(super) found_post: Option<Uuid>,
}

/// All rows of the five powers.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub(super) exercises: Vec<ExerciseRow>,
    pub(super) plannings: Vec<PlanningRow>,
    pub(super) projects: Vec<ProjectRow>,
    pub(super) awards: Vec<AwardRow>,
    pub(super) opinions: Vec<OpinionRow>,
    pub(super) items: Vec<ItemRow>,
    pub(super) answers: Vec<AnswerRow>,
    pub(super) item_answers: Vec<ItemAnswerRow>,
    pub(super) reactions: Vec<ReactionRow>,
    pub(super) rulings: Vec<RulingRow>,
    pub(super) parties: Vec<PartyRow>,
    pub(super) minutes: Vec<MinutesRow>,
    pub(super) tasks: Vec<TaskRow>,
    pub(super) matters: Vec<GrewRow>,
    /// Whom records are about, until it is sealed.
    pub(super) subjects: Vec<(Uuid, CadreSubject)>,
    pub(super) secrets: Vec<SecretRow>,
    pub(super) readings: Vec<ReadingRow>,
    pub(super) violations: Vec<ViolationRow>,
    pub(super) clocks: Vec<ClockRow>,
    pub(super) events: Vec<EventRow>,
    /// The last number of each day.
    pub(super) numbers: Vec<(&'static str, NaiveDate, i32)>,
}
