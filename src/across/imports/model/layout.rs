//! Where the head of a table is, which column is which, and which rows are rows. Tables of offices
//! have titles above, two lines of head, notes below it, columns of their own and signatures.

use serde::{Deserialize, Serialize};

use super::Register;
use super::columns::{self, Column, Kind};
use crate::base::reading::{self, Cell, Line, MOST_ROWS, Table, too_many_rows};

/// A table as it was found, its rows apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Layout {
    /// What stands above each column that was used, in the order of the file.
    pub(in super::super) headings: Vec<String>,
    /// Where each column of the register stands.
    pub(in super::super) places: Vec<Option<usize>>,
    /// What is to be said of the table as a whole.
    pub(in super::super) remarks: Vec<String>,
}

/// A table with its rows.
#[derive(Clone, Debug)]
pub(in super::super) struct Sheet {
    pub(in super::super) layout: Layout,
    pub(in super::super) lines: Vec<Line>,
}

/// How a row begins that says something of the table, if it says nothing else.
const ABOUT: [&str; 5] = ["注：", "注:", "说明", "填写说明", "备注"];
/// How a row begins that is none, whatever else stands in it: sums, signatures, examples.
const SIGNED: [&str; 8] = [
    "填表人",
    "制表人",
    "审核人",
    "合计",
    "共计",
    "例：",
    "例如",
    "示例",
];

/// Reads a file as a table of a register, or says in one sentence why it is none.
pub(in super::super) fn read(register: Register, content: &[u8]) -> Result<Sheet, String> {
    let mut table = Table::open(content)?;
    let sheets = table.sheets();
    let mut best: Option<(usize, String, Line, Vec<Line>)> = None;
    for sheet in sheets.iter().take(20) {
        let top = table.top(sheet)?;
        for line in &top {
            let matched = matches(columns::of(register), line);
            if matched >= 2 && best.as_ref().is_none_or(|(most, ..)| matched > *most) {
                best = Some((matched, sheet.clone(), line.clone(), top.clone()));
            }
        }
    }
    let Some((_, sheet, head, top)) = best else {
        return Err(no_head(register, &sheets));
    };
    let mut layout = layout(register, &head)?;
    let lines = table.lines(&sheet)?;
    if sheets.len() > 1 {
        layout.remarks.push(format!("读的是工作表“{sheet}”。"));
    }
    if top.first().is_some_and(|first| first.number < head.number) {
        layout
            .remarks
            .push(format!("第 {} 行是表头，上面的没有读。", head.number));
    }
    let lines = rows(register, &mut layout, lines, (head.number, table.is_1904()))?;
    Ok(Sheet { layout, lines })
}

fn no_head(register: Register, sheets: &[String]) -> String {
    let needed: Vec<&str> = columns::of(register)
        .iter()
        .map(|c| c.head)
        .take(4)
        .collect();
    let place = if sheets.len() > 1 {
        "各个工作表的前 30 行里"
    } else {
        "前 30 行里"
    };
    format!(
        "{place}没有找到表头。{}的表头要有“{}”等列；请下载模板，把内容粘贴进去再上传。",
        register.label(),
        needed.join("”“")
    )
}

/// How many columns of the register a line names.
fn matches(columns: &[Column], line: &Line) -> usize {
    let named = line.cells.iter().map(|cell| bare(&cell.written()));
    let named: Vec<String> = named.filter(|name| !name.is_empty()).collect();
    columns
        .iter()
        .filter(|c| named.iter().any(|name| is(c, name)))
        .count()
}

fn is(column: &Column, bare_name: &str) -> bool {
    column.head == bare_name || column.also.contains(&bare_name)
}

