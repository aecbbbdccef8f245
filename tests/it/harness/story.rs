//! The way of one whistle, walked over the pages by the people whose turn it is.

use chrono::Duration;
use street_whistle::base::words;
use uuid::Uuid;

use super::{Page, Person, Town};

/// How far the story has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The dispatcher has kept a draft.
    Drafted,
    /// It waits for the deputy.
    Submitted,
    /// The departments are called: water leads, housing assists.
    Sounded,
    /// Both have signed.
    Signed,
    /// Both have reported in.
    Reported,
    /// Both have fed back; the check is due.
    FedBack,
    /// The check was passed.
    Checked,
    /// Street and community have rated.
    Rated,
    /// The street has closed.
    Closed,
}

/// What a draft says, by the words on the page.
pub(crate) const DRAFT: [(&str, &str); 10] = [
    ("标题", "金源小区1号楼下水道堵塞，污水外溢"),
    ("地点", "金源小区1号楼1单元"),
    ("主办部门", "供水公司"),
    ("请主办部门办什么", "疏通主管道，查明堵塞原因"),
    ("协办部门 1", "住房和城乡建设局"),
    ("请协办部门 1 办什么", "清除压占检修井的杂物"),
    ("自选理由", "主管道由供水公司管护。"),
    ("问题", "污水从检修井外溢，流到1单元门口，居民出行困难。"),
    ("自己已做", "社区组织人员疏通两次，第二天又堵。"),
    ("结案条件", "连续三天不再外溢，路面干净"),
];

/// How far ahead a joint enforcement meets: on the next day.
const MEETS_IN: Duration = Duration::hours(21);

impl Town {
    /// A matter that the community has raised to its street, by its title.
    pub(crate) async fn raised(&self, title: &str) -> Uuid {
        let (tenant, id, place, now) =
            (self.tenant, Uuid::now_v7(), self.node("door 1"), self.now());
        let code = &self.code;
        let finder = self.seat("unit chief");
        self.sql(&format!(
            "insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code,
                                  spot, filed_at, filed_by, filed_post, stage, waiting_since)
             values ('{tenant}', '{id}', 'M-' || (select count(*) from matters where tenant_id = '{tenant}'), '05-03', '{title}', '', '{place}', 5, '{code}00100100100101',
                     '', '{now}', '{}', '{}', 'raised', '{now}')",
            finder.person, finder.post
        ))
        .await;
        id
    }

    /// A whistle of the given kind as far as the given step; answers its path.
    pub(crate) async fn whistle(&self, kind: &str, until: Step) -> String {
        let title = "下水道堵塞";
        self.raised(title).await;
        let wang = self.sign_in("street dispatcher").await;
        let path = wang.drafts(kind, title).await;
        if until > Step::Drafted {
            wang.opens(&path).await;
            let sends = ["送审", "吹哨"]
                .into_iter()
                .find(|b| wang.page().has_button(b));
            wang.does(sends.expect("a draft can be sent"), &[]).await;
        }
        if until > Step::Submitted && matches!(kind, "日常哨" | "综合执法哨" | "攻坚哨")
        {
            let approver = if kind == "攻坚哨" {
                "street secretary"
            } else {
                "street deputy"
            };
            self.acts(approver, &path, "同意吹哨", &[]).await;
        }
        self.handle(&path, until).await;
        self.judge(&path, until).await;
        path
    }

    /// What the two departments do with a whistle that sounds.
    pub(crate) async fn handle(&self, path: &str, until: Step) {
        // The assisting department first: the lead feeds back last.
        for (clerk, result) in [
            ("housing clerk", "杂物已清除，检修井露出。"),
            ("water clerk", "主管道已疏通，更换破损管段。"),
        ] {
            if until >= Step::Signed {
                self.acts(clerk, path, "签收", &[]).await;
            }
            if until >= Step::Reported {
                let report = [("报到方式", "到现场"), ("谁来的", "抢修班 两人")];
                self.acts(clerk, path, "报到", &report).await;
            }
            if until >= Step::FedBack {
                self.acts(clerk, path, "反馈", &[("处理结果", result)])
                    .await;
            }
        }
    }

    /// Check, ratings and close.
    pub(crate) async fn judge(&self, path: &str, until: Step) {
        if until >= Step::Checked {
            let check = [("核查结果", "通过"), ("看到的情况", "井口通畅，路面干净。")];
            self.acts("street checker", path, "核查", &check).await;
        }
        if until >= Step::Rated {
            self.acts("street dispatcher", path, "评价", &marks("4"))
                .await;
            self.acts("community secretary", path, "评价", &marks("3"))
                .await;
        }
        if until >= Step::Closed {
            let close = [("办结结果", "问题已解决")];
            self.acts("street dispatcher", path, "办结", &close).await;
        }
    }

    /// Somebody signs in, opens the path and does what a button says.
    pub(crate) async fn acts(
        &self,
        called: &str,
        path: &str,
        button: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let person = self.sign_in(called).await;
        person.opens(path).await;
        person.does(button, fields).await
    }
}

