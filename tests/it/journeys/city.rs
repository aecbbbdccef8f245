//! A new city begins: two commands, then pages and Excel alone, in a real browser without script; and
//! its people play the main story to the end.

use std::path::PathBuf;

use rust_xlsxwriter::Workbook;
use street_whistle::base::clock::Clock;

use crate::harness::{Driver, Folder, OFFICE, PHONE, Phone, Program, Screen, Window, run};

const TITLE: &str = "安静1号楼门前路面破损";
/// What everybody chooses instead of the first password.
const PASSWORD: &str = "Shan-Quan-7391-Yue";
const STREET: &str = "团结街道";
const COMMUNITY: &str = "团结街道/安静社区";

/// Name, number, where, kind of post, sign-in name.
const PEOPLE: [[&str; 5]; 7] = [
    ["苗秀云", "12900001001", "安静网格", "网格长", "miaoxiuyun"],
    ["柏青", "12900001002", COMMUNITY, "社区书记", "baiqing"],
    [
        "尹志刚",
        "12900001003",
        STREET,
        "街道指挥调度中心值班员",
        "yinzhigang",
    ],
    [
        "常明",
        "12900001004",
        STREET,
        "街道副主任（分管）",
        "changming",
    ],
    ["武晓燕", "12900001005", STREET, "街道核查员", "wuxiaoyan"],
    [
        "祝建华",
        "12900001006",
        "交通运输局",
        "部门联络员",
        "zhujianhua",
    ],
    ["费立", "12900001007", "交通运输局", "部门负责人", "feili"],
];

/// A workbook as somebody in the office fills it in.
fn book(folder: &Folder, name: &str, rows: &[Vec<&str>]) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    let path = folder.0.join(name);
    book.save(&path).unwrap();
    path
}

/// Signs in for the first time: another password, and for administrators the second factor.
async fn enters(
    driver: &Driver,
    base: &str,
    (login, word): (&str, &str),
    screen: Screen,
) -> Window {
    let window = driver.opens(base, login, screen).await;
    window.goes("/").await;
    window.fills("账号", login).await;
    window.fills("密码", word).await;
    window.presses("登录").await;
    window.fills("原密码", word).await;
    window.fills("新密码", PASSWORD).await;
    window.fills("再输一次新密码", PASSWORD).await;
    window.presses("保存新密码").await;
    if login.starts_with("admin") {
        window.presses("开始设置").await;
        let phone = Phone::typed(&window.words_at("section code").await);
        window
            .fills("验证码", &phone.code_at(Clock::System.now()))
            .await;
        window.presses("启用第二因子").await;
        window.presses("已保管好").await;
    }
    window.goes("/").await;
    window.reads("工作台").await;
    window
}

/// Brings a register in from a workbook.
async fn imports(window: &Window, register: &str, file: &std::path::Path) {
    window.goes(&format!("/{register}/import")).await;
    window.attaches("选择表格", file).await;
    window.presses("上传并核对").await;
    window.reads("核对结果").await;
    window.presses("确认写入").await;
    window.reads("已经写入").await;
}

/// What is said of somebody on the slip, which is shown once.
async fn slip(window: &Window, name: &str) -> String {
    window.goes(&format!("/people?q={name}")).await;
    window.presses(name).await;
    window.presses("重置密码").await;
    window.presses("重置并显示账号条").await;
    window.reads("首次密码").await;
    let codes = window.words_at(".slip").await;
    let word = codes
        .split_whitespace()
        .find(|word| word.starts_with("Sw-"));
    word.expect("the slip has a first password").to_owned()
}

