//! One score: how it came about, part by part, down to the cases.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{
    Assessed, Book, Case, ComponentScore, Correction, Exact, Exemption, Item, ItemScore, Life,
    ObjectionState, OfSubject, Period, Raised, Scheme, Sight, Standing, by_subject,
    can_be_objected, effect, explanation, lamp, may_object, path, short_digest, standing,
};
use super::super::queries::book;
use super::ranking::state;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Permission, Section, Viewer, Visit};
use crate::work::visits::{Answer, Feeling};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    item: String,
    all: String,
}

/// One case under an opened item.
#[derive(Debug)]
struct Row {
    title: String,
    number: String,
    street: String,
    /// Where the whistle is, if the viewer sees it.
    href: Option<String>,
    result: String,
    lost: Exact,
    /// It lost points, and does not count any more.
    is_out: bool,
    objection: Mark,
}

/// The objection of a row: what it says and where it is; or where one can object.
#[derive(Debug)]
enum Mark {
    /// One was made.
    Made {
        words: &'static str,
        href: Option<String>,
        is_mine: bool,
        is_open: bool,
    },
    /// One can be made.
    CanBe(String),
    /// None was made.
    None,
}

/// An objection beside the score.
#[derive(Debug)]
struct Objected {
    title: String,
    number: String,
    href: Option<String>,
    item: Item,
    asked: String,
    reason: &'static str,
    standing: &'static str,
    /// What it changes if it is upheld, while it is open.
    effect: Option<String>,
    lamp: Option<(&'static str, String)>,
    /// The viewer calls its panel.
    calls: bool,
    is_open: bool,
}

/// In an address: what upheld objections keep out.
const UPHELD: &str = "objection";

/// The cases below the tree.
#[derive(Debug)]
struct Opened {
    title: String,
    rows: Vec<Row>,
    /// How many cases the item has in all.
    of: usize,
}

#[derive(Template)]
#[template(path = "assessment/score.html")]
struct ScorePage {
    chrome: Chrome,
    now: DateTime<Utc>,
    book: Book,
    assessed: Assessed,
    standing: Standing,
    sight: Sight,
    said: Vec<String>,
    wish: Wish,
    opened: Option<Opened>,
    subjects: Vec<OfSubject>,
    corrections: Vec<Correction>,
    sees_departments: bool,
    objected: Vec<Objected>,
}

impl ScorePage {
    fn path(&self) -> String {
        format!(
            "{}/{}",
            self.book.period.path(),
            self.standing.score.department.id
        )
    }

    fn state(&self) -> String {
        state(self.book.life.as_ref())
    }

    fn is_open(&self, item: &ItemScore) -> bool {
        self.wish.item == item.item.code()
    }

    fn is_scant(&self, item: &ItemScore) -> bool {
        self.assessed.scheme.is_small(item.n)
    }

    /// The items of a part that have rows of their own; the street's is taken apart by kind.
    fn items<'a>(&self, part: &'a ComponentScore) -> Vec<&'a ItemScore> {
        let own = |i: &&ItemScore| i.item != Item::Rating;
        part.items.iter().filter(own).collect()
    }

    fn n_of(&self, part: &ComponentScore) -> usize {
        part.items.iter().map(|i| i.n).max().unwrap_or(0)
    }

    fn place(&self) -> String {
        self.standing
            .place
            .map_or("—".to_owned(), |p| p.to_string())
    }

    /// What is left out and stays in sight, with how many cases.
    fn left_out(&self) -> Vec<(Exemption, usize)> {
        let scheme = &self.assessed.scheme;
        let of = |exemption: &Exemption| {
            let cases = self.assessed.cases_of(self.standing.score.department.id);
            let n = cases
                .filter(|c| c.left_out(scheme).contains(exemption))
                .count();
            (n > 0).then_some((*exemption, n))
        };
        Exemption::ALL.iter().filter_map(of).collect()
    }

    /// Whether the viewer has a panel to call.
    fn calls(&self) -> bool {
        self.objected.iter().any(|o| o.calls)
    }

    /// How many cases an upheld objection keeps out of an item.
    fn upheld(&self) -> usize {
        let cases = self.assessed.cases_of(self.standing.score.department.id);
        cases.filter(|c| !c.exempted.is_empty()).count()
    }

    /// Until when the department may object, or why it cannot.
    fn window(&self) -> String {
        match self.book.life.as_ref() {
            None => "公示以后部门可以申诉。".to_owned(),
            Some(life) if life.frozen_at.is_some() => "已封存，不再受理申诉。".to_owned(),
            Some(life) => {
                let until = words::minute(life.objections_until);
                if self.now > life.objections_until {
                    format!("申诉期已到 {until} 为止。")
                } else {
                    format!("打开失分的项目，对某一件申诉，{until} 前提出。")
                }
            }
        }
    }

    /// How far another period has come, with its digest.
    fn state_of(life: Option<&Life>) -> String {
        let digest = life.and_then(|l| l.digest.as_deref()).map(short_digest);
        digest.map_or_else(|| state(life), |d| format!("{}，摘要 {d}", state(life)))
    }

    /// This period, and the last ones before it that were shown.
    fn lately(&self) -> Vec<(Period, Option<&Life>)> {
        let period = self.book.period;
        let own = std::iter::once((period, self.book.life.as_ref()));
        let before = |l: &&Life| l.period.first() < period.first();
        let shown = self.book.lives.iter().filter(before).take(2);
        own.chain(shown.map(|l| (l.period, Some(l)))).collect()
    }
}

