//! Evidence packs: the same facts give the same bytes, every changed byte is found, nobody is named.

use chrono::Duration;
use street_whistle::work::packs::verified;

use crate::harness::{Folder, Page, Step, Town, run};

/// A Monday in the third quarter.
const MORNING: &str = "2026-09-07T01:00:00Z";

const WATER: [(&str, &str); 3] = [
    ("部门或者街道", "供水公司"),
    ("时期", "2026 年第三季度"),
    ("用途", "巡察"),
];

impl Town {
    /// A town with one whistle closed in a quarter that is over and locked.
    async fn with_a_quarter() -> Self {
        let town = Self::raise_at(MORNING).await;
        town.empower().await;
        let path = town.whistle("日常哨", Step::Closed).await;
        let id = path.rsplit('/').next().unwrap_or_default().to_owned();
        let behind = format!(
            "id in (select matter_id from whistle_matters where tenant_id = '{}' and whistle_id = '{id}')",
            town.tenant
        );
        town.told_by(&behind, ("欧阳秀英", "12900005678")).await;
        town.passes(Duration::days(45));
        town
    }

    /// Somebody makes a pack; answers the file.
    async fn pack(&self, who: &str, fields: &[(&str, &str)]) -> Page {
        let person = self.sign_in(who).await;
        person.opens("/packs/new").await.costs_at_most(5);
        let list = person.does("生成材料包", fields).await;
        list.costs_at_most(3);
        list.shows("已生成材料包");
        let file = list.attribute("table.packs tbody a", "href").unwrap();
        person.get(&file).await
    }
}

#[tokio::test]
async fn the_same_facts_give_the_same_bytes_and_name_nobody() {
    let town = Town::with_a_quarter().await;
    let first = town.pack("city office", &WATER).await;
    first.is(200);
    town.passes(Duration::days(2));
    let second = town.pack("city leader", &WATER).await;
    assert_eq!(first.bytes, second.bytes, "who and when stand outside");
    let digest = verified(&first.bytes).unwrap();
    let kept = town
        .column(&format!(
            "select distinct sha256 from evidence_packs where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    assert_eq!(kept, [digest]);
    // Nothing in it is compressed, so its words can be read as they stand.
    let text = String::from_utf8_lossy(&first.bytes);
    assert!(text.contains("下水道堵塞"), "the case is told");
    for (_, sentence) in [
        ("巡察", "供巡察使用"),
        ("清单", "清单.txt"),
        ("方法", "编制说明和计算方法"),
    ] {
        assert!(text.contains(sentence), "{sentence}");
    }
    let people = town
        .column(&format!(
            "select name from people where tenant_id = '{}'",
            town.tenant
        ))
        .await;
    assert!(people.len() > 30);
    for name in people
        .iter()
        .map(String::as_str)
        .chain(["欧阳秀英", "12900005678"])
    {
        assert!(!text.contains(name), "{name} is named");
    }
    let review = [WATER[0], WATER[1], ("用途", "年度考核")];
    let other = town.pack("city office", &review).await;
    assert_ne!(first.bytes, other.bytes, "the cover says for whom");
}

#[tokio::test]
async fn a_changed_byte_is_found_without_the_program_s_data() {
    let town = Town::with_a_quarter().await;
    let pack = town.pack("city office", &WATER).await.bytes;
    let folder = Folder::new("packs");
    let whole = folder.0.join("whole.zip");
    std::fs::write(&whole, &pack).unwrap();
    let said = run(&["verify-pack", whole.to_str().unwrap()]).await;
    assert!(said.well, "{}", said.complains);
    let digest = verified(&pack).unwrap();
    assert!(said.says.contains(&digest) && said.says.contains("材料包完整"));
    for at in (0..pack.len()).step_by(131) {
        let mut changed = pack.clone();
        changed[at] ^= 1;
        let why = verified(&changed).expect_err(&format!("byte {at}"));
        assert!(why.ends_with('。'), "{why}");
    }
    let broken = folder.0.join("broken.zip");
    let mut changed = pack.clone();
    changed[pack.len() / 2] ^= 1;
    std::fs::write(&broken, &changed).unwrap();
    let refused = run(&["verify-pack", broken.to_str().unwrap()]).await;
    assert!(!refused.well);
    assert!(
        refused.complains.contains("改动过"),
        "{}",
        refused.complains
    );
    let absent = run(&["verify-pack", "/nowhere/pack.zip"]).await;
    assert!(!absent.well && absent.complains.contains("打不开"));
}

#[tokio::test]
async fn a_pack_of_changed_facts_is_not_handed_out_again() {
    let town = Town::with_a_quarter().await;
    town.pack("city office", &WATER).await.is(200);
    let office = town.sign_in("city office").await;
    let list = office.opens("/packs").await;
    let file = list.attribute("table.packs tbody a", "href").unwrap();
    town.sql(&format!(
        "update nodes set name = '金源小区改名楼' where tenant_id = '{}' and id = '{}'",
        town.tenant,
        town.node("house 1")
    ))
    .await;
    office
        .get(&file)
        .await
        .is(409)
        .shows("不再提供下载")
        .shows("请从“材料包”重新生成一份");
}

#[tokio::test]
async fn each_makes_only_what_is_within_reach_and_not_before_its_time() {
    let town = Town::with_a_quarter().await;
    let deputy = town.sign_in("street deputy").await;
    let form = deputy.opens("/packs/new").await;
    assert!(!form.says("供水公司"), "a street has only its own");
    let own = [
        ("部门或者街道", "慧阳街道"),
        ("时期", "2026 年第三季度"),
        ("用途", "述职评议考核"),
    ];
    let pack = town.pack("street deputy", &own).await;
    verified(&pack.bytes).unwrap();
    let file = pack.path.clone();
    for called in ["other secretary", "water head"] {
        town.sign_in(called).await.get(&file).await.is(404);
    }
    for called in ["water clerk", "street dispatcher", "community secretary"] {
        town.sign_in(called).await.get("/packs").await.is(403);
    }
    let head = town.sign_in("water head").await;
    head.opens("/packs").await.shows("专项考核封存以后");
    let none = head.opens("/packs/new").await;
    none.shows("还没有封存的时期。");
    assert!(!none.has_button("生成材料包"));
    let subject = format!("d.{}", town.department("water"));
    let own = [
        ("subject", subject.as_str()),
        ("period", "2026-Q3"),
        ("purpose", "inspection"),
    ];
    head.post("/packs", &own)
        .await
        .is(409)
        .shows("还没有封存，封存后再生成本部门的材料包。");
    let office = town.sign_in("city office").await;
    office.opens("/packs/new").await;
    let once = office.page().form("生成材料包", &WATER);
    let mut early = once.clone();
    early.set("period", "2026-Q4");
    office
        .send_form(&early)
        .await
        .is(409)
        .shows("才结束，结束后再生成。");
    for (name, value, sentence) in [
        ("subject", "", "请选择部门或者街道。"),
        ("period", "", "请选择时期。"),
        ("period", "2226-Q1", "年"),
        ("purpose", "gift", "请选择用途。"),
    ] {
        office.opens("/packs/new").await;
        let mut form = office.page().form("生成材料包", &WATER);
        form.set(name, value);
        office.send_form(&form).await.is(422).shows(sentence);
    }
    let count = format!(
        "select count(*) from evidence_packs where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&count).await, 1, "nothing half done");
    office.opens("/packs/new").await;
    let form = office.page().form("生成材料包", &WATER);
    office.send_form(&form).await.is(303);
    office.send_form(&form).await.is(303);
    assert_eq!(town.number(&count).await, 2, "a double click acts once");
}
