//! How Han characters sound (拼音), without tones; ü is `v`. The database knows the same sounds
//! (`han_sounds`): it writes down how each name sounds, here it is marked what was found by them.

use pinyin::{ToPinyin, ToPinyinMulti};

/// The usual sound of a character: `zhong` for 重.
pub fn usual(han: char) -> Option<String> {
    Some(plain(han.to_pinyin()?.plain()))
}

/// The usual sounds of a text after one another: `zhangwei` for 张伟. What has no sound is left out.
pub fn spelt(text: &str) -> String {
    text.chars().filter_map(usual).collect()
}

/// Every sound of a character: `zhong`, `chong` and `tong` for 重.
fn all(han: char) -> Vec<String> {
    let all = han.to_pinyin_multi().into_iter().flatten();
    all.map(|sound| plain(sound.plain())).collect()
}

fn plain(sound: &str) -> String {
    sound.replace('ü', "v")
}

/// Where a word that is spelt, whole or by first letters, or mixed with characters, stands in a name:
/// the first character and the one after the last. Both are written as [`super::finding::folded`]
/// writes them.
pub fn place_of(name: &[char], word: &str) -> Option<(usize, usize)> {
    let word: Vec<char> = word.chars().collect();
    let spelt = word.iter().any(char::is_ascii_lowercase);
    if word.len() < 2 || !spelt {
        return None;
    }
    (0..name.len()).find_map(|from| Some((from, from + eaten(name.get(from..)?, &word)?)))
}

/// How many characters of the name the whole word stands for, from its beginning.
fn eaten(name: &[char], word: &[char]) -> Option<usize> {
    let Some(first) = word.first() else {
        return Some(0);
    };
    let (here, rest) = name.split_first()?;
    let mut steps = Vec::new();
    if first == here {
        steps.push(1);
    }
    for sound in all(*here) {
        let same = sound.chars().zip(word).take_while(|(a, b)| a == *b).count();
        steps.extend(1..=same);
    }
    steps.sort_unstable();
    steps.dedup();
    // The longest first: `xian` is 先 before it is 西安.
    let mut steps = steps.into_iter().rev();
    steps.find_map(|step| Some(1 + eaten(rest, word.get(step..)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, word: &str) -> Option<String> {
        let name: Vec<char> = name.chars().collect();
        let (from, to) = place_of(&name, word)?;
        Some(name[from..to].iter().collect())
    }

    #[test]
    fn words_are_spelt_whole_by_first_letters_or_mixed() {
        for (name, word, shown) in [
            ("新明小区", "xmxq", "新明小区"),
            ("新明小区", "xinm", "新明"),
            ("新明小区", "xinmingxq", "新明小区"),
            ("新明小区", "新mxq", "新明小区"),
            ("新明小区", "mx", "明小"),
            ("张伟", "zhangw", "张伟"),
            ("张伟", "z伟", "张伟"),
            ("重庆路", "chongql", "重庆路"),
            ("重庆路", "zhongql", "重庆路"),
            ("吕梁路", "lvll", "吕梁路"),
            ("西安路", "xianl", "西安路"),
            ("a区", "aq", "a区"),
        ] {
            assert_eq!(found(name, word).as_deref(), Some(shown), "{name} {word}");
        }
    }

    #[test]
    fn what_is_not_spelt_so_is_not_found() {
        for (name, word) in [
            ("新明小区", "xx"),
            ("新明小区", "x"),
            ("新明小区", "inming"),
            ("新明小区", "新明"),
            ("", "xm"),
        ] {
            assert_eq!(found(name, word), None, "{name} {word}");
        }
    }
}
