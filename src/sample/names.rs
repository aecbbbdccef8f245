//! The people whom the sample names, and what the others' names are made of. All of
//! them are invented.

/// A person with a known seat. An empty name is a post that nobody holds now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) seat: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) login: &'static str,
    pub(super) home_unit: Option<&'static str>,
}

const fn at(
    seat: &'static str,
    kind: &'static str,
    name: &'static str,
    login: &'static str,
) -> Named {
    Named {
        seat,
        kind,
        name,
        login,
        home_unit: None,
    }
}

const fn cadre(
    seat: &'static str,
    name: &'static str,
    login: &'static str,
    unit: &'static str,
) -> Named {
    Named {
        seat,
        kind: "building_chief",
        name,
        login,
        home_unit: Some(unit),
    }
}

/// The named people of 大安市.
pub(super) const CITY_PEOPLE: &[Named] = &[
    at("", "city_leader", "王建国", "wangjianguo"),
    at("", "city_leader", "谢立群", "xieliqun"),
    at("", "city_leader", "顾明远", "gumingyuan"),
    at("", "city_leader", "苏振东", "suzhendong"),
    at("", "city_leader", "邓淑敏", "dengshumin"),
    at("", "city_office", "韩雪", "hanxue"),
    at("", "system_admin", "周静", "zhoujing"),
    at("", "security_admin", "吴磊", "wulei"),
    at("", "audit_admin", "郑敏", "zhengmin"),
    at("慧阳街道", "street_secretary", "孙立军", "sunlijun"),
    at("慧阳街道", "street_deputy", "陈立新", "chenlixin"),
    at("慧阳街道", "street_dispatcher", "王丽", "wangli"),
    at("慧阳街道", "street_checker", "姜涛", "jiangtao"),
    at("临江街道", "street_dispatcher", "刘艳", "liuyan"),
    at("临江街道", "street_deputy", "宋海涛", "songhaitao"),
    at("城南社区", "community_secretary", "高敏", "gaomin"),
    at("城南社区", "community_worker", "刘洋", "liuyang"),
    at("城南社区", "community_worker", "张欣", "zhangxin"),
    at("新明社区", "community_worker", "吴敏", "wumin"),
    at("金源小区网格", "grid_chief", "宋玉梅", "songyumei"),
    at("嫩江路网格", "grid_chief", "魏东", "weidong"),
    at("南湖市场网格", "grid_chief", "孙桂芝", "sunguizhi"),
    cadre("金源小区 1 号楼", "曲志刚", "quzhigang", "财政局"),
    at("金源小区 2 号楼", "building_chief", "", ""),
    at(
        "金源小区 2 号楼",
        "building_leader",
        "田秀英",
        "tianxiuying",
    ),
    cadre("金源小区 3 号楼", "周强", "zhouqiang", "教育局"),
    cadre("金源小区 4 号楼", "梁丽华", "lianglihua", "卫生健康局"),
    cadre("金源小区 5 号楼", "石建国", "shijianguo", "税务局"),
    cadre("金源小区 6 号楼", "于海", "yuhai", "水利局"),
    at("金源小区 6 号楼", "building_leader", "冯春", "fengchun"),
    cadre("金源小区 7 号楼", "范雪松", "fanxuesong", "农业农村局"),
    cadre("南湖小区 9 号楼", "郑凯", "zhengkai", "审计局"),
    // The checker of one street is a building chief in another: two posts to switch between.
    cadre("江畔小区 5 号楼", "姜涛", "jiangtao", "慧阳街道办事处"),
    at("金源小区 1 号楼一单元", "unit_chief", "韩淑芬", "hanshufen"),
    at("金源小区 3 号楼一单元", "unit_chief", "马秀云", "maxiuyun"),
    at(
        "金源小区 5 号楼二单元",
        "unit_chief",
        "程玉兰",
        "chengyulan",
    ),
    at("金源小区 6 号楼三单元", "unit_chief", "", ""),
    at(
        "住房和城乡建设局",
        "department_head",
        "郭振华",
        "guozhenhua",
    ),
    at(
        "住房和城乡建设局",
        "department_clerk",
        "赵海峰",
        "zhaohaifeng",
    ),
    at("城市管理行政执法局", "department_clerk", "李强", "liqiang"),
    at("供水公司", "department_clerk", "何志远", "hezhiyuan"),
];

/// The named people of 镜湖市.
pub(super) const NEIGHBOUR_PEOPLE: &[Named] = &[
    at("", "city_leader", "沈文博", "shenwenbo"),
    at("", "city_leader", "顾青山", "guqingshan"),
    at("", "city_office", "叶青", "yeqing"),
    at("", "system_admin", "丁一鸣", "dingyiming"),
    at("镜湖街道", "street_secretary", "罗建平", "luojianping"),
    at("镜湖街道", "street_deputy", "唐雨", "tangyu"),
    at("镜湖街道", "street_dispatcher", "苏婷", "suting"),
    at("镜湖街道", "street_checker", "潘伟", "panwei"),
    at("望湖社区", "community_secretary", "袁芳", "yuanfang"),
    at("望湖社区", "community_worker", "邓杰", "dengjie"),
    at("望湖小区网格", "grid_chief", "曹玲", "caoling"),
    cadre("望湖小区 1 号楼", "许峰", "xufeng", "财政局"),
    at(
        "望湖小区 1 号楼一单元",
        "unit_chief",
        "蒋桂花",
        "jiangguihua",
    ),
    at("住房和城乡建设局", "department_clerk", "彭程", "pengcheng"),
    at("城市管理行政执法局", "department_clerk", "吕松", "lvsong"),
    at("供水公司", "department_clerk", "任晓东", "renxiaodong"),
];

