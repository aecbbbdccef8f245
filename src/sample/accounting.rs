//! The three-year plan of the sample and what inspections found, in every state. Days are told from
//! today, so that the lamps look alike whenever the sample is loaded.

/// What became of a task.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// Still to be done.
    Open,
    /// Confirmed so many days ago, in these words.
    Confirmed(i64, &'static str),
    /// Ended so many days ago, for this reason.
    Ended(i64, &'static str),
}

/// A milestone: by which day, what, and since when it is reached, in which words.
pub(super) type Stone = (i64, &'static str, Option<(i64, &'static str)>);

/// A task of the plan; an empty body is the city's office.
#[derive(Debug)]
pub(super) struct Aim {
    pub(super) body: &'static str,
    pub(super) with: &'static [&'static str],
    pub(super) goal: &'static str,
    pub(super) due: i64,
    pub(super) stones: &'static [Stone],
    /// Measure, whether at least, target.
    pub(super) measures: &'static [(&'static str, bool, i32)],
    /// How many days ago, and what was reported.
    pub(super) progress: &'static [(i64, &'static str)],
    pub(super) fate: Fate,
}

#[rustfmt::skip]
pub(super) const AIMS: &[Aim] = &[
    Aim { body: "", with: &["慧阳街道", "临江街道", "长虹街道"], goal: "街道吹哨、部门报到机制覆盖全部街道，按时报到率稳定在 90% 以上。", due: 240,
        stones: &[(-300, "印发实施办法", Some((-310, "实施办法已印发各街道、各部门。"))), (60, "完成运行情况评估", None)],
        measures: &[("whistles", true, 100), ("reported_in_time", true, 90)], progress: &[(40, "完成三个季度运行情况分析，已报市委。")], fate: Fate::Open },
    Aim { body: "慧阳街道", with: &["民政局"], goal: "网格长、楼栋长、单元长全部配齐，空缺职务动态清零。", due: 30,
        stones: &[(-60, "网格长配齐", Some((-66, "全部网格长已到岗。"))), (5, "楼栋长、单元长配齐", None)],
        measures: &[("grid_chiefs", true, 100), ("vacant_posts", false, 5)], progress: &[(70, "摸清空缺 14 个，已向社区分解。")], fate: Fate::Open },
    Aim { body: "临江街道", with: &[], goal: "群众身边的小事在社区解决，事项社区解决率达到 60%。", due: 120,
        stones: &[(90, "社区议事点全部开放", None)],
        measures: &[("solved_below", true, 60), ("satisfied", true, 90)], progress: &[], fate: Fate::Open },
    Aim { body: "长虹街道", with: &["公安局"], goal: "网格警格融合，一格一警全部到位。", due: -12,
        stones: &[(-40, "公布包联民警名单", Some((-38, "名单已在各网格公示。")))],
        measures: &[("grid_chiefs", true, 100)], progress: &[(45, "已与公安局对接。")], fate: Fate::Open },
    Aim { body: "锦华街道", with: &[], goal: "社区党群服务中心达标建设全部完成。", due: -90,
        stones: &[(-200, "完成选址", Some((-205, "选址已定。"))), (-100, "完成装修", Some((-104, "四个社区装修完成。")))],
        measures: &[], progress: &[(150, "装修过半。")], fate: Fate::Confirmed(86, "现场看过四个社区，面积、标识、功能均达标。") },
    Aim { body: "安北街道", with: &[], goal: "建立驻街单位共建清单，年度共建项目不少于 20 个。", due: 200,
        stones: &[], measures: &[("solved_below", true, 50)], progress: &[], fate: Fate::Open },
    Aim { body: "住房和城乡建设局", with: &["财政局", "自然资源局"], goal: "主城区老旧小区排水管网改造完成，同类哨单逐年下降。", due: 300,
        stones: &[(-150, "完成管网普查", Some((-155, "普查 42 个小区，成图。"))), (-20, "完成年度改造 12 个小区", None), (200, "完成全部改造", None)],
        measures: &[("whistles", false, 60), ("closed_in_time", true, 90), ("satisfied", true, 90)], progress: &[(60, "年度 12 个小区已完成 9 个，3 个因降温停工。")], fate: Fate::Open },
    Aim { body: "城市管理行政执法局", with: &["公安局", "市场监督管理局"], goal: "执法力量下沉街道，综合执法哨按时报到率达到 95%。", due: 45,
        stones: &[(-100, "执法中队进驻街道", Some((-98, "五个街道中队全部进驻。")))],
        measures: &[("reported_in_time", true, 95), ("closed_in_time", true, 90)], progress: &[(30, "与街道建立每周会商。")], fate: Fate::Open },
    Aim { body: "供水公司", with: &[], goal: "二次供水设施移交接管全部完成。", due: -150,
        stones: &[(-180, "签订移交协议", Some((-183, "31 个小区全部签订。")))],
        measures: &[("closed_in_time", true, 85)], progress: &[(190, "开始逐个小区验收。")], fate: Fate::Confirmed(140, "抽查 6 个小区，设施和台账齐全。") },
    Aim { body: "供热公司", with: &["住房和城乡建设局"], goal: "投诉集中小区供热管网改造完成，采暖期按时办结率达到 90%。", due: 6,
        stones: &[], measures: &[("closed_in_time", true, 90), ("satisfied", true, 85)], progress: &[(20, "8 个小区改造完成并通暖。")], fate: Fate::Open },
    Aim { body: "民政局", with: &[], goal: "社区工作者职业体系建设方案出台。", due: 365, stones: &[(180, "完成方案征求意见", None)], measures: &[], progress: &[], fate: Fate::Open },
    Aim { body: "市场监督管理局", with: &[], goal: "早夜市经营点规范化建设。", due: 100, stones: &[], measures: &[],
        progress: &[(120, "完成现状摸底。")], fate: Fate::Ended(80, "并入城市管理行政执法局牵头的市容整治任务，不再单列。") },
];

