//! What came back: a status, and a page that is read like a person reads it.

use axum::http::{HeaderMap, StatusCode, header};
use scraper::{ElementRef, Html};

use super::form::{Form, select};
use super::outline::{outline, words};
use super::watch::Seen;

/// One answer of the program.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// What was asked for, for the messages of failures.
    pub(crate) asked: String,
    pub(crate) path: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// As text, where it is text.
    pub(crate) body: String,
    /// As it came.
    pub(crate) bytes: Vec<u8>,
    pub(crate) seen: Seen,
}

impl Page {
    /// The status as a number.
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Insists on a status, and says what came instead.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(
            self.status(),
            status,
            "{}\n{}\n{}",
            self.asked,
            self.text(),
            self.seen.faults.join("\n")
        );
        self
    }

    /// Insists on one of several statuses.
    #[track_caller]
    pub(crate) fn is_one_of(&self, statuses: &[u16]) -> &Self {
        assert!(
            statuses.contains(&self.status()),
            "{} answers {}\n{}",
            self.asked,
            self.status(),
            self.text()
        );
        self
    }

    /// Insists that the browser is sent on, and to this path.
    #[track_caller]
    pub(crate) fn goes_to(&self, path: &str) -> &Self {
        self.is(303);
        assert_eq!(self.location(), path, "{}", self.asked);
        self
    }

    /// Where the browser is sent.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get(header::LOCATION);
        location.map_or("", |l| l.to_str().unwrap())
    }

    /// How many round trips the page cost, besides the transaction's own and the mark that a
    /// session is alive, which is made once a minute.
    pub(crate) fn queries(&self) -> usize {
        let marks = |s: &&String| s.trim_start().starts_with("update sessions set seen_at");
        let all = self.seen.statements.len();
        all - self.seen.statements.iter().filter(marks).count()
    }

    /// Insists that the page costs no more round trips than this.
    #[track_caller]
    pub(crate) fn costs_at_most(&self, round_trips: usize) -> &Self {
        assert!(
            self.queries() <= round_trips,
            "{} costs {} round trips, {round_trips} are allowed:\n{}",
            self.asked,
            self.queries(),
            self.seen.statements.join("\n")
        );
        self
    }

    /// Whether it is a page, and not a table or a style sheet.
    pub(crate) fn is_html(&self) -> bool {
        let kind = self.headers.get(header::CONTENT_TYPE);
        kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    }

    fn document(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// What stands on the page, in plain lines, without the frame around it.
    pub(crate) fn text(&self) -> String {
        let document = self.document();
        let main = document.select(&select("main")).next();
        outline(main.unwrap_or(document.root_element()))
    }

    /// What stands around it: city, seat, person, menu.
    pub(crate) fn frame(&self) -> String {
        let document = self.document();
        let parts = select("header.top, nav.nav");
        let parts: Vec<String> = document.select(&parts).map(outline).collect();
        parts.join("\n")
    }

    /// The first heading.
    pub(crate) fn heading(&self) -> String {
        self.words_at("h1")
    }

    /// The words of the first element that the selector finds; none if there is none.
    pub(crate) fn words_at(&self, css: &str) -> String {
        self.all_words_at(css)
            .into_iter()
            .next()
            .unwrap_or_default()
    }

    /// The words of every element that the selector finds.
    pub(crate) fn all_words_at(&self, css: &str) -> Vec<String> {
        self.document().select(&select(css)).map(words).collect()
    }

    /// The attribute of the first element that the selector finds.
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let document = self.document();
        let element = document.select(&select(css)).next()?;
        element.attr(name).map(str::to_owned)
    }

    /// Looks at the parsed page.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Html) -> T) -> T {
        look(&self.document())
    }

    /// Whether the words stand anywhere on the page, typed values among them.
    pub(crate) fn says(&self, sentence: &str) -> bool {
        self.text().contains(sentence)
    }

    /// Insists that the words stand on the page.
    #[track_caller]
    pub(crate) fn shows(&self, sentence: &str) -> &Self {
        let text = self.text();
        assert!(
            text.contains(sentence),
            "“{sentence}” is not on {}:\n{text}",
            self.asked
        );
        self
    }

    /// Insists that the words stand nowhere in the answer, frame and hidden fields included.
    #[track_caller]
    pub(crate) fn never_names(&self, words: &str) -> &Self {
        assert!(
            !self.body.contains(words),
            "“{words}” must not be in {}:\n{}",
            self.asked,
            self.text()
        );
        self
    }

    /// Whether there is a button of these words.
    pub(crate) fn has_button(&self, button: &str) -> bool {
        self.all_words_at("button").iter().any(|b| b == button)
    }

    /// The words of all buttons on the page itself, in order.
    pub(crate) fn buttons(&self) -> Vec<String> {
        self.all_words_at("main button:not([aria-hidden])")
    }

    /// Where the first link of these words leads.
    #[track_caller]
    pub(crate) fn link(&self, link: &str) -> String {
        let document = self.document();
        let anchors = select("a[href]");
        let fits = |a: &ElementRef<'_>| words(*a) == link;
        let found = document.select(&anchors).find(fits);
        let found = found.or_else(|| document.select(&anchors).find(|a| words(*a).contains(link)));
        let Some(found) = found else {
            panic!("no link “{link}” on {}:\n{}", self.asked, self.text());
        };
        found.attr("href").unwrap_or_default().to_owned()
    }

    /// The form with a button of these words, filled in.
    #[track_caller]
    pub(crate) fn form(&self, button: &str, fields: &[(&str, &str)]) -> Form {
        let document = self.document();
        let form = Form::filled(&document, button, fields, &self.path);
        form.unwrap_or_else(|| panic!("no button “{button}” on {}:\n{}", self.asked, self.text()))
    }

    /// Whether a field or a group of choices of this label is offered.
    pub(crate) fn offers(&self, field: &str) -> bool {
        Form::offers(&self.document(), field)
    }

    /// The fields of free text in the form with this button: name, and which of that name.
    pub(crate) fn texts(&self, button: &str) -> Vec<(String, usize)> {
        Form::texts(&self.document(), button)
    }
}
