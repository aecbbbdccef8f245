//! What a change of the list changes, before anything is kept.

use askama::Template;
use chrono::NaiveDate;

use super::super::actions;
use super::super::model::{Content, DutyForm, Item, Offer, Said, Turn, Why, difference, turns};
use super::super::queries;
use super::write::{action, back, read};
use crate::base::error::Result;
use crate::base::form::fields_of;
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::DutyItemId;
use crate::work::classes::Difference;

#[derive(Template)]
#[template(path = "duties/preview.html")]
pub(super) struct Preview {
    chrome: Chrome,
    /// The item that is changed, as it stands; none: a new one.
    item: Option<Item>,
    form: DutyForm,
    content: Content,
    why: Why,
    changes: Vec<Difference>,
    turns: Vec<Turn>,
    effects: Vec<String>,
}

impl Preview {
    /// The fields to be sent again, but for the key and the button.
    fn hidden(&self) -> Vec<(String, String)> {
        let own = |name: &str| ["act", "once"].contains(&name);
        let all = fields_of(&self.form).into_iter();
        all.filter(|(name, _)| !own(name)).collect()
    }

    fn number(&self) -> i32 {
        self.item.as_ref().map_or(self.content.number, |i| i.number)
    }

    fn action(&self) -> String {
        action(self.item.as_ref())
    }

    fn back(&self) -> String {
        back(self.item.as_ref())
    }

    /// What stands in the head of the column of what was.
    fn was(&self) -> String {
        self.item
            .as_ref()
            .map_or_else(|| "现在".to_owned(), |i| format!("第 {} 版", i.own.version))
    }
}

/// What the change changes, if it may be made.
pub(super) async fn look(
    visit: &mut Visit,
    old: Option<DutyItemId>,
    form: &DutyForm,
) -> Result<Preview> {
    let (offer, content, why) = read(visit, old, form).await?;
    let item = match old {
        Some(id) => Some(queries::item(&mut visit.tx, &visit.me, id).await?),
        None => None,
    };
    let today = visit.tx.today();
    let after = Said::typed(&content, &offer);
    let changes = match &item {
        Some(item) => {
            actions::may_change(item, today)?;
            actions::changes(item, &after, (why.from_day, today))?
        }
        None => difference(None, &after),
    };
    let number = item.as_ref().map_or(content.number, |i| i.number);
    let (tx, me) = (&mut visit.tx, &visit.me);
    if item.is_none() {
        queries::is_free(tx, me, number).await?;
    }
    let of = (number, why.from_day);
    let covered = queries::covered(tx, me, of, &content.classes).await?;
    let turns = turns(number, &covered, Some((&after.lead, &content.classes)));
    let mut effects = vec![begins(&why, today)];
    if let Some(item) = &item {
        effects.extend(replaced(item, &why, today));
        effects.extend(citing(item));
    }
    effects.push(rest(&turns, covered.len()));
    effects.extend(alike(&offer, &content, number));
    let mut form = form.clone();
    form.once = visit.once();
    Ok(Preview {
        chrome: visit.chrome(Section::Duties),
        item,
        form,
        content,
        why,
        changes,
        turns,
        effects,
    })
}

fn begins(why: &Why, today: NaiveDate) -> String {
    if why.from_day > today {
        let day = words::day(why.from_day);
        format!("{day} 零点起施行，到那天自动换，以前照现行的办；施行以前可以撤回。")
    } else {
        "保存后立即施行。".to_owned()
    }
}

/// Which versions that wait give way to this one.
fn replaced(item: &Item, why: &Why, today: NaiveDate) -> Vec<String> {
    let coming = item.coming(today).into_iter();
    let coming = coming.filter(|v| v.from_day >= why.from_day);
    coming
        .map(|v| {
            format!(
                "原定 {} 起的第 {} 版不再施行，由这一版代替。",
                words::day(v.from_day),
                v.version
            )
        })
        .collect()
}

/// What becomes of the whistles that cite the item.
pub(super) fn citing(item: &Item) -> Vec<String> {
    let mut said = vec![match item.open {
        0 => "现在没有在办的哨单引用这一项。".to_owned(),
        open => format!("在办的 {open} 张哨单引用这一项，仍照引用时的那一版，不变。"),
    }];
    if item.drafts > 0 {
        said.push(format!(
            "{} 份还没吹响的哨单引用这一项，再打开修改时照当天的清单重新建议。",
            item.drafts
        ));
    }
    said
}

/// For how many classes the proposal of the lead stays.
pub(super) fn rest(turns: &[Turn], covered: usize) -> String {
    match (turns.len(), covered - turns.len()) {
        (0, 0) => "没有类别受影响。".to_owned(),
        (0, same) => format!("{same} 类事项建议的主办部门都不变。"),
        (other, 0) => format!("{other} 类事项建议的主办部门有变，见下表。"),
        (other, same) => {
            format!("{other} 类事项建议的主办部门有变，见下表；另 {same} 类不变。")
        }
    }
}

/// What waits or is missing so that the classes would still be proposed.
fn alike(offer: &Offer, content: &Content, number: i32) -> Option<String> {
    let ended: Vec<&str> = (offer.classes.iter())
        .filter(|c| content.classes.contains(&c.code) && c.name.ends_with("（停用）"))
        .map(|c| c.name.as_str())
        .collect();
    (!ended.is_empty())
        .then(|| format!("第 {number} 项还适用{}，上报时已选不到。", ended.join("、")))
}
