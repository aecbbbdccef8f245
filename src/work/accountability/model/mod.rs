//! What a task and an item are, and whose turn it is. Pure.

mod body;
mod item;
mod measure;
mod proof;
mod task;

pub(super) use body::{Body, Narrow, lamp, left};
pub(super) use item::{Item, NewItem, Step};
pub use item::{ItemMove, Source, Stage};
pub use measure::Measure;
pub(super) use measure::{Figure, Target};
pub(super) use proof::Proven;
pub(super) use task::{Milestone, NewPlan, NewTask, Plan, State, Task, TaskMove};
