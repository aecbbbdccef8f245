//! The inbox (消息), one's own wishes, and what became of the mails.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Datelike as _, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::actions;
use super::model::{Choice, Class, Delivery, Notice, State, WishForm, clock_of};
use super::queries::{self, Beside, Part};
use crate::base::clock::day_of;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::mail::Mail;
use crate::base::paging::{COUNTED, Paged};
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .get("/inbox", Access::SignedIn, inbox)
        .post("/inbox/reading", Access::SignedIn, read_all)
        .post("/inbox/{id}/reading", Access::SignedIn, read)
        .post("/inbox/{id}/opening", Access::SignedIn, open)
        .get("/account/notices", Access::SignedIn, wishes)
        .post("/account/notices", Access::SignedIn, keep_wishes)
        .get(
            "/deliveries",
            Access::Can(Permission::SeeDeliveries),
            deliveries,
        )
}

/// A page of the pager.
struct Step {
    label: &'static str,
    href: String,
    current: bool,
}

impl Step {
    fn to(label: &'static str, href: String) -> Self {
        Self {
            label,
            href,
            current: false,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
    after: String,
    read: String,
    first: String,
    done: String,
}

#[derive(Template)]
#[template(path = "notices/inbox.html")]
struct InboxPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    show: String,
    flash: &'static str,
    unread: i64,
    paged: Paged<Notice>,
    links: Vec<Step>,
    beside: Beside,
    mail_works: bool,
}

impl InboxPage {
    /// The newest unread one, up to which all can be marked; none, if nothing is unread here, or
    /// only one class is shown.
    fn newest_unread(&self) -> Option<Uuid> {
        if !matches!(self.show.as_str(), "" | "unread") {
            return None;
        }
        self.paged.rows.iter().find(|n| !n.read).map(|n| n.id)
    }

    fn total(&self) -> String {
        counted(self.paged.total.0)
    }

    fn nothing(&self) -> &'static str {
        match self.show.as_str() {
            "unread" => "没有未读的消息",
            "step" => "没有进展消息",
            "limit" => "没有时限消息",
            "danger" => "没有险情消息",
            _ => "没有消息",
        }
    }

    fn onwards(&self) -> &'static str {
        if self.show.is_empty() { "" } else { "/inbox" }
    }

    /// Unread ones together, then each day of those that were read.
    fn groups(&self) -> Vec<(String, Vec<&Notice>)> {
        let mut groups: Vec<(String, Vec<&Notice>)> = Vec::new();
        for notice in &self.paged.rows {
            let name = self.group_of(notice);
            match groups.last_mut() {
                Some((last, rows)) if *last == name => rows.push(notice),
                _ => groups.push((name, vec![notice])),
            }
        }
        groups
    }

    fn group_of(&self, notice: &Notice) -> String {
        let (day, today) = (day_of(notice.at), day_of(self.now));
        if !notice.read {
            "未读".to_owned()
        } else if day == today {
            "今天，已读".to_owned()
        } else {
            let written = words::with_weekday(notice.at);
            let (day, weekday) = (&written[..10], &written[17..]);
            let from = if notice.at.year() == self.now.year() {
                5
            } else {
                0
            };
            format!("{} {weekday}", &day[from..])
        }
    }

    /// The hour, with the day where the group does not name it.
    fn time(&self, notice: &Notice) -> String {
        if notice.read || day_of(notice.at) == day_of(self.now) {
            words::minute(notice.at)[11..].to_owned()
        } else {
            words::short_minute(notice.at, self.now)
        }
    }

    fn steps(&self) -> &'static str {
        self.beside.steps.unwrap_or(Choice::Digest).label()
    }

    fn quiet(&self) -> String {
        match (self.beside.quiet_from, self.beside.quiet_to) {
            (Some(from), Some(to)) => format!("{}–{} 不发进展消息", clock_of(from), clock_of(to)),
            _ => "照常发送".to_owned(),
        }
    }
}

fn counted(total: i64) -> String {
    if total > COUNTED {
        format!("{COUNTED} 条以上")
    } else {
        total.to_string()
    }
}