/// One score.
pub(super) async fn look(
    mut visit: Visit,
    Path((period, department)): Path<(Period, DepartmentId)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let sight = Sight::of(&visit.me, book.life.as_ref());
    if !sight.opens(department) {
        return Err(Error::NotFound);
    }
    let now = visit.tx.now;
    let assessed = book.assessed(now);
    let standing = assessed.of(department)?.clone();
    let cases: Vec<&Case> = assessed.cases_of(department).collect();
    let rating = standing.score.item(Item::Rating);
    let subjects = rating
        .map(|r| by_subject(&assessed.scheme, r, &cases))
        .unwrap_or_default();
    let opened = opened((&book, now), &assessed, &standing, (&visit.me, &wish));
    let page = ScorePage {
        chrome: visit.chrome(Section::Assessment),
        now,
        said: explanation(&assessed.scheme, &standing, sight.ranks()),
        corrections: assessed.corrections(department),
        sees_departments: visit.me.kind.may(Permission::SeeChain),
        objected: objected(&book, &assessed, department, (&visit.me, now)),
        subjects,
        opened,
        book,
        assessed,
        standing,
        sight,
        wish,
    };
    Ok(Page(page).into_response())
}

/// The cases of the item that is asked for: those that cost points, or all of them.
fn opened(
    (book, now): (&Book, DateTime<Utc>),
    assessed: &Assessed,
    standing: &Standing,
    (me, wish): (&Viewer, &Wish),
) -> Option<Opened> {
    let department = standing.score.department.id;
    let cases = assessed.cases_of(department);
    if let Ok(exemption) = wish.item.parse::<Exemption>() {
        let left = cases.filter(|c| c.left_out(&assessed.scheme).contains(&exemption));
        let rows: Vec<Row> = left
            .map(|c| row(me, c, "不计入".to_owned(), Exact::default()))
            .collect();
        return Some(Opened {
            title: format!("不计入：{}", exemption.label()),
            of: rows.len(),
            rows,
        });
    }
    if wish.item == UPHELD {
        let out = cases.flat_map(|c| c.exempted.iter().map(move |e| (c, e)));
        let rows = out.map(|(case, out)| {
            let result = format!("{}，{}", out.item.label(), out.reason.label());
            let mark = marked((book, now), (&assessed.scheme, case, out.item), me);
            Row {
                is_out: true,
                objection: mark,
                ..row(me, case, result, Exact::default())
            }
        });
        let rows: Vec<Row> = rows.collect();
        return Some(Opened {
            title: "不计入：申诉成立".to_owned(),
            of: rows.len(),
            rows,
        });
    }
    let item: Item = wish.item.parse().ok()?;
    let scored = standing.score.item(item)?;
    let mut rows = Vec::new();
    for case in cases {
        let samples = case.found(&assessed.scheme);
        let samples: Vec<_> = samples.into_iter().filter(|s| s.item == item).collect();
        if samples.is_empty() {
            continue;
        }
        let is_out = case.exempted_from(item).is_some();
        let lost = if is_out || scored.weight.is_zero() {
            Exact::default()
        } else {
            let short: Exact = samples
                .iter()
                .map(|s| &s.weight * &(&Exact::whole(1) - &s.value))
                .sum();
            &(&scored.worth * &short) / &scored.weight
        };
        rows.push(Row {
            is_out,
            objection: marked((book, now), (&assessed.scheme, case, item), me),
            ..row(me, case, result(book, case, item), lost)
        });
    }
    let of = rows.len();
    if wish.all != "1" {
        rows.retain(|r| r.is_out || !r.lost.is_zero());
    }
    rows.sort_by(|a, b| (&b.lost, &a.number).cmp(&(&a.lost, &b.number)));
    Some(Opened {
        title: titled(item, &rows, wish.all == "1"),
        rows,
        of,
    })
}

/// `按时办结：失分的 2 件，剔除 1 件`
fn titled(item: Item, rows: &[Row], all: bool) -> String {
    let out = rows.iter().filter(|r| r.is_out).count();
    let mut title = if all {
        format!("{}：全部 {} 件", item.label(), rows.len())
    } else {
        format!("{}：失分的 {} 件", item.label(), rows.len() - out)
    };
    if out > 0 {
        title.push_str(&format!("，剔除 {out} 件"));
    }
    title
}

