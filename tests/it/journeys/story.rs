//! A blocked drain becomes a whistle, departments report, the street closes it.

use crate::harness::{Browser, PASSWORD, Served, Town};

const DESK: (u32, u32) = (1366, 768);
const PHONE: (u32, u32) = (390, 844);
/// What it is all about, on every desk and in every list.
const TITLE: &str = "金源小区1号楼下水道堵塞";

/// A town with a server and a browser in front of it.
struct Stage {
    browser: Browser,
    _served: Served,
    town: Town,
}

impl Stage {
    async fn set(name: &str, size: (u32, u32)) -> Self {
        let town = Town::raise().await;
        let served = town.serves().await;
        let host = format!("{name}.localhost");
        town.sql(&format!(
            "insert into tenant_hosts values ('{host}', '{}')",
            town.tenant
        ))
        .await;
        let browser = Browser::open(name, &served, &host, size).await;
        Self {
            browser,
            _served: served,
            town,
        }
    }

    /// Somebody sits down at the browser.
    async fn enters(&self, called: &str) -> &Browser {
        let login = self.town.seat(called).login.clone();
        self.browser.signs_in(&login, PASSWORD).await;
        &self.browser
    }

    /// Step 1: the grid chief files what she found on her own ground.
    async fn a_blocked_drain_is_filed(&self) {
        let zhu = self.enters("grid chief").await;
        zhu.presses("上报事项").await;
        zhu.chooses("污水外溢、堵塞").await;
        zhu.fills("说一句", "井口往外冒污水，味道很大。").await;
        zhu.presses("下一步：在哪里").await;
        zhu.sees("具体位置").await;
        zhu.chooses_at("楼栋", "金源小区1号楼").await;
        zhu.selects("单元", "1号楼1单元").await;
        zhu.fills("谁告诉您的", "欧阳秀").await;
        zhu.fills("他的电话", "12900005678").await;
        zhu.presses("下一步：核对").await;
        zhu.sees("井口往外冒污水").await;
        zhu.fills("标题", TITLE).await;
        zhu.presses("上报城南社区").await;
        zhu.sees("待受理").await;
        zhu.sees("欧*").await;
    }

    /// Step 2: the community takes it, does what it can, and takes it up.
    async fn the_community_raises_it(&self) {
        let li = self.enters("community secretary").await;
        li.follows(TITLE).await;
        li.presses("受理").await;
        li.sees("处置中").await;
        li.fills("做了什么", "组织人员疏通两次，第二天又堵。").await;
        li.presses("记录处置").await;
        li.sees("组织人员疏通两次").await;
        li.presses("上报街道").await;
        li.fills("上报理由", "主管道破损，社区没有设备。").await;
        li.presses("上报街道").await;
        li.sees("待街道分拣").await;
    }

    /// Step 3: the dispatcher drafts the whistle and sends it for approval.
    async fn the_street_drafts_a_whistle(&self) {
        let wang = self.enters("street dispatcher").await;
        wang.follows(TITLE).await;
        wang.presses("起草哨单").await;
        wang.sees("组织人员疏通两次").await;
        wang.chooses("日常哨").await;
        wang.selects("主办部门", "供水公司").await;
        wang.fills("请主办部门办什么", "疏通主管道，查明堵塞原因")
            .await;
        wang.selects("协办部门 1", "住房和城乡建设局").await;
        wang.fills("请协办部门 1 办什么", "清除压占检修井的杂物")
            .await;
        wang.fills("结案条件", "连续三天不再外溢，路面干净").await;
        wang.presses("送审").await;
        wang.sees("待审批").await;
    }

    async fn handles(&self, called: &str, result: &str) {
        let clerk = self.enters(called).await;
        clerk.follows(TITLE).await;
        clerk.presses("签收").await;
        clerk.sees("已签收").await;
        clerk.chooses("到现场").await;
        clerk.fills("谁来的", "抢修班两人").await;
        clerk.fills("商定事项", "当天疏通，次日复查").await;
        clerk.presses("报到").await;
        clerk.sees("已报到").await;
        clerk.presses("记录处置").await;
        clerk.fills("处置情况", "清淤车到场，清出淤泥两车。").await;
        clerk.presses("记录处置").await;
        clerk.sees("清出淤泥两车").await;
        clerk.fills("处理结果", result).await;
        clerk.presses("反馈").await;
        clerk.sees(result).await;
    }

    async fn rates(&self, called: &str) {
        let rater = self.enters(called).await;
        rater.follows(TITLE).await;
        for department in ["供水公司", "住房和城乡建设局"] {
            for label in ["速度", "到场", "结果", "态度", "配合"] {
                rater.marks(department, label, "4").await;
            }
        }
        rater.presses("评价").await;
        rater.sees("已评价").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_drain_becomes_a_whistle_and_is_closed() {
    let stage = Stage::set("desk", DESK).await;
    stage.a_blocked_drain_is_filed().await;
    stage.the_community_raises_it().await;
    stage.the_street_drafts_a_whistle().await;

    let zhou = stage.enters("street deputy").await;
    zhou.follows(TITLE).await;
    zhou.presses("同意吹哨").await;
    zhou.sees("2 个部门收到任务").await;

    stage
        .handles("housing clerk", "杂物已清除，检修井露出。")
        .await;
    stage.browser.sees_no("更换破损管段").await;
    stage
        .handles("water clerk", "主管道已疏通，更换破损管段。")
        .await;
    stage.browser.sees("等核查").await;

    let wu = stage.enters("street checker").await;
    wu.follows(TITLE).await;
    wu.chooses_at("核查结果", "不通过").await;
    wu.chooses_at("不通过时，谁返工", "供水公司").await;
    wu.fills("看到的情况", "接口处还在渗水。").await;
    wu.presses("核查").await;
    wu.sees("返工中").await;

    let jiang = stage.enters("water clerk").await;
    jiang.follows(TITLE).await;
    jiang.sees("接口处还在渗水").await;
    jiang.fills("处理结果", "接口重新封闭，试水无渗漏。").await;
    jiang.presses("反馈").await;
    jiang.sees("待核查").await;

    let wu = stage.enters("street checker").await;
    wu.follows(TITLE).await;
    wu.chooses_at("核查结果", "通过").await;
    wu.fills("看到的情况", "井口通畅，路面干净。").await;
    wu.presses("核查").await;
    wu.sees("待评价").await;

    stage.rates("street dispatcher").await;
    stage.rates("community secretary").await;

    let cao = stage.enters("housing clerk").await;
    cao.follows(TITLE).await;
    cao.chooses_at("种类是否恰当", "恰当").await;
    cao.chooses_at("情况是否属实", "属实").await;
    cao.selects("街道配合", "4").await;
    cao.presses("评价哨单").await;
    cao.sees("种类恰当").await;

    let wang = stage.enters("street dispatcher").await;
    wang.follows(TITLE).await;
    wang.selects("办结结果", "问题已解决").await;
    wang.presses("办结").await;
    wang.sees("已办结").await;
    wang.presses(TITLE).await;
    wang.sees("吹哨解决").await;
    wang.sees("组织人员疏通两次").await;

    let zhao = stage.enters("city leader").await;
    zhao.sees("共吹哨 1 件").await;
    zhao.follows("1").await;
    zhao.sees(TITLE).await;
    zhao.sees("共 1 件").await;
    stage.browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_it_is_filed_raised_and_drafted() {
    let stage = Stage::set("phone", PHONE).await;
    stage.a_blocked_drain_is_filed().await;
    stage.the_community_raises_it().await;
    stage.the_street_drafts_a_whistle().await;
    stage.browser.close().await;
}
