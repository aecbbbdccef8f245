//! The chain and the departments are changed by the system administrator: what will happen is shown
//! first, open work and holders go along, what was stays to be looked at.

use super::visits::UNSOLVED;
use crate::harness::{Page, Person, Step, Town, all_at_once};

/// Monday, five past two in the afternoon.
const MONDAY: &str = "2026-11-23T06:05:00Z";
/// The day before.
const BEFORE: &str = "?day=2026-11-22";

fn node(town: &Town, key: &str) -> String {
    format!("/chain/{}", town.node(key))
}

/// Adds a node below another; says what the program answered.
async fn adds(admin: &Person, parent: &str, names: [&str; 2], more: &[(&str, &str)]) -> Page {
    let id = parent.rsplit('/').next().unwrap();
    admin.opens(&format!("/chain/new?parent={id}")).await;
    let mut fields = vec![("名称", names[0]), ("党组织名称", names[1])];
    fields.extend_from_slice(more);
    admin.submit("确认增设", &fields).await
}

/// The place of what was just made.
fn made(answer: &Page) -> String {
    answer.is(303);
    answer.location().split('?').next().unwrap().to_owned()
}

/// Open matters and whistles that lie on ground that is no more, or wait for nobody.
async fn stranded(town: &Town) -> i64 {
    let tenant = town.tenant;
    town.number(&format!(
        "select (select count(*) from matters m join nodes n on n.tenant_id = m.tenant_id and n.id = m.place_id
                  where m.tenant_id = '{tenant}' and m.ended_at is null and n.valid_to is not null)
              + (select count(*) from whistles w join nodes n on n.tenant_id = w.tenant_id and n.id = w.place_id
                  where w.tenant_id = '{tenant}' and w.closed_at is null and w.withdrawn_at is null
                    and n.valid_to is not null)"
    ))
    .await
}

#[tokio::test]
async fn a_node_is_added_with_the_next_code_and_its_posts_and_no_code_comes_twice() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    let south = node(&town, "south");
    admin.opens(&south).await;
    admin
        .follows("增设网格")
        .await
        .costs_at_most(3)
        .shows(&format!("{}001001003，自动编排", town.code));
    let names = [("名称", "滨河网格"), ("党组织名称", "滨河网格党支部")];
    let page = admin.does("确认增设", &names).await;
    page.costs_at_most(3)
        .shows("已增设")
        .shows("滨河网格党支部")
        .shows("网格长 | (空缺)")
        .shows("增设");
    let grid = page.path.split('?').next().unwrap().to_owned();
    admin.opens(&south).await.shows("滨河网格");
    admin
        .opens(&format!("{south}{BEFORE}"))
        .await
        .never_names("滨河网格");
    // The security administrator finds its posts.
    let id = grid.rsplit('/').next().unwrap();
    let security = town.sign_in("security admin").await;
    security
        .opens(&format!("/staffing?unit={id}"))
        .await
        .shows("共 2 个");

    admin.opens(&format!("{grid}/closing")).await;
    let fields = [
        ("今后的工作由谁接手", "没有人接手（没有在办工作）"),
        ("撤销理由", "设错了"),
    ];
    admin.does("确认撤销", &fields).await.shows("已撤销");
    let again = adds(&admin, &south, ["滨河网格", "滨河网格党支部"], &[]).await;
    let again = made(&again);
    admin
        .opens(&again)
        .await
        .shows(&format!("编码 {}001001004", town.code));
}

