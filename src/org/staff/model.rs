//! What is kept of people, posts and accounts, and what may be done with them. Pure.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::{sounds, words};
use crate::org::access::{Level, PostKind};

/// What a person is, as the form offers it.
pub(crate) const IDENTITIES: [&str; 7] = [
    "市级领导",
    "机关干部",
    "街道干部",
    "社区工作者",
    "企业职工",
    "居民",
    "其他",
];

/// How far back an appointment or its end may be entered, in days: papers arrive late.
const BACK: i64 = 31;
/// How far ahead, in days.
const AHEAD: i64 = 180;
/// From how many days before its end a term is listed as ending.
pub const TERM_NEAR: i64 = 60;

/// A person as the form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PersonForm {
    pub(crate) once: String,
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) identity: String,
    pub(crate) home_unit: String,
    /// `1`: a member of the party.
    pub(crate) member: String,
    pub(crate) phone: String,
    /// `1`: the number kept is to be dropped.
    pub(crate) no_phone: String,
    /// `1`: there is somebody of the same name, and this is somebody else.
    pub(crate) another: String,
}

/// What is kept of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) identity: String,
    pub(crate) home_unit: Option<String>,
    pub(crate) is_member: bool,
    /// The number, masked; it is sealed elsewhere.
    pub(crate) phone_mask: Option<String>,
}

/// What becomes of the number that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// Nothing.
    Stays,
    /// It is dropped.
    Goes,
    /// This one takes its place.
    New(String),
}

impl PersonForm {
    /// What the form says; `kept` is the mask of the number there is, which an empty field leaves as
    /// it is.
    pub(crate) fn read(&self, kept: Option<&str>) -> Result<(Facts, Number), FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.text("name", "姓名", &self.name, (1, 30));
        let identity = IDENTITIES.into_iter().find(|i| *i == self.identity);
        if identity.is_none() {
            errors.add("identity", "请选择身份。");
        }
        let home = errors.text("home_unit", "编制单位", &self.home_unit, (0, 60));
        if home.chars().count() == 1 {
            errors.add("home_unit", "编制单位至少写 2 个字。");
        }
        let typed = errors.phone("phone", &self.phone);
        let number = match typed {
            Some(_) if self.no_phone == "1" => {
                errors.add("phone", "又填了新号码，又选了不留号码。请只选一样。");
                Number::Stays
            }
            Some(phone) => Number::New(phone),
            None if self.no_phone == "1" => Number::Goes,
            None => Number::Stays,
        };
        let facts = Facts {
            name,
            identity: identity.unwrap_or_default().to_owned(),
            home_unit: (!home.is_empty()).then_some(home),
            is_member: self.member == "1",
            phone_mask: match &number {
                Number::Stays => kept.map(str::to_owned),
                Number::Goes => None,
                Number::New(phone) => Some(words::masked_phone(phone)),
            },
        };
        errors.or((facts, number))
    }
}

impl Facts {
    /// What differs from before, as one sentence with both sides; nothing if nothing does.
    pub(crate) fn changes(&self, before: &Self, number: &Number) -> Option<String> {
        let none = || "空".to_owned();
        let shown = |facts: &Self| {
            [
                facts.name.clone(),
                facts.identity.clone(),
                facts.home_unit.clone().unwrap_or_else(none),
                if facts.is_member { "是" } else { "否" }.to_owned(),
                facts.phone_mask.clone().unwrap_or_else(none),
            ]
        };
        let labels = ["姓名", "身份", "编制单位", "党员", "电话"];
        let (old, new) = (shown(before), shown(self));
        let mut changed: Vec<String> = labels
            .iter()
            .zip(old.iter().zip(&new))
            .filter(|(_, (old, new))| old != new)
            .map(|(label, (old, new))| format!("{label}：{old} → {new}"))
            .collect();
        // Two numbers may look the same once they are masked.
        if matches!(number, Number::New(_)) && old[4] == new[4] {
            changed.push("电话：换了号码".to_owned());
        }
        (!changed.is_empty()).then(|| format!("{}。", changed.join("；")))
    }
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is none.
    None,
    /// The slip is made, its password holds until then.
    Slip(DateTime<Utc>),
    /// The password of the slip has run out unused.
    SlipOver,
    /// Somebody signs in with it.
    Open,
    /// Locked after failures, until then.
    Locked(DateTime<Utc>),
    /// Closed by the security administrator.
    Closed,
}

