//! What a report says: numbers, each with what it is of and what it was before, and where to look.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::rhythm::Rhythm;
use crate::base::words;
use crate::org::access::PostKind;
use crate::work::bulletins::PutOut;
use crate::work::figures::{Line, Read, Span, groups, lines};

/// What stands around the numbers.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Frame<'a> {
    /// The city.
    pub(in super::super) city: &'a str,
    /// The address of its pages.
    pub(in super::super) site: &'a str,
    /// Who asked for it.
    pub(in super::super) person: &'a str,
    /// What was asked for: `全市周报，每周一 08:00`.
    pub(in super::super) order: &'a str,
    /// How many before it were left out after a standstill.
    pub(in super::super) passed: i32,
}

impl Frame<'_> {
    /// The last lines: who asked for it, and how it ends.
    fn foot(&self) -> String {
        let Self {
            city,
            site,
            person,
            order,
            ..
        } = self;
        format!(
            "{person}在街哨里订的：{order}。要改、暂停或停发：{site}/reports\n\
             {city}街哨。请勿回复本邮件。\n"
        )
    }
}

/// Subject and text of the figures of some days.
pub(in super::super) fn of_figures(
    read: &Read,
    post: PostKind,
    (rhythm, span, today): (Rhythm, Span, NaiveDate),
    frame: Frame<'_>,
) -> (String, String) {
    let subject = format!(
        "{}数据{}，{}",
        read.scope.name,
        rhythm.label(),
        span.title()
    );
    let mut text = format!("{subject}\n");
    if frame.passed > 0 {
        let _ = writeln!(
            text,
            "系统停过一段时间，之前有 {} 期到时没有送，现在只送最近这一期。没有送的在系统里按日期看。",
            frame.passed
        );
    }
    let before = span.before_label(today);
    for group in groups(post, read.scope.kind) {
        let _ = writeln!(text, "\n【{}】", group.label());
        for line in lines(read, group, span) {
            let _ = writeln!(text, "{}", said(&line, &before));
        }
    }
    let days = |span: Span| format!("{} 至 {}", words::day(span.first), words::day(span.last));
    let _ = write!(
        text,
        "\n{before}：{}。上年同期：{}。\n数字按送出时的记录算，口径在附件里。\n查看：{}{}\n\n{}",
        days(span.before(today)),
        days(span.year_before(today)),
        frame.site,
        read.scope.page("/figures", span),
        frame.foot()
    );
    (subject, text)
}

/// `按时办结 9 件，90%（共 10 件）；上周 80%，上年同期 —`
fn said(line: &Line, before: &str) -> String {
    let reading = line.now.reading;
    let share = match (reading.rate(), reading.of) {
        (Some(rate), Some(of)) => format!("，{rate}（共 {of} 件）"),
        (None, Some(of)) => format!("（共 {of} 件）"),
        (_, None) => String::new(),
    };
    format!(
        "{} {} 件{share}；{before} {}，上年同期 {}",
        line.definition.name,
        reading.count,
        line.before.short(),
        line.year.short()
    )
}

/// Subject and text of a bulletin.
pub(in super::super) fn of_bulletin(bulletin: &PutOut, frame: Frame<'_>) -> (String, String) {
    let PutOut {
        numbered,
        title,
        text,
        path,
        others,
        ..
    } = bulletin;
    let mut letter = format!("{title}\n{numbered}\n");
    if *others > 0 {
        let _ = writeln!(
            letter,
            "之前还印发了 {others} 期，没有另送，在系统的“通报”里看。"
        );
    }
    let _ = write!(
        letter,
        "\n{text}\n查看和打印：{}{path}\n\n{}",
        frame.site,
        frame.foot()
    );
    (format!("{}通报{numbered}", frame.city), letter)
}
