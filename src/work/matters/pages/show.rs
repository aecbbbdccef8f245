//! The page of one matter: its file at the left, the hands at the right.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::moves::{MoveForm, asks, photographed, phrased};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Viewer, Visit};
use crate::org::personal::{Opened, Purpose, SightForm};
use crate::org::photos::{self, Demand, Photo, Step, Tray};
use crate::work::MatterId;
use crate::work::classes::Condition;
use crate::work::clocks::{Clock, Nearest, Told};
use crate::work::matters::actions::filing as actions;
use crate::work::matters::model::{MoveKind, Stage};
use crate::work::matters::queries::case::{self as queries, Case};

/// What the hands hold.
#[derive(Debug, Default)]
pub(super) struct Hands {
    /// The form that is shown; none lets the page choose.
    pub(super) doing: Option<MoveKind>,
    /// What was typed into it.
    pub(super) form: MoveForm,
    /// What is wrong with it.
    pub(super) errors: FieldErrors,
    /// What was typed for a move that is not open, so that it is not lost.
    pub(super) kept: String,
    /// Why the office's rules say no.
    pub(super) refused: String,
    /// What has just been done.
    pub(super) flash: String,
    /// The teller, while shown in the clear.
    pub(super) plain: Option<Opened>,
}

#[derive(Template)]
#[template(path = "matters/show.html")]
pub(super) struct Show {
    chrome: Chrome,
    me: Viewer,
    now: DateTime<Utc>,
    once: String,
    case: Case,
    open: Vec<MoveKind>,
    hands: Hands,
    timed: Vec<Told>,
    tray: Tray,
}

impl Show {
    /// The page of a matter within reach.
    pub(super) async fn of(visit: &mut Visit, id: MatterId, mut hands: Hands) -> Result<Self> {
        let case = queries::find(&mut visit.tx, &visit.me, id).await?;
        let open = case.facts.open();
        let asked = hands.doing.filter(|mv| open.contains(mv));
        if asked.is_none() {
            hands.kept = std::mem::take(&mut hands.form.words);
        }
        let whistle_first = case.facts.stage == Stage::Raised && drafts(&visit.me, &case);
        hands.doing = match asked {
            Some(mv) => Some(mv),
            None if whistle_first => None,
            None => open.first().copied(),
        };
        let tray = tray(visit, &hands, case.demand).await?;
        Ok(Self {
            chrome: visit.chrome(Section::Matters),
            me: visit.me.clone(),
            now: visit.tx.now,
            once: visit.once(),
            timed: case
                .clocks
                .iter()
                .map(|c| c.told("", &case.calendar, &visit.tx.now))
                .collect(),
            case,
            open,
            hands,
            tray,
        })
    }

    /// Whether the form that is shown takes photos.
    fn takes_photos(&self) -> bool {
        self.hands.doing.and_then(photographed).is_some()
    }

    /// What was photographed when it was found.
    fn found(&self) -> Vec<Photo> {
        let all = self.case.timeline.iter().flat_map(|e| &e.photos);
        all.filter(|p| p.step == Step::Found).cloned().collect()
    }

    fn place(&self) -> String {
        format!("/matters/{}", self.case.id)
    }

    /// The promise, while it runs.
    fn nearest(&self) -> Option<Nearest> {
        let running = self.case.clocks.iter().find(|c| c.is_running());
        running.map(Clock::nearest)
    }

    /// Whether the viewer may draft a whistle on it.
    fn may_whistle(&self) -> bool {
        drafts(&self.me, &self.case)
    }

    fn sees_whistles(&self) -> bool {
        self.me.kind.may(Permission::SeeWhistles)
    }

    /// Whether the street may propose a project because the trouble keeps coming.
    fn proposes(&self) -> bool {
        let me = &self.me;
        self.case.alike > 1 && me.kind.is_street() && me.kind.may(Permission::ExercisePowers)
    }

    fn may_unmask(&self) -> bool {
        self.hands.plain.is_none() && may_unmask(&self.me)
    }

    /// Name and number of who told it, masked.
    fn teller(&self) -> String {
        let masks = [&self.case.teller_name_mask, &self.case.teller_phone_mask];
        let masks: Vec<&str> = masks.into_iter().flatten().map(String::as_str).collect();
        masks.join(" ")
    }

    /// Whether a room is masked and nobody told the matter, so that it is asked for beside the place.
    fn has_only_a_room(&self) -> bool {
        let masked = self.case.spot.contains("***") && !self.case.is_anonymised;
        masked && self.teller().is_empty() && self.may_unmask()
    }

    /// What the teller may be looked at for; what is asked most is first.
    fn purposes(&self) -> [Purpose; 4] {
        use Purpose::{Contact, Handover, Request, Verify};
        [Contact, Handover, Verify, Request]
    }

    fn community(&self) -> &str {
        self.case.place.split(' ').next().unwrap_or_default()
    }

