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
    /// Whether the person can switch to another post.
    pub several_posts: bool,
    /// Whether the search field is shown.
    pub search: bool,
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
    /// 事项
    Matters,
    /// 哨单
    Whistles,
    /// 组织与网格
    Chain,
    /// 部门
    Departments,
    /// 工作日历
    Calendar,
    /// 时限设置
    Limits,
    /// 账户
    Account,
}

impl Chrome {
    /// The frame for this viewer, standing in this section.
    pub fn of(me: &Viewer, waiting: Waiting, section: Section) -> Self {
        let sees_whistles = me.kind.may(Permission::SeeWhistles);
        let entry = |label, href, count, at| NavEntry {
            label,
            href,
            count,
            current: at == section,
        };
        let mut groups = vec![NavGroup {
            title: "",
            entries: vec![entry("工作台", "/", 0, Section::Desk)],
        }];
        let mut work = Vec::new();
        if me.kind.may(Permission::SeeMatters) {
            let href = if waiting.matters > 0 {
                "/matters?waiting=1"
            } else {
                "/matters"
            };
            work.push(entry("事项", href, waiting.matters, Section::Matters));
        }
        if sees_whistles {
            let href = if waiting.whistles > 0 {
                "/whistles?waiting=1"
            } else {
                "/whistles"
            };
            work.push(entry("哨单", href, waiting.whistles, Section::Whistles));
        }
        if !work.is_empty() {
            groups.push(NavGroup {
                title: "办理",
                entries: work,
            });
        }
        let books = books(me, entry);
        if !books.is_empty() {
            groups.push(NavGroup {
                title: "底册",
                entries: books,
            });
        }
        groups.push(NavGroup {
            title: "本人",
            entries: vec![entry("登录与密码", "/account", 0, Section::Account)],
        });
        Self {
            city: me.city.clone(),
            seat: me.title.clone(),
            person: me.name.clone(),
            several_posts: me.several_posts,
            search: sees_whistles,
            large: me.large,
            css: assets::css(),
            narrow_css: assets::narrow_css(),
            nav: groups,
        }
    }
}

/// What is looked up and kept: the chain, the calendar, the limits.
fn books(
    me: &Viewer,
    entry: impl Fn(&'static str, &'static str, i64, Section) -> NavEntry,
) -> Vec<NavEntry> {
    let mut books = Vec::new();
    if me.kind.may(Permission::SeeChain) {
        books.push(entry("组织与网格", "/chain", 0, Section::Chain));
        books.push(entry("部门", "/departments", 0, Section::Departments));
    }
    if me.kind.may(Permission::SeeCalendar) {
        books.push(entry("工作日历", "/calendar", 0, Section::Calendar));
        books.push(entry("时限设置", "/limits", 0, Section::Limits));
    }
    books
}
