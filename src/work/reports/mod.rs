//! Reports by mail (定期报告): whoever may read figures has them sent each day, week or month, of what is
//! his to see, or every bulletin when it is put out. A report is written when it is sent, from the
//! figures as they are then, and only if the right to them still stands.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{SEND, send};
pub use model::{Rhythm, Stage};
pub use pages::routes;
