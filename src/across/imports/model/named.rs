//! Whom, where and what a row names: a person of the register, a unit that stands, a kind of post
//! that there is at such a unit.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::row::{Row, cut};
use super::seats::usual_title;
use super::wanted::{PostFacts, Somebody, Unit, parts};
use crate::base::words;
use crate::org::access::PostKind;
use crate::org::staff::{kind_label, kinds_at};

/// What means the city itself.
const CITY: [&str; 3] = ["市级", "全市", "本市"];

/// A row whose person, place and kind are known.
pub(super) struct Clear<'a> {
    pub(super) person: &'a Somebody,
    pub(super) unit: Option<&'a Unit>,
    pub(super) kind: PostKind,
    pub(super) title: String,
    pub(super) from: Option<NaiveDate>,
    pub(super) term_to: Option<NaiveDate>,
    pub(super) login: String,
}

/// The place that a row names.
enum Place<'a> {
    City,
    At(&'a Unit),
}

/// What names mean.
pub(super) struct Names<'a> {
    facts: &'a PostFacts,
    by_name: HashMap<&'a str, Vec<&'a Somebody>>,
    /// By name and by code.
    units: HashMap<&'a str, Vec<&'a Unit>>,
    /// Names of nodes by code, for the paths.
    names: HashMap<&'a str, &'a str>,
    today: NaiveDate,
}

impl<'a> Names<'a> {
    pub(super) fn of(facts: &'a PostFacts, today: NaiveDate) -> Self {
        let mut by_name: HashMap<&str, Vec<&Somebody>> = HashMap::new();
        for person in &facts.people {
            by_name.entry(&person.name).or_default().push(person);
        }
        let mut units: HashMap<&str, Vec<&Unit>> = HashMap::new();
        let mut names = HashMap::new();
        for unit in &facts.units {
            units.entry(&unit.name).or_default().push(unit);
            units.entry(&unit.code).or_default().push(unit);
            names.insert(unit.code.as_str(), unit.name.as_str());
        }
        Self {
            facts,
            by_name,
            units,
            names,
            today,
        }
    }

    /// What a row names, if all of it is clear.
    pub(super) fn clear(&self, row: &mut Row<'_>) -> Option<Clear<'a>> {
        let name = row.short("姓名", (1, 30));
        let phone = row.text("电话");
        let place = row.short("单位", (1, 200));
        let typed_kind = row.text("职务类别");
        let title = row.text("职务名称");
        let title = if title.is_empty() {
            title
        } else {
            row.short("职务名称", (2, 30))
        };
        let from = row.day("任职日期");
        let term_to = row.day("任期届满");
        let login = row.text("账号").to_lowercase();
        let person = self.person(row, &name, &phone);
        let unit = self.unit(row, &place);
        if row.is_wrong() {
            return None;
        }
        let (person, place) = (person?, unit?);
        let unit = match place {
            Place::City => None,
            Place::At(unit) => Some(unit),
        };
        let kind = kind(row, unit, &typed_kind)?;
        Some(Clear {
            person,
            unit,
            kind,
            title,
            from,
            term_to,
            login,
        })
    }

    fn person(&self, row: &mut Row<'_>, name: &str, phone: &str) -> Option<&'a Somebody> {
        if name.is_empty() {
            return None;
        }
        let namesakes = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let number: String = phone.chars().filter(|c| !c.is_whitespace()).collect();
        let same = namesakes
            .iter()
            .find(|p| !number.is_empty() && p.has(&number));
        let sentence = match (namesakes, same) {
            (_, Some(person)) => return Some(person),
            ([], None) => "人员里没有这个人。请系统管理员先在“人员”里登记或导入。".to_owned(),
            ([only], None) if number.is_empty() || only.phone.is_none() => return Some(only),
            (several, None) if number.is_empty() => format!(
                "人员里有 {} 个人叫这个姓名，请填电话说明是哪一个。",
                several.len()
            ),
            (_, None) => "人员里有这个姓名，但电话不同。请核对电话；换了号码的，请系统管理员先改。"
                .to_owned(),
        };
        row.fail("姓名", &sentence);
        None
    }

    /// The unit that is meant; none in it: the city.
    fn unit(&self, row: &mut Row<'_>, typed: &str) -> Option<Place<'a>> {
        let path = parts(typed);
        let last = path.last()?;
        if path.len() == 1 && (CITY.contains(&last.as_str()) || *last == self.facts.city) {
            return Some(Place::City);
        }
        let upper = last.to_uppercase();
        let found = self
            .units
            .get(last.as_str())
            .or_else(|| self.units.get(upper.as_str()));
        let named = found.map_or(&[][..], Vec::as_slice);
        let fits = |unit: &&&Unit| self.is_below(unit, &path[..path.len() - 1]);
        let all: Vec<&Unit> = named.iter().filter(fits).copied().collect();
        let living: Vec<&Unit> = all.iter().copied().filter(|u| !u.is_closed).collect();
        let sentence = match living.as_slice() {
            [only] if only.valid_from <= self.today => return Some(Place::At(only)),
            [only] => format!(
                "“{}”自 {} 才设立，那天以后再导入。",
                cut(last),
                words::day(only.valid_from)
            ),
            [] if all.is_empty() => {
                format!(
                    "没有叫“{}”的单位。请核对名称或编码；新单位请系统管理员先设立。",
                    cut(typed)
                )
            }
            [] => format!("“{}”已经撤销。请改成现在的单位。", cut(last)),
            several => format!(
                "有 {} 个单位叫“{}”。请写单位编码，或从街道起写全，例如 慧阳街道/城南社区/{}。",
                several.len(),
                cut(last),
                cut(last)
            ),
        };
        row.fail("单位", &sentence);
        None
    }

    /// Whether the units of a path lie above it, in this order.
    fn is_below(&self, unit: &Unit, path: &[String]) -> bool {
        const LENGTHS: [usize; 4] = [18, 15, 12, 9];
        let above = LENGTHS.iter().filter_map(|length| {
            let code = unit
                .code
                .get(..*length)
                .filter(|c| c.len() < unit.code.len())?;
            self.names.get(code).copied()
        });
        let mut above = above;
        path.iter()
            .rev()
            .all(|name| above.any(|found| found == name))
    }
}

/// The kind of post that is meant at a place: by its own name, or by what it is called there.
fn kind(row: &mut Row<'_>, unit: Option<&Unit>, typed: &str) -> Option<PostKind> {
    let level = unit.and_then(|u| u.level);
    let is_department = unit.is_some_and(|u| u.level.is_none());
    let offered = kinds_at(level, is_department);
    let found = offered
        .iter()
        .copied()
        .find(|kind| kind_label(*kind) == typed || usual_title(*kind, level) == typed);
    if found.is_some_and(PostKind::is_admin) {
        row.fail(
            "职务类别",
            "管理员不从表里任命。请在“任职”页上一个一个任命。",
        );
        return None;
    }
    if found.is_none() {
        let labels: Vec<&str> = offered
            .iter()
            .filter(|kind| !kind.is_admin())
            .map(|kind| kind_label(*kind))
            .collect();
        let what = if typed.is_empty() {
            "没有填。".to_owned()
        } else {
            format!("“{}”不是这个单位的职务。", cut(typed))
        };
        row.fail(
            "职务类别",
            &format!("{what}这里可以填：{}。", labels.join("、")),
        );
    }
    found
}
