//! What is said to a record: opinion, minutes, answer, acceptance, objection, ruling.

use chrono::NaiveDate;

use super::super::model::{
    CALLED_OFF, CadreWord, Exercise, Move, OpinionKind, Origin, Power, ReactionKind, RulingKind,
    SecretPart, Stage, next,
};
use super::super::queries::case;
use super::super::queries::writes::{self, Fault, Held, Said};
use super::{Side, Word, in_time, note, sealing, time};
use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::seal::Keys;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{By, Verb};
use crate::work::clocks::{self, Of, Rule, Stage as Timed};
use crate::work::{ExerciseId, TaskId, ViolationId};

/// Which record a form means: the id of its path and the version it was drawn from.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Seen {
    pub(in super::super) id: ExerciseId,
    pub(in super::super) version: i32,
}

/// Holds the record and asks the model; answers it with the stage that the move leads to.
async fn held(tx: &mut Tx, me: &Viewer, seen: Seen, made: Move) -> Result<(Exercise, Stage)> {
    let of = case::hold(tx, me, seen.id).await?;
    of.may(me, made)?;
    if of.version != seen.version {
        return Err(Error::Stale);
    }
    let stage = next(of.stage, made, of.round).ok_or(Error::Stale)?;
    Ok((of, stage))
}

fn about(of: &Exercise) -> (ExerciseId, Power, &str) {
    (of.id, of.power, &of.title)
}

/// The street's opinion, ready to be kept.
#[derive(Clone, Debug)]
pub(in super::super) struct Opined<'a> {
    pub(in super::super) kind: OpinionKind,
    pub(in super::super) words: &'a str,
    pub(in super::super) items: &'a [String],
    pub(in super::super) body: &'a str,
    pub(in super::super) decided_on: NaiveDate,
}

/// The street gives its opinion; the department's time begins.
pub(in super::super) async fn opine(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    seen: Seen,
    opined: &Opined<'_>,
) -> Result<()> {
    let (of, stage) = held(tx, me, seen, Move::Opine).await?;
    in_time(tx, me.tenant, &of, Timed::Opinion, "街道已提意见").await?;
    let spoken = CadreWord {
        kind: Some(opined.kind),
        words: opined.words.to_owned(),
        body: opined.body.to_owned(),
    };
    let place = (keys, &of, SecretPart::Opinion);
    let clear = sealing::keep(tx, me, place, (opined.words, opined.body), spoken).await?;
    let kind = if of.is_sealed() {
        OpinionKind::Sealed
    } else {
        opined.kind
    };
    let decided = (clear.body, Some(opined.decided_on));
    let said = (kind, clear.words);
    writes::add_opinion(tx, (me.tenant, Some(me)), of.id, said, decided).await?;
    writes::add_items(tx, me, of.id, opined.items).await?;
    writes::step(tx, me.tenant, &of, stage).await?;
    let rule = of.power.answer();
    time(tx, me.tenant, of.id, (Timed::Answer, rule), &of.rules).await?;
    let items = match opined.items.len() {
        0 => String::new(),
        n => format!("，{n} 条"),
    };
    let sentence = format!("{}{items}。{}", opined.kind.label(), opined.words);
    let sentence = clear.sentence(sentence);
    let word = Word {
        verb: Verb::Opine,
        sentence: &sentence,
        to: Side::Department,
        ask: "答复",
    };
    note(tx, By::Post(me), about(&of), word).await
}

