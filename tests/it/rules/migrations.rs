//! The migrations: what their texts keep to, and that they apply.

use sqlx::migrate::Migrator;
use street_whistle::MIGRATIONS;

use crate::harness::{Sql, Town, another_database, files_below};

/// Words that no migration and no query uses, each with the reason.
pub(super) const FORBIDDEN: [(&str, &str); 12] = [
    (
        "set_config('app.",
        "the tenant is set by a literal `set local`, which reaches every worker",
    ),
    ("gen_random_uuid", "ids come from the program"),
    ("uuid_generate", "ids come from the program"),
    ("clock_timestamp", "times come from the program"),
    ("now()", "times come from the program"),
    ("current_timestamp", "times come from the program"),
    ("merge into", "refused under row-level security"),
    ("pg_notify", "heard only on a worker"),
    ("set session", "settings of a session do not travel"),
    ("on delete set", "a key never loses its tenant"),
    ("serial ", "a sequence gives no ids"),
    ("rename constraint", "shards keep the old name"),
];

#[test]
fn migrations_are_numbered_in_order_and_begin_with_a_reason() {
    let files = files_below("migrations", &["sql"]);
    assert!(files.len() >= 10);
    let mut last = 0;
    for file in &files {
        let name = file.path.trim_start_matches("migrations/");
        let (number, subject) = name.split_once('_').expect("NNNN_subject.sql");
        assert!(number.len() == 4, "{name}: a migration is NNNN_subject.sql");
        let number: u32 = number.parse().expect("a migration begins with its number");
        assert!(number > last, "{name}: numbers ascend");
        last = number;
        let plain = subject.trim_end_matches(".sql").chars();
        assert!(
            plain.clone().all(|c| c.is_ascii_lowercase() || c == '_'),
            "{name}"
        );
        assert!(
            file.text.starts_with("-- "),
            "{name}: a migration opens with a comment on why"
        );
    }
}

#[test]
fn migrations_keep_the_rules_of_writing() {
    let mut found = Vec::new();
    for file in files_below("migrations", &["sql"]) {
        for (number, line) in file.text.lines().enumerate() {
            let line = line.split("--").next().unwrap_or_default().to_lowercase();
            for (word, reason) in FORBIDDEN {
                if line.contains(word) {
                    found.push(format!("{}:{}: {word}: {reason}", file.path, number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_tenant_table_is_made_whole() {
    let mut open = Vec::new();
    for file in files_below("migrations", &["sql"]) {
        for (at, _) in file.text.match_indices("create table ") {
            let name = file.text[at + 13..].split_whitespace().next().unwrap();
            // The queue is neither: it stays on the coordinator.
            let closes = name == "jobs"
                || ["make_tenant_table", "make_reference_table"]
                    .iter()
                    .any(|f| file.text[at..].contains(&format!("select {f}('{name}')")));
            if !closes {
                open.push(format!("{}: {name}", file.path));
            }
        }
    }
    assert!(
        open.is_empty(),
        "A migration that makes a table ends with make_tenant_table or make_reference_table:\n{}",
        open.join("\n")
    );
}

/// After which migration the tables hold rows: the chain with its people, then a whistle.
const FILLED: [(i64, &str); 2] = [(30, "a town"), (130, "a whistle")];

#[tokio::test]
async fn each_migration_applies_over_the_data_of_the_one_before_and_again_over_all() {
    let town = Town::raise().await;
    let rows = [town.founding.clone(), town.case_by_hand().1];
    let mut sql = Sql::connect(another_database().await).await;
    for count in 1..=MIGRATIONS.iter().count() {
        let first: Vec<_> = MIGRATIONS.iter().take(count).cloned().collect();
        let version = first.last().unwrap().version;
        let migrator = Migrator::with_migrations(first);
        let applied = migrator.run(&mut sql.0).await;
        applied.unwrap_or_else(|error| panic!("migration {version}: {error}"));
        for ((_, what), statements) in FILLED
            .iter()
            .zip(&rows)
            .filter(|((at, _), _)| *at == version)
        {
            let filled = sql.run(statements).await;
            filled.unwrap_or_else(|error| panic!("{what} after migration {version}: {error}"));
        }
    }
    let everything = "select (select count(*) from nodes) + (select count(*) from whistles)
                           + (select count(*) from assignment_steps)";
    assert_eq!(sql.number(everything).await, 18, "the rows are there still");
    MIGRATIONS
        .run(&mut sql.0)
        .await
        .expect("nothing is left to apply");
    assert_eq!(sql.number(everything).await, 18);
    sql.close().await;
}
