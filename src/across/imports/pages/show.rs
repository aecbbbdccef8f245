//! What the check says, how far the writing is, and what became of it.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::actions::{self, Confirmed};
use super::super::by::By;
use super::super::model::{Mark, Register, Stage, columns_of};
use super::super::queries::{self, Shown, ShownRow};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::paging::PAGE;
use crate::base::reading::Cell;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::ImportId;
use crate::org::access::{Chrome, Visit};

/// Which rows are looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    mark: String,
    after: String,
    n: String,
}

#[derive(Template)]
#[template(path = "imports/show.html")]
struct One {
    chrome: Chrome,
    register: Register,
    id: ImportId,
    once: String,
    mark: Option<Mark>,
    shown: Shown,
    refused: String,
    now: DateTime<Utc>,
}

impl One {
    fn base(&self) -> String {
        format!("{}/import", self.register.path())
    }

    fn trail(&self) -> Vec<(String, String)> {
        let path = self.register.path();
        vec![
            ("/".to_owned(), "工作台".to_owned()),
            (path.to_owned(), self.register.label().to_owned()),
            (self.base(), "批量导入".to_owned()),
        ]
    }

    fn title(&self) -> &'static str {
        match self.shown.stage {
            Stage::Checked => "核对结果",
            Stage::Queued => "正在写入",
            Stage::Done => "已经写入",
            Stage::Dropped => "已经放弃",
        }
    }

    /// Whether nothing stands in the way of writing.
    fn may_confirm(&self) -> bool {
        self.shown.counts.refuses == 0 && self.shown.counts.writes() > 0
    }

    fn cell(&self, row: &ShownRow, head: &str) -> String {
        let index = columns_of(self.register)
            .iter()
            .position(|c| c.head == head);
        let place = index.and_then(|index| self.shown.places.get(index).copied().flatten());
        let cell = place.and_then(|at| row.cells.get(at));
        cell.map(Cell::written).unwrap_or_default()
    }

    /// What the row is about.
    fn about(&self, row: &ShownRow) -> String {
        match self.register {
            Register::People | Register::Posts => self.cell(row, "姓名"),
            Register::Chain => joined(
                ["街道", "社区", "网格", "楼栋", "单元"].map(|head| self.cell(row, head)),
                " / ",
            ),
            Register::Departments | Register::Duties => self.cell(row, "名称"),
            Register::Classes => joined([self.cell(row, "编码"), self.cell(row, "小类名称")], " "),
            Register::Phrases => self.cell(row, "常用语"),
            Register::Limits => joined([self.cell(row, "编码"), self.cell(row, "项目")], " "),
        }
    }

    /// What else is in it, numbers masked.
    fn detail(&self, row: &ShownRow) -> String {
        match self.register {
            Register::People => {
                let phone = words::masked_phone(&self.cell(row, "电话"));
                joined(
                    [self.cell(row, "身份"), self.cell(row, "编制单位"), phone],
                    "，",
                )
            }
            Register::Posts => joined(
                [
                    self.cell(row, "单位"),
                    self.cell(row, "职务类别"),
                    self.cell(row, "职务名称"),
                ],
                "，",
            ),
            Register::Chain => self.cell(row, "党组织名称"),
            Register::Departments => joined([self.cell(row, "代码"), self.cell(row, "种类")], "，"),
            Register::Classes => joined(
                [self.cell(row, "立案条件"), self.cell(row, "结案条件")],
                " → ",
            ),
            Register::Duties => joined([self.cell(row, "主办部门"), self.cell(row, "依据")], "，"),
            Register::Phrases => joined([self.cell(row, "步骤"), self.cell(row, "情况")], "，"),
            Register::Limits => joined([self.cell(row, "时限"), self.cell(row, "单位")], " "),
        }
    }

    /// The address of all its rows.
    fn own(&self) -> String {
        format!("{}/{}", self.base(), self.id)
    }

    /// The address of the rows of one mark.
    fn of_mark(&self, mark: &Mark) -> String {
        format!("{}?mark={}", self.own(), mark.code())
    }

    /// The first page of what is looked at.
    fn first(&self) -> String {
        self.mark
            .map_or_else(|| self.own(), |mark| self.of_mark(&mark))
    }

    /// Whether there are such rows elsewhere.
    fn is_offered(&self, mark: &Mark) -> bool {
        self.mark != Some(*mark) && self.shown.counts.of(mark) > 0
    }

    fn next(&self) -> Option<String> {
        let next = self.shown.page.next?;
        let mark = self
            .mark
            .map(|mark| format!("mark={}&", mark.code()))
            .unwrap_or_default();
        let from = self.shown.page.next_from();
        Some(format!(
            "{}/{}?{mark}after={next}&n={from}",
            self.base(),
            self.id
        ))
    }
}

