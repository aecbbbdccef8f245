//! A quarter is scored and shown, a department objects, a panel upholds it, the score is computed
//! again and frozen, and the evidence of it is made and verified. Each person over their own pages, in
//! the browser.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::harness::{Driver, Folder, OFFICE, PASSWORD, Town, Window, run};

const QUARTER: &str = "/assessment/2026-Q3";

struct Office {
    town: Town,
    driver: Driver,
    base: String,
    /// The score of the water company.
    score: String,
}

impl Office {
    /// Somebody comes to the desk and opens a page.
    async fn opens(&self, called: &str, path: &str) -> Window {
        let login = self.town.seat(called).login.clone();
        let window = self
            .driver
            .knocks(&self.base, &login, PASSWORD, OFFICE)
            .await;
        window.goes(path).await;
        window
    }

    fn until(&self, at: &str) {
        let at: DateTime<Utc> = at.parse().unwrap();
        self.town.passes(at - self.town.now());
    }

    async fn is_shown(&self) {
        let office = self.opens("city office", QUARTER).await;
        office.reads("预览，未封存").await;
        office.goes(&format!("{QUARTER}/showing")).await;
        office.presses("确认公示").await;
        office.reads("公示中，异议期到").await;
        office.leaves().await;
    }

    async fn is_objected_to(&self) {
        let path = format!("{}?item=rating", self.score);
        let water = self.opens("water clerk", &path).await;
        water.reads("失分的 2 件").await;
        water.fits().await;
        water.goes(&self.form().await).await;
        water.reads("74.3 变 87.1").await;
        water.ticks("评价与事实不符").await;
        water.fills("说明", "两人到场，签到表有签名。").await;
        water.fills("证据", "现场签到表 1 份。").await;
        water.fits().await;
        water.presses("提出申诉").await;
        water.reads("待送评议组").await;
        water.leaves().await;
    }

    /// The form about the whistle that was rated 2.
    async fn form(&self) -> String {
        let poor = format!(
            "select distinct a.id::text from assignments a
               join ratings r on r.tenant_id = a.tenant_id and r.assignment_id = a.id and r.speed = 2
              where a.tenant_id = '{}' and a.role = 'lead'",
            self.town.tenant
        );
        let case = self.town.text(&poor).await;
        format!("{QUARTER}/objections/new?item=rating&case={case}")
    }

    async fn objection(&self) -> String {
        let id = format!(
            "select id::text from assessment_objections where tenant_id = '{}'",
            self.town.tenant
        );
        format!("{QUARTER}/objections/{}", self.town.text(&id).await)
    }

    async fn panel_upholds(&self) {
        let objection = self.objection().await;
        let office = self.opens("city office", &objection).await;
        office.goes(&format!("{objection}/panel/new")).await;
        for (label, member) in [
            ("第一名成员", "副市长 赵国栋"),
            ("第二名成员", "锦华街道·党工委书记 郑启明"),
            ("第三名成员", "锦华街道·副主任 褚卫东"),
        ] {
            office.selects(label, member).await;
        }
        office.fits().await;
        office.presses("送评议组").await;
        office.reads("评议中").await;
        office.leaves().await;
        for called in ["city leader", "other secretary"] {
            let member = self.opens(called, &objection).await;
            member.ticks("成立").await;
            member.fills("评议意见", "签到表与核查记录一致。").await;
            member.presses("表决").await;
            member.reads("已记下您的表决").await;
            member.fits().await;
            member.leaves().await;
        }
    }

    async fn is_recomputed_and_frozen(&self) {
        let water = self.opens("water clerk", &self.score).await;
        water.reads("87.1").await;
        water.leaves().await;
        self.until("2026-10-28T01:00:00Z");
        let office = self
            .opens("city office", &format!("{QUARTER}/freezing"))
            .await;
        office.presses("确认封存").await;
        office.reads("已封存").await;
        office.leaves().await;
        let water = self.opens("water head", &self.score).await;
        water.reads("87.1").await;
        water.reads("名次").await;
        water.reads("成立，已剔除").await;
        water.leaves().await;
    }

    /// Somebody makes the evidence pack of the water company and has it saved; answers where.
    async fn evidence(&self, called: &str) -> PathBuf {
        let desk = self.opens(called, "/packs").await;
        desk.fits().await;
        desk.presses("生成材料包").await;
        desk.selects("部门或者街道", "供水公司").await;
        desk.selects("时期", "2026 年第三季度（已封存，附得分）")
            .await;
        desk.ticks("巡察").await;
        desk.fits().await;
        desk.presses("生成材料包").await;
        desk.reads("已生成材料包").await;
        desk.fits().await;
        let file = desk.downloads("下载").await;
        desk.leaves().await;
        file
    }

    async fn evidence_is_made_and_verified(&self) {
        let first = std::fs::read(self.evidence("water head").await).unwrap();
        let second = self.evidence("city office").await;
        let pack = std::fs::read(&second).unwrap();
        assert!(first == pack, "the same facts give the same bytes");
        let whole = run(&["verify-pack", second.to_str().unwrap()]).await;
        assert!(whole.well, "{}", whole.complains);
        assert!(whole.says.contains("材料包完整"), "{}", whole.says);
        let folder = Folder::new("changed-pack");
        let bent = folder.0.join("pack.zip");
        for at in [0, pack.len() / 3, pack.len() - 1] {
            let mut changed = pack.clone();
            changed[at] ^= 1;
            std::fs::write(&bent, changed).unwrap();
            let refused = run(&["verify-pack", bent.to_str().unwrap()]).await;
            assert!(!refused.well, "byte {at}");
            assert!(
                refused.complains.contains("材料包"),
                "{}",
                refused.complains
            );
        }
        self.tells_the_objection_and_names_nobody(&pack).await;
    }

    /// Nothing in a pack is compressed, so its words can be read as they stand.
    async fn tells_the_objection_and_names_nobody(&self, pack: &[u8]) {
        let text = String::from_utf8_lossy(pack);
        assert!(text.contains("专项考核得分 <b>87.1</b>"));
        assert!(!text.contains("74.3"), "the score before the objection");
        for told in ["申诉成立", "评价与事实不符", "申诉.csv", "得分.csv"] {
            assert!(text.contains(told), "{told}");
        }
        let people = format!(
            "select name from people where tenant_id = '{}'",
            self.town.tenant
        );
        let people = self.town.column(&people).await;
        assert!(people.len() > 30);
        let people = people.iter().map(String::as_str);
        for name in people.chain(["欧阳秀英", "12900005678", "签到表有签名"]) {
            assert!(!text.contains(name), "{name} stands in the pack");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quarter_is_scored_objected_to_frozen_and_proven() {
    let town = Town::raise_at("2026-08-03T01:00:00Z").await;
    town.closed(4).await;
    town.closed(2).await;
    town.told_by("true", ("欧阳秀英", "12900005678")).await;
    let (tenant, served) = (town.tenant, town.serves().await);
    town.sql(&format!(
        "insert into tenant_hosts values ('score.localhost', '{tenant}')"
    ))
    .await;
    let office = Office {
        driver: Driver::start().await,
        base: format!("http://score.localhost:{}", served.port),
        score: format!("{QUARTER}/{}", town.department("water")),
        town,
    };
    office.until("2026-10-20T01:00:00Z");
    office.is_shown().await;
    office.is_objected_to().await;
    office.panel_upholds().await;
    office.is_recomputed_and_frozen().await;
    office.evidence_is_made_and_verified().await;
}
