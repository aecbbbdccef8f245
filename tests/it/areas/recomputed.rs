//! The scores a second time, in plain SQL over the recorded facts: every component and item column of
//! the command, to the last digit. Nothing of the program's own arithmetic is used here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{ConnectOptions as _, Row as _};
use street_whistle::base::clock::{Clock, day_of};
use street_whistle::sample::CITY_CODE;
use uuid::Uuid;

use crate::harness::{Case, Sample, Sql, Town, run, server};

/// What must stand in the columns of these names.
const FIGURES: [&str; 16] = [
    "score",
    "shown",
    "street",
    "residents",
    "objective",
    "rating",
    "responded",
    "solved",
    "satisfied",
    "sign",
    "report",
    "close",
    "first_check",
    "returns",
    "cases",
    "shrunk",
];

/// By code of the department, then by name of the column.
type Table = BTreeMap<String, BTreeMap<String, String>>;

/// A table as the command prints it.
fn read(csv: &str) -> Table {
    let mut lines = csv.lines().filter(|l| !l.trim().is_empty());
    let head = lines.next().expect("a head").trim_start_matches('\u{feff}');
    let columns: Vec<&str> = head.trim().split(',').collect();
    assert_eq!(columns[0], "code");
    let row = |line: &str| {
        let cells: Vec<String> = line.trim_end().split(',').map(str::to_owned).collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        let names = columns.iter().map(|c| (*c).to_owned());
        (cells[0].clone(), names.zip(cells).collect())
    };
    lines.map(row).collect()
}

/// What the command prints of a period of the tests' database.
async fn printed(code: &str, period: &str) -> Table {
    let url = server().login("street_whistle_app").to_url_lossy();
    let ended = run(&[
        "assess",
        "--tenant",
        code,
        "--period",
        period,
        "--csv",
        "--database-url",
        url.as_str(),
    ])
    .await;
    assert!(ended.well, "{}", ended.complains);
    read(&ended.says)
}

/// A period as plain SQL asks about it.
struct Asked {
    tenant: Uuid,
    /// Closed from here, and before there.
    from: String,
    to: String,
    /// Facts recorded later do not count.
    until: DateTime<Utc>,
    /// Objections upheld later do not count.
    frozen: DateTime<Utc>,
}

