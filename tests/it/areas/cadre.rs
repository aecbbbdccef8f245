//! Cadre records: what they say is sealed in the database, opened for few, and every reading is kept.

use chrono::Duration;
use street_whistle::base::seal::Keys;

use crate::harness::{Page, Person, Town};

/// Monday morning.
const MORNING: &str = "2026-11-23T01:00:00Z";

/// What nobody may find outside the pages of those who opened it.
const SECRETS: [&str; 16] = [
    "欧阳知秋",
    "城南管理所副所长",
    "拟任管理所所长",
    "三年到岗处置八十七次",
    "大人发甲字九号",
    "群众多次反映态度生硬",
    "街道党工委第九次会议",
    "已约谈本人并延长试用",
    "局党组第四次会议",
    "没有回应态度问题",
    "部门应当说明约谈结果",
    "试用期满再征求街道意见",
    "局党组第五次会议",
    "同意按期满再议",
    "suggest",
    "appointment",
];

const SUBJECT: [(&str, &str); 7] = [
    ("征求哪个街道", "慧阳街道"),
    ("姓名", SECRETS[0]),
    ("职务", SECRETS[1]),
    ("事项", "任免"),
    ("拟定意见", SECRETS[2]),
    ("情况说明", SECRETS[3]),
    ("来文依据", SECRETS[4]),
];

const OPINION: [(&str, &str); 4] = [
    ("意见", "有修改建议"),
    ("意见内容", SECRETS[5]),
    ("决定机构", SECRETS[6]),
    ("决定日期", "2026-11-23"),
];

const ANSWER: [(&str, &str); 4] = [
    ("答复", "部分采纳"),
    ("答复内容", SECRETS[7]),
    ("决定机构", SECRETS[8]),
    ("决定日期", "2026-11-23"),
];

const OBJECTION: [(&str, &str); 3] = [
    ("表态", "提出异议，请市治理办裁定"),
    ("部门答复得怎样", "1"),
    ("理由", SECRETS[9]),
];

const RULING: [(&str, &str); 2] = [
    ("怎样裁定", "支持街道异议，部门重新答复"),
    ("裁定理由", SECRETS[10]),
];

const AGAIN: [(&str, &str); 4] = [
    ("答复", "未采纳"),
    ("答复内容", SECRETS[11]),
    ("决定机构", SECRETS[12]),
    ("决定日期", "2026-11-23"),
];

const ACCEPTED: [(&str, &str); 3] = [
    ("表态", "认可"),
    ("部门答复得怎样", "4"),
    ("理由", SECRETS[13]),
];

fn with_day(day: &'static str) -> Vec<(&'static str, &'static str)> {
    [&SUBJECT[..], &[("拟决定日期", day)]].concat()
}

fn path_of(location: &str) -> String {
    location.split('?').next().unwrap_or_default().to_owned()
}

impl Town {
    /// The head of housing asks 慧阳街道 about a cadre; answers the record's path.
    async fn asks_about_a_cadre(&self, day: &'static str) -> String {
        let head = self.sign_in("housing head").await;
        head.opens("/powers/cadre/new").await;
        let page = head.submit("征求意见", &with_day(day)).await;
        page.is(303);
        path_of(page.location())
    }

    /// The same with an opinion, an answer, an objection, a ruling, another answer, and its end.
    async fn tells_all_about_a_cadre(&self) -> String {
        let path = self.asks_about_a_cadre("2026-12-15").await;
        for (who, button, fields) in [
            ("street secretary", "提出意见", &OPINION[..]),
            ("housing head", "答复街道", &ANSWER[..]),
            ("street secretary", "表态", &OBJECTION[..]),
            ("city office", "作出裁定", &RULING[..]),
            ("housing head", "答复街道", &AGAIN[..]),
            ("street secretary", "表态", &ACCEPTED[..]),
        ] {
            let page = self.acts(who, &path, button, fields).await;
            says_nothing(&page);
        }
        path
    }

    /// Time passes, and the minute's sweep comes.
    async fn waits_for_a_sweep(&self, time: Duration) {
        self.works().await;
        self.passes(time);
        self.works().await;
    }

    /// Somebody reads the record.
    async fn reads(&self, who: &str, path: &str) -> Page {
        let person = self.sign_in(who).await;
        person.opens(path).await;
        person.submit("查阅内容", &[]).await
    }

