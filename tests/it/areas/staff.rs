//! People, posts and accounts: entered by the system administrator, appointed and given accounts
//! by the security administrator, seen by all three and by nobody else.

use chrono::Duration;

use crate::harness::{PASSWORD, Page, Person, Step, Town, all_at_once};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";
const NEW: &str = "Xin-mima-2027";

/// Enters somebody; says where the page of the person is.
async fn enters(admin: &Person, name: &str, more: &[(&str, &str)]) -> String {
    admin.opens("/people/new").await;
    let mut fields = vec![("姓名", name), ("身份", "街道干部")];
    fields.extend_from_slice(more);
    let answer = admin.submit("保存", &fields).await;
    answer.is(303);
    let place = answer.location().split('?').next().unwrap().to_owned();
    admin.opens(&place).await.shows(name);
    place
}

/// Appoints somebody to a post from a day on.
async fn appoints(admin: &Person, post: &str, name: &str, from: &str) -> Page {
    admin
        .opens(&format!("{post}/appointment?q={}", urlencoded(name)))
        .await;
    admin.submit("确认任命", &[("任职日期", from)]).await
}

fn urlencoded(words: &str) -> String {
    crate::harness::encoded(&[("q", words)])[2..].to_owned()
}

/// Makes an account or a new password; says what the slip says: name and password.
async fn slip(admin: &Person, person: &str, button: &str) -> (String, String) {
    admin.opens(&format!("{person}/account")).await;
    let page = admin.submit(button, &[]).await;
    page.is(200).shows("只显示这一次");
    let codes = page.all_words_at(".slip code");
    (codes[0].clone(), codes[1].clone())
}

fn post_of(town: &Town, called: &str) -> String {
    format!("/staffing/{}", town.seat(called).post)
}

fn person_of(town: &Town, called: &str) -> String {
    format!("/people/{}", town.seat(called).person)
}

/// Somebody at the door with a name and a word.
async fn knocks(town: &Town, login: &str, word: &str) -> Page {
    let visitor = town.visitor();
    visitor.opens("/sign-in").await;
    visitor
        .submit("登录", &[("账号", login), ("密码", word)])
        .await
}

#[tokio::test]
async fn a_person_is_entered_once_and_changes_name_both_sides() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    let phone = [("电话", "12900000001"), ("编制单位", "财政局")];
    let place = enters(&system, "温晓东", &phone).await;
    system
        .opens(&place)
        .await
        .costs_at_most(3)
        .shows("129****0001")
        .never_names("12900000001")
        .shows("温晓东，街道干部。");
    system.opens("/people/new").await;
    let again = [("姓名", "温晓东"), ("身份", "居民")];
    let asked = system.submit("保存", &again).await;
    asked.is(422).shows("已有同名的人：温晓东（街道干部）");
    let another = [
        ("姓名", "温晓东"),
        ("身份", "居民"),
        ("同名，是另一个人", "1"),
    ];
    system.submit("保存", &another).await.is(303);

    system.opens(&format!("{place}/edit")).await;
    system
        .does("保存", &[("身份", "社区工作者")])
        .await
        .shows("已保存")
        .shows("身份：街道干部 → 社区工作者。")
        .shows("129****0001");
    system.opens(&format!("{place}/edit")).await;
    system
        .does("保存", &[("不再留电话", "1")])
        .await
        .shows("电话：129****0001 → 空。");
    system.opens(&format!("{place}/edit")).await;
    let same = system.submit("保存", &[]).await;
    same.is(409).shows("没有改动，不用保存");
}

