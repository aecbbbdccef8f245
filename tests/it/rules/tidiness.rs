//! What is kept is used: snapshots, the map in lib.rs, the two levels of the templates.

use std::collections::BTreeSet;

use crate::harness::files_below;

#[test]
fn every_snapshot_belongs_to_a_test_and_none_waits_to_be_looked_at() {
    let tests = files_below("tests", &["rs"]);
    for snapshot in files_below("tests", &["snap", "new"]) {
        let file = snapshot.path.rsplit('/').next().unwrap_or_default();
        assert!(
            file.strip_suffix(".new").is_none(),
            "{file}: look at it and keep it or mend the program"
        );
        let name = file
            .trim_end_matches(".snap")
            .rsplit("__")
            .next()
            .unwrap_or_default();
        let named = tests
            .iter()
            .any(|test| test.text.contains(&format!("\"{name}\"")));
        assert!(named, "{file} belongs to no test any more");
    }
}

#[test]
fn the_map_in_lib_names_every_part() {
    let files = files_below("src", &["rs"]);
    let map = &files.iter().find(|f| f.path == "src/lib.rs").unwrap().text;
    let parts: BTreeSet<&str> = files
        .iter()
        .map(|f| f.path.trim_start_matches("src/"))
        .map(|path| path.split(['/', '.']).next().unwrap_or_default())
        .filter(|part| !["lib", "main"].contains(part))
        .collect();
    for part in parts {
        let doc = map.lines().take_while(|line| line.starts_with("//!"));
        let named = doc
            .into_iter()
            .any(|line| line.contains(&format!("[`{part}`]")));
        assert!(named, "src/lib.rs repeats the map and leaves out {part}");
    }
}

#[test]
fn templates_stand_two_levels_deep() {
    for template in files_below("templates", &["html"]) {
        let depth = template.path.matches('/').count();
        assert_eq!(depth, 2, "{}: templates/<area>/<page>", template.path);
    }
}

#[test]
fn lists_leave_by_one_way() {
    let found: Vec<String> = files_below("src", &["rs"])
        .into_iter()
        .filter(|f| f.text.contains("sheet::csv(") && f.path != "src/org/events/pages.rs")
        .map(|f| f.path)
        .collect();
    assert!(
        found.is_empty(),
        "A page hands a list out by events::sheet, which records it: {found:?}"
    );
}
