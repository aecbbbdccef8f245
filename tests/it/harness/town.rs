//! A town of a test's own: one tenant with a short chain, four departments, and somebody on
//! every post.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use chrono::{DateTime, Duration, Utc};
use street_whistle::app::App;
use street_whistle::base::clock::{Clock, day_of};
use street_whistle::base::db::Db;
use street_whistle::base::mail::Mail;
use street_whistle::base::seal::Keys;
use street_whistle::base::store::Store;
use street_whistle::base::{id::uuid_at, password, words};
use street_whistle::jobs::Worker;
use street_whistle::org::TenantId;
use street_whistle::org::access::{PostKind, SESSION_COOKIE, digest};
use street_whistle::org::people::Doors;
use street_whistle::org::personal::{self, Field};
use street_whistle::router::router;
use tokio::sync::{Mutex as AsyncMutex, OnceCell};
use uuid::Uuid;

use super::{Person, Served, Sql, files, server};

/// The password of everybody in every town.
pub(crate) const PASSWORD: &str = "Ceshi-2026-哨";

/// Key, parent, code below the parent's, both names.
const NODES: [(&str, &str, &str, &str, &str); 15] = [
    ("huiyang", "", "001", "慧阳街道", "慧阳街道大工委"),
    ("jinhua", "", "002", "锦华街道", "锦华街道大工委"),
    ("south", "huiyang", "001", "城南社区", "城南社区大党委"),
    ("north", "huiyang", "002", "城北社区", "城北社区大党委"),
    ("river", "jinhua", "001", "临江社区", "临江社区大党委"),
    (
        "garden",
        "south",
        "001",
        "金源小区网格",
        "金源小区网格党支部",
    ),
    ("station", "south", "002", "站前网格", "站前网格党支部"),
    ("old", "north", "001", "老街网格", "老街网格党支部"),
    ("bank", "river", "001", "江岸网格", "江岸网格党支部"),
    (
        "house 1",
        "garden",
        "001",
        "金源小区1号楼",
        "金源小区1号楼党小组",
    ),
    (
        "house 2",
        "garden",
        "002",
        "金源小区2号楼",
        "金源小区2号楼党小组",
    ),
    ("old house", "old", "001", "老街5号楼", "老街5号楼党小组"),
    ("bank house", "bank", "001", "江岸3号楼", "江岸3号楼党小组"),
    (
        "door 1",
        "house 1",
        "01",
        "金源小区1号楼1单元",
        "1号楼1单元党员中心户",
    ),
    (
        "door 2",
        "house 1",
        "02",
        "金源小区1号楼2单元",
        "1号楼2单元党员中心户",
    ),
];

/// Key, code, kind, name.
const DEPARTMENTS: [(&str, &str, &str, &str); 4] = [
    ("housing", "ZJ", "bureau", "住房和城乡建设局"),
    ("enforcement", "CG", "bureau", "城市管理行政执法局"),
    ("market", "SC", "vertical", "市场监督管理局"),
    ("water", "GS", "utility", "供水公司"),
];