async fn inbox(
    mut visit: Visit,
    Extension(mail): Extension<Mail>,
    Query(asked): Query<Asked>,
) -> Result<Page<InboxPage>> {
    let part = Part {
        unread: asked.show == "unread",
        class: asked.show.parse().ok(),
        after: asked.after.parse().ok(),
        after_read: asked.read == "1",
    };
    let found = queries::inbox(&mut visit.tx, &visit.me, part).await?;
    let first = asked.first.parse().unwrap_or(1);
    let paged = Paged::new(found.rows, found.total, first, |n| n.id);
    let base = format!("/inbox?show={}", asked.show);
    let mut links = Vec::new();
    if part.after.is_some() {
        links.push(Step::to("首页", base.clone()));
    }
    if let Some(next) = paged.next {
        let read = u8::from(paged.rows.last().is_some_and(|n| n.read));
        let href = format!(
            "{base}&after={next}&read={read}&first={}",
            paged.next_from()
        );
        links.push(Step::to("下一页", href));
    }
    let known = part.unread || part.class.is_some();
    Ok(Page(InboxPage {
        chrome: visit.chrome(Section::Inbox),
        now: visit.tx.now,
        show: if known { asked.show } else { String::new() },
        flash: match asked.done.as_str() {
            "all" => "已全部标为已读。",
            _ => "",
        },
        unread: found.unread,
        paged,
        links,
        beside: found.beside,
        mail_works: mail.is_configured(),
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AllForm {
    newest: String,
}

async fn read_all(mut visit: Visit, Form(form): Form<AllForm>) -> Result<Response> {
    let newest = form.newest.parse().map_err(|_| Error::NotFound)?;
    queries::read_all(&mut visit.tx, &visit.me, newest).await?;
    visit.done("/inbox?done=all").await
}

async fn read(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let link = queries::read(&mut visit.tx, &visit.me, id).await?;
    link.ok_or(Error::NotFound)?;
    visit.done("/inbox").await
}

async fn open(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let link = queries::read(&mut visit.tx, &visit.me, id).await?;
    let link = link.ok_or(Error::NotFound)?;
    visit.done(&link).await
}

#[derive(Template)]
#[template(path = "notices/wishes.html")]
struct WishesPage {
    chrome: Chrome,
    reads_figures: bool,
    form: WishForm,
    errors: FieldErrors,
    flash: &'static str,
    mail_works: bool,
}

async fn wishes(
    mut visit: Visit,
    (Extension(mail), Extension(keys)): (Extension<Mail>, Extension<Keys>),
    Query(asked): Query<Asked>,
) -> Result<Page<WishesPage>> {
    let (address, wishes) = actions::wishes(&mut visit.tx, &visit.me, &keys).await?;
    Ok(Page(WishesPage {
        chrome: visit.chrome(Section::Inbox),
        reads_figures: visit.me.kind.may(Permission::ReadFigures),
        form: WishForm::of(address, wishes),
        errors: FieldErrors::new(),
        flash: if asked.done == "kept" {
            "已保存，从现在起照此发送。"
        } else {
            ""
        },
        mail_works: mail.is_configured(),
    }))
}

async fn keep_wishes(
    mut visit: Visit,
    (Extension(mail), Extension(keys)): (Extension<Mail>, Extension<Keys>),
    Form(form): Form<WishForm>,
) -> Result<Response> {
    match form.read() {
        Ok((address, wishes)) => {
            let said = (address.as_deref(), wishes);
            actions::keep_wishes(&mut visit.tx, &visit.me, &keys, said).await?;
            visit.done("/account/notices?done=kept").await
        }
        Err(errors) => Ok(Page(WishesPage {
            chrome: visit.chrome(Section::Inbox),
            reads_figures: visit.me.kind.may(Permission::ReadFigures),
            form,
            errors,
            flash: "",
            mail_works: mail.is_configured(),
        })
        .unprocessable()),
    }
}

#[derive(Template)]
#[template(path = "notices/deliveries.html")]
struct DeliveriesPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    open: bool,
    paged: Paged<Delivery>,
    links: Vec<Step>,
    mail_works: bool,
}

impl DeliveriesPage {
    fn total(&self) -> String {
        counted(self.paged.total.0)
    }

    fn nothing(&self) -> &'static str {
        if self.open {
            "没有没送到的邮件"
        } else {
            "还没有发过邮件"
        }
    }
}

async fn deliveries(
    mut visit: Visit,
    Extension(mail): Extension<Mail>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let open = asked.show == "open";
    let after = asked.after.parse().ok();
    let (rows, total) = queries::deliveries(&mut visit.tx, &visit.me, open, after).await?;
    let first = asked.first.parse().unwrap_or(1);
    let paged = Paged::new(rows, total, first, |d| d.id);
    let base = if open {
        "/deliveries?show=open"
    } else {
        "/deliveries?show="
    };
    let mut links = Vec::new();
    if after.is_some() {
        links.push(Step::to("首页", base.to_owned()));
    }
    if let Some(next) = paged.next {
        let href = format!("{base}&after={next}&first={}", paged.next_from());
        links.push(Step::to("下一页", href));
    }
    Ok(Page(DeliveriesPage {
        chrome: visit.chrome(Section::Deliveries),
        now: visit.tx.now,
        open,
        paged,
        links,
        mail_works: mail.is_configured(),
    })
    .into_response())
}
