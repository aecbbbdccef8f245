//! Which post a row means: the one that its person holds already, else a vacant one, else the only
//! one of a kind that there is once, else a new one.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::org::access::{Level, PostKind};
use crate::org::redraw::posts_of;
use crate::org::staff::{Term, kind_label};

/// A post that stands.
#[derive(Clone, Debug)]
pub(in super::super) struct Seat {
    pub(in super::super) id: Uuid,
    pub(in super::super) kind: PostKind,
    pub(in super::super) title: String,
    /// The node or department; none: the city.
    pub(in super::super) unit: Option<Uuid>,
    pub(in super::super) valid_from: NaiveDate,
    pub(in super::super) terms: Vec<Term>,
}

impl Seat {
    /// Who holds it on a day or will later.
    fn live(&self, day: NaiveDate) -> impl Iterator<Item = &Term> {
        let live = move |t: &&Term| !t.is_void() && t.to_day.is_none_or(|to| to > day);
        self.terms.iter().filter(live)
    }
}

/// A post that will be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Fresh {
    pub(in super::super) kind: PostKind,
    pub(in super::super) title: String,
    pub(in super::super) unit: Option<Uuid>,
}

/// Whether a place has several posts of a kind side by side.
pub(super) fn is_several(kind: PostKind) -> bool {
    match kind {
        PostKind::CityLeader
        | PostKind::CityOffice
        | PostKind::StreetDeputy
        | PostKind::StreetDispatcher
        | PostKind::StreetChecker
        | PostKind::CommunityWorker
        | PostKind::DepartmentClerk => true,
        PostKind::StreetSecretary
        | PostKind::CommunitySecretary
        | PostKind::GridChief
        | PostKind::GridSecretary
        | PostKind::BuildingChief
        | PostKind::BuildingLeader
        | PostKind::UnitChief
        | PostKind::UnitHousehold
        | PostKind::DepartmentHead
        | PostKind::SystemAdmin
        | PostKind::SecurityAdmin
        | PostKind::AuditAdmin => false,
    }
}

/// What a post of a kind is usually called.
pub(super) fn usual_title(kind: PostKind, level: Option<Level>) -> &'static str {
    let usual = level.and_then(|level| {
        let found = posts_of(level).iter().find(|(k, _)| *k == kind);
        found.map(|(_, title)| *title)
    });
    if kind == PostKind::CityOffice {
        return "市治理办工作人员";
    }
    usual.unwrap_or_else(|| kind_label(kind))
}

/// What a row asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub(super) line: u32,
    pub(super) person: Uuid,
    pub(super) unit: Option<Uuid>,
    pub(super) kind: PostKind,
    /// Empty: whatever it is called.
    pub(super) title: &'a str,
    pub(super) usual: &'static str,
}

/// Which post it is.
#[derive(Clone, Debug)]
pub(super) enum Choice<'a> {
    /// The person holds it, or will.
    Held(&'a Seat, &'a Term),
    /// It is there, vacant or to be taken over.
    Kept(&'a Seat),
    /// It is to be set up: the place in the plan.
    Fresh(usize),
    /// It cannot be told, for this reason.
    Unclear(String),
}

/// The posts there are, and those that rows have taken.
pub(super) struct Seats<'a> {
    seats: HashMap<(Option<Uuid>, PostKind), Vec<&'a Seat>>,
    taken: HashMap<Uuid, u32>,
    pub(super) fresh: Vec<(Fresh, u32)>,
    today: NaiveDate,
}

impl<'a> Seats<'a> {
    pub(super) fn of(all: &'a [Seat], today: NaiveDate) -> Self {
        let mut seats: HashMap<_, Vec<&Seat>> = HashMap::new();
        for seat in all {
            seats.entry((seat.unit, seat.kind)).or_default().push(seat);
        }
        Self {
            seats,
            taken: HashMap::new(),
            fresh: Vec::new(),
            today,
        }
    }

