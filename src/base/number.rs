//! Numbers that people read out: prefix and kind, local day, sequence, check digit
//! (`DAR-20261113-00128-4`).

use chrono::NaiveDate;

/// Writes a number; the check digit catches one wrong figure and most swapped ones.
pub fn written(prefix: &str, kind: char, day: NaiveDate, sequence: i32) -> String {
    let head = format!("{prefix}{kind}");
    let day = day.format("%Y%m%d").to_string();
    let sequence = format!("{sequence:05}");
    let check = check_digit(&format!("{head}{day}{sequence}"));
    format!("{head}-{day}-{sequence}-{check}")
}

/// Whether the check digit fits.
pub fn is_sound(number: &str) -> bool {
    let Some((body, check)) = number.rsplit_once('-') else {
        return false;
    };
    let body: String = body.chars().filter(|c| *c != '-').collect();
    body.chars()
        .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && check.len() == 1
        && check == check_digit(&body).to_string()
}

/// ISO 7064 MOD 11,10 over the figures; a letter counts as two (A is 10, Z is 35).
fn check_digit(text: &str) -> u32 {
    let digits = text.chars().flat_map(|c| {
        let value = c.to_digit(36).unwrap_or(0);
        if c.is_ascii_digit() {
            vec![value]
        } else {
            vec![value / 10, value % 10]
        }
    });
    let mut product = 10;
    for digit in digits {
        let sum = match (product + digit) % 10 {
            0 => 10,
            sum => sum,
        };
        product = sum * 2 % 11;
    }
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_standards() {
        // The standard's own example is 0794 with check digit 5.
        assert_eq!(check_digit("0794"), 5);
        assert_eq!(check_digit("A"), check_digit("10"));
        assert_ne!(
            check_digit("DAS2026112300012"),
            check_digit("DAS2026112300021")
        );
    }

    #[test]
    fn one_wrong_figure_is_caught() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 13).unwrap();
        let number = written("DA", 'R', day, 128);
        assert!(number.starts_with("DAR-20261113-00128-"));
        assert!(is_sound(&number));
        for at in 4..12 {
            let mut wrong: Vec<char> = number.chars().collect();
            wrong[at] = if wrong[at] == '9' {
                '0'
            } else {
                ((wrong[at] as u8) + 1) as char
            };
            assert!(!is_sound(&wrong.into_iter().collect::<String>()));
        }
    }
}
