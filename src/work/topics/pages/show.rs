//! One topic: its three lists, before and after, and the forms of whoever's turn it is.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Comparison, Item, List, Move, Period, Place, Stage, Topic, periods};
use super::super::queries::topic as queries;
use super::{STALE, Wish, version};
use crate::base::clock::day_of;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Viewer, Visit};
use crate::work::TopicId;
use crate::work::figures::{Bar, bars};
use crate::work::matters::filed_list;

/// What any form of the page carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    once: String,
    version: String,
    words: String,
    item: String,
    list: String,
    department: String,
    day: String,
}

#[derive(Template)]
#[template(path = "topics/show.html")]
struct Show {
    chrome: Chrome,
    me: Viewer,
    topic: Topic,
    periods: Vec<Period>,
    comparison: Comparison,
    bars: Vec<Bar>,
    open: Vec<Move>,
    not_yet: Vec<(Move, &'static str)>,
    /// The form that was sent and is wrong, if any.
    doing: Option<Move>,
    form: MoveForm,
    errors: FieldErrors,
    refused: String,
    flash: &'static str,
    once: String,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Show {
    async fn of(visit: &mut Visit, id: TopicId) -> Result<Self> {
        let topic = queries::topic(&mut visit.tx, &visit.me, id).await?;
        let today = visit.tx.today();
        let periods = periods(day_of(topic.taken_up_at), today);
        let sums: Vec<i64> = periods.iter().map(|p| sum(&topic, p)).collect();
        let drawn = bars(&[sums], (720.0, 120.0));
        Ok(Self {
            chrome: visit.chrome(Section::Topics),
            me: visit.me.clone(),
            comparison: Comparison::of(&periods, &topic.counts),
            bars: drawn.into_iter().flatten().collect(),
            periods,
            open: topic.open_to(&visit.me),
            not_yet: topic.not_yet(&visit.me),
            topic,
            doing: None,
            form: MoveForm::default(),
            errors: FieldErrors::new(),
            refused: String::new(),
            flash: "",
            once: visit.once(),
            today,
            now: visit.tx.now,
        })
    }

    fn is_doing(&self, mv: &Move) -> bool {
        self.doing == Some(*mv)
    }

    /// What was typed into a field of a form, or nothing.
    fn typed(&self, mv: &Move, field: &str) -> &str {
        match field {
            _ if !self.is_doing(mv) => "",
            "words" => &self.form.words,
            "item" => &self.form.item,
            "list" => &self.form.list,
            "department" => &self.form.department,
            "day" => &self.form.day,
            _ => "",
        }
    }

    fn error(&self, mv: &Move, field: &str) -> &str {
        if self.is_doing(mv) {
            self.errors.of(field)
        } else {
            ""
        }
    }

    /// The id of a field: the same name stands in several forms.
    fn id(mv: &Move, field: &str) -> String {
        format!("{}-{field}", mv.code())
    }

    /// The id of the first wrong field.
    fn first_wrong(&self) -> String {
        self.doing
            .map_or_else(String::new, |mv| Self::id(&mv, self.errors.first()))
    }

    fn hint(mv: &Move) -> &'static str {
        match mv {
            Move::HandIn => "治理目标、分几步办、谁来办。具体事项写在三张清单里。",
            Move::Conclude => "对照办结标准写，前后件数由系统数出。",
            Move::Add | Move::Finish | Move::Drop | Move::Withdraw => "",
        }
    }

    fn rows(mv: &Move) -> usize {
        match mv {
            Move::HandIn => 6,
            Move::Add | Move::Finish | Move::Drop | Move::Conclude | Move::Withdraw => 3,
        }
    }

    /// The lines that a move can be about.
    fn items(&self, mv: &Move) -> Vec<&Item> {
        self.topic.items_for(*mv, &self.me)
    }

    fn lines(&self, list: &List) -> Vec<&Item> {
        self.topic.list(*list)
    }

    fn day_of(at: &DateTime<Utc>) -> String {
        words::day(day_of(*at))
    }

    fn is_late(&self, item: &Item) -> bool {
        item.is_late(self.today)
    }

    /// How much of a list is done.
    fn progress(&self, list: &List) -> String {
        let lines = self.lines(list);
        let counts = lines.iter().filter(|i| !i.dropped);
        let done = counts.clone().filter(|i| !i.is_open()).count();
        format!("{} 项，办完 {done} 项", counts.count())
    }

    /// How many matters came in a place in a period, and the list of them if the viewer sees it.
    fn cell(&self, place: &Place, period: &Period) -> (i64, Option<String>) {
        let mut counts = self.topic.counts.iter();
        let n = counts
            .find(|c| c.place == place.code && c.number == period.number)
            .map_or(0, |c| c.n);
        let area = self.me.reach();
        let sees = self.me.kind.may(Permission::SeeMatters) && place.code.starts_with(area.area());
        let days = (period.first, period.last);
        let href = || filed_list(&place.code, &self.topic.class_code, days);
        (n, (sees && n > 0).then(href))
    }

    fn sum(&self, period: &Period) -> i64 {
        sum(&self.topic, period)
    }

    /// The drawing in words.
    fn drawn(&self) -> String {
        let of = |period: &Period| format!("{} {} 件", period.days(), self.sum(period));
        let all: Vec<String> = self.periods.iter().map(of).collect();
        all.join("；")
    }
}

/// What came in all places of a topic in a period.
fn sum(topic: &Topic, period: &Period) -> i64 {
    let counts = topic.counts.iter().filter(|c| c.number == period.number);
    counts.map(|c| c.n).sum()
}

/// The topic.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<TopicId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "new" => "已立题，牵头部门已收到消息。",
        "amended" => "已修改课题。",
        "scheme" => "已报送方案。",
        "items" => "已列入清单。",
        "done" => "已记录办完。",
        "dropped" => "已注明不再办。",
        "conclusion" => "已结题。",
        "withdrawal" => "已撤题。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// Hands in the scheme.
pub(super) async fn hand_in(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, Move::HandIn), form).await
}