fn joined<const N: usize>(parts: [String; N], between: &str) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

async fn page(
    visit: &mut Visit,
    keys: &Keys,
    (register, id): (Register, ImportId),
    asked: &Asked,
    refused: String,
) -> Result<One> {
    let mark = Mark::read(&asked.mark);
    let part = (
        mark,
        asked.after.parse().unwrap_or(0),
        asked.n.parse().unwrap_or(1),
    );
    let by = By::new(&visit.me, keys);
    let shown = queries::show(&mut visit.tx, &by, (register, id), part).await?;
    Ok(One {
        chrome: visit.chrome(register.section()),
        register,
        id,
        once: visit.once(),
        mark,
        shown,
        refused,
        now: visit.tx.now,
    })
}

/// The import as it is now; while it is being written, the browser looks again by itself.
pub(super) async fn show(
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    register: Register,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    const REFRESH: HeaderName = HeaderName::from_static("refresh");
    let page = page(&mut visit, &keys, (register, id), &asked, String::new()).await?;
    let is_running = page.shown.stage == Stage::Queued;
    let mut answer = Page(page).into_response();
    if is_running {
        answer
            .headers_mut()
            .insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(answer)
}

/// What the steps send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Step {
    once: String,
    /// The check that was on the page.
    seen: String,
}

/// Writes it, or has it written.
pub(super) async fn confirm(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    register: Register,
    Path(id): Path<ImportId>,
    Form(step): Form<Step>,
) -> Result<Response> {
    let location = format!("{}/import/{id}", register.path());
    if let Some(answer) = visit.claim(&step.once, &location).await? {
        return Ok(answer);
    }
    let by = By::new(&visit.me, &keys);
    let done = actions::confirm(&mut visit.tx, &by, (register, id), &step.seen).await;
    match done {
        // What was checked anew says so on its page.
        Ok(Confirmed::Written | Confirmed::Queued | Confirmed::Changed) => {
            visit.done(&location).await
        }
        Err(error) => again(visit, (&db, &keys), (register, id), error).await,
    }
}

/// Forgets it.
pub(super) async fn drop_it(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    register: Register,
    Path(id): Path<ImportId>,
    Form(step): Form<Step>,
) -> Result<Response> {
    let location = format!("{}/import?done=dropped", register.path());
    if let Some(answer) = visit.claim(&step.once, &location).await? {
        return Ok(answer);
    }
    match actions::drop_it(&mut visit.tx, &visit.me, (register, id)).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(visit, (&db, &keys), (register, id), error).await,
    }
}

/// The page again with why it was not done; where somebody else was first, after a new check.
async fn again(
    visit: Visit,
    (db, keys): (&Db, &Keys),
    (register, id): (Register, ImportId),
    error: Error,
) -> Result<Response> {
    let why = error.again()?;
    let status = why.status();
    let mut visit = visit.afresh(db).await?;
    let refused = match why {
        Again::Stale => {
            let by = By::new(&visit.me, keys);
            actions::recheck(&mut visit.tx, &by, (register, id)).await?;
            return visit
                .done(&format!("{}/import/{id}", register.path()))
                .await;
        }
        Again::Refused(sentence) => sentence,
        Again::Invalid(errors) => errors.sentences(),
    };
    let page = page(&mut visit, keys, (register, id), &Asked::default(), refused).await?;
    Ok((status, Page(page)).into_response())
}
