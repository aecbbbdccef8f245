//! What the registers look like as tables, and what a table would do to them. Pure.

mod chain;
mod class_rows;
mod classes;
mod columns;
mod departments;
mod duties;
mod duty_kept;
mod duty_words;
mod faces;
mod ground;
mod layout;
mod limits;
mod named;
mod people;
mod phrases;
mod posts;
mod register;
mod row;
mod seats;
mod wanted;

pub(super) use chain::check as check_chain;
pub(super) use classes::{ClassFacts, ClassPlan, check as check_classes};
pub(super) use columns::{Column, Kind, of as columns_of, template, template_name};
pub(super) use departments::{DepartmentPlan, Kept, check as check_departments};
pub(super) use duties::check as check_duties;
pub(super) use duty_kept::{DutyFacts, DutyPlan, KeptDuty, KeptVersion};
pub(super) use ground::{Above, ChainFacts, ChainPlan, Ground};
pub(super) use layout::{Layout, RESULT, Sheet, read};
pub(super) use limits::{LimitFacts, LimitPlan, check as check_limits};
pub(super) use people::{Known, PeoplePlan, check as check_people};
pub(super) use phrases::{PhrasePlan, check as check_phrases};
pub(super) use posts::check as check_posts;
pub(super) use register::{Counts, Mark, Register, Stage};
pub(super) use row::{Checked, rows};
pub(super) use seats::{Fresh, Seat};
pub(super) use wanted::{PostFacts, PostPlan, Somebody, Unit, Whose, named_units, stems};

use zeroize::Zeroizing;

/// What an import will write, and what its check depends on.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// People entered and changed.
    People(PeoplePlan),
    /// Posts, appointments, accounts.
    Posts(PostPlan),
    /// Nodes.
    Chain(ChainPlan),
    /// Departments.
    Departments(DepartmentPlan),
    /// Classes.
    Classes(ClassPlan),
    /// Items of the duty list.
    Duties(DutyPlan),
    /// Reply phrases.
    Phrases(PhrasePlan),
    /// A new version of the limits.
    Limits(LimitPlan),
}

/// What a check came to.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// Row by row.
    pub(super) marks: Vec<Checked>,
    /// What will be written.
    pub(super) plan: Plan,
}

impl Outcome {
    /// Everything of it as text: the same text means that nothing that matters to any row has changed.
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{:?}{:?}", self.marks, self.plan))
    }

    /// How many rows came to what.
    pub(super) fn counts(&self) -> Counts {
        let count = |mark| {
            let found = self.marks.iter().filter(|row| row.mark == mark).count();
            i32::try_from(found).unwrap_or(i32::MAX)
        };
        Counts {
            creates: count(Mark::Create),
            changes: count(Mark::Change),
            sames: count(Mark::Same),
            refuses: count(Mark::Refuse),
        }
    }
}
