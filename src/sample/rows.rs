//! The rows of the sample as plain values, table by table.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// A row of `nodes`.
#[derive(Clone, Debug)]
pub(super) struct NodeRow {
    pub(super) id: Uuid,
    pub(super) level: i16,
    pub(super) parent: Option<Uuid>,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) party_name: String,
    pub(super) households: Option<i32>,
    /// Longitude and latitude.
    pub(super) position: Option<(f64, f64)>,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) predecessor: Option<Uuid>,
}

/// A row of `departments`.
#[derive(Debug)]
pub(super) struct DepartmentRow {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) position: i16,
    pub(super) valid_from: NaiveDate,
}

/// A row of `department_leaders`.
#[derive(Debug)]
pub(super) struct LeaderRow {
    pub(super) id: Uuid,
    pub(super) department: Uuid,
    pub(super) post: Uuid,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
    pub(super) named_at: DateTime<Utc>,
    pub(super) named_by: Uuid,
    pub(super) named_post: Uuid,
}

/// A row of `people`.
#[derive(Debug)]
pub(super) struct PersonRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) identity: &'static str,
    pub(super) home_unit: Option<&'static str>,
    pub(super) is_member: bool,
    pub(super) phone: String,
}

/// A row of `posts`; the seat is a node, a department or, with neither, the city.
#[derive(Debug)]
pub(super) struct PostRow {
    pub(super) id: Uuid,
    pub(super) kind: &'static str,
    pub(super) title: &'static str,
    pub(super) node: Option<Uuid>,
    pub(super) node_level: Option<i16>,
    pub(super) node_code: Option<String>,
    pub(super) department: Option<Uuid>,
    pub(super) valid_from: NaiveDate,
}

/// A row of `appointments`.
#[derive(Debug)]
pub(super) struct AppointmentRow {
    pub(super) id: Uuid,
    pub(super) post: Uuid,
    pub(super) person: Uuid,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
}

/// A row of `duty_items` with the departments and classes it names.
#[derive(Debug)]
pub(super) struct DutyRow {
    pub(super) id: Uuid,
    pub(super) number: i32,
    pub(super) version: i32,
    pub(super) name: &'static str,
    pub(super) law: &'static str,
    pub(super) lead: &'static str,
    pub(super) lead_id: Uuid,
    pub(super) boundary: &'static str,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
    pub(super) changed_by: Uuid,
    pub(super) changed_at: DateTime<Utc>,
    pub(super) reason: &'static str,
    pub(super) assists: Vec<(Uuid, &'static str)>,
    pub(super) classes: &'static [&'static str],
}

impl DutyRow {
    /// Whether this version is in force on a day.
    pub(super) fn stands_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// A row of `precedents`.
#[derive(Debug)]
pub(super) struct PrecedentRow {
    pub(super) id: Uuid,
    pub(super) duty: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) ruling: &'static str,
    pub(super) lead: Uuid,
    pub(super) level: i16,
    pub(super) decided_by: Uuid,
}

/// A row of `accounts`.
#[derive(Debug)]
pub(super) struct AccountRow {
    pub(super) person: Uuid,
    pub(super) login: String,
}

/// A row of `matters`.
#[derive(Clone, Debug)]
pub(super) struct MatterRow {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) place: Place,
    pub(super) spot: String,
    pub(super) urgent: bool,
    pub(super) teller: Option<(String, String)>,
    pub(super) filed_at: DateTime<Utc>,
    pub(super) filed_by: Uuid,
    pub(super) filed_post: Uuid,
    pub(super) stage: &'static str,
    pub(super) waiting_since: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) solved_level: Option<&'static str>,
    pub(super) solution: Option<String>,
    pub(super) reject_reason: Option<&'static str>,
    pub(super) merged: Option<(Uuid, &'static str)>,
}

/// A node as matters and whistles name it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: Uuid,
    pub(super) level: i16,
    pub(super) code: String,
}

/// A row of `matter_steps`.
#[derive(Debug)]
pub(super) struct MatterStepRow {
    pub(super) id: Uuid,
    pub(super) matter: Uuid,
    pub(super) person: Uuid,
    pub(super) post: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) words: String,
}

/// A row of `whistles` as it stands in the end.
#[derive(Debug)]
pub(super) struct WhistleRow {
    pub(super) id: Uuid,
    pub(super) number: Option<String>,
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) meets_at: Option<DateTime<Utc>>,
    pub(super) problem: String,
    pub(super) own_measures: String,
    pub(super) closing_condition: &'static str,
    pub(super) duty: Option<Uuid>,
    pub(super) choice_reason: Option<String>,
    pub(super) place: Place,
    pub(super) from_community: bool,
    pub(super) stage: &'static str,
    pub(super) waiting_since: DateTime<Utc>,
    pub(super) drafted: Act,
    pub(super) approved: Option<Act>,
    pub(super) sounded: Option<Act>,
    pub(super) verified: Option<Act>,
    pub(super) closed: Option<Act>,
    pub(super) outcome: Option<&'static str>,
    pub(super) closing_words: Option<&'static str>,
    pub(super) withdrawn: Option<(DateTime<Utc>, &'static str)>,
}

