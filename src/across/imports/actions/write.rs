//! What an import writes, register by register: a few statements for each part of it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::by::By;
use super::super::model::{
    Above, ChainPlan, ClassPlan, DepartmentPlan, LimitPlan, PeoplePlan, Plan, PostPlan, Register,
    Whose,
};
use super::super::queries;
use super::duties::duties;
use super::phrases::phrases;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::base::password;
use crate::org::access::{Level, Viewer};
use crate::org::events::{Subject, Verb, record_all};
use crate::org::redraw::{self, Grown, NewPost, posts_of};
use crate::org::{ImportId, TenantId, staff};
use crate::work::{classes, clocks};

/// So many rows are written at once.
pub(super) const PART: usize = 500;
/// After so many classes it is told how far it is.
const PROGRESS: usize = 50;

/// Tells others how far an import is; one that is written at once tells nobody.
pub(super) struct Progress(Option<(TenantId, ImportId)>);

impl Progress {
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn of(tenant: TenantId, id: ImportId) -> Self {
        Self(Some((tenant, id)))
    }

    pub(super) async fn tell(&self, tx: &Tx, how_far: (i16, &str)) -> Result<()> {
        if let Some((tenant, id)) = self.0 {
            let mut beside = tx.beside(tenant.0).await?;
            queries::progress(&mut beside, (tenant, id), how_far).await?;
            beside.commit().await?;
        }
        Ok(())
    }

    /// The same for a part of so many, between two percentages.
    pub(super) async fn part(
        &self,
        tx: &Tx,
        (done, all): (usize, usize),
        ((low, high), step): ((i16, i16), &str),
    ) -> Result<()> {
        let share = done * usize::from((high - low).unsigned_abs()) / all.max(1);
        let percent = low + i16::try_from(share).unwrap_or(high - low);
        self.tell(tx, (percent, step)).await
    }
}

/// Holds what whoever changes the register by hand holds, so that one change is made at a time.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, register: Register) -> Result<()> {
    match register {
        // What is changed meanwhile has another version.
        Register::People | Register::Classes | Register::Phrases | Register::Limits => Ok(()),
        Register::Posts => staff::hold_security(tx, me).await,
        Register::Chain => redraw::hold_chain(tx, me).await,
        Register::Departments => queries::hold_departments(tx, me).await,
        Register::Duties => queries::hold_duties(tx, me).await,
    }
}

/// Writes a plan.
pub(super) async fn write(
    tx: &mut Tx,
    me: &By<'_>,
    plan: &Plan,
    progress: &Progress,
) -> Result<()> {
    match plan {
        Plan::People(plan) => people(tx, me, plan, progress).await,
        Plan::Posts(plan) => posts(tx, me, plan, progress).await,
        Plan::Chain(plan) => chain(tx, me, plan, progress).await,
        Plan::Departments(plan) => departments(tx, me, plan).await,
        Plan::Classes(plan) => change_classes(tx, me, plan, progress).await,
        Plan::Duties(plan) => duties(tx, me, plan, progress).await,
        Plan::Phrases(plan) => phrases(tx, me, plan, progress).await,
        Plan::Limits(plan) => limits(tx, me, plan).await,
    }
}

async fn limits(tx: &mut Tx, me: &Viewer, plan: &LimitPlan) -> Result<()> {
    match &plan.new {
        Some(new) => clocks::new_limits(tx, me, new).await,
        None => Ok(()),
    }
}

async fn people(tx: &mut Tx, me: &By<'_>, plan: &PeoplePlan, progress: &Progress) -> Result<()> {
    let mut done = 0;
    for part in plan.enters.chunks(PART) {
        let ids = queries::add_people(tx, me, part).await?;
        let told: Vec<(Uuid, String)> = ids
            .into_iter()
            .zip(part)
            .map(|(id, (facts, _))| {
                (
                    id,
                    format!("{}，{}，批量导入。", facts.name, facts.identity),
                )
            })
            .collect();
        record_all(tx, me, (Subject::Person, Verb::EnterPerson), &told).await?;
        done += part.len();
        let span = ((10, 90), "登记人员");
        progress.part(tx, (done, plan.enters.len()), span).await?;
    }
    if !plan.changes.is_empty() {
        queries::amend_people(tx, me, plan).await?;
        let told: Vec<(Uuid, String)> = plan
            .changes
            .iter()
            .map(|c| (c.id, c.sentence.clone()))
            .collect();
        record_all(tx, me, (Subject::Person, Verb::AmendPerson), &told).await?;
    }
    progress.tell(tx, (95, "修改人员")).await
}