/// One table of facts after the other, down to the score of each department.
async fn recomputed(asked: &Asked) -> Table {
    let Asked {
        tenant,
        from,
        to,
        until,
        frozen,
    } = asked;
    let query = format!(
        "with closed as (
            select w.id, w.kind,
                   (select count(*) from reopenings r where r.tenant_id = w.tenant_id and r.whistle_id = w.id
                       and r.at <= '{until}') as round,
                   case when exists (select from reopenings r where r.tenant_id = w.tenant_id and r.whistle_id = w.id
                                        and r.at > '{until}')
                        then (select r.closed_at from reopenings r where r.tenant_id = w.tenant_id
                                 and r.whistle_id = w.id and r.at > '{until}' order by r.at limit 1)
                        else w.closed_at end as at
              from whistles w where w.tenant_id = '{tenant}'
        ), a as (
            select a.*, k.kind, k.round
              from closed k
              join assignments a on a.tenant_id = '{tenant}' and a.whistle_id = k.id
             where k.at >= '{from} 00:00+08' and k.at < '{to} 00:00+08' and k.at <= '{until}'
               and a.sent_at is not null and a.stage <> 'withdrawn'
        ), late as (
            select c.assignment_id, c.id, c.stage,
                   coalesce(b.found_at <= '{until}', false) as passed,
                   exists (select from exemptions e join requests q on q.tenant_id = e.tenant_id and q.id = e.request_id
                            where e.tenant_id = c.tenant_id and e.clock_id = c.id and q.decided_at <= '{until}') as exempt
              from clocks c
              left join breaches b on b.tenant_id = c.tenant_id and b.clock_id = c.id
             where c.tenant_id = '{tenant}' and c.stage in ('sign', 'report', 'close') and c.due_at is not null
        ), facts as (
            select a.department_id, a.id, 'street' as part, 'rating' as item, 45.0 as points,
                   avg(r.speed + r.attendance + r.result + r.attitude + r.cooperation) / 25 as value,
                   case a.kind when 'tough' then 2 when 'routine' then 1 when 'express' then 0.5 else 1.5 end as weight
              from a join ratings r on r.tenant_id = a.tenant_id and r.assignment_id = a.id and r.round = a.round
                                   and r.at <= '{until}'
             where a.stage <> 'relieved' group by a.department_id, a.id, a.kind
            union all
            select a.department_id, a.id, 'residents', x.item, x.points, x.value, 1
              from a
              join visits v on v.tenant_id = a.tenant_id and v.whistle_id = a.whistle_id and v.state = 'answered'
                           and v.ended_at <= '{until}'
              cross join lateral (values
                ('responded', 3, case when a.reported_at is null or exists (select from late l
                                            where l.assignment_id = a.id and l.stage = 'report' and l.passed
                                              and not l.exempt) then 0 else 1 end),
                ('solved', 15, case when v.answer = 'solved' then 1 else 0 end),
                ('satisfied', 12, case v.feeling when 'satisfied' then 1 when 'basically' then 0.9 else 0 end)
              ) as x (item, points, value)
             where a.role = 'lead' and a.stage <> 'relieved'
            union all
            select a.department_id, a.id, 'objective', l.stage::text, 5, case when l.passed then 0 else 1 end, 1
              from a join late l on l.assignment_id = a.id
             where a.stage <> 'relieved' and not (l.passed and l.exempt)
               and not (l.stage = 'close' and exists (select from suspensions s
                   where s.tenant_id = a.tenant_id and s.whistle_id = a.whistle_id and s.from_at <= '{until}'))
            union all
            select a.department_id, a.id, 'objective', 'first_check', 5, case when k.passed then 1 else 0 end, 1
              from a
              join lateral (select c.* from checks c where c.tenant_id = a.tenant_id and c.whistle_id = a.whistle_id
                             order by c.round limit 1) k on k.at <= '{until}'
             where a.role = 'lead' and a.stage <> 'relieved'
            union all
            select a.department_id, a.id, 'objective', 'returns', 5,
                   max(case when q.state = 'granted' then 1 else 0 end), 1
              from a
              join requests q on q.tenant_id = a.tenant_id and q.assignment_id = a.id and q.kind = 'return'
               and q.decided_at <= '{until}'
               and (q.state in ('granted', 'denied') or q.state = 'lapsed' and q.level = 3)
             group by a.department_id, a.id
            union all
            select e.department_id, e.id, 'street', 'rating', 45.0, e.score / 5.0, 1
              from power_exercises e
             where e.tenant_id = '{tenant}' and e.score is not null
               and e.closed_at >= '{from} 00:00+08' and e.closed_at < '{to} 00:00+08' and e.closed_at <= '{until}'
        ), counted as (
            select f.* from facts f
             where not exists (select from assessment_objections o
                                where o.tenant_id = '{tenant}' and coalesce(o.assignment_id, o.exercise_id) = f.id
                                  and o.item::text = f.item
                                  and o.state = 'upheld' and o.decided_at <= '{frozen}')
        ), item as (
            select department_id, part, item, max(points) as points, sum(value * weight) / sum(weight) as rate
              from counted group by department_id, part, item
        ), part as (
            select department_id, part, sum(points) as there,
                   case part when 'street' then 45.0 when 'residents' then 30 else 25 end as points
              from item group by department_id, part
        ), whole as (
            select department_id, sum(points) as filled from part group by department_id
        ), scored as (
            select i.department_id, i.part, i.item,
                   100.0 * p.points * i.points * i.rate / (w.filled * p.there) as score
              from item i join part p using (department_id, part) join whole w using (department_id)
        ), total as (
            select d.id, d.code, d.kind = 'bureau' as bureau, sum(s.score) as score,
                   (select count(distinct c.id) from counted c where c.department_id = d.id) as n
              from scored s join departments d on d.tenant_id = '{tenant}' and d.id = s.department_id
             group by d.id, d.code, d.kind
        ), drawn as (
            select t.*, (n * score + 5 * avg(score) over (partition by bureau)) / (n + 5) as shrunk from total t
        )
        select d.code, s.name, s.figure
          from drawn d
          cross join lateral (
            select 'score' as name, round(round(d.score, 12), 4)::text as figure
            union all select 'shown', round(round(d.score, 12), 1)::text
            union all select 'cases', d.n::text
            union all select 'shrunk', round(round(d.shrunk, 12), 4)::text
            union all select part, round(round(sum(score), 12), 4)::text from scored where department_id = d.id group by part
            union all select item, round(round(score, 12), 4)::text from scored where department_id = d.id
          ) s"
    );
    let mut table = Table::new();
    for row in Sql::owner().await.rows(&query).await {
        let cells = table.entry(row.get(0)).or_default();
        assert_eq!(cells.insert(row.get(1), row.get(2)), None);
    }
    table
}

