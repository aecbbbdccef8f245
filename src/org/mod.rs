//! Tier 1: who there is, where they sit, what they may do, and what happened.

pub mod access;
pub mod announcements;
pub mod audit;
pub mod backups;
pub mod calendar;
pub mod documents;
pub mod events;
pub mod factors;
pub mod files;
pub mod leaves;
pub mod notices;
pub mod parameters;
pub mod people;
pub mod personal;
pub mod photos;
pub mod places;
pub mod redraw;
pub mod setup;
pub mod staff;
pub mod tenants;
pub mod units;

crate::id! {
    /// A city or district with its own office (租户).
    TenantId,
    /// A person.
    PersonId,
    /// A position that can be held (职务).
    PostId,
    /// A person holding a post from a day on (任职).
    AppointmentId,
    /// A node of the five-level chain.
    NodeId,
    /// A department (部门).
    DepartmentId,
    /// One version of a policy document (制度文件).
    DocumentId,
    /// A file kept with something (附件).
    FileId,
    /// An upload for a register (批量导入).
    ImportId,
    /// A photo kept with a step of work (照片).
    PhotoId,
    /// The photos of a form that is still being filled in.
    TrayId,
    /// A signed-in browser.
    SessionId,
}
