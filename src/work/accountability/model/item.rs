//! A rectification item: its stage, its moves, and who may make them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::body::Body;
use crate::org::access::{Permission, Viewer};
use crate::org::events::Entry;
use crate::org::files::FileRow;
use crate::work::RectificationId;
use crate::work::whistles::Refusal;

crate::coded! {
    /// Which kind of inspection found it.
    Source as "inspection_kind" {
        /// The party committee's inspection.
        Inspection = "inspection" "巡察",
        /// The yearly debriefing and appraisal.
        Debriefing = "debriefing" "述职评议",
        /// An assessment.
        Assessment = "assessment" "考核",
    }
}

crate::coded! {
    /// Where an item stands.
    Stage as "rectification_stage" {
        /// To be mended.
        Open = "open" "待整改",
        /// Said to be mended, with proof.
        Reported = "reported" "已报整改",
        /// Looked at, and not mended.
        Returned = "returned" "退回继续整改",
        /// Looked at, and struck off.
        Verified = "verified" "已核实销号",
    }
}

crate::coded! {
    /// What can be done to an item; each leaves a step.
    ItemMove as "rectification_act" {
        /// Report progress.
        Progress = "progress" "报进展",
        /// Say with proof that it is mended.
        Report = "report" "报整改完成",
        /// Back to work, with a reason.
        Return = "return" "退回继续整改",
        /// Struck off.
        Verify = "verify" "核实销号",
    }
}

impl ItemMove {
    /// What its words are.
    pub(crate) fn words_label(self) -> &'static str {
        match self {
            Self::Progress => "进展",
            Self::Report => "整改佐证",
            Self::Return => "退回理由",
            Self::Verify => "核实意见",
        }
    }

    /// Whether it belongs to who mends, not to who looks.
    pub(crate) fn is_owners(self) -> bool {
        match self {
            Self::Progress | Self::Report => true,
            Self::Return | Self::Verify => false,
        }
    }
}

impl Stage {
    /// What the move leads to; nothing where it is not its time.
    pub(crate) fn after(self, mv: ItemMove) -> Option<Stage> {
        match (self, mv) {
            (Self::Open | Self::Returned, ItemMove::Progress) => Some(self),
            (Self::Open | Self::Returned, ItemMove::Report) => Some(Self::Reported),
            (Self::Reported, ItemMove::Return) => Some(Self::Returned),
            (Self::Reported, ItemMove::Verify) => Some(Self::Verified),
            (Self::Open | Self::Returned, ItemMove::Return | ItemMove::Verify)
            | (Self::Reported, ItemMove::Progress | ItemMove::Report)
            | (
                Self::Verified,
                ItemMove::Progress | ItemMove::Report | ItemMove::Return | ItemMove::Verify,
            ) => None,
        }
    }
}

/// What the viewer is to an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Acts for the owner.
    pub(crate) owns: bool,
    /// May look and strike off.
    pub(crate) judges: bool,
}

/// Whether the move is open to who has this part and did, or did not, report or judge before.
pub(crate) fn may(
    stage: Stage,
    mv: ItemMove,
    part: Part,
    (reported, judged): (bool, bool),
) -> Result<Stage, Refusal> {
    let is_mine = if mv.is_owners() {
        part.owns
    } else {
        part.judges
    };
    if !is_mine {
        return Err(Refusal::NotYours);
    }
    let Some(next) = stage.after(mv) else {
        return Err(match stage {
            Stage::Open | Stage::Returned => Refusal::NotYet("责任单位报整改完成后"),
            Stage::Reported => Refusal::NotYet("已报整改，等核实。退回后才能再报。"),
            Stage::Verified => Refusal::Over("这件整改事项已经核实销号。请刷新看最新情况。"),
        });
    };
    match (mv.is_owners(), reported, judged) {
        (false, true, _) => Err(Refusal::TookPart("您报过这件整改，须请他人核实。")),
        (true, _, true) => Err(Refusal::TookPart("您核实过这件整改，须请他人上报。")),
        (false, false, _) | (true, _, false) => Ok(next),
    }
}

/// One thing done about an item.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) act: ItemMove,
    pub(crate) at: DateTime<Utc>,
    pub(crate) person: String,
    pub(crate) words: String,
    /// Whistles named as proof: id and number.
    pub(crate) proofs: Vec<(Uuid, String)>,
}

