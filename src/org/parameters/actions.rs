//! A parameter is set.

use chrono::NaiveDate;

use super::model::{Change, ChangeForm, Parameter};
use super::queries::{self, Standing};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// What a form asks for, if it may be: it was drawn from the last value, and is another.
pub(super) fn asked(standing: &Standing, form: &ChangeForm, today: NaiveDate) -> Result<Change> {
    let parameter = standing.parameter;
    let change = form.read(parameter, today).map_err(Error::Invalid)?;
    let last = standing.history.first();
    let seen: i32 = form.version.parse().map_err(|_| Error::Stale)?;
    if seen != last.map_or(0, |set| set.number) {
        return Err(Error::Stale);
    }
    if last.map_or(standing.value, |set| set.value) == change.value {
        return Err(Error::Refused(format!(
            "现在就是 {} {}，没有改动。要改就选别的数，不改请返回。",
            change.value,
            parameter.unit()
        )));
    }
    Ok(change)
}

/// Sets a parameter from a day on. It takes the place of whatever was to hold from that day on.
pub(super) async fn set(
    tx: &mut Tx,
    me: &Viewer,
    parameter: Parameter,
    form: &ChangeForm,
) -> Result<()> {
    let found = queries::standing(tx, me, Some(parameter)).await?;
    let before = found.first().ok_or(Error::NotFound)?;
    let change = asked(before, form, tx.today())?;
    let number = before.history.first().map_or(0, |set| set.number);
    queries::set(tx, me, (parameter, number + 1), &change).await?;
    let unit = parameter.unit();
    let sentence = format!(
        "{}：{} {unit} → {} {unit}，{} 起。理由：{}",
        parameter.label(),
        before.value,
        change.value,
        words::day(change.from_day),
        change.reason
    );
    let of = (Subject::Parameter, me.tenant.0);
    events::record(tx, me, of, Verb::SetParameter, &sentence).await
}
