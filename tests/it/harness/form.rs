//! A form as a person fills it in: by the words that stand beside its fields.

use scraper::{ElementRef, Html, Selector};

use super::outline::words;

pub(super) fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// The option of a select that is chosen, or the first.
pub(super) fn chosen(list: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let marked = list.select(&select("option[selected]")).next();
    marked.or_else(|| list.select(&select("option")).next())
}

/// A form with what it holds, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) posts: bool,
    pub(crate) fields: Vec<(String, String)>,
}

/// A form while it is filled in: every control with the value it will send, if any.
struct Filling<'a> {
    document: &'a Html,
    controls: Vec<(ElementRef<'a>, Option<String>)>,
}

impl Form {
    /// The first form with a button of these words, filled in.
    pub(super) fn filled(
        document: &Html,
        button: &str,
        fields: &[(&str, &str)],
        path: &str,
    ) -> Option<Self> {
        // A button that nobody sees or hears only catches the enter key.
        let buttons = select("button:not([aria-hidden])");
        let pressed = document.select(&buttons).find(|b| words(*b) == button)?;
        let form = owner_of(document, pressed)?;
        let mut filling = Filling::of(document, form);
        let mut extra = Vec::new();
        for (field, value) in fields {
            if !filling.fill(field, value) {
                assert!(
                    field.is_ascii(),
                    "“{field}” is not on the form of “{button}”"
                );
                extra.push(((*field).to_owned(), (*value).to_owned()));
            }
        }
        let mut fields = filling.sent();
        fields.extend(extra);
        if let Some(name) = pressed.attr("name") {
            let value = pressed.attr("value").unwrap_or_default();
            fields.push((name.to_owned(), value.to_owned()));
        }
        let action = pressed.attr("formaction").or(form.attr("action"));
        let posts = form
            .attr("method")
            .is_some_and(|m| m.eq_ignore_ascii_case("post"));
        Some(Self {
            action: action.filter(|a| !a.is_empty()).unwrap_or(path).to_owned(),
            posts,
            fields,
        })
    }

    /// Whether the page offers a field of this label.
    pub(super) fn offers(document: &Html, field: &str) -> bool {
        let forms = select("form");
        let mut all = document
            .select(&forms)
            .map(|form| Filling::of(document, form));
        all.any(|filling| {
            !filling.labelled(field).is_empty() || !filling.in_group(field).is_empty()
        })
    }

    /// The names of the fields that take free text, in the form with this button.
    pub(super) fn texts(document: &Html, button: &str) -> Vec<(String, usize)> {
        let buttons = select("button:not([aria-hidden])");
        let pressed = document.select(&buttons).find(|b| words(*b) == button);
        let form = pressed
            .and_then(|b| owner_of(document, b))
            .expect("a form with that button");
        let mut seen: Vec<(String, usize)> = Vec::new();
        for (control, _) in Filling::of(document, form).controls {
            let kind = control.attr("type").unwrap_or("text");
            let is_text = control.value().name() == "textarea"
                || control.value().name() == "input" && matches!(kind, "text" | "search" | "tel");
            if is_text {
                let name = control.attr("name").unwrap_or_default().to_owned();
                let nth = seen.iter().filter(|(n, _)| *n == name).count();
                seen.push((name, nth));
            }
        }
        seen
    }

    /// Sets the nth field of a name.
    pub(crate) fn set_nth(&mut self, name: &str, nth: usize, value: &str) {
        let mut all = self.fields.iter_mut().filter(|(n, _)| n == name);
        value.clone_into(&mut all.nth(nth).expect("the field is there").1);
    }

    /// What the nth field of a name holds.
    pub(crate) fn value_nth(&self, name: &str, nth: usize) -> &str {
        let mut all = self.fields.iter().filter(|(n, _)| n == name);
        all.nth(nth).map_or("", |(_, value)| value.as_str())
    }

    /// Sets a field by its name, whatever the page offers.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(n, _)| n == name) {
            Some(there) => value.clone_into(&mut there.1),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
    }

    /// What a field holds.
    pub(crate) fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(n, _)| n == name);
        field.map_or("", |(_, value)| value.as_str())
    }
}

/// The form that a button or a field belongs to: the one around it, or the one it names.
fn owner_of<'a>(document: &'a Html, control: ElementRef<'a>) -> Option<ElementRef<'a>> {
    if let Some(id) = control.attr("form") {
        let named = select(&format!("form[id=\"{id}\"]"));
        return document.select(&named).next();
    }
    let around = control.ancestors().filter_map(ElementRef::wrap);
    let mut around = around.filter(|element| element.value().name() == "form");
    around.next()
}

impl<'a> Filling<'a> {
    fn of(document: &'a Html, form: ElementRef<'a>) -> Self {
        let named = select("input[name], select[name], textarea[name]");
        let all = document.select(&named).filter(|control| {
            owner_of(document, *control).is_some_and(|owner| owner.id() == form.id())
        });
        Self {
            document,
            controls: all.map(|control| (control, held(control))).collect(),
        }
    }

    fn sent(&self) -> Vec<(String, String)> {
        let sent = self.controls.iter().filter_map(|(control, value)| {
            let name = control.attr("name")?.to_owned();
            Some((name, value.clone()?))
        });
        sent.collect()
    }

