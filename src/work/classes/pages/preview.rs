//! What a change of a class changes, before anything is kept.

use askama::Template;
use chrono::NaiveDate;

use super::super::actions;
use super::super::model::{Asked, Class, ClassForm, Content, Difference, difference};
use super::super::queries::{self, Sight};
use super::write::{Of, local, read};
use crate::base::error::{Error, Result};
use crate::base::form::fields_of;
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

#[derive(Template)]
#[template(path = "classes/preview.html")]
pub(super) struct Preview {
    chrome: Chrome,
    of: Of,
    form: ClassForm,
    /// The code it has, or will have.
    code: String,
    asked: Asked,
    changes: Vec<Difference>,
    effects: Vec<String>,
}

impl Preview {
    /// The fields to be sent again, but for the key, the version and the button.
    fn hidden(&self) -> Vec<(String, String)> {
        let own = |name: &str| ["act", "once", "version"].contains(&name);
        let all = fields_of(&self.form).into_iter();
        all.filter(|(name, _)| !own(name)).collect()
    }

    fn day(&self) -> String {
        words::day(self.asked.why.from_day)
    }
}

/// What the change changes, if it may be made.
pub(super) async fn look(
    visit: &mut Visit,
    code: Option<&str>,
    form: &ClassForm,
) -> Result<Preview> {
    let (of, asked) = read(visit, code, form).await?;
    let local = local(&of, form)?;
    let code = match (&local, of.class()) {
        (Some(local), _) => local.code.clone(),
        (None, class) => class.map_or_else(String::new, |c| c.code.clone()),
    };
    let name = (code.as_str(), asked.content.name.as_str());
    let sight = queries::sight(&mut visit.tx, &visit.me, name, asked.why.from_day).await?;
    actions::stands(&sight, &asked.content)?;
    let last = of.class().and_then(Class::last);
    if let (Some(last), Ok(seen)) = (last, form.version.parse::<i32>())
        && last.number != seen
    {
        return Err(Error::Stale);
    }
    let changes = difference(last.map(|v| &v.content), &asked.content);
    let today = visit.tx.today();
    if let Some(last) = last
        && changes.is_empty()
        && (last.from_day <= today || last.from_day == asked.why.from_day)
    {
        return Err(Error::Refused(
            "和最后一版完全一样，没有改动。要改就改下面的内容，不改请返回。".to_owned(),
        ));
    }
    let mut form = form.clone();
    form.once = visit.once();
    form.version = last.map_or_else(|| code.clone(), |v| v.number.to_string());
    Ok(Preview {
        chrome: visit.chrome(Section::Classes),
        effects: effects(&of, &asked, &sight, today),
        of,
        form,
        code,
        asked,
        changes,
    })
}

/// What the change does to what stands beside the class.
fn effects(of: &Of, asked: &Asked, sight: &Sight, today: NaiveDate) -> Vec<String> {
    let day = words::day(asked.why.from_day);
    let mut effects = vec![if asked.why.from_day > today {
        format!("{day} 零点起施行，到那天自动换，以前照现行的办。")
    } else {
        "保存后立即施行。".to_owned()
    }];
    match of.class() {
        Some(class) => effects.extend(on_class(class, asked, sight, today)),
        None => effects.push(
            "还没有承诺时限，权责清单也还没有管到它：保存后分别到时限设置和权责清单里补。"
                .to_owned(),
        ),
    }
    effects.extend(quick_list(&asked.content, sight));
    effects
}

/// What the change of a class does to its versions, matters, limit and duties.
fn on_class(class: &Class, asked: &Asked, sight: &Sight, today: NaiveDate) -> Vec<String> {
    let mut effects = Vec::new();
    let coming = class.coming(today).into_iter();
    for version in coming.filter(|v| v.from_day >= asked.why.from_day) {
        let (number, of) = (version.number, words::day(version.from_day));
        effects.push(format!(
            "原定 {of} 起的第 {number} 版不再施行，由这一版代替。"
        ));
    }
    effects.push(match (sight.open, sight.waiting) {
        (0, _) => "现在没有在办的事项属于这一类。".to_owned(),
        (open, 0) => format!("在办的 {open} 件都已受理，仍照受理时选的条件，不变。"),
        (open, waiting) => format!(
            "在办的 {open} 件：已受理的 {} 件仍照受理时选的条件，不变；待受理的 {waiting} 件，受理时选当天施行的条件。",
            open - waiting
        ),
    });
    if !asked.content.in_use {
        effects.push(
            "停用后上报时不再列出；编码不给别的类别用，以前的事项照常办理、查询。".to_owned(),
        );
    }
    effects.push(match class.limit {
        Some(limit) => format!("承诺时限 {}不受影响，要改到时限设置。", limit.words()),
        None => "没有承诺时限，要定到时限设置。".to_owned(),
    });
    let items: Vec<String> = class
        .duties
        .iter()
        .map(|d| format!("第 {} 项“{}”", d.number, d.name))
        .collect();
    effects.push(if items.is_empty() {
        "权责清单里没有哪一项管到它。".to_owned()
    } else {
        format!("权责清单{}适用这一类，不变。", items.join("、"))
    });
    effects
}

/// What becomes of the quick list of the ground.
fn quick_list(content: &Content, sight: &Sight) -> Option<String> {
    let mine = content.quick.as_ref()?;
    let same: Vec<&str> = (sight.quick.iter())
        .filter(|q| q.order == mine.order)
        .map(|q| q.name.as_str())
        .collect();
    let size = sight.quick.len() + 1;
    Some(if same.is_empty() {
        format!("基层上报时常用的 {size} 项里，它排第 {} 位。", mine.order)
    } else {
        format!(
            "基层上报时常用的共 {size} 项，第 {} 位已有“{}”，并列的按编码先后排；要错开请改位次。",
            mine.order,
            same.join("”“")
        )
    })
}
