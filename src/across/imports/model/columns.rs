//! The columns of the registers, said once: for the template that is handed out, and for reading.

use super::Register;
use crate::org::access::{Level, PostKind};
use crate::org::calendar::Unit;
use crate::org::staff::{IDENTITIES, kind_label};
use crate::org::units::DepartmentKind;
use crate::work::clocks::Rule;
use crate::work::phrases::Step;

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Kind {
    /// Words and numbers that nobody reckons with.
    Text,
    /// A whole number or a decimal.
    Number,
    /// A day.
    Day,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
}

/// A column of a register.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Column {
    pub(in super::super) head: &'static str,
    /// What others call it.
    pub(in super::super) also: &'static [&'static str],
    /// Whether a table without it cannot be read.
    pub(in super::super) is_needed: bool,
    pub(in super::super) kind: Kind,
    /// In figures' widths.
    pub(in super::super) width: u16,
    /// How it is filled in.
    pub(in super::super) note: &'static str,
}

const fn column(head: &'static str, kind: Kind, width: u16, note: &'static str) -> Column {
    Column {
        head,
        also: &[],
        is_needed: false,
        kind,
        width,
        note,
    }
}

const fn needed(mut column: Column) -> Column {
    column.is_needed = true;
    column
}

const fn also(mut column: Column, names: &'static [&'static str]) -> Column {
    column.also = names;
    column
}

fn steps() -> Vec<&'static str> {
    Step::ALL.iter().map(|step| step.label()).collect()
}

/// The units of times, and what rules count.
fn units() -> Vec<&'static str> {
    let counted = Rule::ALL.iter().filter(|rule| !rule.is_limit());
    let mut units: Vec<&str> = Unit::ALL.iter().map(|unit| unit.label()).collect();
    for word in counted.map(|rule| rule.counted()) {
        if !units.contains(&word) {
            units.push(word);
        }
    }
    units
}

fn states() -> Vec<&'static str> {
    vec!["在用", "停用"]
}

fn yes_no() -> Vec<&'static str> {
    vec!["是", "否"]
}

fn identities() -> Vec<&'static str> {
    IDENTITIES.to_vec()
}

/// The kinds of posts that come in by a table: all but the three administrators.
fn kinds() -> Vec<&'static str> {
    let all = PostKind::ALL.into_iter().filter(|kind| !kind.is_admin());
    all.map(kind_label).collect()
}

fn department_kinds() -> Vec<&'static str> {
    DepartmentKind::ALL.map(DepartmentKind::label).to_vec()
}

const NAME: Column = needed(also(
    column("姓名", Kind::Text, 12, "最多 30 个字。"),
    &["名字", "人员姓名"],
));
const PHONE: Column = also(
    column(
        "电话",
        Kind::Text,
        16,
        "手机号，或带区号的座机号；和姓名一起认人。同名的人必须填。",
    ),
    &["手机", "手机号", "手机号码", "联系电话", "电话号码"],
);

/// The columns that a register reads.
pub(in super::super) fn of(register: Register) -> &'static [Column] {
    match register {
        Register::People => &PEOPLE,
        Register::Posts => &POSTS,
        Register::Chain => &CHAIN,
        Register::Departments => &DEPARTMENTS,
        Register::Classes => &CLASSES,
        Register::Duties => &DUTIES,
        Register::Phrases => &PHRASES,
        Register::Limits => &LIMITS,
    }
}

/// The columns of the template: people and posts share one.
pub(in super::super) fn template(register: Register) -> Vec<Column> {
    match register {
        Register::People | Register::Posts => PEOPLE
            .iter()
            .chain(POSTS.iter().filter(|c| !is_shared(c)))
            .copied()
            .collect(),
        Register::Chain
        | Register::Departments
        | Register::Classes
        | Register::Duties
        | Register::Phrases
        | Register::Limits => of(register).to_vec(),
    }
}

fn is_shared(column: &Column) -> bool {
    PEOPLE.iter().any(|c| c.head == column.head)
}

/// What the template and its sheet are called.
pub(in super::super) fn template_name(register: Register) -> &'static str {
    match register {
        Register::People | Register::Posts => "人员与职务",
        Register::Chain => "组织与网格",
        Register::Departments => "部门",
        Register::Classes => "类别登记",
        Register::Duties => "权责清单",
        Register::Phrases => "常用语",
        Register::Limits => "时限设置",
    }
}

static PEOPLE: [Column; 6] = [
    NAME,
    PHONE,
    column(
        "身份",
        Kind::Word(identities),
        14,
        "从下拉列表里选。新登记的人必须填。",
    ),
    also(
        column("编制单位", Kind::Text, 24, "编制在哪个单位；没有就留空。"),
        &["工作单位"],
    ),
    also(
        column(
            "党员",
            Kind::Word(yes_no),
            8,
            "填“是”或“否”；新登记的人留空算“否”。",
        ),
        &["是否党员", "中共党员"],
    ),
    column(
        "同名另一人",
        Kind::Word(yes_no),
        12,
        "系统里已有同名的人、但不是同一个人时填“是”，并填电话。",
    ),
];

