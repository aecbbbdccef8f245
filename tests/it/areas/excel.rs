//! Lists as workbooks: the same rows as in CSV, with real days and numbers.

use std::io::{Cursor, Read as _};

use axum::http::header;
use calamine::{Data, Reader as _, Xlsx};
use chrono::Duration;
use street_whistle::base::clock::{Clock, day_of};
use street_whistle::router::routes;
use street_whistle::sample::CITY_CODE;

use crate::harness::{Page, Person, Sample, Town};

const MONDAY: &str = "2026-11-23T06:05:00Z";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The rows of the first sheet, its head first.
pub(super) fn rows(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

/// A part of the container, as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// A cell as CSV would write it.
fn written(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::DateTime(at) => {
            let (y, mo, d, h, mi, s, ms) = at.to_ymd_hms_milli();
            // A minute may be written some milliseconds early.
            let late = u32::from(s) * 1000 + u32::from(ms) >= 59_990;
            let mi = u32::from(mi) + u32::from(late);
            format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}")
        }
        Data::Int(_)
        | Data::Bool(_)
        | Data::DateTimeIso(_)
        | Data::DurationIso(_)
        | Data::Error(_) => panic!("no such cell is written: {cell:?}"),
    }
}

/// The lines of CSV, without its mark.
fn lines(page: &Page) -> Vec<Vec<String>> {
    let text = page.body.strip_prefix('\u{feff}').expect("a mark");
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn same(cell: &Data, plain: &str) -> bool {
    let written = written(cell);
    let day = matches!(cell, Data::DateTime(_)).then(|| written.trim_end_matches(" 00:00"));
    let number = || matches!(cell, Data::Float(n) if plain.parse() == Ok(*n));
    written == plain || day == Some(plain) || plain.strip_prefix('\'') == Some(&written) || number()
}

/// Puts a notice out, so that there is one to be exported.
async fn tells_the_administrators(system: &Person) {
    let until = Clock::System.now() + Duration::days(2);
    let until = day_of(until).to_string();
    system.opens("/announcements/new").await;
    let notice = [
        ("标题", "登记核对"),
        ("正文", "请核对人员和账号。"),
        ("管理员", "管理员"),
        ("显示到", until.as_str()),
    ];
    system.does("存为草稿并预览", &notice).await;
    system.does("发布", &[]).await;
}

#[tokio::test]
async fn every_list_is_the_same_in_both_formats() {
    let mut city = Sample::city(CITY_CODE).await;
    let period = "select max(period) from assessment_periods p where frozen_at is not null";
    let period = city.text(period).await;
    let staff = city.staff().await;
    tells_the_administrators(&staff["system_admin"]).await;
    // The map is of this month, whose first day may have seen nothing yet.
    let today = day_of(Clock::System.now());
    let lately = format!("?from={}&to={today}", today - Duration::days(89));
    let mut seen = 0;
    for route in routes().list() {
        let Some(list) = route.path.strip_suffix(".xlsx") else {
            continue;
        };
        // The record grows by being taken along.
        if list == "/audit" {
            continue;
        }
        let list = list.replace("{period}", &period);
        let asked = if list == "/map" { &lately } else { "" };
        let mut filled = 0;
        for (kind, person) in &staff {
            let csv = person.get(&format!("{list}.csv{asked}")).await;
            let book = person.get(&format!("{list}.xlsx{asked}")).await;
            assert_eq!(csv.status, book.status, "{list} for {kind}");
            if csv.status() != 200 {
                continue;
            }
            assert_eq!(book.headers[header::CONTENT_TYPE], XLSX);
            let (lines, mut rows) = (lines(&csv), rows(&book.bytes));
            if rows.last().is_some_and(|r| written(&r[0]) == "合计") && lines.len() < rows.len() {
                rows.pop();
            }
            assert_eq!(lines.len(), rows.len(), "{list} for {kind}");
            filled = filled.max(lines.len() - 1);
            // What programs read is called otherwise there.
            let coded = list.starts_with("/assessment/") && !list.ends_with("objections");
            for (line, row) in lines.iter().zip(&rows).filter(|_| !coded) {
                for (plain, cell) in line.iter().zip(row) {
                    assert!(same(cell, plain), "{list}: {plain} is {cell:?}");
                }
            }
        }
        assert!(
            filled > 0 || list.ends_with("objections"),
            "{list} is empty for everybody"
        );
        seen += 1;
    }
    assert!(seen >= 14, "{seen} lists");
}

#[tokio::test]
async fn a_list_goes_out_whole_and_words_are_never_formulas() {
    let town = Town::raise_at(MONDAY).await;
    let tenant = town.tenant;
    let many = format!(
        "insert into people (tenant_id, id, name, identity, phone_mask)
         select '{tenant}', gen_random_uuid(), '群众' || n, '居民', '043****' || (1000 + n)
           from generate_series(1, 2300) n;
         insert into people (tenant_id, id, name, identity) values
           ('{tenant}', gen_random_uuid(), '=1+2', '居民'), ('{tenant}', gen_random_uuid(), '+8', '居民')"
    );
    town.sql(&many).await;
    let all = town.number("select count(*) from people where true").await;
    let admin = town.sign_in("system admin").await;
    let csv = admin.get("/people.csv").await;
    let book = admin.get("/people.xlsx").await;
    let rows = rows(&book.bytes);
    let names: Vec<String> = rows.iter().skip(1).map(|r| written(&r[0])).collect();
    let ours = town
        .number(&format!(
            "select count(*) from people where tenant_id = '{tenant}'"
        ))
        .await;
    assert!(all >= ours);
    assert_eq!(i64::try_from(names.len()), Ok(ours));
    assert_eq!(lines(&csv).len(), names.len() + 1);
    assert!(names.iter().any(|n| n == "=1+2") && names.iter().any(|n| n == "+8"));
    assert!(csv.body.contains("'=1+2") && csv.body.contains("'+8"));
    let sheet = part(&book.bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "no formula");
    for (what, mark) in [
        ("the head stays", "ySplit=\"1\""),
        ("columns have a width", "customWidth=\"1\""),
        ("words are offered", "<formula1>'字典'!"),
        ("words are offered", "type=\"list\""),
        ("rows are filtered", "<autoFilter"),
    ] {
        assert!(sheet.contains(mark), "{what}: {}", &sheet[..1500]);
    }
}

#[tokio::test]
async fn days_are_days_counts_add_up_and_the_name_is_chinese() {
    let mut city = Sample::city(CITY_CODE).await;
    let staff = city.staff().await;
    let office = &staff["city_office"];
    let book = office.get("/documents.xlsx").await;
    let name = book.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.contains("filename=\"documents.xlsx\"; filename*=UTF-8''%E5%88%B6"));
    let rows = rows(&book.bytes);
    let (total, documents) = rows[1..].split_last().unwrap();
    let clauses = |row: &Vec<Data>| {
        let Data::Float(n) = row[7] else {
            panic!("{:?}", row[7]);
        };
        n
    };
    assert_eq!(written(&total[0]), "合计");
    let sum: f64 = documents.iter().map(clauses).sum();
    assert!((sum - clauses(total)).abs() < 0.5 && sum > 0.0);
    assert!(
        documents
            .iter()
            .all(|row| matches!(row[3], Data::DateTime(_)))
    );
}