    /// Where the file was begun: 楼栋长 周强 (3 号楼).
    fn source(&self) -> String {
        format!("{} {}", self.case.filer_seat, self.case.filer)
    }

    /// Whom it waits for, for those who have nothing to do with it now.
    fn whose_turn(&self) -> String {
        match self.case.facts.stage {
            Stage::Filed => format!("等{}受理。", self.community()),
            Stage::Accepted => format!("{}正在处置。", self.community()),
            Stage::Raised if self.case.facts.behind_whistle => "哨单正在起草或审批。".to_owned(),
            Stage::Raised => "等街道指挥调度中心分拣。".to_owned(),
            Stage::Whistled => "部门正在办理，见哨单。".to_owned(),
            Stage::Solved | Stage::Rejected | Stage::Merged => "这件事已经结束。".to_owned(),
        }
    }

    fn others_open(&self) -> Vec<MoveKind> {
        let others = self.open.iter().filter(|mv| Some(**mv) != self.hands.doing);
        others.copied().collect()
    }

    /// Whether a condition of filing is the one that is chosen; one alone is from the beginning.
    fn chooses(&self, condition: &Condition) -> bool {
        let typed = &self.hands.form.condition;
        self.case.conditions.len() == 1 || *typed == condition.key()
    }

    fn asks(&self) -> Option<(&'static str, &'static str)> {
        self.hands.doing.and_then(asks)
    }

    /// The phrases that the form offers.
    fn phrases(&self) -> &[String] {
        self.case.phrases.of(self.hands.doing.and_then(phrased))
    }

    fn wrong(&self) -> String {
        format!("没有保存，有 {} 处要改：", self.hands.errors.len())
    }
}

/// The tray of the form that is shown: what stands in it, if the form has been sent before.
async fn tray(visit: &mut Visit, hands: &Hands, demand: Demand) -> Result<Tray> {
    let step = hands.doing.and_then(photographed);
    match (step, hands.form.tray.parse().ok()) {
        (Some(step), id @ Some(_)) => {
            let tray = photos::tray(&mut visit.tx, &visit.me, id, step).await?;
            Ok(tray.wrong(&hands.errors))
        }
        (step, _) => {
            let wanted = step.is_some_and(|step| demand.asks(step));
            Ok(Tray::new(visit.tx.now, wanted).wrong(&hands.errors))
        }
    }
}

fn drafts(me: &Viewer, case: &Case) -> bool {
    me.kind.may(Permission::DraftWhistles) && case.facts.may_stand_behind_whistle()
}

/// The ground, the community and the street deal with the teller; the city does not.
fn may_unmask(me: &Viewer) -> bool {
    me.kind.is_ground() || me.kind.is_community() || me.kind.is_street()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    #[serde(rename = "do")]
    doing: String,
    done: String,
}

/// One matter.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<MatterId>,
    Query(wish): Query<Wish>,
) -> Result<Page<Show>> {
    let hands = Hands {
        doing: MoveKind::read(&wish.doing),
        ..Hands::default()
    };
    let mut page = Show::of(&mut visit, id, hands).await?;
    page.hands.flash = said(&wish.done, &page);
    Ok(Page(page))
}

/// What the flash says after a move.
fn said(done: &str, page: &Show) -> String {
    let number = &page.case.number;
    match (done, MoveKind::read(done)) {
        ("file", _) => match (page.case.facts.stage, &page.case.into) {
            (Stage::Merged, Some(into)) => format!("已上报，编号 {number}，并入 {}。", into.number),
            (Stage::Solved, _) => format!("已登记，编号 {number}。"),
            _ => format!("已上报{}，编号 {number}。", page.community()),
        },
        (_, Some(MoveKind::Reject)) => "已按不予受理办结。".to_owned(),
        (_, Some(mv)) => format!("已{}。", mv.label()),
        (_, None) => String::new(),
    }
}

/// The page with the teller in clear; that it was asked for is on record.
pub(super) async fn unmask(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<MatterId>,
    Form(form): Form<SightForm>,
) -> Result<Response> {
    if !may_unmask(&visit.me) {
        return Err(Error::Forbidden);
    }
    queries::find(&mut visit.tx, &visit.me, id).await?;
    let mut hands = Hands::default();
    match actions::unmask(&mut visit.tx, &visit.me, (&keys, id, false), &form).await {
        Ok(opened) => {
            hands.plain = Some(opened);
            let page = Show::of(&mut visit, id, hands).await?;
            visit.tx.commit().await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            hands.refused = match why {
                Again::Invalid(errors) => errors.sentences(),
                Again::Refused(sentence) => sentence,
                Again::Stale => return Err(Error::Stale),
            };
            let mut visit = visit.afresh(&db).await?;
            let page = Show::of(&mut visit, id, hands).await?;
            Ok((status, Page(page)).into_response())
        }
    }
}
