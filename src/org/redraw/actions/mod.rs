//! What the system administrator does with the chain and the departments.

mod closing;
mod departments;
mod founding;
mod joining;
mod nodes;
mod parting;

pub(super) use closing::{Close, close};
pub(super) use departments::{
    add as add_department, amend as amend_department, end as end_department, stands_in_the_way,
};
pub use founding::{Founding, FoundingDepartment, found, found_departments};
pub(super) use joining::{Join, join, joinable};
pub(super) use nodes::{add, amend};
pub(super) use parting::{Part, Split, part};

use uuid::Uuid;

use super::model::{Grown, Kin, Sight};
use super::queries::{self, Closing, Moved};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

fn no_number() -> Error {
    Error::Refused("编码已用完，不能再设。编码不重复使用，请联系系统维护方。".to_owned())
}

/// Holds the ground that is to change with its posts and its open work, and looks again: it must be
/// what the form was drawn from.
async fn held(tx: &mut Tx, me: &Viewer, roots: &[Uuid], seen: &str) -> Result<Sight> {
    queries::hold_chain(tx, me).await?;
    queries::hold_work(tx, me, roots).await?;
    queries::hold_ground(tx, me, roots).await?;
    queries::hold_posts(tx, me, roots).await?;
    let sight = queries::sight(tx, me, roots).await?;
    if sight.roots.iter().any(|root| root.valid_to.is_some()) {
        return Err(gone());
    }
    if sight.seen != seen {
        return Err(Error::Stale);
    }
    match sight.stands_in_the_way() {
        Some(sentence) => Err(Error::Refused(sentence)),
        None => Ok(sight),
    }
}

/// What is said of a node that was closed.
pub(super) fn gone() -> Error {
    Error::Refused("这个单位已经撤销，不能再变动。请回到组织与网格看现在的单位。".to_owned())
}

/// A change of the ground: what goes, what comes, where the work and the holders of what goes are
/// from now on.
struct Change {
    roots: Vec<Uuid>,
    grown: Vec<Grown>,
    heirs: Closing,
    /// Whose posts and holders go along, and where to.
    ground: Closing,
}

impl Change {
    /// What lies below the roots becomes what was grown from it, with posts, holders and work.
    fn of(roots: &[Uuid], grown: Vec<Grown>) -> Self {
        let mut heirs = Closing::default();
        for node in &grown {
            if let Some(predecessor) = node.predecessor.filter(|p| !roots.contains(p)) {
                heirs.add(predecessor, node.id);
            }
        }
        Self {
            roots: roots.to_vec(),
            grown,
            ground: heirs.clone(),
            heirs,
        }
    }
}

/// Makes a change. `words` is what each matter, whistle and post is told.
async fn carry_out(tx: &mut Tx, me: &Viewer, change: &Change, words: &str) -> Result<Moved> {
    let today = tx.today();
    let roots = change.roots.as_slice();
    queries::add(tx, me, &change.grown, today).await?;
    let posts = queries::carry_posts(tx, me, &change.ground).await?;
    queries::carry_appointments(tx, me, &posts).await?;
    let abolished = queries::abolish_posts(tx, me, roots).await?;
    queries::close(tx, me, roots, &change.heirs).await?;
    let moved = Moved {
        whistles: queries::move_whistles(tx, me, &change.heirs).await?,
        matters: queries::move_matters(tx, me, &change.heirs).await?,
    };
    for (subject, ids, verb) in [
        (Subject::Matter, &moved.matters, Verb::MoveGround),
        (Subject::Whistle, &moved.whistles, Verb::MoveGround),
        (Subject::Post, &abolished, Verb::AbolishPost),
        (Subject::Post, &posts.new, Verb::SetUpPost),
    ] {
        if !ids.is_empty() {
            events::record_each(tx, me, (subject, ids), verb, words).await?;
        }
    }
    Ok(moved)
}

/// `在办事项 2 件、哨单 1 件转入。`; nothing if nothing was open.
fn moved_words(moved: &Moved) -> String {
    if moved.matters.is_empty() && moved.whistles.is_empty() {
        String::new()
    } else {
        let (matters, whistles) = (moved.matters.len(), moved.whistles.len());
        format!("在办事项 {matters} 件、哨单 {whistles} 件转入。")
    }
}

/// Records what was done on each of the nodes that went and came.
async fn record(
    tx: &mut Tx,
    me: &Viewer,
    nodes: &[Uuid],
    (verb, sentence): (Verb, &str),
) -> Result<()> {
    events::record_each(tx, me, (Subject::Node, nodes), verb, sentence).await
}

/// The ids of the living nodes at and below.
fn ids(kin: &[Kin]) -> impl Iterator<Item = Uuid> + '_ {
    kin.iter().map(|node| node.id)
}

fn reason(errors: &mut FieldErrors, label: &str, typed: &str) -> String {
    errors.text("reason", label, typed, (2, 200))
}

fn wrong(field: &str, sentence: String) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}