    /// Every column of every table in which one of the secrets stands, in whatever form.
    async fn leaks(&self) -> Vec<String> {
        let columns = "select format('%I', table_name) || '|' || format('%I', column_name) || '|' || data_type
                         from information_schema.columns
                        where table_schema = 'public'
                          and data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED')";
        let mut leaks = Vec::new();
        for column in self.column(columns).await {
            let [table, name, kind] = column.split('|').collect::<Vec<_>>()[..] else {
                panic!("{column}");
            };
            let found: Vec<String> = SECRETS
                .iter()
                .filter(|secret| !secret.is_ascii() || table.starts_with("exercise"))
                .map(|secret| {
                    let stands = match kind {
                        "bytea" => {
                            format!("position(convert_to('{secret}', 'UTF8') in {name}) > 0")
                        }
                        _ => format!("{name}::text like '%{secret}%'"),
                    };
                    // A code is no secret where another town says it of something else.
                    if secret.is_ascii() {
                        format!("tenant_id = '{}' and {stands}", self.tenant)
                    } else {
                        stands
                    }
                })
                .collect();
            let query = format!("select count(*) from {table} where {}", found.join(" or "));
            if self.number(&query).await > 0 {
                leaks.push(column);
            }
        }
        leaks
    }
}

/// Nothing of what was said stands on a page.
#[track_caller]
fn says_nothing(page: &Page) {
    for secret in SECRETS.iter().filter(|s| !s.is_ascii()) {
        assert!(!page.body.contains(secret), "{} says {secret}", page.asked);
    }
}

#[tokio::test]
async fn a_cadre_record_lives_sealed_from_the_question_to_its_end() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let head = town.sign_in("housing head").await;
    head.opens("/powers/new").await.shows("干部考评征求意见");
    let form = head.follows("干部考评征求意见").await;
    form.costs_at_most(5).shows("填写的内容加密保存。");
    let form = form.form("征求意见", &with_day("2026-12-15"));
    let first = head.send_form(&form).await;
    first.is(303);
    head.send_form(&form).await.is(303);
    let count = format!(
        "select count(*) from power_exercises where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 1, "a double click acts once");
    let path = path_of(first.location());
    let secretary = town.sign_in("street secretary").await;
    let list = secretary.opens("/powers/records").await;
    list.costs_at_most(3)
        .shows("待我办 1")
        .shows("干部考评建议")
        .shows("还剩 5 个工作日");
    says_nothing(&list);
    says_nothing(&secretary.opens("/").await);
    let page = secretary.opens(&path).await;
    page.costs_at_most(3)
        .shows("已加密，查阅后显示")
        .shows("还没有人查阅过。");
    says_nothing(&page);
    let read = secretary.submit("查阅内容", &[]).await;
    read.is(200)
        .shows(SECRETS[0])
        .shows(SECRETS[3])
        .shows("任免")
        .shows("共 1 次")
        .shows("孙建平");
    assert_eq!(read.headers["cache-control"], "no-store");
    let opined = secretary.does("提出意见", &OPINION).await;
    says_nothing(&opined);
    head.opens(&path).await;
    head.submit("查阅内容", &[])
        .await
        .shows("有修改建议")
        .shows(SECRETS[5])
        .shows(SECRETS[6])
        .shows("共 2 次");
    says_nothing(&head.does("答复街道", &ANSWER).await);
    secretary.opens(&path).await;
    secretary.does("表态", &OBJECTION).await;
    let office = town.sign_in("city office").await;
    office.opens("/powers/records").await.shows("待我办 1");
    office.opens(&path).await;
    office.submit("查阅内容", &[]).await.shows(SECRETS[9]);
    office.does("作出裁定", &RULING).await;
    head.opens(&path).await;
    head.does("答复街道", &AGAIN).await;
    secretary.opens(&path).await;
    let end = secretary.does("表态", &ACCEPTED).await;
    end.shows("已办结");
    says_nothing(&end);
    let all = town.reads("housing head", &path).await;
    for secret in SECRETS.iter().filter(|s| !s.is_ascii()) {
        all.shows(secret);
    }
    all.shows("重新答复").shows("评 4 分").shows("共 4 次");
    let leaks = town.leaks().await;
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[tokio::test]
async fn a_street_proposes_and_falls_silent_without_a_word_in_the_clear() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let secretary = town.sign_in("street secretary").await;
    secretary.opens("/powers/cadre/new").await;
    let proposal = [
        &[("向哪个部门", "住房和城乡建设局（涉及街区的事项）")],
        &SUBJECT[1..],
    ]
    .concat();
    let page = secretary.does("提出建议", &proposal).await;
    page.shows("待部门答复");
    let path = path_of(&page.path);
    town.acts("housing head", &path, "答复街道", &ANSWER).await;
    town.waits_for_a_sweep(Duration::days(10)).await;
    let page = town.reads("street secretary", &path).await;
    page.shows(SECRETS[0])
        .shows(SECRETS[7])
        .shows("逾期未表态，视为认可");
    let asked = town.asks_about_a_cadre("2026-12-25").await;
    town.waits_for_a_sweep(Duration::days(10)).await;
    let head = town.sign_in("housing head").await;
    head.opens(&asked)
        .await
        .shows("逾期未答，视为无意见")
        .shows("待部门答复");
    assert!(
        !head.page().has_button("撤回这件"),
        "what the street has answered must be answered"
    );
    let other = town.asks_about_a_cadre("2027-01-15").await;
    let head = town.sign_in("housing head").await;
    head.opens(&other).await;
    head.does("撤回这件", &[]).await.shows("由提起方撤回。");
    assert!(town.leaks().await.is_empty());
}