/// The street records who came and what was agreed; each thing agreed is timed by its day, and the
/// answer by the last of them.
pub(in super::super) async fn minute(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    minutes: &Held<'_>,
) -> Result<()> {
    let (of, stage) = held(tx, me, seen, Move::Minute).await?;
    in_time(tx, me.tenant, &of, Timed::Minutes, "已形成纪要").await?;
    writes::add_minutes(tx, me, &of, minutes).await?;
    writes::step(tx, me.tenant, &of, stage).await?;
    let exercise = Of::Exercise(of.id.0);
    for (task, _, _, day) in minutes.tasks {
        let until = of.calendar.end_of(*day);
        let timed = (Timed::Item, until);
        clocks::start_until(tx, me.tenant, exercise, Some(task.0), timed).await?;
    }
    let last = minutes.tasks.iter().map(|t| t.3).max();
    let limit = of
        .rules
        .limit(Rule::AnswerCoordination)
        .map_err(|refused| Error::Refused(refused.to_string()))?;
    let after = last.map(|day| of.calendar.due(of.calendar.end_of(day), limit, &[]));
    if let Some(Ok(due)) = after {
        let timed = (Timed::Answer, due.at);
        clocks::start_until(tx, me.tenant, exercise, None, timed).await?;
    } else {
        let timed = (Timed::Answer, Rule::AnswerCoordination);
        time(tx, me.tenant, of.id, timed, &of.rules).await?;
    }
    let came = minutes.came.iter().filter(|c| c.1.is_some()).count();
    let sentence = format!(
        "应到 {} 个部门，到会 {came} 个，议定 {} 项。",
        minutes.came.len(),
        minutes.tasks.len()
    );
    let word = Word {
        verb: Verb::Minutes,
        sentence: &sentence,
        to: Side::Department,
        ask: "落实议定事项",
    };
    note(tx, By::Post(me), about(&of), word).await
}

/// A department has done what was agreed.
pub(in super::super) async fn perform(
    tx: &mut Tx,
    me: &Viewer,
    (id, task): (ExerciseId, TaskId),
    words: &str,
) -> Result<()> {
    let of = case::hold(tx, me, id).await?;
    let found = of.parts.tasks.iter().find(|t| t.id == task);
    let found = found.ok_or(Error::NotFound)?;
    if me.department() != Some(found.department_id) {
        return Err(Error::Forbidden);
    }
    writes::perform(tx, me, task, words).await?;
    let exercise = Of::Exercise(id.0);
    clocks::stop_about(tx, me.tenant, exercise, task.0, "已落实").await?;
    let sentence = format!("{}：{words}", found.words);
    let word = Word {
        verb: Verb::Perform,
        sentence: &sentence,
        to: Side::Street,
        ask: "",
    };
    note(tx, By::Post(me), about(&of), word).await
}

/// The department answers; the street's time to accept or object begins. A decision made before the
/// street had answered is noted as a violation.
pub(in super::super) async fn answer(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    seen: Seen,
    said: &Said<'_>,
) -> Result<()> {
    let (of, stage) = held(tx, me, seen, Move::Answer).await?;
    in_time(tx, me.tenant, &of, Timed::Answer, "部门已答复").await?;
    let spoken = CadreWord {
        kind: None,
        words: said.words.to_owned(),
        body: said.body.to_owned(),
    };
    let place = (keys, &of, SecretPart::answer(of.round));
    let clear = sealing::keep(tx, me, place, (said.words, said.body), spoken).await?;
    let kept = Said {
        words: clear.words,
        body: clear.body,
        ..*said
    };
    writes::add_answer(tx, me, (&of, stage), &kept).await?;
    let opined = of.parts.opinion.as_ref().map(|o| day_of(o.at));
    if let Some(opined) =
        opined.filter(|day| said.decided_on < *day && of.origin == Origin::Department)
    {
        let words = format!(
            "{} 已作决定，街道 {} 才答复或到期。",
            words::day(said.decided_on),
            words::day(opined)
        );
        let violation = ViolationId::at(tx.now);
        writes::add_fault(tx, me, (of.id, violation), (Fault::DecidedBefore, &words)).await?;
    }
    let timed = (Timed::Reaction, Rule::Reaction);
    time(tx, me.tenant, of.id, timed, &of.rules).await?;
    let sentence = format!("{}。{}", said.kind.word(of.power), said.words);
    let sentence = clear.sentence(sentence);
    let word = Word {
        verb: Verb::Answer,
        sentence: &sentence,
        to: Side::Street,
        ask: "表态",
    };
    note(tx, By::Post(me), about(&of), word).await
}

