//! The frame of every page: whose desk it is, where one can go, how much waits there.

use super::model::{Permission, Viewer, Waiting};
use crate::base::assets;

/// What the frame shows.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The tenant's name.
    pub city: String,
    /// Post and place acted for.
    pub seat: String,
    /// The person's name.
    pub person: String,
    /// Unread messages of the post acted for.
    pub messages: i64,
    /// Whether the person can switch to another post.
    pub several_posts: bool,
    /// Whether the search field is shown.
    pub search: bool,
    /// What stands in the search field.
    pub sought: String,
    /// Whether the page is in large type.
    pub large: bool,
    /// The style sheet.
    pub css: &'static str,
    /// The style sheet for narrow screens.
    pub narrow_css: &'static str,
    /// The navigation.
    pub nav: Vec<NavGroup>,
}

/// A group of the navigation; the first has no title.
#[derive(Clone, Debug)]
pub struct NavGroup {
    /// The heading, or nothing.
    pub title: &'static str,
    /// The entries.
    pub entries: Vec<NavEntry>,
}

/// One entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavEntry {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// How much waits there for this post; 0 shows no number.
    pub count: i64,
    /// Whether one is there now.
    pub current: bool,
}

/// The parts of the program that the navigation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// 工作台
    Desk,
    /// 查找
    Search,
    /// 事项
    Matters,
    /// 哨单
    Whistles,
    /// 申请与仲裁
    Requests,
    /// 群众回访
    Visits,
    /// 五项权力
    Powers,
    /// 行权记录
    Exercises,
    /// 组织与网格
    Chain,
    /// 部门
    Departments,
    /// 权责清单
    Duties,
    /// 制度文件
    Documents,
    /// 督办
    Supervision,
    /// 三年计划
    Tasks,
    /// 整改事项
    Rectifications,
    /// 消息
    Inbox,
    /// 谁会收到
    Told,
    /// 邮件发送情况
    Deliveries,
    /// 请假代班
    Leave,
    /// 工作交接
    Handover,
    /// 数据
    Figures,
    /// 地图
    Map,
    /// 五分钟服务圈
    Circle,
    /// 通报
    Bulletins,
    /// 每月一题
    Topics,
    /// 专项考核
    Assessment,
    /// 材料包
    Packs,
    /// 工作日历
    Calendar,
    /// 时限设置
    Limits,
    /// 类别登记
    Classes,
    /// 启用向导
    Setup,
    /// 人员
    People,
    /// 任职
    Staffing,
    /// 运行参数
    Parameters,
    /// 常用语
    Phrases,
    /// 公告
    Announcements,
    /// 审计
    Audit,
    /// 个人信息
    Personal,
    /// 密钥
    Keys,
    /// 备份
    Backups,
    /// 个人信息导出
    Disclosures,
    /// 账户
    Account,
}

/// An entry without a number.
fn plain(label: &'static str, href: &'static str, at: Section, section: Section) -> NavEntry {
    NavEntry {
        label,
        href,
        count: 0,
        current: at == section,
    }
}

