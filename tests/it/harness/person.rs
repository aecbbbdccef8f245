//! A person in front of a browser: opens pages, fills in forms, presses buttons.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use chrono::{DateTime, Utc};
use street_whistle::app::App;
use street_whistle::base::clock::Clock;
use street_whistle::router::router;
use tower::ServiceExt as _;

use super::Page;
use super::form::Form;
use super::watch::watched;

/// More than any page is long.
const LONGEST: usize = 16 * 1024 * 1024;

/// Someone with a browser of their own.
#[derive(Debug)]
pub(crate) struct Person {
    router: Router,
    host: String,
    source: IpAddr,
    agent: &'static str,
    /// The clock on the wall.
    clock: Clock,
    browser: Mutex<Browser>,
}

#[derive(Debug, Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
    /// The page that is open.
    page: Option<Page>,
}

/// A request as it goes out, for those who bend it.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) origin: Option<String>,
}

impl Person {
    pub(super) fn new(router: Router, host: &str) -> Self {
        Self {
            router,
            host: host.to_owned(),
            source: IpAddr::from([10, 0, 0, 1]),
            clock: Clock::System,
            agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36",
            browser: Mutex::default(),
        }
    }

    /// At another network address.
    pub(crate) fn from(mut self, source: [u8; 4]) -> Self {
        self.source = IpAddr::from(source);
        self
    }

    /// Where this clock hangs.
    pub(super) fn with_clock(mut self, clock: &Clock) -> Self {
        self.clock = clock.clone();
        self
    }

    /// What the clock says.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// On another host.
    pub(crate) fn at_host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    /// Served by another process of the program on the same database.
    pub(crate) fn served_by(mut self, app: &App) -> Self {
        self.router = router(app);
        self
    }

    /// Opens a path, whatever the answer.
    pub(crate) async fn get(&self, path: &str) -> Page {
        let sent = self.sent("GET", path, &[]);
        self.send(sent).await
    }

    /// Opens a path that must show a page.
    pub(crate) async fn opens(&self, path: &str) -> Page {
        let page = self.get(path).await;
        page.is(200);
        page
    }

    /// Opens the page behind a link of the page that is open.
    pub(crate) async fn follows(&self, link: &str) -> Page {
        let path = self.page().link(link);
        self.opens(&path).await
    }