/// Who is called what in the tests, the kind of post, its title, where it sits, who holds it.
const POSTS: [(&str, PostKind, &str, &str, &str); 38] = [
    ("city leader", PostKind::CityLeader, "副市长", "", "赵国栋"),
    (
        "city office",
        PostKind::CityOffice,
        "治理办主任",
        "",
        "钱立新",
    ),
    (
        "street secretary",
        PostKind::StreetSecretary,
        "党工委书记",
        "huiyang",
        "孙建平",
    ),
    (
        "street deputy",
        PostKind::StreetDeputy,
        "副主任",
        "huiyang",
        "周海燕",
    ),
    (
        "street dispatcher",
        PostKind::StreetDispatcher,
        "指挥调度中心值班员",
        "huiyang",
        "王丽",
    ),
    (
        "second dispatcher",
        PostKind::StreetDispatcher,
        "指挥调度中心值班员",
        "huiyang",
        "冯涛",
    ),
    (
        "street checker",
        PostKind::StreetChecker,
        "核查员",
        "huiyang",
        "吴敏",
    ),
    (
        "other secretary",
        PostKind::StreetSecretary,
        "党工委书记",
        "jinhua",
        "郑启明",
    ),
    (
        "other deputy",
        PostKind::StreetDeputy,
        "副主任",
        "jinhua",
        "褚卫东",
    ),
    (
        "other dispatcher",
        PostKind::StreetDispatcher,
        "指挥调度中心值班员",
        "jinhua",
        "卫红",
    ),
    (
        "other checker",
        PostKind::StreetChecker,
        "核查员",
        "jinhua",
        "蒋辉",
    ),
    (
        "community secretary",
        PostKind::CommunitySecretary,
        "社区书记",
        "south",
        "李秀英",
    ),
    (
        "community worker",
        PostKind::CommunityWorker,
        "社区工作者",
        "south",
        "沈洁",
    ),
    (
        "north secretary",
        PostKind::CommunitySecretary,
        "社区书记",
        "north",
        "韩梅",
    ),
    (
        "river secretary",
        PostKind::CommunitySecretary,
        "社区书记",
        "river",
        "杨柳",
    ),
    (
        "grid chief",
        PostKind::GridChief,
        "网格长",
        "garden",
        "朱军",
    ),
    (
        "grid secretary",
        PostKind::GridSecretary,
        "网格党支部书记",
        "garden",
        "秦岭",
    ),
    (
        "station chief",
        PostKind::GridChief,
        "网格长",
        "station",
        "尤佳",
    ),
    ("bank chief", PostKind::GridChief, "网格长", "bank", "许静"),
    (
        "building chief",
        PostKind::BuildingChief,
        "楼栋长",
        "house 1",
        "何伟",
    ),
    (
        "building leader",
        PostKind::BuildingLeader,
        "楼栋党小组组长",
        "house 1",
        "吕芳",
    ),
    (
        "unit chief",
        PostKind::UnitChief,
        "单元长",
        "door 1",
        "施小梅",
    ),
    (
        "unit household",
        PostKind::UnitHousehold,
        "单元党员中心户",
        "door 1",
        "张桂兰",
    ),
    (
        "housing head",
        PostKind::DepartmentHead,
        "局长",
        "housing",
        "孔祥",
    ),
    (
        "housing clerk",
        PostKind::DepartmentClerk,
        "联络员",
        "housing",
        "曹阳",
    ),
    (
        "enforcement head",
        PostKind::DepartmentHead,
        "局长",
        "enforcement",
        "严谨",
    ),
    (
        "enforcement clerk",
        PostKind::DepartmentClerk,
        "联络员",
        "enforcement",
        "华强",
    ),
    (
        "market head",
        PostKind::DepartmentHead,
        "局长",
        "market",
        "金鑫",
    ),
    (
        "market clerk",
        PostKind::DepartmentClerk,
        "联络员",
        "market",
        "魏来",
    ),
    (
        "water head",
        PostKind::DepartmentHead,
        "经理",
        "water",
        "陶然",
    ),
    (
        "water clerk",
        PostKind::DepartmentClerk,
        "联络员",
        "water",
        "姜涛",
    ),
    (
        "system admin",
        PostKind::SystemAdmin,
        "系统管理员",
        "",
        "戚明",
    ),
    (
        "security admin",
        PostKind::SecurityAdmin,
        "安全管理员",
        "",
        "谢安",
    ),
    (
        "audit admin",
        PostKind::AuditAdmin,
        "审计管理员",
        "",
        "邹清",
    ),
    // One person with two posts; the first named is the one that sign-in chooses.
    (
        "two posts",
        PostKind::CommunityWorker,
        "社区工作者",
        "north",
        "喻晓",
    ),
    ("two posts", PostKind::GridChief, "网格长", "old", "喻晓"),
    // Checks for the street and handles for the water company: nobody may do both on one whistle.
    (
        "both sides",
        PostKind::StreetChecker,
        "核查员",
        "huiyang",
        "柏青",
    ),
    (
        "both sides",
        PostKind::DepartmentClerk,
        "联络员",
        "water",
        "柏青",
    ),
];

