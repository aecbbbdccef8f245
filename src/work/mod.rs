//! Tier 2: what they do.

pub mod accountability;
pub mod assessment;
pub mod bulletins;
pub mod classes;
pub mod clocks;
pub mod disclosures;
pub mod duties;
pub mod figures;
pub mod handovers;
pub mod matters;
pub mod numbers;
pub mod packs;
pub mod phrases;
pub mod powers;
pub mod reports;
pub mod requests;
pub mod supervision;
pub mod told;
pub mod topics;
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
    /// One use of a power (行权记录).
    ExerciseId,
    /// What a co-ordination agreed (议定事项).
    TaskId,
    /// A plan of the five powers (赋权方案).
    PlanId,
    /// A department did not ask (应征未征).
    ViolationId,
    /// A three-year plan (三年工作计划).
    ThreeYearPlanId,
    /// A task of one.
    PlanTaskId,
    /// What such a task is to have reached by a day (节点).
    TaskMilestoneId,
    /// A problem that an inspection found, to be mended (整改事项).
    RectificationId,
    /// What a department objects to in its score (申诉).
    ObjectionId,
    /// What somebody gets by mail (定期报告).
    ReportId,
    /// Evidence for a review (材料包).
    PackId,
    /// A topic (每月一题的课题).
    TopicId,
    /// A line of one of its lists (清单事项).
    TopicItemId,
}
