//! The pages of objections: the list, the form of the department, one objection with its panel.

pub(super) mod ask;
pub(super) mod files;
pub(super) mod list;
pub(super) mod panel;
pub(super) mod show;

use crate::base::error::{Error, Result};

/// The version that a form was drawn from.
fn version(typed: &str) -> Result<Option<i32>> {
    let read = typed.parse();
    read.map(Some)
        .map_err(|_| Error::Unreadable("表单不完整。请返回申诉，刷新后重新填写。"))
}
