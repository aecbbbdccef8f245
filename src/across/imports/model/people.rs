//! People: known by name and telephone number, entered if there is nobody, changed where a cell says
//! something else. What is left empty stays as it is.

use std::collections::HashMap;

use uuid::Uuid;

use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::base::words;
use crate::org::staff::{Number, PersonFacts, PersonForm};

/// Somebody in the register who has a name that stands in the table.
#[derive(Clone, Debug)]
pub(in super::super) struct Known {
    pub(in super::super) id: Uuid,
    pub(in super::super) version: i32,
    /// The number in the clear, to tell namesakes apart; it is kept nowhere.
    pub(in super::super) number: Option<String>,
    pub(in super::super) facts: PersonFacts,
}

impl Known {
    /// Whether this is the number that is kept, however it is written.
    fn has(&self, number: Option<&str>) -> bool {
        let plain = number.map(words::figures);
        plain.is_some() && self.number.as_deref().map(words::figures) == plain
    }
}

/// Somebody who will be changed.
#[derive(Clone, Debug)]
pub(in super::super) struct Changed {
    pub(in super::super) id: Uuid,
    pub(in super::super) version: i32,
    pub(in super::super) facts: PersonFacts,
    pub(in super::super) number: Number,
    /// Both sides, as the record tells it.
    pub(in super::super) sentence: String,
}

/// What an import of people writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct PeoplePlan {
    pub(in super::super) enters: Vec<(PersonFacts, Number)>,
    pub(in super::super) changes: Vec<Changed>,
}

/// Whom a row is about.
enum Who<'a> {
    Known(&'a Known),
    New,
    /// It cannot be told, for this reason.
    Unclear(String),
}

/// Checks the rows against everybody who has one of their names.
pub(in super::super) fn check(rows: Vec<Row<'_>>, known: &[Known]) -> Outcome {
    let mut by_name: HashMap<&str, Vec<&Known>> = HashMap::new();
    for person in known {
        by_name.entry(&person.facts.name).or_default().push(person);
    }
    let mut told = Told::default();
    let mut plan = PeoplePlan::default();
    let mut marks = Vec::new();
    for mut row in rows {
        let mark = one(&mut row, &by_name, &mut told, &mut plan);
        marks.push(row.marked(mark));
    }
    Outcome {
        marks,
        plan: Plan::People(plan),
    }
}

/// What the rows before have said: of whom, in which row, and what.
#[derive(Default)]
struct Told {
    rows: HashMap<(String, Option<String>), (u32, [String; 3])>,
    /// The numbers with which a name stands in the table.
    numbers: HashMap<String, Vec<String>>,
    /// In which row somebody of the register was met.
    met: HashMap<Uuid, u32>,
}

/// What a row says.
struct Said {
    name: String,
    number: Option<String>,
    identity: &'static str,
    home: String,
    member: &'static str,
    is_another: bool,
}

fn said(row: &mut Row<'_>) -> Option<Said> {
    let name = row.short("姓名", (1, 30));
    let words = [row.word("身份"), row.word("党员"), row.word("同名另一人")];
    let [identity, member, another] = words.map(Option::unwrap_or_default);
    let home = row.text("编制单位");
    let phone = row.text("电话");
    let number: String = phone.chars().filter(|c| !c.is_whitespace()).collect();
    (!row.is_wrong()).then_some(Said {
        name,
        number: (!number.is_empty()).then_some(number),
        identity,
        home,
        member,
        is_another: another == "是",
    })
}

fn one(
    row: &mut Row<'_>,
    by_name: &HashMap<&str, Vec<&Known>>,
    told: &mut Told,
    plan: &mut PeoplePlan,
) -> Mark {
    let Some(said) = said(row) else {
        return Mark::Refuse;
    };
    let three = [said.identity, &said.home, said.member].map(str::to_owned);
    let key = (said.name.clone(), said.number.clone());
    if let Some(mark) = again(row, told, (&said.name, said.number.as_deref()), &three) {
        return mark;
    }
    let namesakes = by_name
        .get(said.name.as_str())
        .map_or(&[][..], Vec::as_slice);
    let known = match who(namesakes, said.number.as_deref(), said.is_another) {
        Who::Unclear(sentence) => {
            row.fail("姓名", &sentence);
            return Mark::Refuse;
        }
        Who::Known(known) => Some(known),
        Who::New => None,
    };
    if let Some(line) = known.and_then(|known| told.met.get(&known.id)) {
        row.fail(
            "姓名",
            &format!("和第 {line} 行认成了同一个人。是另一个人的，在“同名另一人”填“是”。"),
        );
        return Mark::Refuse;
    }
    let Some((facts, number)) = facts(row, &said, known) else {
        return Mark::Refuse;
    };
    told.rows.insert(key, (row.line(), three));
    told.numbers
        .entry(said.name)
        .or_default()
        .extend(said.number);
    let Some(known) = known else {
        plan.enters.push((facts, number));
        return Mark::Create;
    };
    told.met.insert(known.id, row.line());
    let Some(sentence) = facts.changes(&known.facts, &number) else {
        return Mark::Same;
    };
    row.note(sentence.clone());
    plan.changes.push(Changed {
        id: known.id,
        version: known.version,
        facts,
        number,
        sentence,
    });
    Mark::Change
}

