//! What lies on the desks now: matters that still wait.

use chrono::Datelike;

use super::story::{Filing, Story};
use super::town::Actor;

/// An open matter known by name.
#[derive(Debug)]
pub(super) struct Known {
    place: &'static str,
    class: &'static str,
    title: &'static str,
    detail: &'static str,
    spot: &'static str,
    by: By,
    stage: &'static str,
    ago: i64,
    measure: &'static str,
}

/// Who reports: the place's chief, the community's second worker, a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Chief,
    Worker,
    Resident,
}

macro_rules! known {
    ($($place:literal $class:literal $by:ident $stage:literal $ago:literal:
       $title:literal, $detail:literal, $spot:literal, $measure:literal;)*) => {
        &[$(Known {
            place: $place, class: $class, title: $title, detail: $detail, spot: $spot,
            by: By::$by, stage: $stage, ago: $ago, measure: $measure,
        }),*]
    };
}

/// The open matters of the street and the community that visitors look at first.
#[rustfmt::skip]
pub(super) const KNOWN: &[Known] = known! {
    "金源小区 3 号楼" "05-03" Chief "filed" 120: "金源小区 3 号楼前污水外溢", "3 号楼前检修井往外冒污水，路面结冰。", "楼前检修井", "";
    "金源小区 5 号楼二单元" "05-07" Chief "accepted" 260: "金源小区 5 号楼二单元门前积雪未清", "门前踩实结冰，老人出门打滑。", "单元门口", "已到场，撒融雪剂。";
    "嫩江路" "04-06" Chief "accepted" 540: "嫩江路早点摊占用人行道", "早上六点到八点占满人行道。", "路口东侧", "劝离两次，又出现。";
    "嫩江路" "B01-04" Resident "filed" 200: "嫩江路 9 号院门前雨水箅子缺失", "箅子少了一块，孩子上学经过。", "9 号院门前", "";
    "金源小区 1 号楼一单元" "B01-37" Chief "accepted" 430: "金源小区 1 号楼一单元楼道灯不亮", "三至五层声控灯坏了。", "三至五层", "已请物业更换。";
    "金源小区 7 号楼" "06-99" Resident "filed" 170: "金源小区 7 号楼顶层住户漏雨", "屋顶渗水，墙面发霉。", "顶层", "";
    "金源小区" "B01-46" Worker "accepted" 610: "金源小区健身器材松动", "漫步机底座松动。", "小广场", "已围挡，等配件。";
    "人民路" "B01-02" Worker "raised" 380: "人民路与江城路交口东侧污水井盖丢失", "井口敞开，紧邻人行横道。", "交口东侧", "已放警示桶。";
    "南湖市场" "01-10" Chief "raised" 500: "南湖路口早市收摊后垃圾未清", "收摊后菜叶满地，中午才有人扫。", "路口", "社区已清一次，又出现。";
    "金源小区" "01-11" Resident "raised" 640: "金源小区东墙外堆放建筑垃圾", "12345 转来：东墙外堆了七八车建筑垃圾。", "东墙外", "已拍照，查不到是谁倒的。";
    "南湖小区 9 号楼" "06-99" Chief "raised" 700: "南湖小区 9 号楼楼道内给电动自行车充电", "飞线充电，劝过三次。", "一楼楼道", "当场断电，讲明危险。";
    "慧阳路" "B02-04" Worker "raised" 760: "慧阳路公交站亭玻璃破损", "站亭侧面玻璃碎裂，有掉落危险。", "公交站", "清扫碎玻璃，贴胶带。";
};

impl Story<'_> {
    /// All matters that have not ended and stand behind no whistle.
    pub(super) fn open_desks(&mut self) {
        for known in self.spec.known {
            self.known(known);
        }
        for community in 0..self.town.communities.len() {
            let named = self
                .spec
                .known
                .iter()
                .filter_map(|known| self.town.spots.get(known.place));
            let named = named.filter(|spot| spot.community == community).count();
            let rest = (self.spec.open_each + self.dice.between(0, 2))
                .saturating_sub_unsigned(named as u64 / 2);
            for _ in 0..rest {
                self.waiting(community);
            }
        }
    }

    fn known(&mut self, known: &Known) {
        let Some(place) = self.town.spots.get(known.place).copied() else {
            return;
        };
        let month = self.clock.day(self.clock.now()).month();
        if known.class == "05-07" && (4..=10).contains(&month) {
            return;
        }
        let at = self.ago(known.ago);
        let worker = self.town.communities[place.community].workers[1].clone();
        let matter = self.file(Filing {
            class: known.class,
            title: known.title.to_owned(),
            detail: known.detail.to_owned(),
            at,
            place,
            spot: known.spot,
            urgent: false,
            filer: if known.by == By::Chief {
                self.town.chief(place, self.clock.day(at))
            } else {
                worker
            },
            told: known.by == By::Resident,
        });
        let worker = self.town.communities[place.community].workers[0].clone();
        self.on_its_way(matter, known.stage, known.ago, (&worker, known.measure));
    }

    fn waiting(&mut self, community: usize) {
        let grids = &self.town.communities[community].grids;
        let grid = *self.dice.one_of(grids);
        let ago = self.dice.between(25, 800);
        let at = self.ago(ago);
        let incident = self.incident(at);
        let place = self.somewhere(grid, incident.scope);
        let matter = self.report(incident, place, at);
        let stage = match self.dice.between(1, 100) {
            1..=45 => "filed",
            46..=82 => "accepted",
            _ => "raised",
        };
        let worker = self.town.communities[community].workers[0].clone();
        self.on_its_way(matter, stage, ago, (&worker, incident.measure));
    }

    fn on_its_way(&mut self, matter: usize, stage: &str, ago: i64, by: (&Actor, &str)) {
        if stage == "filed" {
            return;
        }
        let accepted = self.ago(ago * 4 / 5);
        self.accept(matter, by.0, accepted);
        if !by.1.is_empty() {
            let measured = self.ago(ago / 2);
            self.measure(matter, by.0, measured, by.1);
        }
        if stage == "raised" {
            let raised = self.ago(ago / 4);
            self.raise(matter, by.0, raised);
        }
    }
}