/// Compares every figure; what has no sample is empty. Answers how many figures were there.
fn agree(printed: &Table, expected: &Table) -> usize {
    let mut compared = 0;
    for (code, cells) in printed {
        let wanted = expected.get(code);
        for name in FIGURES {
            let empty = if name == "cases" { "0" } else { "" };
            let wanted = wanted
                .and_then(|w| w.get(name))
                .map_or(empty, String::as_str);
            assert_eq!(cells[name], wanted, "{code} {name}");
            compared += usize::from(wanted != empty);
        }
    }
    let known: Vec<_> = expected
        .keys()
        .filter(|c| !printed.contains_key(*c))
        .collect();
    assert!(known.is_empty(), "not printed: {known:?}");
    compared
}

/// The last day after a quarter, as its first is written.
fn after(period: &str) -> (String, String) {
    let (year, quarter) = period.split_once("-Q").expect("a quarter");
    let (year, quarter): (i32, u32) = (year.parse().unwrap(), quarter.parse().unwrap());
    let day = |year: i32, month: u32| format!("{year}-{month:02}-01");
    let from = day(year, quarter * 3 - 2);
    let to = if quarter == 4 {
        day(year + 1, 1)
    } else {
        day(year, quarter * 3 + 1)
    };
    (from, to)
}

#[tokio::test]
async fn the_sample_s_frozen_quarters_are_what_plain_sql_says() {
    let mut city = Sample::city(CITY_CODE).await;
    let tenant = city.tenant;
    let frozen = format!(
        "select period, locked_at, frozen_at from assessment_periods
          where tenant_id = '{tenant}' and stage = 'frozen' order by period"
    );
    let frozen = Sql::owner().await.rows(&frozen).await;
    assert!(!frozen.is_empty(), "the sample has frozen quarters");
    let han = city.sign_in("hanxue").await;
    for row in frozen {
        let period: String = row.get(0);
        let (from, to) = after(&period);
        let asked = Asked {
            tenant,
            from,
            to,
            until: row.get(1),
            frozen: row.get(2),
        };
        let table = printed(CITY_CODE, &period).await;
        let page = han.get(&format!("/assessment/{period}/scores.csv")).await;
        assert_eq!(read(&page.body), table, "page and command say the same");
        let compared = agree(&table, &recomputed(&asked).await);
        assert!(compared >= 100, "{period}: only {compared} figures");
    }
}

/// The year is a preview: what is known now counts, whatever day it is.
#[tokio::test]
async fn the_sample_s_year_is_what_plain_sql_says() {
    let mut city = Sample::city(CITY_CODE).await;
    let now = Clock::System.now();
    let year: String = day_of(now).format("%Y").to_string();
    let next: i32 = year.parse::<i32>().unwrap() + 1;
    let asked = Asked {
        tenant: city.tenant,
        from: format!("{year}-01-01"),
        to: format!("{next}-01-01"),
        until: now,
        frozen: now,
    };
    let han = city.sign_in("hanxue").await;
    let csv = han.get(&format!("/assessment/{year}/scores.csv")).await;
    agree(&read(&csv.body), &recomputed(&asked).await);
}

const QUARTER: &str = "/assessment/2026-Q3";

/// Time goes on until a moment.
fn until(town: &Town, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    town.passes(at - town.now());
}

