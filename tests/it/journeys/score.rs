//! A quarter is scored and shown, a department objects, a panel upholds it, the score is computed
//! again and frozen. Each person over their own pages, in the browser.

use chrono::{DateTime, Utc};

use crate::harness::{Driver, OFFICE, PASSWORD, Town, Window};

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
            ("第二名成员", "锦华街道党工委书记 郑启明"),
            ("第三名成员", "锦华街道副主任 褚卫东"),
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
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quarter_is_scored_objected_to_computed_again_and_frozen() {
    let town = Town::raise_at("2026-08-03T01:00:00Z").await;
    town.closed(4).await;
    town.closed(2).await;
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
}