    /// Fills in a field, named by its label, by group and label (`供水公司 / 速度`), or by its
    /// name; says whether there is such a one.
    fn fill(&mut self, field: &str, value: &str) -> bool {
        let places = if let Some((group, label)) = field.split_once(" / ") {
            let inside = self.in_group(group);
            let labelled = self.labelled(label);
            inside
                .into_iter()
                .filter(|at| labelled.contains(at))
                .collect()
        } else {
            let mut places = self.labelled(field);
            if places.is_empty() {
                places = self.in_group(field);
            }
            if places.is_empty() {
                places = self.named(field);
            }
            places
        };
        let Some(first) = places.first().copied() else {
            return false;
        };
        let (control, _) = self.controls[first];
        match (control.value().name(), control.attr("type")) {
            ("select", _) => self.controls[first].1 = Some(option_of(control, value)),
            ("input", Some("radio" | "checkbox")) => self.choose(field, &places, value),
            _ => self.controls[first].1 = Some(value.to_owned()),
        }
        true
    }

    /// Chooses among radios or ticks: by the words beside one, or by its value.
    fn choose(&mut self, field: &str, places: &[usize], value: &str) {
        let fits = |at: &usize| {
            let (control, _) = self.controls[*at];
            let beside = self.label_of(control);
            beside == value || control.attr("value") == Some(value)
        };
        let begins = |at: &usize| self.label_of(self.controls[*at].0).starts_with(value);
        let exact = places.iter().copied().find(fits);
        let chosen = exact.or_else(|| places.iter().copied().find(begins));
        let chosen = chosen.unwrap_or_else(|| panic!("“{value}” is not offered at “{field}”"));
        let (control, _) = self.controls[chosen];
        if control.attr("type") == Some("radio") {
            for at in self.named(control.attr("name").unwrap_or_default()) {
                self.controls[at].1 = None;
            }
        }
        self.controls[chosen].1 = Some(control.attr("value").unwrap_or("on").to_owned());
    }

    fn named(&self, name: &str) -> Vec<usize> {
        self.places(|control| control.attr("name") == Some(name))
    }

    fn labelled(&self, label: &str) -> Vec<usize> {
        self.places(|control| {
            let hidden = control.attr("type") == Some("hidden");
            let radio = control.attr("type") == Some("radio");
            !hidden && !radio && self.label_of(control) == label
        })
    }

    fn in_group(&self, group: &str) -> Vec<usize> {
        self.places(|control| {
            let around = control.ancestors().filter_map(ElementRef::wrap);
            let mut groups = around.filter(|element| element.value().name() == "fieldset");
            let hidden = control.attr("type") == Some("hidden");
            !hidden && groups.any(|fieldset| legend_of(fieldset).contains(group))
        })
    }

    fn places(&self, fits: impl Fn(ElementRef<'a>) -> bool) -> Vec<usize> {
        let all = self.controls.iter().enumerate();
        all.filter(|(_, (control, _))| fits(*control))
            .map(|(at, _)| at)
            .collect()
    }

    /// The words that name a control: its label, the label around it, or those it says aloud.
    fn label_of(&self, control: ElementRef<'a>) -> String {
        if let Some(aloud) = control.attr("aria-label") {
            return aloud.to_owned();
        }
        let labels = select("label");
        let by_id = control.attr("id").and_then(|id| {
            let mut all = self.document.select(&labels);
            all.find(|label| label.attr("for") == Some(id))
        });
        let around = control.ancestors().filter_map(ElementRef::wrap);
        let mut around = around.filter(|element| element.value().name() == "label");
        let label = by_id.or_else(|| around.next());
        label.map_or_else(String::new, |label| plain(&own_words(label)))
    }
}

/// A label's words without those of the control inside it.
fn own_words(label: ElementRef<'_>) -> String {
    let inside = select("select, textarea");
    let all = words(label);
    let controls: Vec<String> = label.select(&inside).map(words).collect();
    controls
        .iter()
        .fold(all, |all, control| all.replace(control.as_str(), ""))
}

fn legend_of(fieldset: ElementRef<'_>) -> String {
    let legend = fieldset.select(&select("legend")).next();
    legend.map_or_else(String::new, |legend| plain(&words(legend)))
}

fn plain(label: &str) -> String {
    label.replace("（可不填）", "").trim().to_owned()
}

/// What a browser would send of a control that is not touched.
fn held(control: ElementRef<'_>) -> Option<String> {
    match control.value().name() {
        "select" => chosen(control).map(value_of),
        "textarea" => Some(control.text().collect()),
        _ => {
            let kind = control.attr("type").unwrap_or("text");
            let off = matches!(kind, "radio" | "checkbox") && control.attr("checked").is_none();
            (!off).then(|| control.attr("value").unwrap_or_default().to_owned())
        }
    }
}

fn value_of(option: ElementRef<'_>) -> String {
    option
        .attr("value")
        .map_or_else(|| words(option), str::to_owned)
}

/// An option may be named by its words, also by the last of them (`城南社区 / 金源小区`).
fn option_of(list: ElementRef<'_>, value: &str) -> String {
    let options = select("option");
    let exact = list.select(&options).find(|o| words(*o) == value);
    let ends = || list.select(&options).find(|o| words(*o).ends_with(value));
    exact
        .or_else(ends)
        .map_or_else(|| value.to_owned(), value_of)
}
