//! The audit record: what everybody did, sealed within a minute; one altered, removed or inserted
//! row is found; lists that leave the house are recorded; what was recorded is kept.

use chrono::Duration;
use sqlx::ConnectOptions as _;
use street_whistle::base::clock::day_of;
use street_whistle::org::access::{Access, PostKind};
use street_whistle::router::routes;

use crate::harness::{Driver, Ended, OFFICE, PASSWORD, Page, Person, Sql, Step, Town, run, server};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";

impl Town {
    /// A minute later what was written is sealed.
    async fn seals(&self) {
        // The first look of a worker enqueues what comes by itself.
        self.works().await;
        self.passes(Duration::minutes(1));
        self.works().await;
    }

    /// The town's record as the command sees it.
    async fn verified(&self, more: &[&str]) -> Ended {
        let url = server().login("street_whistle_app").to_url_lossy();
        let mut arguments = vec![
            "verify-audit",
            "--tenant",
            &self.code,
            "--database-url",
            url.as_str(),
        ];
        arguments.extend(more);
        run(&arguments).await
    }

    /// Statements as somebody with all rights runs them, past every trigger.
    async fn tampered(&self, statements: &str) {
        self.sql(&format!(
            "set session_replication_role = replica; {statements}; set session_replication_role = origin"
        ))
        .await;
    }

    /// How many events with this verb there are.
    async fn recorded(&self, verb: &str) -> i64 {
        let query = format!(
            "select count(*) from events where tenant_id = '{}' and verb = '{verb}'",
            self.tenant
        );
        self.number(&query).await
    }

    /// Events written at once by the program's role, a second after one another, up to now.
    async fn many(&self, count: i64) {
        let mut app = Sql::app().await;
        app.begin(self.tenant).await;
        let now = self.now();
        let insert = format!(
            "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
             select '{0}',
                    (lpad(to_hex((extract(epoch from x.at) * 1000)::bigint), 12, '0') || '7000'
                     || '8000' || lpad(to_hex(x.n), 12, '0'))::uuid,
                    x.at, 'account', '{0}', 'sign_in', '喻晓', '', '来自 10.0.0.1。'
               from (select n, timestamptz '{now}' - ({count} - n) * interval '1 second' as at
                       from generate_series(1, {count}) n) x",
            self.tenant
        );
        app.run(&insert).await.unwrap();
        app.run("commit").await.unwrap();
        app.close().await;
    }

    /// The id of the so-many-th event.
    async fn nth(&self, n: i64) -> String {
        let query = format!(
            "select id::text from events where tenant_id = '{}' order by at, id offset {n} limit 1",
            self.tenant
        );
        self.text(&query).await
    }
}

#[tokio::test]
async fn one_touched_row_out_of_a_hundred_thousand_is_found() {
    let town = Town::raise_at(MONDAY).await;
    town.many(100_000).await;
    town.seals().await;
    let sound = town.verified(&[]).await;
    assert!(sound.well, "{} {}", sound.says, sound.complains);
    assert!(
        sound
            .says
            .contains("已封存 100 批，在册 100000 条，等待封存 0 条。")
            && sound.says.contains("审计记录完整"),
        "{}",
        sound.says
    );
    let digest = sound.says.split("（第 100 批）：").nth(1).unwrap()[..64].to_owned();
    let still = town.verified(&["--noted", &digest]).await;
    assert!(still.well, "{}", still.complains);

    let tenant = town.tenant;
    let finds = async |row: &str, words: &str| {
        let found = town.verified(&[]).await;
        assert!(!found.well);
        let first = found.says.lines().next().unwrap();
        assert!(
            first.contains(row) && first.contains(words),
            "{}",
            found.says
        );
        assert!(
            found.complains.contains("审计记录有 1 处不对"),
            "{}",
            found.complains
        );
        first.to_owned()
    };
    let id = town.nth(45_678).await;
    let sentence = |words: &str| {
        format!(
            "update events set sentence = '{words}' where tenant_id = '{tenant}' and id = '{id}'"
        )
    };
    town.tampered(&sentence("来自 10.0.0.2。")).await;
    let said = finds(&id, "内容被改动").await;
    assert!(said.starts_with("第 46 批第 679 条（"), "{said}");
    town.tampered(&sentence("来自 10.0.0.1。")).await;

    let id = town.nth(99_998).await;
    town.sql(&format!(
        "create schema tampering; create table tampering.kept_row as select * from events where tenant_id = '{tenant}' and id = '{id}'"
    ))
    .await;
    town.tampered(&format!(
        "delete from events where tenant_id = '{tenant}' and id = '{id}'"
    ))
    .await;
    let said = finds(&id, "已被删除").await;
    assert!(
        said.starts_with("第 100 批第 999 条（2026-11-23 14:04"),
        "{said}"
    );
    town.tampered("insert into events select * from tampering.kept_row")
        .await;
    town.sql("drop schema tampering cascade").await;
    assert!(town.verified(&[]).await.well);

    // The owner adds a row by ordinary means: the program did not write it.
    let added = "018f0000-0000-7000-8000-0000000000aa";
    town.sql(&format!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
         values ('{tenant}', '{added}', '2026-11-23 05:00Z', 'account', '{tenant}', 'sign_in', '邹清', '', '')"
    ))
    .await;
    town.seals().await;
    finds(added, "不是本系统写入的").await;
}

