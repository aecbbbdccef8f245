//! What leaves: the template, and the table with what the check says of each row.

use axum::Extension;
use axum::response::Response;

use super::super::by::By;
use super::super::model::{
    Column, Kind, RESULT, Register, Stage, columns_of, template as columns, template_name,
};
use super::super::queries;
use crate::base::error::{Error, Result};
use crate::base::reading;
use crate::base::seal::Keys;
use crate::base::sheet::{self, Cell, Format, Sheet};
use crate::base::web::Path;
use crate::org::ImportId;
use crate::org::access::Visit;
use crate::org::calendar::Unit;
use crate::org::events;
use crate::work::clocks;

/// The table that is to be filled in: empty, but that of the limits, which has what there is.
pub(super) async fn template(mut visit: Visit, register: Register) -> Result<Response> {
    let mut about = vec![format!(
        "在“{}”工作表里填写，第一行是表头，带 * 的列必填；一次最多 {} 行。",
        template_name(register),
        reading::MOST_ROWS
    )];
    match register {
        Register::People | Register::Posts => about.push(
            "一人有几个职务就写几行。系统管理员在“人员”里导入，读姓名到“同名另一人”各列；安全管理员在“任职”里导入，读姓名、电话和单位以后各列。"
                .to_owned(),
        ),
        Register::Chain
        | Register::Departments
        | Register::Classes
        | Register::Duties
        | Register::Phrases
        | Register::Limits => {}
    }
    about.extend(register.does().iter().map(|line| (*line).to_owned()));
    let columns: Vec<sheet::Column> = columns(register).iter().map(offered).collect();
    let plain = format!("{}-template", &register.path()[1..]);
    let rows = match register {
        Register::Limits => limits(&mut visit).await?,
        Register::People
        | Register::Posts
        | Register::Chain
        | Register::Departments
        | Register::Classes
        | Register::Duties
        | Register::Phrases => Vec::new(),
    };
    let names = (plain.as_str(), template_name(register));
    sheet::template(names, (&columns, &rows), &about)
}

/// The limits of the last version, a row for each.
async fn limits(visit: &mut Visit) -> Result<Vec<Vec<Cell>>> {
    let book = clocks::book(&mut visit.tx, &visit.me, (None, None)).await?;
    let rows = book.lines().into_iter().map(|line| {
        let unit = line.counted.or(line.unit.map(Unit::label));
        vec![
            line.what.into(),
            line.code.into(),
            line.amount.parse::<i64>().ok().into(),
            unit.unwrap_or_default().into(),
        ]
    });
    Ok(rows.collect())
}

fn offered(column: &Column) -> sheet::Column {
    let made = match column.kind {
        Kind::Text => sheet::Column::text(column.head, column.width),
        Kind::Number => sheet::Column::number(column.head),
        Kind::Day => sheet::Column::day(column.head),
        Kind::Word(words) => sheet::Column::text(column.head, column.width).of(words()),
    };
    made.noted(column.note, column.is_needed)
}

/// The table as it was uploaded, with what is said of each row in a column of its own.
pub(super) async fn workbook(
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    register: Register,
    Path(id): Path<ImportId>,
) -> Result<Response> {
    let found = queries::found(&mut visit.tx, &visit.me, (register, id)).await?;
    match found.stage {
        Stage::Checked | Stage::Queued => {}
        Stage::Done | Stage::Dropped => return Err(Error::NotFound),
    }
    let width = found.layout.headings.len();
    let own = columns_of(register);
    let mut columns: Vec<sheet::Column> = Vec::new();
    for (at, heading) in found.layout.headings.iter().enumerate() {
        let place = found
            .layout
            .places
            .iter()
            .position(|place| *place == Some(at));
        let known = place.and_then(|index| own.get(index));
        columns.push(match known {
            Some(column) => offered(column),
            None => sheet::Column::text(heading.clone(), 14),
        });
    }
    columns.push(sheet::Column::text(RESULT, 60));
    let name = format!("{}校验结果", register.label());
    let plain = format!("{}-checked", &register.path()[1..]);
    let mut sheet = Sheet::new(Format::Xlsx, (plain, name), columns)?;
    let mut after = 0;
    loop {
        let by = By::new(&visit.me, &keys);
        let page = queries::export(&mut visit.tx, &by, id, after).await?;
        let next = sheet.add(page, |row| {
            let mut cells: Vec<Cell> = row.cells.iter().map(cell).collect();
            cells.resize(width, Cell::Empty);
            cells.push(format!("{}：{}", row.mark.label(), row.says.concat()).into());
            cells
        })?;
        match next {
            Some(next) => after = next,
            None => return events::sheet(visit, sheet).await,
        }
    }
}

fn cell(read: &reading::Cell) -> Cell {
    match read {
        reading::Cell::Empty => Cell::Empty,
        reading::Cell::Day(day) => Cell::Day(*day),
        reading::Cell::Text(_)
        | reading::Cell::Number(_)
        | reading::Cell::Formula(_)
        | reading::Cell::Lossy(_)
        | reading::Cell::Fault(_) => read.written().into(),
    }
}