/// What a row says about objections.
fn marked(
    (book, now): (&Book, DateTime<Utc>),
    (scheme, case, item): (&Scheme, &Case, Item),
    me: &Viewer,
) -> Mark {
    let raised = book.raised(case.id);
    if let Some(made) = raised.iter().find(|r| r.item == item) {
        return Mark::Made {
            words: standing(made.state, made.panel_at.is_some()),
            href: sees_case(me, case).then(|| path(made.period, made.id)),
            is_mine: waits(made, me),
            is_open: made.state == ObjectionState::Open,
        };
    }
    let may = me.kind.may(Permission::ObjectToScores)
        && may_object(book.period, book.life.as_ref(), now).is_ok()
        && can_be_objected(scheme, case, item, raised).is_ok();
    if may {
        let (period, item) = (book.period.path(), item.code());
        Mark::CanBe(format!(
            "{period}/objections/new?item={item}&case={}",
            case.id
        ))
    } else {
        Mark::None
    }
}

/// Whether an objection waits for the viewer: to call its panel, or to vote.
fn waits(made: &Raised, me: &Viewer) -> bool {
    let is_open = made.state == ObjectionState::Open;
    let calls = made.panel_at.is_none() && me.kind.may(Permission::ChangeAssessment);
    is_open && (calls || made.asked.contains(&me.post.0))
}

/// The objections of the department in this period, for the side of the page.
fn objected(
    book: &Book,
    assessed: &Assessed,
    department: DepartmentId,
    (me, now): (&Viewer, DateTime<Utc>),
) -> Vec<Objected> {
    let mut objected = Vec::new();
    for case in assessed.cases_of(department) {
        for made in book.raised(case.id) {
            if made.period != book.period {
                continue;
            }
            let is_open = made.state == ObjectionState::Open;
            let lamp = lamp((made.soon_at, made.due_at), &book.calendar, now);
            let effect = effect(assessed, department, (case.id, made.item));
            objected.push(Objected {
                title: case.title.clone(),
                number: case.number.clone(),
                href: sees_case(me, case).then(|| path(made.period, made.id)),
                item: made.item,
                asked: format!("{} {}", words::short_minute(made.asked_at, now), made.asker),
                reason: made.reason.label(),
                standing: standing(made.state, made.panel_at.is_some()),
                effect: effect.filter(|_| is_open).map(|e| e.words()),
                lamp: lamp.filter(|_| is_open).map(|(l, w)| (l.code(), w)),
                calls: waits(made, me) && made.panel_at.is_none(),
                is_open,
            });
        }
    }
    objected.sort_by_key(|o| !o.is_open);
    objected
}

/// A street opens the whistles of its own ground alone.
fn sees_case(me: &Viewer, case: &Case) -> bool {
    !me.kind.is_street() || me.seat_name() == case.street
}

fn row(me: &Viewer, case: &Case, result: String, lost: Exact) -> Row {
    Row {
        title: case.title.clone(),
        number: case.number.clone(),
        street: case.street.clone(),
        href: sees_case(me, case).then(|| format!("/whistles/{}", case.whistle)),
        result,
        lost,
        is_out: false,
        objection: Mark::None,
    }
}

/// What a case came to in an item.
pub(super) fn result(book: &Book, case: &Case, item: Item) -> String {
    let said = |word: fn(&super::super::model::Answered) -> &'static str| {
        let words: Vec<&str> = case.answers.iter().map(word).collect();
        words.join("、")
    };
    match item {
        Item::Rating => case
            .mean()
            .map(|m| format!("平均 {}", m.decimal(2)))
            .unwrap_or_default(),
        Item::Responded => said(|a| {
            if a.responded {
                "按时报到"
            } else {
                "没有按时报到"
            }
        }),
        Item::Solved => said(|a| match a.answer {
            Answer::Solved | Answer::Partly | Answer::Unsolved => a.answer.label(),
        }),
        Item::Satisfied => said(|a| match a.feeling {
            Feeling::Satisfied | Feeling::Basically | Feeling::Unsatisfied => a.feeling.label(),
        }),
        Item::Sign | Item::Report | Item::Close => {
            let times = case.times.iter().filter(|t| t.item == item);
            let words = times.map(|t| {
                if t.late || t.exempt {
                    t.words(&book.calendar)
                } else {
                    "按时".to_owned()
                }
            });
            words.collect::<Vec<_>>().join("、")
        }
        Item::FirstCheck => if case.first_check == Some(true) {
            "一次通过"
        } else {
            "返工"
        }
        .to_owned(),
        Item::Returns => if case.returned == Some(true) {
            "退回成立"
        } else {
            "退回不成立"
        }
        .to_owned(),
    }
}
