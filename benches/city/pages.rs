//! The pages that are looked at, and how one of them is measured.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use sqlx::Row as _;

use super::database::Database;
use super::goals::Class;
use super::people::{CONCURRENCY, People};
use super::replay;
use super::web::Browser;

/// A page to look at.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    login: &'static str,
    path: String,
}

/// What the addresses of some pages name.
#[derive(Debug)]
pub(crate) struct Things {
    matter: String,
    whistle: String,
    /// The key after which a page deep in the list of all matters begins; a small city has none.
    deep: Option<String>,
}

impl Things {
    /// An ordinary matter and an ordinary whistle of the ground of those who look, and a page far back.
    pub(crate) async fn find(database: &Database) -> Result<Self> {
        let mut owner = database.owner().await?;
        let row = sqlx::query(
            "select (select m.id::text from matters m where m.tenant_id = t.id and m.community_code = '220882001003'
                        and m.stage = 'solved' and m.solved_level = 'community' order by m.id desc limit 1) as matter,
                    (select w.id::text from whistles w where w.tenant_id = t.id and w.street_code = '220882001'
                        and w.stage = 'closed' and w.kind = 'routine' order by w.id desc limit 1) as whistle,
                    (select order_key || '.' || id from (select order_key, id from matters m where m.tenant_id = t.id
                       order by order_key, id offset 5000 limit 1) k) as deep
               from bench.tenant t",
        )
        .fetch_one(&mut owner)
        .await?;
        Ok(Self {
            matter: row.get("matter"),
            whistle: row.get("whistle"),
            deep: row.get("deep"),
        })
    }
}

/// Every page; a new one is one line.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn all(things: &Things) -> Vec<Page> {
    use Class::{Case, Desk, Leader, List, Other, Search};
    let Things {
        matter,
        whistle,
        deep,
    } = things;
    let of = |name, class, login, path: &str| Page {
        name,
        class,
        login,
        path: path.to_owned(),
    };
    let far_back = deep.as_ref().map(|deep| {
        let path = format!("/matters?after={deep}&first=5001");
        of("事项列表：第 5001 件起", List, "wangjianguo", &path)
    });
    let pages = vec![
        of("工作台：市领导", Leader, "wangjianguo", "/"),
        of("工作台：街道", Desk, "wangli", "/"),
        of("工作台：社区", Desk, "gaomin", "/"),
        of("工作台：网格", Desk, "songyumei", "/"),
        of("工作台：部门", Desk, "zhaohaifeng", "/"),
        of("工作台：管理员", Desk, "zhoujing", "/"),
        of("事项列表：全市", List, "wangjianguo", "/matters"),
        of("事项列表：街道", List, "wangli", "/matters"),
        of(
            "事项列表：筛选",
            List,
            "wangjianguo",
            "/matters?stage=solved&place=220882001003&solved=grid",
        ),
        of("哨单列表：全市", List, "wangjianguo", "/whistles"),
        of("哨单列表：街道", List, "wangli", "/whistles"),
        of(
            "哨单列表：筛选",
            List,
            "wangjianguo",
            "/whistles?stage=closed&street=220882001",
        ),
        of("事项页", Case, "gaomin", &format!("/matters/{matter}")),
        of("哨单页", Case, "wangli", &format!("/whistles/{whistle}")),
        of(
            "查找事项：雨水口",
            Search,
            "wangjianguo",
            "/matters?q=%E9%9B%A8%E6%B0%B4%E5%8F%A3",
        ),
        of(
            "查找哨单：井盖",
            Search,
            "wangjianguo",
            "/whistles?q=%E4%BA%95%E7%9B%96",
        ),
        of(
            "查找：雨水口",
            Search,
            "wangjianguo",
            "/search?q=%E9%9B%A8%E6%B0%B4%E5%8F%A3",
        ),
        of("查找：拼音", Search, "wangjianguo", "/search?q=wangli"),
        of("数据：全市本年", Other, "wangjianguo", "/figures"),
        of("组织与网格", Other, "wangjianguo", "/chain"),
    ];
    pages.into_iter().chain(far_back).collect()
}