/// Adds a line to a list.
pub(super) async fn add(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, Move::Add), form).await
}

/// Says that a line is done.
pub(super) async fn finish(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, Move::Finish), form).await
}

/// Says that a line is not done any more.
pub(super) async fn drop_item(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, Move::Drop), form).await
}

/// Concludes it.
pub(super) async fn conclude(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, Move::Conclude), form).await
}

/// Gives it up.
pub(super) async fn withdraw(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<TopicId>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, Move::Withdraw), form).await
}

async fn act(
    db: &Db,
    mut visit: Visit,
    (id, mv): (TopicId, Move),
    form: MoveForm,
) -> Result<Response> {
    let location = format!("/topics/{id}?done={}", mv.code());
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match acts(&mut visit, (id, mv), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, (id, mv), form, why).await
        }
    }
}

async fn acts(visit: &mut Visit, (id, mv): (TopicId, Move), form: &MoveForm) -> Result<()> {
    let seen = (id, version(&form.version)?);
    let mut errors = FieldErrors::new();
    match mv {
        Move::Add => added(visit, seen, form).await,
        Move::Finish | Move::Drop => {
            let item = errors.choice("item", "清单事项", &form.item);
            let text = said(&mut errors, mv, form);
            let Some(item) = item.filter(|_| errors.is_empty()) else {
                return Err(Error::Invalid(errors));
            };
            let (tx, me) = (&mut visit.tx, &visit.me);
            actions::end_item(tx, me, seen, mv, (item, &text)).await
        }
        Move::HandIn => {
            let text = said(&mut errors, mv, form);
            errors.or(()).map_err(Error::Invalid)?;
            actions::hand_in(&mut visit.tx, &visit.me, seen, &text).await
        }
        Move::Conclude => {
            let text = said(&mut errors, mv, form);
            errors.or(()).map_err(Error::Invalid)?;
            actions::conclude(&mut visit.tx, &visit.me, seen, &text).await
        }
        Move::Withdraw => {
            let text = said(&mut errors, mv, form);
            errors.or(()).map_err(Error::Invalid)?;
            actions::withdraw(&mut visit.tx, &visit.me, seen, &text).await
        }
    }
}

fn said(errors: &mut FieldErrors, mv: Move, form: &MoveForm) -> String {
    let bounds = (2, mv.longest());
    errors.text("words", mv.words_label(), &form.words, bounds)
}

/// A line that is added: of one of the topic's own departments.
async fn added(visit: &mut Visit, seen: (TopicId, i32), form: &MoveForm) -> Result<()> {
    let topic = queries::topic(&mut visit.tx, &visit.me, seen.0).await?;
    let mut errors = FieldErrors::new();
    let list: Option<List> = form.list.parse().ok();
    if list.is_none() {
        errors.add("list", "请选择哪张清单。");
    }
    let text = said(&mut errors, Move::Add, form);
    let mut all = topic.departments.iter();
    let department = all.find(|d| d.id.to_string() == form.department);
    if department.is_none() {
        errors.add("department", "请从牵头、配合部门里选择责任部门。");
    }
    let due = due(&mut errors, list, form, visit.tx.today());
    match (list, department) {
        (Some(list), Some(department)) if errors.is_empty() => {
            let line = (list, department, due);
            actions::add(&mut visit.tx, &visit.me, seen, line, &text).await
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// The day by which a line is done: from today on, within three years.
fn due(
    errors: &mut FieldErrors,
    list: Option<List>,
    form: &MoveForm,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let needs = list.is_none_or(List::needs_day);
    if form.day.trim().is_empty() && !needs {
        return None;
    }
    errors.day_ahead("day", ("完成日期", &form.day), (today, 3 * 365))
}

/// The page again with everything that was typed.
async fn again(
    mut visit: Visit,
    (id, mv): (TopicId, Move),
    form: MoveForm,
    why: Again,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.doing = Some(mv);
    page.form = form;
    let status = why.status();
    (page.errors, page.refused) = why.said(STALE);
    Ok((status, Page(page)).into_response())
}
