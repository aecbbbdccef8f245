//! What people and machines send that they should not: the right status, a sentence, and nothing
//! changes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use axum::http::Method;
use street_whistle::org::access::{Access, PostKind};
use street_whistle::router::routes;
use street_whistle::work::whistles::MoveKind;
use uuid::Uuid;

use crate::harness::{Case, PASSWORD, Person, Sent, Town};

/// Paths whose POST carries no form, so that there is nothing to read; and the one whose form is read
/// only of somebody who owes a code.
const BARE: [&str; 18] = [
    "/announcements/{id}/reading",
    "/sign-out",
    "/inbox/{id}/reading",
    "/inbox/{id}/opening",
    "/leave/{id}/end",
    "/people/{id}/leave/{leave}/end",
    "/handover",
    "/account/sessions/{id}/end",
    "/powers/{id}/reading",
    "/people/{id}/account/unlock",
    "/people/{id}/account/reopening",
    "/people/{id}/factor/reset",
    "/account/second-factor",
    "/second-factor",
    "/people/{id}/sessions/{session}/end",
    "/reports/{id}/pausing",
    "/reports/{id}/resuming",
    "/reports/{id}/end",
];

/// One path that changes something, with somebody who may.
struct Door {
    path: String,
    is_open: bool,
    person: Arc<Person>,
}

/// Papers that stand for the ids of paths.
#[derive(Clone, Copy)]
struct Papers {
    duty: Uuid,
    document: Uuid,
    exercise: Uuid,
    task: Uuid,
    item: Uuid,
    topic: Uuid,
    objection: Uuid,
}

impl Town {
    async fn things_of_paths(&self, case: &Case) -> Papers {
        let plan = self.empower().await;
        let (task, item) = self.accountable().await;
        // The city's own, because it is the city's office that stands before these doors.
        self.sql(&format!(
            "update plan_tasks set department_id = null where tenant_id = '{tenant}';
             update rectifications set department_id = null where tenant_id = '{tenant}'",
            tenant = self.tenant
        ))
        .await;
        Papers {
            task,
            item,
            topic: self.topic().await,
            duty: self.duty().await,
            document: self.document().await,
            exercise: self.exercise(plan).await,
            objection: self.objection(case).await,
        }
    }
}

/// Every path with a form, each with somebody who may use it; every move of a whistle is one.
async fn doors(town: &Town, case: &Case, papers: Papers) -> Vec<Door> {
    let mut doors = Vec::new();
    // Nothing they send is taken, so one holder of each kind of post stands before all its doors.
    let mut signed_in: HashMap<PostKind, Arc<Person>> = HashMap::new();
    for route in routes().list() {
        if route.method != Method::POST || BARE.contains(&route.path) {
            continue;
        }
        let id = match route.path.split('/').nth(1) {
            Some("matters") => case.matter,
            Some("duties") => papers.duty,
            Some("documents") => papers.document,
            Some("powers") => papers.exercise,
            Some("tasks") => papers.task,
            Some("rectifications") => papers.item,
            Some("topics") => papers.topic,
            Some("departments") => town.department("water"),
            Some("people") => town.seat("second dispatcher").person,
            Some("staffing") => town.seat("other checker").post,
            Some("chain") => town.node("garden"),
            _ => case.whistle,
        };
        let token = format!("{}-{}", town.code, "0".repeat(26));
        let path = route.path.replace("{id}", &id.to_string());
        let none = Uuid::nil().to_string();
        // What takes a file looks for its owner first; the other forms would act on it.
        let objection = if path.ends_with("/files") {
            papers.objection.to_string()
        } else {
            none.clone()
        };
        let path = path
            .replace("{token}", &token)
            .replace("{request}", &none)
            .replace("{file}", &none)
            .replace("{import}", &none)
            .replace("{photo}", &none)
            .replace("{milestone}", &none)
            .replace("{task}", &none)
            .replace("{parameter}", "idle_office")
            .replace("{code}", "01-13")
            .replace("{period}", "2099-Q1")
            .replace("{month}", "2099-01")
            .replace("{objection}", &objection);
        let moves = MoveKind::ALL
            .iter()
            .filter(|mv| mv.path() != "edit")
            .map(|mv| mv.path());
        let paths: Vec<String> = if path.contains("{move}") {
            moves.map(|mv| path.replace("{move}", mv)).collect()
        } else {
            vec![path]
        };
        for path in paths {
            let kind = match route.access {
                Access::Public => None,
                Access::SignedIn => Some(PostKind::StreetDispatcher),
                Access::Can(permission) => {
                    let able = PostKind::ALL
                        .into_iter()
                        .filter(|kind| kind.may(permission));
                    // A community where it may, else whoever may.
                    let kind = able.min_by_key(|kind| !kind.is_community());
                    Some(kind.expect("somebody may"))
                }
            };
            let person = match kind {
                None => Arc::new(town.visitor()),
                Some(kind) => {
                    if let Entry::Vacant(absent) = signed_in.entry(kind) {
                        let seat = town.seat_of(kind).clone();
                        absent.insert(Arc::new(town.sign_in_as(&seat).await));
                    }
                    signed_in[&kind].clone()
                }
            };
            doors.push(Door {
                path,
                is_open: route.access == Access::Public,
                person,
            });
        }
    }
    assert!(doors.len() > 25);
    doors
}

