//! One visit: what was done and what was tried at the left, the desk's form at the right.

use askama::Template;
use axum::Extension;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::personal::{Opened, Purpose, SightForm};
use crate::work::visits::actions::asking as actions;
use crate::work::visits::model::{Answer, Call, Feeling, Said, State};
use crate::work::visits::queries::case::{self as queries, Case};
use crate::work::whistles::Stage;
use crate::work::{VisitId, matters, phrases};

/// What the desk types.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CallForm {
    version: String,
    once: String,
    reached: String,
    answer: String,
    feeling: String,
    words: String,
    /// The phrase to be put before the words.
    phrase: String,
}

#[derive(Template)]
#[template(path = "visits/show.html")]
pub(super) struct Show {
    chrome: Chrome,
    case: Case,
    form: CallForm,
    errors: FieldErrors,
    flash: String,
    refused: String,
    /// A new link, shown this once.
    link: String,
    /// The teller, while shown in the clear.
    plain: Option<Opened>,
    once: String,
    asks: bool,
    now: DateTime<Utc>,
}

impl Show {
    async fn of(visit: &mut Visit, id: VisitId) -> Result<Self> {
        let (tenant, person) = (visit.me.tenant, Some(visit.me.person));
        let case = queries::find(&mut visit.tx, tenant, person, id).await?;
        let asks = visit.me.kind.may(Permission::AskResidents)
            && case.state == State::Waiting
            && !case.took_part;
        Ok(Self {
            chrome: visit.chrome(Section::Visits),
            case,
            form: CallForm::default(),
            errors: FieldErrors::new(),
            flash: String::new(),
            refused: String::new(),
            link: String::new(),
            plain: None,
            once: visit.once(),
            asks,
            now: visit.tx.now,
        })
    }

    /// Name and number of who told it, masked.
    fn teller(&self) -> String {
        let masks = [&self.case.teller_name_mask, &self.case.teller_phone_mask];
        let masks: Vec<&str> = masks.into_iter().flatten().map(String::as_str).collect();
        masks.join(" ")
    }

    /// What the teller may be looked at for; what is asked most is first.
    fn purposes(&self) -> [Purpose; 2] {
        [Purpose::Visit, Purpose::Request]
    }

    /// The phrases that the form offers.
    fn phrases(&self) -> &[String] {
        self.case.phrases.of(Some(phrases::Step::Unreached))
    }

    fn is_late(&self) -> bool {
        self.case.state == State::Waiting && self.case.window_ends_at <= self.now
    }

    /// How many calls that reach nobody are left before it ends.
    fn tries_left(&self) -> i64 {
        let made = i64::try_from(self.case.tries.len()).unwrap_or(i64::MAX);
        (self.case.most_tries - made).max(0)
    }

    /// Why the viewer has nothing to do here.
    fn idle(&self) -> &'static str {
        match self.case.state {
            State::Waiting if self.case.took_part => "您办理、核查或评价过这件事，须请他人回访。",
            State::Waiting => "由市治理办回访，您不用办。",
            State::Answered => "已经回访，回答不能再改。",
            State::Unreachable => "多次未接通，回访无效，不计入满意率。",
            State::Expired if self.case.is_apart => "这件事已拆案另办，不再随这张哨单回访。",
            State::Expired => "哨单已退回核查，核查通过后再回访。",
        }
    }

    fn whistle_is_over(&self) -> bool {
        self.case.whistle_stage == Stage::Closed
    }

    fn wrong_count(&self) -> String {
        format!("没有保存，有 {} 处要改。", self.errors.len())
    }

    /// What the flash says after something was done.
    fn said(&self, done: &str) -> String {
        let number = &self.case.whistle_number;
        match (done, self.case.state, self.case.answer) {
            ("link", _, _) => "链接刚才已生成，只显示一次。没有记下的，再生成一个。".to_owned(),
            ("call", State::Waiting, _) => format!(
                "已记第 {} 次未接通，还可以再打 {} 次。",
                self.case.tries.len(),
                self.tries_left()
            ),
            ("call", State::Unreachable, _) => {
                "已记第 3 次未接通。回访无效，不计入满意率。".to_owned()
            }
            ("call", State::Answered, Some(Answer::Unsolved)) => {
                format!(
                    "已记下群众的回答。没有解决，哨单 {number} 退回{}核查。",
                    self.case.looker
                )
            }
            ("call", State::Answered, _) => "已记下群众的回答。".to_owned(),
            _ => String::new(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One visit.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<VisitId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.flash = page.said(&wish.done);
    Ok(Page(page).into_response())
}

/// The desk records a call.
pub(super) async fn record(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(id): Path<VisitId>,
    Form(mut form): Form<CallForm>,
) -> Result<Response> {
    if form.reached == "yes" && !form.phrase.is_empty() {
        let mut errors = FieldErrors::new();
        errors.add(
            "phrase",
            "这是没有接通时用的。接通的请选“不套用”，照群众原话记。",
        );
        return again(visit, id, form, Again::Invalid(errors)).await;
    }
    phrases::put_before(&mut form.phrase, &mut form.words);
    let location = format!("/visits/{id}?done=call");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match keep(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, id, form, why).await
        }
    }
}

