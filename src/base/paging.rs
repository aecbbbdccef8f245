//! Pages by key: each page begins after a key, so the last page costs what the first costs.

use uuid::Uuid;

/// Rows on one page of a list.
pub const PAGE: i64 = 50;

/// Rows that an export reads at once: so its memory does not grow with the list.
pub const BATCH: i64 = 1_000;

/// Where a row stands in a list that is ordered by a number: the number, then the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The number by which the list is ordered.
    pub order: i64,
    /// The row.
    pub id: Uuid,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.order, self.id)
    }
}

impl std::str::FromStr for Key {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (order, id) = text.split_once('.').ok_or(())?;
        Ok(Self {
            order: order.parse().map_err(|_| ())?,
            id: id.parse().map_err(|_| ())?,
        })
    }
}

/// A page of rows and how to reach its neighbours.
#[derive(Clone, Debug)]
pub struct Paged<T, K = Uuid> {
    /// The rows shown.
    pub rows: Vec<T>,
    /// How many rows the whole list has; see [`Total`].
    pub total: Total,
    /// The place of the first row in the list, from 1.
    pub first: i64,
    /// The key after which the next page begins.
    pub next: Option<K>,
}

/// How long a list is. Counting stops at a bound, so that no page grows with history: whoever means
/// more than so many has figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total(pub i64);

/// Where counting stops.
pub const COUNTED: i64 = 20_000;

impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 > COUNTED {
            write!(f, "{COUNTED} 件以上")
        } else {
            write!(f, "{} 件", self.0)
        }
    }
}

impl<T, K> Paged<T, K> {
    /// Builds a page from up to [`PAGE`] + 1 rows that the query brought.
    pub fn new(rows: Vec<T>, total: i64, from: i64, key: impl Fn(&T) -> K) -> Self {
        Self::sized(rows, PAGE, (total, from), key)
    }

    /// Builds a page from up to `size` + 1 rows that the query brought: [`PAGE`] to be shown, or
    /// [`BATCH`] to be exported.
    pub fn sized(
        mut rows: Vec<T>,
        size: i64,
        (total, from): (i64, i64),
        key: impl Fn(&T) -> K,
    ) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = if more { rows.last().map(key) } else { None };
        Self {
            rows,
            total: Total(total),
            first: from.max(1),
            next,
        }
    }

    /// The place of the last row shown.
    pub fn last(&self) -> i64 {
        self.first + i64::try_from(self.rows.len()).unwrap_or(0) - 1
    }

    /// The place at which the next page begins.
    pub fn next_from(&self) -> i64 {
        self.last() + 1
    }
}