#[tokio::test]
async fn what_is_wrong_with_a_new_node_stands_beside_its_field() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    let (south, garden, door) = (
        node(&town, "south"),
        node(&town, "garden"),
        node(&town, "door 1"),
    );
    let before = town.condensed().await;
    let new = ["滨河网格", "滨河网格党支部"];
    for (names, more, sentence) in [
        (["站前网格", "某某党支部"], None, "已有叫“站前网格”的网格"),
        (
            ["滨河网格", "站前网格党支部"],
            None,
            "已有叫“站前网格党支部”的网格",
        ),
        (["", "滨河网格党支部"], None, "请填写名称。"),
        (new, Some(("设立日期", "2026-11-22")), "不能补设以前的"),
        (new, Some(("设立日期", "2027-11-22")), "2027-02-21 之间"),
        (new, Some(("设立日期", "明天")), "2026-11-23 这样的日期"),
    ] {
        let more: Vec<_> = more.into_iter().collect();
        let page = adds(&admin, &south, names, &more).await;
        page.is(422).shows(sentence);
    }
    let house = ["金源小区3号楼", "金源小区3号楼党小组"];
    for point in [
        [("经度", "124.2911"), ("纬度", "")],
        [("经度", "45.5"), ("纬度", "124.3")],
        [("经度", "NaN"), ("纬度", "45.5")],
    ] {
        let page = adds(&admin, &garden, house, &point).await;
        page.is(422).shows("要么都填，要么都不填");
    }
    let id = door.rsplit('/').next().unwrap();
    admin.get(&format!("/chain/new?parent={id}")).await.is(404);
    assert_eq!(before, town.condensed().await);

    let point = [("经度", "124.2911"), ("纬度", "45.5072")];
    let added = made(&adds(&admin, &garden, house, &point).await);
    admin.opens(&format!("{added}/edit")).await;
    admin
        .does("保存", &[("纬度", "45.5073")])
        .await
        .shows("位置：经度 124.2911、纬度 45.5072 → 经度 124.2911、纬度 45.5073。");
}

#[tokio::test]
async fn two_who_add_at_once_get_two_codes_or_one_name() {
    let town = Town::raise_at(MONDAY).await;
    let south = node(&town, "south");
    let id = south.rsplit('/').next().unwrap();
    let mut forms = Vec::new();
    for name in ["滨河网格", "新村网格", "滨河网格"] {
        let admin = town.sign_in("system admin").await;
        let page = admin.opens(&format!("/chain/new?parent={id}")).await;
        let party = format!("{name}党支部");
        let form = page.form("确认增设", &[("名称", name), ("党组织名称", &party)]);
        forms.push((admin, form));
    }
    let sent = forms.iter().map(|(admin, form)| admin.send_form(form));
    let answers = all_at_once(sent).await;
    let mut statuses: Vec<u16> = answers.iter().map(Page::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 303, 422]);
    let codes = town
        .column(&format!(
            "select right(code, 3) from nodes where tenant_id = '{}' and parent_id = '{id}' order by code",
            town.tenant
        ))
        .await;
    assert_eq!(codes, ["001", "002", "003", "004"]);
}

#[tokio::test]
async fn a_new_name_holds_from_today_and_the_old_one_before() {
    let town = Town::raise_at(MONDAY).await;
    let garden = node(&town, "garden");
    let [one, two] = [
        town.sign_in("system admin").await,
        town.sign_in("system admin").await,
    ];
    for admin in [&one, &two] {
        admin.opens(&format!("{garden}/edit")).await;
    }
    let fields = [("名称", "金源网格"), ("党组织名称", "金源网格党支部")];
    one.does("保存", &fields)
        .await
        .shows("名称：金源小区网格 → 金源网格")
        .shows("金源小区网格（到 2026-11-22）");
    let stale = two.submit("保存", &[("名称", "金源一网格")]).await;
    stale.is(409).shows("别人改过这个单位：现在是金源网格");
    assert_eq!(
        stale.attribute("#name", "value").as_deref(),
        Some("金源一网格")
    );
    let then = one.opens(&format!("{garden}{BEFORE}")).await;
    assert!(then.heading().contains("金源小区网格"));
    let south = node(&town, "south");
    let table = one.opens(&format!("{south}{BEFORE}")).await;
    table.shows("| 金源小区网格 |").never_names("| 金源网格 |");
    one.opens(&south).await.shows("| 金源网格 |");
    // Nothing changed is said, and a name beside it is taken.
    one.opens(&format!("{garden}/edit")).await;
    one.submit("保存", &[]).await.is(409).shows("没有改动");
    one.opens(&format!("{garden}/edit")).await;
    let taken = one.submit("保存", &[("名称", "站前网格")]).await;
    taken.is(422).shows("已有叫“站前网格”的网格");
}

