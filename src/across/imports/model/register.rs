//! The registers that come in, and the states of an import.

use serde::Deserialize;

use crate::org::access::{Permission, Section};

/// A register that comes in from Excel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Deserialize)]
#[sqlx(type_name = "import_register", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Register {
    /// 人员
    People,
    /// 任职
    Posts,
    /// 组织与网格
    Chain,
    /// 部门
    Departments,
    /// 类别登记
    Classes,
    /// 权责清单
    Duties,
    /// 常用语
    Phrases,
    /// 时限设置
    Limits,
}

impl Register {
    /// Every register.
    pub(in super::super) const ALL: [Self; 8] = [
        Self::People,
        Self::Posts,
        Self::Chain,
        Self::Departments,
        Self::Classes,
        Self::Duties,
        Self::Phrases,
        Self::Limits,
    ];

    /// Where its own pages begin.
    pub(in super::super) fn path(self) -> &'static str {
        match self {
            Self::People => "/people",
            Self::Posts => "/staffing",
            Self::Chain => "/chain",
            Self::Departments => "/departments",
            Self::Classes => "/classes",
            Self::Duties => "/duties",
            Self::Phrases => "/phrases",
            Self::Limits => "/limits",
        }
    }

    /// The register whose pages begin so.
    pub(in super::super) fn at(path: &str) -> Option<Self> {
        let first = path.split('/').nth(1)?;
        Self::ALL.into_iter().find(|r| &r.path()[1..] == first)
    }

    /// What it is called.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::People => "人员",
            Self::Posts => "任职",
            Self::Chain => "组织与网格",
            Self::Departments => "部门",
            Self::Classes => "类别登记",
            Self::Duties => "权责清单",
            Self::Phrases => "常用语",
            Self::Limits => "时限设置",
        }
    }

    /// The part of the program it belongs to.
    pub(in super::super) fn section(self) -> Section {
        match self {
            Self::People => Section::People,
            Self::Posts => Section::Staffing,
            Self::Chain => Section::Chain,
            Self::Departments => Section::Departments,
            Self::Classes => Section::Classes,
            Self::Duties => Section::Duties,
            Self::Phrases => Section::Phrases,
            Self::Limits => Section::Limits,
        }
    }

    /// What whoever imports must be allowed.
    pub(in super::super) fn permission(self) -> Permission {
        match self {
            Self::People => Permission::ChangePeople,
            Self::Posts => Permission::Appoint,
            Self::Chain | Self::Departments => Permission::ChangeChain,
            Self::Classes => Permission::ChangeClasses,
            Self::Duties => Permission::ChangeDuties,
            Self::Phrases => Permission::SetPhrases,
            Self::Limits => Permission::SetCalendar,
        }
    }

    /// What an import of it does and what it leaves alone, for the page before the upload.
    pub(in super::super) fn does(self) -> &'static [&'static str] {
        match self {
            Self::People => &[
                "登记新的人，修改已在册的人；按姓名和电话认人，空着的格子不改。",
                "表里没有的人保持不变，不会删除谁。",
                "和任职用同一份模板：单位、职务、账号各列这里不读，由安全管理员在“任职”里导入。",
            ],
            Self::Posts => &[
                "设立缺少的职务，任命在册的人；书记、网格长等一个单位只有一人的职务，原任职人同日免职，核对时会逐行写明。",
                "填了账号的，同时建好账号；账号条在“人员”的“成批账号条”里按单位生成，当面交给本人。",
                "人要先由系统管理员在“人员”里登记；三个管理员的职务不从表里任命。",
            ],
            Self::Chain => &[
                "增设街道、社区、网格、楼栋、单元，改党组织名称、户数和位置；编码由系统编排，不重复使用。",
                "填了现有编码、名称不同的，算改名。",
                "表里没有的单位保持不变；撤销、合并、拆分仍在各自页面上办。",
            ],
            Self::Departments => &[
                "设立部门，修改名称、种类和排序；按代码认部门。",
                "表里没有的部门保持不变；撤销部门仍在部门页面上办。",
            ],
            Self::Classes => &[
                "修改已有的类别，增设本地类别；按编码认类别，编码留空的是新增，由系统从 99 往下编。",
                "一个类别有几条立案条件就写几行，编码、大类、小类名称逐行写上；表里写了条件的，以表里的几行为准，原来的全部换掉；几行都没写的不改。",
                "从生效日期起用，以前照现行的；已经受理的事项仍照受理时选的条件。",
                "表里没有的类别保持不变。类别登记里导出的表改好后可以直接上传。",
            ],
            Self::Duties => &[
                "新列权责事项，或给现行的项改出新的一版；按项号认，项号留空的按名称认，空着的格子不改。",
                "从生效日期起施行，以前照现行的；已有一版等着施行的，只能从那天或以后再改。",
                "改动现行的项要写修改理由；已经引用旧版的哨单仍看旧版。",
                "表里没有的项保持不变；停用仍在各项页面上办。",
            ],
            Self::Phrases => &[
                "增加常用语，修改文字和排序，停用和恢复；按编号认，编号留空的按步骤和文字认，空着的格子不改。",
                "从生效日期起用；以前写进事项和哨单的文字不变。",
                "表里没有的常用语保持不变，不会停用。",
            ],
            Self::Limits => &[
                "下载的模板里是最后一版的全部时限和规定，改要改的，其余照旧；整张表立一个新版，从起用日期起用。",
                "已经吹响的哨单和已经上报的事项保持原来的时限。",
                "表里没有的、空着的不改；类别的时限写“无”是不再设时限。",
            ],
        }
    }
}

/// Where an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Deserialize)]
#[sqlx(type_name = "import_stage", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Stage {
    /// Checked, and nothing written.
    Checked,
    /// Confirmed; a job will write it.
    Queued,
    /// Written.
    Done,
    /// Not wanted.
    Dropped,
}

impl Stage {
    /// What it is called in lists.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::Checked => "待确认",
            Self::Queued => "正在写入",
            Self::Done => "已写入",
            Self::Dropped => "已放弃",
        }
    }
}

/// What a row will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, Deserialize)]
#[sqlx(type_name = "import_mark", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Mark {
    /// Something new.
    Create,
    /// Something is changed.
    Change,
    /// Nothing.
    Same,
    /// It cannot be taken.
    Refuse,
}

impl Mark {
    /// Every mark, in the order of the page.
    pub(in super::super) const ALL: [Self; 4] =
        [Self::Refuse, Self::Create, Self::Change, Self::Same];

    /// The word in an address.
    pub(in super::super) fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Same => "same",
            Self::Refuse => "refuse",
        }
    }

    /// The mark with this word.
    pub(in super::super) fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }

    /// What it is called.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::Create => "新增",
            Self::Change => "变更",
            Self::Same => "不变",
            Self::Refuse => "不通过",
        }
    }
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Counts {
    pub(in super::super) creates: i32,
    pub(in super::super) changes: i32,
    pub(in super::super) sames: i32,
    pub(in super::super) refuses: i32,
}

impl Counts {
    /// All rows.
    pub(in super::super) fn all(&self) -> i32 {
        self.creates + self.changes + self.sames + self.refuses
    }

    /// Rows that write something.
    pub(in super::super) fn writes(&self) -> i32 {
        self.creates + self.changes
    }

    /// Those of one kind.
    pub(in super::super) fn of(&self, mark: &Mark) -> i32 {
        match mark {
            Mark::Create => self.creates,
            Mark::Change => self.changes,
            Mark::Same => self.sames,
            Mark::Refuse => self.refuses,
        }
    }
}
