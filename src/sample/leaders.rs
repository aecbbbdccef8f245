//! Which city leader of the sample is in charge of which department. One department of each city
//! has nobody, so that it can be seen what the program does then.

use super::rows::LeaderRow;
use super::settling::{At, Settler};
use super::town::Town;
use uuid::Uuid;

/// A city leader's post and the departments it is in charge of.
#[derive(Debug)]
pub(super) struct Charge {
    title: &'static str,
    departments: &'static [&'static str],
}

/// The leaders of 大安市. Nobody is in charge of 财政局, which lets a letter go
/// unanswered.
#[rustfmt::skip]
pub(super) const CHARGES: &[Charge] = &[
    Charge { title: "常务副市长", departments: &["人力资源和社会保障局", "应急管理局", "自然资源局", "水利局", "发展和改革局"] },
    Charge { title: "副市长（分管城建）", departments: &[
        "住房和城乡建设局", "城市管理行政执法局", "交通运输局", "生态环境分局", "供水公司", "供热公司", "供电公司", "燃气公司",
    ] },
    Charge { title: "副市长（分管政法）", departments: &["公安局", "司法局", "消防救援大队"] },
    Charge { title: "副市长（分管民生）", departments: &["民政局", "教育局", "卫生健康局", "市场监督管理局", "农业农村局", "文化广播电视和旅游局"] },
];

/// The leader of 镜湖市. Nobody is in charge of 供水公司.
#[rustfmt::skip]
pub(super) const NEIGHBOUR_CHARGES: &[Charge] = &[
    Charge { title: "副市长", departments: &["住房和城乡建设局", "城市管理行政执法局", "公安局"] },
];

/// Whose leader changed within the year, so many days ago, and the title of who was before.
const CHANGED: (&str, u64, &str) = ("城市管理行政执法局", 120, "常务副市长");

impl Settler {
    /// The city leaders below the first. They come last: whoever was settled before keeps name
    /// and number.
    pub(super) fn leaders(&mut self) {
        for charge in self.spec.leaders {
            self.staff(&At::default(), "city_leader");
            if let Some(post) = self.town.posts.last_mut() {
                post.title = charge.title;
            }
        }
    }

    /// What the city leaders are in charge of.
    pub(super) fn charges(&mut self) {
        for charge in self.spec.leaders {
            for name in charge.departments {
                self.put_in_charge(charge.title, name);
            }
        }
    }

    fn put_in_charge(&mut self, title: &str, department: &str) {
        let (first, turn) = (self.clock.days_ago(400), self.clock.days_ago(CHANGED.1));
        let begins = if department == CHANGED.0 && self.town.titled(CHANGED.2).is_some() {
            self.charge(CHANGED.2, department, (first, Some(turn)));
            turn
        } else {
            first
        };
        self.charge(title, department, (begins, None));
    }

    fn charge(
        &mut self,
        title: &str,
        department: &str,
        (from, to): (chrono::NaiveDate, Option<chrono::NaiveDate>),
    ) {
        let Some(post) = self.town.titled(title) else {
            return;
        };
        let office = self.town.city_post("city_office");
        let row = LeaderRow {
            id: self.id(),
            department: self.town.department(department),
            post,
            from,
            to,
            named_at: self.clock.at(from, 9 * 60 + 40),
            named_by: self.town.holder(office),
            named_post: office,
        };
        self.town.leaders.push(row);
    }
}

impl Town {
    fn titled(&self, title: &str) -> Option<Uuid> {
        let found = self.posts.iter().find(|p| p.title == title);
        found.map(|p| p.id)
    }

    /// The post of the city leader who is in charge of a department today.
    pub(super) fn leader_of(&self, department: Uuid) -> Option<Uuid> {
        let mut named = self.leaders.iter();
        let today = named.find(|l| l.department == department && l.to.is_none());
        today.map(|l| l.post)
    }
}
