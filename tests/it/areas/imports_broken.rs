//! What is uploaded and should not be: each gets a sentence, and nothing is stored.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use rust_xlsxwriter::{Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::imports::{
    CHAIN, CLASSES, DEPARTMENTS, DUTIES, LIMITS, MONDAY, PEOPLE, PHRASES, POSTS, book, checks,
    uploads,
};
use crate::harness::Town;

/// A container with these parts.
fn container(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one part more, or another.
fn with(content: &[u8], name: &str, part: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut archive = ZipArchive::new(Cursor::new(content)).unwrap();
    let mut parts = Vec::new();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    for name in &names {
        let mut part = Vec::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_end(&mut part)
            .unwrap();
        parts.push((name.as_str(), part));
    }
    parts.retain(|(other, _)| *other != name);
    parts.push((name, part.to_vec()));
    container(&parts)
}

fn compound(name: &str) -> Vec<u8> {
    let mut content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    content.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    content.extend([0; 4096]);
    content
}

/// Files that are no table of the register: name, content, and what is said.
fn broken(head: &[&str]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let row: Vec<&str> = head.iter().map(|_| "甲").collect();
    let sound = book(head, &[&row]);
    let wide: Vec<String> = (0..200).map(|n| format!("列{n}")).collect();
    let mut wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    wide.splice(..head.len(), head.iter().copied());
    let filled = vec!["甲"; wide.len()];
    let many = vec![row.as_slice(); 10_001];
    let twice: Vec<&str> = head.iter().chain(head).copied().collect();
    let mut csv = format!("{}\n", head.join(","));
    for _ in 0..10_001 {
        writeln!(csv, "{}", row.join(",")).unwrap();
    }
    vec![
        ("", Vec::new(), "请选择要上传的表格"),
        ("空.xlsx", Vec::new(), "文件是空的"),
        (
            "断.xlsx",
            sound[..sound.len() / 2].to_vec(),
            "文件不完整或已损坏",
        ),
        (
            "改.xlsx",
            [&sound[..200], &[0xff; 400], &sound[600..]].concat(),
            "请",
        ),
        (
            "宏.xlsm",
            with(&sound, "xl/vbaProject.bin", b"macro"),
            "表格里有宏",
        ),
        ("旧.xls", compound("Workbook"), "旧格式"),
        ("改名.xlsx", compound("Book"), "旧格式"),
        ("加密.xlsx", compound("EncryptedPackage"), "设了打开密码"),
        (
            "网页.xlsx",
            b"<html><body><table><tr><td>x</td></tr></table>".to_vec(),
            "这是网页",
        ),
        (
            "文档.xlsx",
            container(&[("word/document.xml", b"<w/>".to_vec())]),
            "这不是表格",
        ),
        (
            "图.xlsx",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            "这不是表格",
        ),
        (
            "二进制.xlsb",
            container(&[("xl/workbook.bin", vec![1])]),
            "二进制格式",
        ),
        (
            "坏页.xlsx",
            with(
                &sound,
                "xl/worksheets/sheet1.xml",
                b"<worksheet><sheetData><row",
            ),
            "没有读懂",
        ),
        (
            "坏簿.xlsx",
            with(&sound, "xl/workbook.xml", b"<workbook>"),
            "请",
        ),
        (
            "无表头.xlsx",
            book(&["甲", "乙"], &[&["1", "2"]]),
            "没有找到表头",
        ),
        (
            "缺列.xlsx",
            book(&lacking(head), &[&["甲", "乙"]]),
            "缺少这些列",
        ),
        ("重列.xlsx", book(&twice, &[&row]), "出现了两次"),
        ("只有表头.xlsx", book(head, &[]), "下面没有内容"),
        ("太宽.xlsx", book(&wide, &[&filled]), "超过 100 列"),
        ("太长.xlsx", book(head, &many), "超过 10000 行"),
        ("太长.csv", csv.into_bytes(), "超过 10000 行"),
        ("../表.xlsx", sound.clone(), "请改名后再上传"),
        ("C:\\表.xlsx", sound, "请改名后再上传"),
        ("乱码.csv", b"\xff\xfa\x00\x01\x02".to_vec(), "这不是表格"),
    ]
}

/// Files that grow when they are unpacked, and one that is large as it is.
fn heavy(sound: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let spaces = vec![b' '; 40 * 1024 * 1024];
    let marks = b"<v/>".repeat(70 * 1024 * 1024);
    let words = b"<si><t>x</t></si>".repeat(1_200_000);
    let mut long = sound.to_vec();
    long.resize(10 * 1024 * 1024 + 1, 0);
    let sheet = "xl/worksheets/sheet1.xml";
    vec![
        ("一格.xlsx", with(sound, sheet, &spaces), "展开以后太大"),
        ("炸弹.xlsx", with(sound, sheet, &marks), "展开以后太大"),
        (
            "字多.xlsx",
            with(sound, "xl/sharedStrings.xml", &words),
            "展开以后太大",
        ),
        ("太大.xlsx", long, "超过 10 MB"),
    ]
}

/// The head without a column that must be there.
fn lacking<'a>(head: &[&'a str]) -> Vec<&'a str> {
    match head {
        [first, rest @ ..] if ["姓名", "街道", "代码", "编码", "项目"].contains(first) => {
            rest.to_vec()
        }
        [number, _, rest @ ..] if *number == "项号" || *number == "编号" => rest.to_vec(),
        all => all.to_vec(),
    }
}