/// An item with everything its page shows.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: RectificationId,
    pub(crate) number: String,
    pub(crate) source: Source,
    pub(crate) source_name: String,
    pub(crate) source_day: NaiveDate,
    pub(crate) problem: String,
    pub(crate) measure: String,
    pub(crate) body: Body,
    pub(crate) due_day: NaiveDate,
    pub(crate) stage: Stage,
    pub(crate) version: i32,
    pub(crate) verified_at: Option<DateTime<Utc>>,
    /// Whether the viewer reported, and whether the viewer judged before.
    pub(crate) took_part: (bool, bool),
    /// The newest first.
    pub(crate) steps: Vec<Step>,
    pub(crate) timeline: Vec<Entry>,
    /// What proves it; fixed once it is reported as mended, until it comes back.
    pub(crate) files: Vec<FileRow>,
}

impl Item {
    /// What the move leads to for this viewer now, or why not: the page's buttons and the post's
    /// permission.
    pub(crate) fn may(&self, mv: ItemMove, me: &Viewer) -> Result<Stage, Refusal> {
        let part = Part {
            owns: self.body.is_of(me) && me.kind.may(Permission::ReportProgress),
            judges: me.kind.may(Permission::ConfirmAccountability),
        };
        may(self.stage, mv, part, self.took_part)
    }

    /// Who looked and struck it off.
    pub(crate) fn verifier(&self) -> Option<&str> {
        let verified = self.steps.iter().find(|s| s.act == ItemMove::Verify);
        verified.map(|s| s.person.as_str())
    }

    /// What this viewer can do now.
    pub(crate) fn open_to(&self, me: &Viewer) -> Vec<ItemMove> {
        let all = ItemMove::ALL.iter().copied();
        all.filter(|mv| self.may(*mv, me).is_ok()).collect()
    }

    /// What this viewer could do, with what must happen first.
    pub(crate) fn not_yet(&self, me: &Viewer) -> Vec<(ItemMove, &'static str)> {
        let waits = |mv: ItemMove| match self.may(mv, me) {
            Err(Refusal::NotYet(first) | Refusal::TookPart(first)) => Some((mv, first)),
            Ok(_) | Err(Refusal::NotYours | Refusal::Over(_)) => None,
        };
        ItemMove::ALL.iter().copied().filter_map(waits).collect()
    }
}

/// An item as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewItem {
    pub(crate) source: Source,
    pub(crate) source_name: String,
    pub(crate) source_day: NaiveDate,
    pub(crate) problem: String,
    pub(crate) measure: String,
    pub(crate) body: Body,
    pub(crate) due_day: NaiveDate,
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Stage, move and part as one table: what it leads to, or why not.
    #[test]
    fn every_stage_move_and_part() {
        let parts = [
            ("owner", (true, false), (false, false)),
            ("owner who judged", (true, false), (false, true)),
            ("judge", (false, true), (false, false)),
            ("judge who reported", (false, true), (true, false)),
            ("other", (false, false), (false, false)),
        ];
        let mut table = String::new();
        for stage in Stage::ALL {
            for (name, (owns, judges), took_part) in parts {
                let mut row = format!("{:9}{name:19}", stage.code());
                for mv in ItemMove::ALL {
                    let answer = match may(*stage, *mv, Part { owns, judges }, took_part) {
                        Ok(next) => next.code(),
                        Err(Refusal::NotYours) => "-",
                        Err(Refusal::NotYet(_)) => "not yet",
                        Err(Refusal::Over(_)) => "over",
                        Err(Refusal::TookPart(_)) => "took part",
                    };
                    write!(row, "{answer:10}").unwrap();
                }
                table.push_str(row.trim_end());
                table.push('\n');
            }
        }
        insta::assert_snapshot!(table, @r"
        open     owner              open      reported  -         -
        open     owner who judged   took part took part -         -
        open     judge              -         -         not yet   not yet
        open     judge who reported -         -         not yet   not yet
        open     other              -         -         -         -
        reported owner              not yet   not yet   -         -
        reported owner who judged   not yet   not yet   -         -
        reported judge              -         -         returned  verified
        reported judge who reported -         -         took part took part
        reported other              -         -         -         -
        returned owner              returned  reported  -         -
        returned owner who judged   took part took part -         -
        returned judge              -         -         not yet   not yet
        returned judge who reported -         -         not yet   not yet
        returned other              -         -         -         -
        verified owner              over      over      -         -
        verified owner who judged   over      over      -         -
        verified judge              -         -         over      over
        verified judge who reported -         -         over      over
        verified other              -         -         -         -
        ");
    }
}
