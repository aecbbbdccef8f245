//! Monthly bulletins (通报): written from what is counted, put out by the office, kept as they were.

use chrono::Duration;

use crate::harness::Town;

/// A town in December, with a November in which something happened.
async fn december() -> Town {
    let town = Town::raise_at("2026-11-20T02:00:00Z").await;
    town.closed(5).await;
    town.raised("路灯不亮").await;
    town.passes(Duration::days(13));
    town
}

#[tokio::test]
async fn the_office_puts_out_a_month_and_everybody_reads_it() {
    let town = december().await;
    let office = town.sign_in("city office").await;
    let clerk = town.sign_in("water clerk").await;
    clerk.opens("/bulletins").await.shows("还没有印发的通报");
    clerk.get("/bulletins/2026-11").await.is(404);
    office
        .opens("/bulletins")
        .await
        .costs_at_most(3)
        .shows("2026 年 11 月 | 未印发");
    office
        .follows("2026 年 11 月")
        .await
        .shows("稿子，还没有印发")
        .shows("上报事项 2 件，比上月多 2 件")
        .shows("街道吹哨 1 件，比上月多 1 件")
        .shows("办结 1 件，其中按时办结 1 件（100%）")
        .shows("有效回访 0 件，样本不足，不算比率。")
        .shows("| 供水公司 | — | 1 | 1 | 1（100%）");
    office
        .does("印发通报", &[("工作要求", "超期的哨单本周内办结。")])
        .await
        .shows("已印发通报")
        .shows("〔2026〕1 号")
        .shows("五、工作要求");
    let letter = clerk.opens("/bulletins/2026-11").await;
    letter
        .shows("超期的哨单本周内办结。")
        .shows("〔2026〕1 号")
        .shows("SHA-256");
    assert!(!letter.has_button("印发通报"));
    let recorded = town
        .text(&format!(
            "select sentence from events where tenant_id = '{}' and verb = 'issue_bulletin'",
            town.tenant
        ))
        .await;
    assert!(recorded.starts_with("2026 年 11 月通报，今年第 1 号，SHA-256 "));
}

#[tokio::test]
async fn what_was_put_out_stays_whatever_is_corrected_afterwards() {
    let town = december().await;
    let office = town.sign_in("city office").await;
    office.opens("/bulletins/2026-11").await;
    office.does("印发通报", &[]).await;
    town.sql(&format!(
        "update matters set filed_at = filed_at - interval '1 month' where tenant_id = '{}' and title = '路灯不亮'",
        town.tenant
    ))
    .await;
    let leader = town.sign_in("city leader").await;
    leader
        .opens("/bulletins/2026-11")
        .await
        .shows("上报事项 2 件，比上月多 2 件");
    let figures = leader.opens("/figures?from=2026-11-01&to=2026-11-30").await;
    assert_eq!(figures.words_at(".catalogue tbody tr td"), "1 件");
}

#[tokio::test]
async fn a_month_is_put_out_once_and_only_when_it_is_over() {
    let town = december().await;
    let (first, second) = (
        town.sign_in("city office").await,
        town.sign_in("city office").await,
    );
    first.opens("/bulletins/2026-11").await;
    second.opens("/bulletins/2026-11").await;
    first.does("印发通报", &[]).await.shows("已印发通报");
    second
        .submit("印发通报", &[])
        .await
        .is(409)
        .shows("〔2026〕1 号");
    first.opens("/bulletins/2026-10").await;
    first.does("印发通报", &[]).await.shows("〔2026〕2 号");
    for (month, status) in [
        ("2026-12", 404),
        ("2027-01", 404),
        ("2026-13", 404),
        ("2026-1", 404),
        ("..", 404),
        ("%E5%8D%81", 404),
    ] {
        let path = format!("/bulletins/{month}");
        first.get(&path).await.is_one_of(&[status, 303]);
    }
    let long = "长".repeat(501);
    first.opens("/bulletins/2026-09").await;
    first
        .submit("印发通报", &[("工作要求", &long)])
        .await
        .is(422)
        .shows("工作要求");
    let put_out = format!(
        "select count(*) from bulletins where tenant_id = '{}'",
        town.tenant
    );
    assert_eq!(town.number(&put_out).await, 2);
}
