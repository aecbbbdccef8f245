//! What must not stand in a pack: names of persons, telephone numbers. Officials are named by where
//! they sit.

use std::collections::HashMap;

use crate::base::words::masked_name;

/// Figures in a row that make a number of a person.
const LONG: usize = 7;
/// The same with gaps: `138-0000-1234`. A day with a time has fewer figures.
const GAPPED: usize = 11;

/// The names that are masked, by their first character.
#[derive(Clone, Debug, Default)]
pub(crate) struct Masks(HashMap<char, Vec<String>>);

impl Masks {
    /// Masks these names wherever they stand.
    pub(crate) fn of(names: &[String]) -> Self {
        let mut by_first: HashMap<char, Vec<String>> = HashMap::new();
        for name in names.iter().filter(|n| n.chars().count() >= 2) {
            if let Some(first) = name.chars().next() {
                by_first.entry(first).or_default().push(name.clone());
            }
        }
        for names in by_first.values_mut() {
            names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        Self(by_first)
    }

    /// The text without names and without long numbers.
    pub(crate) fn over(&self, text: &str) -> String {
        without_numbers(&self.without_names(text))
    }

    fn without_names(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let names = self.0.get(&first).into_iter().flatten();
            let name = names.into_iter().find(|n| rest.starts_with(n.as_str()));
            let taken = if let Some(name) = name {
                out.push_str(&masked_name(name));
                name.len()
            } else {
                out.push(first);
                first.len_utf8()
            };
            rest = &rest[taken..];
        }
        out
    }
}

fn without_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let (end, figures, solid) = number(&chars[at..]);
        // The number of a case begins with letters.
        let in_a_word = at > 0 && chars[at - 1].is_ascii_alphanumeric();
        if figures == 0 || in_a_word {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        if solid >= LONG || figures >= GAPPED {
            out.push_str("****");
        } else {
            out.extend(&chars[at..at + end]);
        }
        at += end;
    }
    out
}

/// How far a number with single gaps reaches, how many figures it has, and the longest run of them.
fn number(chars: &[char]) -> (usize, usize, usize) {
    let (mut end, mut figures, mut run, mut solid) = (0, 0, 0, 0);
    for (index, c) in chars.iter().enumerate() {
        let gap = matches!(c, '-' | ' ') && chars.get(index + 1).is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() {
            (end, figures, run) = (index + 1, figures + 1, run + 1);
            solid = solid.max(run);
        } else if gap && figures > 0 {
            run = 0;
        } else {
            break;
        }
    }
    (end, figures, solid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_of_persons_are_masked() {
        let masks = Masks::of(&["姜涛".to_owned(), "姜涛涛".to_owned(), "王".to_owned()]);
        for (text, shown) in [
            ("姜涛到场。", "姜*到场。"),
            ("姜涛涛、王师傅", "姜*、王师傅"),
            ("电话13812345678。", "电话****。"),
            ("0436-5220000", "****"),
            ("138-1234-5678 找他", "**** 找他"),
            ("138 1234 5678", "****"),
            ("DA20261123R001 已办结", "DA20261123R001 已办结"),
            ("2026-11-23 14:05 集合", "2026-11-23 14:05 集合"),
            ("2026-07-01、128 户、86.5 万", "2026-07-01、128 户、86.5 万"),
        ] {
            assert_eq!(masks.over(text), shown, "{text}");
        }
    }
}