/// Sends each of some things to every door and insists on the status; nothing may change.
async fn everywhere<T>(things: &[T], bend: impl Fn(&T, &Door, &mut Sent), allowed: &[u16]) {
    let town = Town::raise().await;
    let case = town.case().await;
    let papers = town.things_of_paths(&case).await;
    let before = town.condensed().await;
    for door in doors(&town, &case, papers).await {
        for thing in things {
            let mut sent = door.person.sent("POST", &door.path, &[("version", "1")]);
            bend(thing, &door, &mut sent);
            let page = door.person.send(sent).await;
            page.is_one_of(allowed);
            assert!(page.status() < 500, "{}", page.seen.faults.join("\n"));
            if page.status() >= 400 {
                let sentence = page.text().chars().filter(|c| *c > '\u{2e80}').count();
                assert!(
                    sentence > 8,
                    "{} says in Chinese what to do:\n{}",
                    page.asked,
                    page.text()
                );
            }
        }
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn twenty_megabytes_are_too_many() {
    let body = [&b"words="[..], &vec![b'x'; 20 * 1024 * 1024]].concat();
    everywhere(&[body], |body, _, sent| sent.body.clone_from(body), &[413]).await;
}

#[tokio::test]
async fn broken_utf_8_is_refused_and_not_replaced() {
    let broken: [&[u8]; 8] = [
        b"words=%FF%FE",
        b"words=%E5%93",
        b"words=%C0%80",
        b"%FF=x",
        b"words=%",
        b"words=%G1",
        b"words=%1",
        b"words=\xff\xfe",
    ];
    everywhere(
        &broken,
        |broken, _, sent| sent.body = broken.to_vec(),
        &[400],
    )
    .await;
}

#[tokio::test]
async fn a_field_sent_twice_is_refused() {
    let field = |path: &str| match path {
        "/sign-in" => "name",
        "/large-type" => "large",
        "/posts" => "appointment",
        "/password" => "new",
        _ if path.starts_with("/r/") => "words",
        _ if path.starts_with("/recurrences/") => "reason",
        _ if path.starts_with("/departments/") && path.ends_with("/leader") => "leader",
        _ if path.starts_with("/departments") || path.starts_with("/chain") => "once",
        _ if path.ends_with("/link") => "once",
        "/inbox/reading" => "newest",
        "/account/notices" => "mail",
        "/leave" => "deputy",
        _ if path.contains("/photos/") || path.ends_with("/photos") || path == "/photo-demands" => {
            "once"
        }
        _ if path.starts_with("/matters/new") || path == "/matters" => "title",
        "/powers/cadre" => "once",
        _ if path == "/powers"
            || path.starts_with("/powers/")
                && (path.contains("/tasks/") || path.contains("/files/")) =>
        {
            "once"
        }
        _ if path.starts_with("/powers/plans") || path.starts_with("/powers/violations") => "once",
        "/tasks" | "/three-year-plans" | "/rectifications" | "/topics" | "/topics/set-aside" => {
            "once"
        }
        _ if path.ends_with("/unmasking") => "words",
        "/people/number" => "number",
        "/personal" | "/disclosures" | "/bulletins/2099-01" => "once",
        _ if path.starts_with("/disclosures/") => "once",
        _ if path.starts_with("/setup") || path.starts_with("/parameters") => "once",
        _ if path.starts_with("/classes") || path.starts_with("/limits/import") => "once",
        _ if path.starts_with("/reports") => "once",
        _ if path.starts_with("/circle") || path.starts_with("/map") => "once",
        _ if path.starts_with("/phrases") || path.starts_with("/announcements") => "once",
        _ if path.starts_with("/people") || path.starts_with("/staffing") => "once",
        _ if path.starts_with("/account/second-factor") => "code",
        _ if path.contains("/files/") => "once",
        _ if path.starts_with("/duties")
            || path.starts_with("/documents")
            || path.starts_with("/assessment")
            || path.starts_with("/packs") =>
        {
            "once"
        }
        _ if path.contains("/supervision") => "words",
        _ if path.ends_with("/requests") => "kind",
        _ => "version",
    };
    everywhere(
        &[()],
        |(), door, sent| sent.body = format!("{name}=1&{name}=2", name = field(&door.path)).into(),
        &[400],
    )
    .await;
}

#[tokio::test]
async fn a_form_from_another_origin_is_refused() {
    let origins = [
        Some("http://evil.example"),
        Some("null"),
        Some("https://t0.test.evil.example"),
        // No browser of today is silent about where a form comes from.
        None,
    ];
    everywhere(
        &origins,
        |origin, door, sent| {
            let origin = origin.or(door.is_open.then_some("http://evil.example"));
            sent.origin = origin.map(str::to_owned);
        },
        &[403],
    )
    .await;
}

#[tokio::test]
async fn other_kinds_of_bodies_are_refused() {
    let kinds = [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
    ];
    everywhere(&kinds, |kind, _, sent| sent.kind = Some(kind), &[400]).await;
}

#[tokio::test]
async fn control_characters_are_refused_and_named() {
    let fields = [
        "words",
        "title",
        "detail",
        "who",
        "spot",
        "name",
        "word",
        "into_number",
        "comment",
        "problem",
    ];
    let body = |control: &str| {
        let body: Vec<String> = fields
            .iter()
            .map(|f| format!("{f}={control}{control}"))
            .collect();
        format!("version=1&{}", body.join("&"))
    };
    // Where no such field is read, the answer is the one to a bare form.
    everywhere(
        &["%00", "%01", "%7F", "%1B%5B31m", "a%00b", "%C2%85"],
        |control, _, sent| sent.body = body(control).into(),
        &[400, 422, 403, 409, 404, 200, 303],
    )
    .await;
}

#[tokio::test]
async fn a_form_posted_after_signing_out_is_kept_and_can_be_sent_after_signing_in() {
    let town = Town::raise().await;
    let case = town.case().await;
    let papers = town.things_of_paths(&case).await;
    let before = town.condensed().await;
    let words = "𠮷野家门口下水道堵塞";
    for door in doors(&town, &case, papers)
        .await
        .iter()
        .filter(|door| !door.is_open)
    {
        let nobody = town.visitor();
        let answer = nobody
            .post(&door.path, &[("words", words), ("version", "1")])
            .await;
        answer.is(401).shows("登录已失效");
        let kept = answer.form("登录", &[]).value("kept").to_owned();
        assert!(
            kept.contains("words=") && kept.contains("version=1"),
            "{}: {kept}",
            door.path
        );
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn what_was_typed_before_the_session_ended_arrives() {
    let town = Town::raise().await;
    let id = town.raised("单元门口路灯不亮").await;
    let wang = town.sign_in("street dispatcher").await;
    wang.opens(&format!("/matters/{id}?do=measure")).await;
    let words = "𠮷野家门前路灯：请电工看过，线路老化。";
    let form = wang.page().form("记录处置", &[("做了什么", words)]);
    wang.post("/sign-out", &[]).await.is(303);
    wang.send_form(&form).await.is(401);
    let back = wang
        .submit("登录", &[("账号", "street.dispatcher"), ("密码", PASSWORD)])
        .await;
    back.is(200).shows(words);
    wang.does("接着提交", &[]).await.shows(words);
}

#[tokio::test]
async fn ids_that_are_none_are_not_found() {
    let town = Town::raise().await;
    let case = town.case().await;
    let papers = town.things_of_paths(&case).await;
    let before = town.condensed().await;
    for door in doors(&town, &case, papers).await {
        for id in [
            case.matter,
            case.whistle,
            papers.duty,
            papers.document,
            papers.exercise,
            papers.task,
            papers.item,
            papers.topic,
        ] {
            if !door.path.contains(&id.to_string()) {
                continue;
            }
            for none in [
                Uuid::now_v7().to_string(),
                Uuid::nil().to_string(),
                "1".into(),
                "x".repeat(3000),
                "%00".into(),
                "..".into(),
            ] {
                let path = door.path.replace(&id.to_string(), &none);
                let fields = [("version", "1"), ("words", "试一试")];
                let page = door.person.post(&path, &fields).await;
                page.is_one_of(&[404, 400, 422, 303]);
                assert!(
                    page.status() != 303 || path.contains(".."),
                    "{}",
                    page.asked
                );
            }
        }
    }
    assert_eq!(before, town.condensed().await);
}

#[tokio::test]
async fn strange_addresses_draw_a_sentence() {
    let town = Town::raise().await;
    let case = town.case().await;
    let (long, many) = ("长".repeat(2_000), "a=1&".repeat(2_000));
    let long = format!(
        "q={}",
        long.bytes()
            .fold(String::new(), |all, b| format!("{all}%{b:02X}"))
    );
    let queries = [
        "q=%00",
        "q=%FF",
        "q=a&q=b",
        "q=%27%3B--",
        "q=%F0%A0%AE%B7",
        "stage=nonsense",
        "kind=nonsense",
        "place=nonsense",
        "place=%00",
        "street=x",
        "department=x",
        "class=%00",
        "task=x",
        "solved=x",
        "from=2026-13-45",
        "to=x",
        "day=x",
        "day=0000-00-00",
        "day=9999-12-31",
        "from=2026-02-30&to=99999-01-01",
        "after=x",
        "after=00000000-0000-0000-0000-000000000000",
        "n=x",
        "n=99999999999999999999",
        "first=-1",
        "waiting=x",
        "sounded=x",
        "do=x",
        "do=signing",
        "done=x",
        "done=%00",
        "act=x",
        "matter=x",
        "urgent=x",
        "to=%2F%2Fevil",
        "=",
        "&&&",
        "%",
        "%00=1",
        &long,
        &many,
    ];
    for called in ["street dispatcher", "city leader"] {
        let person = town.sign_in(called).await;
        let looks = routes().list().into_iter().filter(|r| {
            let open = r.access == Access::Public && r.path != "/sign-in";
            // Who owes no code is sent on.
            let open = open || r.path == "/second-factor";
            // The leader's desk is another page than the street's; all else is the same.
            r.method == Method::GET && !open && (called != "city leader" || r.path == "/")
        });
        for route in looks {
            let id = match route.path.split('/').nth(1) {
                Some("matters") => case.matter,
                Some("whistles") => case.whistle,
                Some("chain") => town.node("garden"),
                _ => town.department("water"),
            };
            let path = route.path.replace("{id}", &id.to_string());
            let path = path.replace("{token}", "900000-00000000000000000000000000");
            for query in queries {
                let page = person.get(&format!("{path}?{query}")).await;
                page.is_one_of(&[200, 400, 403, 404, 409, 422]);
            }
        }
    }
}