#[tokio::test]
async fn every_broken_file_gets_a_sentence_and_nothing_is_stored() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let security = town.sign_in("security admin").await;
    let office = town.sign_in("city office").await;
    let before = town.condensed().await;
    for (person, register, head) in [
        (&system, "people", &PEOPLE[..]),
        (&security, "staffing", &POSTS[..]),
        (&system, "chain", &CHAIN[..]),
        (&system, "departments", &DEPARTMENTS[..]),
        (&system, "classes", &CLASSES[..]),
        (&office, "duties", &DUTIES[..]),
        (&system, "phrases", &PHRASES[..]),
        (&office, "limits", &LIMITS[..]),
    ] {
        let mut files = broken(head);
        assert!(files.len() >= 20);
        // These are about the container, whatever the register.
        if register == "departments" {
            files.extend(heavy(&book(head, &[&["甲"; 4]])));
        }
        for (name, content, sentence) in files {
            let page = uploads(person, register, name, &content).await;
            page.is(422);
            let said = page.words_at("#file-e");
            assert!(said.contains(sentence), "{register} {name}: {said}");
        }
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn a_million_blank_rows_are_passed_over() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let sound = book(&["姓名", "身份"], &[&["温晓东", "居民"]]);
    let mut sheet = String::from(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
         <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>姓名</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>身份</t></is></c></row>\
         <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>温晓东</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>居民</t></is></c></row>",
    );
    for row in 3..=1_048_576 {
        write!(sheet, "<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"/></row>").unwrap();
    }
    sheet.push_str("</sheetData></worksheet>");
    let table = with(&sound, "xl/worksheets/sheet1.xml", sheet.as_bytes());
    checks(&system, "people", &table)
        .await
        .shows("共 1 行")
        .shows("温晓东");
}

#[tokio::test]
async fn formulas_and_lost_figures_are_refused_where_they_stand() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, head) in (0..).zip(["姓名", "电话", "身份", "序号"]) {
        sheet.write_string(0, at, head).unwrap();
    }
    sheet.write_string(1, 0, "温晓东").unwrap();
    sheet
        .write_formula(1, 1, Formula::new("=1+2").set_result("12900000101"))
        .unwrap();
    sheet.write_string(1, 2, "居民").unwrap();
    sheet
        .write_formula(1, 3, Formula::new("=ROW()-1").set_result("1"))
        .unwrap();
    sheet.write_string(2, 0, "白露").unwrap();
    sheet
        .write_number(2, 1, 1.234_567_890_123_456_8e19)
        .unwrap();
    sheet.write_string(2, 2, "居民").unwrap();
    let page = checks(&system, "people", &book.save_to_buffer().unwrap()).await;
    page.shows("“电话”：是公式。请选中这一列复制")
        .shows("“电话”：超过 15 位，表格软件已经丢掉了末尾的数字")
        .shows("没有用到的列：“序号”");
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_told() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let mut sent = system.sent("POST", "/people/import", &[]);
    sent.kind = Some("multipart/form-data; boundary=x");
    sent.body =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\nPK"
            .to_vec();
    system.send(sent).await.is(400).shows("文件没有传完整");
}
