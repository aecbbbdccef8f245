//! What is said of a backup, and when there has been none for too long. Pure.

use chrono::{DateTime, Duration, Utc};

use crate::base::words;

/// After so long without a backup the desk and the page warn: one a day, and two hours to make it.
const LATE: Duration = Duration::hours(26);

/// A backup that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The name of the dump.
    pub name: String,
    /// How long it is.
    pub bytes: i64,
    /// How many attached files were new since the last one, and how long they are together; none where
    /// they lie in a bucket, which keeps its own copies.
    pub files: Option<(u64, i64)>,
    /// How long it took.
    pub took: Duration,
}

impl Made {
    /// What the record says.
    pub fn sentence(&self) -> String {
        let files = match self.files {
            Some((0, _)) => "附件没有新增".to_owned(),
            Some((count, bytes)) => format!("新增附件 {count} 个 {}", words::size(bytes)),
            None => "附件在对象存储，不在内".to_owned(),
        };
        format!(
            "{}，数据库 {}，已从头读过一遍；{files}。用时 {} 秒。",
            self.name,
            words::size(self.bytes),
            self.took.num_seconds()
        )
    }
}

/// How the backups of a tenant stand.
#[derive(Clone, Copy, Debug)]
pub struct Stands {
    last: Option<DateTime<Utc>>,
    /// When one failed after it.
    failed: Option<DateTime<Utc>>,
}

impl Stands {
    /// As the last of each kind says; a failure before a backup is over.
    pub fn of(last: Option<DateTime<Utc>>, failed: Option<DateTime<Utc>>) -> Self {
        let failed = failed.filter(|failed| last.is_none_or(|last| *failed > last));
        Self { last, failed }
    }

    /// What the administrator must know; nothing, if all is well.
    pub fn warning(self, now: DateTime<Utc>) -> Option<String> {
        let Some(last) = self.last else {
            return Some("还没有备份过。服务器坏了，数据就没有了。".to_owned());
        };
        if let Some(failed) = self.failed {
            return Some(format!("{} 备份没有做成。", words::minute(failed)));
        }
        let age = now - last;
        (age > LATE).then(|| format!("已经 {} 小时没有备份。", age.num_hours()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_backup_is_told() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let ago = |hours| Some(now - Duration::hours(hours));
        let told = |last, failed| Stands::of(last, failed).warning(now);
        assert!(told(None, None).unwrap().starts_with("还没有备份过"));
        assert_eq!(told(ago(26), None), None);
        assert_eq!(told(ago(27), None).unwrap(), "已经 27 小时没有备份。");
        assert!(told(ago(5), ago(1)).unwrap().contains("没有做成"));
        assert_eq!(told(ago(1), ago(5)), None);
    }
}