#[tokio::test]
async fn what_is_wrong_with_a_person_stands_beside_its_field() {
    let town = Town::raise_at(MONDAY).await;
    let system = town.sign_in("system admin").await;
    for (fields, sentence) in [
        ([("姓名", ""), ("身份", "居民")], "请填写姓名。"),
        ([("姓名", "温晓东"), ("身份", "")], "请选择身份。"),
        ([("姓名", "温晓东"), ("电话", "没有")], "电话只写数字"),
        ([("姓名", "温晓东"), ("编制单位", "局")], "至少写 2 个字"),
    ] {
        system.opens("/people/new").await;
        let page = system.submit("保存", &fields).await;
        page.is(422).shows(sentence);
    }
    let count = format!(
        "select count(*) from people where tenant_id = '{}' and name = '温晓东'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 0);
}

#[tokio::test]
async fn two_who_change_one_person_lose_nothing() {
    let town = Town::raise_at(MONDAY).await;
    let [one, two] = [
        town.sign_in("system admin").await,
        town.sign_in("system admin").await,
    ];
    let place = format!("{}/edit", person_of(&town, "grid chief"));
    one.opens(&place).await;
    two.opens(&place).await;
    one.does("保存", &[("编制单位", "民政局")]).await;
    let stale = two.submit("保存", &[("编制单位", "审计局")]).await;
    stale.is(409).shows("编制单位民政局");
    assert_eq!(
        stale.attribute("#home_unit", "value").as_deref(),
        Some("审计局")
    );
    two.does("保存", &[])
        .await
        .shows("编制单位：民政局 → 审计局。");
}

#[tokio::test]
async fn a_vacant_post_is_filled_and_the_new_holder_signs_in_with_a_slip() {
    let town = Town::raise_at(MONDAY).await;
    town.whistle("日常哨", Step::Drafted).await;
    let (system, security) = (
        town.sign_in("system admin").await,
        town.sign_in("security admin").await,
    );
    let wang = town.sign_in("street dispatcher").await;
    let post = post_of(&town, "street dispatcher");
    security
        .opens(&format!("{post}/relief"))
        .await
        .shows("哨单 1 件留在职务上");
    let fields = [("任职到哪天", "2026-11-22"), ("免职理由", "调离街道")];
    security
        .does("确认免职", &fields)
        .await
        .shows("空缺期间没有人办")
        .shows("王丽任慧阳街道·指挥调度中心值班员到 2026-11-22：调离街道");
    wang.get("/").await.is(303);
    security
        .opens("/staffing?state=vacant")
        .await
        .shows("| 慧阳街道 | 指挥调度中心值班员 | (空缺) |");

    let person = enters(&system, "温晓东", &[]).await;
    appoints(&security, &post, "温晓东", "2026-11-23")
        .await
        .is(303);
    security
        .opens(&post)
        .await
        .shows("| 温晓东 | 2026-11-23 起 |")
        .shows("温晓东任慧阳街道·指挥调度中心值班员，自 2026-11-23 起。");
    let (login, word) = slip(&security, &person, "开通并显示账号条").await;
    assert_eq!(login, "wenxiaodong");
    knocks(&town, &login, &word).await.goes_to("/");
    let wen = town.visitor();
    wen.opens("/sign-in").await;
    wen.submit("登录", &[("账号", &login), ("密码", &word)])
        .await;
    wen.get("/whistles").await.goes_to("/password");
    wen.opens("/password").await;
    let fields = [
        ("原密码", word.as_str()),
        ("新密码", NEW),
        ("再输一次新密码", NEW),
    ];
    wen.does("保存新密码", &fields).await;
    wen.opens("/handover").await.shows("王丽");
    assert!(
        wen.opens("/")
            .await
            .frame()
            .contains("慧阳街道·指挥调度中心值班员 温晓东")
    );
}

#[tokio::test]
async fn one_step_relieves_one_and_appoints_the_next_from_a_day_ahead() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let system = town.sign_in("system admin").await;
    enters(&system, "温晓东", &[]).await;
    let post = post_of(&town, "street checker");
    let page = security.opens(&format!("{post}/appointment")).await;
    page.shows("现在是吴敏，新的人到任那天接替");
    appoints(&security, &post, "温晓东", "2026-12-01")
        .await
        .is(303);
    security
        .opens(&post)
        .await
        .shows("吴敏")
        .shows("接任：温晓东 ，2026-12-01 起");
    // Until then nothing else may be arranged; taken back, it may.
    let second = appoints(&security, &post, "冯涛", "2026-11-24").await;
    second.is(409).shows("已安排温晓东自 2026-12-01 起任职");
    security.opens(&post).await;
    security
        .does("取消任命", &[])
        .await
        .shows("已取消任命")
        .shows("| 已取消");
    town.passes(Duration::days(10));
    let security = town.sign_in("security admin").await;
    security.opens(&post).await.shows("空缺");
    appoints(&security, &post, "温晓东", "2026-12-03")
        .await
        .is(303);
    security
        .opens(&post)
        .await
        .shows("| 温晓东 | 2026-12-03 起 |");
    // The chain's page knows nothing of what was taken back.
    let street = town.sign_in("street secretary").await;
    street
        .opens(&format!("/chain/{}", town.node("huiyang")))
        .await
        .shows("温晓东");
}