/// When something was done, by whom, for which post.
#[derive(Clone, Copy, Debug)]
pub(super) struct Act {
    pub(super) at: DateTime<Utc>,
    pub(super) person: Uuid,
    pub(super) post: Uuid,
    pub(super) kind: &'static str,
}

/// A row of `assignments` as it stands in the end.
#[derive(Debug)]
pub(super) struct AssignmentRow {
    pub(super) id: Uuid,
    pub(super) whistle: Uuid,
    pub(super) department: Uuid,
    pub(super) role: &'static str,
    pub(super) position: i16,
    pub(super) ask: &'static str,
    pub(super) stage: &'static str,
    pub(super) waiting_since: DateTime<Utc>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) signed_at: Option<DateTime<Utc>>,
    pub(super) reported: Option<Report>,
    pub(super) fed_back: Option<(DateTime<Utc>, String)>,
    pub(super) rework_count: i16,
    pub(super) uncooperative: Option<&'static str>,
}

/// How a department reported in.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) at: DateTime<Utc>,
    pub(super) arrived_at: DateTime<Utc>,
    pub(super) way: &'static str,
    pub(super) who: String,
    pub(super) agreed: &'static str,
}

/// A row of `assignment_steps`.
#[derive(Debug)]
pub(super) struct AssignmentStepRow {
    pub(super) id: Uuid,
    pub(super) whistle: Uuid,
    pub(super) assignment: Uuid,
    pub(super) kind: &'static str,
    pub(super) act: Act,
    pub(super) words: String,
}

/// A return that was granted: a row of `requests` and one of `precedents`.
#[derive(Debug)]
pub(super) struct ReturnRow {
    pub(super) id: Uuid,
    pub(super) precedent: Uuid,
    pub(super) whistle: Uuid,
    pub(super) assignment: Uuid,
    pub(super) duty: Uuid,
    /// The department that has it now.
    pub(super) to: Uuid,
    pub(super) reason: &'static str,
    pub(super) asked: Act,
    pub(super) decided: Act,
    pub(super) words: &'static str,
}

/// A row of `checks`, with the assignments that it sent back.
#[derive(Debug)]
pub(super) struct CheckRow {
    pub(super) id: Uuid,
    pub(super) whistle: Uuid,
    pub(super) round: i16,
    pub(super) passed: bool,
    pub(super) words: &'static str,
    pub(super) act: Act,
    pub(super) reworks: Vec<Uuid>,
}

/// A row of `ratings`; marks are speed, attendance, result, attitude, cooperation.
#[derive(Debug)]
pub(super) struct RatingRow {
    pub(super) id: Uuid,
    pub(super) whistle: Uuid,
    pub(super) assignment: Uuid,
    pub(super) side: &'static str,
    pub(super) marks: [i16; 5],
    pub(super) words: &'static str,
    pub(super) act: Act,
}

/// A row of `reviews`.
#[derive(Debug)]
pub(super) struct ReviewRow {
    pub(super) id: Uuid,
    pub(super) whistle: Uuid,
    pub(super) assignment: Uuid,
    pub(super) kind_right: bool,
    pub(super) facts_right: bool,
    pub(super) cooperation: i16,
    pub(super) words: &'static str,
    pub(super) act: Act,
}

/// A row of `visits` as it stands in the end, with its calls that reached nobody.
#[derive(Debug)]
pub(super) struct VisitRow {
    pub(super) id: Uuid,
    pub(super) whistle: Uuid,
    pub(super) matter: Uuid,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) state: &'static str,
    pub(super) ended_at: Option<DateTime<Utc>>,
    /// Answer, feeling, words.
    pub(super) said: Option<(&'static str, &'static str, &'static str)>,
    /// Who wrote the answer down; nobody if it came over a link.
    pub(super) recorder: Option<Act>,
    pub(super) tries: Vec<(Act, &'static str)>,
}

/// A row of `events`; a resident has neither person nor post.
#[derive(Clone, Debug)]
pub(super) struct EventRow {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) subject: &'static str,
    pub(super) subject_id: Uuid,
    pub(super) verb: &'static str,
    pub(super) person: Option<Uuid>,
    pub(super) person_name: String,
    pub(super) post: Option<Uuid>,
    pub(super) seat: String,
    pub(super) department: Option<Uuid>,
    pub(super) sentence: String,
}