/// A tenant with people, and the program that serves it.
#[derive(Debug)]
pub(crate) struct Town {
    pub(crate) tenant: Uuid,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) prefix: String,
    pub(crate) host: String,
    app: App,
    router: Router,
    clock: Clock,
    nodes: HashMap<&'static str, Uuid>,
    departments: HashMap<&'static str, Uuid>,
    seats: Vec<Seat>,
    owner: AsyncMutex<Sql>,
    /// The statements that made it, to make it elsewhere too.
    pub(crate) founding: String,
}

/// One post with its holder.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) called: &'static str,
    pub(crate) kind: PostKind,
    pub(crate) login: String,
    pub(crate) person: Uuid,
    pub(crate) post: Uuid,
    pub(crate) appointment: Uuid,
}

impl Town {
    /// A town at the machine's time.
    pub(crate) async fn raise() -> Self {
        Self::raise_with(Clock::System).await
    }

    /// A town whose clock stands at an instant until it is moved.
    pub(crate) async fn raise_at(instant: &str) -> Self {
        let instant: DateTime<Utc> = instant.parse().unwrap();
        Self::raise_with(Clock::Standing(Arc::new(Mutex::new(instant)))).await
    }

    async fn raise_with(clock: Clock) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let code = format!("{}", 900_000 + count);
        let host = format!("t{count}.test");
        let app = App::new(
            server().login("street_whistle_app"),
            clock.clone(),
            Doors::default(),
            files(),
        )
        .sealing(Keys::of_text(&Keys::new_line()).unwrap());
        let mut town = Self {
            tenant: uuid_at(clock.now()),
            name: format!("第{count}试验市"),
            prefix: prefix(count),
            router: router(&app),
            app,
            nodes: HashMap::new(),
            departments: HashMap::new(),
            seats: Vec::new(),
            founding: String::new(),
            owner: AsyncMutex::new(Sql::owner().await),
            code,
            host,
            clock,
        };
        town.founding = town.founding_of(&password_hash().await);
        town.sql(&town.founding).await;
        town
    }

    /// Everything that makes the town, in one message.
    fn founding_of(&mut self, hash: &str) -> String {
        let now = self.now();
        let since = day_of(now - Duration::days(400));
        let (tenant, name, code) = (self.tenant, self.name.clone(), self.code.clone());
        let (prefix, host) = (self.prefix.clone(), self.host.clone());
        let mut sql = format!(
            "insert into tenants values ('{tenant}', '{code}', '{name}', '{prefix}', '{name}治理办', false, '{now}');
             insert into tenant_hosts values ('{host}', '{tenant}');
             do $$ begin
                 if to_regproc('furnish_calendar') is not null then
                     perform furnish_calendar('{tenant}', '{}', '{}');
                     if to_regproc('furnish_classes') is not null then
                         perform furnish_classes('{tenant}', '{now}');
                     end if;
                     perform furnish_limits('{tenant}', '{}', '{now}');
                 end if;
                 if to_regproc('furnish_assessment') is not null then
                     perform furnish_assessment('{tenant}', '{}', '{now}');
                 end if;
             end $$;",
            uuid_at(now),
            uuid_at(now),
            uuid_at(now),
            uuid_at(now)
        );
        let mut codes = HashMap::from([("", (code, 0))]);
        for (key, parent, tail, name, party) in NODES {
            let (above, level) = codes[parent].clone();
            let (code, level, id) = (format!("{above}{tail}"), level + 1, uuid_at(now));
            let parent = quoted(self.nodes.get(parent));
            write!(
                sql,
                "insert into nodes (tenant_id, id, level, parent_id, code, name, party_name, households, valid_from)
                 values ('{tenant}', '{id}', {level}, {parent}, '{code}', '{name}', '{party}',
                         case {level} when 5 then 12 end, '{since}');"
            )
            .unwrap();
            self.nodes.insert(key, id);
            codes.insert(key, (code, level));
        }
        for (position, (key, code, kind, name)) in DEPARTMENTS.into_iter().enumerate() {
            let id = uuid_at(now);
            write!(
                sql,
                "insert into departments values ('{tenant}', '{id}', '{code}', '{name}', '{kind}', {position}, '{since}', null);"
            )
            .unwrap();
            self.departments.insert(key, id);
        }
        let mut factors = String::new();
        for (called, kind, title, place, name) in POSTS {
            let seat = self.seat_for(called, kind);
            let (node, node_level, node_code) = match self.nodes.get(place) {
                Some(id) => (
                    format!("'{id}'"),
                    codes[place].1.to_string(),
                    format!("'{}'", codes[place].0),
                ),
                None => ("null".into(), "null".into(), "null".into()),
            };
            let department = quoted(self.departments.get(place));
            let Seat {
                person,
                post,
                appointment,
                login,
                ..
            } = &seat;
            if kind.is_admin() {
                // Set up long ago; whoever wants to see that done sets up another.
                write!(
                    factors,
                    "insert into second_factors (tenant_id, person_id, key_name, secret, made_at, confirmed_at)
                     values ('{tenant}', '{person}', 'k0', '\\x00', '{now}', '{now}');"
                )
                .unwrap();
            }
            let kind = word(kind);
            write!(
                sql,
                "insert into posts values ('{tenant}', '{post}', '{kind}', '{title}', {node}, {node_level}, {node_code}, {department}, '{since}', null);
                 insert into people (tenant_id, id, name, identity) values ('{tenant}', '{person}', '{name}', '机关干部') on conflict do nothing;
                 insert into accounts values ('{tenant}', '{person}', '{login}', '{hash}', '{now}', false) on conflict do nothing;
                 insert into appointments values ('{tenant}', '{appointment}', '{post}', '{person}', '{since}', null);"
            )
            .unwrap();
            self.seats.push(seat);
        }
        write!(
            sql,
            "do $$ begin if to_regclass('second_factors') is not null then {factors} end if; end $$;"
        )
        .unwrap();
        sql
    }

    fn seat_for(&self, called: &'static str, kind: PostKind) -> Seat {
        let now = self.now();
        let known = self.seats.iter().find(|s| s.called == called);
        Seat {
            called,
            kind,
            login: called.replace(' ', "."),
            person: known.map_or_else(|| uuid_at(now), |s| s.person),
            post: uuid_at(now),
            appointment: uuid_at(now),
        }
    }

    /// Somebody's seat; of two, the first.
    #[track_caller]
    pub(crate) fn seat(&self, called: &str) -> &Seat {
        let seat = self.seats.iter().find(|s| s.called == called);
        seat.unwrap_or_else(|| panic!("nobody is called “{called}” in the town"))
    }

    /// The first seat of a kind of post.
    pub(crate) fn seat_of(&self, kind: PostKind) -> &Seat {
        self.seats
            .iter()
            .find(|s| s.kind == kind)
            .expect("every kind of post is filled")
    }

    /// A node by its key.
    #[track_caller]
    pub(crate) fn node(&self, key: &str) -> Uuid {
        self.nodes[key]
    }

    /// A department by its key.
    #[track_caller]
    pub(crate) fn department(&self, key: &str) -> Uuid {
        self.departments[key]
    }

    /// The present instant of the town.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets time pass in a town whose clock stands.
    pub(crate) fn passes(&self, time: Duration) {
        let Clock::Standing(at) = &self.clock else {
            panic!("the machine's clock cannot be moved");
        };
        *at.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }

    /// Gives the town a mail server.
    pub(crate) fn mails_over(&mut self, mail: Mail) {
        self.app = self.app.clone().mailing(mail);
        self.router = router(&self.app);
    }

    /// Gives the town other keys.
    pub(crate) fn seals_under(&mut self, keys: Keys) {
        self.app = self.app.clone().sealing(keys);
        self.router = router(&self.app);
    }

    /// Gives the town another folder for what it keeps.
    pub(crate) fn keeps_in(&mut self, store: Store) {
        self.app.files = store;
        self.router = router(&self.app);
    }

    /// The database as the town's program sees it, with the town's clock.
    pub(crate) fn db(&self) -> &Db {
        &self.app.db
    }

    /// A worker that does the town's jobs and no other's: the towns share one queue.
    pub(crate) fn worker(&self) -> Worker {
        Worker::of(&self.app.db, &self.app.mail)
            .sealing(&self.app.keys)
            .keeping(&self.app.files)
            .only(TenantId(self.tenant))
    }

    /// Does every job of the town that is due; says how many those were.
    pub(crate) async fn works(&self) -> usize {
        self.worker().drain().await.unwrap()
    }

    /// Serves the town on a port, for a real browser.
    pub(crate) async fn serves(&self) -> Served {
        Served::on_any_port(self.router.clone()).await
    }

    /// Somebody who is not signed in.
    pub(crate) fn visitor(&self) -> Person {
        Person::new(self.router.clone(), &self.host).with_clock(&self.clock)
    }

    /// Somebody at work, signed in without the detour over the door.
    pub(crate) async fn sign_in(&self, called: &str) -> Person {
        self.sign_in_as(&self.seat(called).clone()).await
    }

    /// The holder of a seat at work.
    pub(crate) async fn sign_in_as(&self, seat: &Seat) -> Person {
        let person = self.visitor();
        let session = open_session(
            &person,
            self.tenant,
            seat.person,
            seat.appointment,
            self.now(),
        );
        self.sql(&session).await;
        person
    }

    /// Somebody who signs in at the door, with the common password.
    pub(crate) async fn knocks(&self, called: &str, word: &str) -> Person {
        let person = self.visitor();
        person.opens("/sign-in").await;
        let login = self.seat(called).login.clone();
        person
            .submit("登录", &[("账号", &login), ("密码", word)])
            .await;
        person
    }

    /// Lets a resident have told the matters that a condition names, kept as the program keeps it.
    pub(crate) async fn told_by(&self, which: &str, (name, phone): (&str, &str)) {
        let tenant = self.tenant;
        let ids = self
            .column(&format!(
                "update matters set teller_name_mask = nullif('{}', ''), teller_phone_mask = nullif('{}', '')
                  where tenant_id = '{tenant}' and {which} returning id::text",
                if name.is_empty() { String::new() } else { words::masked_name(name) },
                if phone.is_empty() { String::new() } else { words::masked_phone(phone) },
            ))
            .await;
        let values = [(Field::TellerName, name), (Field::TellerPhone, phone)];
        let values: Vec<_> = values.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        self.keeps(ids.iter().map(|id| (id.as_str(), values.as_slice())))
            .await;
    }

    /// Keeps personal values of each, sealed as the program seals them.
    pub(crate) async fn keeps<'a>(
        &self,
        all: impl Iterator<Item = (&'a str, &'a [(Field, &'a str)])>,
    ) {
        let mut tx = self.db().begin(self.tenant).await.unwrap();
        for (id, values) in all {
            let owner = (TenantId(self.tenant), id.parse().unwrap());
            let kept = personal::keep(&mut tx, &self.app.keys, owner, values);
            kept.await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Runs statements as the owner.
    pub(crate) async fn sql(&self, statements: &str) {
        self.owner.lock().await.run(statements).await.unwrap();
    }

    /// One number, asked as the owner.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        self.owner.lock().await.number(query).await
    }

    /// One column as text, asked as the owner.
    pub(crate) async fn column(&self, query: &str) -> Vec<String> {
        self.owner.lock().await.column(query).await
    }

    /// One text, asked as the owner.
    pub(crate) async fn text(&self, query: &str) -> String {
        let mut found = self.owner.lock().await.column(query).await;
        assert_eq!(found.len(), 1, "{query}");
        found.remove(0)
    }

    /// Everything the town has stored, condensed, except who is signed in since when, who knocked
    /// in vain, who took a file along, and the seals, which a worker of any town sets: two equal ones
    /// mean that nothing changed.
    pub(crate) async fn condensed(&self) -> Vec<String> {
        let mut owner = self.owner.lock().await;
        let tables = owner
            .column(
                "select c.table_name::text from information_schema.columns c
                  where c.table_schema = 'public' and c.column_name = 'tenant_id'
                    and c.table_name not in ('tenant_hosts', 'sessions', 'sign_in_sources', 'receipts')
                    and left(c.table_name, 6) <> 'audit_'
                  order by 1",
            )
            .await;
        let each: Vec<String> = tables
            .iter()
            .map(|table| {
                let but = if table == "events" {
                    "and verb not in ('sign_in_fail', 'export', 'download', 'print')"
                } else {
                    ""
                };
                format!(
                    "select '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '')
                       from {table} t where tenant_id = '{}' {but}",
                    self.tenant
                )
            })
            .collect();
        // The parts of a union come in no order of their own.
        owner
            .column(&format!("{} order by 1", each.join(" union all ")))
            .await
    }
}

/// Puts the cookie of a new session into a browser; answers the statement that keeps the session.
pub(super) fn open_session(
    browser: &Person,
    tenant: Uuid,
    person: Uuid,
    appointment: Uuid,
    now: DateTime<Utc>,
) -> String {
    let token = format!("{}{}", Uuid::now_v7().simple(), Uuid::now_v7().simple());
    browser.keep_cookie(SESSION_COOKIE, &format!("{tenant}.{token}"));
    let digest = digest(&token).iter().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "{byte:02x}");
        all
    });
    let id = uuid_at(now);
    format!(
        "insert into sessions (tenant_id, id, token_digest, person_id, appointment_id, agent, created_at, seen_at, factor_at)
         values ('{tenant}', '{id}', '\\x{digest}', '{person}', '{appointment}', 'Linux·测试', '{now}', '{now}', '{now}')"
    )
}

