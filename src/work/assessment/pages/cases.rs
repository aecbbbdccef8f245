//! The cases under a score: those of an opened item, and those that were objected to.

use chrono::{DateTime, Utc};

use super::super::model::{
    Assessed, Book, Case, Exact, Exemption, Item, ObjectionState, Raised, Scheme, Standing,
    can_be_objected, effect, lamp, may_object, path, standing,
};
use super::score::Wish;
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Permission, Viewer};
use crate::work::visits::{Answer, Feeling};

/// One case under an opened item.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) title: String,
    pub(super) number: String,
    pub(super) street: String,
    /// Where the whistle or the record is, if the viewer sees it.
    pub(super) href: Option<String>,
    pub(super) result: String,
    pub(super) lost: Exact,
    /// It lost points, and does not count any more.
    pub(super) is_out: bool,
    pub(super) objection: Mark,
}

/// The objection of a row: what it says and where it is; or where one can object.
#[derive(Debug)]
pub(super) enum Mark {
    /// One was made.
    Made {
        words: &'static str,
        href: Option<String>,
        is_mine: bool,
        is_open: bool,
    },
    /// One can be made.
    CanBe(String),
    /// None can be made, because what it is about is sealed.
    Sealed,
    /// None was made.
    None,
}

/// An objection beside the score.
#[derive(Debug)]
pub(super) struct Objected {
    pub(super) title: String,
    pub(super) number: String,
    pub(super) href: Option<String>,
    pub(super) item: Item,
    pub(super) asked: String,
    pub(super) reason: &'static str,
    pub(super) standing: &'static str,
    /// What it changes if it is upheld, while it is open.
    pub(super) effect: Option<String>,
    pub(super) lamp: Option<(&'static str, String)>,
    /// The viewer calls its panel.
    pub(super) calls: bool,
    pub(super) is_open: bool,
}

/// In an address: what upheld objections keep out.
pub(super) const UPHELD: &str = "objection";

/// The cases below the tree.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    /// How many cases the item has in all.
    pub(super) of: usize,
}

impl Opened {
    /// Whether a mark among them cannot be objected to.
    pub(super) fn has_sealed(&self) -> bool {
        let sealed = |r: &Row| matches!(r.objection, Mark::Sealed);
        self.rows.iter().any(sealed)
    }
}

/// The cases of the item that is asked for: those that cost points, or all of them.
pub(super) fn opened(
    at: (&Book, DateTime<Utc>),
    assessed: &Assessed,
    of: &Standing,
    (me, wish): (&Viewer, &Wish),
) -> Option<Opened> {
    let department = of.score.department.id;
    if let Ok(exemption) = wish.item.parse::<Exemption>() {
        let left = |c: &&Case| c.left_out(&assessed.scheme).contains(&exemption);
        let left = assessed.cases_of(department).filter(left);
        let left = left.map(|c| row(me, c, "不计入".to_owned(), Exact::default()));
        let title = format!("不计入：{}", exemption.label());
        return Some(all_of(title, left.collect()));
    }
    if wish.item == UPHELD {
        let cases = assessed.cases_of(department);
        let out = cases.flat_map(|c| c.exempted.iter().map(move |e| (c, e)));
        let out = out.map(|(case, out)| {
            let result = format!("{}，{}", out.item.label(), out.reason.label());
            Row {
                is_out: true,
                objection: marked(at, (&assessed.scheme, case, out.item), me),
                ..row(me, case, result, Exact::default())
            }
        });
        return Some(all_of("不计入：申诉成立".to_owned(), out.collect()));
    }
    let item: Item = wish.item.parse().ok()?;
    let cases = assessed.cases_of(department);
    let rows = cases.filter_map(|case| sampled(at, (assessed, of), (case, item), me));
    let mut rows: Vec<Row> = rows.collect();
    let n = rows.len();
    if wish.all != "1" {
        rows.retain(|r| r.is_out || !r.lost.is_zero());
    }
    rows.sort_by(|a, b| (&b.lost, &a.number).cmp(&(&a.lost, &b.number)));
    Some(Opened {
        title: titled(item, &rows, wish.all == "1"),
        rows,
        of: n,
    })
}

fn all_of(title: String, rows: Vec<Row>) -> Opened {
    Opened {
        title,
        of: rows.len(),
        rows,
    }
}

/// A case in an item, if it has a sample there or would have without an objection.
fn sampled(
    at: (&Book, DateTime<Utc>),
    (assessed, of): (&Assessed, &Standing),
    (case, item): (&Case, Item),
    me: &Viewer,
) -> Option<Row> {
    let scored = of.score.item(item)?;
    let samples = case.found(&assessed.scheme);
    let samples: Vec<_> = samples.into_iter().filter(|s| s.item == item).collect();
    if samples.is_empty() {
        return None;
    }
    let is_out = case.exempted_from(item).is_some();
    let lost = if is_out || scored.weight.is_zero() {
        Exact::default()
    } else {
        let short: Exact = samples
            .iter()
            .map(|s| &s.weight * &(&Exact::whole(1) - &s.value))
            .sum();
        &(&scored.worth * &short) / &scored.weight
    };
    Some(Row {
        is_out,
        objection: marked(at, (&assessed.scheme, case, item), me),
        ..row(me, case, result(at.0, case, item), lost)
    })
}

