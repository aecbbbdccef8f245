//! What a row of the duty list names in words: departments, what they are asked for, classes.

use std::collections::HashMap;

use uuid::Uuid;

use super::row::cut;
use crate::work::duties::{Class, Named};

/// What parts of a list of words are kept apart by.
const BETWEEN: [char; 8] = ['、', '，', ',', '；', ';', '\n', '/', '|'];

/// The departments in force by their names.
pub(super) struct Departments<'a>(HashMap<&'a str, Uuid>);

impl<'a> Departments<'a> {
    pub(super) fn of(offered: &'a [Named]) -> Self {
        Self(offered.iter().map(|d| (d.name.as_str(), d.id)).collect())
    }

    pub(super) fn named(&self, name: &str) -> Option<Uuid> {
        self.0.get(name.trim()).copied()
    }

    /// The departments that assist, with what each is asked for: `甲局：某事；乙局：某事`. What is
    /// asked may have semicolons of its own. A name alone leaves open what is asked.
    pub(super) fn assists(&self, typed: &str) -> Result<Vec<(Uuid, String)>, String> {
        let mut found: Vec<(Uuid, String)> = Vec::new();
        let pieces = typed.split(['\n', '；', ';']).map(str::trim);
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            let pair = piece.split_once(['：', ':']);
            if let Some((name, ask)) = pair
                && let Some(id) = self.named(name)
            {
                found.push((id, ask.trim().to_owned()));
                continue;
            }
            let alone: Vec<Option<Uuid>> = piece
                .split(['、', '，', ','])
                .filter(|name| !name.trim().is_empty())
                .map(|name| self.named(name))
                .collect();
            if alone.iter().all(Option::is_some) {
                found.extend(alone.into_iter().flatten().map(|id| (id, String::new())));
            } else if let Some((_, ask)) = found.last_mut().filter(|_| pair.is_none()) {
                if !ask.is_empty() {
                    ask.push('；');
                }
                ask.push_str(piece);
            } else {
                let name = pair.map_or(piece, |(name, _)| name);
                return Err(format!(
                    "{}写成 部门全称：配合事项，几个部门用分号分开。",
                    unknown(name)
                ));
            }
        }
        Ok(found)
    }
}

/// What is said of a department that there is not.
pub(super) fn unknown(name: &str) -> String {
    format!(
        "没有叫“{}”的部门。请写部门全称；新部门请系统管理员先设立。",
        cut(name)
    )
}

/// The classes by what a table may call them: name or code.
pub(super) struct Classes<'a>(HashMap<&'a str, Vec<&'a Class>>);

impl<'a> Classes<'a> {
    pub(super) fn of(offered: &'a [Class]) -> Self {
        let mut all: HashMap<&str, Vec<&Class>> = HashMap::new();
        for class in offered {
            all.entry(&class.name).or_default().push(class);
            all.entry(&class.code).or_default().push(class);
        }
        Self(all)
    }

    /// The codes of the classes that are written one after another. A name may have a 顿号 of its
    /// own, so the longest that fits is meant.
    pub(super) fn codes(&self, typed: &str) -> Result<Vec<String>, String> {
        let mut codes: Vec<String> = Vec::new();
        let mut rest = typed.trim_start_matches(is_between);
        while !rest.is_empty() {
            let ends = rest
                .char_indices()
                .filter(|(_, c)| is_between(*c))
                .map(|(at, _)| at)
                .chain([rest.len()]);
            let mut first = None;
            let mut longest = None;
            for end in ends {
                let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                first = first.or(Some(name));
                if let Some(classes) = self.0.get(name.trim()) {
                    longest = Some((classes, after));
                }
            }
            let Some((classes, after)) = longest else {
                return Err(format!(
                    "没有“{}”这个类别。请照事项类别写名称或编码，几类用顿号分开。",
                    cut(first.unwrap_or(rest).trim())
                ));
            };
            match classes.as_slice() {
                [class] if codes.contains(&class.code) => {}
                [class] => codes.push(class.code.clone()),
                several => return Err(ambiguous(several)),
            }
            rest = after.trim_start_matches(is_between);
        }
        Ok(codes)
    }
}

fn ambiguous(several: &[&Class]) -> String {
    let each: Vec<String> = several
        .iter()
        .map(|c| format!("{}（{}）", c.code, c.major))
        .collect();
    let name = several.first().map_or("", |c| c.name.as_str());
    format!("“{name}”有几个，请写编码：{}。", each.join("、"))
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || BETWEEN.contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(code: &str, name: &str) -> Class {
        Class {
            code: code.to_owned(),
            major: "市政".to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn classes_are_read_by_name_and_code_and_the_longest_name_is_meant() {
        let offered = [
            class("01-01", "排水管道堵塞"),
            class("01-02", "排水管道堵塞、破裂"),
            class("01-03", "道路积水"),
            class("01-04", "噪声"),
            class("02-04", "噪声"),
        ];
        let classes = Classes::of(&offered);
        for (typed, codes) in [
            ("排水管道堵塞、破裂、道路积水", vec!["01-02", "01-03"]),
            ("排水管道堵塞，01-03；道路积水", vec!["01-01", "01-03"]),
            (" 01-01\n02-04 、", vec!["01-01", "02-04"]),
        ] {
            assert_eq!(classes.codes(typed).unwrap(), codes, "{typed}");
        }
        assert!(classes.codes("噪声").unwrap_err().contains("02-04（市政）"));
        let lacking = classes.codes("道路积水、没有这类").unwrap_err();
        assert!(lacking.contains("没有“没有这类”这个类别"), "{lacking}");
    }

    #[test]
    fn departments_that_assist_are_read_with_what_they_are_asked_for() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let named = |id, name: &str| Named {
            id,
            name: name.to_owned(),
        };
        let offered = [named(one, "供水公司"), named(two, "公安局")];
        let departments = Departments::of(&offered);
        for (typed, found) in [
            (
                "供水公司：关阀；断水；公安局:疏导交通。",
                vec![(one, "关阀；断水"), (two, "疏导交通。")],
            ),
            ("供水公司、公安局", vec![(one, ""), (two, "")]),
            ("公安局\n供水公司：关阀", vec![(two, ""), (one, "关阀")]),
        ] {
            let found: Vec<(Uuid, String)> = found
                .into_iter()
                .map(|(id, ask)| (id, ask.to_owned()))
                .collect();
            assert_eq!(departments.assists(typed).unwrap(), found, "{typed}");
        }
        let wrong = departments.assists("热力局：供热").unwrap_err();
        assert!(wrong.contains("没有叫“热力局”的部门"), "{wrong}");
    }
}