/// A page's text with the town's own prefix and the check digit that depends on it left out of
/// every number, so that a snapshot is the same whichever town it is.
pub(crate) fn without_numbers(town: &Town, text: &str) -> String {
    let mut parts = text.split(&town.prefix);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_number = part.get(1..2) == Some("-") && part.get(16..17) == Some("-");
        if is_number {
            write!(plain, "××{}*{}", &part[..17], &part[18..]).unwrap();
        } else {
            write!(plain, "{}{part}", town.prefix).unwrap();
        }
    }
    plain.replace(&town.name, "本市")
}

/// The hash of the common password, made once for all towns.
async fn password_hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async { password::hashed(PASSWORD.to_owned()).await.unwrap() });
    hash.await.clone()
}

/// Two letters that begin the town's numbers.
fn prefix(count: u32) -> String {
    let letter = |n: u32| char::from_u32(u32::from('A') + n % 26).unwrap();
    // D and J begin the prefixes of the sample cities.
    let firsts: Vec<char> = ('A'..='Z').filter(|c| !"DJ".contains(*c)).collect();
    format!(
        "{}{}",
        firsts[(count / 26) as usize % firsts.len()],
        letter(count)
    )
}

fn quoted(id: Option<&Uuid>) -> String {
    id.map_or("null".to_owned(), |id| format!("'{id}'"))
}

/// A value as the database writes it.
pub(crate) fn word(kind: PostKind) -> String {
    serde_json::to_value(kind)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}
