//! What is open at the post acted for, and the confirmation of having taken it over.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::queries::{self, Post, SHOWN};
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::web::Page;
use crate::base::words;
use crate::org::access::{Access, Chrome, Routes, Section, Visit};
use crate::org::events::{self, Subject, Verb};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .get("/handover", Access::SignedIn, handover)
        .post("/handover", Access::SignedIn, confirm)
}

#[derive(Template)]
#[template(path = "handovers/handover.html")]
struct HandoverPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    post: Post,
}

impl HandoverPage {
    fn is_cut(&self) -> bool {
        self.post.matters + self.post.whistles > SHOWN
    }
}

async fn handover(mut visit: Visit) -> Result<Page<HandoverPage>> {
    let post = queries::post(&mut visit.tx, &visit.me).await?;
    Ok(Page(HandoverPage {
        chrome: visit.chrome(Section::Handover),
        now: visit.tx.now,
        post,
    }))
}

async fn confirm(mut visit: Visit) -> Result<Response> {
    let (tx, me) = (&mut visit.tx, &visit.me);
    let post = queries::post(tx, me).await?;
    if queries::confirm(tx, me, post.matters, post.whistles).await? {
        let sentence = format!(
            "接手{}：事项 {} 件，哨单 {} 件。",
            me.title, post.matters, post.whistles
        );
        let on = (Subject::Account, me.person.0);
        events::record(tx, me, on, Verb::TakeOver, &sentence).await?;
    }
    visit.done("/handover").await
}