#[tokio::test]
async fn what_is_open_at_a_node_that_is_closed_goes_to_whoever_takes_over() {
    let town = Town::raise_at(MONDAY).await;
    let id = town.raised("单元门口路灯不亮").await;
    let admin = town.sign_in("system admin").await;
    let chief = town.sign_in("grid chief").await;
    let garden = node(&town, "garden");
    admin.opens(&garden).await.never_names("单元门口路灯不亮");
    let page = admin.follows("撤销").await;
    page.costs_at_most(3)
        .shows("网格长 朱军")
        .shows("在办事项 1 件、哨单 0 件")
        .never_names("单元门口路灯不亮");
    let fields = [("撤销理由", "网格调整")];
    let undecided = admin.submit("确认撤销", &fields).await;
    undecided.is(422).shows("请选今后的工作由谁接手");
    let mut form = undecided.form("确认撤销", &fields);
    form.set("heir", "none");
    let refused = admin.send_form(&form).await;
    refused.is(422).shows("还有在办事项 1 件、哨单 0 件");
    let north = town.node("old").to_string();
    form.set("heir", &north);
    admin.send_form(&form).await.is(422);

    admin.opens(&format!("{garden}/closing")).await;
    let fields = [("今后的工作由谁接手", "站前网格"), ("撤销理由", "网格调整")];
    admin
        .does("确认撤销", &fields)
        .await
        .shows("金源小区网格已于 2026-11-23 撤销，编码不再使用。工作由 站前网格 接手。")
        .shows("在办事项 1 件、哨单 0 件转入");
    let case = town
        .sign_in("station chief")
        .await
        .opens(&format!("/matters/{id}"))
        .await;
    case.shows("站前网格").shows("转入");
    // Whoever held a post there has none any more; the day before still shows it.
    chief.get("/").await.is(303);
    admin
        .opens(&format!("{garden}{BEFORE}"))
        .await
        .shows("朱军")
        .shows("金源小区1号楼");
    let south = node(&town, "south");
    admin.opens(&south).await.never_names("金源小区网格");
    admin
        .opens(&format!("{south}{BEFORE}"))
        .await
        .shows("金源小区网格");
    admin.get(&format!("{garden}/closing")).await.is(409);
    assert_eq!(stranded(&town).await, 0);
}

#[tokio::test]
async fn a_street_with_open_work_is_not_closed() {
    let town = Town::raise_at(MONDAY).await;
    town.raised("单元门口路灯不亮").await;
    let admin = town.sign_in("system admin").await;
    let street = node(&town, "huiyang");
    admin
        .opens(&format!("{street}/closing"))
        .await
        .shows("街道不能直接撤销。请用“合并”");
    let forged = [("heir", "none"), ("reason", "区划调整")];
    let answer = admin.post(&format!("{street}/closing"), &forged).await;
    answer.is(409);
    assert_eq!(stranded(&town).await, 0);
}

