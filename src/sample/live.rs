//! The whistles that are under way now, and those not yet sounded. Titles are said
//! behind nothing here: each stands as a whole.

use super::calls::{Call, CallScope, Part, calls};

/// How far a department has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Sent,
    Signed,
    Reported,
    FedBack,
    Refused,
    SentBack,
}

/// How far a whistle has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Draft,
    Requested,
    Approving,
    Working,
    /// A check failed; who was sent back is at work again.
    Reworking,
    Checking,
    Unrated,
    RatedByStreet,
    RatedByCommunity,
    Closing,
    Closed,
    Withdrawn,
}

/// A whistle at a named place, so many minutes of office time ago.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) place: &'static str,
    pub(super) ago: i64,
    pub(super) reach: Reach,
    pub(super) from_community: bool,
    /// The lead's progress, then the assistants'.
    pub(super) progress: &'static [Progress],
}

const fn live(
    place: &'static str,
    ago: i64,
    reach: Reach,
    from_community: bool,
    progress: &'static [Progress],
) -> Live {
    Live {
        place,
        ago,
        reach,
        from_community,
        progress,
    }
}

use Progress::{FedBack as F, Refused as X, Reported as R, Sent as N, SentBack as B, Signed as S};

/// Where each of [`LIVE_CALLS`] stands, in the same order.
#[rustfmt::skip]
pub(super) const LIVE: &[Live] = &[
    live("铁西小区 2 号楼", 1290, Reach::Reworking, false, &[B, F]),
    live("新明小区 4 号楼", 5150, Reach::Working, false, &[R, R, S]),
    live("金源小区 3 号楼", 2560, Reach::Working, true, &[R, S, F]),
    live("锦华路", 45, Reach::Working, false, &[N]),
    live("南湖市场", 1720, Reach::RatedByCommunity, false, &[F, F]),
    live("嫩江路", 940, Reach::Checking, true, &[F]),
    live("育才路", 480, Reach::Working, false, &[S, R, S, S]),
    live("铁路家属院 3 号楼", 2500, Reach::Working, true, &[R, F]),
    live("康宁社区", 5570, Reach::Working, false, &[R, R]),
    live("南湖家园 2 号楼", 2930, Reach::Checking, true, &[F]),
    live("民主社区", 4300, Reach::Working, false, &[R, R, S, F]),
    live("新明社区", 3800, Reach::Checking, true, &[F, F]),
    live("江畔小区", 1700, Reach::Working, true, &[R, R]),
    live("老坎子小区", 1650, Reach::Working, false, &[R, F]),
    live("长虹路", 2480, Reach::Working, false, &[R, R, R]),
    live("人和家园", 2450, Reach::Working, false, &[R, R, F, R]),
    live("康宁小区 6 号楼", 4250, Reach::Working, false, &[R, F, X, R]),
    live("铁西新苑", 3900, Reach::Working, false, &[R, R, R]),
    live("祥安小区", 3400, Reach::Working, true, &[R, R]),
    live("滨江路", 860, Reach::Working, false, &[S, N, R]),
    live("南湖小区", 5900, Reach::Working, false, &[R, R, F]),
    live("新明小区 2 号楼", 2800, Reach::RatedByStreet, true, &[F, F]),
    live("江城花园", 1480, Reach::Closing, true, &[F]),
    live("站前路", 2200, Reach::Unrated, false, &[F, F]),
    live("医院小区 1 号楼", 38, Reach::Working, false, &[R, S]),
    live("新明小区 6 号楼", 20, Reach::Draft, false, &[N, N, N]),
    live("建设路", 120, Reach::Draft, false, &[N]),
    live("城南家园 2 号楼", 150, Reach::Requested, true, &[N]),
    live("永兴家园", 200, Reach::Requested, true, &[N]),
    live("湖畔路", 90, Reach::Approving, false, &[N]),
    live("锦绣花园", 240, Reach::Approving, true, &[N, N, N]),
];

