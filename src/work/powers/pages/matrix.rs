//! The matrix of departments and powers, the records behind one of its cells, and exactly the same
//! table as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Cell, Line, Matrix, Met, Period, Power};
use super::super::queries::list::Row;
use super::super::queries::matrix::{self, Book};
use crate::base::error::Result;
use crate::base::paging::PAGE;
use crate::base::sheet::{self, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;

/// The filter and the opened cell as they stand in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `2026` or `2026-4`.
    #[serde(skip_serializing_if = "String::is_empty")]
    period: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    street: String,
    /// Only this power's columns.
    #[serde(skip_serializing_if = "String::is_empty")]
    power: String,
    /// `1`: only departments that were late.
    #[serde(skip_serializing_if = "String::is_empty")]
    late: String,
    /// The power of the opened cell.
    #[serde(skip_serializing)]
    cell: String,
    /// Its department; none: the sums.
    #[serde(skip_serializing)]
    department: String,
}

impl Asked {
    /// The same filter as a query, without the opened cell.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

/// The list of records behind a figure, as its address says.
#[derive(Serialize)]
struct Behind<'a> {
    tab: &'static str,
    power: &'static str,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<DepartmentId>,
    #[serde(skip_serializing_if = "str::is_empty")]
    street: &'a str,
    from: NaiveDate,
    to: NaiveDate,
    #[serde(skip_serializing_if = "str::is_empty")]
    only: &'static str,
}

/// An opened cell.
struct Opened {
    power: Power,
    department: Option<DepartmentId>,
    cell: Cell,
}

/// The table as the filter narrows it.
struct Told {
    asked: Asked,
    period: Period,
    /// The period's first and last day.
    days: (NaiveDate, NaiveDate),
    /// The street it is narrowed to; empty: all.
    street: String,
    /// The powers whose columns are shown.
    powers: Vec<Power>,
    /// The cell that the address opens: its power, and its department or all.
    cell: Option<(Power, Option<DepartmentId>)>,
    book: Book,
    matrix: Matrix,
}

impl Told {
    async fn of(visit: &mut Visit, asked: Asked) -> Result<Self> {
        let today = visit.tx.today();
        let period = Period::read(&asked.period).unwrap_or_else(|| Period::year_of(today));
        let days = period.days(today);
        let street = match visit.me.reach().street {
            Some(own) => own,
            None => asked.street.trim().to_owned(),
        };
        // Cadres are never counted below the department.
        let tells_cadre = street.is_empty();
        let reads_cadre = visit.me.kind.may(Permission::ReadCadre);
        let department = asked.department.parse().ok();
        let cell = asked.cell.parse::<Power>().ok();
        let cell = cell.map(|power| (power, department));
        let wanted = matrix::Asked {
            days,
            street: (!street.is_empty()).then_some(street.as_str()),
            tells_cadre,
            cell: cell.filter(|(power, _)| *power != Power::Cadre || reads_cadre),
        };
        let mut book = matrix::book(&mut visit.tx, &visit.me, &wanted).await?;
        let names = std::mem::take(&mut book.departments);
        let powers = match asked.power.parse::<Power>() {
            Ok(power) => vec![power],
            Err(()) => Power::ALL.to_vec(),
        };
        Ok(Self {
            matrix: Matrix::of(names, &book.grants, &book.counted, tells_cadre),
            asked,
            period,
            days,
            street,
            powers,
            cell,
            book,
        })
    }

    /// The rows that the filter leaves.
    fn lines(&self) -> Vec<&Line> {
        let all = self.matrix.lines.iter();
        all.filter(|l| !self.only_late() || l.is_late(&self.powers))
            .collect()
    }

    fn only_late(&self) -> bool {
        self.asked.late == "1"
    }

    /// What stands in the shown columns.
    fn met(&self, cells: &[Met]) -> Vec<(Power, Met)> {
        let all = Power::ALL.iter().copied().zip(cells.iter().copied());
        all.filter(|(power, _)| self.powers.contains(power))
            .collect()
    }
}

#[derive(Template)]
#[template(path = "powers/matrix.html")]
struct MatrixPage {
    chrome: Chrome,
    told: Told,
    opened: Option<Opened>,
    offered: Vec<Period>,
    /// A department's viewer sees its own row alone.
    own: Option<DepartmentId>,
    is_street: bool,
    reads_cadre: bool,
    scope: String,
    now: DateTime<Utc>,
}

impl MatrixPage {
    /// The page with this cell opened below the table.
    fn open(&self, power: &Power, department: Option<&DepartmentId>) -> String {
        let filter = self.told.asked.query();
        let comma = if filter.is_empty() { "" } else { "&" };
        let department = department.map_or_else(String::new, |id| format!("&department={id}"));
        format!(
            "/powers?{filter}{comma}cell={}{department}#rows",
            power.code()
        )
    }

    /// Whether the figures of this power lead to records.
    fn leads(&self, power: &Power, cell: &Cell) -> bool {
        cell.count > 0 && self.reads(power)
    }

    /// Whether the records of a power are shown, and not the figures alone.
    fn reads(&self, power: &Power) -> bool {
        *power != Power::Cadre || self.reads_cadre
    }

