//! What a city needs before it can work, and whose turn it is. Pure.

use serde::Deserialize;

use super::divisions::{Community, Town};
use crate::org::access::{Level, PostKind};
use crate::org::redraw::{Founding, FoundingDepartment};
use crate::org::units::DepartmentKind;

/// What there is, counted today.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts are independent of one another"
)]
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Facts {
    /// Living streets.
    pub(super) streets: i64,
    /// Living communities.
    pub(super) communities: i64,
    /// Living grids.
    pub(super) grids: i64,
    /// Living buildings.
    pub(super) buildings: i64,
    /// Streets without a community.
    pub(super) bare_streets: i64,
    /// Communities without a grid.
    pub(super) bare_communities: i64,
    /// Departments that stand.
    pub(super) departments: i64,
    /// The number of the limits in force.
    pub(super) limits: Option<i32>,
    /// Whether somebody of the city has made a version of the limits.
    pub(super) limits_own: bool,
    /// Classes of matters in use.
    pub(super) classes: i64,
    /// Whether somebody of the city has changed one or added one.
    pub(super) classes_own: bool,
    /// Whether the notice of this year is known.
    pub(super) knows_year: bool,
    /// Items of the duty list in force.
    pub(super) duties: i64,
    /// Whether a plan of the five powers is in force.
    pub(super) has_plan: bool,
    /// Departments without a city leader in charge.
    pub(super) led_by_nobody: i64,
    /// People in the register.
    pub(super) people: i64,
    /// Posts that stand.
    pub(super) posts: i64,
    /// Of them vacant today.
    pub(super) vacant: i64,
    /// Posts of the city's office that somebody holds.
    pub(super) office: i64,
    /// City leaders' posts that somebody holds.
    pub(super) leaders: i64,
    /// Streets in which nobody holds the secretary's, the deputy's or the dispatcher's post.
    pub(super) unmanned_streets: i64,
    /// Departments in which nobody holds the head's or the clerk's post.
    pub(super) unmanned_departments: i64,
    /// Holders of posts without an account.
    pub(super) without_account: i64,
    /// Accounts whose first password has not been changed.
    pub(super) slips: i64,
    /// Administrators who hold more than one of the three posts.
    pub(super) mixed_admins: i64,
    /// Posts of administrators that nobody holds.
    pub(super) vacant_admins: i64,
}

/// One line of the check list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What it is about.
    pub(super) title: &'static str,
    /// What there is.
    pub(super) words: String,
    /// Whether it is done.
    pub(super) standing: Standing,
    /// Whose it is.
    pub(super) by: By,
    /// Where it is done or looked at.
    pub(super) href: &'static str,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing is left to do.
    Done,
    /// The city works without it, less well.
    Better,
    /// The city cannot work before this is done.
    Missing,
}

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// 系统管理员
    System,
    /// 安全管理员
    Security,
    /// 市治理办
    Office,
}

impl By {
    /// What they are called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::System => "系统管理员",
            Self::Security => "安全管理员",
            Self::Office => "市治理办",
        }
    }

    /// Whether this post is theirs.
    pub(super) fn is(self, kind: PostKind) -> bool {
        match self {
            Self::System => kind == PostKind::SystemAdmin,
            Self::Security => kind == PostKind::SecurityAdmin,
            Self::Office => kind == PostKind::CityOffice,
        }
    }
}

