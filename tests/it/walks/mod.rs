//! Random walks, with what holds at every step (`invariants.rs`): a hundred thousand moves of
//! clocks, a hundred thousand of whole whistles in memory, and the same moves through the pages,
//! each compared with what it did in memory, so that the long walks speak of the program.

mod clocks;
mod invariants;
mod life;
mod lives;
mod replay;
mod same;
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