#[tokio::test]
async fn two_communities_become_one_and_everybody_below_goes_on() {
    let town = Town::raise_at(MONDAY).await;
    let path = town.whistle("日常哨", Step::Sounded).await;
    let admin = town.sign_in("system admin").await;
    let (chief, secretary, other) = (
        town.sign_in("grid chief").await,
        town.sign_in("community secretary").await,
        town.sign_in("north secretary").await,
    );
    let (south, north) = (node(&town, "south"), node(&town, "north"));
    admin.opens(&format!("{south}/merging")).await;
    let page = admin.submit("下一步", &[("城北社区", "1")]).await;
    page.is(200)
        .costs_at_most(3)
        .shows("社区书记 李秀英")
        .shows("社区书记 韩梅")
        .shows("哨单 1 件");
    let fields = [
        ("新名称", "城中社区"),
        ("新党组织名称", "城中社区大党委"),
        ("本级由哪一家的人接着任职", "城南社区"),
        ("合并理由", "规模太小"),
    ];
    let undecided = admin.submit("确认合并", &fields[..2]).await;
    undecided.is(422).shows("请选由哪一家的人接着任职");
    let merged = admin.does("确认合并", &fields).await;
    merged
        .shows("已合并")
        .shows("城中社区大党委")
        .shows("李秀英")
        .shows("前身")
        .shows("城南社区、城北社区合并为城中社区。")
        .shows(&format!("编码 {}001003", town.code))
        .never_names("韩梅");
    for grid in ["金源小区网格", "站前网格", "老街网格"] {
        merged.shows(grid);
    }
    // Who went along is still at work, without signing in again.
    let desk = chief.opens("/").await;
    assert!(desk.frame().contains("朱军"), "{}", desk.frame());
    chief.opens("/matters").await.shows("下水道堵塞");
    secretary.opens(&path).await.shows("城中社区").shows("转入");
    other.get("/").await.is(303);
    admin
        .opens(&north)
        .await
        .shows("城北社区已于 2026-11-23 撤销，改设为 城中社区");
    let garden = node(&town, "garden");
    admin
        .opens(&garden)
        .await
        .shows("金源小区网格已于 2026-11-23 撤销，改设为 金源小区网格");
    let street = node(&town, "huiyang");
    let then = admin.opens(&format!("{street}{BEFORE}")).await;
    then.shows("城南社区")
        .shows("城北社区")
        .never_names("城中社区");
    let now = admin.opens(&street).await;
    now.shows("城中社区").never_names("城北社区");
    assert_eq!(stranded(&town).await, 0);
    // The whistle goes on to its end on the new ground.
    town.handle(&path, Step::FedBack).await;
    let check = [("核查结果", "通过"), ("看到的情况", "井口通畅，路面干净。")];
    town.acts("street checker", &path, "核查", &check).await;
    secretary.opens(&path).await.shows("评价");
}

#[tokio::test]
async fn only_neighbours_become_one() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    let south = node(&town, "south");
    for (other, status) in [("river", 409), ("garden", 409), ("south", 200)] {
        let other = town.node(other);
        let page = admin.get(&format!("{south}/merging?w.{other}=1")).await;
        page.is(status);
    }
    let unknown = uuid::Uuid::now_v7();
    admin
        .get(&format!("{south}/merging?w.{unknown}=1"))
        .await
        .is(404);
    // What was drawn before a neighbour changed is not done.
    admin.opens(&format!("{south}/merging")).await;
    let page = admin.submit("下一步", &[("城北社区", "1")]).await;
    let fields = [
        ("新名称", "城中社区"),
        ("新党组织名称", "城中社区大党委"),
        ("本级由哪一家的人接着任职", "都不接，职务先空缺"),
        ("合并理由", "规模太小"),
    ];
    let form = page.form("确认合并", &fields);
    let north = node(&town, "north");
    made(&adds(&admin, &north, ["河湾网格", "河湾网格党支部"], &[]).await);
    let stale = admin.send_form(&form).await;
    stale.is(409).shows("有变动，没有办").shows("河湾网格");
    // Seen and confirmed, it is done; the posts are vacant.
    let merged = admin.does("确认合并", &[]).await;
    merged.shows("社区书记 | (空缺)").shows("河湾网格");
}

#[tokio::test]
async fn a_grid_becomes_two_and_each_house_goes_to_one() {
    let town = Town::raise_at(MONDAY).await;
    let id = town.raised("单元门口路灯不亮").await;
    let admin = town.sign_in("system admin").await;
    let (chief, household) = (
        town.sign_in("grid chief").await,
        town.sign_in("unit household").await,
    );
    let garden = node(&town, "garden");
    admin.opens(&garden).await;
    admin.follows("拆分").await.costs_at_most(3).shows("朱军");
    let parts = [
        ("第 1 部分名称", "金源一网格"),
        ("第 1 部分党组织名称", "金源一网格党支部"),
        ("第 2 部分名称", "金源二网格"),
        ("第 2 部分党组织名称", "金源二网格党支部"),
        ("拆分理由", "户数太多"),
    ];
    let one = admin
        .submit("确认拆分", &[parts[0], parts[1], parts[4]])
        .await;
    one.is(422).shows("至少要有两部分");
    let empty = admin.submit("确认拆分", &parts).await;
    empty.is(422).shows("金源二网格一个下级也没有分到");
    let mut nowhere = empty.form("确认拆分", &[]);
    nowhere.set(&format!("d.{}", town.node("house 1")), "3");
    let nowhere = admin.send_form(&nowhere).await;
    nowhere.is(422).shows("请选金源小区1号楼归哪一部分");
    let second = [("金源小区1号楼", "第 2 部分")];
    let same = admin
        .submit("确认拆分", &[second[0], ("第 2 部分名称", "站前网格")])
        .await;
    same.is(422).shows("已有叫“站前网格”的网格");
    let first = admin
        .does("确认拆分", &[second[0], ("第 2 部分名称", "金源二网格")])
        .await;
    first
        .shows("这是第 1 部分")
        .shows("朱军")
        .shows("金源小区2号楼")
        .never_names("金源小区1号楼");
    // The matter at the first house went with it to the second part, whose posts are vacant.
    let secretary = town.sign_in("community secretary").await;
    secretary
        .opens(&format!("/matters/{id}"))
        .await
        .shows("金源二网格")
        .shows("转入");
    chief.get(&format!("/matters/{id}")).await.is(404);
    household.opens(&format!("/matters/{id}")).await;
    admin
        .opens(&garden)
        .await
        .shows("改设为 金源一网格 、 金源二网格");
    assert_eq!(stranded(&town).await, 0);
}