    /// The first page of the opened cell's records.
    fn rows(&self) -> &[Row] {
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let rows = &self.told.book.rows;
        &rows[..rows.len().min(page)]
    }

    fn is_open(&self, power: &Power, department: Option<&DepartmentId>) -> bool {
        self.opened
            .as_ref()
            .is_some_and(|o| o.power == *power && o.department.as_ref() == department)
    }

    /// The list behind a figure of the opened cell.
    fn behind(&self, opened: &Opened, only: &'static str) -> String {
        let (from, to) = self.told.days;
        let behind = Behind {
            tab: "all",
            power: opened.power.code(),
            origin: opened.power.counted().code(),
            department: opened.department.or(self.own),
            street: if self.is_street {
                ""
            } else {
                &self.told.street
            },
            from,
            to,
            only,
        };
        serde_html_form::to_string(&behind).unwrap_or_default()
    }

    fn opened_name(&self, opened: &Opened) -> String {
        let found = self.told.matrix.lines.iter();
        let found = found.filter(|l| Some(l.id) == opened.department);
        let name = found.map(|l| l.name.as_str()).next();
        format!("{}，{}", name.unwrap_or("全部部门"), opened.power.label())
    }

    /// The first column of the rows: a project has a name, the rest has a subject.
    fn first_column(power: &Power) -> &'static str {
        match power {
            Power::Project => "项目",
            Power::Cadre | Power::Planning | Power::Coordination | Power::Award => "事由",
        }
    }

    fn asked_column(power: &Power) -> &'static str {
        match power {
            Power::Coordination => "召集",
            Power::Cadre | Power::Planning | Power::Project | Power::Award => "来函",
        }
    }

    fn span(&self) -> String {
        let (from, to) = self.told.days;
        format!("{} 至 {}", words::day(from), words::day(to))
    }

    fn sentence(&self) -> String {
        let count = |power| self.told.matrix.count(power);
        format!(
            "民生项目征求意见 {} 次，参与街区规划 {} 次，参与综合协调管理 {} 次",
            count(Power::Project),
            count(Power::Planning),
            count(Power::Coordination)
        )
    }

    /// The list of what streets proposed of themselves.
    fn proposed(&self) -> String {
        let (from, to) = self.told.days;
        let street = match (self.is_street, self.told.street.as_str()) {
            (false, street) if !street.is_empty() => format!("&street={street}"),
            _ => String::new(),
        };
        format!("/powers/records?tab=all&power=project&origin=street{street}&from={from}&to={to}")
    }

    fn month_day(at: &DateTime<Utc>, now: &DateTime<Utc>) -> String {
        let shown = words::short_minute(*at, *now);
        shown
            .rsplit_once(' ')
            .map_or(shown.clone(), |(day, _)| day.to_owned())
    }
}

/// The cell that the address opens, if it is there and has any records.
fn opened(told: &Told) -> Option<Opened> {
    let (power, department) = told.cell?;
    let cell = told.matrix.cell(department, power).copied();
    let cell = cell.filter(|c| c.count > 0 && told.powers.contains(&power))?;
    Some(Opened {
        power,
        department,
        cell,
    })
}

/// The matrix.
pub(super) async fn show(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let told = Told::of(&mut visit, asked).await?;
    let opened = opened(&told);
    let offered = Period::offered(visit.tx.today(), &told.book.quarters);
    let page = MatrixPage {
        chrome: visit.chrome(Section::Powers),
        offered,
        own: visit.me.department(),
        is_street: visit.me.kind.is_street(),
        reads_cadre: visit.me.kind.may(Permission::ReadCadre),
        scope: format!("范围：{}，{}。", visit.me.seat_name(), told.period.label()),
        now: visit.tx.now,
        opened,
        told,
    };
    Ok(Page(page).into_response())
}

/// The table as a file. Its first row is the sums, which the filter by lateness does not narrow.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let told = Told::of(&mut visit, asked).await?;
    let mut columns = vec![Column::text("部门", 30)];
    for power in &told.powers {
        for figure in ["次", "答", "采", "逾"] {
            columns.push(Column::number(format!("{}{figure}", power.label())));
        }
    }
    let mut file = Sheet::new(format, ("matrix", "五项权力落实情况"), columns)?;
    let figures = |name: &str, cells: &[Met]| {
        let mut row = vec![sheet::Cell::from(name)];
        for (_, met) in told.met(cells) {
            match met {
                Met::Told(c) => {
                    let all = [c.count, c.answered, c.adopted, c.late];
                    row.extend(all.map(sheet::Cell::from));
                }
                Met::NotGranted => row.extend(std::iter::repeat_n("未赋此权".into(), 4)),
                Met::NotTold => row.extend(std::iter::repeat_n("不按街道分列".into(), 4)),
            }
        }
        row
    };
    let sums = format!("合计 {} 个部门", told.matrix.lines.len());
    file.row(&figures(&sums, &told.matrix.sums))?;
    for line in told.lines() {
        file.row(&figures(&line.name, &line.cells))?;
    }
    events::sheet(visit, file).await
}