/// `按时办结：失分的 2 件，剔除 1 件`
fn titled(item: Item, rows: &[Row], all: bool) -> String {
    let out = rows.iter().filter(|r| r.is_out).count();
    let title = if all {
        format!("{}：全部 {} 件", item.label(), rows.len())
    } else {
        format!("{}：失分的 {} 件", item.label(), rows.len() - out)
    };
    if out > 0 {
        format!("{title}，剔除 {out} 件")
    } else {
        title
    }
}

/// What a row says about objections.
fn marked(
    (book, now): (&Book, DateTime<Utc>),
    (scheme, case, item): (&Scheme, &Case, Item),
    me: &Viewer,
) -> Mark {
    let raised = book.raised(case.id);
    if let Some(made) = raised.iter().find(|r| r.item == item) {
        return Mark::Made {
            words: standing(made.state, made.panel_at.is_some()),
            href: sees(made, (me, case)).then(|| path(made.period, made.id)),
            is_mine: waits(made, me),
            is_open: made.state == ObjectionState::Open,
        };
    }
    if case.sealed {
        return Mark::Sealed;
    }
    let may = me.kind.may(Permission::ObjectToScores)
        && may_object(book.period, book.life.as_ref(), now).is_ok()
        && can_be_objected(scheme, case, item, raised).is_ok();
    if may {
        let (period, item) = (book.period.path(), item.code());
        Mark::CanBe(format!(
            "{period}/objections/new?item={item}&case={}",
            case.id
        ))
    } else {
        Mark::None
    }
}

/// Whether an objection waits for the viewer: to call its panel, or to vote.
fn waits(made: &Raised, me: &Viewer) -> bool {
    let is_open = made.state == ObjectionState::Open;
    let calls = made.panel_at.is_none() && me.kind.may(Permission::ChangeAssessment);
    is_open && (calls || made.asked.contains(&me.post.0))
}

/// The objections of the department in this period, for the side of the page.
pub(super) fn objected(
    book: &Book,
    assessed: &Assessed,
    department: DepartmentId,
    (me, now): (&Viewer, DateTime<Utc>),
) -> Vec<Objected> {
    let mut objected = Vec::new();
    for case in assessed.cases_of(department) {
        for made in book.raised(case.id) {
            if made.period != book.period {
                continue;
            }
            let is_open = made.state == ObjectionState::Open;
            let lamp = lamp((made.soon_at, made.due_at), &book.calendar, now);
            let effect = effect(assessed, department, (case.id, made.item));
            objected.push(Objected {
                title: case.title.clone(),
                number: case.number.clone(),
                href: sees(made, (me, case)).then(|| path(made.period, made.id)),
                item: made.item,
                asked: format!("{} {}", words::short_minute(made.asked_at, now), made.asker),
                reason: made.reason.label(),
                standing: standing(made.state, made.panel_at.is_some()),
                effect: effect.filter(|_| is_open).map(|e| e.words()),
                lamp: lamp.filter(|_| is_open).map(|(l, w)| (l.code(), w)),
                calls: waits(made, me) && made.panel_at.is_none(),
                is_open,
            });
        }
    }
    objected.sort_by_key(|o| !o.is_open);
    objected
}

/// Whether the viewer may open an objection from here.
fn sees(made: &Raised, (me, case): (&Viewer, &Case)) -> bool {
    sees_case(me, case) || made.asked.contains(&me.post.0)
}

/// A street opens what is of its own ground alone; what is sealed opens for those alone who may read it.
fn sees_case(me: &Viewer, case: &Case) -> bool {
    let reads = !case.sealed || me.kind.may(Permission::ReadCadre);
    reads && (!me.kind.is_street() || me.seat_name() == case.street)
}

fn row(me: &Viewer, case: &Case, result: String, lost: Exact) -> Row {
    Row {
        title: case.title.clone(),
        number: if case.sealed {
            "已加密".to_owned()
        } else {
            case.number.clone()
        },
        street: case.street.clone(),
        href: sees_case(me, case).then(|| case.path()),
        result,
        lost,
        is_out: false,
        objection: Mark::None,
    }
}

/// What a case came to in an item.
pub(super) fn result(book: &Book, case: &Case, item: Item) -> String {
    let said = |word: fn(&super::super::model::Answered) -> &'static str| {
        let words: Vec<&str> = case.answers.iter().map(word).collect();
        words.join("、")
    };
    match item {
        Item::Rating => case
            .mean()
            .map(|m| format!("平均 {}", m.decimal(2)))
            .unwrap_or_default(),
        Item::Responded => said(|a| {
            if a.responded {
                "按时报到"
            } else {
                "没有按时报到"
            }
        }),
        Item::Solved => said(|a| match a.answer {
            Answer::Solved | Answer::Partly | Answer::Unsolved => a.answer.label(),
        }),
        Item::Satisfied => said(|a| match a.feeling {
            Feeling::Satisfied | Feeling::Basically | Feeling::Unsatisfied => a.feeling.label(),
        }),
        Item::Sign | Item::Report | Item::Close => {
            let times = case.times.iter().filter(|t| t.item == item);
            let words = times.map(|t| {
                if t.late || t.exempt {
                    t.words(&book.calendar)
                } else {
                    "按时".to_owned()
                }
            });
            words.collect::<Vec<_>>().join("、")
        }
        Item::FirstCheck => if case.first_check == Some(true) {
            "一次通过"
        } else {
            "返工"
        }
        .to_owned(),
        Item::Returns => if case.returned == Some(true) {
            "退回成立"
        } else {
            "退回不成立"
        }
        .to_owned(),
    }
}
