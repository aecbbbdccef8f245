//! On what the choice of the lead stands: the duty list, or a reason of one's own.

use serde::{Deserialize, Serialize};

use super::{Case, Kind};
use crate::org::DepartmentId;
use crate::work::DutyItemId;

/// The version of the duty item that a whistle cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The version.
    pub id: DutyItemId,
    /// 第 n 项.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// Who leads by it.
    pub lead_id: DepartmentId,
}

/// What the choice of the lead lacks before the whistle can go anywhere (the third gate of
/// `domain.md` 2.3): who does not choose the proposed lead, or has no proposal, says why.
/// Danger does not wait for reasons.
pub(crate) fn choice_lacks(
    kind: Kind,
    proposed: Option<DepartmentId>,
    lead: Option<DepartmentId>,
    reason: &str,
) -> Option<&'static str> {
    let excused = kind == Kind::Emergency || reason.trim().chars().count() >= 2;
    match (proposed, lead?) {
        _ if excused => None,
        (Some(proposed), lead) if proposed == lead => None,
        (Some(_), _) => Some("没有选建议的主办部门，请写明理由。"),
        (None, _) => Some("权责清单没有这一类，请自行选定部门并写明理由。"),
    }
}

impl Case {
    /// What the choice of the lead lacks.
    pub fn choice_lacks(&self) -> Option<&'static str> {
        choice_lacks(
            self.kind,
            self.basis.as_ref().map(|b| b.lead_id),
            self.lead().map(|l| l.department_id),
            self.choice_reason.as_deref().unwrap_or_default(),
        )
    }

    /// On what the choice of the lead stands, as a sentence; empty if on nothing.
    pub fn grounds(&self) -> String {
        let reason = self.choice_reason.as_deref();
        match (&self.basis, reason) {
            (Some(basis), None) => format!("依据权责清单第 {} 项。", basis.number),
            (Some(basis), Some(reason)) => {
                format!("依据权责清单第 {} 项，另选主办：{reason}", basis.number)
            }
            (None, Some(reason)) => format!("自行选定部门：{reason}"),
            (None, None) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_lead_needs_a_reason_and_danger_does_not() {
        let [housing, water] = [(); 2].map(|()| DepartmentId(uuid::Uuid::now_v7()));
        let lacks = |kind, proposed, lead, reason| choice_lacks(kind, proposed, lead, reason);
        let routine = Kind::Routine;
        assert_eq!(lacks(routine, Some(housing), Some(housing), ""), None);
        assert!(lacks(routine, Some(housing), Some(water), " ").is_some());
        assert!(lacks(routine, Some(housing), Some(water), "因").is_some());
        assert_eq!(
            lacks(routine, Some(housing), Some(water), "管道是供水的"),
            None
        );
        assert!(lacks(routine, None, Some(water), "").is_some());
        assert_eq!(lacks(routine, None, None, ""), None);
        assert_eq!(lacks(Kind::Emergency, None, Some(water), ""), None);
        assert_eq!(lacks(Kind::Emergency, Some(housing), Some(water), ""), None);
    }
}
