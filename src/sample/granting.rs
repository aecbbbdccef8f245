//! The plan (赋权方案) of the sample: which departments let the streets have which of the five
//! powers, and how often each was used, as one city's published figures have it.

use chrono::{Datelike, NaiveDate};

use crate::work::powers::Power;

/// A granting department with what was done with its powers; none: not granted.
#[derive(Debug)]
pub(super) struct Granting {
    pub(super) name: &'static str,
    /// What it is in charge of.
    pub(super) field: &'static str,
    /// Its branch in the streets, on whose cadres they are asked.
    agency: Option<&'static str>,
    /// Asked, answered, adopted.
    pub(super) planning: Option<[usize; 3]>,
    /// Called, answered, carried out, late.
    pub(super) coordination: [usize; 4],
    /// Asked, answered, adopted, late.
    pub(super) project: Option<[usize; 4]>,
    /// Asked or proposed; all are answered and adopted.
    pub(super) award: Option<usize>,
    /// What streets call it together with others for: the topic and who else comes.
    pub(super) topics: &'static [(&'static str, &'static [&'static str])],
}

const HOUSING: &str = "住房和城乡建设局";
const ENFORCEMENT: &str = "城市管理行政执法局";
const POLICE: &str = "公安局";
const LAND: &str = "自然资源局";
const MARKET: &str = "市场监督管理局";
const TRAFFIC: &str = "交通运输局";
const FIRE: &str = "消防救援大队";
const CIVIL: &str = "民政局";
const WATER: &str = "供水公司";