#[tokio::test]
async fn what_is_filed_in_the_moment_of_closing_is_not_lost() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    let page = admin
        .opens(&format!("{}/closing", node(&town, "garden")))
        .await;
    let fields = [("今后的工作由谁接手", "站前网格"), ("撤销理由", "网格调整")];
    let close = page.form("确认撤销", &fields);
    let mut sent = vec![(admin, close)];
    for called in ["street dispatcher", "second dispatcher", "community worker"] {
        let filer = town.sign_in(called).await;
        filer.opens("/matters/new").await;
        let what = [
            ("是什么事", "污水外溢、堵塞"),
            ("说一句", "污水从井口外溢。"),
        ];
        filer.submit("下一步：在哪里", &what).await.is(200);
        let place = [
            ("社区", "城南社区"),
            ("网格", "金源小区网格"),
            ("楼栋", "室外"),
        ];
        filer.chooses_place(&place).await;
        let page = filer.page();
        let files = page.buttons().into_iter().find(|b| b.starts_with("上报"));
        let form = page.form(&files.unwrap(), &[]);
        sent.push((filer, form));
    }
    let answers = all_at_once(sent.iter().map(|(who, form)| who.send_form(form))).await;
    answers[0].is(303);
    let mut filed = 0;
    for answer in &answers[1..] {
        answer.is_one_of(&[303, 422]);
        if answer.status() == 303 {
            filed += 1;
        } else {
            answer.shows("请重新选择");
        }
    }
    let kept = format!(
        "select count(*) from matters where tenant_id = '{}' and place_code like '{}001001002%'",
        town.tenant, town.code
    );
    assert_eq!(town.number(&kept).await, filed);
    assert_eq!(stranded(&town).await, 0);
}

#[tokio::test]
async fn closed_ground_takes_nothing_new_whoever_writes_it() {
    let town = Town::raise_at(MONDAY).await;
    let path = town.told_whistle(Step::Closed).await;
    let admin = town.sign_in("system admin").await;
    let garden = node(&town, "garden");
    admin.opens(&format!("{garden}/closing")).await;
    let fields = [("今后的工作由谁接手", "站前网格"), ("撤销理由", "网格调整")];
    admin.does("确认撤销", &fields).await;
    let (tenant, code) = (town.tenant, &town.code);
    let closed = town.node("garden");
    for statement in [
        format!(
            "insert into nodes (tenant_id, id, level, parent_id, code, name, party_name, valid_from)
             values ('{tenant}', gen_random_uuid(), 4, '{closed}', '{code}001001001009', '9号楼', '9号楼党小组', '2026-11-23')"
        ),
        format!(
            "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code, valid_from)
             values ('{tenant}', gen_random_uuid(), 'grid_chief', '网格长', '{closed}', 3, '{code}001001001', '2026-11-23')"
        ),
    ] {
        let refusal = crate::harness::Sql::owner().await.refused(&statement).await;
        assert_eq!(refusal, "on_standing_ground");
    }
    // What was over stays there; opened again, it opens where the work went.
    let whistle = path.rsplit('/').next().unwrap();
    let lies = format!(
        "select place_code from whistles where tenant_id = '{tenant}' and id = '{whistle}'"
    );
    assert_eq!(town.text(&lies).await, format!("{code}00100100100101"));
    let qian = town.sign_in("city office").await;
    qian.opens(&town.waiting_visit().await).await;
    qian.does("记录回访", &UNSOLVED).await;
    assert_eq!(town.text(&lies).await, format!("{code}001001002"));
    let checker = town.sign_in("street checker").await;
    checker
        .opens(&path)
        .await
        .shows("站前网格")
        .has_button("核查");
    assert_eq!(stranded(&town).await, 0);
}