#[tokio::test]
async fn a_chain_that_is_touched_or_cut_off_is_found() {
    let town = Town::raise_at(MONDAY).await;
    let tenant = town.tenant;
    for _ in 0..3 {
        town.many(5).await;
        town.seals().await;
    }
    let sound = town.verified(&[]).await;
    let newest = sound.says.split("（第 3 批）：").nth(1).unwrap()[..64].to_owned();
    // A row altered together with its seal, its batch left alone.
    let digest = |place: i64| {
        format!(
            "update audit_seals set digest = sha256('x') where tenant_id = '{tenant}' and batch = 2 and place = {place}"
        )
    };
    let kept = town
        .text(&format!(
            "select encode(digest, 'hex') from audit_seals where tenant_id = '{tenant}' and batch = 2 and place = 4"
        ))
        .await;
    town.tampered(&digest(4)).await;
    let found = town.verified(&[]).await;
    assert!(
        !found.well && found.says.contains("第 2 批第 4 条"),
        "{}",
        found.says
    );
    town.tampered(&format!(
        "update audit_seals set digest = '\\x{kept}' where tenant_id = '{tenant}' and batch = 2 and place = 4"
    ))
    .await;
    assert!(town.verified(&["--noted", &newest]).await.well);
    // The end is cut off, rows and seals: only what was noted elsewhere tells.
    town.tampered(&format!(
        "delete from events e using audit_seals s where e.tenant_id = '{tenant}' and s.tenant_id = '{tenant}'
            and s.event_id = e.id and s.batch = 3;
         delete from audit_seals where tenant_id = '{tenant}' and batch = 3;
         delete from audit_batches where tenant_id = '{tenant}' and number = 3"
    ))
    .await;
    assert!(town.verified(&[]).await.well);
    let cut = town.verified(&["--noted", &newest]).await;
    assert!(
        !cut.well && cut.says.contains("记下的摘要不在封存链上"),
        "{}",
        cut.says
    );
    let nonsense = town.verified(&["--noted", "abc"]).await;
    assert!(!nonsense.well && nonsense.complains.contains("64 个十六进制数字"));
    // A batch in the middle is gone.
    town.tampered(&format!(
        "delete from audit_batches where tenant_id = '{tenant}' and number = 1"
    ))
    .await;
    let gap = town.verified(&[]).await;
    assert!(
        !gap.well && gap.says.contains("第 2 批前面的第 1 批不见了"),
        "{}",
        gap.says
    );
}

