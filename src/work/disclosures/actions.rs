//! Asking for a file with personal data, letting it be made or not, fetching it.

use uuid::Uuid;

use super::model::{Ask, HOLDS, Kind, MOST, Row, State, lacks_factor, mark};
use super::queries::{self, Line};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::seal::Keys;
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::notices::{self, Class, Message};
use crate::org::personal;

const LINK: &str = "/disclosures";

fn factor(me: &Viewer) -> Result<()> {
    match lacks_factor(me) {
        Some(sentence) => Err(Error::Refused(sentence.to_owned())),
        None => Ok(()),
    }
}

fn few(lines: &[Line]) -> Result<()> {
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    if lines.is_empty() {
        return Err(Error::Refused(
            "这个范围里没有留下个人信息的记录，不用导出。".to_owned(),
        ));
    }
    if lines.len() > most {
        return Err(Error::Refused(format!(
            "超过 {MOST} 行，一次不能导出这么多。请缩短日期。"
        )));
    }
    Ok(())
}

/// Asks for a file; whoever decides is told.
pub(super) async fn ask(tx: &mut Tx, me: &Viewer, id: Uuid, ask: &Ask) -> Result<()> {
    factor(me)?;
    let lines = queries::lines(tx, me, (ask.kind, me.node_code()), ask.span).await?;
    few(&lines)?;
    queries::add(tx, me, id, ask, lines.len()).await?;
    let row = queries::hold(tx, me, id).await?;
    let sentence = format!(
        "{}。用途：{}，{}。",
        row.what(),
        ask.purpose.label(),
        ask.words
    );
    events::record(
        tx,
        me,
        (Subject::Personal, id),
        Verb::AskPersonal,
        &sentence,
    )
    .await?;
    let message = Message {
        class: Class::Step,
        verb: Verb::AskPersonal,
        title: format!("{} {}申请导出个人信息，请决定", me.title, me.name),
        words: row.what(),
        link: LINK.to_owned(),
    };
    let posts = queries::deciders(tx, me, ask.kind).await?;
    notices::tell_asking(tx, me.tenant, &posts, &message, "审批").await
}

/// Lets it be made, or not, with the reason; whoever asked is told.
pub(super) async fn decide(tx: &mut Tx, me: &Viewer, id: Uuid, denial: Option<&str>) -> Result<()> {
    let row = queries::hold(tx, me, id).await?;
    if row.state(tx.now) != State::Waiting {
        return Err(Error::Stale);
    }
    if !row.may_decide(me) {
        return Err(Error::Refused("自己的申请须由另一个人同意。".to_owned()));
    }
    let (verb, until) = match denial {
        Some(_) => (Verb::DenyPersonal, None),
        None => (Verb::LetPersonal, Some(tx.now + HOLDS)),
    };
    queries::decide(tx, me, id, (until, denial)).await?;
    let sentence = match denial {
        Some(reason) => format!("{}。理由：{reason}", row.what()),
        None => format!("{}，24 小时内可以取。", row.what()),
    };
    events::record(tx, me, (Subject::Personal, id), verb, &sentence).await?;
    let message = Message {
        class: Class::Step,
        verb,
        title: match denial {
            Some(_) => format!("{}不同意您导出个人信息", me.name),
            None => format!("{}同意您导出个人信息，24 小时内可以取", me.name),
        },
        words: row.what(),
        link: LINK.to_owned(),
    };
    notices::tell(tx, me.tenant, &[row.asked_post], &message).await
}

/// The file, made now; recorded before it leaves.
pub(super) async fn take(tx: &mut Tx, me: &Viewer, keys: &Keys, id: Uuid) -> Result<Sheet> {
    let row = queries::hold(tx, me, id).await?;
    factor(me)?;
    if !row.may_take(me, tx.now) {
        return Err(Error::Refused(
            "这份文件现在不能取：没有同意，或者过了 24 小时，或者不是您申请的。".to_owned(),
        ));
    }
    let span = row.from_day.zip(row.to_day);
    let lines = queries::lines(tx, me, (row.kind, &row.reach_code), span).await?;
    few(&lines)?;
    let mark = mark(me, tx.now);
    let mut sheet = Sheet::new(Format::Xlsx, named(&row), columns(row.kind))?.marked(&mark)?;
    let owners: Vec<Uuid> = lines.iter().map(|l| l.owner).collect();
    let mut opened = personal::opened(tx, keys, me.tenant, &owners).await?;
    for line in lines {
        let values = opened.remove(&line.owner).unwrap_or_default();
        let [first, second, third] = line.cells;
        let mut cells: Vec<Cell> = vec![first.into(), second.into(), third.into()];
        match row.kind {
            Kind::Tellers => {
                cells.extend([line.at.into(), values.name.into(), values.phone.into()]);
            }
            Kind::Numbers => cells.push(values.phone.into()),
        }
        cells.push(mark.clone().into());
        sheet.row(&cells)?;
    }
    queries::take(tx, me, id).await?;
    let sentence = format!("第 {} 次取走，{} 行。", row.taken + 1, sheet.rows());
    events::record(
        tx,
        me,
        (Subject::Personal, id),
        Verb::TakePersonal,
        &sentence,
    )
    .await?;
    Ok(sheet)
}

fn named(row: &Row) -> (&'static str, &'static str) {
    match row.kind {
        Kind::Tellers => ("tellers", "诉求人信息"),
        Kind::Numbers => ("numbers", "人员电话"),
    }
}

fn columns(kind: Kind) -> Vec<Column> {
    let mut columns = match kind {
        Kind::Tellers => vec![
            Column::text("编号", 20),
            Column::text("标题", 40),
            Column::text("地点", 30),
            Column::minute("上报时间"),
            Column::text("诉求人", 12),
            Column::text("诉求人电话", 16),
        ],
        Kind::Numbers => vec![
            Column::text("姓名", 12),
            Column::text("身份", 14),
            Column::text("职务", 40),
            Column::text("电话", 16),
        ],
    };
    columns.push(Column::text("导出记录", 44));
    columns
}
