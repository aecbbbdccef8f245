//! The second step of filing: which places the filer's post may choose from, and whether the
//! choice made is whole. Codes are paths: each one begins with the one above it.

use super::draft::Draft;
use crate::base::error::Result;
use crate::base::form::FieldErrors;
use crate::org::access::{Level, Seat, Viewer, Visit};
use crate::work::matters::queries::filing::{self as queries, Chosen, Ground};

/// Where the filer sits in the chain; streets choose from the most, units from nothing.
pub(super) fn level(me: &Viewer) -> Level {
    match &me.seat {
        Seat::Node { level, .. } => *level,
        Seat::City | Seat::Department { .. } => Level::Street,
    }
}

/// Writes the filer's own place into the draft, and takes out what no longer fits above.
pub(super) fn settle(me: &Viewer, draft: &mut Draft) {
    let own = |length: usize| me.node_code().get(..length).map(str::to_owned);
    let fixed = [
        (&mut draft.community, own(12)),
        (&mut draft.grid, own(15)),
        (&mut draft.building, own(18)),
        (&mut draft.unit, own(20)),
    ];
    for (field, code) in fixed {
        if let (true, Some(code)) = (field.is_empty(), code) {
            *field = code;
        }
    }
    // Only a choice changed on the page takes out what was chosen below it; a forged one is
    // left standing, to be refused.
    let moved = |shown: &str, now: &str| !shown.is_empty() && shown != now;
    if moved(&draft.shown_community, &draft.community) && !draft.grid.starts_with(&draft.community)
    {
        draft.grid.clear();
    }
    if moved(&draft.shown_grid, &draft.grid) {
        for field in [&mut draft.building, &mut draft.unit] {
            if draft.grid.is_empty() || !field.starts_with(&draft.grid) {
                field.clear();
            }
        }
    }
}

/// The choices that the page of this draft offers.
pub(super) async fn offered(visit: &mut Visit, draft: &Draft) -> Result<Ground> {
    let me = &visit.me;
    let level = level(me);
    let street = if level == Level::Street {
        me.node_code()
    } else {
        ""
    };
    let community = if level <= Level::Community {
        draft.community.as_str()
    } else {
        ""
    };
    let grid = match level {
        Level::Street | Level::Community | Level::Grid if draft.grid.len() == 15 => &draft.grid,
        Level::Building => me.node_code(),
        Level::Street | Level::Community | Level::Grid | Level::Unit => "",
    };
    let today = visit.tx.today();
    queries::ground(&mut visit.tx, me, (street, community, grid), today).await
}

/// Whether the page must be shown again because a choice opens further ones that were not
/// offered yet; without script that takes one more click.
pub(super) fn opens_more(me: &Viewer, draft: &Draft) -> bool {
    match level(me) {
        Level::Street => {
            (!draft.community.is_empty()
                && draft.grid.is_empty()
                && draft.community != draft.shown_community)
                || opens_grid(draft)
        }
        Level::Community => opens_grid(draft),
        Level::Grid | Level::Building | Level::Unit => false,
    }
}

fn opens_grid(draft: &Draft) -> bool {
    draft.grid.len() == 15
        && draft.building.is_empty()
        && draft.unit.is_empty()
        && draft.grid != draft.shown_grid
}

/// The place chosen, checked against the filer's ground.
pub(super) async fn chosen(
    visit: &mut Visit,
    draft: &Draft,
    errors: &mut FieldErrors,
) -> Result<Option<Chosen>> {
    const OUTSIDE: &str = "这里不在您的管辖范围内，请重新选择。";
    let me = &visit.me;
    let steps = [
        ("community", &draft.community),
        ("grid", &draft.grid),
        ("building", &draft.building),
        ("unit", &draft.unit),
    ];
    let mut place = ("community", "");
    for (field, code) in steps {
        if code.is_empty() {
            continue;
        }
        let digits = code.bytes().all(|b| b.is_ascii_digit());
        if !digits || !code.starts_with(place.1) {
            errors.add(field, OUTSIDE);
            return Ok(None);
        }
        place = (field, code);
    }
    if let Some((field, sentence)) = missing(me, draft) {
        errors.add(field, sentence);
        return Ok(None);
    }
    let (field, code) = place;
    if !code.starts_with(me.node_code()) {
        errors.add(field, OUTSIDE);
        return Ok(None);
    }
    let code = code.to_owned();
    let today = visit.tx.today();
    let found = queries::place(&mut visit.tx, &visit.me, &code, today).await?;
    if found.is_none() {
        errors.add(field, "没有这个地点，请重新选择。");
    }
    Ok(found)
}

/// The choice that is still to be made.
fn missing(me: &Viewer, draft: &Draft) -> Option<(&'static str, &'static str)> {
    if draft.community.is_empty() {
        Some(("community", "请选择社区。"))
    } else if draft.grid.is_empty() {
        Some(("grid", "请选择网格；不在网格里的，选“社区范围”。"))
    } else if draft.grid.len() == 15 && draft.building.is_empty() && draft.unit.is_empty() {
        Some(("building", "请选择楼栋；不在楼里的，选“室外”。"))
    } else if level(me) == Level::Building && draft.unit.is_empty() {
        Some(("unit", "请选择单元；整栋楼的事，选“整栋楼”。"))
    } else {
        None
    }
}