#[tokio::test]
async fn an_administrator_holds_nothing_else() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    for (post, name) in [("street checker", "戚明"), ("audit admin", "王丽")] {
        let refused = appoints(&security, &post_of(&town, post), name, "2026-11-23").await;
        refused.is(409).shows("三员互斥");
    }
    security
        .opens(&post_of(&town, "street checker"))
        .await
        .shows("吴敏");
}

#[tokio::test]
async fn the_last_security_administrator_stays() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let post = post_of(&town, "security admin");
    security.opens(&format!("{post}/relief")).await;
    let fields = [("任职到哪天", "2026-11-23"), ("免职理由", "轮岗")];
    let refused = security.submit("确认免职", &fields).await;
    refused.is(409).shows("没有能登录的安全管理员");
    let own = person_of(&town, "security admin");
    security.opens(&format!("{own}/account/closing")).await;
    let refused = security.submit("确认停用", &[("停用理由", "轮岗")]).await;
    refused.is(409).shows("没有能登录的安全管理员");
    // Whoever follows needs an account first.
    let system = town.sign_in("system admin").await;
    let person = enters(&system, "温晓东", &[]).await;
    let refused = appoints(&security, &post, "温晓东", "2026-11-23").await;
    refused.is(409).shows("没有能登录的安全管理员");
    slip(&security, &person, "开通并显示账号条").await;
    appoints(&security, &post, "温晓东", "2026-11-24")
        .await
        .is(303);
    security
        .opens(&post)
        .await
        .shows("任职人：谢安")
        .shows("接任：温晓东 ，2026-11-24 起");
}

#[tokio::test]
async fn the_last_two_do_not_remove_one_another() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let system = town.sign_in("system admin").await;
    let person = enters(&system, "温晓东", &[]).await;
    let (login, word) = slip(&security, &person, "开通并显示账号条").await;
    security.opens("/staffing/new").await;
    let fields = [("职务类别", "安全管理员"), ("职务名称", "安全管理员")];
    let set = security.submit("设立职务", &fields).await;
    let post = set.is(303).location().split('?').next().unwrap().to_owned();
    appoints(&security, &post, "温晓东", "2026-11-23")
        .await
        .is(303);
    let wen = town.visitor();
    wen.opens("/sign-in").await;
    wen.submit("登录", &[("账号", &login), ("密码", &word)])
        .await;
    wen.opens("/password").await;
    let fields = [
        ("原密码", word.as_str()),
        ("新密码", NEW),
        ("再输一次新密码", NEW),
    ];
    wen.submit("保存新密码", &fields).await.is(303);
    wen.sets_up_a_factor().await;
    wen.opens(&format!(
        "{}/account/closing",
        person_of(&town, "security admin")
    ))
    .await;
    security.opens(&format!("{person}/account/closing")).await;
    let reason = [("停用理由", "轮岗")];
    let answers = all_at_once([
        wen.submit("确认停用", &reason),
        security.submit("确认停用", &reason),
    ])
    .await;
    // The other is sent out or told so, depending on where the first overtook.
    let mut statuses: Vec<u16> = answers.iter().map(Page::status).collect();
    statuses.sort_unstable();
    assert!(matches!(statuses[..], [303, 401 | 409]), "{statuses:?}");
    let closed = format!(
        "select count(*) from accounts where tenant_id = '{}' and closed_at is not null",
        town.tenant
    );
    assert_eq!(town.number(&closed).await, 1);
}

