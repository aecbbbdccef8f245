//! Every field of free text, in every form of the story: too long is refused and kept, control
//! characters are refused, and whatever a person can write arrives exactly.

use crate::harness::{DRAFT, Page, Person, Step, Town, encoded};

/// Characters beyond the usual: extensions B and G of the unified ideographs, an emoji with a
/// modifier, marks that mean something to a page, quotes, and a backslash.
const RARE: &str = "𠮷𫝆𰻝🧑🏽‍🚒<b>&amp;\"'\\{{1}}";
/// Longer than any field takes.
const LONG: usize = 1_200;

/// Tries the form behind a button with bad words in each of its fields, then sends it with rare
/// ones, and insists that they arrive. Answers the page that follows.
async fn tries(person: &Person, path: &str, button: &str, fields: &[(&str, &str)]) -> Page {
    let page = person.opens(path).await;
    let good = page.form(button, fields);
    let texts = page.texts(button);
    assert!(!texts.is_empty(), "{path}: a form with words");
    for (name, nth) in &texts {
        let long = "很长".repeat(LONG / 2);
        let mut form = good.clone();
        form.set_nth(name, *nth, &long);
        let answer = person.send_form(&form).await;
        answer.is(422);
        let again = answer.form(button, &[]);
        assert_eq!(again.value_nth(name, *nth), long, "{path}: {name} is kept");
        for (other, at) in texts.iter().filter(|other| *other != &(name.clone(), *nth)) {
            let (kept, typed) = (again.value_nth(other, *at), good.value_nth(other, *at));
            assert_eq!(kept, typed, "{path}: {other} is kept beside a wrong {name}");
        }
        let mut form = good.clone();
        form.set_nth(name, *nth, "积\u{1}水");
        person.send_form(&form).await.is(422);
    }
    let mut form = good.clone();
    for (name, nth) in &texts {
        if !["at", "meets_at", "teller_phone", "into_number"].contains(&name.as_str()) {
            form.set_nth(name, *nth, RARE);
        }
    }
    let answer = person.send_form(&form).await;
    answer.is_one_of(&[200, 303]);
    let page = match answer.status() {
        303 => person.opens(answer.location()).await,
        _ => answer,
    };
    assert!(page.text().contains(RARE), "{button}:\n{}", page.text());
    page
}

#[tokio::test]
async fn filing_takes_every_character_and_no_more_than_it_should() {
    let town = Town::raise().await;
    let zhu = town.sign_in("grid chief").await;
    let what = [("是什么事", "垃圾堆积")];
    tries_in_place(&zhu, "下一步：在哪里", &what).await;
    let place = [("楼栋", "室外"), ("他的电话", "12900005678")];
    tries_in_place(&zhu, "下一步：核对", &place).await;
    let done = [("怎么处理", "已当场处理好")];
    tries_in_place(&zhu, "上报城南社区", &done).await;
    let page = zhu.opens("/matters").await;
    assert!(page.text().contains(RARE), "{}", page.text());
    let sheet = zhu.opens("/matters.csv").await;
    assert!(
        sheet.body.contains(&RARE.replace('"', "\"\"")),
        "{}",
        sheet.body
    );
}

/// The same for a form whose page is open already and has no address of its own.
async fn tries_in_place(person: &Person, button: &str, fields: &[(&str, &str)]) {
    if button == "下一步：在哪里" {
        person.opens("/matters/new").await;
    }
    let page = person.page();
    let good = page.form(button, fields);
    for (name, nth) in page.texts(button) {
        let long = "很长".repeat(LONG / 2);
        let mut form = good.clone();
        form.set_nth(&name, nth, &long);
        let answer = person.send_form(&form).await;
        answer.is(422);
        assert_eq!(
            answer.form(button, &[]).value_nth(&name, nth),
            long,
            "{name} is kept"
        );
    }
    let mut form = good.clone();
    for (name, nth) in page.texts(button) {
        if name != "teller_phone" {
            form.set_nth(&name, nth, RARE);
        }
    }
    let answer = person.send_form(&form).await;
    answer.is_one_of(&[200, 303]);
    if answer.status() == 303 {
        let there = person.opens(answer.location()).await;
        there.shows(RARE);
    }
}

#[tokio::test]
async fn the_moves_of_a_matter_take_every_character() {
    let town = Town::raise().await;
    let li = town.sign_in("community secretary").await;
    let filed = [("楼栋", "室外")];
    for (moves, last) in [
        (
            vec![("measure", "记录处置"), ("solve", "标记解决")],
            "solve",
        ),
        (
            vec![("measure", "记录处置"), ("raise", "上报街道")],
            "raise",
        ),
        (vec![("reject", "确认不予受理")], "reject"),
    ] {
        let path = town.sign_in("grid chief").await.files(&filed, &[]).await;
        li.opens(&path).await;
        if last != "reject" {
            li.does("受理", &[("立案条件", "污水外溢")]).await;
        }
        for (code, button) in moves {
            let doing = format!("{path}?do={code}");
            tries(&li, &doing, button, &[(words_of(code), "写明情况")]).await;
        }
    }
}

