//! What departments of the sample asked streets about, projects, plans, awards, and what streets
//! proposed by themselves.

use chrono::{DateTime, Datelike, Days, Utc};

use super::exercise_rows::{AwardRow, GrewRow, ItemAnswerRow, ItemRow, PlanningRow, ProjectRow};
use super::exercising::{Begin, Course, Draft, Ending, Ledger};
use crate::org::calendar::Limit;
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{AnswerKind, OpinionKind, Origin, Phase, Pool, Power};

/// What a street is asked, or proposes, and how it goes.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) department: &'static str,
    pub(super) street: usize,
    pub(super) title: &'static str,
    pub(super) course: Course,
    pub(super) opinion: (OpinionKind, &'static str),
    pub(super) answer: &'static str,
}

/// Where a project is, how many households gain, what it costs in units of 10,000 yuan.
type Sizes = (&'static str, i32, i64);

macro_rules! asked {
    ($($department:literal $street:literal $title:literal $ending:ident $answer:ident $late:literal
       $opinion:ident $words:literal $said:literal $more:expr;)*) => {
        [$((Asked {
            department: $department, street: $street, title: $title,
            course: Course { ending: Ending::$ending, answer: AnswerKind::$answer, late: $late },
            opinion: (OpinionKind::$opinion, $words), answer: $said,
        }, $more)),*]
    };
}

#[rustfmt::skip]
const PROJECTS: [(Asked, Sizes); 20] = asked! {
    "住房和城乡建设局" 0 "南湖社区老旧小区改造（一期）" Accepted Adopted false Suggest "加无障碍坡道 2 处，非机动车棚 1 座。"
        "坡道和车棚列入施工图。" ("南湖小区 1 至 9 号楼", 412, 860);
    "住房和城乡建设局" 2 "铁西社区供水二次加压泵房" Accepted Partly true Suggest "建议移位，现址距 6 号楼窗户不足 8 米。"
        "泵房北移 6 米，不另选址。" ("铁西小区 6 号楼北侧", 238, 145);
    "住房和城乡建设局" 1 "江畔小区雨污管网更新" Accepted Adopted false Agree "雨季前完工。"
        "汛期前完工。" ("江畔小区", 306, 320);
    "住房和城乡建设局" 3 "康宁社区增设停车位" Dismissed NotAdopted false Disagree "占用绿地，居民代表 21 人中 18 人反对。"
        "绿地率仍符合规定，周边无其他空地。" ("康宁小区西侧", 180, 36);
    "住房和城乡建设局" 1 "永兴社区口袋公园" Asked Adopted false Agree ""
        "" ("育才路与滨江路交口", 520, 98);
    "自然资源局" 4 "老坎子社区闲置地块建停车场" Accepted NotAdopted true Suggest "建议先建公厕和便民市场，停车位缩减到 30 个。"
        "该地块规划用途为交通场站。" ("码头路东侧地块", 640, 210);
    "交通运输局" 3 "锦华路公交候车亭改造" Accepted Adopted false Agree "政府路口增设一处。"
        "政府路口增设一处。" ("锦华路沿线 6 处", 1500, 72);
    "交通运输局" 4 "站前路慢行道" Accepted NotAdopted false Suggest "建议两侧都设，中间加护栏。"
        "路幅不足，只能单侧设置。" ("站前路", 900, 130);
    "民政局" 0 "慧阳街道综合养老服务中心" Accepted Adopted false Suggest "二楼加电梯，临街设独立入口。"
        "加装电梯一部。" ("慧阳路 18 号", 2100, 480);
    "民政局" 4 "安铁社区老年食堂" Accepted Adopted false Agree "居民愿意办卡就餐。"
        "年内开业。" ("铁路家属院活动室", 360, 45);
    "民政局" 2 "民主社区日间照料中心" Answering Adopted false Silent ""
        "" ("民主路 6 号", 280, 88);
    "教育局" 1 "育才学校门前接送区" Accepted Adopted false Suggest "接送区与公交站错开 50 米。"
        "接送区南移。" ("育才路", 1200, 40);
    "教育局" 0 "新明社区公办幼儿园" Accepted Partly false Suggest "建议增加托班 2 个，操场不与小区道路共用。"
        "操场独立，托班暂设 1 个。" ("新明小区东侧", 430, 900);
    "卫生健康局" 3 "康宁社区卫生服务站迁建" Accepted Adopted false Agree "新址临公交站，老人方便。"
        "新址年内启用。" ("康宁路 22 号", 1700, 160);
    "卫生健康局" 1 "人和社区发热诊室" Objected NotAdopted false Disagree "不宜设在居民楼一层，建议另选独立房屋。"
        "周边没有其他可用房屋。" ("人和家园 3 号楼一层", 850, 35);
    "水利局" 1 "滨江路护岸步道" Accepted Adopted false Suggest "每 200 米设一处上下台阶。"
        "设上下台阶 7 处。" ("滨江路沿岸", 2600, 540);
    "文化广播电视和旅游局" 0 "城南社区文化广场" Silent Adopted false Agree "音量设定时控制。"
        "音响 20:30 自动关闭。" ("金源小区南门", 960, 66);
    "发展和改革局" 3 "祥安社区充电桩布设" Reacting Adopted false Suggest "避开消防通道，优先建设路一侧。"
        "布设 24 台，全部避开消防通道。" ("祥安小区停车场", 410, 58);
    "发展和改革局" 2 "长虹社区集中供能站" Accepted NotAdopted false Disagree "选址距学校 40 米。"
        "选址已批复，增设隔声屏障。" ("长虹路 40 号", 1100, 720);
    "供热公司" 0 "金源小区供热支线更新" Accepted Adopted false Agree "十月前完工。"
        "供热期前完工。" ("金源小区 2 至 6 号楼", 288, 190);
};

/// The project whose answer was decided before the street had given its opinion.
const DECIDED_BEFORE: &str = "金源小区供热支线更新";

/// At which phase and over which area; then what the street asks item by item.
type Area = (Phase, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const PLANS: [(Asked, Area); 8] = asked! {
    "住房和城乡建设局" 2 "老旧小区改造年度计划" Accepted Adopted false Agree "列入的 6 个小区和先后次序与居民意见一致。"
        "按次序实施。" (Phase::Programme, "长虹街道粮库小区、机务小区等 6 个小区", &[]);
    "住房和城乡建设局" 0 "中心城区排水专项规划" Asked Adopted false Agree ""
        "" (Phase::Draft, "慧阳街道辖区雨水、污水管网", &[]);
    "自然资源局" 0 "慧阳片区城市更新详细规划" Accepted Partly false Suggest "总体同意，三条建议逐条列出。"
        "逐条答复如下。" (Phase::Draft, "慧阳路以南、人民路以东 42 公顷",
            &["邮政家园北侧地块保留为社区服务用地。", "人民路断面增设非机动车道。", "南湖市场原址保留，不外迁。"]);
    "自然资源局" 1 "滨江绿带控制性规划" Accepted Adopted false Suggest "两条建议。"
        "两条都写入规划。" (Phase::Approval, "滨江路沿江 3.2 公里", &["育才路通江口保留 12 米视廊。", "增设公厕 2 座。"]);
    "自然资源局" 2 "老粮库片区规划" Accepted Adopted false Agree ""
        "报批时附街道意见。" (Phase::Approval, "粮库小区周边 18 公顷", &[]);
    "自然资源局" 3 "锦华街区用地调整" Upheld NotAdopted false Disagree "菜市场地块不宜调整为商业用地。"
        "调整有利于地块出让。" (Phase::Approval, "锦华路与政府路交口 1.6 公顷", &["菜市场地块保持公共服务用途。"]);
    "自然资源局" 4 "码头片区规划" Accepted NotAdopted false Suggest "建议船厂小区整体纳入更新范围。"
        "船厂小区建成年代不在更新范围内，下轮研究。" (Phase::Draft, "码头路、船厂小区", &["船厂小区整体纳入更新范围。"]);
    "交通运输局" 0 "公交线网年度调整方案" Accepted Adopted false Suggest "一条建议。"
        "3 路延伸至城南家园。" (Phase::Programme, "慧阳街道辖区 5 条线路", &["3 路公交延伸到城南家园。"]);
};

/// Who is to be honoured, and for what; whether the street proposes it.
type Honour = (&'static str, &'static str, bool);

#[rustfmt::skip]
const AWARDS: [(Asked, Honour); 9] = asked! {
    "城市管理行政执法局" 0 "文明执法中队评选" Accepted Adopted false Agree "群众评价好。" "已上报。" ("慧阳街道执法中队", "全市文明执法中队", false);
    "城市管理行政执法局" 3 "门前三包示范街评选" Accepted Adopted false Suggest "建议改报锦华路北段，商户参与更多。" "改报北段。" ("锦华路北段商户自治小组", "门前三包示范街", false);
    "公安局" 2 "优秀社区民警评选" Accepted Adopted false Agree "入户走访扎实。" "已上报。" ("长虹派出所社区民警", "优秀社区民警", false);
    "公安局" 1 "平安小区命名" Accepted Adopted false Agree "" "已命名。" ("永兴小区", "平安小区", true);
    "市场监督管理局" 4 "诚信经营户评选" Accepted Adopted false Suggest "建议增加码头路两家早餐店。" "一并公示。" ("码头路便民市场", "诚信经营示范点", false);
    "民政局" 0 "最美社区工作者推荐" Accepted Adopted false Agree "" "列入名单。" ("南湖社区工作者", "最美社区工作者", true);
    "教育局" 1 "家校共育示范学校评选" Accepted Adopted false Agree "校门秩序整治配合得好。" "已公示。" ("育才学校", "家校共育示范学校", false);
    "卫生健康局" 3 "优秀家庭医生团队评选" Silent Adopted false Agree "" "已公示。" ("康宁社区卫生服务站", "优秀家庭医生团队", false);
    "供水公司" 2 "便民服务站点评选" Accepted Adopted false Agree "" "已挂牌。" ("铁西供水服务站", "便民服务示范站", true);
};

/// Of which class the matters are that it grew out of, if it did.
type Grown = (Sizes, Option<&'static str>);

#[rustfmt::skip]
const PROPOSALS: [(Asked, Grown); 11] = asked! {
    "供电公司" 0 "湖畔路、慧阳路路灯改造" Accepted Adopted false Agree "" "列入下一年度项目。" (("湖畔路、慧阳路", 780, 42), Some("B01-37"));
    "住房和城乡建设局" 0 "南湖小区排水管网改造" Reacting Adopted false Agree "" "纳入老旧小区改造二期。" (("南湖小区", 412, 260), Some("05-03"));
    "住房和城乡建设局" 2 "机务小区屋面防水" Accepted Partly false Agree "" "先修 2、4 号楼。" (("机务小区", 190, 120), Some("06-99"));
    "交通运输局" 1 "临江路破损路面重铺" Accepted Adopted false Agree "" "列入下一年度项目。" (("临江路", 640, 310), Some("01-13"));
    "城市管理行政执法局" 3 "锦绣花园垃圾分类投放点" Accepted Adopted false Agree "" "年内建成。" (("锦绣花园", 330, 18), Some("01-10"));
    "水利局" 4 "码头路排涝泵站" Accepted Partly false Agree "" "先更换水泵，泵站扩建列入规划。" (("码头路低洼处", 520, 380), None);
    "民政局" 1 "渔港小区老年活动室" Accepted NotAdopted false Agree "" "300 米内已有一处。" (("渔港小区", 210, 25), None);
    "供水公司" 2 "光明路老旧供水管更新" Accepted Adopted false Agree "" "列入更新计划。" (("光明路", 460, 150), None);
    "文化广播电视和旅游局" 3 "康宁小区健身场地" Accepted Adopted false Agree "" "配建器材 12 件。" (("康宁小区", 380, 22), None);
    "人力资源和社会保障局" 4 "安北零工驿站" Accepted Adopted false Agree "" "与便民中心合建。" (("码头路便民中心", 900, 30), None);
    "住房和城乡建设局" 0 "城南家园围墙修复" Answering Adopted false Agree "" "" (("城南家园北侧", 260, 12), None);
};

impl<'a> Ledger<'a> {
    /// Projects that streets proposed, some of them out of matters that came again and again.
    pub(super) fn propose(&mut self) {
        for (asked, ((site, households, cost), class)) in &PROPOSALS {
            let ago = self.start(asked.course);
            let Some(mut draft) = self.proposed(asked, Power::Project, ago) else {
                continue;
            };
            self.project(&draft, (site, *households, *cost));
            if let Some(class) = class {
                self.grow(&draft, class);
            }
            self.go(&mut draft, asked, &[]);
            self.keep(draft);
        }
    }

    /// The street's last matters of a class before a proposal.
    fn grow(&mut self, draft: &Draft<'_>, class: &str) {
        let alike = self.ground.rows.matters.iter().rev().filter(|m| {
            let here = m.place.code.starts_with(draft.row.street_code);
            here && m.class == class && m.filed_at < draft.row.asked_at && m.stage != "rejected"
        });
        let grew = alike.take(4).map(|m| GrewRow {
            exercise_id: draft.row.id,
            matter_id: m.id,
        });
        self.uses.matters.extend(grew);
    }

    /// Everything that departments asked, and awards that streets proposed.
    pub(super) fn consult(&mut self) {
        for (asked, (site, households, cost)) in &PROJECTS {
            let Some(mut draft) = self.consulted(asked, Power::Project) else {
                continue;
            };
            self.project(&draft, (site, *households, *cost));
            self.go(&mut draft, asked, &[]);
            if asked.title == DECIDED_BEFORE {
                self.decided_before(&draft);
            }
            self.keep(draft);
        }
        for (asked, (phase, area, items)) in &PLANS {
            let Some(mut draft) = self.consulted(asked, Power::Planning) else {
                continue;
            };
            self.uses.plannings.push(PlanningRow {
                exercise_id: draft.row.id,
                phase: *phase,
                area,
                residents: "居民代表会议 1 次，到会 34 人。",
            });
            self.go(&mut draft, asked, items);
            self.keep(draft);
        }
        for (asked, (candidate, award, is_proposed)) in &AWARDS {
            let begun = if *is_proposed {
                let ago = self.start(asked.course);
                self.proposed(asked, Power::Award, ago)
            } else {
                self.consulted(asked, Power::Award)
            };
            let Some(mut draft) = begun else { continue };
            self.uses.awards.push(AwardRow {
                exercise_id: draft.row.id,
                candidate,
                award,
            });
            self.go(&mut draft, asked, &[]);
            self.keep(draft);
        }
        self.recalled();
    }

    /// One that the department called back before anybody answered.
    fn recalled(&mut self) {
        let course = Course::new(Ending::Accepted, AnswerKind::Adopted, false);
        let asked = Asked {
            department: "交通运输局",
            street: 2,
            title: "光明路路口渠化",
            course,
            opinion: (OpinionKind::Agree, ""),
            answer: "",
        };
        let Some(mut draft) = self.consulted(&asked, Power::Project) else {
            return;
        };
        self.project(&draft, ("光明路与民主路交口", 700, 95));
        self.call_off(&mut draft, "设计方案调整，定稿后重新征求意见。");
        self.keep(draft);
    }

    /// A department asks.
    pub(super) fn consulted(&mut self, asked: &Asked, power: Power) -> Option<Draft<'a>> {
        let ago = self.start(asked.course);
        let mut draft = self.begin(begin(asked, power, Origin::Department), ago)?;
        let at = draft.row.asked_at;
        draft.row.decide_on = Some(self.clock.day(at) + Days::new(45));
        let number = self.dice.between(3, 96);
        let year = self.clock.day(at).year();
        draft.row.basis = format!("{}函〔{year}〕{number}号", asked.department);
        let rule = power.opinion().unwrap_or(Rule::OpinionProject);
        self.time(&mut draft, Timed::Opinion, rule, at);
        let limit = self.limit(rule).map_or_else(String::new, Limit::words);
        let sentence = format!("请街道在 {limit}内提出意见。");
        let clerk = draft.clerk.clone();
        self.tell(draft.row.id, "consult", Some(&clerk), (at, sentence));
        Some(draft)
    }

    /// A street proposes.
    pub(super) fn proposed(&mut self, asked: &Asked, power: Power, ago: i64) -> Option<Draft<'a>> {
        let mut draft = self.begin(begin(asked, power, Origin::Street), ago)?;
        let at = draft.row.asked_at;
        self.time(&mut draft, Timed::Answer, power.answer(), at);
        let limit = self
            .limit(power.answer())
            .map_or_else(String::new, Limit::words);
        let sentence = format!("请部门在 {limit}内答复。");
        let street = draft.street;
        let by = street.speaker(power, &street.deputy).clone();
        self.tell(draft.row.id, "propose", Some(&by), (at, sentence));
        Some(draft)
    }

    /// What follows on the asking.
    pub(super) fn go(
        &mut self,
        draft: &mut Draft<'_>,
        asked: &Asked,
        items: &'static [&'static str],
    ) {
        if asked.course.ending == Ending::Asked {
            return;
        }
        if draft.row.origin == Origin::Department {
            if asked.opinion.0 == OpinionKind::Silent {
                self.keep_silent(draft);
            } else {
                self.opine(draft, asked.opinion, items.len());
                for (number, words) in (1_i16..).zip(items) {
                    self.uses.items.push(ItemRow {
                        exercise_id: draft.row.id,
                        number,
                        words,
                    });
                }
            }
        }
        self.finish(draft, asked.course, asked.answer);
    }

    fn project(&mut self, draft: &Draft<'_>, (site, households, cost): Sizes) {
        self.uses.projects.push(ProjectRow {
            exercise_id: draft.row.id,
            beneficiaries: households,
            site,
            estimate: cost * 10_000,
            residents: "入户征求意见，同意的占八成以上。",
            pool: None,
            budget_year: None,
        });
    }

    /// What an answer says beside its words: the pool of a project, each item of a plan.
    pub(super) fn detail(&mut self, draft: &Draft<'_>, kind: AnswerKind, at: DateTime<Utc>) {
        let id = draft.row.id;
        let next = self.clock.day(at).year() + 1;
        for project in self
            .uses
            .projects
            .iter_mut()
            .filter(|p| p.exercise_id == id)
        {
            let pool = match kind {
                AnswerKind::Adopted => Pool::Pooled,
                AnswerKind::Partly => Pool::Merged,
                AnswerKind::NotAdopted => Pool::Refused,
            };
            project.pool = Some(pool);
            project.budget_year = pool.has_budget().then_some(next);
        }
        let items = self.uses.items.iter().filter(|i| i.exercise_id == id);
        let answers: Vec<_> = items
            .map(|item| {
                let kind = match kind {
                    AnswerKind::Partly if item.number % 2 == 1 => AnswerKind::Adopted,
                    AnswerKind::Partly => AnswerKind::NotAdopted,
                    whole @ (AnswerKind::Adopted | AnswerKind::NotAdopted) => whole,
                };
                ItemAnswerRow {
                    exercise_id: id,
                    number: item.number,
                    round: draft.row.round,
                    kind,
                    words: if kind == AnswerKind::Adopted {
                        ""
                    } else {
                        "与上位规划不一致，下一轮修编时研究。"
                    },
                }
            })
            .collect();
        self.uses.item_answers.extend(answers);
    }
}

fn begin(asked: &Asked, power: Power, origin: Origin) -> Begin {
    let matter = match (power, origin) {
        (Power::Planning, _) => format!("{}征求街道意见，附方案文本和图纸目录。", asked.title),
        (_, Origin::Department) => format!("{}征求街道意见，附项目说明。", asked.title),
        (_, Origin::Street) => format!("街道提出{}，附居民意见和现场情况。", asked.title),
    };
    Begin {
        power,
        origin,
        department: asked.department,
        street: asked.street,
        title: asked.title.to_owned(),
        matter,
        basis: String::new(),
    }
}
