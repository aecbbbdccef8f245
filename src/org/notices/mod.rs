//! Notices (消息): what a post is told, by whom it was done and what is asked, in its inbox and by
//! mail to whoever holds the post. Areas above call [`tell`]; nobody else writes notices.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{deliver, digest, tell, tell_asking};
pub use model::{Choice, Class, Delivery, Message, Parcel, State};
pub use pages::routes;
pub use queries::latest;

/// The kind of the job that sends one mail.
pub const MAIL: &str = "mail";
/// The kind of the job that writes the morning's digest.
pub const DIGEST: &str = "digest";
/// The hour of the digest, in local time.
pub const DIGEST_HOUR: u32 = 8;
