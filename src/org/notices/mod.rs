//! Notices (消息): what a post is told, by whom it was done and what is asked, in its inbox and by
//! mail to whoever holds the post. Areas above call [`tell`]; nobody else writes notices. An area that writes
//! mails of its own [notes](note) each one and [hands it in](hand_in), so that all stand in one list.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{Piece, deliver, digest, give_up, hand_in, note, tell, tell_asking};
pub use model::{Choice, Class, Delivery, Message, Parcel, State, site};
pub use pages::routes;
pub use queries::latest;

/// The kind of the job that sends one mail.
pub const MAIL: &str = "mail";
/// The kind of the job that writes the morning's digest.
pub const DIGEST: &str = "digest";
/// The hour of the digest, in local time.
pub const DIGEST_HOUR: u32 = 8;
