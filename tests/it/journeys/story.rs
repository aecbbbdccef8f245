//! A blocked drain becomes a whistle, departments report, the street closes it: by clicking,
//! without script, at the office's screen and, for the people on the ground, on a telephone.

use crate::harness::{Driver, Folder, OFFICE, PHONE, Program};

const TITLE: &str = "金源小区 3 号楼门前下水道堵塞";

#[tokio::test]
async fn a_blocked_drain_becomes_a_whistle_and_is_closed() {
    let folder = Folder::new("story");
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--data", folder.path()];
    let mut program = Program::start(&arguments, &folder);
    let base = program.address().await;
    let base = base.as_str();
    let driver = Driver::start().await;

    // The city leader looks first: what is there before.
    let leader = driver.signs_in(base, "王建国", OFFICE).await;
    let whistles_before = leader.figure("在办哨单").await;

    // 1. The grid chief files on her telephone.
    let song = driver.signs_in(base, "宋玉梅", PHONE).await;
    song.presses("上报事项").await;
    song.ticks("污水外溢、堵塞").await;
    song.fills("说一句", "楼前检修井往外冒污水，居民出不了门。")
        .await;
    song.fits().await;
    song.presses("下一步：在哪里").await;
    song.reads("具体位置").await;
    song.ticks("3 号楼").await;
    song.fills("具体位置", "一单元门前检修井").await;
    song.fills("谁告诉您的", "张桂兰").await;
    song.fills("他的电话", "12900009999").await;
    song.presses("下一步：核对").await;
    if song.text().await.contains("整栋楼") {
        song.ticks("整栋楼").await;
        song.presses("下一步：核对").await;
    }
    song.fills("标题", TITLE).await;
    song.ticks("处理不了").await;
    song.fits().await;
    song.presses("上报城南社区").await;
    song.reads("已上报城南社区").await;
    song.reads(TITLE).await;
    song.does_not_read("12900009999").await;
    let matter = song.path().await;
    song.leaves().await;

    // 2. The community accepts, does what it can, and raises it; on a telephone too.
    let gao = driver.signs_in(base, "高敏", PHONE).await;
    gao.goes(&matter).await;
    gao.ticks("污水外溢到路面").await;
    gao.fits().await;
    gao.presses("受理").await;
    gao.reads("已受理").await;
    gao.goes(&format!("{matter}?do=measure")).await;
    gao.fills("做了什么", "组织人员疏通两次，第二天又堵。")
        .await;
    gao.presses("记录处置").await;
    gao.reads("疏通两次").await;
    gao.goes(&format!("{matter}?do=raise")).await;
    gao.fills("上报理由", "主管道破损，社区无力更换。").await;
    gao.presses("上报街道").await;
    gao.reads("待街道分拣").await;
    gao.leaves().await;

    // 3. The dispatcher drafts a whistle from it: one lead, one assisting.
    let wang = driver.signs_in(base, "王丽", OFFICE).await;
    wang.reads(TITLE).await;
    wang.goes(&matter).await;
    wang.presses("起草哨单").await;
    wang.reads("清单建议：住房和城乡建设局主办，供水公司协办。")
        .await;
    wang.ticks("日常哨").await;
    wang.selects("主办部门", "住房和城乡建设局").await;
    wang.fills("请主办部门办什么", "更换破损管道").await;
    wang.selects("协办部门 1", "供水公司").await;
    wang.fills("请协办部门 1 办什么", "查明供水管线有无渗漏")
        .await;
    wang.presses("送审").await;
    wang.reads("待审批").await;
    wang.reads("权责清单第 47 项").await;
    let whistle = wang.path().await;

    // 4. The deputy approves: it sounds and gets its number.
    let chen = driver.signs_in(base, "陈立新", OFFICE).await;
    chen.takes_up(TITLE).await;
    chen.presses("同意吹哨").await;
    chen.reads("已同意吹哨。编号 DAR-").await;
    chen.leaves().await;

    // 5. Each department signs, reports in, handles and feeds back; the lead waits for the other.
    let lead = driver.signs_in(base, "赵海峰", OFFICE).await;
    let assist = driver.signs_in(base, "何志远", OFFICE).await;
    for (window, who) in [(&lead, "赵海峰 科长"), (&assist, "何志远 班长")] {
        window.takes_up(TITLE).await;
        window.presses("签收").await;
        window.reads("已签收").await;
        window.ticks("到现场").await;
        window.fills("谁来的", who).await;
        window.fills("商定事项", "三天内修好。").await;
        window.presses("报到").await;
        window.reads("已报到").await;
    }
    lead.reads("协办部门都反馈，或标记未配合后").await;
    lead.fills("处置情况", "已换管 18 米。").await;
    lead.presses("记录处置").await;
    lead.reads("已换管 18 米").await;
    assist.does_not_read("更换破损管道").await;
    assist.fills("处理结果", "供水管线无渗漏。").await;
    assist.presses("反馈").await;
    assist.reads("已反馈").await;
    lead.goes(&whistle).await;
    lead.fills("处理结果", "管道已更换，路面恢复。").await;
    lead.presses("反馈").await;
    lead.reads("全部部门已反馈，等核查").await;

    // 6. The checker fails it once: rework goes back with everything kept; then it passes.
    let jiang = driver.signs_in(base, "姜涛", OFFICE).await;
    jiang.goes(&whistle).await;
    jiang.ticks("不通过").await;
    jiang.ticks("住房和城乡建设局").await;
    jiang.fills("看到的情况", "井口还有积水。").await;
    jiang.presses("核查").await;
    jiang.reads("返工中").await;
    lead.goes(&whistle).await;
    lead.reads("管道已更换，路面恢复。").await;
    lead.fills("处理结果", "已重新清淤，积水排净。").await;
    lead.presses("反馈").await;
    lead.reads("全部部门已反馈，等核查").await;
    jiang.goes(&whistle).await;
    jiang.ticks("通过").await;
    jiang.presses("核查").await;
    jiang.reads("核查通过，等街道和社区评价").await;
    jiang.leaves().await;

    // 7. Street and community rate, the department rates the whistle.
    wang.goes(&whistle).await;
    wang.marks("4").await;
    wang.presses("评价").await;
    wang.reads("已评价").await;
    wang.does_not_read("确认办结").await;
    let gao = driver.signs_in(base, "高敏", OFFICE).await;
    gao.goes(&whistle).await;
    gao.marks("3").await;
    gao.presses("评价").await;
    gao.reads("评价齐了，等街道办结").await;
    gao.leaves().await;
    lead.goes(&whistle).await;
    lead.ticks("恰当").await;
    lead.ticks("属实").await;
    lead.selects("街道配合", "4").await;
    lead.presses("评价哨单").await;
    lead.reads("已评价哨单").await;
    lead.leaves().await;
    assist.leaves().await;

    // 8. The street closes; the matter behind is solved and shows the whole way.
    leader.goes("/").await;
    assert_eq!(
        leader.figure("在办哨单").await,
        whistles_before + 1,
        "it is in the figures"
    );
    wang.goes(&whistle).await;
    wang.selects("办结结果", "问题已解决").await;
    wang.presses("办结").await;
    wang.reads("已办结").await;
    wang.leaves().await;
    let song = driver.signs_in(base, "宋玉梅", PHONE).await;
    song.goes(&matter).await;
    for word in [
        "已解决",
        "上报街道",
        "吹响",
        "签收",
        "报到",
        "反馈",
        "核查不通过",
        "核查通过",
        "评价",
        "办结",
    ] {
        song.reads(word).await;
    }
    song.leaves().await;

    // 9. The leader's figures follow, and each opens a list of its own length.
    leader.goes("/").await;
    assert_eq!(leader.figure("在办哨单").await, whistles_before);
    for name in [
        "超期哨单",
        "在办哨单",
        "近 30 天按时办结",
        "近 30 天群众满意",
        "近 30 天按时答复街道",
    ] {
        leader.goes("/").await;
        let count = leader.figure(name).await;
        leader.presses(name).await;
        leader.reads(&format!("共 {count} 件")).await;
    }
    leader.leaves().await;
}
