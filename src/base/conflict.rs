//! Two people act on one thing at once: one wins, the other sees both versions and loses
//! nothing. Drawn by `templates/ui/conflict.html`, for every area that carries versions.

/// What the thing is now, what was typed meanwhile, and how to go on.
#[derive(Clone, Debug, Default)]
pub struct Conflict {
    /// What it is called, with its number.
    pub name: String,
    /// How it stands now: label and value.
    pub now: Vec<(String, String)>,
    /// What was typed and is not saved: label and value.
    pub typed: Vec<(String, String)>,
    /// Why the same cannot be done any more; empty if it can.
    pub closed: String,
    /// Where to post it again.
    pub action: String,
    /// The fields to post again, with the version seen now.
    pub hidden: Vec<(String, String)>,
    /// The word on the button.
    pub button: String,
    /// Where the thing itself is.
    pub back: String,
}
