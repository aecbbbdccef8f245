//! What a change of a class changes, said once: for the preview, the history and the record.

use super::Content;

/// One thing that is not as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub label: String,
    /// As it was; `无` where there was nothing.
    pub before: String,
    /// As it is now; `无` where there is nothing any more.
    pub after: String,
}

impl Difference {
    /// `名称：道路破损 → 路面破损`
    pub fn words(&self) -> String {
        format!("{}：{} → {}", self.label, self.before, self.after)
    }
}

fn quick(content: &Content) -> String {
    let quick = content.quick.as_ref();
    quick.map_or_else(
        || "无".to_owned(),
        |q| format!("第 {} 位“{}”", q.order, q.name),
    )
}

fn use_of(content: &Content) -> String {
    if content.in_use { "在用" } else { "停用" }.to_owned()
}

/// What a content says otherwise than the one before; of a new class, all that it says.
pub fn difference(before: Option<&Content>, after: &Content) -> Vec<Difference> {
    let none = || "无".to_owned();
    let mut all = vec![
        (
            "名称".to_owned(),
            before.map_or_else(none, |b| b.name.clone()),
            after.name.clone(),
        ),
        (
            "常用".to_owned(),
            before.map_or_else(none, quick),
            quick(after),
        ),
        (
            "状态".to_owned(),
            before.map_or_else(none, use_of),
            use_of(after),
        ),
    ];
    let old = before.map_or(&[][..], |b| &b.conditions[..]);
    for at in 0..old.len().max(after.conditions.len()) {
        let (was, is) = (old.get(at), after.conditions.get(at));
        for (label, was, is) in [
            ("立案条件", was.map(|c| &c.filing), is.map(|c| &c.filing)),
            ("结案条件", was.map(|c| &c.closing), is.map(|c| &c.closing)),
        ] {
            all.push((
                format!("{label} {}", at + 1),
                was.map_or_else(none, Clone::clone),
                is.map_or_else(none, Clone::clone),
            ));
        }
    }
    all.into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(label, before, after)| Difference {
            label,
            before,
            after,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, Quick};
    use super::*;

    fn content(name: &str, conditions: &[(&str, &str)]) -> Content {
        let conditions = (1..)
            .zip(conditions)
            .map(|(position, (filing, closing))| Condition {
                version: 1,
                position,
                filing: (*filing).to_owned(),
                closing: (*closing).to_owned(),
            });
        Content {
            name: name.to_owned(),
            quick: None,
            in_use: true,
            conditions: conditions.collect(),
        }
    }

    #[test]
    fn only_what_changes_is_said() {
        let old = content("道路破损", &[("坑洞", "补平"), ("翘砖", "铺平")]);
        let mut new = content("路面破损", &[("坑洞", "补平压实")]);
        new.quick = Some(Quick {
            order: 3,
            name: "路坏".to_owned(),
        });
        let said: Vec<String> = difference(Some(&old), &new)
            .iter()
            .map(Difference::words)
            .collect();
        assert_eq!(
            said,
            [
                "名称：道路破损 → 路面破损",
                "常用：无 → 第 3 位“路坏”",
                "结案条件 1：补平 → 补平压实",
                "立案条件 2：翘砖 → 无",
                "结案条件 2：铺平 → 无",
            ]
        );
        assert!(difference(Some(&old), &old).is_empty());
        assert!(old.says(&old));
        assert!(!old.says(&new));
    }

    #[test]
    fn of_a_new_class_everything_is_said() {
        let new = content("新类", &[]);
        let said: Vec<String> = difference(None, &new)
            .iter()
            .map(Difference::words)
            .collect();
        assert_eq!(said, ["名称：无 → 新类", "状态：无 → 在用"]);
    }
}
