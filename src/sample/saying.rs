//! What is said to a use of a power in the sample, act by act: the word itself, the time that ends
//! with it and the time that begins.

use chrono::TimeDelta;

use super::clock::WORK_DAY;
use super::exercise_rows::{AnswerRow, OpinionRow, ReactionRow, RulingRow};
use super::exercising::{Course, Draft, Ending, Ledger, stop};
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{
    AnswerKind, OpinionKind, Origin, Power, ReactionKind, RulingKind, Stage,
};

impl Ledger<'_> {
    /// The street gives its opinion.
    pub(super) fn opine(
        &mut self,
        draft: &mut Draft<'_>,
        (kind, words): (OpinionKind, &str),
        items: usize,
    ) {
        let rule = draft.row.power.opinion().unwrap_or(Rule::OpinionProject);
        draft.ago = (draft.ago - self.share(rule)).max(1);
        let at = self.at(draft.ago);
        let street = draft.street;
        let by = street.speaker(draft.row.power, &street.dispatcher).clone();
        self.uses.opinions.push(OpinionRow {
            exercise_id: draft.row.id,
            kind,
            words: words.to_owned(),
            body: "街道党工委会议",
            decided_on: Some(self.clock.day(at)),
            given_at: at,
            given_by: Some(by.person),
            given_post: Some(by.post),
        });
        draft.stop(Timed::Opinion, at, "街道已提意见");
        draft.step(Stage::Answering, at);
        self.time(draft, Timed::Answer, draft.row.power.answer(), at);
        let count = match items {
            0 => String::new(),
            n => format!("，{n} 条"),
        };
        let sentence = format!("{}{count}。{words}", kind.label());
        self.tell(draft.row.id, "opine", Some(&by), (at, sentence));
    }

    /// The street lets its time pass, and so has no objection.
    pub(super) fn keep_silent(&mut self, draft: &mut Draft<'_>) {
        let at = draft.lapses(Timed::Opinion);
        let at = at.unwrap_or(draft.row.asked_at + TimeDelta::days(7));
        draft.ago = self.clock.since(at).max(2);
        self.uses.opinions.push(OpinionRow {
            exercise_id: draft.row.id,
            kind: OpinionKind::Silent,
            words: String::new(),
            body: "",
            decided_on: None,
            given_at: at,
            given_by: None,
            given_post: None,
        });
        draft.stop(Timed::Opinion, at, "街道逾期未答");
        draft.step(Stage::Answering, at);
        self.time(draft, Timed::Answer, draft.row.power.answer(), at);
        let sentence = "街道逾期未答复，视为无意见。".to_owned();
        self.tell(draft.row.id, "silent", None, (at, sentence));
    }

    /// When the department answers, in minutes ago.
    fn answers_at(&mut self, draft: &Draft<'_>, course: Course) -> i64 {
        let due = draft.clocks.iter().rev().find(|c| c.stage == Timed::Answer);
        let due = due
            .and_then(|c| c.due_at)
            .filter(|_| course.late && draft.row.round == 1);
        let fixed = course.ending.fixed().filter(|_| draft.row.round == 1);
        match (due, fixed) {
            (Some(due), _) => self.clock.since(due) - self.dice.between(60, 2 * WORK_DAY),
            (None, Some((_, answered))) => answered.min(draft.ago - 30) - self.dice.between(0, 300),
            (None, None) if draft.row.power == Power::Coordination => {
                draft.ago - self.dice.between(40, WORK_DAY)
            }
            (None, None) => draft.ago - self.share(draft.row.power.answer()),
        }
    }

    /// The department answers.
    pub(super) fn answer(
        &mut self,
        draft: &mut Draft<'_>,
        course: Course,
        (kind, words): (AnswerKind, &str),
    ) {
        draft.ago = self.answers_at(draft, course).max(1);
        let at = self.at(draft.ago);
        let by = draft.clerk.clone();
        self.uses.answers.push(AnswerRow {
            exercise_id: draft.row.id,
            round: draft.row.round,
            kind,
            words: words.to_owned(),
            body: body_of(&by.seat),
            decided_on: self.clock.day(at),
            given_at: at,
            given_by: by.person,
            given_post: by.post,
        });
        draft.stop(Timed::Answer, at, "部门已答复");
        draft.row.answer = Some(kind);
        draft.row.answered_at = draft.row.answered_at.or(Some(at));
        self.detail(draft, kind, at);
        draft.step(Stage::Reacting, at);
        self.time(draft, Timed::Reaction, Rule::Reaction, at);
        let sentence = format!("{}。{words}", kind.word(draft.row.power));
        self.tell(draft.row.id, "answer", Some(&by), (at, sentence));
    }

    /// The answer, the street's word to it, the ruling and the second answer, as far as the course
    /// goes.
    pub(super) fn finish(&mut self, draft: &mut Draft<'_>, course: Course, words: &str) {
        if matches!(course.ending, Ending::Asked | Ending::Answering) {
            return;
        }
        self.answer(draft, course, (course.answer, words));
        match course.ending {
            Ending::Asked | Ending::Answering | Ending::Reacting => {}
            Ending::Silent => self.accept_silently(draft),
            Ending::Accepted => {
                let said = match draft.row.power {
                    // What a street thinks of an answer about a cadre goes without words.
                    Power::Cadre => (4 - i16::from(course.late), ""),
                    Power::Planning | Power::Coordination | Power::Project | Power::Award => {
                        self.mark(course)
                    }
                };
                self.react(draft, ReactionKind::Accepted, said);
            }
            Ending::Objected => self.object(draft),
            Ending::Dismissed => {
                self.object(draft);
                self.rule(draft, RulingKind::Dismissed);
            }
            Ending::AnsweringAgain => {
                self.object(draft);
                self.rule(draft, RulingKind::Upheld);
            }
            Ending::Upheld => {
                self.object(draft);
                self.rule(draft, RulingKind::Upheld);
                let words = "按街道意见调整方案，已组织实施。";
                self.answer(draft, course, (AnswerKind::Adopted, words));
                self.react(draft, ReactionKind::Accepted, (4, "第二次答复可行。"));
            }
        }
    }

    fn object(&mut self, draft: &mut Draft<'_>) {
        let score = i16::from(self.dice.percent(50)) + 1;
        let words = "理由与现场不符，居民意见大，请重新研究。";
        self.react(draft, ReactionKind::Objected, (score, words));
    }

    /// What the street thinks of an answer that it accepts.
    fn mark(&mut self, course: Course) -> (i16, &'static str) {
        let lot = self.dice.between(1, 100);
        let (score, words) = match (course.answer, lot) {
            (AnswerKind::Adopted, 1..=24) => (5, "答复快，件件有着落，居民满意。"),
            (AnswerKind::Adopted, 25..=46) => (5, "到现场看过，办得比提的周到。"),
            (AnswerKind::Adopted, 47..=86) | (AnswerKind::Partly, 1..=60) => (4, ""),
            (AnswerKind::Adopted, _) => (3, "办得到位，沟通可以再早一些。"),
            (AnswerKind::Partly, _) => (3, "余下部分请按期完成。"),
            (AnswerKind::NotAdopted, 1..=55) => (3, "理由说明白了，向居民解释。"),
            (AnswerKind::NotAdopted, _) => (2, "理由收到，下一年度再提。"),
        };
        if course.late {
            (score - 1, "答复晚了。")
        } else {
            (score, words)
        }
    }

    /// The street accepts or objects, with a mark.
    pub(super) fn react(
        &mut self,
        draft: &mut Draft<'_>,
        kind: ReactionKind,
        (score, words): (i16, &'static str),
    ) {
        let gap = self.share(Rule::Reaction);
        draft.ago = (draft.ago - gap).max(1);
        let at = self.at(draft.ago);
        let street = draft.street;
        let by = street.speaker(draft.row.power, &street.deputy).clone();
        self.uses.reactions.push(ReactionRow {
            exercise_id: draft.row.id,
            round: draft.row.round,
            kind,
            words,
            score: Some(score),
            given_at: at,
            given_by: Some(by.person),
            given_post: Some(by.post),
        });
        draft.stop(Timed::Reaction, at, "街道已表态");
        draft.row.score = Some(score);
        let verb = if kind == ReactionKind::Objected {
            draft.row.objected = true;
            draft.step(Stage::Objected, at);
            self.time(draft, Timed::Ruling, Rule::Ruling, at);
            "object"
        } else {
            draft.step(Stage::Closed, at);
            "accept_answer"
        };
        let sentence = format!("评 {score} 分。{words}");
        self.tell(draft.row.id, verb, Some(&by), (at, sentence));
    }

    /// The street lets its time pass, and so accepts.
    pub(super) fn accept_silently(&mut self, draft: &mut Draft<'_>) {
        let Some(at) = draft
            .lapses(Timed::Reaction)
            .filter(|at| *at < self.clock.now())
        else {
            return;
        };
        self.uses.reactions.push(ReactionRow {
            exercise_id: draft.row.id,
            round: draft.row.round,
            kind: ReactionKind::Silent,
            words: "",
            score: None,
            given_at: at,
            given_by: None,
            given_post: None,
        });
        draft.stop(Timed::Reaction, at, "街道逾期未表态");
        draft.step(Stage::Closed, at);
        let sentence = "街道逾期未表态，视为认可答复。".to_owned();
        self.tell(draft.row.id, "silent", None, (at, sentence));
    }

    /// The city's office rules.
    pub(super) fn rule(&mut self, draft: &mut Draft<'_>, kind: RulingKind) {
        draft.ago = (draft.ago - self.share(Rule::Ruling)).max(1);
        let at = self.at(draft.ago);
        let by = self.office();
        let (verb, words) = match kind {
            RulingKind::Upheld => ("uphold", "街道意见有现场记录，请部门结合街道意见重新答复。"),
            RulingKind::Dismissed => ("dismiss", "部门理由成立，街道意见纳入下一年度研究。"),
        };
        self.uses.rulings.push(RulingRow {
            exercise_id: draft.row.id,
            kind,
            words,
            given_at: at,
            given_by: by.person,
            given_post: by.post,
        });
        draft.stop(Timed::Ruling, at, "市治理办已裁定");
        if kind == RulingKind::Upheld {
            draft.row.round = 2;
            draft.step(Stage::Answering, at);
            self.time(draft, Timed::Answer, draft.row.power.answer(), at);
        } else {
            draft.step(Stage::Closed, at);
        }
        let sentence = format!("{}。{words}", kind.label());
        self.tell(draft.row.id, verb, Some(&by), (at, sentence));
    }

    /// Who began it calls it back.
    pub(super) fn call_off(&mut self, draft: &mut Draft<'_>, reason: &'static str) {
        draft.ago = (draft.ago - self.dice.between(60, WORK_DAY / 2)).max(1);
        let at = self.at(draft.ago);
        let by = match draft.row.origin {
            Origin::Street => draft.street.deputy.clone(),
            Origin::Department => draft.clerk.clone(),
        };
        for clock in &mut draft.clocks {
            stop(clock, at, "已撤回");
        }
        draft.step(Stage::Withdrawn, at);
        draft.row.withdrawn_at = Some(at);
        draft.row.withdraw_reason = Some(reason);
        self.tell(draft.row.id, "call_off", Some(&by), (at, reason.to_owned()));
    }
}

/// The body that decides in a department.
fn body_of(seat: &str) -> &'static str {
    if seat.ends_with("公司") {
        "经理办公会议"
    } else if seat.ends_with("大队") {
        "大队党委会议"
    } else {
        "局长办公会议"
    }
}