#[tokio::test]
async fn who_may_not_read_it_does_not_find_it_anywhere() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let path = town.asks_about_a_cadre("2026-12-15").await;
    let before = town.condensed().await;
    let number = town
        .text(&format!(
            "select number from power_exercises where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    for called in [
        "city leader",
        "street deputy",
        "street dispatcher",
        "street checker",
        "other secretary",
        "other dispatcher",
        "housing clerk",
        "enforcement head",
        "water head",
    ] {
        let person = town.sign_in(called).await;
        person.get(&path).await.is(404);
        person.post(&format!("{path}/reading"), &[]).await.is(404);
        every_step(&person, &path).await;
        for list in ["/powers/records?tab=all", "/powers/records.csv?tab=all"] {
            let page = person.get(list).await;
            page.is(200);
            assert!(!page.body.contains(&number), "{called} finds it in {list}");
        }
        for list in ["/", "/inbox"] {
            let page = person.get(list).await;
            assert!(
                !page.body.contains("干部考评"),
                "{called} hears of it at {list}"
            );
        }
    }
    // A community has no business with the five powers at all.
    let community = town.sign_in("community secretary").await;
    community.get(&path).await.is(403);
    // Who may read it finds it in no file and by none of its words.
    for called in ["housing head", "street secretary", "city office"] {
        let person = town.sign_in(called).await;
        let csv = person.get("/powers/records.csv?tab=all").await;
        assert!(!csv.body.contains(&number) && !csv.body.contains("干部考评"));
        let found = format!("/powers/records?tab=all&q={}", SECRETS[0]);
        person.opens(&found).await.shows("共 0");
        person.opens("/powers/records?tab=all").await.shows("共 1");
    }
    for called in ["street deputy", "housing clerk", "city leader"] {
        let person = town.sign_in(called).await;
        person.get("/powers/cadre/new").await.is(403);
        person.post("/powers/cadre", &[]).await.is(403);
        let new = person.get("/powers/new?power=cadre").await;
        assert!(!new.says("干部考评"), "{called}");
    }
    town.sign_in("city office")
        .await
        .get("/powers/cadre/new")
        .await
        .is(403);
    assert_eq!(before, town.condensed().await);
}

/// Nothing is done to a record that one does not find.
async fn every_step(person: &Person, path: &str) {
    for step in ["opinion", "minutes", "answer", "reaction", "withdrawal"] {
        let fields = [("version", "1"), ("words", "试一试")];
        let page = person.post(&format!("{path}/{step}"), &fields).await;
        let never = person.get("/powers/new").await.status() == 403;
        page.is(if never { 403 } else { 404 });
    }
}

#[tokio::test]
async fn each_reading_is_kept_with_its_event_and_the_timeline_stays_short() {
    let town = Town::raise_at(MORNING).await;
    town.empower().await;
    let path = town.tells_all_about_a_cadre().await;
    for _ in 0..12 {
        town.reads("street secretary", &path).await.is(200);
        town.reads("city office", &path).await.is(200);
    }
    let counts = format!(
        "select (select count(*) from exercise_readings r where r.tenant_id = '{0}') || ' ' ||
                (select count(*) from events e where e.tenant_id = '{0}' and e.verb = 'read')",
        town.tenant
    );
    assert_eq!(town.text(&counts).await, "24 24");
    let page = town.sign_in("housing head").await.opens(&path).await;
    page.costs_at_most(3)
        .shows("共 24 次，列出最近 20 次")
        .shows("慧阳街道 党工委书记 孙建平")
        .shows("共 7 条");
}

