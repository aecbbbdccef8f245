//! The policy documents of the sample. Their numbers and texts are invented.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::base::clock::midnight;
use crate::base::id::uuid_at;

/// One version as it stands in the list below; `before` is the number of the version it revises.
pub(super) struct Paper {
    pub(super) code: &'static str,
    pub(super) before: &'static str,
    pub(super) title: &'static str,
    pub(super) issuer: &'static str,
    pub(super) issued: (i32, u32, u32),
    pub(super) from: (i32, u32, u32),
    pub(super) to: Option<(i32, u32, u32)>,
    pub(super) note: &'static str,
    pub(super) clauses: &'static [&'static str],
}

#[rustfmt::skip]
pub(super) const PAPERS: [Paper; 5] = [
    Paper {
        code: "市办发〔2024〕21号", before: "", title: "关于推行“街道吹哨、部门报到”的实施办法（试行）", issuer: "市委办公室、市政府办公室",
        issued: (2024, 5, 20), from: (2024, 7, 1), to: Some((2025, 1, 1)), note: "首次登记",
        clauses: &[
            "街道办事处对跨部门、街道无权处置的事项，可以向市直部门吹哨。",
            "部门收到哨单后应当签收、报到、办理、反馈，不得推诿。",
            "谁吹哨谁核查、谁评价，办理部门不得参加核查和评价。",
        ],
    },
    Paper {
        code: "市办发〔2024〕47号", before: "市办发〔2024〕21号", title: "关于推行“街道吹哨、部门报到”的实施办法", issuer: "市委办公室、市政府办公室",
        issued: (2024, 12, 10), from: (2025, 1, 1), to: None, note: "试行期满转为正式，增加分类时限和群众回访",
        clauses: &[
            "街道办事处对跨部门、街道无权处置的事项，可以向市直部门吹哨。社区可以申请街道吹哨。",
            "哨单分日常哨、快捷哨、综合执法哨、攻坚哨、应急哨。各类哨单签收、报到、首次反馈、反馈结果的时限由市治理办公布，调整须提前公布并写明依据。",
            "部门收到哨单后应当签收、报到、办理、反馈，不得推诿。对职责有争议的，先由首接部门办理，同时提请裁定。",
            "谁吹哨谁核查、谁评价，办理部门不得参加核查、评价和回访。",
            "办结后由市治理办回访群众，多次未接通的不计入满意率。",
            "超过时限的，由街道催办、督办；仍未办理的，由市治理办发督办函，直至黄牌、红牌。",
        ],
    },
    Paper {
        code: "市发〔2025〕3号", before: "", title: "关于党建引领城乡基层治理三年工作计划的通知", issuer: "市委、市政府",
        issued: (2025, 1, 8), from: (2025, 1, 8), to: None, note: "首次登记",
        clauses: &[
            "用三年时间，健全党建引领、街道吹哨、部门报到、群众评判的城乡基层治理体系。",
            "每项任务明确责任单位、完成期限和阶段节点，能用数据证明的用系统数据证明。",
            "市治理办按季度核对进展，逾期的提醒责任单位并报市委、市政府。",
            "工作落实情况纳入述职评议、年度考核，并作为巡察的重点。",
        ],
    },
    Paper {
        code: "市办发〔2025〕68号", before: "", title: "关于赋予街道街区管理“五项权力”的方案", issuer: "市委办公室、市政府办公室",
        issued: (2025, 12, 22), from: (2026, 1, 1), to: None, note: "首次登记",
        clauses: &[
            "赋予街道干部考评建议权、街区规划参与权、综合协调管理权、民生项目建议权、评先评优建议权。",
            "市直部门年度考核、任免、调整派驻街道机构负责人，应当在决定前 10 个工作日征求街道意见，街道 5 个工作日内答复。",
            "涉及街区的规划在编制、报批、验收时应当听取街道意见，报批材料附街道意见和逐条采纳情况。",
            "街道可以召集有关部门研究街区综合管理事项，部门应当派能够决定的人员参加，会议议定事项按期落实。",
            "涉及街道的年度民生项目，主管部门应当征求街道意见；街道可以主动提出项目建议，部门 15 个工作日内答复。",
            "街道逾期未答复的，视为无意见；部门应征求而未征求的，记入赋权情况专项考核。",
            "评先评优涉及驻街单位的，应当听取街道意见。",
        ],
    },
    Paper {
        code: "市治办发〔2026〕5号", before: "", title: "赋权情况专项考核办法", issuer: "市城乡基层治理工作委员会办公室",
        issued: (2026, 1, 15), from: (2026, 1, 15), to: None, note: "首次登记",
        clauses: &[
            "专项考核满分 100 分，其中街道评价 45 分，群众评价 30 分，客观指标 25 分。",
            "街道和群众的评价合计占 75%，由系统按哨单评价和回访结果计算，不另行打分。",
            "样本不足 5 件的，注明样本不足，不参加排名。",
            "部门对扣分有异议的，可以在公示期内申诉一次。",
        ],
    },
];

/// A version ready to be written.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) series: Uuid,
    pub(super) version: i32,
    pub(super) entered: NaiveDate,
    pub(super) paper: &'static Paper,
}

/// A day of the list above.
pub(super) fn day((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The versions, each after the one it revises.
pub(super) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for paper in &PAPERS {
        let entered = day(paper.issued);
        let id = uuid_at(midnight(entered));
        let before = rows.iter().find(|r| r.paper.code == paper.before);
        let (series, version) = before.map_or((id, 1), |b| (b.series, b.version + 1));
        rows.push(Row {
            id,
            series,
            version,
            entered,
            paper,
        });
    }
    rows
}
