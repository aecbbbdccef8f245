//! Tier 2: what they do.

pub mod assessment;
pub mod clocks;
pub mod duties;
pub mod handovers;
pub mod matters;
pub mod numbers;
pub mod requests;
pub mod supervision;
pub mod told;
pub mod visits;
pub mod whistles;

crate::id! {
    /// A matter (事项).
    MatterId,
    /// A whistle (哨单).
    WhistleId,
    /// A department's part of a whistle (任务).
    AssignmentId,
    /// One version of an item of the duty list (权责清单).
    DutyItemId,
    /// A ruling on who leads (先例).
    PrecedentId,
    /// One asking of the resident (回访).
    VisitId,
    /// The same trouble come again (复发), for the street to decide on.
    RecurrenceId,
    /// What a department asks for (申请): return, extension, suspension, appeal.
    RequestId,
    /// What is to be reached while a whistle is put aside (挂账节点).
    MilestoneId,
    /// What a department objects to in its score (申诉).
    ObjectionId,
}
