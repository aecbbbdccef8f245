use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

#[test]
fn days_are_read_as_people_write_them() {
    let wanted = Some(day(2026, 1, 5));
    for typed in [
        "2026-01-05",
        "2026/1/5",
        "2026.1.5",
        "2026年1月5日",
        "２０２６年１月５日",
        " 2026-1-5　",
        "20260105",
        "2026-01-05 00:00:00",
        "2026-01-05T08:30:00",
    ] {
        assert_eq!(Cell::text(typed).day(false), wanted, "{typed}");
    }
    assert_eq!(Cell::number(46_027.0).day(false), wanted);
    assert_eq!(Cell::number(46_027.75).day(false), wanted);
    assert_eq!(Cell::number(44_565.0).day(true), wanted);
    assert_eq!(Cell::number(20_260_105.0).day(false), wanted);
    for typed in [
        "2026-13-01",
        "26-1-5",
        "1/5/2026",
        "明天",
        "2026年1月",
        "1900-01-01",
        "2025-02-29",
    ] {
        assert_eq!(Cell::text(typed).day(false), None, "{typed}");
    }
    assert_eq!(Cell::number(-3.0).day(false), None);
}

#[test]
fn words_are_tidied_and_numbers_keep_their_figures() {
    assert_eq!(
        Cell::text("　张　三\u{200b} "),
        Cell::Text("张 三".to_owned())
    );
    assert_eq!(
        Cell::text("１２９Ａ（甲）"),
        Cell::Text("129A（甲）".to_owned())
    );
    assert_eq!(Cell::text(" \u{3000} "), Cell::Empty);
    assert_eq!(
        Cell::number(12_900_000_001.0),
        Cell::Number("12900000001".to_owned())
    );
    assert_eq!(Cell::number(124.291_1), Cell::Number("124.2911".to_owned()));
    assert_eq!(Cell::number(0.1 + 0.2), Cell::Number("0.3".to_owned()));
    assert!(matches!(
        Cell::number(2.208_820_010_010_01e17),
        Cell::Lossy(_)
    ));
    assert!(Cell::Formula("3".to_owned()).sound().is_err());
}

#[test]
fn csv_comes_in_each_encoding() {
    let text = "姓名,电话\r\n张三,\"0436-5220000\"\r\n,\r\n'=1+2,'+8\r\n";
    let (wide, ..) = encoding_rs::GB18030.encode(text);
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(text.as_bytes());
    let tabbed = text.replace(',', "\t");
    for content in [text.as_bytes(), &wide, &marked, tabbed.as_bytes()] {
        let lines = Table::open(content).unwrap().lines("").unwrap();
        let numbers: Vec<u32> = lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 4]);
        assert_eq!(lines[1].cell(1).written(), "0436-5220000");
        assert_eq!(lines[2].cell(0).written(), "=1+2");
        assert_eq!(lines[2].cell(7), &Cell::Empty);
    }
}

/// A container with these parts.
fn container(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_table_is_told() {
    let bomb = vec![b' '; 20 * 1024 * 1024];
    let compound = |inner: &str| {
        let mut content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        content.extend(inner.encode_utf16().flat_map(u16::to_le_bytes));
        content
    };
    for (content, sentence) in [
        (Vec::new(), "文件是空的"),
        (b" \r\n ".to_vec(), "没有内容"),
        (b"PK\x03\x04 cut off".to_vec(), "不完整"),
        (container(&[("readme.txt", b"x")]), "这不是表格"),
        (container(&[("word/document.xml", b"<w/>")]), "这不是表格"),
        (
            container(&[("xl/workbook.xml", b"<w/>"), ("xl/vbaProject.bin", b"x")]),
            "有宏",
        ),
        (container(&[("xl/workbook.bin", b"x")]), ".xlsb"),
        (container(&[("xl/workbook.xml", &bomb)]), "展开以后太大"),
        (compound("Workbook"), "旧格式"),
        (compound("EncryptedPackage"), "密码"),
        (b"<html><table>".to_vec(), "网页"),
        (b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), "这不是表格"),
        (b"MZ\x90\0\x03\0".to_vec(), "这不是表格"),
    ] {
        let told = Table::open(&content).map(|_| ()).unwrap_err();
        assert!(told.contains(sentence), "{told} instead of {sentence}");
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(content in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(mut table) = Table::open(&content) {
            let _ = table.lines("");
        }
    }

    #[test]
    fn a_number_of_a_day_is_that_day(days in 18_000_i64..73_000) {
        let first = day(1899, 12, 30);
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let read = day_of(days as f64, false);
        prop_assert_eq!(read, Some(first + chrono::Duration::days(days)));
    }
}