#[tokio::test]
async fn a_slip_is_shown_once_and_runs_out() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let person = person_of(&town, "grid chief");
    security.opens(&format!("{person}/account")).await;
    let form = security.page().form("重置并显示账号条", &[]);
    let first = security.send_form(&form).await;
    first.is(200);
    let word = first.all_words_at(".slip code")[1].clone();
    let second = security.send_form(&form).await;
    second.is(303);
    security
        .opens(second.location())
        .await
        .shows("密码不再显示")
        .never_names(&word);
    // The old password is no more, the new one holds a week.
    knocks(&town, "grid.chief", PASSWORD).await.is(422);
    town.passes(Duration::days(7));
    knocks(&town, "grid.chief", &word)
        .await
        .is(422)
        .shows("首次密码已过期");
    let security = town.sign_in("security admin").await;
    security.opens(&person).await.shows("首次密码已过期");
    let kept = format!(
        "select count(*) from events where tenant_id = '{}' and sentence like '%{word}%'",
        town.tenant
    );
    assert_eq!(town.number(&kept).await, 0);
}

#[tokio::test]
async fn an_account_is_unlocked_closed_opened_again_and_sent_out() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let person = person_of(&town, "grid chief");
    for _ in 0..5 {
        // From elsewhere: the door locks addresses too.
        let stranger = town.visitor().from([10, 0, 0, 9]);
        stranger.opens("/sign-in").await;
        let fields = [("账号", "grid.chief"), ("密码", "falsch")];
        stranger.submit("登录", &fields).await.is(422);
    }
    security
        .opens(&person)
        .await
        .shows("已锁定，到 2026-11-23 14:20 自动解锁");
    security.does("解锁", &[]).await.shows("已解锁");
    let zhu = town.sign_in("grid chief").await;
    security.opens(&person).await.shows("已登录的设备");
    security.does("强制退出", &[]).await.shows("那台设备已退出");
    zhu.get("/").await.is(303);

    let zhu = town.sign_in("grid chief").await;
    security.opens(&format!("{person}/account/closing")).await;
    let empty = security.submit("确认停用", &[]).await;
    empty.is(422).shows("请填写停用理由");
    security
        .does("确认停用", &[("停用理由", "长期外派")])
        .await
        .shows("已停用：长期外派");
    zhu.get("/").await.is(303);
    knocks(&town, "grid.chief", PASSWORD)
        .await
        .is(422)
        .shows("账号已停用");
    // A wrong word is not told that the account is closed.
    knocks(&town, "grid.chief", "falsch")
        .await
        .never_names("账号已停用");
    security.opens(&person).await;
    security.does("恢复账号", &[]).await.shows("原密码仍可用");
    knocks(&town, "grid.chief", PASSWORD).await.goes_to("/");
}

#[tokio::test]
async fn a_post_is_set_up_where_it_belongs_and_abolished_when_nobody_holds_it() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let unit = format!("/staffing?unit={}", town.node("south"));
    security
        .opens(&unit)
        .await
        .shows("| 城南社区 | 社区书记 | 李秀英 |");
    security.follows("在这里设立职务").await;
    let wrong = security.submit("设立职务", &[("职务名称", "副书记")]).await;
    wrong.is(422).shows("请选择职务类别");
    let fields = [("职务类别", "社区工作者"), ("职务名称", "社区副书记")];
    security
        .does("设立职务", &fields)
        .await
        .shows("现在空缺")
        .shows("城南社区·社区副书记");
    security.follows("撤销职务").await;
    security
        .does("确认撤销", &[("撤销理由", "设错了")])
        .await
        .shows("职务已撤销");
    security.opens(&unit).await.never_names("社区副书记");
    let held = format!("{}/abolition", post_of(&town, "community secretary"));
    security.opens(&held).await;
    let refused = security.submit("确认撤销", &[("撤销理由", "合并")]).await;
    refused.is(409).shows("李秀英还任着或将任这个职务");
}