/// What the whistles under way are about.
#[rustfmt::skip]
pub(super) const LIVE_CALLS: &[Call] = calls! {
    emergency Building "05-98": "铁西社区供热管网漏水，23 户室温不足", "供热支管漏水，23 户室温降到 12 度。", "社区发电暖器 9 台，帮 3 户老人投亲。", "止漏，室温 18 度以上"
        { "供热公司" "立即抢修，恢复供热。" "已补焊漏点，升压供热。", "住房和城乡建设局" "协调开挖，恢复路面。" "开挖手续当日办结，路面待恢复。" }
    joint_enforcement Building "01-01": "新明小区 4 号楼东侧私搭彩钢房", "占绿地搭建彩钢房 26 平方米，影响一楼采光。", "告知书送达两次，当事人不拆。", "彩钢房拆除，绿地恢复"
        { "自然资源局" "认定违建，限期拆除。" "", "城市管理行政执法局" "配合拆除清运。" "", "公安局" "拆除时维持秩序。" "" }
    routine Building "05-03": "金源小区 3 号楼前污水管网破损，污水外溢", "3 号楼前检修井周边排水管断裂，污水外溢并结冰，影响 3、4 号楼 96 户出入。", "疏通两次，清冰一次；管道断裂，社区无力更换。", "管道更换完毕，48 小时无外溢"
        { "住房和城乡建设局" "查明断点，更换破损管段。" "已换管 18 米，余 6 米被棚屋压占。", "城市管理行政执法局" "拆除压占检修井的棚屋。" "", "供水公司" "排查供水管线有无渗漏。" "查供水管线无渗漏，已更换 3 号楼前旧阀门。" }
    express Grid "B01-02": "祥安社区锦华路检修井盖丢失", "锦华路人行道检修井盖丢失，紧邻公交站。", "放警示桶，网格长看守。", "井盖装好"
        { "供水公司" "认领并补装井盖。" "" }
    express Grid "04-06": "南湖市场北门占道经营，堵塞消防通道", "北门摊位占住通道，消防车试行受阻。", "劝离四次，反复出现。", "通道畅通，连看三天"
        { "城市管理行政执法局" "清理占道，划禁停线。" "劝离摊贩 14 户，划禁停线，装隔离桩，早市移到市场院内。", "公安局" "维持秩序。" "出警 4 人次，秩序正常。" }
    express Grid "05-05": "嫩江路西段路面塌陷约 2 平方米", "路面下空，车轮陷过一次。", "放锥桶围挡，夜间有人看守。", "回填夯实，恢复通行"
        { "交通运输局" "开挖查因，回填修复。" "回填砂石 6 立方米，铺沥青恢复通行。" }
    joint_enforcement Grid "04-06": "永兴社区育才学校门前流动摊点占道", "放学时二十余个摊点堵住校门。", "志愿者每天劝导，效果不长。", "放学时段校门 50 米内无摊点"
        { "城市管理行政执法局" "定点值守，清理摊点。" "", "公安局" "疏导放学交通。" "", "市场监督管理局" "查食品摊点。" "", "教育局" "错峰放学，教育学生不买。" "" }
    routine Building "05-99": "安铁社区铁路家属院墙体脱落", "3 号楼山墙掉砖，墙下是通道。", "封闭通道，改走西门。", "险情排除，墙体修复"
        { "住房和城乡建设局" "加固墙体，查明结构安全。" "已加固，等检测报告。", "应急管理局" "核定危险范围。" "划定警戒范围 8 米，已交社区看护。" }
    tough Community "01-26": "康宁社区餐饮油烟直排", "十一家饭店油烟直排，投诉多年。", "组织商户座谈三次。", "全部安装净化设施"
        { "生态环境分局" "检测并责令整改。" "", "市场监督管理局" "配合核查证照。" "" }
    routine Building "05-98": "南湖家园 2 号楼三单元供水水压不足", "四层以上早晚没水。", "入户登记 12 户，阀门无异常。", "顶层早晚用水正常"
        { "供水公司" "查水压，更换老化设备。" "更换加压泵一台，顶层水压达标。" }
    tough Community "05-03": "民主社区无主排水管网权属争议", "管网 1998 年建，建设单位已撤销，各部门都说不归自己。", "社区自筹疏通六次。", "明确管护单位，清掏一次"
        { "住房和城乡建设局" "会商权属，先行清掏。" "", "自然资源局" "提供规划和权属资料。" "", "财政局" "测算管养经费。" "", "水利局" "说明与排涝沟的界限。" "管网不通排涝沟，已书面说明。" }
    routine Community "01-30": "新明小区临街门市排烟管朝向居民窗户", "三家门市排烟管朝二楼窗户，油烟进屋。", "与店主商量两次，不改。", "排烟管改向，居民确认"
        { "市场监督管理局" "责令改造排烟设施。" "三家排烟管改为高空排放。", "生态环境分局" "检测油烟。" "改造后检测达标。" }
    routine Grid "B03-03": "人和社区江畔小区化粪池满溢", "化粪池满溢，污水流到小广场。", "雇车清掏一次，三天又满。", "清掏疏通，一周无满溢"
        { "住房和城乡建设局" "清掏化粪池，查下游堵点。" "清掏一次，下游堵点还在查。", "城市管理行政执法局" "冲洗消杀广场。" "" }
    routine Grid "B02-01": "老坎子社区清雪车堵住消防出口", "清雪车长期停在消防出口。", "与车队联系三次，无人挪车。", "出口畅通，定点停放"
        { "城市管理行政执法局" "另定停放点，挪走车辆。" "", "消防救援大队" "核验消防出口。" "出口宽 4 米，标线已划。" }
    joint_enforcement Grid "01-36": "长虹社区废品收购点夜间扰民", "凌晨装车，噪声大，废品堆到路上。", "约谈三次，签过承诺又犯。", "搬离居民区"
        { "公安局" "查登记和夜间扰民。" "", "市场监督管理局" "查营业执照。" "", "城市管理行政执法局" "清理占道废品。" "" }
    joint_enforcement Grid "05-02": "人和社区出租房燃气瓶违规存放", "出租房一楼存放液化气瓶三十余只。", "上门劝告两次，报派出所一次。", "气瓶清走，房屋安全"
        { "应急管理局" "现场核查，责令清走。" "", "住房和城乡建设局" "查燃气经营资质。" "", "公安局" "查出租房登记。" "房主已补登记，处警告。", "消防救援大队" "检查消防安全。" "" }
    tough Building "06-99": "康宁社区物业撤管后电梯停运", "物业撤管，两部电梯停运，六层以上 40 户。", "社区组织志愿者帮老人买菜。", "电梯恢复运行，有人管"
        { "住房和城乡建设局" "落实应急物业和维保。" "维保单位已进场。", "市场监督管理局" "电梯检验。" "两部电梯检验合格，待维保接管。", "供电公司" "恢复电梯供电。" "", "民政局" "关照行动不便老人。" "" }
    tough Grid "05-08": "铁西社区小区外墙线缆低垂", "外墙线缆多家混挂，最低处 1.6 米。", "绑扎三次，挂提示带。", "线缆入槽，高度达标"
        { "供电公司" "牵头排线，拆除废线。" "", "住房和城乡建设局" "协调线槽施工。" "", "公安局" "迁移监控线路。" "" }
    tough Grid "01-17": "祥安社区占用公共绿地纠纷", "一楼住户围占绿地，邻里打过架。", "调解五次，未成。", "绿地恢复公用，双方签字"
        { "司法局" "组织人民调解，提出法律意见。" "", "自然资源局" "核定绿地界限。" "" }
    joint_enforcement Grid "01-11": "永兴社区河道边倾倒建筑垃圾", "夜间有车倾倒，已成堆 60 米。", "蹲守两夜，记下车号。", "清运完毕，来源查清"
        { "生态环境分局" "查倾倒行为。" "", "住房和城乡建设局" "查渣土来源。" "", "水利局" "清理河道。" "" }
    tough Grid "05-03": "南湖社区老旧小区雨污分流改造", "雨污合流，每逢大雨倒灌一楼。", "备沙袋，雨季轮班值守。", "改造列入计划，先行清掏"
        { "住房和城乡建设局" "提出改造方案。" "", "财政局" "落实资金。" "", "自然资源局" "核对地下管线。" "提供管线图，交叉 3 处已标明。" }
    routine Building "01-13": "新明小区 2 号楼前路面破损", "楼前路面破碎，轮椅过不去。", "用砂石填平两次。", "路面硬化完毕"
        { "住房和城乡建设局" "修复路面。" "混凝土硬化 46 平方米。", "交通运输局" "提供沥青料和机械。" "支援压路机半天。" }
    express Grid "B01-37": "江城花园主路路灯不亮", "主路八盏路灯不亮。", "查过开关箱，电缆故障。", "路灯全部亮起"
        { "供电公司" "查电缆，恢复照明。" "更换电缆 35 米，路灯全亮。" }
    routine Grid "04-06": "站前路出租车占用公交站台", "出租车候客占站台，公交车停在路中间。", "志愿者劝导一周。", "站台清空，设候客区"
        { "公安局" "查处违停，维持秩序。" "处罚 17 台，站台清空。", "交通运输局" "划定候客区。" "划候客区 8 位，立牌。" }
    emergency Building "05-02": "医院小区 1 号楼楼道燃气味浓", "二单元楼道燃气味浓，居民头晕。", "", "检测合格，恢复供气"
        { "燃气公司" "立即到场检测堵漏。" "", "消防救援大队" "现场警戒。" "" }
    routine Building "05-99": "新明小区 6 号楼外墙保温层脱落", "北侧四层至六层保温层空鼓，三次掉块，楼下是出入口，影响 72 户。", "拉警戒线，挪走 9 台车，改走南门；物业撤管，社区无维修资金。", "险情排除，外墙修复验收"
        { "住房和城乡建设局" "三日内清除空鼓保温层，排除险情；提出维修资金来源。" "", "城市管理行政执法局" "搭设围挡和安全通道，清运掉落物。" "", "应急管理局" "核定危险范围，指导警戒和撤离路线。" "" }
    express Grid "02-05": "建设路广告牌螺栓锈断", "两块广告牌螺栓锈断，大风摇晃。", "拉警戒线。", "拆除或加固"
        { "城市管理行政执法局" "当天拆除或加固。" "" }
    routine Building "05-03": "城南家园 2 号楼化粪池外溢", "化粪池外溢，流到楼前。", "疏通一次，清运一次，又溢。", "清掏，一周无外溢"
        { "住房和城乡建设局" "清掏并查管道。" "" }
    routine Grid "01-10": "永兴家园垃圾点清运不及时", "垃圾三天一清，桶外堆成堆。", "组织清理两次。", "日产日清"
        { "城市管理行政执法局" "调整清运频次。" "" }
    routine Grid "B01-37": "湖畔路路灯成片不亮", "路灯连续九盏不亮。", "查开关箱，电缆在地下，修不了。", "路灯全部亮起"
        { "供电公司" "查断电原因，恢复照明。" "" }
    joint_enforcement Grid "01-01": "锦绣花园北墙外私搭车棚", "私搭车棚占消防通道。", "告知书送达一次。", "车棚拆除"
        { "自然资源局" "认定违建。" "", "城市管理行政执法局" "配合拆除。" "", "消防救援大队" "核验消防通道。" "" }
};