/// An entry with what waits for the post, leading to that if there is any.
fn waits(
    (label, at): (&'static str, Section),
    count: i64,
    [all, waiting]: [&'static str; 2],
    section: Section,
) -> NavEntry {
    NavEntry {
        label,
        href: if count > 0 { waiting } else { all },
        count,
        current: at == section,
    }
}

/// What the post works on.
fn work(me: &Viewer, waiting: Waiting, section: Section) -> Option<NavGroup> {
    let mut entries = Vec::new();
    if me.kind.may(Permission::SeeMatters) {
        let hrefs = ["/matters", "/matters?waiting=1"];
        entries.push(waits(
            ("事项", Section::Matters),
            waiting.matters,
            hrefs,
            section,
        ));
    }
    if me.kind.may(Permission::SeeWhistles) {
        let hrefs = ["/whistles", "/whistles?waiting=1"];
        entries.push(waits(
            ("哨单", Section::Whistles),
            waiting.whistles,
            hrefs,
            section,
        ));
    }
    if me.kind.may(Permission::SeeRequests) {
        let hrefs = ["/requests?tab=open", "/requests?tab=mine"];
        entries.push(waits(
            ("申请与仲裁", Section::Requests),
            waiting.requests,
            hrefs,
            section,
        ));
    }
    if me.kind.may(Permission::SeePowers) {
        entries.push(plain("五项权力", "/powers", Section::Powers, section));
        let hrefs = ["/powers/records", "/powers/records?tab=mine"];
        entries.push(waits(
            ("行权记录", Section::Exercises),
            waiting.powers,
            hrefs,
            section,
        ));
    }
    if me.kind.may(Permission::SeeVisits) {
        let hrefs = ["/visits", "/visits"];
        entries.push(waits(
            ("群众回访", Section::Visits),
            waiting.visits,
            hrefs,
            section,
        ));
    }
    if me.kind.may(Permission::SeeSupervision) {
        entries.push(plain("督办", "/supervision", Section::Supervision, section));
    }
    if me.kind.may(Permission::SeeDisclosures) && !me.kind.is_admin() {
        let at = Section::Disclosures;
        entries.push(plain("个人信息导出", "/disclosures", at, section));
    }
    (!entries.is_empty()).then_some(NavGroup {
        title: "办理",
        entries,
    })
}

/// What came of the work, and what is still to come of it.
fn results(me: &Viewer, waiting: Waiting, section: Section) -> Option<NavGroup> {
    let mut entries = Vec::new();
    if me.kind.may(Permission::ReadFigures) {
        entries.push(plain("数据", "/figures", Section::Figures, section));
        if me.kind.may(Permission::SeeMatters) {
            entries.push(plain("地图", "/map", Section::Map, section));
        }
        let at = Section::Bulletins;
        entries.push(plain("通报", "/bulletins", at, section));
    }
    if me.kind.may(Permission::SeeTopics) {
        entries.push(plain("每月一题", "/topics", Section::Topics, section));
    }
    if me.kind.may(Permission::SeeAssessment) {
        let hrefs = ["/assessment", "/assessment/objections?tab=mine"];
        let label = ("专项考核", Section::Assessment);
        entries.push(waits(label, waiting.objections, hrefs, section));
    }
    if me.kind.may(Permission::MakePacks) {
        entries.push(plain("材料包", "/packs", Section::Packs, section));
    }
    if me.kind.may(Permission::SeeAccountability) {
        let at = Section::Rectifications;
        entries.push(plain("三年计划", "/tasks", Section::Tasks, section));
        entries.push(plain("整改事项", "/rectifications", at, section));
    }
    (!entries.is_empty()).then_some(NavGroup {
        title: "结果",
        entries,
    })
}

/// What everybody looks things up in.
fn books(me: &Viewer, section: Section) -> Option<NavGroup> {
    let books = [
        (Permission::SeeChain, "组织与网格", "/chain", Section::Chain),
        (
            Permission::SeeChain,
            "部门",
            "/departments",
            Section::Departments,
        ),
        (
            Permission::SeeChain,
            "五分钟服务圈",
            "/circle",
            Section::Circle,
        ),
        (
            Permission::SeeDuties,
            "权责清单",
            "/duties",
            Section::Duties,
        ),
        (
            Permission::SeeDocuments,
            "制度文件",
            "/documents",
            Section::Documents,
        ),
        (
            Permission::SeeCalendar,
            "工作日历",
            "/calendar",
            Section::Calendar,
        ),
        (
            Permission::SeeCalendar,
            "时限设置",
            "/limits",
            Section::Limits,
        ),
        (
            Permission::SeeCalendar,
            "类别登记",
            "/classes",
            Section::Classes,
        ),
    ];
    let entries = books.into_iter().filter(|(needs, ..)| me.kind.may(*needs));
    let entries: Vec<_> = entries
        .map(|(_, label, href, at)| plain(label, href, at, section))
        .collect();
    (!entries.is_empty()).then_some(NavGroup {
        title: "底册",
        entries,
    })
}

/// Who there is, who holds what, and what was done.
fn staff(me: &Viewer, section: Section) -> Option<NavGroup> {
    let mut entries = Vec::new();
    if me.kind.may(Permission::SeeStaff) {
        entries.push(plain("启用向导", "/setup", Section::Setup, section));
        entries.push(plain("人员", "/people", Section::People, section));
        entries.push(plain("任职", "/staffing", Section::Staffing, section));
        let at = Section::Parameters;
        entries.push(plain("运行参数", "/parameters", at, section));
        entries.push(plain("常用语", "/phrases", Section::Phrases, section));
    }
    if me.kind.may(Permission::SeeAudit) {
        entries.push(plain("审计", "/audit", Section::Audit, section));
    }
    if me.kind.may(Permission::SeePersonal) {
        entries.push(plain("个人信息", "/personal", Section::Personal, section));
    }
    if me.kind.may(Permission::SeeDisclosures) && me.kind.is_admin() {
        let at = Section::Disclosures;
        entries.push(plain("个人信息导出", "/disclosures", at, section));
    }
    if me.kind.may(Permission::SeeKeys) {
        entries.push(plain("密钥", "/keys", Section::Keys, section));
    }
    if me.kind.may(Permission::SeeBackups) {
        entries.push(plain("备份", "/backups", Section::Backups, section));
    }
    (!entries.is_empty()).then_some(NavGroup {
        title: "管理",
        entries,
    })
}

/// What everybody is told, who is told of what, and what became of the mails.
fn told(me: &Viewer, section: Section) -> NavGroup {
    let at = Section::Announcements;
    let mut entries = vec![plain("公告", "/announcements", at, section)];
    if me.kind.may(Permission::SeeTold) {
        entries.push(plain("谁会收到", "/told", Section::Told, section));
    }
    if me.kind.may(Permission::SeeDeliveries) {
        let at = Section::Deliveries;
        entries.push(plain("邮件发送", "/deliveries", at, section));
    }
    NavGroup {
        title: "消息",
        entries,
    }
}

/// What concerns the person, whatever the post.
fn own(section: Section) -> NavGroup {
    NavGroup {
        title: "本人",
        entries: vec![
            plain("请假代班", "/leave", Section::Leave, section),
            plain("工作交接", "/handover", Section::Handover, section),
            plain("登录与密码", "/account", Section::Account, section),
        ],
    }
}

impl Chrome {
    /// The frame for this viewer, standing in this section.
    pub fn of(me: &Viewer, waiting: Waiting, section: Section) -> Self {
        let finds = [
            Permission::SeeMatters,
            Permission::SeeWhistles,
            Permission::SeeChain,
            Permission::SeeStaff,
        ];
        let mut groups = vec![NavGroup {
            title: "",
            entries: vec![plain("工作台", "/", Section::Desk, section)],
        }];
        groups.extend(work(me, waiting, section));
        groups.extend(results(me, waiting, section));
        groups.extend(staff(me, section));
        groups.extend(books(me, section));
        groups.push(told(me, section));
        groups.push(own(section));
        Self {
            city: me.city.clone(),
            seat: me.title.clone(),
            person: me.name.clone(),
            messages: waiting.messages,
            several_posts: me.several_posts,
            search: finds.iter().any(|p| me.kind.may(*p)),
            sought: String::new(),
            large: me.large,
            css: assets::css(),
            narrow_css: assets::narrow_css(),
            nav: groups,
        }
    }
}