#[tokio::test]
async fn a_term_is_noted_and_listed_when_it_ends_soon() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let post = post_of(&town, "community secretary");
    security.opens(&post).await;
    let wrong = security.submit("保存任期", &[("任期届满日", "明年")]).await;
    wrong.is(422).shows("任期届满日写成 2026-11-23 这样的日期");
    security.opens(&post).await;
    security
        .does("保存任期", &[("任期届满日", "2026-12-31")])
        .await
        .shows("李秀英的任期届满日：空 → 2026-12-31。");
    let near = security.opens("/staffing?state=term").await;
    near.shows("共 1 个").shows("2026-12-31");
    security.opens(&post).await;
    security
        .does("保存任期", &[("任期届满日", "2029-12-31")])
        .await;
    security
        .opens("/staffing?state=term")
        .await
        .shows("没有符合条件的职务");
}

#[tokio::test]
async fn an_appointment_outside_its_days_is_refused() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    let post = post_of(&town, "street checker");
    for (from, status, sentence) in [
        ("2026-09-01", 422, "任职日期要在 2026-10-23 至"),
        ("2027-11-01", 422, "任职日期要在"),
        ("昨天", 422, "任职日期写成"),
    ] {
        let refused = appoints(&security, &post, "冯涛", from).await;
        refused.is(status).shows(sentence);
    }
    let again = appoints(&security, &post, "吴敏", "2026-11-24").await;
    again.is(422).shows("正担任这个职务");
    security
        .opens(&format!("{post}/appointment?q={}", urlencoded("查无此人")))
        .await
        .shows("没有找到这个人");
    security.opens(&post).await.shows("共 1 任");
}

#[tokio::test]
async fn each_administrator_does_their_own_and_nobody_else_sees_it() {
    let town = Town::raise_at(MONDAY).await;
    let [system, security, audit] = [
        town.sign_in("system admin").await,
        town.sign_in("security admin").await,
        town.sign_in("audit admin").await,
    ];
    security.get("/people/new").await.is(403);
    system.get("/staffing/new").await.is(403);
    for admin in [&system, &security, &audit] {
        admin.opens("/people").await.costs_at_most(3).shows("王丽");
        admin.opens("/staffing").await.costs_at_most(3);
    }
    for path in ["/people", "/staffing"] {
        let (seen, csv) = (
            audit.opens(path).await,
            audit.get(&format!("{path}.csv")).await,
        );
        let rows = seen.all_words_at("tbody tr").len();
        let lines = String::from_utf8(csv.bytes).unwrap().lines().count();
        assert_eq!(lines, rows + 1, "{path}");
    }
    let person = person_of(&town, "grid chief");
    for button in ["开通账号", "重置密码", "修改"] {
        assert!(!audit.opens(&person).await.has_button(button));
    }
    for called in [
        "city leader",
        "city office",
        "street secretary",
        "grid chief",
    ] {
        let other = town.sign_in(called).await;
        other.get("/people").await.is(403);
        other.get(&person).await.is(403);
    }
    // Each sees what the other changed.
    security.opens(&person).await;
    slip(&security, &person, "重置并显示账号条").await;
    system.opens(&person).await.shows("重置密码");
}

