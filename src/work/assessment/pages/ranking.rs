//! The ranking of a period, and the periods.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::model::{
    Assessed, Book, Component, Exact, Group, Life, Period, Sight, Stage, Standing, may_be_frozen,
    may_be_shown, short_digest, warnings,
};
use super::super::queries::book;
use super::points;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Path, Query, see_other};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

/// How many quarters the page names.
const QUARTERS: usize = 6;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    period: String,
    done: String,
}

/// What the office may do with the period now, or why not yet.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) href: String,
    pub(super) label: &'static str,
    /// Why it cannot be done now; empty if it can.
    pub(super) not_yet: String,
}

#[derive(Template)]
#[template(path = "assessment/ranking.html")]
struct Ranking {
    chrome: Chrome,
    now: DateTime<Utc>,
    book: Book,
    assessed: Assessed,
    sight: Sight,
    step: Option<Step>,
    may_change: bool,
    typed: String,
    wrong: String,
    flash: &'static str,
}

impl Ranking {
    /// How many warnings there are.
    fn warned(&self) -> usize {
        warnings(&self.book).len()
    }

    fn title(&self) -> String {
        self.book.period.title()
    }

    /// How far the period has come.
    fn state(&self) -> String {
        state(self.book.life.as_ref())
    }

    /// The rows of a group that the viewer sees.
    fn rows(&self, group: &Group) -> Vec<&Standing> {
        let of = |s: &&Standing| s.score.group == group.position && self.sees(s);
        self.assessed.standings.iter().filter(of).collect()
    }

    fn sees(&self, standing: &Standing) -> bool {
        match self.sight {
            Sight::All | Sight::OwnAndRanking(_) => true,
            Sight::Own(own) => standing.score.department.id == own,
            Sight::Nothing => false,
        }
    }

    fn is_empty(&self) -> bool {
        !self
            .assessed
            .standings
            .iter()
            .any(|s| self.sees(s) && s.score.n > 0)
    }

    fn opens(&self, standing: &Standing) -> bool {
        self.sight.opens(standing.score.department.id)
    }

    fn href(&self, standing: &Standing) -> String {
        format!(
            "{}/{}",
            self.book.period.path(),
            standing.score.department.id
        )
    }

    fn part(&self, standing: &Standing, component: &Component) -> String {
        let part = standing.score.of(*component).filter(|c| !c.is_empty());
        points(part.map(|c| &c.score))
    }

    /// What a part could bring, where it is not what the scheme says: `/64.3`.
    fn out_of(standing: &Standing, component: &Component) -> String {
        let part = standing.score.of(*component);
        let other = part.filter(|c| !c.is_empty() && c.worth != c.points);
        other.map_or_else(String::new, |c| format!("/{}", c.worth.decimal(1)))
    }

    /// Whose points went where because nothing of theirs was counted: `群众 30 分给街道、客观`.
    fn passed_on(standing: &Standing) -> String {
        let parts = || standing.score.components.iter();
        let named = |given: bool| {
            let of = parts().filter(|c| !c.points.is_zero() && c.worth.is_zero() == given);
            of.map(|c| c.component.short())
                .collect::<Vec<_>>()
                .join("、")
        };
        let (from, to) = (named(true), named(false));
        if from.is_empty() || to.is_empty() {
            return String::new();
        }
        let empty = parts().filter(|c| c.worth.is_zero());
        let points: Exact = empty.map(|c| c.points.clone()).sum();
        format!("{from} {} 分给{to}", points.short())
    }

    fn place(standing: &Standing) -> String {
        standing.place.map_or("—".to_owned(), |p| p.to_string())
    }