async fn change_classes(
    tx: &mut Tx,
    me: &Viewer,
    plan: &ClassPlan,
    progress: &Progress,
) -> Result<()> {
    let all = plan.changes.len() + plan.adds.len();
    let mut done = 0;
    for (code, seen, asked) in &plan.changes {
        classes::change(tx, me, (code, *seen), (&asked.content, &asked.why)).await?;
        done += 1;
        if done % PROGRESS == 0 {
            let span = ((10, 95), "修改类别");
            progress.part(tx, (done, all), span).await?;
        }
    }
    for (local, asked) in &plan.adds {
        classes::add(tx, me, local, (&asked.content, &asked.why)).await?;
    }
    progress.tell(tx, (95, "增设类别")).await
}

async fn posts(tx: &mut Tx, me: &Viewer, plan: &PostPlan, progress: &Progress) -> Result<()> {
    let kept = plan.appoints.iter().filter_map(|a| match a.post {
        Whose::Kept(id) => Some(id),
        Whose::Fresh(_) => None,
    });
    let held: Vec<Uuid> = kept.chain(plan.terms.iter().map(|t| t.post)).collect();
    queries::hold_posts(tx, me, &held).await?;
    let mut fresh = Vec::with_capacity(plan.set_up.len());
    for part in plan.set_up.chunks(PART) {
        let ids = queries::set_up(tx, me, part).await?;
        let told: Vec<(Uuid, String)> = ids
            .iter()
            .zip(part)
            .map(|(id, post)| (*id, format!("{}，批量导入。", post.title)))
            .collect();
        record_all(tx, me, (Subject::Post, Verb::SetUpPost), &told).await?;
        fresh.extend(ids);
        let span = ((10, 40), "设立职务");
        progress
            .part(tx, (fresh.len(), plan.set_up.len()), span)
            .await?;
    }
    let (ends, days): (Vec<Uuid>, Vec<NaiveDate>) = plan
        .appoints
        .iter()
        .filter_map(|a| Some((a.ends?, a.from)))
        .unzip();
    if !ends.is_empty() {
        queries::end(tx, me, (&ends, &days)).await?;
    }
    appoint(tx, me, (plan, &fresh), progress).await?;
    if !plan.terms.is_empty() {
        let (ids, days): (Vec<Uuid>, Vec<NaiveDate>) =
            plan.terms.iter().map(|t| (t.term, t.to)).unzip();
        queries::reterm(tx, me, (&ids, &days)).await?;
        let told: Vec<(Uuid, String)> = plan
            .terms
            .iter()
            .map(|t| (t.post, t.sentence.clone()))
            .collect();
        record_all(tx, me, (Subject::Post, Verb::Term), &told).await?;
    }
    accounts(tx, me, plan).await?;
    progress.tell(tx, (95, "开通账号")).await
}

async fn appoint(
    tx: &mut Tx,
    me: &Viewer,
    (plan, fresh): (&PostPlan, &[Uuid]),
    progress: &Progress,
) -> Result<()> {
    let mut done = 0;
    for part in plan.appoints.chunks(PART) {
        let mut terms = Vec::with_capacity(part.len());
        let mut told = Vec::with_capacity(part.len());
        for appointment in part {
            let post = match appointment.post {
                Whose::Kept(id) => id,
                Whose::Fresh(at) => *fresh.get(at).ok_or(Error::Stale)?,
            };
            terms.push((
                post,
                appointment.person,
                appointment.from,
                appointment.term_to,
            ));
            told.push((post, appointment.sentence.clone()));
        }
        queries::appoint(tx, me, &terms).await?;
        record_all(tx, me, (Subject::Post, Verb::Appoint), &told).await?;
        done += part.len();
        let span = ((40, 85), "任命");
        progress.part(tx, (done, plan.appoints.len()), span).await?;
    }
    Ok(())
}

