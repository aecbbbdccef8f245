//! Random walks: a hundred thousand moves of clocks alone, and everything that can be done to
//! whistles through the pages, with what holds at every step.

mod clocks;
mod invariants;
mod replay;
mod walk;

/// A number that whoever walks may ask for by the environment; a test reads no configuration.
#[expect(
    clippy::disallowed_methods,
    reason = "how far and which way to walk is asked of the person who runs the tests"
)]
fn asked_for(name: &str, otherwise: u64) -> u64 {
    let asked = std::env::var(name).ok();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}
