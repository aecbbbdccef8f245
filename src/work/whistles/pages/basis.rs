//! What the duty list proposes for the matters that a draft stands on.

use super::draft::{ASSISTS, DraftForm};
use crate::org::DepartmentId;
use crate::work::MatterId;
use crate::work::duties::Proposal;
use crate::work::matters::Candidate;

/// The items that fit, and the one the draft cites.
#[derive(Debug)]
pub(super) struct Proposed {
    pub(super) fits: Vec<Proposal>,
    at: usize,
    /// Whether there is anything to look up.
    pub(super) asked: bool,
}

impl Proposed {
    /// The items, with the one cited: the one chosen in the form; where the lead is named by
    /// another that fits, that one; the best fit if there is neither.
    pub(super) fn of(fits: Vec<Proposal>, asked: bool, chosen: &str, lead: &str) -> Self {
        let at = fits.iter().position(|p| p.id.to_string() == chosen);
        let leads = |p: &Proposal| p.lead_id.to_string() == lead;
        let named = fits.iter().position(leads);
        let kept = at.filter(|at| lead.is_empty() || leads(&fits[*at]));
        Self {
            at: kept.or(named).or(at).unwrap_or(0),
            fits,
            asked,
        }
    }

    /// The item that the draft cites.
    pub(super) fn cited(&self) -> Option<&Proposal> {
        self.fits.get(self.at)
    }

    /// Whether the draft cites this one.
    pub(super) fn cites(&self, proposal: &Proposal) -> bool {
        self.cited().is_some_and(|c| c.id == proposal.id)
    }

    /// On what naming this department in a row stands.
    pub(super) fn stands_on(&self, row: usize, typed: &str) -> String {
        let Ok(department) = typed.parse::<DepartmentId>() else {
            return String::new();
        };
        let named = self.cited().filter(|p| {
            if row == 0 {
                p.lead_id == department
            } else {
                p.names(department)
            }
        });
        named.map_or_else(|| "自选".to_owned(), |p| format!("第 {} 项", p.number))
    }
}

/// The classes of the matters chosen.
pub(super) fn classes<'a>(
    candidates: &[Candidate],
    chosen: impl Fn(MatterId) -> bool + 'a,
) -> Vec<String> {
    let chosen = candidates.iter().filter(|c| chosen(c.id));
    let mut classes: Vec<String> = chosen.map(|c| c.class_code.clone()).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Puts the proposed departments into the form. What was already written for one of them stays,
/// and so does whoever else was named, to assist.
pub(super) fn fill(form: &mut DraftForm, proposal: &Proposal) {
    let typed: Vec<(String, String)> = form
        .department
        .iter()
        .enumerate()
        .map(|(row, d)| (d.clone(), form.ask.get(row).cloned().unwrap_or_default()))
        .filter(|(department, ask)| !department.is_empty() || !ask.is_empty())
        .collect();
    let asked = |id: &str| typed.iter().find(|(d, _)| d == id).map(|(_, a)| a.clone());
    let lead = proposal.lead_id.to_string();
    // A lead whose department is still open has perhaps its task already.
    let begun = typed.first().filter(|(d, _)| d.is_empty()).cloned();
    let ask = asked(&lead).or(begun.map(|(_, ask)| ask));
    let mut rows = vec![(lead, ask.unwrap_or_default())];
    for assist in &proposal.assists {
        let id = assist.department_id.to_string();
        let ask = asked(&id).filter(|a| !a.is_empty());
        rows.push((id, ask.unwrap_or_else(|| assist.ask.clone())));
    }
    for (department, ask) in typed {
        if !department.is_empty() && !rows.iter().any(|(d, _)| *d == department) {
            rows.push((department, ask));
        }
    }
    rows.truncate(ASSISTS + 1);
    (form.department, form.ask) = rows.into_iter().unzip();
}
