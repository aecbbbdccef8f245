//! The form of an item: a new one, or the next version of one.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use chrono::NaiveDate;

use super::super::actions;
use super::super::model::{AHEAD, ASSISTS, Class, Content, DutyForm, Item, Offer, Why};
use super::super::queries;
use super::preview::look;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Saved, Section, Visit};
use crate::work::DutyItemId;

/// The classes of one major class.
struct Major {
    name: String,
    /// Whether one of them is ticked.
    open: bool,
    ticked: usize,
    classes: Vec<Class>,
}

#[derive(Template)]
#[template(path = "duties/write.html")]
struct WritePage {
    chrome: Chrome,
    /// The version that is changed; none for a new item.
    item: Option<Item>,
    form: DutyForm,
    errors: FieldErrors,
    refused: String,
    /// What is in force now and differs, where somebody else was first.
    kept_now: Vec<(&'static str, String)>,
    offer: Offer,
    rows: usize,
    today: NaiveDate,
}

/// Where the form of an item is sent.
pub(super) fn action(item: Option<&Item>) -> String {
    item.map_or_else(
        || "/duties".to_owned(),
        |item| format!("/duties/{}/edit", item.own.id),
    )
}

/// Where one goes without changing anything.
pub(super) fn back(item: Option<&Item>) -> String {
    item.map_or_else(
        || "/duties".to_owned(),
        |item| format!("/duties/{}", item.own.id),
    )
}

impl WritePage {
    fn action(&self) -> String {
        action(self.item.as_ref())
    }

    fn back(&self) -> String {
        back(self.item.as_ref())
    }

    fn title(&self) -> String {
        self.item.as_ref().map_or_else(
            || "新列一项".to_owned(),
            |i| format!("修改第 {} 项", i.number),
        )
    }

    /// On what it stands, and what it becomes.
    fn about(&self) -> String {
        let Some(item) = &self.item else {
            return String::new();
        };
        let own = &item.own;
        let waits = if own.from_day > self.today {
            format!("（{} 起，待施行）", words::day(own.from_day))
        } else {
            String::new()
        };
        format!(
            "以第 {} 版{waits}为底，存后成为第 {} 版",
            own.version,
            item.next()
        )
    }

    fn last_day(&self) -> String {
        words::day(self.today + chrono::Duration::days(AHEAD))
    }

    fn typed_department(&self, row: &usize) -> &str {
        self.form.department.get(*row).map_or("", String::as_str)
    }

    fn typed_ask(&self, row: &usize) -> &str {
        self.form.ask.get(*row).map_or("", String::as_str)
    }

    fn ask_error(&self, row: &usize) -> &str {
        self.errors.of(&format!("ask-{row}"))
    }

    fn ticks(&self, class: &Class) -> bool {
        self.form.class.contains(&class.code)
    }

    /// The classes by their major class, in the order of the code list.
    fn majors(&self) -> Vec<Major> {
        let mut majors: Vec<Major> = Vec::new();
        for class in &self.offer.classes {
            let ticked = self.ticks(class);
            if majors.last().is_none_or(|m| m.name != class.major) {
                majors.push(Major {
                    name: class.major.clone(),
                    open: false,
                    ticked: 0,
                    classes: Vec::new(),
                });
            }
            if let Some(major) = majors.last_mut() {
                major.open |= ticked;
                major.ticked += usize::from(ticked);
                major.classes.push(class.clone());
            }
        }
        majors
    }
}

/// A blank item.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let offer = queries::offer(&mut visit.tx, &visit.me).await?;
    let form = DutyForm {
        once: visit.once(),
        number: offer.next.to_string(),
        from_day: words::day(visit.tx.today()),
        ..DutyForm::default()
    };
    Ok(Page(page(&visit, None, form, offer)).into_response())
}

/// The last version, to be changed; an older one leads to it.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<DutyItemId>) -> Result<Response> {
    let item = newest(&mut visit, id).await?;
    let today = visit.tx.today();
    actions::may_change(&item, today)?;
    let offer = queries::offer(&mut visit.tx, &visit.me).await?;
    let form = DutyForm::of((item.number, &item.own), visit.once(), today);
    Ok(Page(page(&visit, Some(item), form, offer)).into_response())
}

async fn newest(visit: &mut Visit, id: DutyItemId) -> Result<Item> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    if item.newest() == id {
        return Ok(item);
    }
    queries::item(&mut visit.tx, &visit.me, item.newest()).await
}

fn page(visit: &Visit, item: Option<Item>, form: DutyForm, offer: Offer) -> WritePage {
    let more = usize::from(form.act == "more");
    let rows = (form.department.len() + more).clamp(2, ASSISTS);
    WritePage {
        chrome: visit.chrome(Section::Duties),
        item,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        kept_now: Vec::new(),
        offer,
        rows,
        today: visit.tx.today(),
    }
}

