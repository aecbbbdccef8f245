//! The form of an item: a new one, or the next version of one.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::super::actions;
use super::super::model::{ASSISTS, Class, DutyForm, Item, Offer, Standing};
use super::super::queries;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::org::access::{Chrome, Section, Visit};
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
}

impl WritePage {
    fn action(&self) -> String {
        self.item.as_ref().map_or_else(
            || "/duties".to_owned(),
            |item| format!("/duties/{}/edit", item.id),
        )
    }

    fn back(&self) -> String {
        self.item.as_ref().map_or_else(
            || "/duties".to_owned(),
            |item| format!("/duties/{}", item.id),
        )
    }

    fn title(&self) -> String {
        self.item.as_ref().map_or_else(
            || "新列一项".to_owned(),
            |i| format!("修改第 {} 项", i.number),
        )
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
        ..DutyForm::default()
    };
    Ok(Page(page(&visit, None, form, offer)).into_response())
}

/// The version in force, to be changed; an older one leads to it.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<DutyItemId>) -> Result<Response> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    if item.standing() == Standing::Ended {
        return Err(Error::Refused(
            "这一项已经停用，不能再改。需要时请新列一项。".to_owned(),
        ));
    }
    let item = if item.newest() == id {
        item
    } else {
        queries::item(&mut visit.tx, &visit.me, item.newest()).await?
    };
    let offer = queries::offer(&mut visit.tx, &visit.me).await?;
    let form = DutyForm::of(&item, visit.once());
    Ok(Page(page(&visit, Some(item), form, offer)).into_response())
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
    }
}

/// Keeps a new item.
pub(super) async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    keep(&db, visit, None, form).await
}

/// Keeps the next version of an item.
pub(super) async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<DutyItemId>,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    keep(&db, visit, Some(id), form).await
}

async fn keep(
    db: &Db,
    mut visit: Visit,
    old: Option<DutyItemId>,
    form: DutyForm,
) -> Result<Response> {
    if form.act == "more" {
        let page = drawn(&mut visit, old, form).await?;
        return Ok(Page(page).into_response());
    }
    let new = DutyItemId::at(visit.tx.now);
    let done = if old.is_some() { "change" } else { "new" };
    let location = format!("/duties/{new}?done={done}");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, (old, new), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, old, form, why).await
        }
    }
}

async fn store(
    visit: &mut Visit,
    (old, new): (Option<DutyItemId>, DutyItemId),
    form: &DutyForm,
) -> Result<()> {
    let offer = queries::offer(&mut visit.tx, &visit.me).await?;
    let read = form.read(&offer, old.is_some());
    let (content, reason) = read.map_err(Error::Invalid)?;
    let (tx, me) = (&mut visit.tx, &visit.me);
    match old {
        Some(old) => actions::amend(tx, me, (old, new), &content, &reason).await,
        None => actions::enter(tx, me, new, &content).await,
    }
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
    form: DutyForm,
    why: Again,
) -> Result<Response> {
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
            "这一项刚被别人改过，您的还没有保存。表单里是您填的，再存一次就以您的为准。"
                .clone_into(&mut page.refused);
        }
    }
    Ok((status, Page(page)).into_response())
}

/// What is in force now where it differs from what was typed.
fn differing(now: &Item, form: &DutyForm) -> Vec<(&'static str, String)> {
    let kept = DutyForm::of(now, String::new());
    let asks: Vec<String> = now
        .assists
        .iter()
        .map(|a| format!("{}：{}", a.department, a.ask))
        .collect();
    let classes: Vec<&str> = now.classes.iter().map(|c| c.name.as_str()).collect();
    let typed: BTreeMap<_, _> = (form.department.iter().zip(&form.ask))
        .filter(|(department, _)| !department.is_empty())
        .collect();
    let same_assists = typed == kept.department.iter().zip(&kept.ask).collect();
    let last = now.versions.first().map_or(String::new(), |v| {
        format!("第 {} 版，{}：{}", v.version, v.changer, v.reason)
    });
    [
        ("现行版本", last, false),
        ("名称", now.name.clone(), kept.name == form.name),
        ("依据", now.law.clone(), kept.law == form.law),
        ("主办部门", now.lead.clone(), kept.lead == form.lead),
        ("协办部门", asks.join("；"), same_assists),
        ("界限", now.boundary.clone(), kept.boundary == form.boundary),
        ("适用类别", classes.join("、"), kept.class == form.class),
    ]
    .into_iter()
    .filter(|(_, _, same)| !same)
    .map(|(label, value, _)| (label, value))
    .collect()
}
