//! Whistles (哨单): the street calls, every named department signs, reports in, handles and feeds
//! back; street and community check, rate and close. Who handled never judges.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{hold, look, reassign, reopen, wait_for_turn};
pub use model::{
    Assignment, AssignmentStage, Basis, Case, Check, Kind, MoveKind, Outcome, PUT_ASIDE, Rating,
    Refusal, ReportWay, Role, Side, Stage,
};
pub use pages::routes;
