//! The three real notices, and what is wrong in broken ones.

use super::super::tests::{day, hours, year_2026};
use super::super::{Calendar, WorkDayMode};
use super::*;

const Y2024: &str = "国务院办公厅关于2024年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2023年10月25日";

const Y2025: &str = "一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。";

const Y2026: &str = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。";

fn worked(year: i32, text: &str) -> usize {
    let days = read_notice(year, text).unwrap();
    let calendar = Calendar::new(WorkDayMode::Dates, [year], days, hours());
    calendar.year_length(year).unwrap()
}

#[test]
fn the_three_real_notices_are_read() {
    assert_eq!(worked(2024, Y2024), 251);
    assert_eq!(worked(2025, Y2025), 248);
    assert_eq!(worked(2026, Y2026), 248);
    let said: Vec<SpecialDay> = year_2026().special_days().cloned().collect();
    assert_eq!(read_notice(2026, Y2026).unwrap(), said);
    let joined = read_notice(2024, Y2024).unwrap();
    let june: Vec<NaiveDate> = joined
        .iter()
        .map(|d| d.day)
        .filter(|d| d.month() == 6)
        .collect();
    assert_eq!(
        june,
        [day("2024-06-08"), day("2024-06-09"), day("2024-06-10")]
    );
}

#[test]
fn spaces_wide_figures_and_broken_lines_do_no_harm() {
    let text = Y2026
        .replace("1月1日", " １ 月 1 日 ")
        .replace("共3天。1月4日", "共3天。\n1月4日")
        .replace('（', "(")
        .replace('：', ":");
    assert_eq!(read_notice(2026, &text), read_notice(2026, Y2026));
    let eve = Y2025.replace("1月28日（农历除夕、周二）", "除夕（1月28日，周二）");
    assert_eq!(read_notice(2025, &eve), read_notice(2025, Y2025));
}

#[test]
fn what_does_not_agree_is_named_with_its_line() {
    for (good, bad, line, said) in [
        ("共9天", "共8天", 2, "写着共 8 天，按日期算是 9 天。"),
        (
            "至6日（周一）",
            "至6日（周二）",
            3,
            "4 月 6 日是周一，写着周二。",
        ),
        (
            "5月9日（周六）上班",
            "5月11日（周一）上班",
            4,
            "5 月 11 日不是周末，不用写上班。",
        ),
        (
            "6月19日（周五）至21日（周日）放假，共3天",
            "6月19日至6月2日放假",
            5,
            "不像一个假期",
        ),
        ("9月25日", "9月31日", 6, "没有 2026 年 9 月 31 日这一天"),
        ("国庆节：10月1日", "国庆节：1日", 7, "1日前面没有写月份。"),
        ("三、清明节：", "三、清明节", 3, "没有冒号"),
        ("放假，共3天。\n四", "休息。\n四", 3, "没有写放假还是上班"),
        ("1月4日（周日）上班", "1月3日（周六）上班", 1, "这里又是班"),
    ] {
        let wrong = read_notice(2026, &Y2026.replace(good, bad)).unwrap_err();
        assert_eq!(wrong[0].line, line, "{bad}: {wrong:?}");
        assert!(wrong[0].to_string().contains(said), "{bad}: {}", wrong[0]);
        assert!(wrong[0].to_string().starts_with(&format!("第 {line} 行“")));
    }
    let wrong_year = read_notice(2027, Y2026).unwrap_err();
    assert_eq!(wrong_year.len(), 7, "every line is named: {wrong_year:?}");
    let short = Y2026.lines().take(6).collect::<Vec<_>>().join("\n");
    let wrong = read_notice(2026, &short).unwrap_err();
    assert!(wrong[0].to_string().starts_with("没有找到国庆节的安排。"));
    assert!(read_notice(2026, "").is_err());
}
