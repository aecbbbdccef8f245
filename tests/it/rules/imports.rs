//! Imports look down, each kind of file keeps to its kind.

use crate::harness::{Source, files_below};

/// What stands on what: a folder may use its own tier and those before it.
const TIERS: [&str; 4] = ["base", "org", "work", "across"];
/// What joins everything; only these may use one another, and nothing else may use them.
const TOP: [&str; 7] = ["app", "cli", "config", "jobs", "lib", "main", "router"];

/// Where a file stands: `org/access/gate.rs` is tier `org`, area `access`, kind `gate`.
struct Place<'a> {
    tier: &'a str,
    area: &'a str,
    kind: &'a str,
    below: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Self {
        let below = path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut parts = below.split('/');
        let mut next = || parts.next().unwrap_or_default();
        let (tier, area, kind) = (next(), next(), next());
        Self {
            tier,
            area,
            kind,
            below,
        }
    }

    fn height(&self) -> usize {
        TIERS
            .iter()
            .position(|t| *t == self.tier)
            .unwrap_or(TIERS.len())
    }

    fn is_queries(&self) -> bool {
        self.below.split('/').any(|name| name.ends_with("queries"))
    }

    fn is(&self, kind: &str) -> bool {
        self.kind == kind || self.area == kind
    }
}