#[tokio::test]
async fn the_lists_are_narrowed_and_go_on_by_page() {
    let town = Town::raise_at(MONDAY).await;
    let sql = format!(
        "insert into people (tenant_id, id, name, identity)
         select '{}', gen_random_uuid(), '同名', '居民' from generate_series(1, 60)",
        town.tenant
    );
    town.sql(&sql).await;
    let system = town.sign_in("system admin").await;
    let first = system
        .opens(&format!("/people?q={}&state=idle", urlencoded("同名")))
        .await;
    first.shows("共 60 人").shows("第 1–50 人");
    let second = system.follows("下一页").await;
    second.shows("第 51–60 人");
    system.opens("/people?state=none").await.shows("共 60 人");
    enters(&system, "温晓东", &[("电话", "129 0000 0107")]).await;
    system.opens("/people").await;
    let number = [("完整电话号码", "+86 129-0000-0107")];
    let one = system.does("按号码找", &number).await;
    one.shows("共 1 人").shows("温晓东").never_names("0107&");
    assert!(
        !one.path.contains("12900000107"),
        "a number stands in no address"
    );
    // A part of a number finds nobody, and what is no number is said.
    system
        .does("按号码找", &[("完整电话号码", "129000001")])
        .await
        .shows("没有符合条件的人");
    system.opens("/people").await;
    let wrong = [("完整电话号码", "小温")];
    system.submit("按号码找", &wrong).await.is(422);
    system.opens("/staffing?at=1&q=核查员").await.shows("吴敏");
}

#[tokio::test]
async fn slips_for_a_whole_unit_are_made_at_once_and_shown_once() {
    let town = Town::raise_at(MONDAY).await;
    let security = town.sign_in("security admin").await;
    security
        .opens("/people/slips")
        .await
        .costs_at_most(3)
        .shows("没有等账号条的人");
    // What an import leaves behind: accounts whose first password ran out before anybody knew it.
    let waits = ["grid chief", "building chief", "water clerk"];
    for called in waits {
        let (person, tenant) = (town.seat(called).person, town.tenant);
        town.sql(&format!(
            "update accounts set must_change = true, first_until = '2026-11-20'
              where tenant_id = '{tenant}' and person_id = '{person}'"
        ))
        .await;
    }
    let page = security.opens("/people/slips").await;
    page.costs_at_most(3).shows("3 人次").shows("2 人");
    page.form("生成账号条", &[]);
    let unpicked = security.submit("生成账号条", &[]).await;
    unpicked.is(422).shows("请选择一个单位。");
    let mut form = security
        .opens("/people/slips")
        .await
        .form("生成账号条", &[]);
    let community = town.node("south").to_string();
    form.fields.push(("unit".to_owned(), community.clone()));
    let (first, second) = (
        security.send_form(&form).await,
        security.send_form(&form).await,
    );
    first.is(200).shows("2 张").shows("只显示这一次");
    second.goes_to("/people/slips?done=made");
    let codes = first.all_words_at(".slip code");
    assert_eq!(codes.len(), 4, "a login and a word for each");
    security
        .opens("/people/slips?done=made")
        .await
        .shows("密码不再显示")
        .shows("1 人次");
    for pair in codes.chunks(2) {
        let page = knocks(&town, &pair[0], &pair[1]).await;
        page.is(303);
        let login = &pair[0];
        let told = format!(
            "select count(*) from events e join accounts a on a.tenant_id = e.tenant_id and a.person_id = e.subject_id
              where a.tenant_id = '{}' and a.login = '{login}' and e.sentence = '成批生成账号条。'",
            town.tenant
        );
        assert_eq!(town.number(&told).await, 1);
    }
    // Whoever was first leaves nobody to the other.
    let mut late = security
        .opens("/people/slips")
        .await
        .form("生成账号条", &[]);
    late.fields.push(("unit".to_owned(), community));
    security
        .send_form(&late)
        .await
        .is(409)
        .shows("没有等账号条的人");
    for called in ["system admin", "audit admin", "city office"] {
        town.sign_in(called)
            .await
            .get("/people/slips")
            .await
            .is(403);
    }
}
