//! A new node, and what a node is called.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions;
use super::super::model::{NodeForm, below, numbered, party_form, posts_of};
use super::super::queries;
use super::{Wrong, shown, sight};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::web::{Form, Path, Query};
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Chrome, Level, Section, Visit};

#[derive(Template)]
#[template(path = "redraw/node.html")]
struct Write {
    chrome: Chrome,
    level: Level,
    /// The node that is changed; none for a new one.
    of: Option<(NodeId, String)>,
    /// What it stands below: path and name.
    above: (String, String),
    /// The code that a new one will get, or the one it has.
    code: String,
    form: NodeForm,
    wrong: Wrong,
}

impl Write {
    fn title(&self) -> String {
        match &self.of {
            None => format!("增设{}", self.level.label()),
            Some(_) if self.is_unit() => "改名、户数和位置".to_owned(),
            Some(_) if self.is_point() => "改名和位置".to_owned(),
            Some(_) => "改名".to_owned(),
        }
    }

    fn trail(&self) -> Vec<(String, String)> {
        let mut trail = vec![("/chain".to_owned(), "组织与网格".to_owned())];
        match &self.of {
            Some((id, name)) => trail.push((format!("/chain/{id}"), name.clone())),
            None if self.above.0 != "/chain" => trail.push(self.above.clone()),
            None => {}
        }
        trail
    }

    fn action(&self) -> String {
        match &self.of {
            None => "/chain".to_owned(),
            Some((id, _)) => format!("/chain/{id}/edit"),
        }
    }

    fn back(&self) -> String {
        match &self.of {
            None => self.above.0.clone(),
            Some((id, _)) => format!("/chain/{id}"),
        }
    }

    fn posts(&self) -> String {
        let titles: Vec<&str> = posts_of(self.level)
            .iter()
            .map(|(_, title)| *title)
            .collect();
        format!("设立{}，现在空缺，由安全管理员任命", titles.join("、"))
    }

    fn name_hint(&self) -> &'static str {
        match self.of {
            None => "",
            Some(_) => "从今天起用新名称；以前的名称留在变更记录里，按日期查看时显示当时的。",
        }
    }

    fn party_hint(&self) -> &'static str {
        party_form(self.level)
    }

    /// Whether it has households.
    fn is_unit(&self) -> bool {
        self.level == Level::Unit
    }

    /// Whether it is a point on a map.
    fn is_point(&self) -> bool {
        self.level >= Level::Building
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    parent: String,
}

fn parent_of(typed: &str) -> Result<Option<Uuid>> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| Error::NotFound)
}

/// The form of a new node; the address says below which.
pub(super) async fn blank(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let form = NodeForm {
        once: visit.once(),
        parent: wish.parent,
        from_day: words::day(visit.tx.today()),
        posts: "1".to_owned(),
        ..NodeForm::default()
    };
    Ok(shown(fresh(&mut visit, form).await?, None))
}

async fn fresh(visit: &mut Visit, form: NodeForm) -> Result<Write> {
    let parent = parent_of(&form.parent)?;
    let above = queries::above(&mut visit.tx, &visit.me, parent).await?;
    if above.valid_to.is_some() {
        return Err(actions::gone());
    }
    let level = below(above.level).ok_or(Error::NotFound)?;
    Ok(Write {
        chrome: visit.chrome(Section::Chain),
        level,
        of: None,
        code: numbered(&above.code, above.next_number()).unwrap_or_default(),
        above: (path_of(above.id), above.name),
        form,
        wrong: Wrong::default(),
    })
}

fn path_of(node: Option<Uuid>) -> String {
    node.map_or_else(|| "/chain".to_owned(), |id| format!("/chain/{id}"))
}

/// Adds it.
pub(super) async fn add(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<NodeForm>,
) -> Result<Response> {
    let id = NodeId::at(visit.tx.now);
    let location = format!("/chain/{id}?done=added");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let parent = parent_of(&form.parent)?;
    match actions::add(&mut visit.tx, &visit.me, (id, parent), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = fresh(&mut visit, form).await?;
            let status = why.status();
            page.wrong = Wrong::of(why);
            Ok(shown(page, Some(status)))
        }
    }
}

/// The form of a node as it is called now.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<NodeId>) -> Result<Response> {
    Ok(shown(known(&mut visit, id, None).await?, None))
}

/// The form of a node: as it is, or with what was typed and the version of now.
async fn known(visit: &mut Visit, id: NodeId, typed: Option<NodeForm>) -> Result<Write> {
    let found = sight(visit, &[id.0]).await?;
    let root = found.first(id).ok_or(Error::NotFound)?;
    let degrees = |d: Option<f64>| d.map(|d| d.to_string()).unwrap_or_default();
    let form = typed.unwrap_or_else(|| NodeForm {
        once: visit.once(),
        version: root.version.to_string(),
        name: root.name.clone(),
        party_name: root.party_name.clone(),
        households: root.households.map(|h| h.to_string()).unwrap_or_default(),
        longitude: degrees(root.longitude),
        latitude: degrees(root.latitude),
        ..NodeForm::default()
    });
    let parent = root.parent.as_ref();
    Ok(Write {
        chrome: visit.chrome(Section::Chain),
        level: root.level,
        of: Some((id, root.name.clone())),
        above: (
            path_of(parent.map(|p| p.id)),
            parent.map_or_else(|| visit.me.city.clone(), |p| p.name.clone()),
        ),
        code: root.code.clone(),
        form,
        wrong: Wrong::default(),
    })
}

/// Changes it.
pub(super) async fn amend(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<NodeId>,
    Form(mut form): Form<NodeForm>,
) -> Result<Response> {
    let location = format!("/chain/{id}?done=amended");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::amend(&mut visit.tx, &visit.me, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let now = known(&mut visit, id, None).await?;
            let status = why.status();
            let mut wrong = Wrong::of(why);
            if wrong.refused == super::STALE {
                wrong.refused = now_reads(&now.form);
                form.version.clone_from(&now.form.version);
                form.once.clone_from(&now.form.once);
            }
            Ok(shown(Write { form, wrong, ..now }, Some(status)))
        }
    }
}

/// What somebody else has saved meanwhile.
fn now_reads(form: &NodeForm) -> String {
    let mut parts = vec![form.name.clone(), form.party_name.clone()];
    if !form.households.is_empty() {
        parts.push(format!("{} 户", form.households));
    }
    if !form.longitude.is_empty() {
        parts.push(format!("经度 {}、纬度 {}", form.longitude, form.latitude));
    }
    format!(
        "您打开这一页以后，别人改过这个单位：现在是{}。下面是您填的，核对后再保存一次就以您填的为准。",
        parts.join("，")
    )
}