#[tokio::test]
async fn a_department_is_added_called_otherwise_and_ended() {
    let town = Town::raise_at(MONDAY).await;
    let admin = town.sign_in("system admin").await;
    admin.opens("/departments").await;
    admin.follows("设立部门").await.costs_at_most(3);
    let new = [("代码", "yj"), ("名称", "应急管理局"), ("种类", "委办局")];
    let page = admin.does("确认设立", &new).await;
    page.shows("已设立").shows("应急管理局，委办局，代码 YJ。");
    let place = page.path.split('?').next().unwrap().to_owned();
    for (field, value, sentence) in [
        ("代码", "YJ", "这个代码用过了"),
        ("代码", "局长", "代码写两个字母或数字"),
        ("名称", "供水公司", "这个名称用过了"),
        ("排序", "-1", "排序写 0 至 999"),
    ] {
        admin.opens("/departments/new").await;
        let mut fields = [
            ("代码", "YK"),
            ("名称", "又一个局"),
            ("种类", "委办局"),
            ("排序", "9"),
        ];
        for of in &mut fields {
            if of.0 == field {
                of.1 = value;
            }
        }
        let page = admin.submit("确认设立", &fields).await;
        page.is(422).shows(sentence);
    }
    let [one, two] = [
        town.sign_in("system admin").await,
        town.sign_in("system admin").await,
    ];
    for admin in [&one, &two] {
        admin.opens(&format!("{place}/edit")).await;
    }
    one.does("保存", &[("名称", "应急局")])
        .await
        .shows("名称：应急管理局 → 应急局。");
    let stale = two.submit("保存", &[("种类", "双管单位")]).await;
    stale.is(409).shows("现在是应急局，委办局");
    two.submit("保存", &[]).await.is(303);

    admin.opens(&place).await;
    admin.follows("撤销").await.shows("职务：0 个");
    let ended = admin.does("确认撤销", &[("撤销理由", "机构改革")]).await;
    ended.shows("已撤销").shows("2026-11-23 撤销");
    admin.opens("/departments").await.never_names("应急管理局");
    admin.get(&format!("{place}/edit")).await.is(409);
}

#[tokio::test]
async fn a_department_with_open_work_is_not_ended_and_one_without_relieves_its_people() {
    let town = Town::raise_at(MONDAY).await;
    town.whistle("日常哨", Step::Sounded).await;
    let admin = town.sign_in("system admin").await;
    let clerk = town.sign_in("market clerk").await;
    let water = format!("/departments/{}/ending", town.department("water"));
    admin
        .opens(&water)
        .await
        .shows("1 件哨单任务没有办完（在哨单里由这个部门办完，或由街道改派、撤哨）");
    admin.post(&water, &[("reason", "机构改革")]).await.is(409);
    let market = format!("/departments/{}", town.department("market"));
    let page = admin.opens(&format!("{market}/ending")).await;
    page.shows("金鑫").shows("魏来");
    admin
        .does("确认撤销", &[("撤销理由", "机构改革")])
        .await
        .shows("职务 2 个一并撤销");
    clerk.get("/").await.is(303);
    admin
        .opens(&format!("{market}{BEFORE}"))
        .await
        .shows("金鑫");
    // Nobody calls it any more.
    let wang = town.sign_in("street dispatcher").await;
    wang.opens("/whistles/new")
        .await
        .never_names("市场监督管理局");
}