impl Standing {
    /// The words for all of them.
    pub(super) const WORDS: [&str; 6] = [
        "没有账号",
        "待首次登录",
        "首次密码已过期",
        "正常",
        "已锁定",
        "已停用",
    ];

    /// The word for it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::None => Self::WORDS[0],
            Self::Slip(_) => Self::WORDS[1],
            Self::SlipOver => Self::WORDS[2],
            Self::Open => Self::WORDS[3],
            Self::Locked(_) => Self::WORDS[4],
            Self::Closed => Self::WORDS[5],
        }
    }
}

/// An account as the register keeps it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    pub(super) login: String,
    pub(super) must_change: bool,
    pub(super) password_set_at: DateTime<Utc>,
    pub(super) first_until: Option<DateTime<Utc>>,
    pub(super) locked_until: Option<DateTime<Utc>>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) closed_reason: Option<String>,
}

impl Account {
    /// How an account stands now, or that there is none.
    pub(super) fn standing(account: Option<&Self>, now: DateTime<Utc>) -> Standing {
        let Some(account) = account else {
            return Standing::None;
        };
        if account.closed_at.is_some() {
            return Standing::Closed;
        }
        if let Some(until) = account.locked_until.filter(|until| *until > now) {
            return Standing::Locked(until);
        }
        match account.first_until.filter(|_| account.must_change) {
            Some(until) if until <= now => Standing::SlipOver,
            Some(until) => Standing::Slip(until),
            None => Standing::Open,
        }
    }
}

/// Whether a sign-in name may be one.
pub(crate) fn is_login(login: &str) -> bool {
    (2..=40).contains(&login.len())
        && login
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

/// A sign-in name to begin with: the name in pinyin, `zhangwei` for 张伟.
pub(crate) fn login_for(name: &str) -> String {
    let spelt: String = name
        .chars()
        .filter_map(|c| {
            let plain = || c.is_ascii_alphanumeric().then(|| c.to_string());
            sounds::usual(c).or_else(plain)
        })
        .collect();
    let short: String = spelt.to_lowercase().chars().take(30).collect();
    if is_login(&short) {
        short
    } else {
        "user".to_owned()
    }
}

/// Where a post can be, and which kinds there are at such a place.
pub(crate) fn kinds_at(level: Option<Level>, department: bool) -> &'static [PostKind] {
    use PostKind as P;
    match (level, department) {
        (_, true) => &[P::DepartmentHead, P::DepartmentClerk],
        (Some(Level::Street), _) => &[
            P::StreetSecretary,
            P::StreetDeputy,
            P::StreetDispatcher,
            P::StreetChecker,
        ],
        (Some(Level::Community), _) => &[P::CommunitySecretary, P::CommunityWorker],
        (Some(Level::Grid), _) => &[P::GridChief, P::GridSecretary],
        (Some(Level::Building), _) => &[P::BuildingChief, P::BuildingLeader],
        (Some(Level::Unit), _) => &[P::UnitChief, P::UnitHousehold],
        (None, false) => &[
            P::CityLeader,
            P::CityOffice,
            P::SystemAdmin,
            P::SecurityAdmin,
            P::AuditAdmin,
        ],
    }
}

