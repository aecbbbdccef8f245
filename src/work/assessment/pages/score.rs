//! One score: how it came about, part by part, down to the cases.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{
    Assessed, Book, Case, ComponentScore, Correction, Exemption, Item, ItemScore, Life, OfSubject,
    Period, SEALED, Sight, Standing, by_subject, explanation, short_digest,
};
use super::super::queries::book;
use super::cases::{Mark, Objected, Opened, UPHELD, objected, opened};
use super::ranking::state;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Permission, Section, Visit};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    pub(super) item: String,
    pub(super) all: String,
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

    /// The objections of the period: the open ones, or once none is open, the decided ones.
    fn objections(&self) -> String {
        let open = self
            .book
            .life
            .as_ref()
            .is_some_and(|l| l.open_objections > 0);
        let tab = if open { "open" } else { "ended" };
        format!("{}/objections?tab={tab}", self.book.period.path())
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
