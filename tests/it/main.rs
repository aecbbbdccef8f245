//! Everything that is tested through the finished program: people doing things (areas), what must
//! hold everywhere (rules), and the story in a real browser (journeys).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that finds nothing where something must be has found its error"
)]
#![expect(
    dead_code,
    clippy::many_single_char_names,
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    clippy::wildcard_enum_match_arm,
    clippy::format_push_string,
    clippy::duration_suboptimal_units,
    clippy::manual_strip,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test tells its story in one piece, and the harness offers what the next ones use"
)]

mod areas;
mod harness;
mod journeys;
mod rules;
