//! A whistle that goes wrong in every way that time can: given back, arbitrated, late, supervised,
//! not solved, reworked, and closed in the end. Each person over their own pages, in the browser.

use chrono::Duration;

use crate::harness::{Driver, OFFICE, PASSWORD, Step, Town, Window};

const REASON: &str = "堵点在路面雨水井，不属供水管网。";

struct Office {
    town: Town,
    driver: Driver,
    base: String,
    whistle: String,
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

    async fn request(&self) -> String {
        let tenant = self.town.tenant;
        let newest = format!(
            "select id::text from requests where tenant_id = '{tenant}' order by id desc limit 1"
        );
        format!(
            "{}/requests/{}",
            self.whistle,
            self.town.text(&newest).await
        )
    }

    async fn is_given_back_and_arbitrated(&self) {
        let water = self.opens("water clerk", &self.whistle).await;
        water.presses("申请退回").await;
        water.selects("应负责的部门", "城市管理行政执法局").await;
        water
            .selects("权责清单依据", "第 47 项 排水管道养护（住房和城乡建设局）")
            .await;
        water.fills("理由", REASON).await;
        water.presses("申请退回").await;
        water.reads("等街道答复").await;
        water.leaves().await;

        let deputy = self.opens("street deputy", &self.request().await).await;
        deputy.reads(REASON).await;
        deputy.ticks("维持原派").await;
        deputy
            .fills("答复意见", "按清单第 47 项由供水公司先办。")
            .await;
        deputy.presses("作出答复").await;
        deputy.reads("维持原派").await;
        deputy.leaves().await;

        let head = self.opens("water head", &self.request().await).await;
        head.fills("书面异议", "雨水井不在供水管网图上。").await;
        head.presses("提请上一级裁定").await;
        head.reads("市治理办").await;
        head.leaves().await;

        let office = self.opens("city office", &self.request().await).await;
        office.ticks("改派").await;
        office.fills("答复意见", "雨水井由执法局管，改派。").await;
        office.presses("作出答复").await;
        office.reads("改派").await;
        office.leaves().await;
    }

    async fn is_late_and_supervised(&self) {
        self.town.works().await;
        self.town.passes(Duration::days(3));
        self.town.works().await;
        let wang = self.opens("street dispatcher", &self.whistle).await;
        wang.reads("已改派").await;
        wang.reads("超期").await;
        wang.reads("督办函").await;
        wang.fits().await;
        wang.leaves().await;
        let office = self.opens("city office", "/supervision").await;
        office.reads("城市管理行政执法局").await;
        office.reads("市级督办").await;
        office.leaves().await;
    }

    async fn new_lead_works(&self) {
        let clerk = self.opens("enforcement clerk", &self.whistle).await;
        clerk.presses("签收").await;
        clerk.reads("已签收").await;
        clerk.ticks("到现场").await;
        clerk.fills("谁来的", "执法中队 两人").await;
        clerk.presses("报到").await;
        clerk.reads("已报到").await;
        clerk.leaves().await;
        for (button, fields) in [
            ("签收", &[][..]),
            (
                "报到",
                &[("报到方式", "到现场"), ("谁来的", "抢修班 两人")][..],
            ),
            ("反馈", &[("处理结果", "杂物已清除，检修井露出。")][..]),
        ] {
            self.town
                .acts("housing clerk", &self.whistle, button, fields)
                .await;
        }
        self.feeds_back("雨水井已清掏。").await;
    }

    async fn feeds_back(&self, result: &str) {
        let clerk = self.opens("enforcement clerk", &self.whistle).await;
        clerk.fills("处理结果", result).await;
        clerk.presses("反馈").await;
        clerk.reads("全部部门已反馈").await;
        clerk.leaves().await;
    }

    async fn checks(&self, passes: bool) {
        let checker = self.opens("street checker", &self.whistle).await;
        if passes {
            checker.ticks("通过").await;
        } else {
            checker.ticks("不通过").await;
            checker.ticks("城市管理行政执法局").await;
        }
        checker.fills("看到的情况", "到井口看过。").await;
        checker.presses("核查").await;
        checker
            .reads(if passes {
                "核查通过"
            } else {
                "核查不通过"
            })
            .await;
        checker.leaves().await;
    }

    async fn resident_says(&self, answer: &str, feeling: &str) {
        let tenant = self.town.tenant;
        let waiting = format!(
            "select id::text from visits where tenant_id = '{tenant}' and state = 'waiting'"
        );
        let path = format!("/visits/{}", self.town.text(&waiting).await);
        let said = [
            ("接通了吗", "接通"),
            ("解决了吗", answer),
            ("满意吗", feeling),
            ("群众说", "早上又冒水了。"),
        ];
        self.town
            .acts("city office", &path, "记录回访", &said)
            .await;
    }

    async fn is_rated_and_closed(&self) {
        for called in ["street dispatcher", "community secretary"] {
            let rater = self.opens(called, &self.whistle).await;
            rater.marks("3").await;
            rater.presses("评价").await;
            rater.reads("已评价").await;
            rater.leaves().await;
        }
        let wang = self.opens("street dispatcher", &self.whistle).await;
        wang.selects("办结结果", "问题已解决").await;
        wang.presses("办结").await;
        wang.reads("已办结").await;
        wang.goes("/whistles").await;
        wang.reads("超期办结").await;
        wang.leaves().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_given_back_late_and_not_solved_is_closed_in_the_end() {
    let town = Town::raise_at("2026-11-23T01:00:00Z").await;
    town.duty().await;
    let whistle = town.whistle("日常哨", Step::Sounded).await;
    let (tenant, served) = (town.tenant, town.serves().await);
    town.sql(&format!(
        "insert into tenant_hosts values ('time.localhost', '{tenant}')"
    ))
    .await;
    town.told_by("true", ("欧阳秀", "12900005678")).await;
    let office = Office {
        driver: Driver::start().await,
        base: format!("http://time.localhost:{}", served.port),
        whistle,
        town,
    };
    office.is_given_back_and_arbitrated().await;
    office.is_late_and_supervised().await;
    office.new_lead_works().await;
    office.checks(true).await;
    office.resident_says("没有解决", "不满意").await;
    office.checks(false).await;
    office.feeds_back("二次清掏，井口畅通。").await;
    office.checks(true).await;
    office.is_rated_and_closed().await;
}
