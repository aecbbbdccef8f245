//! A real Chromium with scripts switched off, used by the words that stand on the page.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::Router;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::Folder;

/// Longer than any page takes to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// The program on a port of its own, as a server.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) port: u16,
    // Dropped with the test, and the server with it.
    _running: JoinSet<()>,
}

impl Served {
    pub(super) async fn on_any_port(router: Router) -> Self {
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

/// A browser window of a certain size.
#[derive(Debug)]
pub(crate) struct Browser {
    client: Client,
    address: String,
    // Both end with the test.
    _driver: Child,
    folder: Folder,
}

impl Browser {
    /// Opens a window of this size for a host of the server.
    pub(crate) async fn open(name: &str, served: &Served, host: &str, size: (u32, u32)) -> Self {
        let folder = Folder::new(name);
        let (driver, port) = start_driver().await;
        let profile = folder.0.join("profile");
        let capabilities = json!({
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-dev-shm-usage", "--lang=zh-CN",
                    format!("--user-data-dir={}", profile.display()),
                ],
                // Every page must work without script.
                "prefs": {"profile.managed_default_content_settings.javascript": 2},
                "mobileEmulation": {
                    "deviceMetrics": {"width": size.0, "height": size.1, "pixelRatio": 1.0, "mobile": size.0 < 600, "touch": false}
                }
            }
        });
        let serde_json::Value::Object(capabilities) = capabilities else {
            unreachable!()
        };
        let client = ClientBuilder::native()
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts (apt-get install chromium chromium-driver)");
        let address = format!("http://{host}:{}", served.port);
        let browser = Self {
            client,
            address,
            _driver: driver,
            folder,
        };
        browser.without_script().await;
        browser
    }

    /// Opens a path.
    pub(crate) async fn goes(&self, path: &str) {
        self.client
            .goto(&format!("{}{path}", self.address))
            .await
            .unwrap();
    }

    /// Signs in at the door; whoever was there before is signed out.
    pub(crate) async fn signs_in(&self, name: &str, word: &str) {
        self.client.delete_all_cookies().await.unwrap();
        self.goes("/").await;
        self.fills("账号", name).await;
        self.fills("密码", word).await;
        self.presses("登录").await;
        self.sees("工作台").await;
    }

    /// Clicks the first visible button or link of these words.
    pub(crate) async fn presses(&self, words: &str) {
        let path = format!(
            "//button[normalize-space(.)={0}] | //a[normalize-space(.)={0}]",
            quoted(words)
        );
        self.leads_on(&path, words).await;
    }

