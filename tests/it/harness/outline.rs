//! A page as a reader sees it, in plain lines: what a snapshot keeps.

use scraper::{ElementRef, Node};

/// Headings begin with `#`, rows of tables are cut by `|`, buttons stand in `[…]`, chips in
/// `(…)`, typed values in `«…»`, errors after `!`. What is hidden is left out.
pub(super) fn outline(root: ElementRef<'_>) -> String {
    let mut writer = Writer::default();
    writer.children(root);
    writer.end_line();
    writer.lines.join("\n")
}

/// The text of an element in one line.
pub(super) fn words(element: ElementRef<'_>) -> String {
    let all: String = element.text().collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    line: String,
    /// Within a row everything stays in its line.
    in_row: bool,
}

impl Writer {
    fn end_line(&mut self) {
        if self.in_row {
            if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            return;
        }
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if !line.is_empty() {
            self.lines.push(line.to_owned());
        }
    }

    fn write(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) && !self.line.is_empty() {
            self.space();
        }
        self.line
            .push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        if text.ends_with(char::is_whitespace) && !text.trim().is_empty() {
            self.space();
        }
    }

    fn space(&mut self) {
        if !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn children(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            if let Node::Text(text) = child.value() {
                self.write(text);
            } else if let Some(element) = ElementRef::wrap(child) {
                self.element(element);
            }
        }
    }

    fn between(&mut self, before: &str, element: ElementRef<'_>, after: &str) {
        self.line.push_str(before);
        self.children(element);
        let kept = self.line.trim_end().len();
        self.line.truncate(kept);
        self.line.push_str(after);
    }

    fn element(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        let has = |class: &str| value.classes().any(|c| c == class);
        match value.name() {
            "svg" | "script" | "style" | "template" => {}
            _ if has("print-only") => {}
            "h1" => self.heading("# ", element),
            "h2" => self.heading("## ", element),
            "h3" | "h4" => self.heading("### ", element),
            "tr" if !self.in_row => self.row(element),
            "button" => self.between("[", element, "]"),
            "a" if has("button") => self.between("[", element, " →]"),
            "br" => self.end_line(),
            "input" => self.input(element),
            "select" => {
                let chosen = super::form::chosen(element).map(words).unwrap_or_default();
                self.quote(&chosen);
            }
            "textarea" => self.between("«", element, "»"),
            "label" => self.between("", element, " "),
            "dt" => {
                self.end_line();
                self.between("", element, "：");
            }
            "dd" => {
                self.children(element);
                self.end_line();
            }
            "li" => {
                self.end_line();
                self.line.push_str("- ");
                self.children(element);
                self.end_line();
            }
            _ if has("error") => self.between("! ", element, " "),
            _ if has("chip") => self.between(" (", element, ") "),
            "a" | "b" | "i" | "em" | "strong" | "small" | "span" | "time" | "sup" | "abbr"
            | "th" | "td" => {
                self.children(element);
                self.space();
            }
            _ => {
                self.end_line();
                self.children(element);
                self.end_line();
            }
        }
    }

    fn quote(&mut self, value: &str) {
        self.line.push('«');
        self.line.push_str(value);
        self.line.push('»');
    }

    fn heading(&mut self, mark: &str, element: ElementRef<'_>) {
        self.end_line();
        self.between(mark, element, "");
        self.end_line();
    }

    fn row(&mut self, row: ElementRef<'_>) {
        self.end_line();
        self.in_row = true;
        let cells = row.children().filter_map(ElementRef::wrap);
        let cells: Vec<String> = cells
            .map(|cell| {
                self.children(cell);
                std::mem::take(&mut self.line).trim().to_owned()
            })
            .collect();
        self.in_row = false;
        self.line = format!("| {}", cells.join(" | "));
        self.end_line();
    }

    fn input(&mut self, input: ElementRef<'_>) {
        let value = input.attr("value").unwrap_or_default();
        let on = input.attr("checked").is_some();
        match input.attr("type").unwrap_or("text") {
            "hidden" => {}
            "radio" => self.line.push_str(if on { "(x) " } else { "( ) " }),
            "checkbox" => self.line.push_str(if on { "[x] " } else { "[ ] " }),
            _ => self.quote(value),
        }
    }
}