#[tokio::test]
async fn writers_and_the_job_do_not_wait_for_one_another() {
    let town = Town::raise_at(MONDAY).await;
    town.many(3).await;
    let insert = |id: u32| {
        format!(
            "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
             values ('{0}', '018f0000-0000-7000-8000-{id:012}', '{1}', 'account', '{0}', 'sign_in', '喻晓', '', '')",
            town.tenant,
            town.now()
        )
    };
    // Somebody writes and has not committed while the job seals what is there.
    let mut slow = Sql::app().await;
    slow.begin(town.tenant).await;
    slow.run(&insert(1)).await.unwrap();
    town.seals().await;
    let sealed = format!(
        "select count(*) from audit_seals where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&sealed).await, 3);
    // The job stands in the middle while others write.
    slow.run("commit").await.unwrap();
    let mut job = town.db().begin(town.tenant).await.unwrap();
    street_whistle::org::audit::seal(&mut job, street_whistle::org::TenantId(town.tenant))
        .await
        .unwrap();
    slow.begin(town.tenant).await;
    slow.run("set local lock_timeout = '2s'").await.unwrap();
    slow.run(&insert(2)).await.unwrap();
    slow.run("commit").await.unwrap();
    job.commit().await.unwrap();
    town.seals().await;
    assert_eq!(town.number(&sealed).await, 5);
    assert!(town.verified(&[]).await.well);
    slow.close().await;
}

#[tokio::test]
async fn the_seal_covers_every_column_of_an_event() {
    let columns = Sql::owner()
        .await
        .column(
            "select attname::text from pg_attribute
              where attrelid = 'events'::regclass and attnum > 0 and not attisdropped order by attnum",
        )
        .await;
    let sealed = [
        "tenant_id",
        "id",
        "at",
        "subject",
        "subject_id",
        "verb",
        "person_id",
        "person_name",
        "post_id",
        "seat",
        "department_id",
        "sentence",
    ];
    assert_eq!(
        columns, sealed,
        "a new column of events belongs into the digest, with a new head `event 2`"
    );
}

#[tokio::test]
async fn what_was_recorded_is_kept_half_a_year_even_by_the_owner() {
    let town = Town::raise_at(MONDAY).await;
    town.many(1).await;
    town.seals().await;
    let tenant = town.tenant;
    let mut owner = Sql::owner().await;
    let mut refused = async |statement: &str| owner.refused(&format!("begin; {statement}")).await;
    // The database asks its own clock, so these are of today and of years ago.
    let insert = |id: u32, at: &str| {
        format!(
            "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
             values ('{tenant}', '018f0000-0000-7000-8000-{id:012}', {at}, 'account', '{tenant}', 'sign_in', '', '', '')"
        )
    };
    town.sql(&insert(1, "now() - interval '5 months'")).await;
    town.sql(&insert(2, "now() - interval '7 months'")).await;
    let one = |id: u32| {
        format!("where tenant_id = '{tenant}' and id = '018f0000-0000-7000-8000-{id:012}'")
    };
    assert_eq!(
        refused(&format!("delete from events {}", one(1))).await,
        "events_kept"
    );
    for id in [1, 2] {
        let update = format!("update events set sentence = '改' {}", one(id));
        assert_eq!(refused(&update).await, "events_unchanged");
    }
    town.sql(&format!("delete from events {}", one(2))).await;
    for statement in [
        "update audit_seals set place = 2",
        "delete from audit_seals",
        "delete from audit_batches",
        "update audit_batches set size = 2",
    ] {
        let statement = format!("{statement} where tenant_id = '{tenant}'");
        assert_eq!(refused(&statement).await, "audit_seals_kept", "{statement}");
    }
    for table in ["audit_seals", "events cascade"] {
        assert_eq!(
            refused(&format!("truncate {table}")).await,
            "audit_seals_kept",
            "{table}"
        );
    }
    owner.close().await;
}

/// Somebody who may use a path: whoever sees most of it.
fn who_may(access: Access) -> PostKind {
    let Access::Can(permission) = access else {
        panic!("a list that leaves the house is for somebody")
    };
    let mut kinds = PostKind::ALL.into_iter();
    [PostKind::CityOffice, PostKind::AuditAdmin]
        .into_iter()
        .chain(&mut kinds)
        .find(|kind| kind.may(permission))
        .unwrap()
}

#[tokio::test]
async fn every_list_that_leaves_as_a_file_is_recorded() {
    let town = Town::raise_at(MONDAY).await;
    town.empower().await;
    let mut seen = 0;
    for route in routes().list() {
        if route.path.strip_suffix(".csv").is_none() {
            continue;
        }
        seen += 1;
        let seat = town.seat_of(who_may(route.access)).clone();
        let person = town.sign_in_as(&seat).await;
        let path = route.path.replace("{period}", "2026-Q4");
        let before = town.recorded("export").await;
        let file = person.get(&path).await;
        file.is(200);
        assert_eq!(town.recorded("export").await, before + 1, "{path}");
        let rows = csv_rows(&file);
        let last = town
            .text(&format!(
                "select sentence from events where tenant_id = '{}' and verb = 'export' order by id desc limit 1",
                town.tenant
            ))
            .await;
        assert!(
            last.starts_with("导出") && last.ends_with(&format!("，{rows} 行。")),
            "{path}: {last}"
        );
    }
    assert!(seen >= 15, "{seen} lists");
    // Whoever may not see it is not recorded, because nothing left.
    let grid = town.sign_in("grid chief").await;
    let before = town.recorded("export").await;
    grid.get("/audit.csv").await.is(403);
    assert_eq!(town.recorded("export").await, before);
}

/// The rows of a file without its head.
fn csv_rows(file: &Page) -> usize {
    let text = file.body.trim_start_matches('\u{feff}');
    csv::Reader::from_reader(text.as_bytes()).records().count()
}

/// Knocks at the door with a wrong word.
async fn fails(town: &Town, login: &str) {
    let visitor = town.visitor().from([10, 0, 0, 9]);
    visitor.opens("/sign-in").await;
    let fields = [("账号", login), ("密码", "falsch")];
    visitor.submit("登录", &fields).await.is(422);
}

#[tokio::test]
async fn the_auditor_sees_who_did_what_and_nothing_of_the_work_itself() {
    let town = Town::raise_at(MONDAY).await;
    town.whistle("日常哨", Step::Drafted).await;
    let security = town.sign_in("security admin").await;
    let post = format!("/staffing/{}", town.seat("street checker").post);
    security.opens(&post).await;
    let term = [("任期届满日", "2027-11-23")];
    security.does("保存任期", &term).await;
    town.knocks("housing head", PASSWORD).await;
    let audit = town.sign_in("audit admin").await;
    let page = audit.opens("/audit").await;
    page.costs_at_most(3)
        .shows("还没有封存；等待封存")
        .shows("谢安")
        .shows("改任期")
        .shows("孔祥")
        .shows("来自 10.0.0.1。")
        .shows("事项、哨单等业务记录只列时间、人员、动作和类别，不显示内容");
    let all = town
        .column(&format!(
            "select sentence from events where tenant_id = '{}' and subject in ('matter', 'whistle')",
            town.tenant
        ))
        .await;
    let said: Vec<&String> = all.iter().filter(|s| !s.is_empty()).collect();
    assert!(!said.is_empty());
    let csv = audit.get("/audit.csv").await;
    for sentence in said {
        page.never_names(sentence);
        csv.never_names(sentence);
    }
    assert!(csv.body.contains("哨单") && csv.body.contains("王丽"));

    // The others see what administrators did, each what the others did.
    for called in ["system admin", "security admin"] {
        let person = town.sign_in(called).await;
        let page = person.opens("/audit").await;
        page.shows("三名管理员做了什么")
            .shows("改任期")
            .shows("邹清");
        page.never_names("王丽").never_names("孔祥");
        let csv = person.get("/audit.csv").await;
        csv.never_names("王丽");
    }
    let office = town.sign_in("city office").await;
    for path in ["/audit", "/audit.csv", "/audit/seals", "/audit/seals/1"] {
        office.get(path).await.is(403);
    }
}

#[tokio::test]
async fn the_list_is_narrowed_paged_and_exported_as_it_stands() {
    let town = Town::raise_at(MONDAY).await;
    town.many(120).await;
    let audit = town.sign_in("audit admin").await;
    let first = audit.opens("/audit").await;
    first.shows("第 1–50 条，共 120 条");
    audit
        .follows("下一页")
        .await
        .shows("第 51–100 条，共 120 条");
    let last = audit.follows("下一页").await;
    last.shows("第 101–120 条，共 120 条");
    let rows = last.all_words_at("table.audit tbody tr");
    assert!(rows[19].starts_with("2026-11-23 14:03:01"), "{}", rows[19]);

    for (query, count) in [
        ("name=喻", 120),
        ("name=王", 0),
        ("kind=account&verb=sign_in&from=2026-11-23", 120),
        ("kind=whistle", 0),
        ("verb=lock", 0),
        ("from=2026-11-24&to=2026-11-25", 0),
        ("name=喻&from=2026-11-23&to=2026-11-23", 120),
        ("to=2026-11-22", 0),
    ] {
        let page = audit.opens(&format!("/audit?{query}")).await;
        page.shows(&format!("共 {count} 条"));
        let csv = audit.opens(&format!("/audit.csv?{query}")).await;
        assert_eq!(csv_rows(&csv), count, "{query}");
    }
    for (query, sentence) in [
        ("from=gestern", "开始日期写成 2026-11-23 这样的日期。"),
        ("to=2026-13-01", "结束日期写成"),
        ("from=2026-11-24&to=2026-11-23", "开始日期在结束日期之后"),
    ] {
        let page = audit.get(&format!("/audit?{query}")).await;
        page.is(422).shows(sentence);
        audit.get(&format!("/audit.csv?{query}")).await.is(422);
    }
    for query in ["kind=nothing", "verb=nothing"] {
        audit.get(&format!("/audit?{query}")).await.is(400);
    }
    // A week later the list begins without them.
    town.passes(Duration::days(7));
    let audit = town.sign_in("audit admin").await;
    let day = day_of(town.now()) - Duration::days(6);
    let page = audit.opens("/audit?name=喻&from=2026-11-23").await;
    page.shows("共 120 条");
    let page = audit.opens("/audit").await;
    assert_eq!(
        page.attribute("#f-from", "value"),
        Some(day.to_string()),
        "seven days"
    );
    page.never_names("喻晓");
}

#[tokio::test]
async fn failures_and_locks_are_figures_of_the_desk_that_open_their_lists() {
    let town = Town::raise_at(MONDAY).await;
    for _ in 0..2 {
        fails(&town, "nobody.at.all").await;
    }
    for _ in 0..3 {
        fails(&town, "grid.chief").await;
    }
    let stranger = town.visitor().from([10, 0, 0, 8]);
    for _ in 0..2 {
        stranger.opens("/sign-in").await;
        let fields = [("账号", "grid.chief"), ("密码", "falsch")];
        stranger.submit("登录", &fields).await;
    }
    let audit = town.sign_in("audit admin").await;
    let desk = audit.opens("/").await;
    desk.costs_at_most(4);
    assert_eq!(figure(&desk, "登录失败"), "7");
    assert_eq!(figure(&desk, "账号被锁"), "1");
    assert_eq!(figure(&desk, "等待封存"), "8");
    follows(&audit, "登录失败", "共 7 条")
        .await
        .shows("身份不明")
        .shows("没有这个账号，来自 10.0.0.9。")
        .shows("密码不对，来自 10.0.0.8。")
        .never_names("nobody.at.all");
    follows(&audit, "账号被锁", "共 1 条").await.shows("朱军");
    follows(&audit, "等待封存", "共 8 条").await;
    town.seals().await;
    let desk = audit.opens("/").await;
    assert_eq!(figure(&desk, "等待封存"), "0");
    // A locked account and a locked address fill no record.
    for _ in 0..3 {
        fails(&town, "grid.chief").await;
    }
    assert_eq!(town.recorded("sign_in_fail").await, 7);
    // Other administrators have their own desks.
    let security = town.sign_in("security admin").await;
    assert!(!security.opens("/").await.says("登录失败"));
}

/// The number of a figure.
fn figure(desk: &Page, name: &str) -> String {
    let figures = desk.all_words_at("a.figure");
    let found = figures.iter().find(|f| f.starts_with(name));
    let found = found.unwrap_or_else(|| panic!("{name} in {figures:?}"));
    let digits = found.trim_start_matches(name).trim_start();
    digits.chars().take_while(char::is_ascii_digit).collect()
}

async fn follows(person: &Person, name: &str, total: &str) -> Page {
    person.opens("/").await;
    let page = person.follows(name).await;
    page.shows(total);
    page
}

#[tokio::test]
async fn pages_show_how_far_it_is_sealed_and_what_is_broken() {
    let town = Town::raise_at(MONDAY).await;
    let tenant = town.tenant;
    let audit = town.sign_in("audit admin").await;
    audit.opens("/audit/seals").await.shows("还没有封存批次");
    town.many(4).await;
    town.seals().await;
    audit
        .opens("/audit")
        .await
        .shows("已封存到 2026-11-23 14:05，共 1 批")
        .shows("没有等待封存的")
        .shows("还没有核对过");
    let digest = town
        .text(&format!(
            "select encode(digest, 'hex') from audit_batches where tenant_id = '{tenant}'"
        ))
        .await;
    audit
        .opens("/audit/seals")
        .await
        .costs_at_most(3)
        .shows(&digest[..16])
        .shows("还没核对");
    audit
        .follows("1")
        .await
        .costs_at_most(3)
        .shows("4 条都与封存时一致")
        .shows(&digest);
    for path in ["/audit/seals/2", "/audit/seals/0", "/audit/seals/x"] {
        audit.get(path).await.is(404);
    }
    let id = town.nth(1).await;
    town.tampered(&format!(
        "update events set person_name = '韩梅' where tenant_id = '{tenant}' and id = '{id}'"
    ))
    .await;
    audit
        .opens("/audit/seals/1")
        .await
        .shows("1 处与封存时不一致")
        .shows("第 1 批第 2 条（2026-11-23 14:04 韩梅 登录")
        .shows(&id);
    // The night's walk finds it too, and says so on every page of the record.
    town.passes(Duration::hours(13));
    town.works().await;
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/audit")
        .await
        .shows("2026-11-24 03:06 核对发现 1 处不对")
        .shows("第 1 批第 2 条");
    audit.opens("/audit/seals").await.shows("有问题");
    let desk = audit.opens("/").await;
    assert_eq!(figure(&desk, "核对发现问题"), "1");
    let found = town.verified(&[]).await;
    assert!(!found.well && found.says.contains(&id));
}

#[tokio::test]
async fn what_the_night_finds_is_told_to_the_audit_administrator() {
    let town = Town::raise_at(MONDAY).await;
    town.many(3).await;
    town.seals().await;
    town.passes(Duration::hours(24));
    town.works().await;
    let audit = town.sign_in("audit admin").await;
    audit.opens("/inbox").await.never_names("审计记录核对");
    let (tenant, id) = (town.tenant, town.nth(1).await);
    town.tampered(&format!(
        "update events set sentence = '另一句' where tenant_id = '{tenant}' and id = '{id}'"
    ))
    .await;
    town.passes(Duration::hours(24));
    town.works().await;
    let audit = town.sign_in("audit admin").await;
    audit
        .opens("/inbox")
        .await
        .shows("审计记录核对发现 1 处问题");
    let security = town.sign_in("security admin").await;
    security.opens("/inbox").await.never_names("审计记录核对");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_printed_in_a_browser_is_recorded_and_what_is_looked_at_is_not() {
    let town = Town::raise().await;
    let (tenant, served) = (town.tenant, town.serves().await);
    town.sql(&format!(
        "insert into tenant_hosts values ('prints.localhost', '{tenant}')"
    ))
    .await;
    let base = format!("http://prints.localhost:{}", served.port);
    let driver = Driver::start().await;
    let login = &town.seat("city office").login;
    let window = driver.knocks(&base, login, PASSWORD, OFFICE).await;
    window.goes("/whistles?q=manhole").await;
    let printed = format!(
        "select coalesce(string_agg(sentence, '|'), '') from events where tenant_id = '{tenant}' and verb = 'print'"
    );
    assert_eq!(town.text(&printed).await, "", "looking is not printing");
    window.prints().await;
    // The browser does not wait for what it fetches on the way.
    let recorded = async {
        while town.text(&printed).await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let recorded = tokio::time::timeout(std::time::Duration::from_secs(20), recorded).await;
    recorded.expect("printing is recorded");
    assert_eq!(town.text(&printed).await, "打印页面 /whistles。");
    window.leaves().await;
    let auditor = town.sign_in("audit admin").await;
    let list = auditor.opens("/audit?verb=print").await;
    list.shows("打印页面 /whistles。");
    town.visitor().get("/printed.svg").await.is(303);
}