    /// Clicks what leads to another page, and waits until this one is gone.
    async fn leads_on(&self, path: &str, words: &str) {
        let element = self.visible(path, words).await;
        let here = self.client.find(Locator::Css("html")).await.unwrap();
        self.clicks(&element, words).await;
        let until = Instant::now() + PATIENCE;
        while here.tag_name().await.is_ok() {
            if Instant::now() > until {
                self.gives_up(&format!("“{words}” leads nowhere")).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn clicks(&self, element: &Element, words: &str) {
        // A person scrolls until nothing covers the button; the driver would not.
        let target = serde_json::to_value(element).unwrap();
        let scroll = "arguments[0].scrollIntoView({block: 'center'})";
        self.client.execute(scroll, vec![target]).await.unwrap();
        if let Err(error) = element.click().await {
            self.gives_up(&format!("“{words}” cannot be clicked: {error:?}"))
                .await;
        }
    }

    /// Clicks the first visible link or button that begins with these words.
    pub(crate) async fn follows(&self, words: &str) {
        let path = format!(
            "//a[starts-with(normalize-space(.), {0})] | //button[starts-with(normalize-space(.), {0})]",
            quoted(words)
        );
        self.leads_on(&path, words).await;
    }

    /// Types into the field of this label, over what stands there.
    pub(crate) async fn fills(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses from the list of this label, by the end of the option's words.
    pub(crate) async fn selects(&self, label: &str, option: &str) {
        let list = self.field(label).await;
        let options = list.find_all(Locator::Css("option")).await.unwrap();
        for candidate in options {
            let words = candidate.text().await.unwrap();
            if words.trim().ends_with(option) {
                candidate.click().await.unwrap();
                return;
            }
        }
        self.gives_up(&format!("“{label}” offers no “{option}”"))
            .await;
    }

    /// Chooses a radio or a tick by the words beside it.
    pub(crate) async fn chooses(&self, words: &str) {
        let path = format!(
            "//label[input][starts-with(normalize-space(.), {})]",
            quoted(words)
        );
        let element = self.visible(&path, words).await;
        self.clicks(&element, words).await;
    }

    /// Chooses in the group of this legend.
    pub(crate) async fn chooses_at(&self, legend: &str, words: &str) {
        let path = format!(
            "//fieldset[legend[starts-with(normalize-space(.), {})]]//label[input][starts-with(normalize-space(.), {})]",
            quoted(legend),
            quoted(words)
        );
        let element = self.visible(&path, words).await;
        self.clicks(&element, words).await;
    }

    /// Gives a mark to a department.
    pub(crate) async fn marks(&self, department: &str, label: &str, mark: &str) {
        let path = format!(
            "//fieldset[legend[contains(normalize-space(.), {})]]//label[starts-with(normalize-space(.), {})]/select",
            quoted(department),
            quoted(label)
        );
        let list = self.visible(&path, label).await;
        list.select_by_value(mark).await.unwrap();
    }

    /// Waits until the words stand on the page.
    pub(crate) async fn sees(&self, words: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return self.fits().await;
            }
            if Instant::now() > until {
                self.gives_up(&format!("“{words}” is not on the page:\n{text}"))
                    .await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Insists that the words stand nowhere on the page.
    pub(crate) async fn sees_no(&self, words: &str) {
        let text = self.text().await;
        if text.contains(words) {
            self.gives_up(&format!("“{words}” is on the page:\n{text}"))
                .await;
        }
    }

    /// The path of the page that is open.
    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await;
        match body {
            Ok(body) => body.text().await.unwrap_or_default(),
            // The page is just changing.
            Err(_) => String::new(),
        }
    }

    /// Insists that nothing lies beyond the right edge, so that nobody scrolls sideways.
    async fn fits(&self) {
        let look = "const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return '';
            const wide = [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > width + 1);
            return wide.length ? wide[wide.length - 1].outerHTML.slice(0, 200) : 'the page';";
        let beyond = self.client.execute(look, Vec::new()).await;
        let beyond = beyond
            .ok()
            .and_then(|words| words.as_str().map(str::to_owned));
        if let Some(element) = beyond.filter(|element| !element.is_empty()) {
            self.gives_up(&format!("beyond the right edge: {element}"))
                .await;
        }
    }

    /// Insists that the pages' own scripts do not run.
    async fn without_script(&self) {
        let page = "data:text/html,<title>off</title><script>document.title='on'</script>";
        self.client.goto(page).await.unwrap();
        assert_eq!(
            self.client.title().await.unwrap(),
            "off",
            "scripts are switched off"
        );
    }

    async fn field(&self, label: &str) -> Element {
        let name = quoted(label);
        let named = format!(
            "//*[@id=//label[normalize-space(text())={name} or starts-with(normalize-space(.), concat({name}, '（'))]/@for] \
             | //*[@aria-label={name}]"
        );
        self.visible(&named, label).await
    }

    /// The first element of an XPath that a person can see, once there is one.
    async fn visible(&self, path: &str, words: &str) -> Element {
        let until = Instant::now() + PATIENCE;
        loop {
            let found = self
                .client
                .find_all(Locator::XPath(path))
                .await
                .unwrap_or_default();
            for element in found {
                if element.is_displayed().await.unwrap_or(false) {
                    return element;
                }
            }
            if Instant::now() > until {
                let text = self.text().await;
                self.gives_up(&format!("“{words}” is nowhere to be seen:\n{text}"))
                    .await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Keeps a picture and fails.
    async fn gives_up(&self, why: &str) {
        let picture = self.client.screenshot().await.unwrap_or_default();
        let name = self.folder.0.with_extension("png");
        std::fs::write(&name, picture).unwrap();
        let path = self.path().await;
        // The driver is killed with the test, but would leave the window behind.
        let _ = self.client.clone().close().await;
        panic!("{path}: {why}\n{}", name.display());
    }

    /// Closes the window.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}

/// A string as XPath writes it; none of ours holds both kinds of quotes.
fn quoted(words: &str) -> String {
    format!("\"{words}\"")
}

/// Starts the driver on a port that it chooses.
async fn start_driver() -> (Child, u16) {
    let started = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut driver = started.expect("chromedriver is installed (apt-get install chromium-driver)");
    let mut says = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = says.next_line().await.unwrap() {
        if let Some((_, rest)) = line.split_once("started successfully on port ") {
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return (driver, port.parse().unwrap());
        }
    }
    panic!("chromedriver did not start");
}
