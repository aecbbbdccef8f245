use super::*;
use crate::org::access::Reach;

fn facts(stage: Stage, who: Who) -> Facts {
    Facts {
        stage,
        who,
        behind_whistle: false,
        measured: true,
        has_others: false,
        merged_from: (stage == Stage::Merged).then_some(Stage::Accepted),
        target_open: true,
    }
}

/// One line for each stage and post: what it may do, and the stage that follows.
#[test]
fn stage_by_move_by_post() {
    let mut table = String::new();
    for &stage in Stage::ALL {
        for who in Who::ALL {
            let facts = facts(stage, who);
            let moves: Vec<String> = facts
                .open()
                .into_iter()
                .filter_map(|mv| facts.play(mv).ok().map(|next| (mv, next)))
                .map(|(mv, next)| format!("{}→{}", mv.label(), next.stage.label()))
                .collect();
            if !moves.is_empty() {
                let line = format!("{} {who:?}: {}\n", stage.label(), moves.join(" "));
                table.push_str(&line);
            }
        }
    }
    assert_eq!(
        table,
        "待受理 Grid: 记录处置→待受理 标记解决→已解决\n\
         待受理 Community: 受理→处置中 并案→已并案 不予受理→不予受理\n\
         处置中 Community: 记录处置→处置中 标记解决→已解决 上报街道→待街道分拣 并案→已并案 不予受理→不予受理\n\
         待街道分拣 Street: 记录处置→待街道分拣 标记解决→已解决 退社区处理→处置中 并案→已并案\n\
         已并案 Community: 拆案→处置中\n"
    );
}

#[test]
fn the_level_says_how_far_up_it_went() {
    let level = |stage, who| facts(stage, who).play(MoveKind::Solve).map(|n| n.level);
    assert_eq!(level(Stage::Filed, Who::Grid), Ok(Some(SolvedLevel::Grid)));
    assert_eq!(
        level(Stage::Accepted, Who::Community),
        Ok(Some(SolvedLevel::Community))
    );
    assert_eq!(
        level(Stage::Raised, Who::Street),
        Ok(Some(SolvedLevel::Street))
    );
}

#[test]
fn what_stands_behind_a_whistle_stays_there() {
    let mut raised = facts(Stage::Raised, Who::Street);
    raised.behind_whistle = true;
    assert!(raised.open().is_empty());
    assert!(!raised.waits());
    let mut accepted = facts(Stage::Accepted, Who::Community);
    accepted.behind_whistle = true;
    assert_eq!(accepted.open(), [MoveKind::Measure, MoveKind::Raise]);
}

#[test]
fn raising_needs_own_work_first() {
    let mut accepted = facts(Stage::Accepted, Who::Community);
    accepted.measured = false;
    let refusal = accepted.play(MoveKind::Raise).unwrap_err();
    assert_eq!(refusal.sentence(), "先记录处置，写明社区自己做了什么。");
    assert!(accepted.play(MoveKind::Solve).is_ok());
}

#[test]
fn merging_makes_no_chains_and_splitting_needs_an_open_target() {
    let mut filed = facts(Stage::Filed, Who::Community);
    filed.has_others = true;
    assert!(filed.play(MoveKind::Merge).is_err());
    let mut merged = facts(Stage::Merged, Who::Community);
    merged.target_open = false;
    assert!(merged.play(MoveKind::Split).is_err());
    merged.target_open = true;
    merged.merged_from = Some(Stage::Raised);
    assert!(merged.play(MoveKind::Split).is_err());
}

#[test]
fn a_list_never_reaches_beyond_the_viewer() {
    let community = Reach {
        community: Some("220882001005".to_owned()),
        ..Reach::default()
    };
    assert_eq!(narrowed(&community, ""), community);
    assert_eq!(narrowed(&community, "220882001"), community);
    let grid = narrowed(&community, "220882001005001");
    assert_eq!(grid.grid.as_deref(), Some("220882001005001"));
    assert!(narrowed(&community, "220882001006").nothing);
    assert!(narrowed(&community, "22x").nothing);
}