/// What was measured of a page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    /// Pages per second.
    pub(crate) rate: f64,
    /// Milliseconds within which half and all but one of a hundred were answered.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Statements of one page, without beginning and end of the transaction.
    pub(crate) statements: usize,
    /// Compressed bytes with everything the page asks for, and of the page alone.
    pub(crate) first_bytes: usize,
    pub(crate) next_bytes: usize,
    /// The same transactions per second by pgbench.
    pub(crate) pgbench: f64,
}

impl Measured {
    /// Pages for each transaction of pgbench.
    pub(crate) fn ratio(&self) -> f64 {
        self.rate / self.pgbench
    }

    /// A line for the one who waits.
    pub(crate) fn line(&self) -> String {
        format!(
            "{} 每秒 {:.0} 页，p50 {:.1} ms，p99 {:.1} ms，{} 句，{} 字节，pgbench {:.0}，比 {:.2}",
            self.name,
            self.rate,
            self.p50,
            self.p99,
            self.statements,
            self.next_bytes,
            self.pgbench,
            self.ratio()
        )
    }
}

/// The page and pgbench take turns so often: what else a machine does meets both.
const TURNS: u32 = 2;

/// Measures a page, and in turns with it pgbench with its statements.
pub(crate) async fn measure(
    page: &Page,
    database: &Database,
    people: &People,
    seconds: Duration,
) -> Result<Measured> {
    let who = people.named(page.login)?;
    let html = who.text(&page.path).await.with_context(|| page.name)?;
    let next_bytes = who.bytes(&page.path).await?;
    let mut first_bytes = next_bytes;
    for asset in assets(&html) {
        first_bytes += who.bytes(&asset).await?;
    }
    let script = replay::record(database, who, &page.path).await?;
    wrk(who, &page.path, (seconds / 4).max(Duration::from_secs(1)))?;
    let turn = (seconds / TURNS).max(Duration::from_secs(1));
    let (mut loads, mut pgbench) = (Vec::new(), 0.0);
    for _ in 0..TURNS {
        loads.push(wrk(who, &page.path, turn)?);
        pgbench += script.run(database, turn).with_context(|| page.name)?;
    }
    let mean = |of: fn(&Load) -> f64| loads.iter().map(of).sum::<f64>() / f64::from(TURNS);
    Ok(Measured {
        name: page.name,
        class: page.class,
        rate: mean(|load| load.rate),
        p50: mean(|load| load.p50),
        p99: mean(|load| load.p99),
        statements: script.statements(),
        first_bytes,
        next_bytes,
        pgbench: pgbench / f64::from(TURNS),
    })
}

/// What a browser fetches for a page that it sees for the first time.
fn assets(html: &str) -> Vec<String> {
    let mut all: Vec<String> = html
        .split('"')
        .filter(|part| part.starts_with("/static/"))
        .map(str::to_owned)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What wrk found.
struct Load {
    rate: f64,
    p50: f64,
    p99: f64,
}

fn wrk(who: &Browser, path: &str, seconds: Duration) -> Result<Load> {
    let said = Command::new("wrk")
        .args([
            "-t1",
            "--latency",
            // A slow page is a figure too.
            "--timeout=30s",
            &format!("-c{CONCURRENCY}"),
            &format!("-d{}s", seconds.as_secs().max(1)),
        ])
        .args([
            "-H",
            &format!("Cookie: {}", who.cookie),
            "-H",
            "Accept-Encoding: gzip",
        ])
        .arg(who.address(path))
        .output()
        .context("wrk")?;
    let said = String::from_utf8(said.stdout)?;
    if said.contains("Non-2xx") || said.contains("Socket errors") {
        bail!("{path}:\n{said}");
    }
    let value = |name: &str| {
        let line = said
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(1))
            .with_context(|| format!("{name}:\n{said}"))
    };
    Ok(Load {
        rate: value("Requests/sec")?.parse()?,
        p50: milliseconds(value("50%")?)?,
        p99: milliseconds(value("99%")?)?,
    })
}

/// `1.25ms`, `830.00us`, `1.02s`.
fn milliseconds(text: &str) -> Result<f64> {
    let (digits, factor) = match text {
        text if text.ends_with("us") => (text.trim_end_matches("us"), 0.001),
        text if text.ends_with("ms") => (text.trim_end_matches("ms"), 1.0),
        text if text.ends_with('m') => (text.trim_end_matches('m'), 60_000.0),
        text => (text.trim_end_matches('s'), 1_000.0),
    };
    Ok(digits.parse::<f64>()? * factor)
}