/// Who held a post before the one who is named for it: seat, kind, name.
pub(super) const FORMER: &[(&str, &str, &str)] = &[
    ("金源小区网格", "grid_chief", "杜春生"),
    ("城南社区", "community_secretary", "郝长河"),
    ("慧阳街道", "street_deputy", "白凤山"),
];

/// Family names with their spelling.
#[rustfmt::skip]
pub(super) const FAMILY: &[(&str, &str)] = &[
    ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"),
    ("杨", "yang"), ("赵", "zhao"), ("孙", "sun"), ("周", "zhou"), ("徐", "xu"),
    ("马", "ma"), ("朱", "zhu"), ("胡", "hu"), ("郭", "guo"), ("何", "he"),
    ("高", "gao"), ("林", "lin"), ("郑", "zheng"), ("梁", "liang"), ("宋", "song"),
    ("唐", "tang"), ("韩", "han"), ("冯", "feng"), ("于", "yu"), ("董", "dong"),
    ("程", "cheng"), ("曹", "cao"), ("袁", "yuan"), ("田", "tian"), ("崔", "cui"),
    ("姜", "jiang"), ("范", "fan"), ("石", "shi"), ("谭", "tan"), ("贾", "jia"),
    ("邹", "zou"), ("付", "fu"), ("白", "bai"), ("孟", "meng"), ("秦", "qin"),
    ("尹", "yin"), ("常", "chang"),
];

/// First characters of given names.
#[rustfmt::skip]
pub(super) const FIRST: &[(&str, &str)] = &[
    ("建", "jian"), ("志", "zhi"), ("秀", "xiu"), ("玉", "yu"), ("桂", "gui"),
    ("淑", "shu"), ("春", "chun"), ("海", "hai"), ("立", "li"), ("文", "wen"),
    ("国", "guo"), ("明", "ming"), ("晓", "xiao"), ("凤", "feng"), ("永", "yong"),
    ("丽", "li"), ("洪", "hong"), ("德", "de"), ("长", "chang"), ("雅", "ya"),
    ("庆", "qing"), ("金", "jin"), ("艳", "yan"), ("振", "zhen"),
];

/// Last characters of given names, also used alone.
#[rustfmt::skip]
pub(super) const LAST: &[(&str, &str)] = &[
    ("华", "hua"), ("军", "jun"), ("英", "ying"), ("兰", "lan"), ("梅", "mei"),
    ("强", "qiang"), ("波", "bo"), ("芳", "fang"), ("杰", "jie"), ("生", "sheng"),
    ("霞", "xia"), ("伟", "wei"), ("琴", "qin"), ("山", "shan"), ("云", "yun"),
    ("平", "ping"), ("辉", "hui"), ("玲", "ling"), ("涛", "tao"), ("红", "hong"),
    ("新", "xin"), ("珍", "zhen"), ("民", "min"), ("宇", "yu"), ("鹏", "peng"),
    ("娟", "juan"), ("龙", "long"), ("燕", "yan"), ("臣", "chen"), ("超", "chao"),
];

/// Organs and institutions that send cadres down as building chiefs.
#[rustfmt::skip]
pub(super) const HOME_UNITS: &[&str] = &[
    "市委办公室", "市政府办公室", "市委组织部", "市委宣传部", "市委政法委", "市纪委监委",
    "市人大办公室", "市政协办公室", "市总工会", "团市委", "市妇联", "市残联",
    "市工商联", "发展和改革局", "财政局", "教育局", "公安局", "民政局",
    "司法局", "卫生健康局", "审计局", "统计局", "水利局", "农业农村局",
    "林业和草原局", "税务局", "自然资源局", "交通运输局", "住房和城乡建设局", "城市管理行政执法局",
    "市场监督管理局", "应急管理局", "医疗保障局", "人力资源和社会保障局", "退役军人事务局", "文化广播电视和旅游局",
    "信访局", "档案馆", "政务服务和数字化建设管理局", "融媒体中心", "市法院", "市检察院",
];

/// The title of a post as its holder would write it.
pub(super) fn title(kind: &str) -> &'static str {
    match kind {
        "city_leader" => "市委书记",
        "city_office" => "市城乡基层治理办值班员",
        "system_admin" => "系统管理员",
        "security_admin" => "安全管理员",
        "audit_admin" => "审计管理员",
        "street_secretary" => "街道党工委书记",
        "street_deputy" => "副主任（分管）",
        "street_dispatcher" => "指挥调度中心值班员",
        "street_checker" => "核查员",
        "community_secretary" => "社区书记",
        "community_worker" => "社区工作者",
        "grid_chief" => "网格长",
        "grid_secretary" => "党支部书记",
        "building_chief" => "楼栋长",
        "building_leader" => "党小组组长",
        "unit_chief" => "单元长",
        "unit_household" => "党员中心户",
        "department_head" => "局长",
        _ => "联络员",
    }
}

/// What the holder of such a post usually is.
pub(super) fn identity(kind: &str) -> &'static str {
    match kind {
        "city_leader" => "市级领导",
        "street_secretary" | "street_deputy" | "street_dispatcher" | "street_checker" => "街道干部",
        "community_secretary" | "community_worker" | "grid_chief" => "社区工作者",
        "building_leader" | "unit_chief" | "unit_household" => "居民",
        _ => "机关干部",
    }
}
