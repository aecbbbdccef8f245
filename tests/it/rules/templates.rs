//! Every template is used, and each path a program or template names exists.

use std::collections::BTreeSet;

use crate::harness::files_below;

#[test]
fn every_template_is_reached_from_a_page() {
    let templates = files_below("templates", &["html", "txt"]);
    let names: BTreeSet<&str> = templates
        .iter()
        .map(|t| t.path.trim_start_matches("templates/"))
        .collect();
    let sources = files_below("src", &["rs"]);
    let mut reached: BTreeSet<&str> = sources
        .iter()
        .flat_map(|s| quoted_after(&s.text, "path = \""))
        .filter(|path| path.contains('/') && path.contains('.'))
        .collect();
    let mut grown = 0;
    while grown != reached.len() {
        grown = reached.len();
        for template in &templates {
            if reached.contains(template.path.trim_start_matches("templates/")) {
                // Examples in the comment of a component are no use of it.
                let text = after_opening_comment(&template.text);
                for word in ["extends \"", "include \"", "import \""] {
                    reached.extend(quoted_after(text, word));
                }
            }
        }
    }
    let unused: Vec<_> = names.difference(&reached).collect();
    let missing: Vec<_> = reached.difference(&names).collect();
    assert!(
        unused.is_empty(),
        "These templates are reached from no page: {unused:?}"
    );
    assert!(
        missing.is_empty(),
        "These templates are named but not there: {missing:?}"
    );
}

#[test]
fn templates_have_no_script_and_nothing_from_elsewhere() {
    let mut found = Vec::new();
    for template in files_below("templates", &["html"]) {
        let text = after_opening_comment(&template.text);
        for (number, line) in text.lines().enumerate() {
            for word in [
                "<script",
                " onclick",
                " onchange",
                " style=\"",
                "<style",
                "href=\"http",
                "src=\"http",
                "|safe",
            ] {
                if line.contains(word) {
                    found.push(format!("{}:{}: {word}", template.path, number + 1));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "Pages work without script, without inline style, and load nothing from another host:\n{}",
        found.join("\n")
    );
}

fn after_opening_comment(text: &str) -> &str {
    match text
        .trim_start()
        .strip_prefix("{#")
        .and_then(|rest| rest.split_once("#}"))
    {
        Some((_, after)) => after,
        None => text,
    }
}

fn quoted_after<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(mark).filter_map(move |(at, _)| {
        let rest = &text[at + mark.len()..];
        rest.split_once('"').map(|(quoted, _)| quoted)
    })
}
