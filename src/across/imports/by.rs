//! Who imports, and the keys under which what was uploaded and whom it names are sealed.

use std::ops::Deref;

use crate::base::seal::Keys;
use crate::org::access::Viewer;

/// Somebody with the keys at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'a> {
    pub(super) me: &'a Viewer,
    pub(super) keys: &'a Keys,
}

impl Deref for By<'_> {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        self.me
    }
}
