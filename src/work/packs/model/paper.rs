//! The paper of a pack: one page that opens and prints without this program.

use askama::Template;

use super::facts::Facts;
use super::files::{Scored, scores, upheld};
use super::masks::Masks;
use super::pack::Recipe;
use crate::base::words;

/// Its own styles: a pack is opened where the program's are not.
const CSS: &str = include_str!("../../../../static/css/paper.css");

#[derive(Template)]
#[template(path = "packs/paper.html")]
struct Paper<'a> {
    city: &'a str,
    recipe: &'a Recipe,
    facts: &'a Facts,
    masks: &'a Masks,
    /// How the score came about, and its rows; nothing without a frozen score.
    method: Vec<String>,
    scheme: String,
    total: String,
    scores: Vec<Vec<String>>,
    /// The objections that were upheld.
    upheld: Vec<Vec<String>>,
}

impl Paper<'_> {
    /// The items in which a whistle does not count.
    fn upheld_of<'a>(&'a self, number: &'a str) -> impl Iterator<Item = &'a str> {
        let of = self.upheld.iter().filter(move |row| row[0] == number);
        of.map(|row| row[2].as_str())
    }
}

/// The page.
pub(crate) fn written(
    city: &str,
    recipe: &Recipe,
    facts: &Facts,
    (masks, scored): (&Masks, Option<&Scored<'_>>),
) -> anyhow::Result<String> {
    let explained = |s: &Scored<'_>| s.assessed.explained(s.standing);
    let total = |s: &Scored<'_>| s.standing.score.total.as_ref().map(|t| t.decimal(1));
    let paper = Paper {
        city,
        recipe,
        facts,
        masks,
        method: scored.map(explained).unwrap_or_default(),
        scheme: scored.map(|s| s.assessed.scheme.name()).unwrap_or_default(),
        total: scored.and_then(total).unwrap_or_else(|| "—".to_owned()),
        scores: scored
            .map(|s| scores(&s.standing.score))
            .unwrap_or_default(),
        upheld: scored.map(|s| upheld(s, masks)).unwrap_or_default(),
    };
    let name = recipe.name.replace('&', "&amp;").replace('<', "&lt;");
    let title = format!(
        "{name}{}{}材料",
        recipe.period.title(),
        recipe.purpose.label()
    );
    let body = paper.render()?;
    Ok(format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>\n{CSS}</style></head>\n<body>\n{body}</body></html>\n"
    ))
}
