//! One node becomes several.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::super::actions::{self, Part, Split};
use super::super::model::{Root, Sight};
use super::{Wrong, by_id, field, shown, sight};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::web::{Path, Typed};
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Chrome, Section, Visit};

/// Parts that a form can name.
const PARTS: [usize; 4] = [1, 2, 3, 4];

#[derive(Template)]
#[template(path = "redraw/part.html")]
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
    fn value(&self, name: &str) -> &str {
        field(&self.typed, name)
    }

    /// The part that a child is given to; the first, until another is chosen.
    fn place(&self, child: &uuid::Uuid) -> &str {
        match self.value(&format!("d.{child}")) {
            "" => "1",
            chosen => chosen,
        }
    }

    fn barred(&self) -> Option<String> {
        self.sight.stands_in_the_way()
    }
}

/// What will happen, and the form.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<NodeId>) -> Result<Response> {
    Ok(shown(step(&mut visit, id, Typed::default()).await?, None))
}

async fn step(visit: &mut Visit, id: NodeId, typed: Typed) -> Result<Step> {
    let sight = sight(visit, &[id.0]).await?;
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

/// The parts that are named in the form.
fn parts(typed: &Typed) -> Vec<(usize, Part)> {
    let named = PARTS.into_iter().map(|number| {
        let text = |prefix: &str| field(typed, &format!("{prefix}.{number}")).to_owned();
        (
            number,
            Part {
                name: text("n"),
                party_name: text("q"),
            },
        )
    });
    let filled = |part: &Part| !(part.name.trim().is_empty() && part.party_name.trim().is_empty());
    named.filter(|(_, part)| filled(part)).collect()
}

/// Makes several of it.
pub(super) async fn part(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<NodeId>,
    typed: Typed,
) -> Result<Response> {
    let typed = typed.single()?;
    let new = NodeId::at(visit.tx.now);
    let location = format!("/chain/{new}?done=split");
    if let Some(answer) = visit.claim(field(&typed, "once"), &location).await? {
        return Ok(answer);
    }
    let asked = Split {
        seen: field(&typed, "seen").to_owned(),
        parts: parts(&typed),
        places: by_id(&typed, "d")
            .map(|(child, to)| (child, to.to_owned()))
            .collect(),
        reason: field(&typed, "reason").to_owned(),
    };
    match actions::part(&mut visit.tx, &visit.me, (id, new), &asked).await {
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
