//! The SQL of changes of the chain and the departments.

mod departments;
mod sight;
mod writes;

pub use departments::used as used_by_departments;
pub(super) use departments::{
    Department, add as add_department, amend as amend_department, department,
    end as end_department, hold as hold_department, next_position,
};
pub(super) use sight::{above, kin, sight};
pub(super) use writes::{
    Closing, Known, Moved, abolish_posts, carry_appointments, carry_posts, close, hold_ground,
    hold_posts, hold_work, known, move_matters, move_whistles, set_up_in_departments,
};
pub(crate) use writes::{NewPost, add, amend, hold_chain, keep_names, set_up};
