//! The evidence that departments of the sample attached to their objections: one page of PDF for each
//! that is open still. The papers are invented.

use chrono::{Datelike, TimeDelta};
use uuid::Uuid;

use super::document_queries::keep;
use super::documents::Paper;
use super::objecting_queries::{self as queries, Attached, Seated};
use super::paper::pdf;
use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::store::Store;
use crate::work::assessment::Reason;

/// Title, issuer and text of what goes with a reason.
fn paper_of(reason: Reason) -> (&'static str, &'static str, &'static [&'static str]) {
    match reason {
        Reason::WrongDispatch => (
            "权责清单节录",
            "市城乡基层治理办",
            &[
                "小区共有部分由业主和物业服务人维护。",
                "市政道路和公共管网由主管部门维护。",
            ],
        ),
        Reason::Weather | Reason::ForceMajeure => (
            "关于临时停电抢修的通知",
            "供电公司",
            &[
                "因线路抢修，当日 08:30 至 17:30 全市分片停电。",
                "各单位做好准备，来电前不得操作用电设备。",
            ],
        ),
        Reason::ThirdParty | Reason::Unreachable | Reason::WrongRating => (
            "关于征求意见的书面答复",
            "答复部门",
            &[
                "来函收悉，逐条答复并说明理由。",
                "依据和办理时间附后，已当面向街道说明。",
            ],
        ),
    }
}

/// Attaches it as the program does: the content first, then its row and its event.
pub(super) async fn attach(tx: &mut Tx, tenant: Uuid, store: &Store) -> Result<()> {
    for open in queries::open(tx, tenant).await? {
        let at = open.asked_at + TimeDelta::minutes(10);
        let (title, issuer, clauses) = paper_of(open.reason);
        let day = day_of(at);
        let issued = (day.year(), day.month(), day.day());
        let paper = Paper {
            code: "",
            before: "",
            title,
            issuer,
            issued,
            from: issued,
            to: None,
            note: "",
            clauses,
        };
        let id = uuid_at(at);
        let (bytes, sha256) = keep(store, (tenant, id), pdf(&paper)).await?;
        let file = Attached {
            id,
            name: format!("{title}.pdf"),
            bytes,
            sha256,
            at,
        };
        let by = Seated {
            post: open.post,
            person: open.person,
        };
        queries::attach(tx, tenant, (open.id, by), &file).await?;
        let sentence = format!("{}（PDF，{} KB）", file.name, bytes / 1024);
        queries::record(tx, tenant, (open.id, by), (at, "attach", &sentence)).await?;
    }
    Ok(())
}
