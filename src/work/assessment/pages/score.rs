//! One score: how it came about, part by part, down to the cases.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{
    Assessed, Book, Case, ComponentScore, Correction, Exact, Exemption, Item, ItemScore, Life,
    OfSubject, Period, Sight, Standing, by_subject, explanation, short_digest,
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
}

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

    /// How far another period has come, with its digest.
    fn state_of(life: Option<&Life>) -> String {
        let digest = life.and_then(|l| l.digest.as_deref()).map(short_digest);
        digest.map_or_else(|| state(life), |d| format!("{}，摘要 {d}", state(life)))
    }

    /// This period and the two before it.
    fn lately(&self) -> Vec<(Period, Option<&Life>)> {
        let first = self.book.period;
        let periods = [first, first.previous(), first.previous().previous()];
        let life = |p: Period| self.book.lives.iter().find(move |l| l.period == p);
        periods.into_iter().map(|p| (p, life(p))).collect()
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
    let opened = opened(&book, &assessed, &standing, (&visit.me, &wish));
    let page = ScorePage {
        chrome: visit.chrome(Section::Assessment),
        now,
        said: explanation(&assessed.scheme, &standing, sight.ranks()),
        corrections: assessed.corrections(department),
        sees_departments: visit.me.kind.may(Permission::SeeChain),
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
    book: &Book,
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
    let item: Item = wish.item.parse().ok()?;
    let scored = standing.score.item(item)?;
    let mut rows = Vec::new();
    for case in cases {
        let samples = case.samples(&assessed.scheme);
        let samples: Vec<_> = samples.into_iter().filter(|s| s.item == item).collect();
        if samples.is_empty() || scored.weight.is_zero() {
            continue;
        }
        let short: Exact = samples
            .iter()
            .map(|s| &s.weight * &(&Exact::whole(1) - &s.value))
            .sum();
        let lost = &(&scored.worth * &short) / &scored.weight;
        rows.push(row(me, case, result(book, case, item), lost));
    }
    let of = rows.len();
    if wish.all != "1" {
        rows.retain(|r| !r.lost.is_zero());
    }
    rows.sort_by(|a, b| (&b.lost, &a.number).cmp(&(&a.lost, &b.number)));
    let which = if wish.all == "1" {
        "全部"
    } else {
        "失分的"
    };
    Some(Opened {
        title: format!("{}：{which} {} 件", item.label(), rows.len()),
        rows,
        of,
    })
}

fn row(me: &Viewer, case: &Case, result: String, lost: Exact) -> Row {
    let elsewhere = me.kind.is_street() && me.seat_name() != case.street;
    Row {
        title: case.title.clone(),
        number: case.number.clone(),
        street: case.street.clone(),
        href: (!elsewhere).then(|| format!("/whistles/{}", case.whistle)),
        result,
        lost,
    }
}

/// What a case came to in an item.
fn result(book: &Book, case: &Case, item: Item) -> String {
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
