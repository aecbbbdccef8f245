//! Where the sample plays. Streets and communities of the first city are real, with
//! their codes of the statistical division; everything below them is invented.

use super::calls::Call;
use super::desks::{KNOWN, Known};
use super::duties::{DUTIES, Duty, NEIGHBOUR_DUTIES};
use super::leaders::{CHARGES, Charge, NEIGHBOUR_CHARGES};
use super::live::{LIVE, LIVE_CALLS, Live, NEIGHBOUR_CALLS, NEIGHBOUR_LIVE};

/// What a city consists of and how large it is.
#[derive(Debug)]
pub(super) struct CitySpec {
    pub(super) prefix: &'static str,
    pub(super) seed: u64,
    /// Longitude and latitude of its middle.
    pub(super) centre: (f64, f64),
    pub(super) streets: &'static [StreetSpec],
    pub(super) departments: &'static [(&'static str, &'static str)],
    /// Those of them whose people are settled last, so that everybody else stays who they were.
    pub(super) settled_last: &'static [&'static str],
    /// The duty list.
    pub(super) duties: &'static [Duty],
    /// City leaders and the departments they are in charge of.
    pub(super) leaders: &'static [Charge],
    /// The estate whose whole chain has accounts.
    pub(super) estate: &'static str,
    pub(super) estate_buildings: usize,
    pub(super) estate_units: usize,
    pub(super) buildings: usize,
    pub(super) units: usize,
    /// Ordinary matters, beside those behind whistles and the open ones.
    pub(super) matters: usize,
    /// Open matters that each community has.
    pub(super) open_each: i64,
    /// Whistles closed in the last year, by street.
    pub(super) closed: &'static [usize],
    /// The streets that took one whistle back, each of them once.
    pub(super) withdrawn: &'static [usize],
    /// Whistles under way and what they are about, in the same order.
    pub(super) live: (&'static [Live], &'static [Call]),
    /// Open matters that the desks know by name.
    pub(super) known: &'static [Known],
    /// The first of the city's telephone numbers, behind the prefix 129 that nobody has.
    pub(super) first_phone: i64,
    pub(super) people: &'static [super::names::Named],
}

/// A street and its communities.
#[derive(Debug)]
pub(super) struct StreetSpec {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) communities: &'static [CommunitySpec],
}

/// A community and the estates or roads its grids are named after.
#[derive(Debug)]
pub(super) struct CommunitySpec {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) grids: &'static [&'static str],
    /// The third grid was closed; the last one took its place.
    pub(super) closed: Option<&'static str>,
}

const fn community(
    name: &'static str,
    code: &'static str,
    grids: &'static [&'static str],
) -> CommunitySpec {
    CommunitySpec {
        name,
        code,
        grids,
        closed: None,
    }
}

