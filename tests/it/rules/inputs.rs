//! What holds for whatever people type: tried with made-up inputs, not with chosen ones.

use chrono::NaiveDate;
use proptest::prelude::*;
use street_whistle::base::form::FieldErrors;
use street_whistle::base::web::Typed;
use street_whistle::base::{number, words};

use crate::harness::encoded;

proptest! {
    /// A form arrives as it was typed, whatever the characters and however often a name comes.
    #[test]
    fn a_form_is_read_as_it_was_written(fields in prop::collection::vec((".{1,8}", ".{0,40}"), 0..6)) {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let typed = Typed::read(encoded(&pairs).as_bytes()).unwrap();
        prop_assert_eq!(typed.0, fields);
    }

    /// No body makes the reader fall over.
    #[test]
    fn no_body_is_too_strange_to_be_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Typed::read(&body);
    }

    /// A text is taken exactly if it is neither too short nor too long and has no control
    /// characters; what is taken differs from what was typed only at its ends.
    #[test]
    fn a_text_is_taken_exactly_if_it_fits(typed in "\\PC{0,12}", min in 0_usize..4, more in 0_usize..8) {
        let mut errors = FieldErrors::new();
        let text = errors.text("field", "标题", &typed, (min, min + more));
        let length = typed.trim().chars().count();
        prop_assert_eq!(errors.is_empty(), (min..=min + more).contains(&length));
        prop_assert_eq!(text, typed.trim());
    }

    /// A number is sound, and no longer so with one figure changed.
    #[test]
    fn one_wrong_figure_makes_a_number_unsound(
        prefix in "[A-Z]{2}", kind in "[A-Z]", days in 0_i32..20_000, sequence in 1_i32..=99_999,
        place in 0_usize..13, change in 1_u32..10,
    ) {
        let day = NaiveDate::from_num_days_from_ce_opt(735_000 + days).unwrap();
        let written = number::written(&prefix, kind.chars().next().unwrap(), day, sequence);
        prop_assert!(number::is_sound(&written));
        let places: Vec<usize> = written.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = places[place % places.len()];
        let figure = written[at..=at].parse::<u32>().unwrap();
        let wrong = format!("{}{}{}", &written[..at], (figure + change) % 10, &written[at + 1..]);
        prop_assert!(!number::is_sound(&wrong), "{written} and {wrong}");
    }

    /// Masking leaves of a telephone number at most seven figures, of a name one character.
    #[test]
    fn masks_hide_enough(name in "\\p{Han}{2,4}", phone in "1[0-9]{10}") {
        let (shown, number) = (words::masked_name(&name), words::masked_phone(&phone));
        prop_assert_eq!(shown.chars().count(), 2);
        prop_assert!(shown.ends_with('*'));
        prop_assert_eq!(number.chars().filter(char::is_ascii_digit).count(), 7);
    }
}
