//! What a whistle does to the matters it stands on: all of them move together.

use sqlx::PgConnection;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::work::clocks::{self, Of, Stage as Timed};
use crate::work::matters::model::Stage;
use crate::work::matters::queries::behind::{self as queries, Candidate};
use crate::work::{MatterId, WhistleId, told};

/// How a set of matters moves on.
struct Step<'a> {
    from: Stage,
    to: Stage,
    solution: Option<&'a str>,
    verb: Verb,
    sentence: String,
}

async fn all(tx: &mut Tx, me: &Viewer, whistle: WhistleId, step: Step<'_>) -> Result<()> {
    let ids = queries::lock(tx, me, whistle, step.from).await?;
    if ids.is_empty() {
        return Ok(());
    }
    queries::advance(tx, me, &ids, step.to, step.solution).await?;
    if step.to == Stage::Solved {
        for id in &ids {
            let promise = [Timed::Promise];
            clocks::stop(tx, me.tenant, Of::Matter(*id), &promise, "哨单办结").await?;
        }
    }
    events::record_each(tx, me, (Subject::Matter, &ids), step.verb, &step.sentence).await?;
    // Raised with a request, the street is told of that.
    if step.verb == Verb::Raise {
        return Ok(());
    }
    told::tell_of_matters(tx, By::Post(me), &ids, step.verb, &step.sentence).await
}

/// The whistle sounds: every raised matter behind it is 已吹哨.
pub async fn sounded(tx: &mut Tx, me: &Viewer, whistle: WhistleId, number: &str) -> Result<()> {
    let step = Step {
        from: Stage::Raised,
        to: Stage::Whistled,
        solution: None,
        verb: Verb::Whistle,
        sentence: format!("已吹哨 {number}。"),
    };
    all(tx, me, whistle, step).await
}

/// The whistle closes: every matter behind it is solved. Call it while they still stand live
/// behind the whistle.
pub async fn closed(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    number: &str,
    solution: &str,
) -> Result<()> {
    let step = Step {
        from: Stage::Whistled,
        to: Stage::Solved,
        solution: Some(solution),
        verb: Verb::Solve,
        sentence: format!("哨单 {number} 办结：{solution}"),
    };
    all(tx, me, whistle, step).await
}

/// The whistle is called back: every matter behind it waits for the street again. Call it
/// while they still stand live behind the whistle.
pub async fn called_back(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    number: &str,
    reason: &str,
) -> Result<()> {
    let step = Step {
        from: Stage::Whistled,
        to: Stage::Raised,
        solution: None,
        verb: Verb::Withdraw,
        sentence: format!("哨单 {number} 已撤回：{reason}"),
    };
    all(tx, me, whistle, step).await
}

/// The whistle is reopened: every matter that its closing solved is at the departments again.
pub async fn reopened(
    tx: &mut Tx,
    by: By<'_>,
    whistle: WhistleId,
    number: &str,
    reason: &str,
) -> Result<()> {
    let ids = queries::reopen(tx, by.tenant(), whistle).await?;
    if ids.is_empty() {
        return Ok(());
    }
    // For the resident it was never solved: the promise runs as if it had not been stopped.
    for id in &ids {
        clocks::go_on(tx, by.tenant(), Of::Matter(*id), Timed::Promise).await?;
    }
    let sentence = format!("哨单 {number} 重启：{reason}");
    events::record_each_by(tx, by, (Subject::Matter, &ids), Verb::Reopen, &sentence).await
}

/// A matter that came again joins the whistle that is reopened for it.
pub async fn joined(
    tx: &mut Tx,
    me: &Viewer,
    whistle: (WhistleId, &str),
    id: MatterId,
) -> Result<()> {
    queries::join(tx, me, whistle.0, id).await?;
    let sentence = format!("同类问题复发，并入哨单 {}。", whistle.1);
    events::record(tx, me, (Subject::Matter, id.0), Verb::Whistle, &sentence).await
}

/// A community asks its street to blow: the matters its draft stands on go up with it.
pub async fn raised_with(tx: &mut Tx, me: &Viewer, whistle: WhistleId) -> Result<()> {
    let step = Step {
        from: Stage::Accepted,
        to: Stage::Raised,
        solution: None,
        verb: Verb::Raise,
        sentence: "随吹哨申请一并上报。".to_owned(),
    };
    all(tx, me, whistle, step).await
}

/// What the viewer's draft may stand on: of a street what was raised, of a community what it
/// works on or has raised; without another live whistle.
pub async fn candidates(
    db: &mut PgConnection,
    me: &Viewer,
    whistle: Option<WhistleId>,
) -> Result<Vec<Candidate>> {
    queries::candidates(db, me, whistle).await
}