/// What a kind of post is called, whatever its title.
pub(crate) fn kind_label(kind: PostKind) -> &'static str {
    match kind {
        PostKind::CityLeader => "市领导",
        PostKind::CityOffice => "市城乡基层治理办",
        PostKind::StreetSecretary => "街道党工委书记",
        PostKind::StreetDeputy => "街道副主任（分管）",
        PostKind::StreetDispatcher => "街道指挥调度中心值班员",
        PostKind::StreetChecker => "街道核查员",
        PostKind::CommunitySecretary => "社区书记",
        PostKind::CommunityWorker => "社区工作者",
        PostKind::GridChief => "网格长",
        PostKind::GridSecretary => "网格党支部书记",
        PostKind::BuildingChief => "楼栋长",
        PostKind::BuildingLeader => "楼栋党小组组长",
        PostKind::UnitChief => "单元长",
        PostKind::UnitHousehold => "单元党员中心户",
        PostKind::DepartmentHead => "部门负责人",
        PostKind::DepartmentClerk => "部门联络员",
        PostKind::SystemAdmin => "系统管理员",
        PostKind::SecurityAdmin => "安全管理员",
        PostKind::AuditAdmin => "审计管理员",
    }
}

/// An appointment of a post, as it is decided about.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Term {
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    pub(crate) name: String,
    pub(crate) from_day: NaiveDate,
    pub(crate) to_day: Option<NaiveDate>,
    pub(crate) term_to: Option<NaiveDate>,
}

impl Term {
    /// Whether it was taken back before it began.
    pub(crate) fn is_void(&self) -> bool {
        self.to_day == Some(self.from_day)
    }

    /// Whether it is in force on a day.
    pub(crate) fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_day <= day && self.to_day.is_none_or(|to| to > day)
    }
}

/// What an appointment does to those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The appointment that ends on the day on which the new one begins.
    pub(crate) ends: Option<Uuid>,
}

/// Whether somebody may be appointed from a day on, and whom it relieves. `terms` are all
/// appointments of the post; `shown` is the holder whom the form named.
pub(crate) fn appoint(
    terms: &[Term],
    (person, from): (Uuid, NaiveDate),
    shown: Option<Uuid>,
    today: NaiveDate,
) -> Result<Plan, Refusal> {
    if let Some(sentence) = out_of_range("任职日期", from, today) {
        return Err(Refusal::Field("from_day", sentence));
    }
    let live = || terms.iter().filter(|t| !t.is_void());
    if let Some(next) = live().find(|t| t.from_day >= from) {
        let day = words::day(next.from_day);
        return Err(if next.from_day > today {
            Refusal::Rule(format!(
                "已安排{}自 {day} 起任职。请先取消那一次，再任命别人。",
                next.name
            ))
        } else {
            Refusal::Field(
                "from_day",
                format!("{}自 {day} 起任职，任职日期要晚于这一天。", next.name),
            )
        });
    }
    let holder = live().find(|t| t.holds_on(from));
    if holder.map(|h| h.id) != shown {
        return Err(Refusal::Stale);
    }
    if holder.is_some_and(|h| h.person == person) {
        return Err(Refusal::Field(
            "person",
            "这个人正担任这个职务，请选别人。".to_owned(),
        ));
    }
    Ok(Plan {
        ends: holder.map(|h| h.id),
    })
}