/// A heading with its steps.
pub(super) type Part = (&'static str, Vec<Step>);

/// The whole list, in the order in which it is best done.
pub(super) fn parts(f: &Facts) -> Vec<Part> {
    vec![
        ("组织", vec![streets(f), grids(f), departments(f)]),
        (
            "规则",
            vec![calendar(f), classes(f), limits(f), duties(f), plan(f)],
        ),
        (
            "人员和账号",
            vec![
                people(f),
                street_posts(f),
                department_posts(f),
                office(f),
                leaders(f),
                accounts(f),
                admins(f),
            ],
        ),
    ]
}

/// How many steps of the list must still be done.
pub(super) fn missing(parts: &[Part]) -> usize {
    let steps = parts.iter().flat_map(|(_, steps)| steps);
    steps.filter(|s| s.standing == Standing::Missing).count()
}

/// Done, or else what it is until then.
fn unless(done: bool, otherwise: Standing) -> Standing {
    if done { Standing::Done } else { otherwise }
}

fn streets(f: &Facts) -> Step {
    let bare = match f.bare_streets {
        0 => String::new(),
        n => format!("，{n} 个街道下面没有社区"),
    };
    Step {
        title: "街道和社区",
        words: match f.streets {
            0 => "还没有街道，从国家区划代码中勾选".to_owned(),
            n => format!("街道 {n} 个，社区 {} 个{bare}", f.communities),
        },
        standing: unless(f.streets > 0 && f.bare_streets == 0, Standing::Missing),
        by: By::System,
        href: "/setup/streets",
    }
}

fn grids(f: &Facts) -> Step {
    let bare = match f.bare_communities {
        0 => String::new(),
        n => format!("，{n} 个社区下面没有网格"),
    };
    Step {
        title: "网格和楼栋",
        words: format!("网格 {} 个，楼栋 {} 个{bare}", f.grids, f.buildings),
        standing: unless(f.grids > 0 && f.bare_communities == 0, Standing::Better),
        by: By::System,
        href: "/chain",
    }
}

fn departments(f: &Facts) -> Step {
    Step {
        title: "部门",
        words: match f.departments {
            0 => "还没有部门，从常见名单中勾选".to_owned(),
            n => format!("部门 {n} 个"),
        },
        standing: unless(f.departments > 0, Standing::Missing),
        by: By::System,
        href: "/setup/departments",
    }
}

fn calendar(f: &Facts) -> Step {
    Step {
        title: "工作日历",
        words: if f.knows_year {
            "今年的节假日和调休已有".to_owned()
        } else {
            "今年的放假通知还没有录入，时限算不出来".to_owned()
        },
        standing: unless(f.knows_year, Standing::Missing),
        by: By::System,
        href: "/calendar",
    }
}

fn classes(f: &Facts) -> Step {
    Step {
        title: "类别登记",
        words: if f.classes_own {
            format!("在用 {} 类", f.classes)
        } else {
            format!(
                "在用 {} 类，都是预置的，请核对立案条件和结案条件",
                f.classes
            )
        },
        standing: unless(f.classes_own, Standing::Better),
        by: By::System,
        href: "/classes",
    }
}

fn limits(f: &Facts) -> Step {
    Step {
        title: "时限",
        words: match (f.limits, f.limits_own) {
            (None, _) => "没有生效的时限".to_owned(),
            (Some(number), true) => format!("第 {number} 版生效"),
            (Some(_), false) => "用的是预置时限，请核对后发布本市的版本".to_owned(),
        },
        standing: match (f.limits, f.limits_own) {
            (None, _) => Standing::Missing,
            (Some(_), true) => Standing::Done,
            (Some(_), false) => Standing::Better,
        },
        by: By::System,
        href: "/limits",
    }
}

fn duties(f: &Facts) -> Step {
    Step {
        title: "权责清单",
        words: match f.duties {
            0 => "还没有清单，吹哨时不能按清单推荐主办部门".to_owned(),
            n => format!("有效事项 {n} 项"),
        },
        standing: unless(f.duties > 0, Standing::Better),
        by: By::Office,
        href: "/duties",
    }
}

fn plan(f: &Facts) -> Step {
    Step {
        title: "五项权力赋权方案",
        words: if f.has_plan {
            "有生效的方案".to_owned()
        } else {
            "没有生效的方案，五项权力还不能行使".to_owned()
        },
        standing: unless(f.has_plan, Standing::Better),
        by: By::Office,
        href: "/powers",
    }
}

fn people(f: &Facts) -> Step {
    Step {
        title: "人员",
        words: match f.people - 3 {
            n if n <= 0 => "除三名管理员外还没有人员".to_owned(),
            n => format!(
                "在册 {} 人，职务 {} 个，空缺 {} 个",
                n + 3,
                f.posts,
                f.vacant
            ),
        },
        standing: unless(f.people > 3, Standing::Missing),
        by: By::System,
        href: "/people",
    }
}

fn manned(
    title: &'static str,
    (what, href): (&str, &'static str),
    (all, unmanned): (i64, i64),
) -> Step {
    Step {
        title,
        words: match (all, unmanned) {
            (0, _) => format!("还没有{what}"),
            (_, 0) => format!("{what}都有人"),
            (_, n) => format!("{n} 个{what}的关键职务有空缺"),
        },
        standing: unless(all > 0 && unmanned == 0, Standing::Missing),
        by: By::Security,
        href,
    }
}

fn street_posts(f: &Facts) -> Step {
    manned(
        "街道书记、副主任、值班员",
        ("街道", "/staffing?at=1&state=vacant"),
        (f.streets, f.unmanned_streets),
    )
}

fn department_posts(f: &Facts) -> Step {
    manned(
        "部门负责人、联络员",
        ("部门", "/staffing?at=departments&state=vacant"),
        (f.departments, f.unmanned_departments),
    )
}

fn office(f: &Facts) -> Step {
    Step {
        title: "市治理办",
        words: match f.office {
            0 => "还没有人，督办、仲裁、回访没有人办".to_owned(),
            n => format!("{n} 人在岗"),
        },
        standing: unless(f.office > 0, Standing::Missing),
        by: By::Security,
        href: "/staffing?at=city",
    }
}

fn leaders(f: &Facts) -> Step {
    let words = match (f.leaders, f.led_by_nobody) {
        (0, _) => "还没有市领导，升级督办送不到".to_owned(),
        (n, 0) => format!("{n} 人，各部门都有分管领导"),
        (n, left) => format!("{n} 人，{left} 个部门没有分管领导（由市治理办指定）"),
    };
    Step {
        title: "市领导",
        words,
        standing: unless(f.leaders > 0 && f.led_by_nobody == 0, Standing::Better),
        by: if f.leaders == 0 {
            By::Security
        } else {
            By::Office
        },
        href: if f.leaders == 0 {
            "/staffing?at=city"
        } else {
            "/departments"
        },
    }
}

fn accounts(f: &Facts) -> Step {
    let slips = match f.slips {
        0 => String::new(),
        n => format!("，{n} 人待首次登录"),
    };
    Step {
        title: "账号",
        words: match f.without_account {
            0 => format!("有职务的人都有账号{slips}"),
            n => format!("{n} 名有职务的人没有账号{slips}"),
        },
        standing: unless(f.without_account == 0, Standing::Better),
        by: By::Security,
        href: "/people?state=none",
    }
}

fn admins(f: &Facts) -> Step {
    Step {
        title: "三员分立",
        words: match (f.vacant_admins, f.mixed_admins) {
            (0, 0) => "系统、安全、审计管理员由不同的人担任".to_owned(),
            (0, n) => format!("{n} 人兼任两个管理员职务，须分开"),
            (n, _) => format!("{n} 个管理员职务空缺"),
        },
        standing: unless(
            f.vacant_admins == 0 && f.mixed_admins == 0,
            Standing::Missing,
        ),
        by: By::Security,
        href: "/staffing?at=city",
    }
}

/// What the published name of a community is called in the office: 城南社区居委会 is 城南社区, 前进村委会
/// is 前进村.
pub(super) fn community_name(published: &str) -> String {
    const ENDINGS: [(&str, &str); 6] = [
        ("居民委员会", "社区"),
        ("居委会", "社区"),
        ("村村民委员会", "村"),
        ("村民委员会", "村"),
        ("村村委会", "村"),
        ("村委会", "村"),
    ];
    for (ending, kind) in ENDINGS {
        let Some(stem) = published.strip_suffix(ending) else {
            continue;
        };
        if stem.is_empty() {
            break;
        }
        let named = stem.ends_with("社区") || stem.ends_with('村') && kind == "村";
        return if named {
            stem.to_owned()
        } else {
            format!("{stem}{kind}")
        };
    }
    published.to_owned()
}

/// The party organisation of a street or town.
fn street_party(name: &str) -> String {
    if name.ends_with("街道") {
        format!("{name}大工委")
    } else {
        format!("{name}党委")
    }
}

/// The party organisation of a community or village.
fn community_party(name: &str) -> String {
    if name.ends_with("社区") {
        format!("{name}大党委")
    } else {
        format!("{name}党组织")
    }
}

/// A town as it is set up.
pub(super) fn street_of(town: &Town) -> Founding {
    Founding {
        level: Level::Street,
        code: town.code.clone(),
        name: town.name.clone(),
        party_name: street_party(&town.name),
    }
}

/// A community as it is set up; `beside` are the published names in the same town: where two would be
/// called the same, both keep what was published.
pub(super) fn community_of(community: &Community, beside: &[Community]) -> Founding {
    let short = community_name(&community.name);
    let same = beside.iter().filter(|c| community_name(&c.name) == short);
    let name = if same.count() > 1 {
        community.name.clone()
    } else {
        short
    };
    Founding {
        level: Level::Community,
        code: community.code.clone(),
        party_name: community_party(&name),
        name,
    }
}

/// Departments and bodies that a county-level city usually has, in the usual order.
pub(super) const DEPARTMENTS: &[(&str, &str, DepartmentKind)] = {
    use DepartmentKind::{Bureau, Utility, Vertical};
    &[
        ("ZJ", "住房和城乡建设局", Bureau),
        ("CG", "城市管理行政执法局", Bureau),
        ("GA", "公安局", Bureau),
        ("SF", "司法局", Bureau),
        ("ZR", "自然资源局", Bureau),
        ("SC", "市场监督管理局", Bureau),
        ("JT", "交通运输局", Bureau),
        ("YJ", "应急管理局", Bureau),
        ("MZ", "民政局", Bureau),
        ("JY", "教育局", Bureau),
        ("WJ", "卫生健康局", Bureau),
        ("CZ", "财政局", Bureau),
        ("RS", "人力资源和社会保障局", Bureau),
        ("SL", "水利局", Bureau),
        ("NY", "农业农村局", Bureau),
        ("WG", "文化广播电视和旅游局", Bureau),
        ("FG", "发展和改革局", Bureau),
        ("XF", "信访局", Bureau),
        ("YB", "医疗保障局", Bureau),
        ("TY", "退役军人事务局", Bureau),
        ("ZS", "政务服务和数字化建设管理局", Bureau),
        ("HB", "生态环境分局", Vertical),
        ("FX", "消防救援大队", Vertical),
        ("SW", "税务局", Vertical),
        ("QX", "气象局", Vertical),
        ("GS", "供水公司", Utility),
        ("GR", "供热公司", Utility),
        ("GD", "供电公司", Utility),
        ("RQ", "燃气公司", Utility),
        ("TX", "通信公司", Utility),
    ]
};

/// A department of the start list as it is set up.
pub(super) fn department_of(
    (code, name, kind): &(&str, &str, DepartmentKind),
) -> FoundingDepartment {
    FoundingDepartment {
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        kind: *kind,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_community_is_called_as_the_office_does() {
        for (published, called) in [
            ("城南社区", "城南社区"),
            ("多福巷社区居委会", "多福巷社区"),
            ("大望家园社区居民委员会", "大望家园社区"),
            ("东园居委会", "东园社区"),
            ("前进村委会", "前进村"),
            ("前进村村委会", "前进村"),
            ("前进村民委员会", "前进村"),
            ("前进村村民委员会", "前进村"),
            ("巴音嘎查", "巴音嘎查"),
            ("铁路生活区", "铁路生活区"),
            ("居委会", "居委会"),
        ] {
            assert_eq!(community_name(published), called);
        }
    }

    #[test]
    fn two_that_would_be_called_the_same_keep_their_names() {
        let of = |code: &str, name: &str| Community {
            code: code.to_owned(),
            name: name.to_owned(),
        };
        let both = [
            of("220882001001", "东园居委会"),
            of("220882001002", "东园社区居委会"),
        ];
        assert_eq!(community_of(&both[0], &both).name, "东园居委会");
        assert_eq!(community_of(&both[1], &both).name, "东园社区居委会");
        assert_eq!(community_of(&both[0], &both[..1]).name, "东园社区");
    }

    #[test]
    fn no_department_of_the_start_list_takes_anothers_code_or_name() {
        let codes: HashSet<&str> = DEPARTMENTS.iter().map(|d| d.0).collect();
        let names: HashSet<&str> = DEPARTMENTS.iter().map(|d| d.1).collect();
        assert_eq!(
            (codes.len(), names.len()),
            (DEPARTMENTS.len(), DEPARTMENTS.len())
        );
    }

    #[test]
    fn a_new_city_lacks_everything_that_it_needs_and_a_whole_one_nothing() {
        let new = Facts {
            people: 3,
            knows_year: true,
            limits: Some(1),
            ..Facts::default()
        };
        let titles = |f: &Facts, standing| -> Vec<&str> {
            let all = parts(f).into_iter().flat_map(|(_, steps)| steps);
            all.filter(|s| s.standing == standing)
                .map(|s| s.title)
                .collect()
        };
        assert_eq!(
            titles(&new, Standing::Missing),
            [
                "街道和社区",
                "部门",
                "人员",
                "街道书记、副主任、值班员",
                "部门负责人、联络员",
                "市治理办"
            ]
        );
        assert_eq!(missing(&parts(&new)), 6);
        let whole = Facts {
            streets: 5,
            communities: 23,
            grids: 90,
            departments: 20,
            limits_own: true,
            classes_own: true,
            duties: 40,
            has_plan: true,
            people: 400,
            office: 2,
            leaders: 5,
            ..new
        };
        assert_eq!(titles(&whole, Standing::Done).len(), 15);
        assert_eq!(
            titles(
                &Facts {
                    mixed_admins: 1,
                    ..whole
                },
                Standing::Missing
            ),
            ["三员分立"]
        );
    }
}
