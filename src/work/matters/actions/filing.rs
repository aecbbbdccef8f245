//! Filing a matter, and showing who told it.

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::words;
use crate::org::TrayId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::personal::{self, Field, Look, Opened, SightForm};
use crate::org::photos::{self, Step};
use crate::work::MatterId;
use crate::work::clocks;
use crate::work::matters::model::SolvedLevel;
use crate::work::matters::queries::filing::{self as queries, Begins, Chosen, New};
use crate::work::matters::queries::moves as held;
use crate::work::numbers::{self, Series};
use crate::work::visits;

/// A checked report of a matter.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) class: String,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) place: Chosen,
    pub(crate) spot: String,
    pub(crate) urgent: bool,
    pub(crate) teller_name: Option<String>,
    pub(crate) teller_phone: Option<String>,
    pub(crate) tray: Option<TrayId>,
    pub(crate) end: End,
}

/// What becomes of a matter as it is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The community is to deal with it.
    Open,
    /// It was dealt with on the spot; these words say how.
    Solved(String),
    /// It is the same as this one.
    Same(MatterId),
}

/// Files a matter under the given id.
pub(crate) async fn file(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, MatterId),
    report: &Report,
) -> Result<()> {
    let into = match &report.end {
        End::Same(other) => Some((*other, same(tx, me, *other, &report.place).await?)),
        End::Open | End::Solved(_) => None,
    };
    let level = SolvedLevel::on_the_spot(me.kind);
    let number = numbers::take(tx, me, Series::Matter, 'S').await?;
    let new = New {
        id,
        number: &number,
        class: &report.class,
        title: &report.title,
        detail: &report.detail,
        place: &report.place,
        spot: &words::masked_rooms(&report.spot),
        urgent: report.urgent,
        teller_name_mask: report.teller_name.as_deref().map(words::masked_name),
        teller_phone_mask: report.teller_phone.as_deref().map(words::masked_phone),
        begins: match &report.end {
            End::Open => Begins::Filed,
            End::Solved(words) => Begins::Solved(level, words),
            End::Same(other) => Begins::Merged(*other),
        },
    };
    queries::insert(tx, me, new).await?;
    keep_personal(tx, me, (keys, id), report).await?;
    if report.end == End::Open {
        clocks::promise(tx, me.tenant, id.0, &report.class).await?;
    }
    recorded(tx, me, id, report).await?;
    if report.end == End::Open {
        let matter = (id, number.as_str(), report.title.as_str());
        let about = (report.class.as_str(), report.place.code.as_str());
        visits::recurs(tx, me, matter, about).await?;
    }
    if let Some((other, other_number)) = into {
        let (to, from) = (
            format!("并入 {other_number}。"),
            format!("{number} 并入本件。"),
        );
        events::record(tx, me, (Subject::Matter, id.0), Verb::Merge, &to).await?;
        events::record(tx, me, (Subject::Matter, other.0), Verb::Merge, &from).await?;
        visits::merged(tx, me, id).await?;
    }
    Ok(())
}

/// Records that it was found, with what was photographed, and how it was dealt with on the spot.
async fn recorded(tx: &mut Tx, me: &Viewer, id: MatterId, report: &Report) -> Result<()> {
    let subject = (Subject::Matter, id.0);
    let said = if report.detail.is_empty() {
        &report.place.name
    } else {
        &report.detail
    };
    let filed = events::record_step(tx, me, subject, Verb::File, said).await?;
    let photos = photos::attach(tx, me, report.tray, (filed, Step::Found)).await?;
    if let End::Solved(words) = &report.end {
        // Found and finished in one: the same photo shows both.
        photos::asked(tx, me, Step::Finished, photos).await?;
        held::add_step(tx, me, id, words).await?;
        events::record(tx, me, subject, Verb::Solve, words).await?;
    }
    Ok(())
}

/// Seals who told it, and where exactly it is if that names a room; the row itself keeps the masks.
async fn keep_personal(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, MatterId),
    report: &Report,
) -> Result<()> {
    let name = report
        .teller_name
        .as_deref()
        .map(|n| (Field::TellerName, n));
    let phone = report
        .teller_phone
        .as_deref()
        .map(|p| (Field::TellerPhone, p));
    let has_room = words::masked_rooms(&report.spot) != report.spot;
    let spot = has_room.then_some((Field::Spot, report.spot.as_str()));
    let values: Vec<_> = name.into_iter().chain(phone).chain(spot).collect();
    personal::keep(tx, keys, (me.tenant, id.0), &values).await
}

/// Holds the matter that this one is the same as, and says its number.
async fn same(tx: &mut Tx, me: &Viewer, other: MatterId, place: &Chosen) -> Result<String> {
    const GONE: &str = "要并入的那一件已经找不到，请重新核对。";
    visits::hold_merging(tx, me.tenant, (Some(other), None)).await?;
    match held::lock(tx, me, other, None).await {
        Err(Error::NotFound) => return Err(wrong("merge", GONE)),
        held => held?,
    }
    let number = held::number(tx, me, other).await?;
    let Some((_, target)) = held::target(tx, me, &number).await? else {
        return Err(wrong("merge", GONE));
    };
    match target.refuses("", &place.code) {
        Some(sentence) => Err(wrong("merge", &sentence)),
        None => Ok(number),
    }
}

fn wrong(field: &str, sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}

/// The teller of a matter, and the room it is in, in the clear, recorded with the purpose. `is_task`: the program itself asks
/// for the call.
pub(crate) async fn unmask(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id, is_task): (&Keys, MatterId, bool),
    form: &SightForm,
) -> Result<Opened> {
    let look = Look {
        subject: (Subject::Matter, id.0),
        what: "诉求人的姓名和电话",
        is_task,
    };
    personal::look(tx, me, keys, look, form).await
}
