//! The first three steps by clicking alone, on a telephone: filed, raised, drafted.

use crate::harness::{Driver, PASSWORD, PHONE, Town, Window};

const TITLE: &str = "金源小区1号楼下水道堵塞";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_drain_is_filed_raised_and_drafted_on_a_telephone() {
    let town = Town::raise().await;
    let served = town.serves().await;
    let host = format!("ground.localhost:{}", served.port);
    town.sql(&format!(
        "insert into tenant_hosts values ('ground.localhost', '{}')",
        town.tenant
    ))
    .await;
    let (driver, base) = (Driver::start().await, format!("http://{host}"));
    let enter = async |called: &str| {
        let login = town.seat(called).login.clone();
        driver.knocks(&base, &login, PASSWORD, PHONE).await
    };
    files(enter("grid chief").await).await;
    raises(enter("community secretary").await).await;
    drafts(enter("street dispatcher").await).await;
}

async fn files(zhu: Window) {
    zhu.fits().await;
    zhu.presses("上报事项").await;
    zhu.ticks("污水外溢、堵塞").await;
    zhu.fills("说一句", "井口往外冒污水，味道很大。").await;
    zhu.fits().await;
    zhu.presses("下一步：在哪里").await;
    zhu.ticks("金源小区1号楼").await;
    zhu.selects("单元", "金源小区1号楼 金源小区1号楼1单元")
        .await;
    zhu.fills("谁告诉您的", "欧阳秀").await;
    zhu.fills("他的电话", "12900005678").await;
    zhu.fits().await;
    zhu.presses("上一步").await;
    zhu.presses("下一步：在哪里").await;
    zhu.presses("下一步：核对").await;
    zhu.reads("欧阳秀").await;
    zhu.fills("标题", TITLE).await;
    zhu.fits().await;
    zhu.presses("上报城南社区").await;
    zhu.reads("待受理").await;
    zhu.reads("欧*").await;
    zhu.does_not_read("12900005678").await;
    zhu.fits().await;
    zhu.leaves().await;
}

async fn raises(li: Window) {
    li.fits().await;
    li.presses(TITLE).await;
    li.ticks("污水外溢到路面").await;
    li.presses("受理").await;
    li.reads("处置中").await;
    li.fills("做了什么", "组织人员疏通两次，第二天又堵。").await;
    li.presses("记录处置").await;
    li.reads("组织人员疏通两次").await;
    li.presses("上报街道").await;
    li.fills("上报理由", "主管道破损，社区没有设备。").await;
    li.fits().await;
    li.presses("上报街道").await;
    li.reads("待街道分拣").await;
    li.leaves().await;
}

async fn drafts(wang: Window) {
    wang.presses(TITLE).await;
    wang.presses("起草哨单").await;
    wang.reads("组织人员疏通两次").await;
    wang.ticks("日常哨").await;
    wang.selects("主办部门", "供水公司").await;
    wang.fills("请主办部门办什么", "疏通主管道，查明堵塞原因")
        .await;
    wang.selects("协办部门 1", "住房和城乡建设局").await;
    wang.fills("请协办部门 1 办什么", "清除压占检修井的杂物")
        .await;
    wang.reads("权责清单没有这一类").await;
    wang.fills("自选理由", "主管道由供水公司管护。").await;
    wang.fills("结案条件", "连续三天不再外溢，路面干净").await;
    wang.fits().await;
    wang.presses("送审").await;
    wang.reads("待审批").await;
    wang.fits().await;
    wang.leaves().await;
}
