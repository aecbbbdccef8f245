//! The commands, as they are typed.

use std::time::Duration;

use crate::harness::{Folder, Program, run, run_on};

/// A stop that finishes what runs.
const STOP: Duration = Duration::from_secs(20);

#[tokio::test]
async fn help_is_in_sentences() {
    for command in [
        vec!["--help"],
        vec!["demo", "--help"],
        vec!["serve", "--help"],
        vec!["migrate", "--help"],
        vec!["tenant", "create", "--help"],
        vec!["tenant", "list", "--help"],
        vec!["routes", "--help"],
        vec!["due", "--help"],
        vec!["assess", "--help"],
        vec!["verify-audit", "--help"],
        vec!["verify-pack", "--help"],
    ] {
        let help = run(&command).await;
        assert!(help.well);
        let first = help.says.lines().next().unwrap();
        assert!(
            first.ends_with('.') || first.chars().count() > 20,
            "{command:?}: {first}"
        );
        if command[0] != "--help" && command[0] != "routes" {
            assert!(
                help.says.contains("[env: "),
                "{command:?}: each option by environment too"
            );
        }
    }
    let wrong = run(&["demo", "--listen", "nowhere"]).await;
    assert!(
        !wrong.well && wrong.complains.contains("--listen"),
        "{}",
        wrong.complains
    );
}

#[tokio::test]
async fn routes_are_listed_with_who_may() {
    let listed = run(&["routes"]).await;
    assert!(listed.well);
    let routes = street_whistle::router::routes().list();
    assert_eq!(listed.says.lines().count(), routes.len());
    for route in routes {
        let line = listed.says.lines().find(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words[0] == route.method.as_str() && words[1] == route.path
        });
        assert!(
            line.is_some_and(|l| l.ends_with(&format!("{:?}", route.access))),
            "{}",
            route.path
        );
    }
}

#[tokio::test]
async fn a_demonstration_starts_stops_and_is_kept() {
    let folder = Folder::new("demonstration");
    let demo = ["demo", "--listen", "127.0.0.1:0", "--data", folder.path()];
    let mut first = Program::start(&demo, &folder);
    let address = first.address().await;
    assert_eq!(status(&address, "/health/ready").await, 200);
    assert_eq!(status(&address, "/health/live").await, 200);
    let door = text(&address, "/sign-in").await;
    assert!(
        door.contains("大安市示例人员") && door.contains("示例数据"),
        "{door}"
    );

    let second = run(&demo).await;
    assert!(!second.well);
    assert!(
        second
            .complains
            .contains("这个数据目录正在被另一个街哨使用"),
        "{}",
        second.complains
    );
    let port = address.trim_start_matches("http://");
    let elsewhere = Folder::new("same-port");
    let taken = run(&["demo", "--listen", port, "--data", elsewhere.path()]).await;
    assert!(!taken.well);
    assert!(taken.complains.contains("已被占用"), "{}", taken.complains);
    assert_eq!(
        status(&address, "/health/ready").await,
        200,
        "the first still answers"
    );

    first.signal("TERM").await;
    assert!(first.ends(STOP).await, "{}", first.log());
    assert_eq!(
        folder.processes(),
        Vec::<String>::new(),
        "nothing is left running"
    );

    let listed = run(&["tenant", "list", "--data", folder.path()]).await;
    assert!(
        listed.says.contains("220882\t大安市\t示例"),
        "{}",
        listed.says
    );
    assert_eq!(
        listed.says.lines().count(),
        2,
        "the second start loads nothing again"
    );
    let mut again = Program::start(&demo, &folder);
    assert_eq!(status(&again.address().await, "/health/ready").await, 200);
    again.signal("INT").await;
    assert!(again.ends(STOP).await);
}

#[tokio::test]
async fn due_times_are_answered_line_by_line_beside_a_running_program_or_without() {
    let folder = Folder::new("due");
    let demo = ["demo", "--listen", "127.0.0.1:0", "--data", folder.path()];
    let due = |tenant: &'static str, lines: &'static str| {
        let data = folder.path().to_owned();
        async move { run_on(&["due", "--tenant", tenant, "--data", &data], lines).await }
    };
    let mut program = Program::start(&demo, &folder);
    program.address().await;
    let answered = due(
        "220882",
        "2026-02-13 10:00\t3 work_day\n2026-11-20 11:00\t8 work_hour\n",
    )
    .await;
    assert!(answered.well, "{}", answered.complains);
    let lines: Vec<&str> = answered.says.lines().collect();
    assert!(
        lines[0].starts_with("2026-02-25 17:30\t")
            && lines[0].contains("02-14 周六 调休上班，第 1 日")
    );
    assert!(lines[1].starts_with("2026-11-23 11:00\t") && lines.len() == 2);
    scores_are_printed(&folder).await;
    program.signal("TERM").await;
    program.ends(STOP).await;

    let mixed = due(
        "220882",
        "nonsense\n2026-12-31 09:00\t1 work_day\n2026-09-30 10:00\t5 work_day",
    )
    .await;
    assert!(!mixed.well);
    let lines: Vec<&str> = mixed.says.lines().collect();
    assert!(
        lines[0].starts_with("error\t每行写开始时间"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with("error\t2027 年放假安排还没有录入"),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("2026-10-13 17:30\t"), "{}", lines[2]);
    let nobody = due("220000", "").await;
    assert!(!nobody.well && nobody.complains.contains("没有区划代码是 220000 的租户"));
    assert_eq!(folder.processes(), Vec::<String>::new());
}

/// The assessment of the sample: head first, a line for each department, its code first.
async fn scores_are_printed(folder: &Folder) {
    let assess = |tenant: &'static str, period: &'static str| {
        let data = folder.path().to_owned();
        async move {
            run(&[
                "assess", "--tenant", tenant, "--period", period, "--csv", "--data", &data,
            ])
            .await
        }
    };
    let printed = assess("220882", "2026").await;
    assert!(printed.well, "{}", printed.complains);
    let mut lines = printed.says.lines();
    let head = lines.next().unwrap();
    assert!(
        head.starts_with("code,name,group,score,shown,street,residents,objective,"),
        "{head}"
    );
    let width = head.split(',').count();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 23);
    assert!(rows.iter().all(|row| row.len() == width));
    let mut codes: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 23);
    for (tenant, period, complaint) in [
        ("220882", "2026-Q5", "时期写成 2026-11、2026-Q3 或 2026"),
        ("220882", "1999", "年份写 2020 至 2100。"),
        ("220000", "2026-Q3", "没有区划代码是 220000 的租户"),
    ] {
        let refused = assess(tenant, period).await;
        assert!(!refused.well && refused.says.is_empty());
        assert!(
            refused.complains.contains(complaint),
            "{}",
            refused.complains
        );
    }
}