    /// Why there is no place: too few, nobody rated, nothing at all.
    fn remark(&self, standing: &Standing) -> &'static str {
        if standing.score.total.is_none() {
            "无事项"
        } else if standing.is_small {
            "样本不足"
        } else if standing.place.is_none() {
            "没有评价"
        } else {
            ""
        }
    }

    fn corrections(&self) -> usize {
        let departments = self
            .assessed
            .standings
            .iter()
            .map(|s| s.score.department.id);
        departments
            .map(|d| self.assessed.corrections(d).len())
            .sum()
    }

    /// When the facts are locked, or why that cannot be said.
    fn locks(&self) -> String {
        match self.book.locked() {
            Ok(at) => format!("各项事实记录到 {} 为止", words::minute(at)),
            Err(why) => {
                let why = why.to_string();
                let why = why.trim_end_matches('。');
                format!("各项事实的截止时间还算不出来（{why}）")
            }
        }
    }

    /// When a department will see something.
    fn when_shown(&self) -> String {
        if self.book.period.is_published() {
            let locks = self.locks();
            format!("{locks}，公示以后可以看本部门得分，封存以后可以看名次。")
        } else {
            "月份只供市、街道参考，不公示。请看季度或年度。".to_owned()
        }
    }

    /// Where else one can look: quarters with how far they have come, then years and months.
    fn quarters(&self) -> Vec<(Period, String)> {
        let mut period = Period::quarter_of(self.today());
        let mut quarters = Vec::new();
        for _ in 0..QUARTERS {
            let life = self.book.lives.iter().find(|l| l.period == period);
            quarters.push((period, state(life)));
            period = period.previous();
        }
        quarters
    }

    fn today(&self) -> NaiveDate {
        crate::base::clock::day_of(self.now)
    }

    fn others(&self) -> [Period; 4] {
        let month = Period::month_of(self.today());
        let year = Period::Year(chrono::Datelike::year(&self.today()));
        [year, year.previous(), month, month.previous()]
    }

    fn digest(&self) -> Option<String> {
        let life = self.book.life.as_ref();
        life.and_then(|l| l.digest.as_deref()).map(short_digest)
    }
}

/// `预览，未封存`, `公示中，异议期到 …`, `已于 … 封存`.
pub(super) fn state(life: Option<&Life>) -> String {
    match life {
        None => "预览，未封存".to_owned(),
        Some(life) => match (life.stage, life.frozen_at) {
            (Stage::Frozen, Some(at)) => format!("{} 封存", words::minute(at)),
            (Stage::Shown | Stage::Frozen, _) => {
                format!("公示中，异议期到 {}", words::minute(life.objections_until))
            }
        },
    }
}

/// What comes next for the period, for whoever may do it.
pub(super) fn next_step(book: &Book, now: DateTime<Utc>) -> Option<Step> {
    let (life, period) = (book.life.as_ref(), book.period);
    let why = |error: Error| match error {
        Error::Refused(sentence) => sentence,
        Error::SignIn
        | Error::Forbidden
        | Error::NotFound
        | Error::Invalid(_)
        | Error::Unreadable(_)
        | Error::Stale
        | Error::TooLarge
        | Error::OtherOrigin
        | Error::Internal(_) => String::new(),
    };
    match life.map(|l| l.stage) {
        None => Some(Step {
            href: format!("{}/showing", period.path()),
            label: "公示",
            not_yet: may_be_shown(period, life, book.locked(), now)
                .err()
                .map(why)
                .unwrap_or_default(),
        }),
        Some(Stage::Shown) => Some(Step {
            href: format!("{}/freezing", period.path()),
            label: "封存",
            not_yet: may_be_frozen(period, life, now)
                .err()
                .map(why)
                .unwrap_or_default(),
        }),
        Some(Stage::Frozen) => None,
    }
}

/// The current quarter, or the period that is typed.
pub(super) async fn current(visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let typed = asked.period.trim().to_owned();
    let quarter = Period::quarter_of(visit.tx.today());
    if typed.is_empty() {
        return page(visit, quarter, asked, String::new()).await;
    }
    match typed.parse::<Period>() {
        Ok(period) => Ok(see_other(&period.path())),
        Err(wrong) => page(visit, quarter, asked, wrong).await,
    }
}

/// The ranking of a period.
pub(super) async fn look(
    visit: Visit,
    Path(period): Path<Period>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(visit, period, asked, String::new()).await
}

async fn page(mut visit: Visit, period: Period, asked: Asked, wrong: String) -> Result<Response> {
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let now = visit.tx.now;
    let may_change = visit.me.kind.may(Permission::ChangeAssessment);
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = Ranking {
        chrome: visit.chrome(Section::Assessment),
        now,
        assessed: book.assessed(now),
        sight: Sight::of(&visit.me, book.life.as_ref()),
        step: next_step(&book, now).filter(|_| may_change),
        may_change,
        book,
        flash: match asked.done.as_str() {
            "shown" => "已公示，各部门可以看本部门得分。",
            "frozen" => "已封存，各部门可以看得分和名次。",
            _ => "",
        },
        typed: asked.period,
        wrong,
    };
    Ok((status, Page(page)).into_response())
}
