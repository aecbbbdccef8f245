//! A form as a person fills it in: by the words that stand beside its fields.

use scraper::{ElementRef, Html, Selector};

use super::outline::words;

pub(super) fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// The option of a select that is chosen, or the first.
pub(super) fn chosen(select_element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let marked = select_element.select(&select("option[selected]")).next();
    marked.or_else(|| select_element.select(&select("option")).next())
}

/// A form with what it holds, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) posts: bool,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// The first form with a button of these words.
    pub(super) fn with_button(document: &Html, button: &str, path: &str) -> Option<Self> {
        let forms = select("form");
        let found = document.select(&forms).find_map(|form| {
            let buttons = select("button");
            let pressed = form.select(&buttons).find(|b| words(*b) == button)?;
            Some((form, pressed))
        });
        let (form, pressed) = found?;
        let mut fields = held(form);
        if let Some(name) = pressed.attr("name") {
            let value = pressed.attr("value").unwrap_or_default();
            fields.push((name.to_owned(), value.to_owned()));
        }
        let action = pressed.attr("formaction").or(form.attr("action"));
        Some(Self {
            action: action.filter(|a| !a.is_empty()).unwrap_or(path).to_owned(),
            posts: form
                .attr("method")
                .is_some_and(|m| m.eq_ignore_ascii_case("post")),
            fields,
        })
    }

    /// Fills in a field, named by its label or by its name; a choice is named by its own words
    /// or by its value.
    pub(super) fn fill(&mut self, document: &Html, field: &str, value: &str) {
        let (name, value) = resolved(document, field, value);
        let ticks = format!("input[type=checkbox][name=\"{name}\"]");
        let several = document.select(&select(&ticks)).count() > 0;
        if several {
            self.fields.push((name, value));
        } else if let Some(there) = self.fields.iter_mut().find(|(n, _)| *n == name) {
            there.1 = value;
        } else {
            self.fields.push((name, value));
        }
    }
}

/// What a browser would send if nothing were touched.
fn held(form: ElementRef<'_>) -> Vec<(String, String)> {
    let controls = select("input[name], select[name], textarea[name]");
    let held = form.select(&controls).filter_map(|control| {
        let name = control.attr("name")?.to_owned();
        let value = match control.value().name() {
            "select" => {
                let option = chosen(control)?;
                option
                    .attr("value")
                    .map_or_else(|| words(option), str::to_owned)
            }
            "textarea" => control.text().collect(),
            _ => {
                let kind = control.attr("type").unwrap_or("text");
                if matches!(kind, "radio" | "checkbox") && control.attr("checked").is_none() {
                    return None;
                }
                control.attr("value").unwrap_or_default().to_owned()
            }
        };
        Some((name, value))
    });
    held.collect()
}

/// From the words on the page to name and value.
fn resolved(document: &Html, field: &str, value: &str) -> (String, String) {
    let plain = |label: &str| label.trim_end_matches("（可不填）").trim().to_owned();
    let labels = select("label[for]");
    let label = document
        .select(&labels)
        .find(|l| plain(&words(*l)) == field);
    if let Some(id) = label.and_then(|l| l.attr("for")) {
        let by_id = select(&format!("[id=\"{id}\"]"));
        let control = document
            .select(&by_id)
            .next()
            .expect("a label names a control");
        let name = control
            .attr("name")
            .expect("a control has a name")
            .to_owned();
        return (name, value_of(control, value));
    }
    let legends = select("fieldset");
    let group = document.select(&legends).find(|f| {
        let legend = f.select(&select("legend")).next();
        legend.is_some_and(|l| plain(&words(l)) == field)
    });
    let choices = select("label:has(input[type=radio]), label:has(input[type=checkbox])");
    let inside = select("input");
    if let Some(group) = group {
        let choice = group.select(&choices).find_map(|label| {
            let input = label.select(&inside).next()?;
            let fits = words(label).starts_with(value) || input.attr("value") == Some(value);
            fits.then_some(input)
        });
        let choice = choice.unwrap_or_else(|| panic!("{field}：没有“{value}”这个选项"));
        let read = |attribute| choice.attr(attribute).unwrap_or_default().to_owned();
        return (read("name"), read("value"));
    }
    let tick = document.select(&choices).find(|l| words(*l) == field);
    if let Some(input) = tick.and_then(|l| l.select(&inside).next()) {
        let read = |attribute| input.attr(attribute).unwrap_or_default().to_owned();
        return (read("name"), read("value"));
    }
    let named = select(&format!("select[name=\"{field}\"]"));
    match document.select(&named).next() {
        Some(control) => (field.to_owned(), value_of(control, value)),
        None => (field.to_owned(), value.to_owned()),
    }
}

/// An option may be named by its words.
fn value_of(control: ElementRef<'_>, value: &str) -> String {
    let options = select("option");
    let option = control.select(&options).find(|o| words(*o) == value);
    let sent = option.map(|o| o.attr("value").map_or_else(|| words(o), str::to_owned));
    sent.unwrap_or_else(|| value.to_owned())
}
