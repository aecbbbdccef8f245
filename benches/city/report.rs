//! What came out: the table for people, JSON for machines.

use anyhow::Result;
use serde::Serialize;

use super::cycle::{FILING, LIVES, Rate};
use super::goals::{self, mark};
use super::machine::Machine;
use super::pages::Measured;
use super::program::Memory;

/// Everything that was measured at one size.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Run {
    /// How many matters there were.
    pub(crate) size: i64,
    /// Milliseconds from the program's start to its first answer.
    pub(crate) started: u64,
    /// Durable rows per second by pgbench.
    pub(crate) commits: f64,
    pub(crate) pages: Vec<Measured>,
    pub(crate) filing: Option<Rate>,
    pub(crate) cycles: Option<Rate>,
    pub(crate) memory: Memory,
    /// What could not be measured, and why.
    pub(crate) failures: Vec<String>,
}

impl Run {
    /// Notes what could not be measured; the rest goes on.
    pub(crate) fn fails(&mut self, name: &str, error: &anyhow::Error) {
        super::say(&format!("{} 件：{name} 没有测成：{error:#}", self.size));
        self.failures.push(format!("{name}：{error}"));
    }

    pub(crate) fn of(size: i64, started: u64) -> Self {
        Self {
            size,
            started,
            commits: 0.0,
            pages: Vec::new(),
            filing: None,
            cycles: None,
            memory: Memory::default(),
            failures: Vec::new(),
        }
    }
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    machine: Machine,
    database: Vec<(String, String)>,
    runs: Vec<Run>,
}

impl Report {
    pub(crate) fn on(machine: &Machine, database: &[(String, String)]) -> Self {
        Self {
            machine: machine.clone(),
            database: database.to_vec(),
            runs: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, run: Run) {
        self.runs.push(run);
    }

    pub(crate) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Prints it as Markdown, which is read as it stands and goes into docs/bench.md as it is.
    #[expect(
        clippy::print_stdout,
        reason = "the report is the answer of the command"
    )]
    pub(crate) fn print(&self, seconds: u64) {
        let mut lines = self.about(seconds);
        for run in &self.runs {
            lines.extend(run.lines());
        }
        lines.extend(self.growth());
        println!("{}", lines.join("\n"));
    }

    fn about(&self, seconds: u64) -> Vec<String> {
        let Machine {
            processor,
            cores,
            memory,
            load,
        } = &self.machine;
        let settings: Vec<String> = self
            .database
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        vec![
            format!("- 机器：{processor}，{cores} 核，{memory} MiB；开始前一分钟负载 {load}"),
            format!("- PostgreSQL：{}", settings.join("，")),
            format!("- 并发 {}，每项 {seconds} 秒", super::people::CONCURRENCY),
        ]
    }

    /// How much longer everything takes at the largest size than at the smallest.
    fn growth(&self) -> Vec<String> {
        let (Some(least), Some(most)) = (self.runs.first(), self.runs.last()) else {
            return Vec::new();
        };
        if least.size == most.size {
            return Vec::new();
        }
        let mut lines = vec![
            String::new(),
            format!("## 从 {} 件到 {} 件", least.size, most.size),
            String::new(),
            "| | 每秒 | 增长 | 目标 | |".to_owned(),
            "|---|--:|--:|--:|---|".to_owned(),
        ];
        let mut line = |name: &str, (before, now): (f64, f64), goal: f64| {
            let growth = before / now;
            let kept = mark(growth <= goal);
            lines.push(format!(
                "| {name} | {before:.0} → {now:.0} | {growth:.2} × | ≤ {goal} × | {kept} |"
            ));
        };
        for now in &most.pages {
            if let Some(before) = least.pages.iter().find(|before| before.name == now.name) {
                line(now.name, (before.rate, now.rate), now.class.growth());
            }
        }
        let pairs = [
            (FILING, &least.filing, &most.filing),
            (LIVES, &least.cycles, &most.cycles),
        ];
        for (name, before, now) in pairs {
            if let (Some(before), Some(now)) = (before, now) {
                line(name, (before.rate, now.rate), goals::CYCLES_GROWTH);
            }
        }
        lines
    }
}

impl Run {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            String::new(),
            format!("## {} 件事项", self.size),
            String::new(),
            "| 页面 | 每秒 | p50 ms | p99 ms | 语句 | 首次 KB | | 再看 KB | | pgbench | 比 | 目标 | |".to_owned(),
            "|---|--:|--:|--:|--:|--:|---|--:|---|--:|--:|--:|---|".to_owned(),
        ];
        lines.extend(self.pages.iter().map(Measured::row));
        lines.push(String::new());
        lines.push("| | 每秒 | p50 ms | p99 ms | 目标 | |".to_owned());
        lines.push("|---|--:|--:|--:|--:|---|".to_owned());
        if let Some(Rate { rate, p50, p99, .. }) = &self.filing {
            lines.push(format!(
                "| {FILING} | {rate:.0} | {p50:.1} | {p99:.1} | | |"
            ));
        }
        if let Some(Rate { rate, p50, p99, .. }) = &self.cycles {
            let kept = mark(*rate >= goals::CYCLES);
            lines.push(format!(
                "| {LIVES}（十一步） | {rate:.1} | {p50:.1} | {p99:.1} | ≥ {} | {kept} |",
                goals::CYCLES
            ));
        }
        lines.push(format!(
            "| pgbench：一行一提交 | {:.0} | | | | |",
            self.commits
        ));
        lines.push(String::new());
        if let Some(cycles) = &self.cycles {
            let steps: Vec<String> = cycles
                .steps
                .iter()
                .map(|(name, time)| format!("{name} {time:.1}"))
                .collect();
            lines.push(format!("- 各步 p50 ms：{}", steps.join("，")));
        }
        let Self {
            memory, started, ..
        } = self;
        let kept = mark(memory.most <= goals::MEMORY);
        let goal = goals::MEMORY;
        lines.push(format!(
            "- 内存：最多 {} MiB，测后 {} MiB，目标 ≤ {goal} MiB {kept}",
            memory.most, memory.now
        ));
        lines.push(format!("- 启动到第一次应答：{started} ms"));
        lines.extend(
            self.failures
                .iter()
                .map(|failure| format!("- 没有测成 ✗ {failure}")),
        );
        lines
    }
}

impl Measured {
    fn row(&self) -> String {
        let Self {
            name,
            rate,
            p50,
            p99,
            statements,
            first_bytes,
            next_bytes,
            pgbench,
            ..
        } = self;
        let (ratio, goal) = (self.ratio(), self.class.ratio());
        let first = mark(*first_bytes <= goals::FIRST_BYTES);
        let next = mark(*next_bytes <= goals::NEXT_BYTES);
        let kept = mark(ratio >= goal);
        format!(
            "| {name} | {rate:.0} | {p50:.1} | {p99:.1} | {statements} | {} | {first} | {} | {next} | {pgbench:.0} | {ratio:.2} \
             | ≥ {goal} | {kept} |",
            kilobytes(*first_bytes),
            kilobytes(*next_bytes)
        )
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}
