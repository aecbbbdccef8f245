//! The files of a pack: the paper, and the same rows as tables.

use super::archive::File;
use super::facts::Facts;
use super::masks::Masks;
use super::pack::Recipe;
use super::paper;
use crate::base::{sheet, words};
use crate::work::assessment::{Assessed, Exact, Score, Standing};

/// The heads of the tables.
const CASES: [&str; 13] = [
    "编号",
    "种类",
    "标题",
    "地点",
    "街道",
    "部门",
    "吹哨时间",
    "办结时间",
    "结果",
    "时限",
    "评价平均分",
    "核查次数",
    "群众回访",
];
const EVENTS: [&str; 5] = ["编号", "时间", "办理", "单位", "内容"];
const POWERS: [&str; 14] = [
    "编号",
    "权力",
    "方式",
    "街道",
    "部门",
    "事由",
    "提出时间",
    "街道意见",
    "部门答复",
    "是否按时答复",
    "答复评分",
    "街道表态",
    "裁定",
    "办结时间",
];
const SCORES: [&str; 6] = ["组成", "项目", "样本", "分值", "得分", "失分"];

const OBJECTIONS: [&str; 5] = ["编号", "标题", "项目", "申诉理由", "结果"];

/// The score of the department of a pack, if its period is frozen.
pub(crate) struct Scored<'a> {
    pub(crate) assessed: &'a Assessed,
    pub(crate) standing: &'a Standing,
}

/// All files but the list of digests. Nothing in them says when or by whom they were made.
pub(crate) fn files(
    city: &str,
    recipe: &Recipe,
    facts: &Facts,
    assessed: Option<&Assessed>,
) -> anyhow::Result<Vec<File>> {
    let masks = Masks::of(&facts.names);
    let scored = match (recipe.subject, assessed) {
        (super::Subject::Department(id), Some(assessed)) => assessed
            .of(id)
            .ok()
            .map(|standing| Scored { assessed, standing }),
        (super::Subject::Department(_) | super::Subject::Street(_), _) => None,
    };
    let paper = paper::written(city, recipe, facts, (&masks, scored.as_ref()))?;
    let mut files = vec![
        file("材料.html", paper.into_bytes()),
        file("哨单.csv", sheet::bytes(&CASES, cases(facts, &masks))?),
        file(
            "办理过程.csv",
            sheet::bytes(&EVENTS, events(facts, &masks))?,
        ),
        file(
            "五项权力.csv",
            sheet::bytes(&POWERS, powers(facts, &masks))?,
        ),
    ];
    if let Some(scored) = scored {
        let rows = scores(&scored.standing.score);
        files.push(file("得分.csv", sheet::bytes(&SCORES, rows.into_iter())?));
        let rows = upheld(&scored, &masks);
        files.push(file(
            "申诉.csv",
            sheet::bytes(&OBJECTIONS, rows.into_iter())?,
        ));
    }
    Ok(files)
}

fn file(path: &str, content: Vec<u8>) -> File {
    File {
        path: path.to_owned(),
        content,
    }
}

fn cases<'a>(facts: &'a Facts, masks: &'a Masks) -> impl Iterator<Item = Vec<String>> + 'a {
    facts.cases.iter().map(|c| {
        vec![
            c.number.clone(),
            c.kind.label().to_owned(),
            masks.over(&c.title),
            c.place.clone(),
            c.street.clone(),
            c.departments(),
            words::minute(c.sounded_at),
            words::minute(c.closed_at),
            c.outcome.map_or("", |o| o.label()).to_owned(),
            c.lateness(),
            c.mean(),
            c.checks.to_string(),
            c.heard(),
        ]
    })
}

fn events<'a>(facts: &'a Facts, masks: &'a Masks) -> impl Iterator<Item = Vec<String>> + 'a {
    let of = facts.cases.iter();
    of.flat_map(|c| c.events.iter().map(move |e| (c, e)))
        .map(|(c, e)| {
            vec![
                c.number.clone(),
                words::minute(e.at),
                e.label().to_owned(),
                e.seat.clone(),
                masks.over(e.words()),
            ]
        })
}

fn powers<'a>(facts: &'a Facts, masks: &'a Masks) -> impl Iterator<Item = Vec<String>> + 'a {
    facts.powers.iter().map(|p| {
        let late = if p.answered_late { "逾期" } else { "按时" };
        vec![
            p.number.clone(),
            p.power.label().to_owned(),
            p.record().to_owned(),
            p.street.clone(),
            p.department.clone(),
            masks.over(p.shown_title()),
            words::minute(p.asked_at),
            p.opinion.map_or("", |o| o.label()).to_owned(),
            p.answered().to_owned(),
            late.to_owned(),
            p.score.map(|s| s.to_string()).unwrap_or_default(),
            p.reaction.map_or("", |r| r.label()).to_owned(),
            p.ruling.map_or("", |r| r.label()).to_owned(),
            words::minute(p.closed_at),
        ]
    })
}

/// The objections that were upheld before the scores were frozen: which case does not count in which
/// item, and why. What an answer about a power was about stays with its record.
pub(crate) fn upheld(scored: &Scored<'_>, masks: &Masks) -> Vec<Vec<String>> {
    let cases = scored
        .assessed
        .cases_of(scored.standing.score.department.id);
    let out = cases.flat_map(|case| case.exempted.iter().map(move |e| (case, e)));
    out.map(|(case, exempted)| {
        let title = if case.is_of_whistle() {
            masks.over(&case.title)
        } else {
            "行权记录的答复评分".to_owned()
        };
        vec![
            case.number.clone(),
            title,
            exempted.item.label().to_owned(),
            exempted.reason.label().to_owned(),
            "申诉成立，这一件在这一项不计入".to_owned(),
        ]
    })
    .collect()
}

/// Component and item, the sum at the end. Four places, so that anybody can add them up.
pub(crate) fn scores(score: &Score) -> Vec<Vec<String>> {
    let four = |e: &Exact| e.decimal(4);
    let mut rows = Vec::new();
    for component in &score.components {
        for item in &component.items {
            rows.push(vec![
                component.component.label().to_owned(),
                item.item.label().to_owned(),
                item.n.to_string(),
                four(&item.worth),
                four(&item.score),
                four(&item.lost()),
            ]);
        }
    }
    rows.push(vec![
        "合计".to_owned(),
        String::new(),
        score.n.to_string(),
        String::new(),
        score.total.as_ref().map(four).unwrap_or_default(),
        String::new(),
    ]);
    rows
}