#[tokio::test]
async fn a_killed_program_takes_its_database_along_and_starts_again() {
    let folder = Folder::new("killed");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path()];
    let mut first = Program::start(&serve, &folder);
    first.address().await;
    first.signal("KILL").await;
    first.ends(STOP).await;
    let mut again = Program::start(&serve, &folder);
    assert_eq!(status(&again.address().await, "/health/ready").await, 200);
    again.signal("TERM").await;
    assert!(again.ends(STOP).await);
    assert_eq!(folder.processes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_tenant_is_made_once_and_its_administrator_signs_in() {
    let folder = Folder::new("tenants");
    let create = |code: &'static str, prefix: &'static str, host: &'static str| {
        let data = folder.path().to_owned();
        async move {
            run(&[
                "tenant",
                "create",
                "--data",
                &data,
                "--code",
                code,
                "--name",
                "通榆县",
                "--host",
                host,
                "--admin",
                "admin",
                "--prefix",
                prefix,
            ])
            .await
        }
    };
    let made = create("220822", "TY", "localhost").await;
    assert!(made.well, "{}", made.complains);
    let word = made
        .says
        .split("首次密码 ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    for title in [
        "系统管理员：账号 admin，",
        "安全管理员：账号 admin-security，",
        "审计管理员：账号 admin-audit，",
    ] {
        assert!(made.says.contains(title), "{}", made.says);
    }
    for (code, prefix, host, sentence) in [
        ("220822", "TZ", "localhost", "这个区划代码已有租户"),
        ("220823", "TY", "localhost", "这个编号前缀已被使用"),
        ("22082", "TZ", "localhost", "区划代码是 6 位数字"),
        ("220823", "tz", "localhost", "编号前缀是两个大写字母"),
        ("220823", "TZ", "中文", "主机名只用"),
    ] {
        let refused = create(code, prefix, host).await;
        assert!(!refused.well);
        assert!(
            refused.complains.contains(sentence),
            "{}",
            refused.complains
        );
    }
    let listed = run(&["tenant", "list", "--data", folder.path()]).await;
    assert_eq!(listed.says.trim(), "220822\t通榆县\t正式\tlocalhost");

    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path()];
    let mut program = Program::start(&serve, &folder);
    let address = program.address().await;
    let address = address.replace("127.0.0.1", "localhost");
    let door = text(&address, "/sign-in").await;
    assert!(
        !door.contains("示例人员"),
        "no sample people outside a demonstration"
    );
    let sign_in = |word: String| {
        let address = address.clone();
        async move {
            let form = format!("name=admin&word={word}");
            post(&address, "/sign-in", &form).await
        }
    };
    assert_eq!(sign_in("wrong".to_owned()).await, 422);
    assert_eq!(sign_in(word.clone()).await, 303);
    program.signal("TERM").await;
    assert!(program.ends(STOP).await);
    let log = program.log();
    assert!(
        log.lines().all(|line| line.starts_with('{')),
        "the log is one object a line:\n{log}"
    );
    for secret in [word.as_str(), "wrong", "name=", "admin"] {
        assert!(!log.contains(secret), "“{secret}” is in the log:\n{log}");
    }
}

#[tokio::test]
async fn migrating_twice_is_harmless() {
    let folder = Folder::new("migrated");
    for _ in 0..2 {
        let migrated = run(&["migrate", "--data", folder.path()]).await;
        assert!(migrated.well, "{}", migrated.complains);
        assert!(migrated.says.contains("已是最新版本"), "{}", migrated.says);
    }
}

/// A browser without a window, which does not follow where it is sent.
fn browser() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

async fn open(address: &str, path: &str) -> reqwest::Response {
    browser()
        .get(format!("{address}{path}"))
        .send()
        .await
        .unwrap()
}

async fn status(address: &str, path: &str) -> u16 {
    open(address, path).await.status().as_u16()
}

async fn text(address: &str, path: &str) -> String {
    open(address, path).await.text().await.unwrap()
}

async fn post(address: &str, path: &str, form: &str) -> u16 {
    let request = browser()
        .post(format!("{address}{path}"))
        .header("origin", address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned());
    request.send().await.unwrap().status().as_u16()
}