/// A heading without asterisk, blanks, line breaks and what stands in brackets.
fn bare(heading: &str) -> String {
    let mut depth = 0_i32;
    let kept = heading.chars().filter(|c| {
        match c {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth <= 0 && !c.is_whitespace() && !matches!(c, '*' | '＊' | ':' | '：')
    });
    kept.collect()
}

fn layout(register: Register, head: &Line) -> Result<Layout, String> {
    let columns = columns::of(register);
    let names: Vec<String> = head
        .cells
        .iter()
        .map(|cell| bare(&cell.written()))
        .collect();
    let mut places = Vec::new();
    for column in columns {
        let mut found = names
            .iter()
            .enumerate()
            .filter(|(_, name)| column.head == **name);
        let mut also = names
            .iter()
            .enumerate()
            .filter(|(_, name)| is(column, name));
        let place = found.next().or_else(|| also.next()).map(|(at, _)| at);
        if let Some((_, again)) = found.next() {
            return Err(format!(
                "表头里“{again}”出现了两次，不知道以哪一列为准。请删掉或改名其中一列。"
            ));
        }
        places.push(place);
    }
    let lacking: Vec<&str> = columns
        .iter()
        .zip(&places)
        .filter(|(column, place)| column.is_needed && place.is_none())
        .map(|(column, _)| column.head)
        .collect();
    if !lacking.is_empty() {
        return Err(format!(
            "第 {} 行像是表头，但缺少这些列：“{}”。请照模板补上再上传。",
            head.number,
            lacking.join("”“")
        ));
    }
    let (others, strange) = strangers(register, &names, &places);
    let mut remarks = Vec::new();
    if !others.is_empty() {
        let whose = other_hand(register);
        remarks.push(format!("“{}”这里不读，由{whose}导入。", others.join("”“")));
    }
    if !strange.is_empty() {
        remarks.push(format!("没有用到的列：“{}”。", strange.join("”“")));
    }
    let headings = head.cells.iter().map(Cell::written).collect();
    Ok(Layout {
        headings,
        places,
        remarks,
    })
}

/// Who imports the columns of the shared template that this hand does not read.
fn other_hand(register: Register) -> &'static str {
    match register {
        Register::People => "安全管理员在“任职”里",
        Register::Posts
        | Register::Chain
        | Register::Departments
        | Register::Classes
        | Register::Duties
        | Register::Phrases
        | Register::Limits => "系统管理员在“人员”里",
    }
}

/// The columns that belong to the template but not to this hand, and those that nobody knows.
fn strangers(
    register: Register,
    names: &[String],
    places: &[Option<usize>],
) -> (Vec<String>, Vec<String>) {
    let own = columns::of(register);
    let template = columns::template(register).into_iter();
    let template: Vec<Column> = template
        .filter(|column| own.iter().all(|c| c.head != column.head))
        .collect();
    let (mut others, mut strange) = (Vec::new(), Vec::new());
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() || places.contains(&Some(at)) || name == RESULT {
            continue;
        }
        let shown: String = name.chars().take(20).collect();
        if template.iter().any(|c| is(c, name)) {
            others.push(shown);
        } else {
            strange.push(shown);
        }
    }
    let more = strange.len().saturating_sub(8);
    strange.truncate(8);
    if more > 0 {
        strange.push(format!("等 {} 列", more + 8));
    }
    (others, strange)
}

/// The column in which the check speaks, in the workbook that goes back.
pub(in super::super) const RESULT: &str = "校验结果";

fn rows(
    register: Register,
    layout: &mut Layout,
    lines: Vec<Line>,
    (head, is_1904): (u32, bool),
) -> Result<Vec<Line>, String> {
    let days: Vec<usize> = columns::of(register)
        .iter()
        .zip(&layout.places)
        .filter(|(column, _)| matches!(column.kind, Kind::Day))
        .filter_map(|(_, place)| *place)
        .collect();
    let (mut kept, mut about) = (Vec::new(), Vec::new());
    for mut line in lines.into_iter().filter(|line| line.number > head) {
        if is_about(&line) {
            about.push(line.number.to_string());
            continue;
        }
        let says_something = layout
            .places
            .iter()
            .flatten()
            .any(|at| !line.cell(*at).is_empty());
        if !says_something {
            continue;
        }
        for at in &days {
            if let Some(day) = line.cell(*at).day(is_1904)
                && let Some(cell) = line.cells.get_mut(*at)
            {
                *cell = Cell::Day(day);
            }
        }
        line.cells.truncate(reading::MOST_COLUMNS as usize);
        kept.push(line);
    }
    let widest = kept
        .iter()
        .map(|line| line.cells.len())
        .max()
        .unwrap_or_default();
    layout
        .headings
        .resize(layout.headings.len().max(widest), String::new());
    if !about.is_empty() {
        about.truncate(5);
        layout
            .remarks
            .push(format!("第 {} 行看作说明，没有读。", about.join("、")));
    }
    if kept.is_empty() {
        return Err(format!(
            "第 {head} 行是表头，下面没有内容。请填好后再上传。"
        ));
    }
    if kept.len() > MOST_ROWS {
        return Err(too_many_rows());
    }
    Ok(kept)
}

fn is_about(line: &Line) -> bool {
    let mut filled = line.cells.iter().filter(|cell| !cell.is_empty());
    let (Some(Cell::Text(first)), second) = (filled.next(), filled.next()) else {
        return false;
    };
    let begins = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
    begins(&SIGNED) || second.is_none() && begins(&ABOUT)
}
