//! Which parts of a photo are blackened. Pure.

use crate::base::form::FieldErrors;
use crate::base::picture::Part;

/// The four numbers of a rectangle, in per cent, as they are typed.
pub(in super::super) const EDGES: [(&str, &str); 4] = [
    ("left", "左"),
    ("top", "上"),
    ("right", "右"),
    ("bottom", "下"),
];

/// The parts to be blackened: cells of the net (`3-7`, row and column from one) and a rectangle.
pub(in super::super) fn parts(
    (columns, rows): (u32, u32),
    cells: &[String],
    edges: &[String; 4],
) -> Result<Vec<Part>, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut parts = Vec::new();
    for cell in cells {
        let read = cell.split_once('-');
        let read = read.and_then(|(r, c)| Some((r.parse::<u32>().ok()?, c.parse::<u32>().ok()?)));
        match read {
            Some((row, column)) if (1..=rows).contains(&row) && (1..=columns).contains(&column) => {
                parts.push(Part {
                    left: (column - 1) * 1000 / columns,
                    top: (row - 1) * 1000 / rows,
                    right: (column * 1000).div_ceil(columns),
                    bottom: (row * 1000).div_ceil(rows),
                });
            }
            Some(_) | None => {
                errors.add("net", "有一格不在照片上。请刷新后重新点选。");
                break;
            }
        }
    }
    if edges.iter().any(|edge| !edge.trim().is_empty()) {
        parts.extend(rectangle(edges, &mut errors));
    }
    if parts.is_empty() && errors.is_empty() {
        errors.add("net", "请在照片上点选要遮盖的格子，或者填写范围。");
    }
    errors.or(parts)
}

fn rectangle(edges: &[String; 4], errors: &mut FieldErrors) -> Option<Part> {
    let mut read = [0_u32; 4];
    for (at, (name, label)) in EDGES.into_iter().enumerate() {
        match edges[at].trim().parse::<u32>() {
            Ok(share) if share <= 100 => read[at] = share * 10,
            Ok(_) | Err(_) => {
                errors.add(name, format!("{label}边写成 0 至 100 的整数。"));
                return None;
            }
        }
    }
    let [left, top, right, bottom] = read;
    if left >= right || top >= bottom {
        errors.add("left", "左边要小于右边，上边要小于下边。");
        return None;
    }
    Some(Part {
        left,
        top,
        right,
        bottom,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_a_part_of_the_picture() {
        let none = || <[String; 4]>::default();
        let part = parts((16, 12), &["1-1".to_owned()], &none()).unwrap()[0];
        assert_eq!(
            (part.left, part.top, part.right, part.bottom),
            (0, 0, 63, 84)
        );
        let last = parts((16, 12), &["12-16".to_owned()], &none()).unwrap()[0];
        assert_eq!((last.right, last.bottom), (1000, 1000));
        let edges = ["10", "20", " 30 ", "100"].map(str::to_owned);
        let part = parts((16, 12), &[], &edges).unwrap()[0];
        assert_eq!(
            (part.left, part.top, part.right, part.bottom),
            (100, 200, 300, 1000)
        );
        for (cells, edges) in [
            (vec![], none()),
            (vec!["13-1".to_owned()], none()),
            (vec!["0-1".to_owned()], none()),
            (vec!["1".to_owned()], none()),
            (vec![], ["10", "", "30", "40"].map(str::to_owned)),
            (vec![], ["30", "0", "30", "40"].map(str::to_owned)),
            (vec![], ["0", "0", "101", "40"].map(str::to_owned)),
        ] {
            assert!(
                parts((16, 12), &cells, &edges).is_err(),
                "{cells:?} {edges:?}"
            );
        }
    }
}
