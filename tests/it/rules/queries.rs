//! The checked queries, read from the cache that the program is built from.

use crate::harness::{Sql, files_below};

use super::migrations::FORBIDDEN;

#[tokio::test]
async fn every_query_on_a_tenant_table_names_the_tenant() {
    let tables = Sql::owner()
        .await
        .column(
            "select table_name::text from information_schema.columns
              where table_schema = 'public' and column_name = 'tenant_id' and table_name <> 'tenant_hosts'",
        )
        .await;
    let mut nameless = Vec::new();
    for query in checked_queries() {
        let words = words_of(&query);
        let uses = tables
            .iter()
            .filter(|t| words.contains(&t.as_str()))
            .count();
        // A function that takes the tenant names it inside.
        let calls = ["matters_waiting", "whistles_waiting", "requests_waiting"];
        let hands_over = calls.iter().any(|f| query.contains(&format!("{f}($1")));
        if uses > 0 && !words.contains(&"tenant_id") && !hands_over {
            nameless.push(query);
        }
    }
    assert!(
        nameless.is_empty(),
        "Every query on a tenant table names tenant_id; the policy guards but does not route:\n{}",
        nameless.join("\n\n")
    );
}

#[test]
fn checked_queries_keep_the_rules_of_writing() {
    let mut found = Vec::new();
    for query in checked_queries() {
        for (word, reason) in FORBIDDEN {
            if query.contains(word) {
                found.push(format!("{word}: {reason}\n{query}"));
            }
        }
        let head = query.split_whitespace().next().unwrap_or_default();
        if ["set", "begin", "commit", "lock", "listen"].contains(&head) {
            found.push(format!(
                "the transaction is begun and set in base/db.rs alone:\n{query}"
            ));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn set_clauses_leave_the_tenant_out() {
    let found: Vec<String> = checked_queries()
        .into_iter()
        .filter(|query| {
            query.split(" set ").skip(1).any(|clause| {
                let clause = clause.split(" where ").next().unwrap_or_default();
                clause.contains("tenant_id =")
            })
        })
        .collect();
    assert!(
        found.is_empty(),
        "tenant_id is never updated:\n{}",
        found.join("\n")
    );
}

/// The texts, in lower case, one line each.
fn checked_queries() -> Vec<String> {
    let cached = files_below(".sqlx", &["json"]);
    let queries = cached.iter().map(|file| {
        let cached: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        let text = cached["query"]
            .as_str()
            .expect("a cached query has its text");
        without_comments(text)
            .to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    });
    queries.collect()
}

/// A word in a comment names nothing.
fn without_comments(text: &str) -> String {
    let mut pieces = text.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |all, piece| match piece.split_once("*/") {
        Some((_, after)) => all + after,
        None => all,
    })
}

fn words_of(query: &str) -> Vec<&str> {
    query
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .collect()
}