#[tokio::test]
async fn a_city_is_set_up_by_page_and_excel_and_its_street_calls_a_department() {
    let folder = Folder::new("city");
    let data = ["--data", folder.path()];
    let create = ["tenant", "create", "--code", "220881", "--name", "洮南市"];
    let host = ["--host", "127.0.0.1", "--admin", "admin"];
    let made = run(&[&create[..], &host, &data].concat()).await;
    assert!(made.well, "{}", made.complains);
    let first = |login: &str| {
        let line = made.says.split(&format!("账号 {login}，首次密码 ")).nth(1);
        line.unwrap().split_whitespace().next().unwrap().to_owned()
    };
    let serve = [&["serve", "--listen", "127.0.0.1:0"][..], &data].concat();
    let mut program = Program::start(&serve, &folder);
    let base = program.address().await;
    let base = base.as_str();
    let driver = Driver::start().await;

    // 1. The system administrator: streets and departments by ticking, grids and people by Excel.
    let system = enters(&driver, base, ("admin", &first("admin")), OFFICE).await;
    system.reads("还没有启用").await;
    system.presses("打开启用向导").await;
    system.presses("街道和社区").await;
    system.ticks(STREET).await;
    system.presses("设立勾选的单位").await;
    system.reads("街道 1 个，社区 4 个").await;
    system.presses("部门").await;
    system.goes("/setup/departments").await;
    system.presses("设立勾选的部门").await;
    system.reads("已设立勾选的部门").await;
    let chain = [
        vec!["街道", "社区", "网格", "楼栋", "单元"],
        vec![STREET, "安静社区", "安静网格", "", ""],
        vec![STREET, "安静社区", "安静网格", "安静1号楼", ""],
    ];
    imports(&system, "chain", &book(&folder, "网格.xlsx", &chain)).await;
    let mut people = vec![vec!["姓名", "电话", "身份"]];
    people.extend(PEOPLE.map(|[name, phone, ..]| vec![name, phone, "机关干部"]));
    imports(&system, "people", &book(&folder, "人员.xlsx", &people)).await;
    system.goes("/setup").await;
    system.reads("在册 10 人").await;

    // 2. The security administrator: posts and accounts by Excel, then a slip for each.
    let word = first("admin-security");
    let security = enters(&driver, base, ("admin-security", &word), OFFICE).await;
    let mut posts = vec![vec!["姓名", "电话", "单位", "职务类别", "账号"]];
    posts.extend(
        PEOPLE.map(|[name, phone, place, kind, login]| vec![name, phone, place, kind, login]),
    );
    imports(&security, "staffing", &book(&folder, "任职.xlsx", &posts)).await;
    let mut slips = Vec::new();
    for [name, ..] in PEOPLE {
        slips.push(slip(&security, name).await);
    }
    system.leaves().await;
    security.leaves().await;
    let enter = async |at: usize, screen: Screen| {
        enters(&driver, base, (PEOPLE[at][4], &slips[at]), screen).await
    };

    // 3. The grid chief files on her telephone, the community tries and raises it.
    let chief = enter(0, PHONE).await;
    chief.presses("上报事项").await;
    chief.ticks("路面破损").await;
    chief.fills("说一句", "楼前路面塌了一块，车过不去。").await;
    chief.presses("下一步：在哪里").await;
    chief.ticks("安静1号楼").await;
    chief.fills("具体位置", "一单元门前").await;
    chief.presses("下一步：核对").await;
    if chief.text().await.contains("整栋楼") {
        chief.ticks("整栋楼").await;
        chief.presses("下一步：核对").await;
    }
    chief.fills("标题", TITLE).await;
    chief.ticks("处理不了").await;
    chief.presses("上报安静社区").await;
    chief.reads("已上报安静社区").await;
    let matter = chief.path().await;
    let community = enter(1, OFFICE).await;
    community.goes(&matter).await;
    community.ticks("车行道坑洞").await;
    community.presses("受理").await;
    community.goes(&format!("{matter}?do=measure")).await;
    community
        .fills("做了什么", "设了围挡，社区没有能力修路。")
        .await;
    community.presses("记录处置").await;
    community.goes(&format!("{matter}?do=raise")).await;
    community.fills("上报理由", "需要交通部门修复路面。").await;
    community.presses("上报街道").await;
    community.reads("待街道分拣").await;

    // 4. The street calls the department, which comes and mends it.
    let dispatcher = enter(2, OFFICE).await;
    dispatcher.reads(TITLE).await;
    dispatcher.goes(&matter).await;
    dispatcher.presses("起草哨单").await;
    dispatcher.ticks("日常哨").await;
    dispatcher.selects("主办部门", "交通运输局").await;
    dispatcher.fills("请主办部门办什么", "修复塌陷路面").await;
    dispatcher
        .fills("自选理由", "权责清单还没有录入，路面归交通部门管。")
        .await;
    dispatcher.presses("送审").await;
    dispatcher.reads("待审批").await;
    let whistle = dispatcher.path().await;
    let deputy = enter(3, OFFICE).await;
    deputy.takes_up(TITLE).await;
    deputy.presses("同意吹哨").await;
    deputy.reads("已同意吹哨").await;
    let clerk = enter(5, OFFICE).await;
    clerk.takes_up(TITLE).await;
    clerk.presses("签收").await;
    clerk.reads("已签收").await;
    clerk.ticks("到现场").await;
    clerk.fills("谁来的", "祝建华").await;
    clerk.fills("商定事项", "两天内修好。").await;
    clerk.presses("报到").await;
    clerk.reads("已报到").await;
    clerk.fills("处理结果", "路面已修复。").await;
    clerk.presses("反馈").await;
    clerk.reads("全部部门已反馈，等核查").await;

    // 5. Street and community check, rate and close.
    let checker = enter(4, OFFICE).await;
    checker.goes(&whistle).await;
    checker.ticks("通过").await;
    checker.presses("核查").await;
    checker.reads("核查通过，等街道和社区评价").await;
    dispatcher.goes(&whistle).await;
    dispatcher.marks("4").await;
    dispatcher.presses("评价").await;
    dispatcher.reads("已评价").await;
    community.goes(&whistle).await;
    community.marks("4").await;
    community.presses("评价").await;
    community.reads("等街道办结").await;
    clerk.goes(&whistle).await;
    clerk.ticks("恰当").await;
    clerk.ticks("属实").await;
    clerk.selects("街道配合", "4").await;
    clerk.presses("评价哨单").await;
    clerk.reads("已评价哨单").await;
    dispatcher.goes(&whistle).await;
    dispatcher.selects("办结结果", "问题已解决").await;
    dispatcher.presses("办结").await;
    dispatcher.reads("已办结").await;
    chief.goes(&matter).await;
    chief.reads("已解决").await;
    for window in [chief, community, dispatcher, deputy, clerk, checker] {
        window.leaves().await;
    }
}
