//! How a score came about, in sentences with the figures put in.

use super::{Component, ComponentScore, Exact, Item, ItemScore, Scheme, Standing};

impl ItemScore {
    /// What it counted: `平均 4.31`, `33/34`, `解决 15/18`.
    pub fn words(&self) -> String {
        let Some(rate) = self.rate() else {
            return "没有样本".to_owned();
        };
        let of = format!("{}/{}", self.got.short(), self.n);
        match self.item {
            Item::Rating => format!("平均 {}", (rate * Exact::whole(5)).decimal(2)),
            Item::Responded => format!("按时报到 {of}"),
            Item::Solved => format!("解决 {of}"),
            Item::Satisfied => format!("满意 {of}"),
            Item::Sign | Item::Report | Item::Close | Item::FirstCheck | Item::Returns => of,
        }
    }
}

/// Two paragraphs: the score, and the place.
pub(crate) fn explanation(scheme: &Scheme, standing: &Standing, with_place: bool) -> Vec<String> {
    let score = &standing.score;
    let Some(total) = &score.total else {
        return vec!["这个时期没有计入的事项，不计分，也不排名。".to_owned()];
    };
    let mut first = String::new();
    for component in &score.components {
        first.push_str(&part(scheme, component));
    }
    first.push_str(&given_on(&score.components));
    first.push_str(&format!(
        "相加 {}，最后一步四舍五入，得 {}。",
        total.decimal(4),
        total.decimal(1)
    ));
    if scheme.is_small(score.n) {
        first.push_str(&format!(
            "只有 {} 件，不足 {} 件，样本不足。",
            score.n, scheme.min_n
        ));
    }
    let mut said = vec![first];
    if with_place {
        said.push(place(scheme, standing, total));
    }
    said
}

/// `45 × 4.3098 ÷ 5 ＝ 38.788`
fn sum(item: &ItemScore) -> String {
    let worth = item.worth.short_or_long();
    match item.item {
        Item::Rating => {
            let mean = item.rate().unwrap_or_default() * Exact::whole(5);
            format!("{worth} × {} ÷ 5", mean.decimal(4))
        }
        Item::Responded
        | Item::Solved
        | Item::Satisfied
        | Item::Sign
        | Item::Report
        | Item::Close
        | Item::FirstCheck
        | Item::Returns => format!("{worth} × {}/{}", item.got.short(), item.n),
    }
}

fn part(scheme: &Scheme, component: &ComponentScore) -> String {
    if component.is_empty() {
        return String::new();
    }
    let counted: Vec<String> = component
        .items
        .iter()
        .filter(|i| i.n > 0)
        .map(sum)
        .collect();
    let head = match component.component {
        Component::Street => "街道和社区的评价按种类加权平均，".to_owned(),
        Component::Residents => format!(
            "群众有效回访 {} 件，基本满意按 {} 计，",
            component.items.iter().map(|i| i.n).max().unwrap_or(0),
            scheme.basic_share.short()
        ),
        Component::Objective => "客观情况：".to_owned(),
    };
    format!(
        "{head}{} ＝ {}。",
        counted.join(" ＋ "),
        component.score.decimal(3)
    )
}

/// Which points went elsewhere because nothing was there to be counted.
fn given_on(components: &[ComponentScore]) -> String {
    let mut said = String::new();
    for component in components {
        if component.is_empty() {
            let (name, points) = (component.component.label(), component.points.short());
            said.push_str(&format!("{name}没有样本，{points} 分按比例分给其他组成。"));
            continue;
        }
        let empty = component
            .items
            .iter()
            .filter(|i| i.n == 0 && !i.points.is_zero());
        let empty: Vec<&str> = empty.map(|i| i.item.label()).collect();
        if !empty.is_empty() {
            let names = empty.join("、");
            said.push_str(&format!(
                "{names}没有样本，分值按比例分给同一组成的其他项目。"
            ));
        }
    }
    said
}

fn place(scheme: &Scheme, standing: &Standing, total: &Exact) -> String {
    let (Some(mean), Some(shrunk)) = (&standing.mean, &standing.shrunk) else {
        return String::new();
    };
    let (n, k) = (standing.score.n, scheme.shrink_n);
    let sum = format!(
        "件数少的部门向平均分靠拢后再排名：（{n} 件 × {} ＋ {k} 件 × 各部门平均 {}）÷ {} ＝ {}",
        total.decimal(3),
        mean.decimal(2),
        n + usize::try_from(k).unwrap_or(0),
        shrunk.decimal(1)
    );
    match standing.place {
        Some(place) => format!("{sum}，列第 {place}。"),
        None if standing.is_small => format!("{sum}。样本不足，按规则不参加排名。"),
        None => format!("{sum}。没有街道和群众评价，按规则不参加排名。"),
    }
}

impl Exact {
    /// Short if two places say it exactly, else with four.
    pub fn short_or_long(&self) -> String {
        let short = self.short();
        if Exact::typed(&short).as_ref() == Some(self) {
            short
        } else {
            self.decimal(4)
        }
    }
}