/// The granting departments of 大安市.
#[rustfmt::skip]
pub(super) const GRANTS: [Granting; 21] = [
    Granting { name: HOUSING, field: "住房、物业、市政设施", agency: Some("房产物业管理所"),
        planning: Some([2, 1, 1]), coordination: [31, 30, 28, 2], project: Some([5, 4, 3, 1]), award: Some(0),
        topics: &[("弃管楼物业接管", &[CIVIL]), ("排水井清掏疏通", &[ENFORCEMENT, WATER]), ("外墙脱落排险", &["应急管理局"]),
            ("二次供水设施移交", &[WATER]), ("庭院路面硬化", &[]), ("屋面漏雨维修", &["财政局"])] },
    Granting { name: ENFORCEMENT, field: "市容环境、市政执法", agency: Some("街道执法中队"),
        planning: Some([0, 0, 0]), coordination: [46, 45, 41, 4], project: Some([0, 0, 0, 0]), award: Some(2),
        topics: &[("占道经营整治", &[POLICE, MARKET]), ("早市迁移", &[MARKET]), ("私搭乱建清理", &[LAND]), ("垃圾清运频次调整", &[]),
            ("露天烧烤整治", &["生态环境分局"]), ("建筑垃圾清运", &[HOUSING]), ("广告牌匾规范", &[])] },
    Granting { name: POLICE, field: "治安、道路交通秩序", agency: Some("派出所"),
        planning: None, coordination: [28, 28, 27, 0], project: None, award: Some(2),
        topics: &[("学校门前交通疏导", &["教育局"]), ("僵尸车清理", &[ENFORCEMENT]), ("出租房登记检查", &[FIRE]), ("电动自行车停放整治", &[FIRE]),
            ("夜间噪声治理", &[ENFORCEMENT])] },
    Granting { name: "司法局", field: "人民调解、公共法律服务", agency: Some("司法所"),
        planning: None, coordination: [9, 9, 9, 0], project: None, award: Some(0),
        topics: &[("邻里纠纷联合调解", &[POLICE]), ("物业费纠纷调解", &[HOUSING]), ("法律服务进小区", &[])] },
    Granting { name: LAND, field: "国土空间、用地", agency: Some("自然资源所"),
        planning: Some([5, 5, 4]), coordination: [14, 13, 11, 2], project: Some([1, 1, 0, 1]), award: Some(0),
        topics: &[("违法建设认定拆除", &[ENFORCEMENT]), ("公共绿地确权", &[HOUSING]), ("闲置地块利用", &["财政局"])] },
    Granting { name: "生态环境分局", field: "生态环境保护", agency: None,
        planning: Some([0, 0, 0]), coordination: [8, 8, 8, 0], project: None, award: Some(0),
        topics: &[("餐饮油烟治理", &[MARKET]), ("施工扬尘治理", &[HOUSING])] },
    Granting { name: MARKET, field: "市场秩序、食品安全", agency: Some("市场监督管理所"),
        planning: None, coordination: [17, 17, 16, 0], project: None, award: Some(1),
        topics: &[("小餐饮证照规范", &[ENFORCEMENT]), ("电梯安全检查", &[HOUSING]), ("废品收购点整治", &[POLICE]), ("校园周边食品检查", &["教育局"])] },
    Granting { name: TRAFFIC, field: "公路、公共交通", agency: None,
        planning: Some([1, 1, 1]), coordination: [11, 11, 10, 1], project: Some([2, 2, 1, 0]), award: Some(0),
        topics: &[("公交站点调整", &[POLICE]), ("道口除雪除冰", &[ENFORCEMENT]), ("出租车候客秩序", &[POLICE])] },
    Granting { name: "应急管理局", field: "安全生产、防灾减灾", agency: None,
        planning: None, coordination: [10, 10, 10, 0], project: Some([0, 0, 0, 0]), award: Some(0),
        topics: &[("汛期低洼院落排查", &["水利局"]), ("危险房屋人员转移", &[HOUSING]), ("商铺用气安全检查", &[FIRE])] },
    Granting { name: CIVIL, field: "养老、社会救助", agency: None,
        planning: None, coordination: [6, 6, 6, 0], project: Some([3, 2, 2, 0]), award: Some(1),
        topics: &[("独居老人巡访", &["卫生健康局"]), ("困难家庭救助", &["人力资源和社会保障局"])] },
    Granting { name: "教育局", field: "学校、幼儿园", agency: None,
        planning: None, coordination: [3, 3, 3, 0], project: Some([2, 2, 2, 0]), award: Some(1),
        topics: &[("假期托管场地", &[]), ("错峰放学", &[POLICE])] },
    Granting { name: "卫生健康局", field: "基层医疗、公共卫生", agency: None,
        planning: None, coordination: [4, 4, 4, 0], project: Some([2, 2, 1, 0]), award: Some(1),
        topics: &[("家庭医生签约", &[]), ("病媒生物消杀", &[ENFORCEMENT])] },
    Granting { name: "人力资源和社会保障局", field: "就业、社会保障", agency: None,
        planning: None, coordination: [2, 2, 2, 0], project: Some([0, 0, 0, 0]), award: Some(0),
        topics: &[("零工市场设置", &[ENFORCEMENT]), ("失业人员登记帮扶", &[])] },
    Granting { name: "财政局", field: "资金保障", agency: None,
        planning: None, coordination: [1, 1, 1, 0], project: Some([0, 0, 0, 0]), award: None,
        topics: &[("公共设施维护经费", &[HOUSING])] },
    Granting { name: "水利局", field: "防洪、河道", agency: None,
        planning: Some([0, 0, 0]), coordination: [3, 3, 3, 0], project: Some([1, 1, 1, 0]), award: None,
        topics: &[("河道垃圾清理", &[ENFORCEMENT]), ("排涝沟疏通", &[])] },
    Granting { name: "文化广播电视和旅游局", field: "公共文化、旅游", agency: None,
        planning: Some([0, 0, 0]), coordination: [2, 2, 2, 0], project: Some([1, 1, 1, 0]), award: Some(0),
        topics: &[("广场活动时间协商", &[POLICE]), ("社区文化活动场地", &[])] },
    Granting { name: "发展和改革局", field: "项目审批、价格", agency: None,
        planning: Some([0, 0, 0]), coordination: [1, 1, 1, 0], project: Some([2, 2, 1, 0]), award: None,
        topics: &[("停车收费标准协商", &[POLICE])] },
    Granting { name: FIRE, field: "消防安全", agency: None,
        planning: None, coordination: [6, 6, 6, 0], project: None, award: Some(0),
        topics: &[("消防通道清理", &[POLICE, ENFORCEMENT]), ("飞线充电整治", &["供电公司"])] },
    Granting { name: WATER, field: "供水", agency: None,
        planning: None, coordination: [6, 6, 6, 0], project: Some([0, 0, 0, 0]), award: Some(1),
        topics: &[("老旧水表更换", &[HOUSING]), ("水压不足改造", &[])] },
    Granting { name: "供热公司", field: "供热", agency: None,
        planning: None, coordination: [5, 5, 4, 1], project: Some([1, 1, 1, 0]), award: Some(0),
        topics: &[("供热管网检修", &[HOUSING]), ("室温不达标入户测温", &[])] },
    Granting { name: "供电公司", field: "供电", agency: None,
        planning: None, coordination: [4, 4, 4, 0], project: Some([0, 0, 0, 0]), award: Some(0),
        topics: &[("低垂线缆整理", &[HOUSING]), ("路灯供电恢复", &[])] },
];