/// The whistles of the neighbouring city, after its closed ones.
pub(super) const NEIGHBOUR_LIVE: &[Live] = &[
    live("望湖小区 1 号楼", 1300, Reach::Working, true, &[R, S]),
    live("荷花路", 900, Reach::Checking, false, &[F]),
    live("松林路", 1500, Reach::RatedByStreet, false, &[F, F]),
];

/// What those are about.
#[rustfmt::skip]
pub(super) const NEIGHBOUR_CALLS: &[Call] = calls! {
    routine Building "05-03": "望湖小区 1 号楼前污水管网破损，污水外溢", "检修井周边排水管断裂，污水外溢。", "疏通两次，管道断裂，社区无力更换。", "管道更换完毕，48 小时无外溢"
        { "住房和城乡建设局" "查明断点，更换破损管段。" "", "供水公司" "排查供水管线有无渗漏。" "" }
    express Grid "B01-02": "荷花路检修井盖丢失", "井口敞开，紧邻学校路线。", "放警示桶，专人看守。", "井盖装好"
        { "供水公司" "认领并补装井盖。" "补装井盖，加防坠网。" }
    express Grid "04-06": "松林路占道经营，堵塞消防通道", "摊位占住通道。", "劝离四次，反复出现。", "通道畅通，连看三天"
        { "城市管理行政执法局" "清理占道，划禁停线。" "劝离摊贩 9 户，划禁停线。", "公安局" "维持秩序。" "出警 2 人次。" }
};
