//! The pages of the chain (组织与网格) and, in a file of their own, of the departments (部门).

mod departments;

use askama::Template;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::below::{Below, Cell};
use super::columns::{Column, columns};
use super::holders::Holders;
use super::model::{self, AsOf, Node, OpenMatter, TreeNode};
use super::queries;
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Access, Chrome, Level, Permission, Routes, Section, Visit};
use crate::org::events::Entry;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const CHAIN: Access = Access::Can(Permission::SeeChain);
    Routes::new()
        .get("/chain", CHAIN, city)
        .get("/chain/{id}", CHAIN, node)
        .get("/departments", CHAIN, departments::list)
        .get("/departments/{id}", CHAIN, departments::department)
        .post(
            "/departments/{id}/leader",
            Access::Can(Permission::NameLeaders),
            departments::named,
        )
}

/// The day asked for in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    day: String,
    done: String,
}

/// The page, or the page with the day marked wrong (422).
fn answered<T: Template>(page: T, asof: &AsOf) -> Response {
    if asof.wrong.is_empty() {
        Page(page).into_response()
    } else {
        Page(page).unprocessable()
    }
}

#[derive(Template)]
#[template(path = "units/city.html")]
struct City {
    chrome: Chrome,
    asof: AsOf,
    action: String,
    tree: Vec<TreeNode>,
    below: Below,
    /// What the table of what lies below is of.
    lower: &'static str,
    columns: Vec<Column>,
    counts: bool,
    /// Whether the viewer may change the chain.
    may_change: bool,
}

impl City {
    /// How much the city has, on each side.
    fn ground(&self) -> [String; 2] {
        [self.below.ground(None), self.below.party_ground(None)]
    }

    /// Who works in it, on each side.
    fn people(&self) -> [String; 2] {
        [false, true].map(|party| self.below.people(party))
    }

    /// The city's own page on the day looked at.
    fn root(&self) -> String {
        format!("/chain{}", self.asof.suffix())
    }
}

async fn city(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let asof = AsOf::read(&asked.day, visit.tx.today());
    let (tree, below) = queries::city(&mut visit.tx, &visit.me, asof.day).await?;
    let counts = visit.me.kind.may(Permission::SeeMatters);
    let page = City {
        chrome: visit.chrome(Section::Chain),
        action: "/chain".to_owned(),
        tree,
        below,
        lower: Level::Street.label(),
        columns: columns(Level::Street, counts),
        counts,
        may_change: visit.me.kind.may(Permission::ChangeChain) && asof.is_today,
        asof: asof.clone(),
    };
    Ok(answered(page, &asof))
}

#[derive(Template)]
#[template(path = "units/node.html")]
struct NodePage {
    chrome: Chrome,
    asof: AsOf,
    action: String,
    node: Node,
    stands: bool,
    tree: Vec<TreeNode>,
    holders: Holders,
    below: Below,
    /// What the table of what lies below is of.
    lower: &'static str,
    columns: Vec<Column>,
    counts: bool,
    matters: Option<Vec<OpenMatter>>,
    now: chrono::DateTime<chrono::Utc>,
    /// Whether the viewer may change the chain here.
    may_change: bool,
    /// What was changed, for administrators; nothing for others.
    events: Option<Vec<Entry>>,
    flash: &'static str,
}

impl NodePage {
    /// The way down to the node, for the crumbs.
    fn trail(&self) -> Vec<(String, &str)> {
        let suffix = self.asof.suffix();
        let city = (format!("/chain{suffix}"), self.chrome.city.as_str());
        let above = self
            .node
            .above
            .iter()
            .map(|a| (format!("/chain/{}{suffix}", a.id), a.name.as_str()));
        std::iter::once(city).chain(above).collect()
    }

    /// The city's own page on the day looked at.
    fn root(&self) -> String {
        format!("/chain{}", self.asof.suffix())
    }

    /// Who leads each face of the node.
    fn leaders(&self) -> [(String, bool); 2] {
        [model::chief_of, model::party_head_of].map(|of| self.holders.titled(of(self.node.level)))
    }

    /// The day since which the node is no more, if it is no more.
    fn ended(&self) -> Option<String> {
        self.node
            .valid_to
            .filter(|to| *to <= self.asof.day)
            .map(words::day)
    }

    /// How much lies below each face.
    fn ground(&self) -> [String; 2] {
        let level = Some(self.node.level);
        [self.below.ground(level), self.below.party_ground(level)]
    }

    /// Whether it is a point on a map.
    fn is_point(&self) -> bool {
        self.node.level >= Level::Building
    }

    /// How many there are directly below.
    fn count(&self) -> String {
        self.below.count(model::below(self.node.level))
    }

    /// Who works below, on each side.
    fn people(&self) -> [String; 2] {
        [false, true].map(|party| self.below.people(party))
    }
}

async fn node(
    mut visit: Visit,
    Path(id): Path<NodeId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let asof = AsOf::read(&asked.day, visit.tx.today());
    let mut found = queries::node(&mut visit.tx, &visit.me, id, asof.day).await?;
    found.node.called_on(asof.day);
    let counts = visit.me.kind.may(Permission::SeeMatters);
    let stands = found.node.stands_on(asof.day);
    let (mut holders, mut below) = (Holders::on(&found.posts, asof.day), found.below);
    if !stands {
        holders.vacant.clear();
        below.0.clear();
    }
    let lower = model::below(found.node.level);
    let page = NodePage {
        chrome: visit.chrome(Section::Chain),
        action: format!("/chain/{id}"),
        stands,
        tree: found.tree,
        holders,
        below,
        lower: lower.map_or("", Level::label),
        columns: lower.map_or_else(Vec::new, |level| columns(level, counts)),
        counts,
        matters: found.matters,
        may_change: visit.me.kind.may(Permission::ChangeChain)
            && asof.is_today
            && found.node.valid_to.is_none(),
        events: visit
            .me
            .kind
            .may(Permission::SeeStaff)
            .then_some(found.events),
        flash: match asked.done.as_str() {
            "added" => "已增设。职务空缺的，请安全管理员任命。",
            "amended" => "已保存。",
            "closed" => "已撤销，在办工作已转给接手的单位。",
            "merged" => "已合并，下级、在任的人和在办工作已转到这里。",
            "split" => {
                "已拆分，这是第 1 部分；别的部分在同一个上级下面，职务空缺，请安全管理员任命。"
            }
            _ => "",
        },
        node: found.node,
        now: visit.tx.now,
        asof: asof.clone(),
    };
    Ok(answered(page, &asof))
}