static POSTS: [Column; 8] = [
    NAME,
    PHONE,
    needed(also(
        column(
            "单位",
            Kind::Text,
            34,
            "单位编码、部门代码，或全称；重名的从街道起写，例如 慧阳街道/城南社区/金源小区网格。市级职务写“市级”。",
        ),
        &["单位编码", "单位名称", "所在单位", "任职单位"],
    )),
    needed(also(
        column("职务类别", Kind::Word(kinds), 22, "从下拉列表里选。"),
        &["职务种类", "岗位类别"],
    )),
    also(
        column(
            "职务名称",
            Kind::Text,
            20,
            "职务的叫法，例如 指挥调度中心值班员；留空用通常的叫法。",
        ),
        &["职务"],
    ),
    also(
        column(
            "任职日期",
            Kind::Day,
            14,
            "写成 2026-11-23；留空从导入当天起。早于职务设立的，从设立那天起算。",
        ),
        &["任职时间", "任职起始日期"],
    ),
    also(
        column(
            "任期届满",
            Kind::Day,
            14,
            "任期届满日，只用来提醒；没有就留空。",
        ),
        &["任期届满日", "届满日期"],
    ),
    also(
        column(
            "账号",
            Kind::Text,
            18,
            "2 至 40 个小写字母、数字或 . _ -；填“自动”按姓名拼音编排；不用登录的留空。",
        ),
        &["登录名", "用户名", "登录账号"],
    ),
];

static CHAIN: [Column; 10] = [
    needed(also(
        column(
            "街道",
            Kind::Text,
            16,
            "每一行都从街道写起，写到这一行要设的那一级为止。",
        ),
        &["乡镇街道", "街道名称"],
    )),
    also(
        column("社区", Kind::Text, 16, "社区以下的行都要写。"),
        &["社区名称"],
    ),
    also(
        column("网格", Kind::Text, 20, "网格以下的行都要写。"),
        &["网格名称"],
    ),
    also(
        column("楼栋", Kind::Text, 18, "例如 金源小区1号楼。"),
        &["楼栋名称", "楼号"],
    ),
    also(
        column("单元", Kind::Text, 14, "例如 1单元。"),
        &["单元名称", "单元号"],
    ),
    also(
        column(
            "党组织名称",
            Kind::Text,
            24,
            "留空按通常的叫法，例如 慧阳街道大工委、城南社区大党委。",
        ),
        &["党组织"],
    ),
    column("户数", Kind::Number, 8, "只填单元的；0 至 999。"),
    column("经度", Kind::Number, 12, "WGS-84 度数，只填楼栋和单元的。"),
    column("纬度", Kind::Number, 12, "和经度一起填，或都不填。"),
    also(
        column(
            "编码",
            Kind::Text,
            22,
            "新设的留空，由系统编排；填现有单位的编码、名称写新的，就是改名。",
        ),
        &["单位编码"],
    ),
];

static DEPARTMENTS: [Column; 4] = [
    needed(also(
        column(
            "代码",
            Kind::Text,
            8,
            "两个字母或数字，例如 ZJ；按代码认部门。",
        ),
        &["部门代码"],
    )),
    needed(also(
        column("名称", Kind::Text, 30, "2 至 40 个字。"),
        &["部门", "部门名称", "单位名称"],
    )),
    needed(also(
        column("种类", Kind::Word(department_kinds), 12, "从下拉列表里选。"),
        &["部门种类"],
    )),
    also(
        column(
            "排序",
            Kind::Number,
            8,
            "0 至 999，小的在前；留空排在最后。",
        ),
        &["序号", "顺序"],
    ),
];

static CLASSES: [Column; 10] = [
    needed(also(
        column(
            "编码",
            Kind::Text,
            12,
            "现有类别的编码，例如 01-13、B01-02；新增的留空，由系统编排。",
        ),
        &["类别编码"],
    )),
    needed(also(
        column(
            "大类",
            Kind::Text,
            24,
            "编码的前段或名称，例如 事件 01 市容环境、01、B01；新增的必须写。",
        ),
        &["大类名称"],
    )),
    needed(also(
        column("小类名称", Kind::Text, 30, "2 至 30 个字。"),
        &["小类", "类别名称"],
    )),
    column(
        "基层叫法",
        Kind::Text,
        18,
        "放进上报时的常用项，才填，2 至 12 个字；留空不改，写“无”从常用里去掉。",
    ),
    column(
        "常用位次",
        Kind::Number,
        10,
        "1 至 99，小的在前；和基层叫法一起填。",
    ),
    also(
        column(
            "是否在用",
            Kind::Word(yes_no),
            10,
            "填“是”或“否”；留空不改，新增的留空算“是”。",
        ),
        &["在用"],
    ),
    also(
        column(
            "立案条件",
            Kind::Text,
            44,
            "2 至 100 个字；几行都留空不改，写“无”全部删去。",
        ),
        &["立案标准"],
    ),
    also(
        column(
            "结案条件",
            Kind::Text,
            44,
            "2 至 200 个字；和立案条件在同一行。",
        ),
        &["结案标准"],
    ),
    column(
        "生效日期",
        Kind::Day,
        14,
        "写成 2026-11-23，今天起一年之内；留空从导入当天起。",
    ),
    also(
        column("理由", Kind::Text, 24, "留空写“批量导入”。"),
        &["修改理由"],
    ),
];

