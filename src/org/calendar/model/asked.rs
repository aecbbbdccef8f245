//! Due times asked for line by line, as `street-whistle due` takes them.

use chrono::NaiveDateTime;

use super::{Calendar, Limit, Unit};
use crate::base::clock::instant;
use crate::base::words::minute;

impl Calendar {
    /// Answers one line `YYYY-MM-DD HH:MM<TAB>N unit`, local time: the due time to the minute, a
    /// tab, and the explanation. Or the reason why not, in a sentence.
    pub fn answer(&self, line: &str) -> Result<String, String> {
        let (start, limit) = line
            .split_once('\t')
            .ok_or("每行写开始时间、制表符、时限，例如 2026-02-13 10:00<TAB>3 work_day。")?;
        let start =
            NaiveDateTime::parse_from_str(start.trim(), "%Y-%m-%d %H:%M").map_err(|_| {
                format!(
                    "开始时间写成 2026-02-13 10:00 的样子，现在是 {}。",
                    start.trim()
                )
            })?;
        let due = self
            .due(instant(start), parsed(limit)?, &[])
            .map_err(|refused| refused.to_string())?;
        let lines: Vec<String> = due.lines.iter().map(ToString::to_string).collect();
        Ok(format!("{}\t{}", minute(due.at), lines.join("；")))
    }
}

fn parsed(limit: &str) -> Result<Limit, String> {
    let mut words = limit.split_whitespace();
    let (Some(amount), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Err(format!(
            "时限写数字和单位，例如 3 work_day，现在是 {}。",
            limit.trim()
        ));
    };
    let amount: i64 = amount
        .parse()
        .map_err(|_| format!("时限的数字写整数，现在是 {amount}。"))?;
    let unit: Unit = unit.parse().map_err(|()| {
        let units: Vec<&str> = Unit::ALL.iter().map(|u| u.code()).collect();
        format!("没有时限单位 {unit}，可用：{}。", units.join("、"))
    })?;
    Limit::new(amount, unit).map_err(|refused| refused.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::tests::year_2026;

    #[test]
    fn a_line_is_answered_or_told_what_is_wrong() {
        let answer = |line| year_2026().answer(line);
        let due = answer("2026-02-13 10:00\t3 work_day").unwrap();
        assert!(
            due.starts_with("2026-02-25 17:30\t02-13 周五 10:00 收到，当日不计；"),
            "{due}"
        );
        assert_eq!(
            answer("2026-02-16 22:00\t24 urgent_hour").unwrap(),
            "2026-02-17 22:00\t02-16 周一 22:00 起连续计 24 紧急工作时，夜间、休息日不扣；02-17 周二 22:00 到期"
        );
        for (line, said) in [
            ("", "每行写开始时间"),
            ("2026-02-30 10:00\t3 work_day", "开始时间写成"),
            ("2026-02-13 10:00\t3", "时限写数字和单位"),
            ("2026-02-13 10:00\tthree work_day", "写整数"),
            ("2026-02-13 10:00\t3 fortnight", "没有时限单位 fortnight"),
            ("2026-02-13 10:00\t0 work_day", "时限写 1 至 366"),
            ("2026-12-31 10:00\t3 work_day", "2027 年放假安排还没有录入"),
        ] {
            let refused = answer(line).unwrap_err();
            assert!(refused.contains(said), "{line}: {refused}");
        }
    }
}