/// What was done about a finding: how many days ago, which act, in which words. Returns and
/// verifications are the city office's.
pub(super) type Act = (i64, &'static str, &'static str);

/// What an inspection found; an empty body is the city's office.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) source: &'static str,
    pub(super) source_name: &'static str,
    pub(super) ago: i64,
    pub(super) problem: &'static str,
    pub(super) measure: &'static str,
    pub(super) body: &'static str,
    pub(super) due: i64,
    pub(super) acts: &'static [Act],
}

#[rustfmt::skip]
pub(super) const FINDINGS: &[Finding] = &[
    Finding { source: "inspection", source_name: "市委第二轮巡察", ago: 120, problem: "应哨不主动，个别哨单超过报到时限后才到场。", measure: "明确分管副职带班，节假日值守，超时的在班子会上说明原因。",
        body: "城市管理行政执法局", due: -6, acts: &[(80, "progress", "已排带班表。")] },
    Finding { source: "inspection", source_name: "市委第二轮巡察", ago: 120, problem: "管网类哨单反馈只写“已处理”，没有结果。", measure: "反馈写明处置过程和结果，班组长签字。",
        body: "住房和城乡建设局", due: 20, acts: &[(30, "report", "新反馈样式已执行一个月，抽查 12 张哨单均写明结果。")] },
    Finding { source: "inspection", source_name: "市委第二轮巡察", ago: 120, problem: "社区反映的共性问题长期没有汇总研究。", measure: "每季度汇总共性问题，党工委专题研究。",
        body: "慧阳街道", due: 35, acts: &[(60, "report", "已形成三季度汇总表。"), (48, "return", "只有汇总，没有研究结果，请补党工委会议研究情况。"), (15, "progress", "党工委会已列入议题。")] },
    Finding { source: "debriefing", source_name: "2025 年度党建述职评议", ago: 300, problem: "网格党组织作用发挥不够，党员联系户不清。", measure: "重新核定党员中心户，挂牌公示。",
        body: "临江街道", due: -180, acts: &[(220, "report", "党员中心户全部挂牌公示。"), (200, "verify", "抽查 3 个网格，挂牌和台账一致，同意销号。")] },
    Finding { source: "debriefing", source_name: "2025 年度党建述职评议", ago: 300, problem: "向街道赋权的配套文件出台慢。", measure: "出台赋权方案和考核办法。",
        body: "", due: -250, acts: &[] },
    Finding { source: "assessment", source_name: "2025 年度绩效考核", ago: 260, problem: "供热投诉回访满意率偏低。", measure: "投诉集中小区逐个入户调试，回访不满意的再上门。",
        body: "供热公司", due: 12, acts: &[(90, "progress", "已入户调试 210 户。"), (25, "progress", "采暖期首月投诉下降。")] },
    Finding { source: "assessment", source_name: "2025 年度绩效考核", ago: 260, problem: "停水检修通知不到户。", measure: "停水 24 小时前通过社区、网格通知到楼栋。",
        body: "供水公司", due: -100, acts: &[(150, "report", "通知流程已改，近三次检修均提前告知。"), (140, "return", "有一次只提前 6 小时，请核实后再报。"), (120, "report", "已核实并通报当班人员，近两次均提前 24 小时。"), (110, "verify", "向 4 个社区核实，属实，同意销号。")] },
    Finding { source: "inspection", source_name: "市委第三轮巡察", ago: 14, problem: "网格员一人兼多职，事项上报不及时。", measure: "清理兼职，网格员专职专用。",
        body: "长虹街道", due: 160, acts: &[] },
];