/// The street accepts the answer, or objects to it, and says how good it was.
pub(in super::super) async fn react(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    seen: Seen,
    (made, words): (Move, &str),
    score: i16,
) -> Result<()> {
    let (of, stage) = held(tx, me, seen, made).await?;
    in_time(tx, me.tenant, &of, Timed::Reaction, "街道已表态").await?;
    let kind = match stage {
        Stage::Objected => ReactionKind::Objected,
        Stage::Opining
        | Stage::Meeting
        | Stage::Answering
        | Stage::Reacting
        | Stage::Closed
        | Stage::Withdrawn => ReactionKind::Accepted,
    };
    let spoken = CadreWord {
        words: words.to_owned(),
        ..CadreWord::default()
    };
    let place = (keys, &of, SecretPart::reaction(of.round));
    let clear = sealing::keep(tx, me, place, (words, ""), spoken).await?;
    let said = (kind, clear.words);
    writes::add_reaction(tx, (me.tenant, Some(me)), &of, said, Some(score)).await?;
    writes::step(tx, me.tenant, &of, stage).await?;
    let objects = kind == ReactionKind::Objected;
    if objects {
        let timed = (Timed::Ruling, Rule::Ruling);
        time(tx, me.tenant, of.id, timed, &of.rules).await?;
    }
    let sentence = clear.sentence(format!("评 {score} 分。{words}"));
    let word = Word {
        verb: if objects {
            Verb::Object
        } else {
            Verb::AcceptAnswer
        },
        sentence: &sentence,
        to: if objects {
            Side::City
        } else {
            Side::Department
        },
        ask: if objects { "裁定" } else { "" },
    };
    note(tx, By::Post(me), about(&of), word).await
}

/// The city's office rules on the objection.
pub(in super::super) async fn rule(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    seen: Seen,
    (kind, words): (RulingKind, &str),
) -> Result<()> {
    let made = match kind {
        RulingKind::Upheld => Move::Uphold,
        RulingKind::Dismissed => Move::Dismiss,
    };
    let (of, stage) = held(tx, me, seen, made).await?;
    in_time(tx, me.tenant, &of, Timed::Ruling, "市治理办已裁定").await?;
    let spoken = CadreWord {
        words: words.to_owned(),
        ..CadreWord::default()
    };
    let place = (keys, &of, SecretPart::Ruling);
    let clear = sealing::keep(tx, me, place, (words, ""), spoken).await?;
    writes::add_ruling(tx, me, &of, (kind, clear.words)).await?;
    let upheld = kind == RulingKind::Upheld;
    if upheld {
        writes::again(tx, me, &of).await?;
        let rule = of.power.answer();
        time(tx, me.tenant, of.id, (Timed::Answer, rule), &of.rules).await?;
    } else {
        writes::step(tx, me.tenant, &of, stage).await?;
    }
    let sentence = clear.sentence(format!("{}。{words}", kind.label()));
    let word = Word {
        verb: if upheld { Verb::Uphold } else { Verb::Dismiss },
        sentence: &sentence,
        to: if upheld {
            Side::Department
        } else {
            Side::Street
        },
        ask: if upheld { "重新答复" } else { "" },
    };
    note(tx, By::Post(me), about(&of), word).await
}

/// Who began it calls it back.
pub(in super::super) async fn call_off(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    reason: &str,
) -> Result<()> {
    let (of, _) = held(tx, me, seen, Move::CallOff).await?;
    let reason = if of.is_sealed() { CALLED_OFF } else { reason };
    clocks::stop(tx, me.tenant, Of::Exercise(of.id.0), &[], "已撤回").await?;
    writes::call_off(tx, me, &of, reason).await?;
    let to = match of.origin {
        Origin::Street => Side::Department,
        Origin::Department => Side::Street,
    };
    let word = Word {
        verb: Verb::CallOff,
        sentence: reason,
        to,
        ask: "",
    };
    note(tx, By::Post(me), about(&of), word).await
}
