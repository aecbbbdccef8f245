//! Which part of the chain a list means: the viewer's reach, narrowed to one node below it; and where
//! others find the list of a part.

use chrono::NaiveDate;

use crate::base::form::address;
use crate::base::words;
use crate::org::access::Reach;

/// The list of matters of a class in a place, by their codes, filed from one local day to another. Of
/// an empty code all.
pub fn filed_list(place: &str, class: &str, (first, last): (NaiveDate, NaiveDate)) -> String {
    let (from, to) = (words::day(first), words::day(last));
    let fields = [
        ("place", place),
        ("class", class),
        ("from", &from),
        ("to", &to),
    ];
    address("/matters", fields)
}

/// The reach, narrowed to the node with this code. A code outside the reach leaves nothing.
pub(crate) fn narrowed(reach: &Reach, code: &str) -> Reach {
    let of_department = reach.department.is_some();
    let outer = [&reach.below, &reach.grid, &reach.community, &reach.street];
    let outer = outer
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_default();
    let code = if outer.starts_with(code) {
        &outer
    } else {
        code
    };
    let known =
        code.bytes().all(|b| b.is_ascii_digit()) && [0, 9, 12, 15, 18, 20].contains(&code.len());
    if reach.nothing || of_department || !known || !code.starts_with(&outer) {
        return Reach {
            nothing: true,
            ..Reach::default()
        };
    }
    let exactly = |length: usize| (code.len() == length).then(|| code.to_owned());
    Reach {
        street: exactly(9),
        community: exactly(12),
        grid: code.get(..15).map(str::to_owned),
        below: (code.len() > 15).then(|| code.to_owned()),
        ..Reach::default()
    }
}