/// One hash for all: of a password that is forgotten here, so that nobody signs in with it.
async fn accounts(tx: &mut Tx, me: &Viewer, plan: &PostPlan) -> Result<()> {
    if plan.accounts.is_empty() {
        return Ok(());
    }
    let unknown: [u8; 32] = rand::random();
    let hash = password::hashed(crate::base::assets::hex(&unknown)).await?;
    queries::accounts(tx, me, (&plan.accounts, &hash)).await?;
    let told: Vec<(Uuid, String)> = plan
        .accounts
        .iter()
        .map(|(person, login)| (*person, format!("账号 {login}，批量导入，还没有账号条。")))
        .collect();
    record_all(tx, me, (Subject::Person, Verb::OpenAccount), &told).await
}

async fn chain(tx: &mut Tx, me: &Viewer, plan: &ChainPlan, progress: &Progress) -> Result<()> {
    let today = tx.today();
    let grown = grown(plan, tx.now)?;
    let mut done = 0;
    for part in grown.chunks(PART) {
        redraw::add_nodes(tx, me, part, today).await?;
        let told: Vec<(Uuid, String)> = part
            .iter()
            .map(|n| {
                (
                    n.id,
                    format!("{}，{}，编码 {}，批量导入。", n.name, n.party_name, n.code),
                )
            })
            .collect();
        record_all(tx, me, (Subject::Node, Verb::AddNode), &told).await?;
        let posts: Vec<NewPost> = part
            .iter()
            .filter_map(|n| Some((n.id, Level::try_from(n.level).ok()?)))
            .flat_map(|(id, level)| NewPost::all(id, posts_of(level)))
            .collect();
        redraw::set_up(tx, me, &posts, today).await?;
        done += part.len();
        let span = ((10, 85), "增设单位");
        progress.part(tx, (done, grown.len()), span).await?;
    }
    if !plan.changes.is_empty() {
        let named: Vec<Uuid> = plan
            .changes
            .iter()
            .filter(|c| c.is_named)
            .map(|c| c.id)
            .collect();
        redraw::keep_names(tx, me, &named).await?;
        let changes = plan.changes.iter().map(|c| (c.id, c.version, &c.facts));
        let changes: Vec<_> = changes.collect();
        redraw::amend_nodes(tx, me, &changes).await?;
        let told: Vec<(Uuid, String)> = plan
            .changes
            .iter()
            .map(|c| (c.id, c.sentence.clone()))
            .collect();
        record_all(tx, me, (Subject::Node, Verb::AmendNode), &told).await?;
    }
    progress.tell(tx, (95, "修改单位")).await
}

async fn departments(tx: &mut Tx, me: &Viewer, plan: &DepartmentPlan) -> Result<()> {
    if !plan.changes.is_empty() {
        queries::amend_departments(tx, me, plan).await?;
        let told: Vec<(Uuid, String)> = plan
            .changes
            .iter()
            .map(|c| (c.id, c.sentence.clone()))
            .collect();
        record_all(tx, me, (Subject::Department, Verb::AmendDepartment), &told).await?;
    }
    if !plan.adds.is_empty() {
        let ids = queries::add_departments(tx, me, plan).await?;
        let told: Vec<(Uuid, String)> = ids
            .into_iter()
            .zip(&plan.adds)
            .map(|(id, (code, facts))| {
                (
                    id,
                    format!(
                        "{}，{}，代码 {code}，批量导入。",
                        facts.name,
                        facts.kind.label()
                    ),
                )
            })
            .collect();
        record_all(tx, me, (Subject::Department, Verb::AddDepartment), &told).await?;
    }
    Ok(())
}

/// The new nodes with their ids, parents before children.
fn grown(plan: &ChainPlan, now: DateTime<Utc>) -> Result<Vec<Grown>> {
    let ids: Vec<Uuid> = plan.adds.iter().map(|_| uuid_at(now)).collect();
    let mut grown = Vec::with_capacity(plan.adds.len());
    for (id, add) in ids.iter().zip(&plan.adds) {
        let parent_id = match add.above {
            Above::City => None,
            Above::Kept(kept) => Some(kept),
            Above::New(at) => Some(*ids.get(at).ok_or(Error::Stale)?),
        };
        grown.push(Grown {
            id: *id,
            level: add.level.into(),
            parent_id,
            code: add.code.clone(),
            name: add.facts.name.clone(),
            party_name: add.facts.party_name.clone(),
            households: add.facts.households,
            longitude: add.facts.point.map(|p| p.0),
            latitude: add.facts.point.map(|p| p.1),
            predecessor: None,
        });
    }
    Ok(grown)
}