async fn keep(visit: &mut Visit, id: VisitId, form: &CallForm) -> Result<()> {
    let version = form
        .version
        .parse()
        .map_err(|_| Error::Unreadable("表单不完整。请返回这件回访，刷新后重新填写。"))?;
    let call = call(form)?;
    actions::record(&mut visit.tx, &visit.me, (id, version), &call).await
}

/// What was typed, checked: an answer comes from somebody who was reached, and from nobody else.
fn call(form: &CallForm) -> Result<Call> {
    let mut errors = FieldErrors::new();
    match form.reached.as_str() {
        "yes" => {
            let answer = errors.choice::<Answer>("answer", "解决了吗", &form.answer);
            let feeling = errors.choice::<Feeling>("feeling", "满意吗", &form.feeling);
            let least = if answer == Some(Answer::Unsolved) {
                2
            } else {
                0
            };
            let words = errors.text("words", "还有什么没解决", &form.words, (least, 500));
            match (answer, feeling) {
                (Some(answer), Some(feeling)) if errors.is_empty() => Ok(Call::Reached(Said {
                    answer,
                    feeling,
                    words,
                })),
                _ => Err(Error::Invalid(errors)),
            }
        }
        "no" => {
            for (field, typed) in [("answer", &form.answer), ("feeling", &form.feeling)] {
                if !typed.is_empty() {
                    errors.add(field, "没有接通的，不能替群众回答。请不要选。");
                }
            }
            let words = errors.text("words", "说明", &form.words, (0, 500));
            errors.or(Call::NotReached(words)).map_err(Error::Invalid)
        }
        _ => {
            errors.add("reached", "请选择接通了没有。");
            Err(Error::Invalid(errors))
        }
    }
}

/// The page again: typed words kept, the reason beside the field or on top.
async fn again(mut visit: Visit, id: VisitId, form: CallForm, why: Again) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    let status = why.status();
    (page.errors, page.refused) =
        why.said("刚有人记过这件回访，您填的还没有保存。请看过左边的记录，再记一次。");
    page.form = form;
    Ok((status, Page(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkForm {
    once: String,
}

/// Makes a one-time link, and shows it this once.
pub(super) async fn link(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(id): Path<VisitId>,
    headers: HeaderMap,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let location = format!("/visits/{id}?done=link");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::make_link(&mut visit.tx, &visit.me, id).await {
        Ok(token) => {
            let mut page = Show::of(&mut visit, id).await?;
            page.link = format!("{}/r/{token}", origin(&headers));
            visit.tx.commit().await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, id, CallForm::default(), why).await
        }
    }
}

/// Scheme and host as the browser sees them; the proxy in front ends TLS and says so.
fn origin(headers: &HeaderMap) -> String {
    let read = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let secure = read("x-forwarded-proto") == Some("https");
    let scheme = if secure { "https" } else { "http" };
    let host = read(header::HOST.as_str()).unwrap_or_default();
    format!("{scheme}://{host}")
}

/// The page with the teller in clear; that it was asked for is on record.
pub(super) async fn unmask(
    Shared(db): Shared<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<VisitId>,
    Form(form): Form<SightForm>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    if !page.asks {
        return Err(Error::Refused(
            "只有正在回访的人可以看诉求人的姓名和电话。".to_owned(),
        ));
    }
    // The program asks for this call, so it is recorded and not counted.
    let asked = (&keys, page.case.matter_id, true);
    match matters::unmask(&mut visit.tx, &visit.me, asked, &form).await {
        Ok(opened) => {
            page.plain = Some(opened);
            visit.tx.commit().await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let why = match error.again()? {
                Again::Invalid(errors) => Again::Refused(errors.sentences()),
                why @ (Again::Refused(_) | Again::Stale) => why,
            };
            again(visit.afresh(&db).await?, id, CallForm::default(), why).await
        }
    }
}
