//! The benchmark: loads a believable city at several sizes and measures pages, filing and whole life
//! cycles, each beside what the database alone can do and beside its goal. Run it with `bin/bench`.
//!
//! It measures time and is therefore no test. Nothing of the program is called for what is measured:
//! the release binary serves over HTTP, on a database of its own with real durability.

#![expect(
    clippy::disallowed_methods,
    reason = "the benchmark stands outside the program: the machine's clock, and a schema of its own"
)]

mod cycle;
mod database;
mod fill;
mod goals;
mod machine;
mod pages;
mod people;
mod program;
mod replay;
mod report;
mod web;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Parser;

use database::Database;
use people::People;
use program::Program;
use report::{Report, Run};

/// Measures a city of several sizes and prints every goal beside what came out.
#[derive(Debug, Parser)]
struct Wish {
    /// How many matters the city has, from the smallest on.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    sizes: Vec<i64>,
    /// Also writes everything that was measured as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// How long each thing is measured, in seconds.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Only what has this in its name.
    #[arg(long)]
    only: Option<String>,
    /// Keeps the database directory and says where it is.
    #[arg(long)]
    keep: bool,
    /// Handed over by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut wish = Wish::parse();
    wish.sizes.sort_unstable();
    wish.sizes.dedup();
    let machine = machine::Machine::look()?;
    let (mut database, keys) = prepare(&machine, wish.keep).await?;
    let mut report = Report::on(&machine, &database.about().await?);
    let mut loaded = 0;
    for size in &wish.sizes {
        let since = Instant::now();
        loaded = fill::grow(&database, loaded, *size).await?;
        say(&format!(
            "{size} 件：装入用时 {} 秒",
            since.elapsed().as_secs()
        ));
        report.add(measure(&wish, &mut database, &keys, *size).await?);
    }
    report.print(wish.seconds);
    if let Some(path) = &wish.json {
        std::fs::write(path, report.json()?).with_context(|| path.display().to_string())?;
    }
    database.stop(wish.keep)
}

/// A database with the sample city in it, and where the keys are that seal its secrets.
async fn prepare(machine: &machine::Machine, keep: bool) -> Result<(Database, PathBuf)> {
    say("正在建立数据库，装入示例城市……");
    let database = Database::start(machine, keep)?;
    let keys = database.dir().join("keys");
    fill::sample(&database, &keys).await?;
    Ok((database, keys))
}

/// Everything that is measured at one size, on a program that was started for it.
async fn measure(
    wish: &Wish,
    database: &mut Database,
    keys: &std::path::Path,
    size: i64,
) -> Result<Run> {
    let seconds = Duration::from_secs(wish.seconds);
    let program = Program::start(database, keys).await?;
    let people = People::of(database, program.base()).await?;
    let mut run = Run::of(size, program.started());
    run.commits = replay::commits(database, seconds)?;
    let things = pages::Things::find(database).await?;
    let wanted = |name: &str| {
        wish.only
            .as_ref()
            .is_none_or(|only| name.contains(only.as_str()))
    };
    for page in pages::all(&things).iter().filter(|page| wanted(page.name)) {
        match pages::measure(page, database, &people, seconds).await {
            Ok(measured) => {
                say(&format!("{size} 件：{}", measured.line()));
                run.pages.push(measured);
            }
            Err(error) => run.fails(page.name, &error),
        }
    }
    if wanted(cycle::FILING) {
        match cycle::filing(database, &people, seconds).await {
            Ok(rate) => run.filing = Some(rate),
            Err(error) => run.fails(cycle::FILING, &error),
        }
    }
    if wanted(cycle::LIVES) {
        match cycle::lives(database, &people, seconds).await {
            Ok(rate) => run.cycles = Some(rate),
            Err(error) => run.fails(cycle::LIVES, &error),
        }
    }
    run.memory = program.memory()?;
    program.stop()?;
    Ok(run)
}

/// What is going on, for the one who waits.
fn say(line: &str) {
    eprintln!("{line}");
}
