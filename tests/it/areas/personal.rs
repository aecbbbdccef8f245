//! Personal data: sealed at rest, masked on every page, shown for a purpose, found by digest, sealed anew
//! under a new key, forgotten in time; and nothing of them in any table.

use std::fmt::Write as _;

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use chrono::Duration;
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use street_whistle::MIGRATIONS;
use street_whistle::app::App;
use street_whistle::base::clock::Clock;
use street_whistle::base::seal::Keys;
use street_whistle::jobs::Worker;
use street_whistle::org::people::Doors;
use uuid::Uuid;

use crate::harness::{Person, Sink, Sql, Step, Town, another_database, files};

const MONDAY: &str = "2026-11-23T01:00:00Z";
/// Names and numbers that occur nowhere else.
const TELLER: [(&str, &str); 2] = [("谁告诉您的", "宓韫玉"), ("他的电话", "129-4417-6053")];
const SECRETS: [&str; 6] = [
    "宓韫玉",
    "12944176053",
    "129-4417-6053",
    "12981726354",
    "0436-8877665",
    "chief@fuyu.example",
];

/// Bytes in hexadecimal figures.
fn hexed(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Town {
    /// Every row of every table that holds one of these texts, as `table: text`.
    async fn rows_with(&self, texts: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        let tables = self
            .column(
                "select format('%I.%I', n.nspname, c.relname) from pg_class c
                   join pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('r', 'p') and n.nspname = 'public' order by 1",
            )
            .await;
        assert!(tables.len() > 60, "{} tables", tables.len());
        for table in tables {
            for text in texts {
                // A byte column shows as hexadecimal figures: look for the bytes as well.
                let bytes = hexed(text.as_bytes());
                let count = self
                    .number(&format!(
                        "select count(*) from {table} t
                          where strpos(t::text, '{text}') > 0 or strpos(t::text, '{bytes}') > 0"
                    ))
                    .await;
                if count > 0 {
                    found.push(format!("{table}: {text}"));
                }
            }
        }
        found
    }

    /// The grid chief files what a resident told; answers the path of the matter.
    async fn told(&self) -> String {
        let zhu = self.sign_in("grid chief").await;
        let unit = [("楼栋", "金源小区1号楼"), ("单元", "金源小区1号楼1单元")];
        zhu.files(&[&unit[..], &TELLER[..]].concat(), &[]).await
    }

    /// The paths of the visits that wait.
    async fn visit_paths(&self) -> Vec<String> {
        let query = format!(
            "select '/visits/' || id from visits where tenant_id = '{}' and state = 'waiting'",
            self.tenant
        );
        let paths = self.column(&query).await;
        assert!(!paths.is_empty(), "somebody is to be asked");
        paths
    }

    /// Nobody has a second factor, and nobody is asked for one: nothing else is sealed.
    pub(super) async fn waives_factors(&self) {
        let tenant = self.tenant;
        self.sql(&format!(
            "delete from second_factors where tenant_id = '{tenant}';
             update tenants set is_sample = true where id = '{tenant}'"
        ))
        .await;
    }

    async fn sealed(&self) -> i64 {
        self.number(&format!(
            "select count(*) from personal_values where tenant_id = '{}'",
            self.tenant
        ))
        .await
    }
}

/// The rows of a workbook, as text.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let rows = sheet.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

/// The system administrator enters somebody with a number; answers the path.
async fn enters(admin: &Person, name: &str, number: &str) -> String {
    admin.opens("/people/new").await;
    let fields = [("姓名", name), ("身份", "街道干部"), ("电话", number)];
    let answer = admin.submit("保存", &fields).await;
    answer.is(303);
    answer.location().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn no_table_holds_a_residents_name_or_anybodys_number() {
    let mut town = Town::raise_at(MONDAY).await;
    let sink = Sink::open().await;
    town.mails_over(sink.mail());
    let path = town.whistle("日常哨", Step::FedBack).await;
    town.told_by("true", (SECRETS[0], "12944176053")).await;
    town.told().await;
    town.judge(&path, Step::Checked).await;
    let system = town.sign_in("system admin").await;
    let person = enters(&system, "温晓东", "12981726354").await;
    let landline = enters(&system, "郝建军", "0436-8877665").await;
    // Everything that looks: lists, files, unmasking, the visit, the search.
    system.opens("/people").await;
    system
        .does("按号码找", &[("完整电话号码", "12981726354")])
        .await
        .shows("温晓东");
    for ending in ["csv", "xlsx"] {
        system
            .get(&format!("/people.{ending}"))
            .await
            .is(200)
            .never_names("12981726354");
    }
    for path in [&person, &landline] {
        system.opens(path).await.shows("****");
        system.submit("查看明文", &[]).await.is(200);
    }
    system.page().shows("0436-8877665");
    system.opens(&format!("{person}/edit")).await;
    system.does("保存", &[("电话", "0436-8877665")]).await;
    // Mails go to the address, and the list of what was sent does not know it.
    let chief = town.sign_in("water head").await;
    chief.opens("/account/notices").await;
    let wishes = [("邮箱", SECRETS[5]), ("进展消息", "立即发送")];
    chief.does("保存怎么收", &wishes).await.shows("已保存");
    let li = town.sign_in("community secretary").await;
    li.opens("/matters").await;
    li.get("/matters.csv").await.never_names("4417").is(200);
    let qian = town.sign_in("city office").await;
    for visit in town.visit_paths().await {
        qian.opens(&visit).await;
        qian.submit("查看明文", &[])
            .await
            .is(200)
            .shows(SECRETS[0])
            .shows("12944176053");
        qian.opens(&visit).await;
        qian.does(
            "记录回访",
            &[
                ("接通了吗", "接通"),
                ("解决了吗", "解决了"),
                ("满意吗", "满意"),
            ],
        )
        .await;
    }
    town.passes(Duration::days(1));
    town.works().await;
    assert_eq!(town.rows_with(&SECRETS).await, Vec::<String>::new());
    // The walk finds what there is: masks and names of office-holders stand in the clear.
    assert!(!town.rows_with(&["129****6053"]).await.is_empty());
    assert!(!town.rows_with(&["温晓东"]).await.is_empty());
}

#[tokio::test]
async fn a_number_in_a_text_is_sent_to_its_own_field() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    zhu.opens("/matters/new").await;
    let words = [
        ("说一句", "井口冒水，打 129 4417 6053 找老宓"),
        ("是什么事", "污水外溢、堵塞"),
    ];
    zhu.submit("下一步：在哪里", &words)
        .await
        .is(422)
        .shows("这里写了电话号码");
    assert!(town.rows_with(&["129 4417 6053"]).await.is_empty());
}

#[tokio::test]
async fn a_look_needs_a_purpose_and_ends_with_the_limit_of_the_day() {
    let town = Town::raise_at(MONDAY).await;
    let path = town.told().await;
    let li = town.sign_in("community secretary").await;
    let page = li.opens(&path).await;
    page.shows("宓*").shows("129****6053").never_names("宓韫玉");
    let clear = li.submit("查看明文", &[("补充说明", "约明早上门。")]).await;
    clear.is(200).shows("宓韫玉").shows("129-4417-6053");
    assert_eq!(
        clear.attribute(".unmasked a", "href").as_deref(),
        Some("tel:129-4417-6053")
    );
    li.opens(&path)
        .await
        .never_names("宓韫玉")
        .shows("查看了诉求人的姓名和电话，用途：联系本人办事：约明早上门。");
    // Without a purpose, or with a number among the words, nothing is shown.
    let at = format!("{path}/unmasking");
    li.post(&at, &[]).await.is(422).never_names("宓韫玉");
    li.post(&at, &[("purpose", "curious")])
        .await
        .is(422)
        .never_names("宓韫玉");
    let number = [("purpose", "contact"), ("words", "打 12944176053")];
    li.post(&at, &number).await.is(422).never_names("宓韫玉");
    // One person a day, and it is this one.
    let wang = town.sign_in("security admin").await;
    wang.opens("/personal").await.costs_at_most(3).shows("每天");
    wang.submit("保存", &[("每人每天最多查看几个人的明文", "0")])
        .await
        .is(422)
        .shows("请填 1 至 500 的整数");
    wang.opens("/personal").await;
    wang.does("保存", &[("每人每天最多查看几个人的明文", "1")])
        .await
        .shows("已保存");
    wang.page().shows("李秀英");
    li.opens(&path).await;
    li.submit("查看明文", &[]).await.is(200).shows("宓韫玉");
    let other = town.told().await;
    li.opens(&other).await;
    li.submit("查看明文", &[])
        .await
        .is(409)
        .shows("今天已查看 1 人的明文")
        .never_names("宓韫玉");
    town.passes(Duration::days(1));
    let li = town.sign_in("community secretary").await;
    li.opens(&other).await;
    li.submit("查看明文", &[]).await.is(200).shows("宓韫玉");
    // Two changed the rules: the second is told.
    let wang = town.sign_in("security admin").await;
    let admin = town.sign_in("security admin").await;
    wang.opens("/personal").await;
    admin.opens("/personal").await;
    let more = ("每人每天最多查看几个人的明文", "40");
    admin.does("保存", &[more]).await.shows("已保存");
    wang.submit("保存", &[("诉求人信息保存几个月", "12")])
        .await
        .is(409)
        .shows("每天 40 人");
    wang.submit("保存", &[]).await.is(303);
    let kept = "select teller_months::bigint from personal_rules where tenant_id = ";
    assert_eq!(town.number(&format!("{kept}'{}'", town.tenant)).await, 12);
    // Who may not see the page may not post to it either.
    li.post("/personal", &[("sights", "500")]).await.is(403);
    town.sign_in("audit admin")
        .await
        .opens("/personal")
        .await
        .shows("谁看过明文");
}

#[tokio::test]
async fn a_value_opens_nowhere_else_and_only_its_mask_may_stand_in_the_row() {
    let town = Town::raise().await;
    let (one, other) = (town.told().await, town.told().await);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let tenant = town.tenant;
    town.sql(&format!(
        "update personal_values v set sealed = o.sealed from personal_values o
          where v.tenant_id = '{tenant}' and v.owner_id = '{}' and v.field = 'teller_phone'
            and o.tenant_id = '{tenant}' and o.owner_id = '{}' and o.field = 'teller_phone'",
        id(&one),
        id(&other)
    ))
    .await;
    let li = town.sign_in("community secretary").await;
    li.opens(&one).await;
    li.submit("查看明文", &[])
        .await
        .is(409)
        .shows("内容核对不上")
        .never_names("6053<");
    li.opens(&other).await;
    li.submit("查看明文", &[]).await.is(200);
    let mut app = Sql::app().await;
    for (set, rule) in [
        ("matters set teller_name_mask = '宓韫玉'", "matters_masks"),
        (
            "matters set teller_phone_mask = '12944176053'",
            "matters_masks",
        ),
        ("people set phone_mask = '12944176053'", "people_mask"),
    ] {
        let statement = format!("update {set} where tenant_id = '{tenant}'");
        app.begin(tenant).await;
        assert_eq!(app.refused(&statement).await, rule);
    }
    app.begin(tenant).await;
    let insert =
        "insert into personal_backlog values (gen_random_uuid(), gen_random_uuid(), 'phone', '1')";
    assert!(app.refused(insert).await.contains("permission denied"));
}

#[tokio::test]
async fn keys_change_while_the_program_runs_and_an_old_one_can_go() {
    let mut town = Town::raise_at(MONDAY).await;
    let old = Keys::new_line();
    town.seals_under(Keys::of_text(&old).unwrap());
    town.waives_factors().await;
    let path = town.told().await;
    let system = town.sign_in("system admin").await;
    enters(&system, "温晓东", "12981726354").await;
    let name = old.split(' ').next().unwrap();
    system
        .opens("/keys")
        .await
        .costs_at_most(3)
        .shows(name)
        .shows("全部用现用密钥");
    town.works().await;
    // A new key in front: what is new stands under it, what is old still opens and is found.
    let new = Keys::new_line();
    town.seals_under(Keys::of_text(&format!("{}{}", *new, *old)).unwrap());
    let system = town.sign_in("system admin").await;
    system
        .opens("/keys")
        .await
        .shows("还有 3 条用旧密钥")
        .shows("正在换到现用密钥");
    system.opens("/people").await;
    let number = [("完整电话号码", "12981726354")];
    system.does("按号码找", &number).await.shows("共 1 人");
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await;
    li.submit("查看明文", &[]).await.shows("宓韫玉");
    town.passes(Duration::minutes(2));
    town.works().await;
    let system = town.sign_in("system admin").await;
    system
        .opens("/keys")
        .await
        .shows("全部用现用密钥")
        .shows("本市不再使用");
    // The old key is taken away, and nothing is missed.
    town.seals_under(Keys::of_text(&new).unwrap());
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await;
    li.submit("查看明文", &[])
        .await
        .shows("宓韫玉")
        .shows("129-4417-6053");
    let system = town.sign_in("system admin").await;
    system.opens("/people").await;
    system.does("按号码找", &number).await.shows("共 1 人");
    // A key that is lost is told, and what it sealed is not shown.
    town.seals_under(Keys::of_text(&old).unwrap());
    let system = town.sign_in("system admin").await;
    system
        .opens("/keys")
        .await
        .shows("把那把密钥找回来")
        .shows("密钥文件里没有，内容打不开");
    let li = town.sign_in("community secretary").await;
    li.opens(&path).await.shows("宓*");
    li.submit("查看明文", &[])
        .await
        .is(409)
        .shows("密钥文件里没有它")
        .never_names("宓韫玉");
}

#[tokio::test]
async fn without_keys_nothing_personal_is_saved_and_the_page_says_why() {
    let mut town = Town::raise().await;
    town.seals_under(Keys::default());
    town.waives_factors().await;
    let system = town.sign_in("system admin").await;
    system.opens("/people/new").await;
    let fields = [
        ("姓名", "温晓东"),
        ("身份", "街道干部"),
        ("电话", "12981726354"),
    ];
    system
        .submit("保存", &fields)
        .await
        .is(409)
        .shows("没有可用的密钥");
    system.opens("/keys").await.shows("没有可用的密钥");
    system.opens("/people/new").await;
    system.submit("保存", &fields[..2]).await.is(303);
    assert_eq!(town.sealed().await, 0);
}

#[tokio::test]
async fn what_is_kept_long_enough_is_forgotten_and_the_pages_say_so() {
    let town = Town::raise_at(MONDAY).await;
    let tenant = town.tenant;
    let (open, over) = (town.told().await, town.told().await);
    let li = town.sign_in("community secretary").await;
    li.opens(&format!("{over}?do=reject")).await;
    li.does("确认不予受理", &[("不予受理的理由", "不归这里管。")])
        .await
        .shows("不予受理");
    let system = town.sign_in("system admin").await;
    let left = enters(&system, "温晓东", "12981726354").await;
    let stays = enters(&system, "郝建军", "12981726355").await;
    let id = left.rsplit('/').next().unwrap();
    town.sql(&format!(
        "insert into appointments values ('{tenant}', '{}', '{}', '{id}', '2020-01-01', '2021-01-01')",
        Uuid::now_v7(),
        town.seat("second dispatcher").post
    ))
    .await;
    town.sql(&format!(
        "update people set mail_mask = 'w***@shulin.example' where id = '{id}'"
    ))
    .await;
    assert_eq!(town.sealed().await, 6);
    let worker = town.worker();
    worker.drain().await.unwrap();
    // Three years later, less a day: the number of who left is forgotten, the teller not yet.
    town.passes(Duration::days(3 * 365));
    worker.drain().await.unwrap();
    assert_eq!(town.sealed().await, 5);
    town.passes(Duration::days(2));
    worker.drain().await.unwrap();
    assert_eq!(town.sealed().await, 3, "the open matter and who never left");
    let li = town.sign_in("community secretary").await;
    li.opens(&over)
        .await
        .shows("已按保存期限匿名化")
        .never_names("宓*");
    assert!(!li.page().has_button("查看明文"));
    li.opens(&open).await.shows("宓*");
    let system = town.sign_in("system admin").await;
    system.opens(&left).await.shows("已按保存期限匿名化");
    system.opens(&stays).await.shows("129****6355");
    town.sign_in("security admin")
        .await
        .opens("/personal")
        .await
        .shows("匿名化记录");
    let told = town
        .column(&format!(
            "select sentence from events where tenant_id = '{tenant}' and verb = 'anonymise' order by at"
        ))
        .await;
    let masks = format!("select count(mail_mask) from people where id = '{id}'");
    assert_eq!(town.number(&masks).await, 0);
    assert_eq!(
        told,
        [
            "保存期限已到：0 件事项的诉求人信息、1 名离任人员的电话和邮箱已匿名化，不能恢复。",
            "保存期限已到：1 件事项的诉求人信息、0 名离任人员的电话和邮箱已匿名化，不能恢复。",
        ]
    );
}

/// The number of a room is somebody's home: it is masked everywhere, sealed, looked at like a number,
/// and forgotten with it.
#[tokio::test]
async fn a_room_is_masked_and_sealed_beside_its_teller() {
    let town = Town::raise_at(MONDAY).await;
    let zhu = town.sign_in("grid chief").await;
    let unit = [
        ("楼栋", "金源小区1号楼"),
        ("单元", "金源小区1号楼1单元"),
        ("具体位置", "1单元 4173 室厨房"),
    ];
    let untold = zhu.files(&unit, &[]).await;
    let told = zhu.files(&[&unit[..], &TELLER[..]].concat(), &[]).await;
    let li = town.sign_in("community secretary").await;
    for path in [&untold, &told] {
        li.opens(path).await.shows("1单元 *** 室厨房");
        li.page().never_names("4173");
        li.submit("查看明文", &[])
            .await
            .is(200)
            .shows("1单元 4173 室厨房");
    }
    li.get("/matters.csv").await.is(200).never_names("4173");
    let sights = town
        .column(&format!(
            "select sentence from events where tenant_id = '{}' and verb = 'unmask' order by at, id",
            town.tenant
        ))
        .await;
    assert_eq!(
        sights,
        [
            "查看了房号，用途：联系本人办事。",
            "查看了诉求人的姓名和电话、房号，用途：联系本人办事。"
        ]
    );
    assert_eq!(town.rows_with(&["4173 室"]).await, Vec::<String>::new());
    for path in [&untold, &told] {
        li.opens(&format!("{path}?do=reject")).await;
        li.does("确认不予受理", &[("不予受理的理由", "不归这里管。")])
            .await;
    }
    town.works().await;
    town.passes(Duration::days(4 * 365));
    town.works().await;
    assert_eq!(town.sealed().await, 0);
    let li = town.sign_in("community secretary").await;
    li.opens(&untold).await.shows("1单元 *** 室厨房");
    assert!(!li.page().has_button("查看明文"));
}

#[tokio::test]
async fn what_an_older_program_kept_in_the_clear_is_sealed_by_the_new_one() {
    let town = Town::raise().await;
    let (rows, tenant) = ([town.founding.clone(), town.case_by_hand().1], town.tenant);
    let database = another_database().await;
    let mut sql = Sql::connect(database.clone()).await;
    let before = MIGRATIONS
        .iter()
        .filter(|m| m.version < 960)
        .cloned()
        .collect();
    Migrator::with_migrations(before)
        .run(&mut sql.0)
        .await
        .unwrap();
    for statements in rows {
        sql.run(&statements).await.unwrap();
    }
    sql.run(
        "update matters set teller_name = '宓韫玉', teller_phone = '12944176053';
         update matters set spot = '3号楼1单元502室';
         update people set phone = '0436-8877665', mail = 'chief@fuyu.example' where name = '王丽'",
    )
    .await
    .unwrap();
    MIGRATIONS.run(&mut sql.0).await.unwrap();
    assert_eq!(sql.number("select count(*) from personal_backlog").await, 5);
    assert_eq!(
        sql.column("select spot from matters").await,
        ["3号楼1单元***室"]
    );
    let masks = "select teller_name_mask || ' ' || teller_phone_mask from matters
                 union all select phone_mask || ' ' || mail_mask from people where phone_mask is not null";
    let masks = sql.column(masks).await;
    assert_eq!(masks, ["宓* 129****6053", "043****7665 c***@fuyu.example"]);
    let keys = Keys::of_text(&Keys::new_line()).unwrap();
    let app = App::new(
        database.username("street_whistle_app"),
        Clock::System,
        Doors::default(),
        files(),
    );
    let worker = Worker::of(&app.db, &app.mail);
    worker.drain().await.unwrap();
    assert_eq!(
        sql.number("select count(*) from personal_backlog").await,
        5,
        "no keys yet"
    );
    sql.run("update jobs set run_at = '2000-01-01' where kind = 'personal_tend'")
        .await
        .unwrap();
    worker.sealing(&keys).drain().await.unwrap();
    assert_eq!(sql.number("select count(*) from personal_backlog").await, 0);
    assert_eq!(sql.number("select count(*) from personal_values").await, 5);
    let table = "select string_agg(v::text, '') from personal_values v";
    let text = sql.column(table).await.concat();
    for plain in ["宓韫玉", "8877665", "fuyu", "502室"] {
        assert!(!text.contains(plain), "{plain}");
    }
    let found = street_whistle::org::personal::sought(
        &keys,
        street_whistle::org::TenantId(tenant),
        street_whistle::org::personal::Field::Phone,
        "04368877665",
    );
    let found = found.unwrap();
    let by_digest = format!(
        "select count(*) from personal_values where tenant_id = '{tenant}' and digest = '\\x{}'",
        hexed(&found[0])
    );
    assert_eq!(sql.number(&by_digest).await, 1, "found by its digest");
    app.db.close().await;
    sql.0.close().await.unwrap();
}

#[tokio::test]
async fn a_file_in_the_clear_needs_a_second_person_and_goes_after_a_day() {
    let town = Town::raise_at(MONDAY).await;
    town.told().await;
    let li = town.sign_in("community secretary").await;
    li.opens("/disclosures")
        .await
        .costs_at_most(3)
        .shows("没有您申请的")
        .shows("设置第二因子");
    let fields = [
        ("from", "2026-11-01"),
        ("to", "2026-11-23"),
        ("purpose", "verify"),
        ("words", "核对回访底册"),
    ];
    li.post("/disclosures", &fields)
        .await
        .is(409)
        .shows("须用第二因子登录");
    town.waives_factors().await;
    let li = town.sign_in("community secretary").await;
    li.opens("/disclosures").await;
    let typed = [
        ("上报日期从", "2026-11-01"),
        ("用途", "核对登记信息"),
        ("做什么用", "核对回访底册"),
    ];
    li.submit("提交申请", &[typed[0], typed[2]])
        .await
        .is(422)
        .shows("请选择用途");
    li.opens("/disclosures").await;
    li.submit(
        "提交申请",
        &[("上报日期从", "2026-11-23"), typed[1], ("做什么用", "看")],
    )
    .await
    .is(422);
    li.opens("/disclosures").await;
    let page = li.does("提交申请", &typed).await;
    page.shows("已提交")
        .shows("等街道书记或分管副主任同意")
        .never_names("下载 Excel");
    let id = town
        .column(&format!(
            "select id::text from disclosures where tenant_id = '{}'",
            town.tenant
        ))
        .await
        .concat();
    let at = |end: &str| format!("/disclosures/{id}/{end}");
    li.get(&at("file")).await.is(409).shows("现在不能取");
    li.post(&at("granting"), &[])
        .await
        .is(409)
        .shows("另一个人同意");
    // Another street, another kind of post: it does not exist there.
    for called in [
        "other secretary",
        "system admin",
        "security admin",
        "north secretary",
    ] {
        town.sign_in(called)
            .await
            .post(&at("granting"), &[])
            .await
            .is(404);
    }
    let zhou = town.sign_in("street deputy").await;
    zhou.opens("/inbox").await.shows("申请导出个人信息，请决定");
    zhou.opens("/disclosures")
        .await
        .costs_at_most(3)
        .shows("(等您决定)")
        .shows("核对回访底册");
    zhou.submit("退回申请", &[("不同意的理由", "")])
        .await
        .is(422)
        .shows("请填写不同意的理由");
    zhou.opens("/disclosures").await;
    zhou.does("同意", &[]).await.shows("已同意");
    zhou.get(&at("file")).await.is(409);
    zhou.post(&at("denial"), &[("reason", "晚了")])
        .await
        .is(409)
        .shows("刚有人决定过");
    li.opens("/disclosures").await.shows("(已同意)");
    let book = li.get(&at("file")).await;
    book.is(200);
    let rows = cells(&book.bytes);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1][4], "宓韫玉");
    assert_eq!(rows[1][5], "129-4417-6053");
    assert!(
        rows[1][6].contains("李秀英 2026-11-23 09:00 导出，严禁外传"),
        "{rows:?}"
    );
    li.opens("/disclosures").await.shows("已取 1 次");
    town.passes(Duration::hours(24));
    let li = town.sign_in("community secretary").await;
    li.opens("/disclosures").await.shows("(已过期) 取过 1 次");
    li.get(&at("file")).await.is(409);
    // The register of people: the system administrator asks, the security administrator decides.
    let system = town.sign_in("system admin").await;
    enters(&system, "温晓东", "12981726354").await;
    system.opens("/disclosures").await;
    system
        .does("提交申请", &typed[1..])
        .await
        .shows("等安全管理员同意");
    let wang = town.sign_in("security admin").await;
    wang.opens("/disclosures").await.shows("人员电话，1 行");
    wang.does("退回申请", &[("不同意的理由", "逐个查看就够了。")])
        .await
        .shows("已退回");
    system.opens("/disclosures").await.shows("逐个查看就够了。");
    let verbs = town
        .column(&format!(
            "select verb from events where tenant_id = '{}' and verb like '%personal' order by at, id",
            town.tenant
        ))
        .await;
    assert_eq!(
        verbs,
        [
            "ask_personal",
            "let_personal",
            "take_personal",
            "ask_personal",
            "deny_personal"
        ]
    );
    assert_eq!(town.rows_with(&SECRETS).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_lets_his_own_file_be_made_whatever_post_he_acts_for() {
    let town = Town::raise_at(MONDAY).await;
    town.told().await;
    town.waives_factors().await;
    let tenant = town.tenant;
    let sun = town.sign_in("street secretary").await;
    sun.opens("/disclosures").await;
    let typed = [
        ("上报日期从", "2026-11-01"),
        ("用途", "核对登记信息"),
        ("做什么用", "核对回访底册"),
    ];
    sun.does("提交申请", &typed).await.shows("已提交");
    let page = sun.opens("/disclosures").await;
    assert!(!page.has_button("同意"), "not on the own request");
    let (person, post) = (
        town.seat("street secretary").person,
        town.seat("street deputy").post,
    );
    let mut app = Sql::app().await;
    app.begin(tenant).await;
    let statement = format!(
        "update disclosures set decided_at = now(), decided_by = '{person}', decided_post = '{post}',
                decided_kind = 'street_deputy', is_granted = true, expires_at = now() where tenant_id = '{tenant}'"
    );
    assert_eq!(app.refused(&statement).await, "disclosures_second_person");
}