#[tokio::test]
async fn without_its_key_or_out_of_its_place_nothing_opens() {
    let mut town = Town::raise_at(MORNING).await;
    let old = Keys::new_line();
    town.seals_under(Keys::of_text(&old).unwrap());
    town.empower().await;
    let path = town.asks_about_a_cadre("2026-12-15").await;
    let second = town.asks_about_a_cadre("2026-12-16").await;
    let before = town.condensed().await;
    let (new, name) = (Keys::new_line(), old.split(' ').next().unwrap());
    let same_name = format!("{name} {}", new.split_once(' ').unwrap().1);
    for (keys, sentence) in [
        (Keys::default(), "没有可用的密钥"),
        (Keys::of_text(&new).unwrap(), "密钥文件里没有它"),
        (Keys::of_text(&same_name).unwrap(), "内容核对不上"),
    ] {
        town.seals_under(keys);
        let page = town.reads("street secretary", &path).await;
        page.is(409).shows(sentence);
        says_nothing(&page);
    }
    town.seals_under(Keys::default());
    let head = town.sign_in("housing head").await;
    head.opens("/powers/cadre/new").await;
    head.submit("征求意见", &with_day("2026-12-15"))
        .await
        .is(409)
        .shows("没有可用的密钥");
    let secretary = town.sign_in("street secretary").await;
    secretary.opens(&path).await;
    secretary.submit("提出意见", &OPINION).await.is(409);
    assert_eq!(before, town.condensed().await, "nothing is kept or read");
    // A new key in front opens what the old one sealed, and seals what comes.
    town.seals_under(Keys::of_text(&format!("{}{}", *new, *old)).unwrap());
    town.reads("street secretary", &path)
        .await
        .is(200)
        .shows(SECRETS[0]);
    town.acts("street secretary", &path, "提出意见", &OPINION)
        .await;
    let names = format!(
        "select count(distinct key_name) from exercise_secrets where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&names).await, 2);
    town.reads("housing head", &path).await.shows(SECRETS[5]);
    // A part of another record, and a byte that is another.
    let (tenant, id) = (town.tenant, second.rsplit('/').next().unwrap());
    let first = path.rsplit('/').next().unwrap();
    for change in [
        format!(
            "update exercise_secrets s set sealed = o.sealed, key_name = o.key_name from exercise_secrets o
              where s.tenant_id = '{tenant}' and s.exercise_id = '{id}' and s.part = 'subject'
                and o.tenant_id = '{tenant}' and o.exercise_id = '{first}' and o.part = 'subject'"
        ),
        format!(
            "update exercise_secrets set sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1)
              where tenant_id = '{tenant}' and exercise_id = '{first}' and part = 'opinion'"
        ),
    ] {
        town.sql(&change).await;
    }
    for path in [&path, &second] {
        let page = town.reads("housing head", path).await;
        page.is(409).shows("内容核对不上");
        says_nothing(&page);
    }
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_is_late_is_noted() {
    let town = Town::raise_at(MORNING).await;
    let head = town.sign_in("housing head").await;
    head.opens("/powers/cadre/new")
        .await
        .shows("现在不能征求或提出干部考评建议");
    town.empower().await;
    let before = town.condensed().await;
    for (field, value, sentence) in [
        ("征求哪个街道", "请选择", "请选择街道。"),
        ("姓名", "", "请填写姓名。"),
        ("职务", "", "请填写职务。"),
        ("拟定意见", "", "请填写拟定意见。"),
        ("情况说明", "无", "情况说明太短，至少写 2 个字。"),
        ("拟决定日期", "2026-11-24", "决定日期最早写 2026-11-30。"),
        ("拟决定日期", "", "拟决定日期写成 2026-11-23 这样的日期。"),
    ] {
        let mut fields = with_day("2026-12-15");
        let at = fields.iter().position(|f| f.0 == field).unwrap();
        fields[at].1 = value;
        head.opens("/powers/cadre/new").await;
        let page = head.submit("征求意见", &fields).await;
        page.is(422).shows(sentence);
    }
    assert_eq!(before, town.condensed().await);
    let path = town.asks_about_a_cadre("2026-12-01").await;
    let late = format!(
        "select count(*) from power_violations where tenant_id = '{}' and kind = 'asked_late'",
        town.tenant
    );
    assert_eq!(town.number(&late).await, 1);
    let secretary = town.sign_in("street secretary").await;
    secretary.opens(&path).await;
    let form = secretary.page().form("提出意见", &OPINION);
    let stale = [
        ("version", "9"),
        ("kind", "agree"),
        ("body", "街道党工委会议"),
        ("decided_on", "2026-11-23"),
    ];
    secretary
        .post(&format!("{path}/opinion"), &stale)
        .await
        .is(409)
        .shows("这件记录刚被别人办过一步");
    secretary.send_form(&form).await.is(303);
    secretary.send_form(&form).await.is(303);
    let twice = town.sign_in("street secretary").await;
    let version = [("version", "2"), stale[1], stale[2], stale[3]];
    twice
        .post(&format!("{path}/opinion"), &version)
        .await
        .is(409)
        .shows("这一步已经办过了");
    head.opens(&path).await;
    let unsaid = [ANSWER[0], ("答复内容", ""), ANSWER[2], ANSWER[3]];
    head.submit("答复街道", &unsaid)
        .await
        .is(422)
        .shows("请写明街道意见怎样运用");
}
