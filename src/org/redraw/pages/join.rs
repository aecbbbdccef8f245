//! Several nodes become one: whom to join is chosen first, then it is shown what will happen.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::super::actions::{self, Join};
use super::super::model::{Root, Sight, party_form};
use super::{Wrong, by_id, field, shown, sight};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::web::{Path, Query, Typed};
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Chrome, Section, Visit};

#[derive(Template)]
#[template(path = "redraw/join.html")]
struct Step {
    chrome: Chrome,
    sight: Sight,
    root: Root,
    today: String,
    once: String,
    typed: Typed,
    wrong: Wrong,
}

impl Step {
    /// Whether it is chosen already whom to join.
    fn is_chosen(&self) -> bool {
        self.sight.roots.len() > 1
    }

    fn value(&self, name: &str) -> &str {
        field(&self.typed, name)
    }

    fn barred(&self) -> Option<String> {
        self.sight.stands_in_the_way()
    }

    fn party_hint(&self) -> &'static str {
        party_form(self.root.level)
    }
}

/// The node of the page and those that were chosen beside it.
fn roots(id: NodeId, typed: &Typed) -> Vec<Uuid> {
    let others = by_id(typed, "w").filter(|(_, on)| *on == "1");
    let mut roots: Vec<Uuid> = others.map(|(other, _)| other).collect();
    roots.push(id.0);
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// The choice, or what will happen and the form.
pub(super) async fn ask(
    mut visit: Visit,
    Path(id): Path<NodeId>,
    Query(chosen): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let page = step(&mut visit, id, Typed(chosen)).await?;
    if page.is_chosen() {
        actions::joinable(&page.sight)?;
    }
    Ok(shown(page, None))
}

async fn step(visit: &mut Visit, id: NodeId, typed: Typed) -> Result<Step> {
    let sight = sight(visit, &roots(id, &typed)).await?;
    let root = sight.first(id).cloned().ok_or(Error::NotFound)?;
    Ok(Step {
        chrome: visit.chrome(Section::Chain),
        today: words::day(visit.tx.today()),
        once: visit.once(),
        root,
        sight,
        typed,
        wrong: Wrong::default(),
    })
}

/// Makes one of them.
pub(super) async fn join(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<NodeId>,
    typed: Typed,
) -> Result<Response> {
    let typed = typed.single()?;
    let new = NodeId::at(visit.tx.now);
    let location = format!("/chain/{new}?done=merged");
    if let Some(answer) = visit.claim(field(&typed, "once"), &location).await? {
        return Ok(answer);
    }
    let text = |name: &str| field(&typed, name).to_owned();
    let asked = Join {
        seen: text("seen"),
        name: text("name"),
        party_name: text("party_name"),
        keep: text("keep"),
        reason: text("reason"),
    };
    let roots = roots(id, &typed);
    match actions::join(&mut visit.tx, &visit.me, (new, &roots), &asked).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = step(&mut visit, id, typed).await?;
            let status = why.status();
            page.wrong = Wrong::of(why);
            Ok(shown(page, Some(status)))
        }
    }
}