/// The day from which a holder is no longer one, if the last day typed will do.
pub(super) fn end(term: &Term, last: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    if let Some(sentence) = out_of_range("任职到哪天", last, today) {
        return Err(Refusal::Field("last_day", sentence));
    }
    let to = last.succ_opt().unwrap_or(last);
    if to <= term.from_day {
        let day = words::day(term.from_day);
        return Err(Refusal::Field(
            "last_day",
            format!("{}自 {day} 起任职，任职到哪天不能早于这一天。", term.name),
        ));
    }
    Ok(to)
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A field is wrong.
    Field(&'static str, String),
    /// The rules say no.
    Rule(String),
    /// Somebody else was first.
    Stale,
}

fn out_of_range(label: &str, day: NaiveDate, today: NaiveDate) -> Option<String> {
    let (first, last) = (today - Duration::days(BACK), today + Duration::days(AHEAD));
    (!(first..=last).contains(&day)).then(|| {
        format!(
            "{label}要在 {} 至 {} 之间。",
            words::day(first),
            words::day(last)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::people::SLIP_HOLDS;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    fn term(id: u128, person: u128, from: u32, to: Option<u32>) -> Term {
        Term {
            id: Uuid::from_u128(id),
            person: Uuid::from_u128(person),
            name: "张三".to_owned(),
            from_day: day(from),
            to_day: to.map(day),
            term_to: None,
        }
    }

    #[test]
    fn who_follows_relieves_whom_the_form_named() {
        let terms = [term(1, 10, 2, None)];
        let [one, two, ten] = [1, 2, 10].map(Uuid::from_u128);
        let at = |person, d, shown| appoint(&terms, (person, day(d)), shown, day(20));
        assert_eq!(at(two, 21, Some(one)), Ok(Plan { ends: Some(one) }));
        assert_eq!(at(two, 21, None), Err(Refusal::Stale));
        assert!(matches!(
            at(ten, 21, Some(one)),
            Err(Refusal::Field("person", _))
        ));
        assert!(matches!(
            at(two, 2, Some(one)),
            Err(Refusal::Field("from_day", _))
        ));
    }

    #[test]
    fn a_coming_appointment_stands_in_the_way_until_it_is_taken_back() {
        let one = Uuid::from_u128(1);
        let coming = [term(1, 10, 25, None)];
        let refused = appoint(&coming, (Uuid::from_u128(2), day(22)), None, day(20));
        assert!(matches!(refused, Err(Refusal::Rule(s)) if s.contains("请先取消")));
        let void = [term(1, 10, 25, Some(25))];
        assert!(void[0].is_void());
        let free = appoint(&void, (one, day(22)), None, day(20));
        assert_eq!(free, Ok(Plan { ends: None }));
    }

    #[test]
    fn the_last_day_is_served() {
        let held = term(1, 10, 10, None);
        assert_eq!(end(&held, day(20), day(20)), Ok(day(21)));
        assert!(matches!(
            end(&held, day(9), day(20)),
            Err(Refusal::Field("last_day", s)) if s.contains("不能早于")
        ));
        let next_year = NaiveDate::from_ymd_opt(2027, 11, 1).unwrap();
        assert!(
            matches!(end(&held, next_year, day(20)), Err(Refusal::Field(_, s)) if s.contains("之间"))
        );
    }

    #[test]
    fn a_slip_runs_out_and_a_lock_too() {
        let now: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
        let mut account = Account {
            login: "zhangsan".to_owned(),
            must_change: true,
            password_set_at: now,
            first_until: Some(now + SLIP_HOLDS),
            locked_until: None,
            closed_at: None,
            closed_reason: None,
        };
        let at = |account: &Account, at| Account::standing(Some(account), at);
        assert_eq!(at(&account, now), Standing::Slip(now + SLIP_HOLDS));
        assert_eq!(at(&account, now + SLIP_HOLDS), Standing::SlipOver);
        account.must_change = false;
        assert_eq!(at(&account, now + SLIP_HOLDS), Standing::Open);
        account.locked_until = Some(now + Duration::minutes(1));
        assert!(matches!(at(&account, now), Standing::Locked(_)));
        account.closed_at = Some(now);
        assert_eq!(at(&account, now), Standing::Closed);
        assert_eq!(Account::standing(None, now), Standing::None);
    }

    #[test]
    fn names_are_spelt_for_sign_in() {
        for (name, login) in [
            ("张伟", "zhangwei"),
            ("吕芳", "lvfang"),
            ("Anna 李", "annali"),
            ("𠮷", "user"),
        ] {
            assert_eq!(login_for(name), login);
        }
    }

    #[test]
    fn an_empty_number_stays_and_changes_name_both_sides() {
        let form = PersonForm {
            name: "张三".to_owned(),
            identity: "居民".to_owned(),
            ..PersonForm::default()
        };
        let (facts, number) = form.read(Some("129****0001")).unwrap();
        assert_eq!(facts.phone_mask.as_deref(), Some("129****0001"));
        assert_eq!(number, Number::Stays);
        let after = Facts {
            identity: "社区工作者".to_owned(),
            ..facts.clone()
        };
        let new = Number::New("12900990001".to_owned());
        assert_eq!(
            after.changes(&facts, &new).unwrap(),
            "身份：居民 → 社区工作者；电话：换了号码。"
        );
        assert_eq!(facts.changes(&facts, &number), None);
    }
}