/// 大安市: five streets, twelve communities. 004-002 and 005-001 were merged away.
pub(super) const CITY: CitySpec = CitySpec {
    prefix: "DA",
    seed: 220_882,
    centre: (124.29, 45.50),
    streets: &[
        StreetSpec {
            name: "慧阳街道",
            code: "220882001",
            communities: &[
                community(
                    "新明社区",
                    "001",
                    &["新明小区", "慧阳路", "人民路", "邮政家园"],
                ),
                community(
                    "南湖社区",
                    "002",
                    &["南湖小区", "南湖家园", "南湖市场", "湖畔路"],
                ),
                community(
                    "城南社区",
                    "003",
                    &["金源小区", "嫩江路", "江城花园", "城南家园"],
                ),
            ],
        },
        StreetSpec {
            name: "临江街道",
            code: "220882002",
            communities: &[
                community(
                    "永兴社区",
                    "001",
                    &["永兴小区", "育才路", "永兴家园", "滨江路"],
                ),
                community(
                    "人和社区",
                    "002",
                    &["江畔小区", "人和家园", "临江路", "渔港小区"],
                ),
            ],
        },
        StreetSpec {
            name: "长虹街道",
            code: "220882003",
            communities: &[
                community(
                    "长虹社区",
                    "001",
                    &["长虹小区", "长虹路", "粮库小区", "建设路"],
                ),
                CommunitySpec {
                    closed: Some("铁西老街"),
                    ..community(
                        "铁西社区",
                        "002",
                        &["铁西小区", "机务小区", "铁西路", "铁西新苑"],
                    )
                },
                community(
                    "民主社区",
                    "003",
                    &["民主小区", "民主路", "文化小区", "光明路"],
                ),
            ],
        },
        StreetSpec {
            name: "锦华街道",
            code: "220882004",
            communities: &[
                community(
                    "祥安社区",
                    "001",
                    &["祥安小区", "锦华路", "锦绣花园", "政府路"],
                ),
                community(
                    "康宁社区",
                    "003",
                    &["康宁小区", "康宁路", "医院小区", "锦华家园"],
                ),
            ],
        },
        StreetSpec {
            name: "安北街道",
            code: "220882005",
            communities: &[
                community(
                    "老坎子社区",
                    "002",
                    &["老坎子小区", "码头路", "安北小区", "船厂小区"],
                ),
                community(
                    "安铁社区",
                    "003",
                    &["铁路家属院", "安铁小区", "站前路", "工务小区"],
                ),
            ],
        },
    ],
    departments: &[
        ("住房和城乡建设局", "bureau"),
        ("城市管理行政执法局", "bureau"),
        ("公安局", "bureau"),
        ("司法局", "bureau"),
        ("自然资源局", "bureau"),
        ("市场监督管理局", "bureau"),
        ("交通运输局", "bureau"),
        ("应急管理局", "bureau"),
        ("民政局", "bureau"),
        ("教育局", "bureau"),
        ("卫生健康局", "bureau"),
        ("财政局", "bureau"),
        ("人力资源和社会保障局", "bureau"),
        ("水利局", "bureau"),
        ("农业农村局", "bureau"),
        ("文化广播电视和旅游局", "bureau"),
        ("发展和改革局", "bureau"),
        ("生态环境分局", "vertical"),
        ("消防救援大队", "vertical"),
        ("供水公司", "utility"),
        ("供热公司", "utility"),
        ("供电公司", "utility"),
        ("燃气公司", "utility"),
    ],
    settled_last: &["文化广播电视和旅游局", "发展和改革局"],
    duties: DUTIES,
    leaders: CHARGES,
    estate: "金源小区",
    estate_buildings: 7,
    estate_units: 3,
    buildings: 1230,
    units: 3080,
    matters: 3650,
    open_each: 6,
    closed: &[31, 19, 23, 19, 13],
    withdrawn: &[2, 4],
    live: (LIVE, LIVE_CALLS),
    known: KNOWN,
    first_phone: 1,
    people: super::names::CITY_PEOPLE,
};

/// 镜湖市, which does not exist: one street, to show that nothing of it is seen next door.
pub(super) const NEIGHBOUR: CitySpec = CitySpec {
    prefix: "JH",
    seed: 229_999,
    centre: (125.18, 45.87),
    streets: &[StreetSpec {
        name: "镜湖街道",
        code: "229999001",
        communities: &[
            community("望湖社区", "001", &["望湖小区", "荷花路"]),
            community("白桦社区", "002", &["白桦小区", "松林路"]),
        ],
    }],
    departments: &[
        ("住房和城乡建设局", "bureau"),
        ("城市管理行政执法局", "bureau"),
        ("公安局", "bureau"),
        ("供水公司", "utility"),
    ],
    settled_last: &[],
    duties: NEIGHBOUR_DUTIES,
    leaders: NEIGHBOUR_CHARGES,
    estate: "望湖小区",
    estate_buildings: 3,
    estate_units: 2,
    buildings: 12,
    units: 28,
    matters: 28,
    open_each: 3,
    closed: &[2],
    withdrawn: &[],
    live: (NEIGHBOUR_LIVE, NEIGHBOUR_CALLS),
    known: &[],
    first_phone: 90_000_001,
    people: super::names::NEIGHBOUR_PEOPLE,
};
