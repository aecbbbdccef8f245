//! Who imports, and the keys under which what was uploaded and whom it names are sealed.

use std::ops::Deref;

use super::model::Outcome;
use crate::base::assets::hex;
use crate::base::error::Result;
use crate::base::seal::Keys;
use crate::org::access::Viewer;

/// Somebody with the keys at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'a> {
    me: &'a Viewer,
    pub(super) keys: &'a Keys,
}

impl<'a> By<'a> {
    /// The viewer with these keys.
    pub(super) fn new(me: &'a Viewer, keys: &'a Keys) -> Self {
        Self { me, keys }
    }

    /// Keyed digests of what a check came to, under every key, the first key's first: equal ones mean
    /// that nothing that matters to any row has changed. Keyed, because the rows hold numbers.
    pub(super) fn seen(&self, outcome: &Outcome) -> Result<Vec<String>> {
        let digests = self.keys.digests("import", &outcome.text())?;
        Ok(digests.iter().map(|d| hex(d)).collect())
    }
}

impl Deref for By<'_> {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        self.me
    }
}
