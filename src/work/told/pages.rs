//! Who is told of which step (谁会收到), and the last mails that followed.

use askama::Template;
use axum::Extension;
use chrono::{DateTime, Utc};

use super::model::{self, MATTER_STEPS, SCORE_STEPS, TOPIC_STEPS, Told, WHISTLE_STEPS};
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::mail::Mail;
use crate::base::web::Page;
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::org::events::Verb;
use crate::org::notices::{self, Delivery, State};
use crate::work::supervision::{self, Line};

/// How many mails the page shows.
const SHOWN: i64 = 10;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new().get("/told", Access::Can(Permission::SeeTold), told)
}

/// One step and who is told of it.
struct Step {
    verb: Verb,
    rows: &'static [Told],
    /// Told besides, if the whistle is an emergency.
    emergency: &'static [Told],
}

impl Step {
    /// Audiences that are asked the same, together: what is asked, and of whom.
    fn asks(&self) -> Vec<(&'static str, String)> {
        let mut asks: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
        for told in self.rows {
            match asks.iter_mut().find(|(ask, _)| *ask == told.ask) {
                Some((_, names)) => names.push(told.audience.label()),
                None => asks.push((told.ask, vec![told.audience.label()])),
            }
        }
        let joined = asks.into_iter().map(|(ask, names)| (ask, names.join("、")));
        joined.collect()
    }

    fn besides(&self) -> String {
        let names: Vec<_> = self.emergency.iter().map(|t| t.audience.label()).collect();
        names.join("、")
    }
}

#[derive(Template)]
#[template(path = "told/told.html")]
struct ToldPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    whistles: Vec<Step>,
    matters: Vec<Step>,
    supervision: Vec<Line>,
    scores: Vec<Step>,
    topics: Vec<Step>,
    deliveries: Vec<Delivery>,
    mail_works: bool,
    sees_all: bool,
}

async fn told(mut visit: Visit, Extension(mail): Extension<Mail>) -> Result<Page<ToldPage>> {
    let tenant = visit.me.tenant;
    let deliveries = notices::latest(&mut visit.tx, tenant, SHOWN).await?;
    Ok(Page(ToldPage {
        chrome: visit.chrome(Section::Told),
        now: visit.tx.now,
        whistles: WHISTLE_STEPS
            .iter()
            .map(|verb| Step {
                verb: *verb,
                rows: model::of_whistle(*verb).rows,
                emergency: model::when_emergency(*verb),
            })
            .collect(),
        matters: MATTER_STEPS
            .iter()
            .map(|verb| Step {
                verb: *verb,
                rows: model::of_matter(*verb).rows,
                emergency: &[],
            })
            .collect(),
        supervision: supervision::table(),
        scores: SCORE_STEPS
            .iter()
            .map(|verb| Step {
                verb: *verb,
                rows: model::of_scores(*verb).rows,
                emergency: &[],
            })
            .collect(),
        topics: TOPIC_STEPS
            .iter()
            .map(|verb| Step {
                verb: *verb,
                rows: model::of_topic(*verb).rows,
                emergency: &[],
            })
            .collect(),
        deliveries,
        mail_works: mail.is_configured(),
        sees_all: visit.me.kind.may(Permission::SeeDeliveries),
    }))
}
