//! Personal data (个人信息): names and numbers of residents, numbers of office-holders. They stand sealed
//! under a key outside the database; the row they belong to keeps a mask. Whoever needs one in the clear
//! says what for, it is recorded, and there is a limit for each day. What is kept too long is forgotten.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{
    Look, digests, equals, forgot, keep, keep_each, look, open, opened, sealed, sealed_under,
    sought, tend, unkeep, values,
};
pub use model::{Field, Kept, Opened, Purpose, Rules, SightForm};
pub use pages::routes;
pub use queries::rules;

/// The job that seals what an older program left in the clear, and seals anew under a new key.
pub const TEND: &str = "personal_tend";
/// The job that forgets what was kept long enough.
pub const FORGET: &str = "personal_forget";
/// The local hour at which it does.
pub const FORGET_HOUR: u32 = 2;
/// How many rows one job takes at a time, so that nobody waits long for their locks.
pub const PORTION: i64 = 500;