impl Person {
    /// Files a matter in three steps; answers its path. The place is chosen from one's own ground.
    pub(crate) async fn files(&self, place: &[(&str, &str)], end: &[(&str, &str)]) -> String {
        self.opens("/matters/new").await;
        let what = [
            ("是什么事", "污水外溢、堵塞"),
            ("说一句", "污水从井口外溢，气味很大。"),
        ];
        self.submit("下一步：在哪里", &what).await.is(200);
        self.chooses_place(place).await;
        let files = self
            .page()
            .buttons()
            .into_iter()
            .find(|b| b.starts_with("上报"));
        let files = files.unwrap_or_else(|| panic!("no way on:\n{}", self.page().text()));
        let filed = self.submit(&files, end).await;
        filed.is(303);
        filed
            .location()
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    /// From the second step to the third. Who chooses a building is then asked for its unit.
    pub(crate) async fn chooses_place(&self, place: &[(&str, &str)]) {
        while !self.page().says("怎么处理") {
            let page = self.page();
            let offered: Vec<_> = place
                .iter()
                .copied()
                .filter(|(f, _)| page.offers(f))
                .collect();
            let further = self.submit("下一步：核对", &offered).await;
            further.is(200);
            assert_ne!(further.text(), page.text(), "there is a way on");
        }
    }

    /// Drafts a whistle on the matter of this title and keeps it; answers its path.
    pub(crate) async fn drafts(&self, kind: &str, matter: &str) -> String {
        self.drafts_at(kind, matter, "金源小区1号楼1单元").await
    }

    /// The same about another place.
    pub(crate) async fn drafts_at(&self, kind: &str, matter: &str, place: &str) -> String {
        self.opens("/whistles/new").await;
        let tick = format!("并入：{matter}");
        let first = [("种类", kind), (tick.as_str(), "并入")];
        let meeting = words::minute(self.now() + MEETS_IN);
        let joint = [("集合时间", meeting.as_str())];
        let more = if kind == "综合执法哨" {
            &joint[..]
        } else {
            &[]
        };
        let fields = [&first[..], &DRAFT[..], &[("地点", place)], more].concat();
        let kept = self.submit("存草稿", &fields).await;
        kept.is(303);
        let edit = kept.location().split("/edit").next().unwrap_or_default();
        edit.to_owned()
    }
}

/// The same mark for everything that both departments did.
pub(crate) fn marks(mark: &str) -> Vec<(&'static str, &str)> {
    [
        "主办 供水公司 / 速度",
        "主办 供水公司 / 到场",
        "主办 供水公司 / 结果",
        "主办 供水公司 / 态度",
        "主办 供水公司 / 配合",
        "协办 住房和城乡建设局 / 速度",
        "协办 住房和城乡建设局 / 到场",
        "协办 住房和城乡建设局 / 结果",
        "协办 住房和城乡建设局 / 态度",
        "协办 住房和城乡建设局 / 配合",
    ]
    .into_iter()
    .map(|field| (field, mark))
    .collect()
}