fn words_of(code: &str) -> &'static str {
    match code {
        "measure" => "做了什么",
        "solve" => "怎么解决的",
        "raise" => "上报理由",
        _ => "不予受理的理由",
    }
}

#[tokio::test]
async fn the_draft_of_a_whistle_takes_every_character() {
    let town = Town::raise().await;
    town.raised("下水道堵塞").await;
    let wang = town.sign_in("street dispatcher").await;
    let fields = [
        &[("种类", "综合执法哨"), ("并入：下水道堵塞", "并入")][..],
        &DRAFT[..],
    ]
    .concat();
    let kept = tries(&wang, "/whistles/new", "存草稿", &fields).await;
    let form = kept.form("存草稿", &[]);
    let texts = kept.texts("存草稿").into_iter();
    for (name, nth) in texts.filter(|(name, _)| name != "meets_at") {
        assert_eq!(form.value_nth(&name, nth), RARE, "{name}");
    }
}

#[tokio::test]
async fn the_moves_of_a_whistle_take_every_character() {
    let town = Town::raise().await;
    let path = town.whistle("日常哨", Step::Submitted).await;
    let move_of = |path: &str, code: &str| format!("{path}?do={code}");
    let [zhou, wang] = [
        town.sign_in("street deputy").await,
        town.sign_in("street dispatcher").await,
    ];
    let [jiang, cao] = [
        town.sign_in("water clerk").await,
        town.sign_in("housing clerk").await,
    ];
    let wu = town.sign_in("street checker").await;
    tries(
        &zhou,
        &move_of(&path, "refusal"),
        "不同意",
        &[("不同意的理由", "再试")],
    )
    .await;
    wang.opens(&path).await;
    wang.does("送审", &[]).await;
    tries(&zhou, &path, "同意吹哨", &[]).await;
    for clerk in [&cao, &jiang] {
        clerk.opens(&path).await;
        clerk.does("签收", &[]).await;
        let report = [("报到方式", "到现场"), ("谁来的", "两人")];
        tries(clerk, &path, "报到", &report).await;
        tries(
            clerk,
            &move_of(&path, "steps"),
            "记录处置",
            &[("处置情况", "清淤")],
        )
        .await;
        tries(
            clerk,
            &move_of(&path, "feedback"),
            "反馈",
            &[("处理结果", "已通")],
        )
        .await;
    }
    let failed = [
        ("核查结果", "不通过"),
        ("不通过时，谁返工", "供水公司"),
        ("看到的情况", "又堵"),
    ];
    tries(&wu, &path, "核查", &failed).await;
    jiang.opens(&path).await;
    jiang.does("反馈", &[("处理结果", "已通")]).await;
    tries(&wu, &path, "核查", &[("核查结果", "通过")]).await;
    let marks = crate::harness::marks("5");
    let both = [
        &marks[..],
        &[
            ("主办 供水公司 / 评语", "很快"),
            ("协办 住房和城乡建设局 / 评语", "很快"),
        ],
    ]
    .concat();
    tries(&wang, &path, "评价", &both).await;
    let review = [
        ("种类是否恰当", "恰当"),
        ("情况是否属实", "属实"),
        ("街道配合", "5"),
        ("说明", "很好"),
    ];
    tries(&cao, &path, "评价哨单", &review).await;
    town.acts(
        "community secretary",
        &path,
        "评价",
        &crate::harness::marks("4"),
    )
    .await;
    tries(&wang, &path, "办结", &[("办结结果", "问题已解决")]).await;
}

#[tokio::test]
async fn what_is_searched_for_is_found_whatever_its_characters() {
    let town = Town::raise().await;
    town.raised("𠮷野家门前100%_积水").await;
    let wang = town.sign_in("street dispatcher").await;
    for (asked, found) in [
        ("𠮷野", 1),
        ("100%_", 1),
        ("0%_积", 1),
        ("吉野", 0),
        ("\\积", 0),
        ("'积", 0),
    ] {
        let query = encoded(&[("q", asked)]);
        let list = wang.opens(&format!("/matters?{query}")).await;
        let rows = list.all_words_at("table.list tbody tr").len();
        assert_eq!(rows, found, "{asked}:\n{}", list.text());
    }
    for marks in ["%", "_", "\\", "'"] {
        let query = encoded(&[("q", marks)]);
        let list = wang.get(&format!("/matters?{query}")).await;
        list.is(422).shows("只有标点符号找不出内容");
    }
}
