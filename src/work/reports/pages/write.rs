//! The form of a report: what is sent, of which part of the city, at which hour.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::super::model::{HOURS, Order, OrderForm, Rhythm, hour_word};
use super::super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::org::access::{Chrome, Section, Visit};
use crate::work::ReportId;
use crate::work::figures::{ScopeKind, own_key};

/// The part of the city that a link names, as the page of figures does.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    place: String,
    department: String,
}

#[derive(Template)]
#[template(path = "reports/write.html")]
struct Write {
    chrome: Chrome,
    /// The one that is changed.
    order: Option<Order>,
    form: OrderForm,
    /// The parts of the city, by key and name.
    offers: Vec<(String, String)>,
    mask: Option<String>,
    errors: FieldErrors,
    refused: String,
}

impl Write {
    fn action(&self) -> String {
        self.order.as_ref().map_or_else(
            || "/reports".to_owned(),
            |order| format!("/reports/{}/edit", order.id),
        )
    }

    fn title(&self) -> String {
        self.order.as_ref().map_or_else(
            || "订定期报告".to_owned(),
            |order| format!("修改{}", order.title()),
        )
    }

    fn hours(&self) -> Vec<(i16, String, bool)> {
        let hour = |hour: &i16| (*hour, hour_word(*hour), self.form.hour == hour.to_string());
        HOURS.iter().map(hour).collect()
    }

    fn is_chosen(&self, key: &str) -> bool {
        self.form.scope == OrderForm::value(key)
    }
}

/// The form as it stands, with what it offers.
async fn page(visit: &mut Visit, id: Option<ReportId>, form: Option<OrderForm>) -> Result<Write> {
    let (orders, mask) = queries::own(&mut visit.tx, &visit.me).await?;
    let order = match id {
        None => None,
        Some(id) => {
            let own = orders.into_iter().find(|order| order.id == id);
            Some(own.ok_or(Error::NotFound)?)
        }
    };
    let own = own_key(&visit.me);
    let form = match (form, &order) {
        (Some(form), _) => form,
        (None, Some(order)) => OrderForm::of(order, visit.once()),
        (None, None) => OrderForm::new(visit.once(), &own),
    };
    let given = ScopeKind::within(&own, form.key()).map(|_| form.key());
    let level = ScopeKind::of_key(&own).and_then(ScopeKind::level_below);
    let offers = queries::offers(&mut visit.tx, &visit.me, &own, (level, given)).await?;
    Ok(Write {
        chrome: visit.chrome(Section::Figures),
        order,
        form,
        offers,
        mask,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

pub(super) async fn blank(mut visit: Visit, Query(named): Query<Named>) -> Result<Response> {
    let own = own_key(&visit.me);
    let named = if named.place.is_empty() {
        named.department
    } else {
        named.place
    };
    let is_within = !named.is_empty() && ScopeKind::within(&own, &named).is_some();
    let key = if is_within { named } else { own };
    let form = OrderForm::new(visit.once(), &key);
    let page = page(&mut visit, None, Some(form)).await?;
    Ok(Page(page).into_response())
}

pub(super) async fn edit(mut visit: Visit, Path(id): Path<ReportId>) -> Result<Response> {
    Ok(Page(page(&mut visit, Some(id), None).await?).into_response())
}

pub(super) async fn order(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<OrderForm>,
) -> Result<Response> {
    keep(&db, visit, None, form).await
}

pub(super) async fn amend(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<ReportId>,
    Form(form): Form<OrderForm>,
) -> Result<Response> {
    keep(&db, visit, Some(id), form).await
}

async fn keep(
    db: &Db,
    mut visit: Visit,
    id: Option<ReportId>,
    form: OrderForm,
) -> Result<Response> {
    let location = match id {
        Some(_) => "/reports?done=amended",
        None => "/reports?done=ordered",
    };
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    let own = own_key(&visit.me);
    let (tx, me) = (&mut visit.tx, &visit.me);
    let kept = match id {
        Some(id) => actions::amend(tx, me, (&own, id), &form).await,
        None => actions::order(tx, me, &own, &form).await,
    };
    match kept {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, id, form, why).await
        }
    }
}

/// The form again with everything that was chosen; where it was changed meanwhile it goes on from what
/// is there now.
async fn again(
    mut visit: Visit,
    id: Option<ReportId>,
    form: OrderForm,
    why: Again,
) -> Result<Response> {
    let status = why.status();
    let mut page = page(&mut visit, id, Some(form)).await?;
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            if let Some(order) = &page.order {
                page.form.version = order.version.to_string();
            }
            "您打开这一页以后，这份报告在别处改过。您选的还在，核对后再保存一次就以这次的为准。"
                .clone_into(&mut page.refused);
        }
    }
    Ok((status, Page(page)).into_response())
}