static DUTIES: [Column; 9] = [
    column(
        "项号",
        Kind::Number,
        8,
        "1 至 9999，不重复使用；新列的可以留空，由系统接着编。",
    ),
    needed(also(
        column("名称", Kind::Text, 36, "2 至 60 个字。"),
        &["事项名称", "职责事项", "权责事项"],
    )),
    needed(also(
        column("主办部门", Kind::Text, 24, "部门全称，只写一个。"),
        &["牵头部门", "主管部门", "责任部门"],
    )),
    also(
        column(
            "协办部门",
            Kind::Text,
            36,
            "写成 供水公司：关阀断水；公安局：疏导交通。最多 8 个；没有协办的写“无”。",
        ),
        &["配合部门", "协助部门"],
    ),
    needed(also(
        column(
            "依据",
            Kind::Text,
            44,
            "法律、文件的名称和条款，2 至 300 个字。",
        ),
        &["法律依据", "政策依据", "职责依据"],
    )),
    needed(also(
        column("界限", Kind::Text, 44, "管到哪里为止，2 至 1000 个字。"),
        &["职责界限", "职责边界", "边界"],
    )),
    needed(also(
        column(
            "适用类别",
            Kind::Text,
            36,
            "事项类别的名称或编码，几类用顿号分开，例如 道路积水、05-06。",
        ),
        &["类别", "事项类别"],
    )),
    column(
        "生效日期",
        Kind::Day,
        14,
        "写成 2026-11-23，今天起 90 天之内；留空从导入当天起。",
    ),
    also(
        column(
            "修改理由",
            Kind::Text,
            30,
            "改动现行的项时必须写，2 至 300 个字；新列的不用写。",
        ),
        &["变更理由", "修改原因"],
    ),
];

static PHRASES: [Column; 6] = [
    column(
        "编号",
        Kind::Number,
        8,
        "修改文字时照导出的编号填；增加的留空，由系统接着编。",
    ),
    needed(also(
        column("步骤", Kind::Word(steps), 16, "从下拉列表里选。"),
        &["用在哪一步", "环节"],
    )),
    needed(column(
        "常用语",
        Kind::Text,
        70,
        "4 至 100 个字，写成一段，以句号结尾。",
    )),
    also(
        column(
            "排序",
            Kind::Number,
            8,
            "1 至 999，小的在前；留空排在最后。",
        ),
        &["顺序"],
    ),
    column(
        "情况",
        Kind::Word(states),
        8,
        "填“在用”或“停用”；增加的留空算“在用”。",
    ),
    column(
        "生效日期",
        Kind::Day,
        14,
        "写成 2026-11-23；留空从导入当天起。",
    ),
];

static LIMITS: [Column; 7] = [
    needed(also(
        column(
            "项目",
            Kind::Text,
            30,
            "照模板写，例如 日常哨签收、回复督办函；类别写小类名称。",
        ),
        &["时限项目", "规定"],
    )),
    also(
        column(
            "编码",
            Kind::Text,
            12,
            "类别的编码，例如 01-13；别的项目不写。",
        ),
        &["类别编码"],
    ),
    needed(also(
        column(
            "时限",
            Kind::Number,
            10,
            "1 以上的整数；类别不设时限的写“无”，留空不改。",
        ),
        &["数", "规定的数"],
    )),
    also(
        column(
            "单位",
            Kind::Word(units),
            14,
            "从下拉列表里选。工作时、工作日按工作日历计，分钟、紧急工作时、小时、自然日连续计；次、件、张、天是数。",
        ),
        &["时限单位"],
    ),
    also(
        column(
            "起用日期",
            Kind::Day,
            14,
            "写成 2026-11-23，写在一行里就行；留空从导入当天起。",
        ),
        &["生效日期"],
    ),
    column(
        "说明",
        Kind::Text,
        30,
        "为什么改，2 至 200 个字，写在一行里就行；留空写“批量导入”。",
    ),
    also(
        column(
            "依据",
            Kind::Text,
            30,
            "现行制度文件的文号和条，例如 市办发〔2024〕47号第 2 条；已登记制度文件的必须写，写在一行里就行。",
        ),
        &["政策依据"],
    ),
];

/// The column of the chain in which a level is named.
pub(super) fn head_of(level: Level) -> &'static str {
    level.label()
}
