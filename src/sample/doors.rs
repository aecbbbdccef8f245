//! Which sample cities there are and whom their sign-in pages offer to be.

/// The code of 大安市.
pub const CITY_CODE: &str = "220882";

/// The code of 镜湖市, which nobody has.
pub const NEIGHBOUR_CODE: &str = "229999";

/// The password of everybody in the sample.
pub const PASSWORD: &str = "Shili-2026";

/// A city of the sample, as its tenant is made.
#[derive(Clone, Copy, Debug)]
pub struct City {
    /// Its code by GB/T 2260.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The prefix of its numbers.
    pub prefix: &'static str,
    /// The office that hosts it.
    pub sponsor: &'static str,
}

/// Both cities.
pub const CITIES: &[City] = &[
    City {
        code: CITY_CODE,
        name: "大安市",
        prefix: "DA",
        sponsor: "大安市城乡基层治理工作委员会办公室",
    },
    City {
        code: NEIGHBOUR_CODE,
        name: "镜湖市",
        prefix: "JH",
        sponsor: "镜湖市城乡基层治理工作委员会办公室",
    },
];

/// A person of the sample to sign in as.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// The heading under which the page lists the person.
    pub role: &'static str,
    /// The person's name.
    pub person: &'static str,
    /// What the person is and where.
    pub seat: &'static str,
    /// The name to sign in with.
    pub login: &'static str,
}

const fn door(
    role: &'static str,
    person: &'static str,
    seat: &'static str,
    login: &'static str,
) -> Door {
    Door {
        role,
        person,
        seat,
        login,
    }
}

/// Doors into 大安市.
#[rustfmt::skip]
pub const CITY_DOORS: &[Door] = &[
    door("市级", "王建国", "市委书记", "wangjianguo"),
    door("市级", "顾明远", "副市长（分管城建）", "gumingyuan"),
    door("市级", "韩雪", "市城乡基层治理办值班员", "hanxue"),
    door("街道", "孙立军", "慧阳街道党工委书记", "sunlijun"),
    door("街道", "陈立新", "慧阳街道副主任（分管）", "chenlixin"),
    door("街道", "王丽", "慧阳街道指挥调度中心值班员", "wangli"),
    door("街道", "姜涛", "慧阳街道核查员，兼江畔小区 5 号楼楼栋长", "jiangtao"),
    door("街道", "刘艳", "临江街道指挥调度中心值班员", "liuyan"),
    door("社区", "高敏", "城南社区书记", "gaomin"),
    door("社区", "刘洋", "城南社区工作者", "liuyang"),
    door("网格和楼栋", "宋玉梅", "金源小区网格长", "songyumei"),
    door("网格和楼栋", "周强", "金源小区 3 号楼楼栋长", "zhouqiang"),
    door("网格和楼栋", "马秀云", "金源小区 3 号楼一单元单元长", "maxiuyun"),
    door("部门", "郭振华", "住房和城乡建设局局长", "guozhenhua"),
    door("部门", "赵海峰", "住房和城乡建设局联络员", "zhaohaifeng"),
    door("部门", "李强", "城市管理行政执法局联络员", "liqiang"),
    door("部门", "何志远", "供水公司联络员", "hezhiyuan"),
    door("系统", "周静", "系统管理员", "zhoujing"),
    door("系统", "吴磊", "安全管理员", "wulei"),
    door("系统", "郑敏", "审计管理员", "zhengmin"),
];

/// Doors into 镜湖市.
#[rustfmt::skip]
pub const NEIGHBOUR_DOORS: &[Door] = &[
    door("市级", "沈文博", "市委书记", "shenwenbo"),
    door("市级", "叶青", "市城乡基层治理办值班员", "yeqing"),
    door("街道", "唐雨", "镜湖街道副主任（分管）", "tangyu"),
    door("街道", "苏婷", "镜湖街道指挥调度中心值班员", "suting"),
    door("社区", "袁芳", "望湖社区书记", "yuanfang"),
    door("网格和楼栋", "曹玲", "望湖小区网格长", "caoling"),
    door("部门", "彭程", "住房和城乡建设局联络员", "pengcheng"),
    door("系统", "丁一鸣", "系统管理员", "dingyiming"),
];
