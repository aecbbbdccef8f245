//! What somebody typed to look for: the words, checked, and where they stand in what was found. The
//! database writes what it is found by in the same way (`search_text`).

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use super::form::FieldErrors;
use super::sounds;

/// The most that is read, in characters.
pub const LONGEST: usize = 60;
/// The most words at once.
pub const WORDS: usize = 6;
/// The most that one search brings; of words that more have, those a list shows first.
pub const SOUGHT: i64 = 300;

/// A text as it is searched: small letters, plain widths.
pub fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().to_ascii_lowercase()
}

/// Whether a sign only parts words; the database knows the same (`search_runs`).
fn parts(sign: char) -> bool {
    sign.is_whitespace() || sign.is_ascii_punctuation() || "、。“”‘’《》【】—…·".contains(sign)
}

/// The words of what was typed; none if nothing was. What is wrong with it, the field says.
pub fn words(errors: &mut FieldErrors, field: &str, typed: &str) -> Option<Vec<String>> {
    let mut own = FieldErrors::new();
    let text = own.text(field, "查找内容", typed, (0, LONGEST));
    let text = folded(&text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let named: Vec<String> = words
        .iter()
        .filter(|word| !word.chars().all(parts))
        .map(|word| (*word).to_owned())
        .collect();
    if own.is_empty() && named.is_empty() && !words.is_empty() {
        own.add(
            field,
            "只有标点符号找不出内容，请输入编号、文字或拼音，例如“漏水”。",
        );
    }
    if own.is_empty() && named.len() > WORDS {
        own.add(
            field,
            format!("一次最多找 {WORDS} 个词，请留下最要紧的几个。"),
        );
    }
    if own.is_empty() {
        return (!named.is_empty()).then_some(named);
    }
    errors.extend(own);
    None
}

/// A piece of a text that is shown, and whether it is what was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece<'a> {
    /// The piece as it stands in the text.
    pub text: &'a str,
    /// Whether it is marked.
    pub found: bool,
}

/// The text in pieces, what was looked for apart: words that stand in it.
pub fn marked<'a>(text: &'a str, words: &[String]) -> Vec<Piece<'a>> {
    pieces(text, words, false)
}

/// The same of a name, which is also found by how it sounds.
pub fn marked_name<'a>(name: &'a str, words: &[String]) -> Vec<Piece<'a>> {
    pieces(name, words, true)
}

fn pieces<'a>(text: &'a str, words: &[String], by_sound: bool) -> Vec<Piece<'a>> {
    // Each sign as it is searched, with the one of the text that it comes from.
    let mut signs: Vec<char> = Vec::new();
    let mut from: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        for sign in folded(c.encode_utf8(&mut [0; 4])).chars() {
            signs.push(sign);
            from.push(at);
        }
    }
    let mut found = vec![false; signs.len()];
    for word in words {
        let word_signs: Vec<char> = word.chars().collect();
        let mut stands = false;
        for at in 0..signs.len() {
            if !word_signs.is_empty()
                && signs.get(at..at + word_signs.len()) == Some(word_signs.as_slice())
            {
                stands = true;
                found
                    .iter_mut()
                    .skip(at)
                    .take(word_signs.len())
                    .for_each(|f| *f = true);
            }
        }
        if by_sound
            && !stands
            && let Some((begin, end)) = sounds::place_of(&signs, word)
        {
            found
                .iter_mut()
                .take(end)
                .skip(begin)
                .for_each(|f| *f = true);
        }
    }
    let is_found = |at: usize| from.iter().zip(&found).any(|(f, hit)| *f == at && *hit);
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut begin = 0;
    let mut before = None;
    for (at, _) in text.char_indices() {
        let now = is_found(at);
        if before.is_some_and(|before| before != now) {
            pieces.extend(text.get(begin..at).map(|text| Piece { text, found: !now }));
            begin = at;
        }
        before = Some(now);
    }
    let last = text.get(begin..).filter(|text| !text.is_empty());
    pieces.extend(last.map(|text| Piece {
        text,
        found: before == Some(true),
    }));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(typed: &str) -> Result<Vec<String>, String> {
        let mut errors = FieldErrors::new();
        let words = words(&mut errors, "q", typed);
        match errors.or(()) {
            Ok(()) => Ok(words.unwrap_or_default()),
            Err(errors) => Err(errors.sentences()),
        }
    }

    #[test]
    fn words_are_small_and_plain_and_parted_by_blanks() {
        for (typed, words) in [
            ("", vec![]),
            ("  ", vec![]),
            ("新明　漏水", vec!["新明", "漏水"]),
            ("ＤＡＺ－２０２６", vec!["daz-2026"]),
            ("Zhang Wei", vec!["zhang", "wei"]),
            ("漏水 、 ！", vec!["漏水"]),
            ("100%", vec!["100%"]),
            ("😀", vec!["😀"]),
            ("a & b | !c:*", vec!["a", "b", "!c:*"]),
        ] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!(read(typed), Ok(words), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_said() {
        for (typed, says) in [
            ("%", "只有标点符号"),
            ("_", "只有标点符号"),
            ("、，。！", "只有标点符号"),
            ("a b c d e f g", "最多找 6 个词"),
            ("漏\0水", "控制字符"),
        ] {
            let sentence = read(typed).unwrap_err();
            assert!(sentence.contains(says), "{typed}: {sentence}");
        }
        let long = "水".repeat(10_000);
        assert!(read(&long).unwrap_err().contains("最多 60 个字"));
    }

    fn shown(text: &str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        let pieces = marked_name(text, &words);
        pieces
            .iter()
            .map(|p| {
                if p.found {
                    format!("[{}]", p.text)
                } else {
                    p.text.to_owned()
                }
            })
            .collect()
    }

    #[test]
    fn what_was_found_is_marked_as_it_stands() {
        for (text, words, marked) in [
            (
                "新明小区3号楼漏水",
                vec!["漏水", "小区3"],
                "新明[小区3]号楼[漏水]",
            ),
            ("ＤＡＺ-１２", vec!["daz-1"], "[ＤＡＺ-１]２"),
            ("水水水", vec!["水水"], "[水水水]"),
            ("<b>漏水</b>", vec!["漏水"], "<b>[漏水]</b>"),
            ("漏水", vec!["电"], "漏水"),
            ("重庆路", vec!["chongq"], "[重庆]路"),
            ("", vec!["水"], ""),
        ] {
            assert_eq!(shown(text, &words), marked, "{text} {words:?}");
        }
    }

    proptest! {
        #[test]
        fn marking_changes_no_text(text in ".{0,40}", word in ".{0,4}") {
            let words = [folded(&word)];
            let back: String = marked_name(&text, &words).iter().map(|p| p.text).collect();
            prop_assert_eq!(back, text);
        }
    }
}
