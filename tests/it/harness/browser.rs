//! A real Chromium, driven by what a person reads on the page: labels, links, buttons. Its
//! pages run no script.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::Folder;

/// The driver, ended with the test.
pub(crate) struct Driver {
    _child: Child,
    address: String,
    profiles: Folder,
    count: std::cell::Cell<u32>,
}

/// The key that presses what has the focus.
const ENTER: &str = "\u{E007}";

/// A page is waited for so often …
const TRIES: u32 = 100;
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
        let profiles = Folder::new("browser");
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

    async fn opens(&self, base: &str, who: &str, (width, height): Screen) -> Window {
        self.count.set(self.count.get() + 1);
        let profile = self.profiles.0.join(self.count.get().to_string());
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
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", profile.display()),
        ];
        let options = json!({
            "args": arguments,
            "prefs": { "profile.managed_default_content_settings.javascript": 2 },
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

    /// Presses the button, or follows the link, that begins with these words. A page that is
    /// still on its way is waited for.
    pub(crate) async fn presses(&self, words: &str) {
        let path = format!(
            "//button[starts-with(normalize-space(.), '{words}')] | //a[starts-with(normalize-space(.), '{words}')]"
        );
        let mut why = String::new();
        for _ in 0..TRIES {
            let all = self
                .client
                .find_all(Locator::XPath(&path))
                .await
                .unwrap_or_default();
            for element in all {
                if element.is_displayed().await.unwrap_or(false) {
                    match element.click().await {
                        Ok(()) => return,
                        // Under the sticky bar: the keyboard reaches it all the same.
                        Err(_) if element.send_keys(ENTER).await.is_ok() => return,
                        Err(error) => why = error.to_string(),
                    }
                }
            }
            sleep(PAUSE).await;
        }
        self.lost(&format!("nothing to press that says “{words}” {why}"))
            .await;
    }

    /// Follows the link in the row that holds these words: what the desk says to do about it.
    pub(crate) async fn takes_up(&self, title: &str) {
        let path = format!("//tr[.//*[contains(., '{title}')]]//a[contains(@class, 'button')]");
        self.found(&path, title).await.click().await.unwrap();
    }

    /// Fills the field with this label.
    pub(crate) async fn fills(&self, label: &str, value: &str) {
        let path = format!(
            "//*[(self::input or self::textarea)][@aria-label='{label}' or \
             @id=//label[starts-with(normalize-space(text()[1]), '{label}')]/@for]"
        );
        let field = self.found(&path, label).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
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
        self.found(&path, words).await.click().await.unwrap();
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

    /// Whether the page is wider than the window: a telephone would scroll sideways.
    pub(crate) async fn fits(&self) {
        let (_, _, window, _) = self
            .client
            .get_window_rect()
            .await
            .map_or((0, 0, 0, 0), |r| r);
        let body = self.client.find(Locator::Css("body")).await.unwrap();
        let (_, _, width, _) = body.rectangle().await.unwrap();
        assert!(
            width <= f64::from(u32::try_from(window).unwrap()) + 1.0,
            "{width} in {window}"
        );
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
        panic!("{} at {path}: {why}\n{text}", self.who);
    }

    /// Closes the window.
    pub(crate) async fn leaves(self) {
        self.client.close().await.unwrap();
    }
}
