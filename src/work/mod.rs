//! Tier 2: what they do.

pub mod handovers;
pub mod matters;
pub mod numbers;
pub mod told;
pub mod whistles;

crate::id! {
    /// A matter (事项).
    MatterId,
    /// A whistle (哨单).
    WhistleId,
    /// A department's part of a whistle (任务).
    AssignmentId,
}