impl Town {
    /// A limit of an assignment, kept or passed.
    async fn timed(&self, (case, assignment): (&Case, Uuid), stage: &str, is_late: bool) {
        let (tenant, now, clock, event) = (self.tenant, self.now(), Uuid::now_v7(), Uuid::now_v7());
        let whistle = case.whistle;
        self.sql(&format!(
            "insert into clocks (tenant_id, id, whistle_id, assignment_id, stage, amount, unit, started_at, due_at, soon_at,
                                 stopped_at, stop_reason)
             values ('{tenant}', '{clock}', '{whistle}', '{assignment}', '{stage}', 1, 'work_day',
                     timestamptz '{now}' - interval '3 days', timestamptz '{now}' - interval '1 day',
                     timestamptz '{now}' - interval '2 days', '{now}', '已办')"
        ))
        .await;
        if is_late {
            self.sql(&format!(
                "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
                 values ('{tenant}', '{event}', '{now}', 'whistle', '{whistle}', 'breach', '', '系统', '超期');
                 insert into breaches values ('{tenant}', '{clock}', timestamptz '{now}' - interval '1 day', '{now}',
                                              '{event}')"
            ))
            .await;
        }
    }

    /// What the resident says.
    async fn hears(&self, case: &Case, answer: &str, feeling: &str) {
        let (visit, _) = self.asked(case).await;
        self.sql(&format!(
            "update visits set state = 'answered', ended_at = '{now}', answer = '{answer}', feeling = '{feeling}',
                    words = '说过了', way = 'link' where tenant_id = '{}' and id = '{visit}'",
            self.tenant,
            now = self.now()
        ))
        .await;
    }

    /// The water company objects to a rating, and a panel upholds it.
    async fn upholds(&self, case: &Case) {
        let form = format!("{QUARTER}/objections/new?item=rating&case={}", case.lead);
        let asked = [
            ("理由", "评价与事实不符"),
            ("说明", "两人到场，签到表有签名。"),
            ("证据", "现场签到表 1 份。"),
        ];
        self.acts("water clerk", &form, "提出申诉", &asked).await;
        let id = format!(
            "select id::text from assessment_objections where tenant_id = '{}'",
            self.tenant
        );
        let objection = format!("{QUARTER}/objections/{}", self.text(&id).await);
        let panel = [
            ("第一名成员", "副市长 赵国栋"),
            ("第二名成员", "治理办主任 钱立新"),
            ("第三名成员", "锦华街道·党工委书记 郑启明"),
        ];
        let form = format!("{objection}/panel/new");
        self.acts("city office", &form, "送评议组", &panel).await;
        let upheld = [
            ("申诉是否成立", "成立这一件在这一项剔除，得分重算"),
            ("评议意见", "签到表与核查记录一致。"),
        ];
        for called in ["city leader", "other secretary"] {
            self.acts(called, &objection, "表决", &upheld).await;
        }
    }
}

#[tokio::test]
async fn a_town_s_quarter_is_what_plain_sql_says_also_after_an_exemption() {
    let town = Town::raise_at("2026-08-03T01:00:00Z").await;
    let good = town.closed(4).await;
    let poor = town.closed(2).await;
    let fair = town.closed(3).await;
    let unheard = town.closed(5).await;
    for (case, late) in [(&good, "none"), (&poor, "report"), (&fair, "close")] {
        for stage in ["sign", "report", "close"] {
            town.timed((case, case.lead), stage, stage == late).await;
            town.timed(
                (case, case.assist),
                stage,
                stage == "sign" && late == "close",
            )
            .await;
        }
    }
    town.hears(&good, "solved", "satisfied").await;
    town.hears(&poor, "partly", "unsatisfied").await;
    town.hears(&fair, "solved", "basically").await;
    let tenant = town.tenant;
    let locked = "2026-10-13T16:00:00Z".parse().unwrap();
    until(&town, "2026-10-20T01:00:00Z");
    // Beyond the lock, whenever exactly it is: this answer does not count.
    town.hears(&unheard, "unsolved", "unsatisfied").await;
    let now = town.now();
    let asked = |until, frozen| Asked {
        tenant,
        from: "2026-07-01".to_owned(),
        to: "2026-10-01".to_owned(),
        until,
        frozen,
    };
    let office = town.sign_in("city office").await;
    let csv = format!("{QUARTER}/scores.csv");
    let before = read(&office.get(&csv).await.body);
    assert!(agree(&before, &recomputed(&asked(locked, now)).await) >= 24);
    let showing = format!("{QUARTER}/showing");
    town.acts("city office", &showing, "确认公示", &[]).await;
    town.upholds(&poor).await;
    until(&town, "2026-10-28T01:00:00Z");
    let freezing = format!("{QUARTER}/freezing");
    town.acts("city office", &freezing, "确认封存", &[]).await;
    let after = printed(&town.code, "2026-Q3").await;
    let frozen = town.now();
    assert!(agree(&after, &recomputed(&asked(locked, frozen)).await) >= 24);
    let rating = |table: &Table| table["GS"]["rating"].clone();
    assert_eq!(rating(&before), "31.5000", "the mean of 4, 2, 3 and 5");
    assert_eq!(rating(&after), "36.0000", "the mean of 4, 3 and 5");
    assert_eq!(before["GS"]["report"], after["GS"]["report"]);
}