/// A new item: looked at, then kept.
pub(super) async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    answer(&db, visit, None, form).await
}

/// The next version of an item: looked at, then kept.
pub(super) async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<DutyItemId>,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    answer(&db, visit, Some(id), form).await
}

async fn answer(
    db: &Db,
    mut visit: Visit,
    old: Option<DutyItemId>,
    form: DutyForm,
) -> Result<Response> {
    let tried = match form.act.as_str() {
        "more" | "edit" => {
            let page = drawn(&mut visit, old, form).await?;
            return Ok(Page(page).into_response());
        }
        "save" => save(&mut visit, old, &form).await,
        _ => match look(&mut visit, old, &form).await {
            Ok(page) => return Ok(Page(page).into_response()),
            Err(error) => Err(error),
        },
    };
    let why = match tried {
        Ok(saved) => return visit.saved(saved).await,
        Err(error) => error.again()?,
    };
    again(visit.afresh(db).await?, old, form, why).await
}

/// What the form says, and what it was offered.
pub(super) async fn read(
    visit: &mut Visit,
    old: Option<DutyItemId>,
    form: &DutyForm,
) -> Result<(Offer, Content, Why)> {
    let offer = queries::offer(&mut visit.tx, &visit.me).await?;
    let read = form.read(&offer, old.is_some(), visit.tx.today());
    let (content, why) = read.map_err(Error::Invalid)?;
    Ok((offer, content, why))
}

async fn save(visit: &mut Visit, old: Option<DutyItemId>, form: &DutyForm) -> Result<Saved> {
    let new = DutyItemId::at(visit.tx.now);
    let done = if old.is_some() { "change" } else { "new" };
    let location = format!("/duties/{new}?done={done}");
    if let Some(earlier) = visit.claim(&form.once, &location).await? {
        return Ok(Saved::Earlier(earlier));
    }
    let (offer, content, why) = read(visit, old, form).await?;
    let kept = (&content, &why);
    let (tx, me) = (&mut visit.tx, &visit.me);
    match old {
        Some(old) => actions::amend(tx, me, (old, new), &offer, kept).await?,
        None => actions::enter(tx, me, new, kept).await?,
    }
    Ok(Saved::Now(location))
}

async fn drawn(visit: &mut Visit, old: Option<DutyItemId>, form: DutyForm) -> Result<WritePage> {
    let item = match old {
        Some(id) => Some(queries::item(&mut visit.tx, &visit.me, id).await?),
        None => None,
    };
    let offer = queries::offer(&mut visit.tx, &visit.me).await?;
    Ok(page(visit, item, form, offer))
}

/// The form again with everything that was typed. Where somebody else was first it goes on from
/// the version in force, which stands beside it.
async fn again(
    mut visit: Visit,
    old: Option<DutyItemId>,
    mut form: DutyForm,
    why: Again,
) -> Result<Response> {
    form.once = visit.once();
    let mut page = drawn(&mut visit, old, form).await?;
    let status = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            if let Some(newest) = page.item.as_ref().map(Item::newest) {
                let now = queries::item(&mut visit.tx, &visit.me, newest).await?;
                page.kept_now = differing(&now, &page.form);
                page.item = Some(now);
            }
            "这一项刚被别人改过，您的还没有保存。表单里是您填的，核对后再看一次改动，就以您的为准。"
                .clone_into(&mut page.refused);
        }
    }
    Ok((status, Page(page)).into_response())
}

/// What is kept now where it differs from what was typed.
fn differing(now: &Item, form: &DutyForm) -> Vec<(&'static str, String)> {
    let own = &now.own;
    let kept = DutyForm::of((now.number, own), String::new(), own.from_day);
    let asks: Vec<String> = own
        .assists
        .iter()
        .map(|a| format!("{}：{}", a.department, a.ask))
        .collect();
    let classes: Vec<&str> = own.classes.iter().map(|c| c.name.as_str()).collect();
    let typed: BTreeMap<_, _> = (form.department.iter().zip(&form.ask))
        .filter(|(department, _)| !department.is_empty())
        .collect();
    let same_assists = typed == kept.department.iter().zip(&kept.ask).collect();
    let last = format!(
        "第 {} 版，{} 起，{}：{}",
        own.version,
        words::day(own.from_day),
        own.changer,
        own.reason
    );
    [
        ("最后一版", last, false),
        ("名称", own.name.clone(), kept.name == form.name),
        ("依据", own.law.clone(), kept.law == form.law),
        ("主办部门", own.lead.clone(), kept.lead == form.lead),
        ("协办部门", asks.join("；"), same_assists),
        ("界限", own.boundary.clone(), kept.boundary == form.boundary),
        ("适用类别", classes.join("、"), kept.class == form.class),
    ]
    .into_iter()
    .filter(|(_, _, same)| !same)
    .map(|(label, value, _)| (label, value))
    .collect()
}
