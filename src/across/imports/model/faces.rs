//! What a row says of a node, and what its party face is called if the row does not say.

use super::columns::head_of;
use super::row::Row;
use crate::org::access::Level;
use crate::org::redraw::{NodeFacts, NodeForm};

const HEADS: [(&str, &str); 4] = [
    ("party_name", "党组织名称"),
    ("households", "户数"),
    ("longitude", "经度"),
    ("latitude", "纬度"),
];

/// What the row says of a node; what is left empty stays as it is, or is as usual.
pub(super) fn form(
    row: &mut Row<'_>,
    (name, parents, level): (&str, &[String], Level),
    before: Option<&NodeFacts>,
) -> Option<NodeFacts> {
    let party = row.text("党组织名称");
    let typed = ["户数", "经度", "纬度"].map(|head| row.text(head));
    if row.is_wrong() {
        return None;
    }
    let kept = before.and_then(|facts| facts.point);
    let degrees = |d: Option<f64>| d.map(|d| d.to_string()).unwrap_or_default();
    let [households, longitude, latitude] = typed;
    let is_placed = !longitude.is_empty() || !latitude.is_empty();
    if level != Level::Unit && !households.is_empty() {
        row.note("户数只填单元的，这里没有用。");
    }
    if level < Level::Building && is_placed {
        row.note("经度、纬度只填楼栋和单元的，这里没有用。");
    }
    let form = NodeForm {
        name: name.to_owned(),
        party_name: if party.is_empty() {
            before.map_or_else(
                || usual_party(name, parents, level),
                |facts| facts.party_name.clone(),
            )
        } else {
            party
        },
        households: if households.is_empty() {
            before
                .and_then(|facts| facts.households)
                .map(|n| n.to_string())
                .unwrap_or_default()
        } else {
            households
        },
        longitude: if is_placed {
            longitude
        } else {
            degrees(kept.map(|p| p.0))
        },
        latitude: if is_placed {
            latitude
        } else {
            degrees(kept.map(|p| p.1))
        },
        ..NodeForm::default()
    };
    match form.read(level) {
        Ok(facts) => Some(facts),
        Err(errors) => {
            row.fail_fields(&errors, &HEADS);
            row.fail_fields(&errors, &[("name", head_of(level))]);
            None
        }
    }
}

/// What the party face is usually called.
fn usual_party(name: &str, parents: &[String], level: Level) -> String {
    let above = parents.last().map_or("", String::as_str);
    let short = above.trim_end_matches("网格");
    let full = if name.starts_with(short) || short.is_empty() {
        name.to_owned()
    } else {
        format!("{short}{name}")
    };
    let called = match level {
        Level::Street => format!("{name}大工委"),
        Level::Community => format!("{name}大党委"),
        Level::Grid => format!("{name}党支部"),
        Level::Building => format!("{full}党小组"),
        Level::Unit => format!("{full}党员中心户"),
    };
    if called.chars().count() > 40 {
        name.to_owned()
    } else {
        called
    }
}