    /// The posts meant by kind, and by title where that tells them apart.
    fn meant(&self, wish: &Wish<'_>) -> Vec<&'a Seat> {
        let all = self
            .seats
            .get(&(wish.unit, wish.kind))
            .map_or(&[][..], Vec::as_slice);
        let titled: Vec<&Seat> = all
            .iter()
            .copied()
            .filter(|s| s.title == wish.title)
            .collect();
        if !titled.is_empty() {
            titled
        } else if wish.title.is_empty() || !is_several(wish.kind) {
            all.to_vec()
        } else {
            Vec::new()
        }
    }

    /// The post that the person of a row holds already; it is kept from the other rows.
    pub(super) fn held(&mut self, wish: &Wish<'_>) -> Option<Choice<'a>> {
        let meant = self.meant(wish);
        let (seat, term) = meant.into_iter().find_map(|seat| {
            let term = seat.live(self.today).find(|t| t.person == wish.person)?;
            (!self.taken.contains_key(&seat.id)).then_some((seat, term))
        })?;
        self.taken.insert(seat.id, wish.line);
        Some(Choice::Held(seat, term))
    }

    /// Another post for a row; it is kept from the other rows.
    pub(super) fn choose(&mut self, wish: &Wish<'_>) -> Choice<'a> {
        let meant = self.meant(wish);
        let today = self.today;
        let free = |seat: &&&Seat| seat.live(today).next().is_none();
        let untaken = meant
            .iter()
            .filter(|seat| !self.taken.contains_key(&seat.id));
        if let Some(seat) = untaken.clone().find(|seat| free(seat)) {
            self.taken.insert(seat.id, wish.line);
            return Choice::Kept(seat);
        }
        if is_several(wish.kind) {
            return self.set_up(wish);
        }
        match (meant.as_slice(), untaken.copied().next()) {
            ([], _) => {
                let before = self
                    .fresh
                    .iter()
                    .find(|(f, _)| f.unit == wish.unit && f.kind == wish.kind);
                match before {
                    Some((_, line)) => Choice::Unclear(taken_by(wish.kind, *line)),
                    None => self.set_up(wish),
                }
            }
            ([only], Some(_)) => {
                self.taken.insert(only.id, wish.line);
                Choice::Kept(only)
            }
            (several, Some(_)) => Choice::Unclear(format!(
                "这里有 {} 个{}职务，请在“职务名称”里写明是哪一个。",
                several.len(),
                kind_label(wish.kind)
            )),
            (all, None) => {
                let line = all
                    .iter()
                    .find_map(|seat| self.taken.get(&seat.id))
                    .copied();
                Choice::Unclear(taken_by(wish.kind, line.unwrap_or_default()))
            }
        }
    }

    /// Gives back what a row had taken that is refused after all.
    pub(super) fn release(&mut self, line: u32) {
        self.taken.retain(|_, taken| *taken != line);
        if self.fresh.last().is_some_and(|(_, by)| *by == line) {
            self.fresh.pop();
        }
    }

    fn set_up(&mut self, wish: &Wish<'_>) -> Choice<'a> {
        let title = if wish.title.is_empty() {
            wish.usual
        } else {
            wish.title
        };
        let fresh = Fresh {
            kind: wish.kind,
            title: title.to_owned(),
            unit: wish.unit,
        };
        self.fresh.push((fresh, wish.line));
        Choice::Fresh(self.fresh.len() - 1)
    }
}

fn taken_by(kind: PostKind, line: u32) -> String {
    format!(
        "第 {line} 行已写了这个单位的{}，一个单位只有一人。请核对。",
        kind_label(kind)
    )
}

/// The kinds among which administrators hold nothing else: whether a person may not have both.
pub(super) fn clash(one: PostKind, other: PostKind) -> bool {
    one != other && (one.is_admin() || other.is_admin())
}
