//! A real Chromium, driven by what a person reads on the page: labels, links, buttons. Its
//! pages run no script.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::PrintConfiguration;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Folder;

/// The driver, ended with the test.
pub(crate) struct Driver {
    _child: Child,
    address: String,
    profiles: Folder,
    count: std::cell::Cell<u32>,
}

/// A town's program on a port of its own, as a server.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) port: u16,
    /// Dropped with the test, and the server with it.
    _running: JoinSet<()>,
}

impl Served {
    pub(crate) async fn on_any_port(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let mut running = JoinSet::new();
        running.spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self {
            port,
            _running: running,
        }
    }
}

/// A page is waited for so often …
const TRIES: u32 = 400;
/// … with this pause.
const PAUSE: Duration = Duration::from_millis(50);

/// A screen: width and height.
pub(crate) type Screen = (u32, u32);

/// The office's screen.
pub(crate) const OFFICE: Screen = (1366, 768);
/// A telephone.
pub(crate) const PHONE: Screen = (390, 844);

/// One browser window of one person.
pub(crate) struct Window {
    client: Client,
    base: String,
    who: String,
    /// Where its files go.
    saved: PathBuf,
}

impl Driver {
    /// Starts the driver on a free port.
    pub(crate) async fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let child = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is installed; bin/test installs it");
        let address = format!("http://127.0.0.1:{port}");
        let listens = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_err()
            {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(30), listens)
            .await
            .expect("the driver listens");
        // Of its own: several drivers run in one process.
        let profiles = Folder::new(&format!("browser-{port}"));
        Self {
            _child: child,
            address,
            profiles,
            count: std::cell::Cell::new(0),
        }
    }

    /// A window for one person, signed in by the button with the person's name.
    pub(crate) async fn signs_in(&self, base: &str, who: &str, screen: Screen) -> Window {
        let window = self.opens(base, who, screen).await;
        window.goes("/sign-in").await;
        window.presses(who).await;
        window.reads("工作台").await;
        window
    }

    /// A window for one person, signed in with a name and a password.
    pub(crate) async fn knocks(
        &self,
        base: &str,
        name: &str,
        word: &str,
        screen: Screen,
    ) -> Window {
        let window = self.opens(base, name, screen).await;
        window.goes("/").await;
        window.fills("账号", name).await;
        window.fills("密码", word).await;
        window.presses("登录").await;
        window.reads("工作台").await;
        window
    }

    /// A window in which scripts run, for the tester's own; with the cookie of somebody signed in.
    pub(crate) async fn examines(
        &self,
        base: &str,
        (who, name, token): (&str, &str, &str),
        screen: Screen,
    ) -> Window {
        let window = self.window(base, who, screen, true).await;
        window.goes("/sign-in").await;
        let keep = format!("document.cookie = '{name}={token}; path=/'");
        window.client.execute(&keep, Vec::new()).await.unwrap();
        window
    }

    /// A window for somebody who is not signed in.
    pub(crate) async fn opens(&self, base: &str, who: &str, screen: Screen) -> Window {
        let window = self.window(base, who, screen, false).await;
        window.runs_no_script().await;
        window
    }

    async fn window(
        &self,
        base: &str,
        who: &str,
        (width, height): Screen,
        scripts: bool,
    ) -> Window {
        self.count.set(self.count.get() + 1);
        let profile = self.profiles.0.join(self.count.get().to_string());
        let saved = self.profiles.0.join(format!("saved-{}", self.count.get()));
        std::fs::create_dir_all(&saved).unwrap();
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        let options = json!({
            "args": arguments,
            // A window is never so narrow as a telephone, and holds bars of its own.
            "mobileEmulation": { "deviceMetrics": {
                "width": width, "height": height, "pixelRatio": 1.0, "mobile": width < 600, "touch": false,
            } },
            "prefs": {
                "profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 },
                "download.default_directory": saved,
                "download.prompt_for_download": false,
            },
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&self.address)
            .await
            .expect("the browser starts");
        Window {
            client,
            base: base.to_owned(),
            who: who.to_owned(),
            saved,
        }
    }
}

