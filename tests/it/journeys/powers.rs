//! A department asks a street, the street objects to the answer, the city's office decides, and the
//! department answers anew. Each person over their own pages, in the browser.

use crate::harness::{Driver, OFFICE, PASSWORD, PHONE, Town, Window};

const TITLE: &str = "城南社区增设停车位";

struct Office {
    town: Town,
    driver: Driver,
    base: String,
}

impl Office {
    /// Somebody comes to the desk and looks at the screen.
    async fn comes(&self, called: &str, screen: (u32, u32)) -> Window {
        let login = self.town.seat(called).login.clone();
        self.driver
            .knocks(&self.base, &login, PASSWORD, screen)
            .await
    }

    async fn housing_asks(&self) {
        let clerk = self.comes("housing clerk", OFFICE).await;
        clerk.presses("行权记录").await;
        clerk.presses("征求街道意见").await;
        clerk.presses("民生项目征求意见").await;
        clerk.ticks("慧阳街道").await;
        clerk.fills("事由", TITLE).await;
        clerk
            .fills("为什么需要", "居民反映停车难，拟划 40 个车位。")
            .await;
        clerk.fills("地点", "城南社区康宁小区北侧").await;
        clerk.fills("受益户数", "210").await;
        clerk.fills("估算", "18.6").await;
        clerk.fills("拟决定日期", "2026-12-10").await;
        clerk.presses("征求意见").await;
        clerk.reads("已送出，对方已收到消息。").await;
        clerk.fits().await;
        clerk.leaves().await;
    }

    async fn street_does_not_agree(&self) {
        let wang = self.comes("street dispatcher", OFFICE).await;
        wang.takes_up(TITLE).await;
        wang.reads("18.6 万元").await;
        wang.ticks("不同意").await;
        wang.fills("意见内容", "北侧是绿地，居民不同意占用。").await;
        wang.fills("决定机构", "街道党工委会议").await;
        wang.fills("决定日期", "2026-11-23").await;
        wang.presses("提出意见").await;
        wang.reads("已提出意见，部门已收到消息。").await;
        wang.leaves().await;
    }

    async fn housing_answers(&self, how: &str, why: &str) {
        let head = self.comes("housing head", OFFICE).await;
        head.takes_up(TITLE).await;
        head.reads("北侧是绿地，居民不同意占用。").await;
        head.ticks(how).await;
        if how == "列入项目库" {
            head.fills("预算年度", "2027").await;
        }
        head.fills("答复内容", why).await;
        head.fills("决定机构", "局党组会议").await;
        head.fills("决定日期", "2026-11-23").await;
        head.presses("答复街道").await;
        head.reads("已答复，街道已收到消息。").await;
        head.fits().await;
        head.leaves().await;
    }

    async fn street_objects(&self) {
        let deputy = self.comes("street deputy", PHONE).await;
        deputy.takes_up(TITLE).await;
        deputy.ticks("提出异议，请市治理办裁定").await;
        deputy.ticks("2").await;
        deputy.fills("理由", "没有回应绿地的问题。").await;
        deputy.presses("表态").await;
        deputy.reads("已提出异议，市治理办已收到消息。").await;
        deputy.fits().await;
        deputy.leaves().await;
    }

    async fn city_decides(&self) {
        let office = self.comes("city office", OFFICE).await;
        office.reads("街道对部门答复有异议，等您裁定 1 件。").await;
        office.presses("街道对部门答复有异议").await;
        office.presses(TITLE).await;
        office.ticks("支持街道异议，部门重新答复").await;
        office
            .fills("裁定理由", "绿地不得占用，改划在道路一侧。")
            .await;
        office.presses("作出裁定").await;
        office.reads("已裁定，双方已收到消息。").await;
        office.leaves().await;
    }

    async fn street_accepts(&self) {
        let secretary = self.comes("street secretary", OFFICE).await;
        secretary.takes_up(TITLE).await;
        secretary.reads("部门重新答复").await;
        secretary.does_not_read("提出异议，请市治理办裁定").await;
        secretary.ticks("认可").await;
        secretary.ticks("4").await;
        secretary.presses("表态").await;
        secretary.reads("已认可答复，这件记录办结。").await;
        secretary.leaves().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_asks_the_street_objects_and_the_city_decides() {
    let town = Town::raise_at("2026-11-23T01:00:00Z").await;
    town.empower().await;
    let (tenant, served) = (town.tenant, town.serves().await);
    town.sql(&format!(
        "insert into tenant_hosts values ('powers.localhost', '{tenant}')"
    ))
    .await;
    let office = Office {
        base: format!("http://powers.localhost:{}", served.port),
        driver: Driver::start().await,
        town,
    };
    office.housing_asks().await;
    office.street_does_not_agree().await;
    office.housing_answers("不列入", "按原方案建设。").await;
    office.street_objects().await;
    office.city_decides().await;
    office
        .housing_answers("列入项目库", "车位改在道路一侧，绿地不动。")
        .await;
    office.street_accepts().await;
}
