//! What is wrong with a file, in sentences.

/// So many sentences are said; the others are counted.
pub(super) const SENTENCES: usize = 30;

/// What is wrong, each sentence once with the features that it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Remarks(Vec<(String, Vec<usize>)>);

impl Remarks {
    pub(super) fn of(sentence: impl Into<String>) -> Self {
        Self(vec![(sentence.into(), Vec::new())])
    }

    pub(super) fn add(&mut self, feature: usize, sentence: impl Into<String>) {
        let sentence = sentence.into();
        match self.0.iter_mut().find(|(said, _)| *said == sentence) {
            Some((_, features)) => features.push(feature),
            None => self.0.push((sentence, vec![feature])),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sentences, bounded, with the numbers of the features they are about.
    pub(in super::super) fn sentences(&self) -> Vec<String> {
        let one = |(sentence, features): &(String, Vec<usize>)| {
            let first: Vec<String> = features.iter().take(5).map(ToString::to_string).collect();
            match features.len() {
                0 => sentence.clone(),
                n if n > first.len() => {
                    format!("第 {} 等 {n} 个要素：{sentence}", first.join("、"))
                }
                _ => format!("第 {} 个要素：{sentence}", first.join("、")),
            }
        };
        let mut all: Vec<String> = self.0.iter().take(SENTENCES).map(one).collect();
        if self.0.len() > SENTENCES {
            all.push(format!(
                "另有 {} 处问题没有列出，改好上面的再传一次就会列出来。",
                self.0.len() - SENTENCES
            ));
        }
        all
    }
}
