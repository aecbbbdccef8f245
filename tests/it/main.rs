//! Everything that is tested through the finished program: people doing things (areas), what must
//! hold everywhere (rules), random walks (walks), and the story in a real browser (journeys).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that finds nothing where something must be has found its error"
)]
#![expect(
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    reason = "a story is told in one piece"
)]

mod areas;
mod harness;
mod journeys;
mod rules;
mod walks;