impl Granting {
    /// What it lets the streets have, with the scope of each.
    pub(super) fn scopes(&self) -> Vec<(Power, String)> {
        let field = self.field;
        let cadre = self
            .agency
            .map(|a| format!("{a}负责人的年度考核、任免、调整。"));
        let planning = format!("涉及街区的{field}规划的编制、年度计划、报批、验收。");
        let coordination = format!("街区内{field}方面需要会商的事项。");
        let project = format!("街区内{field}方面民生项目的选定和验收。");
        let award = format!("{field}方面评先评优涉及驻街单位和个人的。");
        let all = [
            (Power::Cadre, cadre),
            (Power::Planning, self.planning.map(|_| planning)),
            (Power::Coordination, Some(coordination)),
            (Power::Project, self.project.map(|_| project)),
            (Power::Award, self.award.map(|_| award)),
        ];
        let given = all.into_iter();
        given
            .filter_map(|(power, scope)| Some((power, scope?)))
            .collect()
    }
}

/// The symposiums before the plan: days before it, place, who came, what was said.
#[rustfmt::skip]
pub(super) const MEETINGS: [(u64, &str, &str, &str); 4] = [
    (62, "市委四楼会议室", "五个街道党工委书记，市治理办", "街道反映管得着的看不见、看得见的管不着，建议把考评、规划、协调、项目、评优五项权力交给街道。"),
    (48, "慧阳街道会议室", "慧阳、临江街道，城南、永兴等六个社区书记", "建议综合协调一喊就到，到会的人要能当场定事；议定事项写明部门和日期。"),
    (35, "市政府三楼会议室", "住房和城乡建设局、自然资源局、公安局等十四个部门", "部门同意征求意见和答复设时限，不采纳的书面说明理由。"),
    (20, "市委四楼会议室", "21 个赋权部门，五个街道，市委组织部", "逐个部门核对赋权范围，街道逾期未答的视为无意见，部门应征未征的记入专项考核。"),
];

/// The day on which the sample's plan begins: the first of a year, of which enough has passed for
/// what is told of it.
pub(super) fn plan_begins(today: NaiveDate) -> NaiveDate {
    // The figures that the sample follows are those of 2026.
    let enough = if today.year() == 2026 { 3 } else { 11 };
    let back = i32::from(today.month() < enough);
    NaiveDate::from_ymd_opt(today.year() - back, 1, 1).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sums of a column over all departments.
    fn sum<const N: usize>(of: impl Fn(&Granting) -> [usize; N]) -> [usize; N] {
        let add = |sum: [usize; N], g: &Granting| std::array::from_fn(|i| sum[i] + of(g)[i]);
        GRANTS.iter().fold([0; N], add)
    }

    #[test]
    fn the_columns_make_the_published_figures() {
        assert_eq!(sum(|g| g.planning.unwrap_or_default()), [8, 7, 6]);
        assert_eq!(sum(|g| g.coordination), [217, 214, 202, 10]);
        assert_eq!(sum(|g| g.project.unwrap_or_default()), [20, 18, 13, 2]);
        assert_eq!(sum(|g| [g.award.unwrap_or_default()]), [9]);
    }

    #[test]
    fn a_plan_has_run_for_a_while() {
        for (today, begins) in [
            ("2026-11-24", "2026-01-01"),
            ("2026-03-01", "2026-01-01"),
            ("2026-02-01", "2025-01-01"),
            ("2027-10-31", "2026-01-01"),
            ("2027-11-01", "2027-01-01"),
        ] {
            let day = |text: &str| text.parse::<NaiveDate>().unwrap();
            assert_eq!(plan_begins(day(today)), day(begins), "{today}");
        }
    }
}