#[test]
fn imports_look_down() {
    let mut wrong = Vec::new();
    for file in files_below("src", &["rs"]) {
        let from = Place::of(&file.path);
        let top = TOP.contains(&from.tier);
        for path in paths_used(&file) {
            let target = path[0].as_str();
            let rises = match TIERS.iter().position(|t| *t == target) {
                Some(height) => height > from.height() && !top,
                None => from.tier != target && !top,
            };
            let from_sample_across = from.tier == "sample" && target == "across";
            if rises || from_sample_across {
                wrong.push(format!("{} uses crate::{}", file.path, path.join("::")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "Imports look only down: base ← org ← work ← across ← router, jobs, app, cli, config, main; \
         sample uses base, org and work; nobody but these uses router, jobs, app, cli or config:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn siblings_see_only_what_a_neighbour_offers() {
    let files = files_below("src", &["rs"]);
    let is_inner = |tier: &str, area: &str, name: &str| {
        let file = format!("src/{tier}/{area}/{name}.rs");
        let folder = format!("src/{tier}/{area}/{name}/");
        files
            .iter()
            .any(|f| f.path == file || f.path.starts_with(&folder))
    };
    let mut wrong = Vec::new();
    for file in &files {
        let from = Place::of(&file.path);
        for path in paths_used(file) {
            let [tier, area, name, ..] = path.as_slice() else {
                continue;
            };
            let own = from.tier == tier && from.area == area;
            if !own && is_inner(tier, area, name) {
                wrong.push(format!("{} uses crate::{}", file.path, path.join("::")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "An area is used through what its mod.rs offers, never through its inner files:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn inside_an_area_each_file_uses_only_what_stands_before_it() {
    const ORDER: [&str; 4] = ["model", "queries", "actions", "pages"];
    let mut wrong = Vec::new();
    for file in files_below("src", &["rs"]) {
        let from = Place::of(&file.path);
        let Some(height) = ORDER.iter().position(|kind| from.kind == *kind) else {
            continue;
        };
        for path in paths_used(&file) {
            let own = path.len() > 2 && path[0] == from.tier && path[1] == from.area;
            if own && ORDER[height + 1..].contains(&path[2].as_str()) {
                wrong.push(format!("{} uses {}", file.path, path[2]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "Inside an area: model ← queries ← actions ← pages:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_model_is_pure() {
    let forbidden = [
        ".await",
        "async fn",
        "sqlx::query",
        "axum",
        "PgConnection",
        "Tx",
    ];
    assert_without(
        "A model knows no await, no SQL, no HTTP",
        &forbidden,
        |place| !place.is("model"),
    );
}

#[test]
fn sql_stands_in_queries_only() {
    // The role's password and `analyze` are the owner's business and belong to no area.
    let excepted = ["base/db.rs", "cli/mod.rs", "base/embedded"];
    let forbidden = [
        "sqlx::query",
        "query!(",
        "query_as!(",
        "query_scalar!(",
        "raw_sql",
    ];
    let found = found_in(&forbidden, |place, path| {
        place.is_queries()
            || excepted
                .iter()
                .any(|e| path.starts_with(&format!("src/{e}")))
    });
    assert!(
        found.is_empty(),
        "SQL stands in queries.rs (or below queries/), as checked macros:\n{}",
        found.join("\n")
    );
}

#[test]
fn http_stands_in_pages_only() {
    assert_without(
        "model, queries and actions know no axum",
        &["axum"],
        |place| !place.is("model") && !place.is("actions") && !place.is_queries(),
    );
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let found = found_in(&["env::var", "env::args"], |_, path| {
        path == "src/config.rs"
    });
    assert!(
        found.is_empty(),
        "Only config.rs reads the environment:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_reader_of_sources_reads_paths() {
    let file = Source {
        path: "src/work/matters/pages.rs".to_owned(),
        text: "use super::queries::{self, Row};\n// use crate::across::desk;\n\
               use crate::org::{access::{Viewer, Visit}, MatterId}; let s = \"crate::cli\";"
            .to_owned(),
    };
    let paths: Vec<String> = paths_used(&file).iter().map(|p| p.join("::")).collect();
    assert_eq!(
        paths,
        [
            "org::access::Viewer",
            "org::access::Visit",
            "org::MatterId",
            "work::matters::queries::self",
            "work::matters::queries::Row"
        ]
    );
}

fn assert_without(rule: &str, forbidden: &[&str], is_free: impl Fn(&Place<'_>) -> bool) {
    let found = found_in(forbidden, |place, _| is_free(place));
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

/// Where forbidden words stand, outside the files that are free to use them.
fn found_in(forbidden: &[&str], is_free: impl Fn(&Place<'_>, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files_below("src", &["rs"]) {
        if is_free(&Place::of(&file.path), &file.path) {
            continue;
        }
        for (number, line) in file.code().lines().enumerate() {
            for word in forbidden {
                if holds_word(line, word) {
                    found.push(format!("{}:{}: {word}", file.path, number + 1));
                }
            }
        }
    }
    found
}

/// Whether the line holds the word, not as a part of a longer one.
fn holds_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part);
        let after = line[at + word.len()..].chars().next().is_some_and(part);
        let whole_before = !before || !word.starts_with(part);
        // `sqlx::query` stands for its whole family.
        let whole_after = !after || !word.ends_with(part) || word.contains("::");
        whole_before && whole_after
    })
}

/// Every path into the crate that a file names, `super` and groups resolved.
fn paths_used(file: &Source) -> Vec<Vec<String>> {
    let code = file.code();
    let below = file.path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut home: Vec<&str> = below.split('/').collect();
    if home.last() == Some(&"mod") {
        home.pop();
    }
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || "_$".contains(c)) {
            continue;
        }
        expand(&code[at + "crate::".len()..], Vec::new(), &mut paths);
    }
    for (at, _) in code.match_indices("super::") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let mut rest = &code[at..];
        let mut above = home.clone();
        while let Some(further) = rest.strip_prefix("super::") {
            above.pop();
            rest = further;
        }
        if !above.is_empty() {
            let above = above.iter().map(|s| (*s).to_owned()).collect();
            expand(rest, above, &mut paths);
        }
    }
    paths.retain(|path| path.len() > 1);
    paths
}

/// Reads one path or one group of paths; answers what follows.
fn expand<'a>(code: &'a str, so_far: Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        loop {
            rest = expand(rest, so_far.clone(), paths).trim_start();
            match rest.strip_prefix(',') {
                Some(further) if !further.trim_start().starts_with('}') => rest = further,
                Some(further) => return further.trim_start().trim_start_matches('}'),
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let end = code
        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*')
        .unwrap_or(code.len());
    let (name, rest) = code.split_at(end);
    let mut path = so_far;
    path.push(name.to_owned());
    match rest.strip_prefix("::") {
        Some(further) if !further.starts_with('<') => expand(further, path, paths),
        _ => {
            paths.push(path);
            rest
        }
    }
}