/// What will be kept of the person: what the row says, else what there is.
fn facts(row: &mut Row<'_>, said: &Said, known: Option<&Known>) -> Option<(PersonFacts, Number)> {
    let before = known.map(|known| &known.facts);
    let is_kept = known.is_some_and(|known| known.has(said.number.as_deref()));
    if before.is_none() && said.identity.is_empty() {
        row.fail("身份", "新登记的人要填身份，请从下拉列表里选。");
        return None;
    }
    let or = |typed: &str, kept: Option<&str>| {
        let chosen = if typed.is_empty() {
            kept.unwrap_or_default()
        } else {
            typed
        };
        chosen.to_owned()
    };
    let is_member = if said.member.is_empty() {
        before.is_some_and(|facts| facts.is_member)
    } else {
        said.member == "是"
    };
    let form = PersonForm {
        name: said.name.clone(),
        identity: or(said.identity, before.map(|facts| facts.identity.as_str())),
        home_unit: or(
            &said.home,
            before.and_then(|facts| facts.home_unit.as_deref()),
        ),
        member: u8::from(is_member).to_string(),
        phone: if is_kept {
            String::new()
        } else {
            said.number.clone().unwrap_or_default()
        },
        ..PersonForm::default()
    };
    match form.read(before.and_then(|facts| facts.phone_mask.as_deref())) {
        Ok(facts) => Some(facts),
        Err(errors) => {
            row.fail_fields(&errors, &HEADS);
            None
        }
    }
}

const HEADS: [(&str, &str); 4] = [
    ("name", "姓名"),
    ("identity", "身份"),
    ("home_unit", "编制单位"),
    ("phone", "电话"),
];

/// A person with several posts has several rows: those after the first may only say the same.
fn again(
    row: &mut Row<'_>,
    told: &Told,
    (name, number): (&str, Option<&str>),
    said: &[String; 3],
) -> Option<Mark> {
    let key = (name.to_owned(), number.map(str::to_owned));
    let Some((line, before)) = told.rows.get(&key) else {
        let others = told.numbers.get(name)?;
        let without = told
            .rows
            .keys()
            .any(|(n, phone)| n == name && phone.is_none());
        if number.is_none() && !others.is_empty() || number.is_some() && without {
            row.fail(
                "电话",
                "表里这个姓名有的行填了电话，有的没有，分不清是不是一个人。请都填上。",
            );
            return Some(Mark::Refuse);
        }
        return None;
    };
    for (head, (now, then)) in ["身份", "编制单位", "党员"]
        .iter()
        .zip(said.iter().zip(before))
    {
        if !now.is_empty() && now != then {
            row.fail(
                head,
                &format!("和第 {line} 行的同一个人不一样。请改成一致的。"),
            );
        }
    }
    row.note(format!("和第 {line} 行是同一个人。"));
    Some(Mark::Same)
}

fn who<'a>(namesakes: &[&'a Known], number: Option<&str>, another: bool) -> Who<'a> {
    let Some(number) = number else {
        return match namesakes {
            _ if another && !namesakes.is_empty() => {
                Who::Unclear("填了“同名另一人”的，要填电话，以后才分得清。".to_owned())
            }
            [] => Who::New,
            [only] => Who::Known(only),
            several => Who::Unclear(format!(
                "人员里有 {} 个人叫这个姓名，请填电话说明是哪一个。",
                several.len()
            )),
        };
    };
    let same = namesakes.iter().find(|k| k.has(Some(number)));
    match (same, namesakes) {
        (Some(known), _) => Who::Known(known),
        (None, []) => Who::New,
        _ if another => Who::New,
        (None, [only]) if only.facts.phone_mask.is_none() => Who::Known(only),
        (None, several) => {
            let shown: Vec<String> = several
                .iter()
                .take(3)
                .map(|k| described(&k.facts))
                .collect();
            Who::Unclear(format!(
                "人员里已有同名的人：{}。确实是另一个人的，在“同名另一人”填“是”；是同一个人换了号码的，请先在“人员”里改电话。",
                shown.join("；")
            ))
        }
    }
}

/// `街道干部，129****0001`
fn described(facts: &PersonFacts) -> String {
    let phone = facts.phone_mask.as_deref().unwrap_or("没有电话");
    format!("{}，{phone}", facts.identity)
}
