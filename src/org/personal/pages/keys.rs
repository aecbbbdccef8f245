//! The keys: which there are, how much is sealed under each, and which can go.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};

use super::super::queries::{self, Count};
use crate::base::error::Result;
use crate::base::seal::Keys;
use crate::base::web::Page;
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

/// A key with what stands under it.
struct Line {
    name: String,
    /// Whether the key file has it.
    is_held: bool,
    is_first: bool,
    personal: i64,
    cadre: i64,
    factors: i64,
    /// Originals of photos that were blackened.
    photos: i64,
    /// What is never sealed anew: uploads that wait to be confirmed, for three days.
    kept: i64,
}

impl Line {
    /// What is sealed anew, portion by portion.
    fn all(&self) -> i64 {
        self.personal + self.cadre + self.factors + self.photos
    }

    fn stands(&self) -> &'static str {
        match (self.is_held, self.is_first, self.all()) {
            (false, _, _) => "密钥文件里没有，内容打不开",
            (true, true, _) => "现用",
            (true, false, 0) if self.kept > 0 => "待确认的导入还在用，三天内清空",
            (true, false, 0) => "本市不再使用",
            (true, false, _) => "正在换到现用密钥",
        }
    }
}

#[derive(Template)]
#[template(path = "personal/keys.html")]
struct KeysPage {
    chrome: Chrome,
    lines: Vec<Line>,
    /// Whether there is no key at all.
    is_bare: bool,
    fault: Option<String>,
    now: DateTime<Utc>,
}

impl KeysPage {
    /// How much is still under an older key.
    fn left(&self) -> i64 {
        let older = self.lines.iter().filter(|l| !l.is_first);
        older.map(Line::all).sum()
    }

    fn is_lost(&self) -> bool {
        self.lines.iter().any(|l| !l.is_held)
    }
}

/// The keys in the order of the file, then those that something is sealed under and the file lacks.
fn lines(names: &[String], counts: &[Count]) -> Vec<Line> {
    let lost = counts.iter().map(|c| &c.key_name);
    let mut all: Vec<&String> = names.iter().collect();
    for name in lost {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let amount = |name: &str, kind: &str| {
        let of = counts
            .iter()
            .filter(|c| c.key_name == name && c.kind == kind);
        of.map(|c| c.amount).sum()
    };
    all.into_iter()
        .map(|name| Line {
            is_held: names.contains(name),
            is_first: names.first() == Some(name),
            personal: amount(name, "personal"),
            cadre: amount(name, "cadre"),
            factors: amount(name, "factor"),
            photos: amount(name, "photo"),
            kept: amount(name, "kept"),
            name: name.clone(),
        })
        .collect()
}

/// The keys of this installation, with what this tenant has sealed under each.
pub(super) async fn show(Extension(keys): Extension<Keys>, mut visit: Visit) -> Result<Response> {
    let counts = queries::counts(&mut visit.tx, visit.me.tenant).await?;
    let page = KeysPage {
        chrome: visit.chrome(Section::Keys),
        is_bare: keys.names().is_empty(),
        lines: lines(&keys.names(), &counts),
        fault: keys.fault(),
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_the_order_of_the_file_and_lost_ones_last() {
        let count = |kind: &str, key_name: &str, amount| Count {
            kind: kind.to_owned(),
            key_name: key_name.to_owned(),
            amount,
        };
        let names = ["new", "old", "photos", "uploads", "idle"].map(str::to_owned);
        let counts = [
            count("cadre", "gone", 2),
            count("personal", "old", 5),
            count("photo", "photos", 3),
            count("kept", "uploads", 4),
        ];
        let lines = lines(&names, &counts);
        let stand: Vec<_> = lines
            .iter()
            .map(|l| (l.name.as_str(), l.all(), l.stands()))
            .collect();
        assert_eq!(
            stand,
            [
                ("new", 0, "现用"),
                ("old", 5, "正在换到现用密钥"),
                ("photos", 3, "正在换到现用密钥"),
                ("uploads", 0, "待确认的导入还在用，三天内清空"),
                ("idle", 0, "本市不再使用"),
                ("gone", 2, "密钥文件里没有，内容打不开"),
            ]
        );
    }
}