    /// Posts to a path, as a page of the program would.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let sent = self.sent("POST", path, fields);
        self.send(sent).await
    }

    /// Presses a button of the page that is open, the form filled in.
    pub(crate) async fn submit(&self, button: &str, fields: &[(&str, &str)]) -> Page {
        let form = self.page().form(button, fields);
        self.send_form(&form).await
    }

    /// Presses a button that must lead on, and arrives at what it leads to.
    pub(crate) async fn does(&self, button: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.submit(button, fields).await;
        answer.is(303);
        self.opens(answer.location()).await
    }

    /// Sends a form that was taken from a page.
    pub(crate) async fn send_form(&self, form: &Form) -> Page {
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if form.posts {
            self.post(&form.action, &fields).await
        } else {
            // The place on the page stays with the browser.
            let action = form.action.split('#').next().unwrap_or_default();
            let path = format!("{action}?{}", encoded(&fields));
            self.get(&path).await
        }
    }

    /// Chooses a file in a form that was taken from a page, and sends it.
    pub(crate) async fn send_file(&self, form: &Form, name: &str, content: &[u8]) -> Page {
        const EDGE: &str = "----edge-of-a-part";
        let mut body = Vec::new();
        for (field, value) in form.fields.iter().filter(|(field, _)| field != "file") {
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"");
            body.extend(format!("{head}\r\n\r\n{value}\r\n").into_bytes());
        }
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(content);
        body.extend(format!("\r\n--{EDGE}--\r\n").into_bytes());
        let mut sent = self.sent("POST", &form.action, &[]);
        sent.body = body;
        sent.kind = Some("multipart/form-data; boundary=----edge-of-a-part");
        self.send(sent).await
    }

    /// Chooses photos in a form that was taken from a page, and sends it as a browser does.
    pub(crate) async fn send_photos(&self, form: &Form, photos: &[(&str, &[u8])]) -> Page {
        const EDGE: &str = "----edge-of-a-part";
        let mut body = Vec::new();
        for (field, value) in form.fields.iter().filter(|(field, _)| field != "photo") {
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"");
            body.extend(format!("{head}\r\n\r\n{value}\r\n").into_bytes());
        }
        // Where none is chosen, browsers send one without a name.
        let none: &[(&str, &[u8])] = &[("", b"")];
        for (name, content) in if photos.is_empty() { none } else { photos } {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\n\
                 Content-Type: image/jpeg\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let mut sent = self.sent("POST", &form.action, &[]);
        sent.body = body;
        sent.kind = Some("multipart/form-data; boundary=----edge-of-a-part");
        self.send(sent).await
    }

    /// The page that is open.
    pub(crate) fn page(&self) -> Page {
        let browser = self.browser.lock().unwrap();
        browser.page.clone().expect("a page is open")
    }

    /// A request as this browser would make it.
    pub(crate) fn sent(&self, method: &'static str, path: &str, fields: &[(&str, &str)]) -> Sent {
        let posts = method == "POST";
        Sent {
            method,
            path: path.to_owned(),
            body: encoded(fields).into_bytes(),
            kind: posts.then_some("application/x-www-form-urlencoded"),
            origin: posts.then(|| format!("http://{}", self.host)),
        }
    }

    /// Sends a request and keeps the page that comes back.
    pub(crate) async fn send(&self, sent: Sent) -> Page {
        let asked = format!("{} {}", sent.method, sent.path);
        let path = sent.path.clone();
        let request = self.request(sent);
        let (response, seen) = watched(self.router.clone().oneshot(request)).await;
        let (head, body) = response.expect("the router answers").into_parts();
        let body = to_bytes(body, LONGEST).await.unwrap();
        let page = Page {
            asked,
            path,
            status: head.status,
            body: if is_text(&head.headers) {
                String::from_utf8(body.to_vec()).expect("answers are UTF-8")
            } else {
                String::new()
            },
            headers: head.headers,
            bytes: body.to_vec(),
            seen,
        };
        let mut browser = self.browser.lock().unwrap();
        for cookie in page.headers.get_all(header::SET_COOKIE) {
            browser.keep(cookie.to_str().unwrap());
        }
        browser.page = Some(page.clone());
        page
    }

    fn request(&self, sent: Sent) -> Request<Body> {
        let mut request = Request::builder()
            .method(sent.method)
            .uri(&sent.path)
            .header(header::HOST, &self.host)
            .header(header::USER_AGENT, self.agent);
        if let Some(kind) = sent.kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(origin) = &sent.origin {
            request = request.header(header::ORIGIN, origin);
        }
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, HeaderValue::from_str(&cookies).unwrap());
        }
        let mut request = request
            .body(Body::from(sent.body))
            .expect("a sound request");
        let source = SocketAddr::new(self.source, 40000);
        request.extensions_mut().insert(ConnectInfo(source));
        request
    }

    fn cookies(&self) -> String {
        let browser = self.browser.lock().unwrap();
        let pairs: Vec<String> = browser
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.browser.lock().unwrap().cookies.get(name).cloned()
    }

    /// Puts a cookie into the browser.
    pub(crate) fn keep_cookie(&self, name: &str, value: &str) {
        let mut browser = self.browser.lock().unwrap();
        browser.cookies.insert(name.to_owned(), value.to_owned());
    }
}

/// What is handed out as a file may be anything.
fn is_text(headers: &HeaderMap) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
        || headers
            .get(header::CONTENT_TYPE)
            .map(HeaderValue::as_bytes)
            .is_some_and(|kind| kind.starts_with(b"text/") || kind == b"application/json")
}

impl Browser {
    fn keep(&mut self, set_cookie: &str) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        if parts.any(|part| part == "Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Fields as a browser writes them into a body or a query.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                    char::from(b).to_string()
                }
                b' ' => "+".to_owned(),
                b => format!("%{b:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&")
}
