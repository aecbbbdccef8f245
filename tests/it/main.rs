//! Everything that is tested through the finished program: people doing things (areas), what must
//! hold everywhere (rules), and the story in a real browser (journeys).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that finds nothing where something must be has found its error"
)]

mod areas;
mod harness;
mod rules;