impl Window {
    /// Opens a path.
    pub(crate) async fn goes(&self, path: &str) {
        self.client
            .goto(&format!("{}{path}", self.base))
            .await
            .unwrap();
    }

    /// The path one is at.
    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// Presses the button, or follows the link, that begins with these words, and waits until
    /// the page is left. A page that is still on its way is waited for.
    pub(crate) async fn presses(&self, words: &str) {
        let path = format!(
            "//button[starts-with(normalize-space(.), '{words}')] | //a[starts-with(normalize-space(.), '{words}')]"
        );
        let mut why = String::new();
        for _ in 0..TRIES {
            let here = self.client.find(Locator::Css("html")).await;
            let all = self.client.find_all(Locator::XPath(&path)).await;
            for element in all.unwrap_or_default() {
                if element.is_displayed().await.unwrap_or(false) {
                    match self.click(&element).await {
                        Ok(()) => return self.leaves_page(here, words).await,
                        Err(error) => why = error.to_string(),
                    }
                }
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("nothing to press that says “{words}” {why}"))
            .await;
    }

    /// Follows the link that begins with these words and waits until the file is saved; answers where.
    pub(crate) async fn downloads(&self, words: &str) -> PathBuf {
        let path = format!("//a[starts-with(normalize-space(.), '{words}')]");
        let before = self.files();
        let link = self.found(&path, words).await;
        self.click(&link).await.unwrap();
        for _ in 0..TRIES {
            let mut files = self.files();
            let is_whole = files
                .iter()
                .all(|f| f.extension() != Some("crdownload".as_ref()));
            // An empty one only holds the name, and goes again.
            let is_filled = |f: &PathBuf| f.metadata().is_ok_and(|m| m.len() > 0);
            files.retain(|f| !before.contains(f) && is_filled(f));
            if let (true, Some(file)) = (is_whole, files.pop()) {
                return file;
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("“{words}” saves nothing")).await;
        unreachable!("lost ends the test")
    }

    /// What was saved so far; a file that is on its way has another ending.
    fn files(&self) -> Vec<PathBuf> {
        let all = std::fs::read_dir(&self.saved).unwrap().flatten();
        let seen = all.filter(|f| !f.file_name().to_string_lossy().starts_with('.'));
        seen.map(|f| f.path()).collect()
    }

    /// A person scrolls until nothing covers the button; the driver would not.
    async fn click(&self, element: &Element) -> Result<(), CmdError> {
        let target = serde_json::to_value(element).unwrap();
        let scroll = "arguments[0].scrollIntoView({block: 'center'})";
        self.client.execute(scroll, vec![target]).await?;
        element.click().await
    }

    async fn leaves_page(&self, page: Result<Element, CmdError>, words: &str) {
        let Ok(page) = page else { return };
        for _ in 0..TRIES {
            if page.tag_name().await.is_err() {
                return;
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("“{words}” leads nowhere")).await;
    }

    /// Follows the link in the row that holds these words: what the desk says to do about it.
    pub(crate) async fn takes_up(&self, title: &str) {
        let path = format!("//tr[.//*[contains(., '{title}')]]//a[contains(@class, 'button')]");
        let element = self.found(&path, title).await;
        self.click(&element).await.unwrap();
    }

    /// Fills the field with this label.
    pub(crate) async fn fills(&self, label: &str, value: &str) {
        let path = format!(
            "//*[(self::input or self::textarea)][@aria-label='{label}' or \
             @id=//label[starts-with(normalize-space(text()[1]), '{label}')]/@for]"
        );
        // The page may still give way to the next one: then the field is looked for again.
        for _ in 0..TRIES {
            let field = self.found(&path, label).await;
            if field.clear().await.is_ok() && field.send_keys(value).await.is_ok() {
                return;
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("“{label}” cannot be filled")).await;
    }

    /// Gives a file to the field with this label.
    pub(crate) async fn attaches(&self, label: &str, file: &Path) {
        let path = format!(
            "//input[@type='file'][@id=//label[starts-with(normalize-space(text()[1]), '{label}')]/@for]"
        );
        let field = self.found(&path, label).await;
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// The words of the first element that fits.
    pub(crate) async fn words_at(&self, css: &str) -> String {
        for _ in 0..TRIES {
            if let Ok(element) = self.client.find(Locator::Css(css)).await
                && let Ok(words) = element.text().await
            {
                return words;
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("there is no “{css}”")).await;
        unreachable!("lost ends the test")
    }

    /// Chooses from the list with this label.
    pub(crate) async fn selects(&self, label: &str, option: &str) {
        let path = format!(
            "//select[@aria-label='{label}' or @id=//label[starts-with(normalize-space(.), '{label}')]/@for]\
             /option[normalize-space(.)='{option}']"
        );
        self.found(&path, label).await.click().await.unwrap();
    }

    /// Ticks the box or the circle whose label holds these words.
    pub(crate) async fn ticks(&self, words: &str) {
        let path = format!("//label[.//input][contains(normalize-space(.), '{words}')]");
        let element = self.found(&path, words).await;
        self.click(&element).await.unwrap();
    }

    /// Gives all five marks to every department.
    pub(crate) async fn marks(&self, mark: &str) {
        let path = format!("//div[@class='marks']//option[@value='{mark}']");
        for option in self.client.find_all(Locator::XPath(&path)).await.unwrap() {
            option.click().await.unwrap();
        }
    }

    /// The page holds these words.
    pub(crate) async fn reads(&self, words: &str) {
        for _ in 0..TRIES {
            if self.text().await.contains(words) {
                return;
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("“{words}” is not on the page")).await;
    }

    /// The page does not hold these words.
    pub(crate) async fn does_not_read(&self, words: &str) {
        if self.text().await.contains(words) {
            self.lost(&format!("“{words}” must not be on the page"))
                .await;
        }
    }

    /// The number in the figure of this name.
    pub(crate) async fn figure(&self, name: &str) -> i64 {
        let path =
            format!("//a[contains(@class, 'figure')][starts-with(normalize-space(.), '{name}')]/b");
        let words = self.found(&path, name).await.text().await.unwrap();
        words.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Everything that is written on the page; nothing while it is on its way.
    pub(crate) async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Insists that nothing lies beyond the right edge: nobody scrolls sideways.
    pub(crate) async fn fits(&self) {
        let look = "const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return '';
            const wide = [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > width + 1);
            return wide.length ? wide[wide.length - 1].outerHTML.slice(0, 200) : 'the page';";
        let beyond = self.client.execute(look, Vec::new()).await.unwrap();
        let element = beyond.as_str().unwrap_or_default();
        if !element.is_empty() {
            self.lost(&format!("beyond the right edge: {element}"))
                .await;
        }
    }

    /// Runs a script of the tester's, then another that calls its last argument with the answer.
    pub(crate) async fn asks(&self, script: &str, question: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.unwrap();
        let answer = self.client.execute_async(question, Vec::new()).await;
        answer.unwrap()
    }

    /// Insists that the scripts of a page do not run.
    async fn runs_no_script(&self) {
        let page = "data:text/html,<title>off</title><script>document.title='on'</script>";
        self.client.goto(page).await.unwrap();
        assert_eq!(self.client.title().await.unwrap(), "off");
    }

    async fn found(&self, path: &str, what: &str) -> Element {
        for _ in 0..TRIES {
            if let Ok(element) = self.client.find(Locator::XPath(path)).await {
                return element;
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("there is no “{what}”")).await;
        unreachable!("lost ends the test")
    }

    async fn lost(&self, why: &str) {
        let (path, text) = (self.path().await, self.text().await);
        let picture = self.client.screenshot().await.unwrap_or_default();
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lost.png");
        std::fs::write(&kept, picture).unwrap();
        // The driver is killed with the test, but would leave the window behind.
        let _ = self.client.clone().close().await;
        panic!("{} at {path}: {why}\n{text}\n{}", self.who, kept.display());
    }

    /// Prints the page, and waits for what the browser fetches only then.
    pub(crate) async fn prints(&self) {
        let paper = self
            .client
            .print(PrintConfiguration::default())
            .await
            .unwrap();
        assert!(paper.starts_with(b"%PDF"));
    }

    /// Closes the window.
    pub(crate) async fn leaves(self) {
        self.client.close().await.unwrap();
    }
}
