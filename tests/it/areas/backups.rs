//! Backups: made beside a running program, read back, brought back elsewhere; the page and the desk
//! say how they stand.

use std::fs;
use std::path::Path;

use chrono::Duration;
use street_whistle::org::events::Verb;
use street_whistle::org::{TenantId, backups};

use crate::harness::{Ended, Folder, Program, Town, run};

/// The dumps of a directory, the oldest first.
fn dumps(of: &Folder) -> Vec<String> {
    let all = fs::read_dir(&of.0).unwrap().flatten();
    let names = all.map(|entry| entry.file_name().into_string().unwrap());
    let is_dump = |name: &String| Path::new(name).extension().is_some_and(|e| e == "dump");
    let mut dumps: Vec<String> = names.filter(is_dump).collect();
    dumps.sort_unstable();
    dumps
}

async fn backs_up(data: &Folder, to: &Folder, keep: &str) -> Ended {
    let arguments = ["backup", "--data", data.path(), "--to", to.path()];
    run(&[&arguments[..], &["--keep", keep]].concat()).await
}

#[tokio::test]
async fn what_is_backed_up_comes_back_in_an_empty_directory() {
    let (data, to, anew) = (
        Folder::new("backed-up"),
        Folder::new("backups"),
        Folder::new("restored"),
    );
    let create = [
        "tenant",
        "create",
        "--data",
        data.path(),
        "--code",
        "220899",
        "--name",
        "新城市",
        "--host",
        "new.test",
        "--admin",
        "admin",
    ];
    let made = run(&create).await;
    assert!(made.well, "{}", made.complains);
    let kept = |folder: &Folder, name: &str| folder.0.join("files/tenant").join(name);
    fs::create_dir_all(data.0.join("files/tenant")).unwrap();
    fs::create_dir_all(data.0.join("files/incoming")).unwrap();
    fs::write(kept(&data, "first"), "甲").unwrap();
    fs::write(data.0.join("files/incoming/half"), "乙").unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data.path()];
    let mut program = Program::start(&serve, &data);
    program.address().await;

    let first = backs_up(&data, &to, "2").await;
    assert!(first.well, "{}", first.complains);
    assert!(first.says.contains("已从头读过一遍"), "{}", first.says);
    assert!(
        first.says.contains("新增附件 1 个 3 字节"),
        "{}",
        first.says
    );
    // A second later there is another name; what is gone since stays as long as a dump needs it.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    fs::remove_file(kept(&data, "first")).unwrap();
    fs::write(kept(&data, "second"), "丙丁").unwrap();
    let second = backs_up(&data, &to, "2").await;
    assert!(
        second.says.contains("新增附件 1 个 6 字节"),
        "{}",
        second.says
    );
    assert_eq!(dumps(&to).len(), 2);
    assert!(kept(&to, "first").exists() && kept(&to, "second").exists());
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    // Two at once would clear away each other's; what was broken off goes.
    fs::write(to.0.join("20261129-013000.dump.part"), "半个").unwrap();
    let held = fs::File::create(to.0.join("lock")).unwrap();
    held.lock().unwrap();
    let meanwhile = backs_up(&data, &to, "2").await;
    assert!(!meanwhile.well && meanwhile.complains.contains("另一次备份正在"));
    drop(held);
    let third = backs_up(&data, &to, "2").await;
    assert!(third.says.contains("附件没有新增"), "{}", third.says);
    assert_eq!(dumps(&to).len(), 2);
    assert!(!kept(&to, "first").exists() && kept(&to, "second").exists());
    assert!(!to.0.join("files/incoming").exists());
    assert!(!to.0.join("20261129-013000.dump.part").exists());
    program.signal("TERM").await;
    assert!(program.ends(std::time::Duration::from_mins(1)).await);

    let dump = to.0.join(dumps(&to).pop().unwrap());
    let dump = dump.to_str().unwrap();
    let restore = ["restore", "--from", dump, "--data", anew.path()];
    let back = run(&restore).await;
    assert!(back.well, "{}", back.complains);
    assert!(back.says.contains("附件 1 个"), "{}", back.says);
    assert_eq!(fs::read_to_string(kept(&anew, "second")).unwrap(), "丙丁");
    let listed = run(&["tenant", "list", "--data", anew.path()]).await;
    assert_eq!(listed.says, "220899\t新城市\t正式\tnew.test\n");
    // The record came back whole: three administrators, two backups; the third was not in its own dump.
    let verify = ["verify-audit", "--tenant", "220899", "--data", anew.path()];
    let whole = run(&verify).await;
    assert!(whole.well, "{}{}", whole.says, whole.complains);
    let again = run(&restore).await;
    assert!(!again.well && again.complains.contains("已经有数据"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", anew.path()];
    let mut program = Program::start(&serve, &anew);
    program.address().await;
    program.signal("TERM").await;
    assert!(program.ends(std::time::Duration::from_mins(1)).await);
}

#[tokio::test]
async fn a_backup_that_cannot_be_made_or_read_is_told() {
    let (data, to) = (Folder::new("not-backed-up"), Folder::new("no-backups"));
    let made = run(&["migrate", "--data", data.path()]).await;
    assert!(made.well, "{}", made.complains);
    let nowhere = Folder(Path::new("/dev/null/backups").to_path_buf());
    let refused = backs_up(&data, &nowhere, "2").await;
    assert!(!refused.well);
    assert!(
        refused.complains.contains("/dev/null/backups 不能写入"),
        "{}",
        refused.complains
    );
    let none = backs_up(&data, &to, "0").await;
    assert!(!none.well, "no dump would stay");
    let broken = to.0.join("20261129-013000.dump");
    fs::write(&broken, "PGDMP 半个").unwrap();
    let anew = Folder::new("not-restored");
    let from = broken.to_str().unwrap();
    let refused = run(&["restore", "--from", from, "--data", anew.path()]).await;
    assert!(
        !refused.well && refused.complains.contains("pg_restore"),
        "{}",
        refused.complains
    );
    let absent = run(&["restore", "--from", "/nowhere.dump", "--data", anew.path()]).await;
    assert!(
        absent.complains.contains("没有备份文件"),
        "{}",
        absent.complains
    );
}

#[tokio::test]
async fn the_page_and_the_desk_say_how_the_backups_stand() {
    let town = Town::raise_at("2026-11-23T01:00:00Z").await;
    let system = town.sign_in("system admin").await;
    system.opens("/").await.shows("还没有备份过");
    system
        .opens("/backups")
        .await
        .costs_at_most(3)
        .shows("还没有备份过");
    let records = async |verb, sentence: &str| {
        let mut tx = town.db().begin(town.tenant).await.unwrap();
        let tenant = TenantId(town.tenant);
        let recorded = backups::record(&mut tx, tenant, verb, sentence).await;
        recorded.unwrap();
        tx.commit().await.unwrap();
    };
    records(Verb::Backup, "20261123-090000.dump，数据库 12.0 MB").await;
    system.opens("/").await.never_names("备份过");
    system.opens("/backups").await.shows("数据库 12.0 MB");
    town.passes(Duration::hours(24));
    let system = town.sign_in("system admin").await;
    records(Verb::FailBackup, "没有做成：磁盘满了").await;
    system
        .opens("/")
        .await
        .shows("2026-11-24 09:00 备份没有做成。");
    system
        .opens("/backups")
        .await
        .shows("磁盘满了")
        .shows("备份失败");
    town.passes(Duration::minutes(5));
    records(Verb::Backup, "20261124-092000.dump，数据库 12.1 MB").await;
    system.opens("/").await.never_names("没有做成");
    let audit = town.sign_in("audit admin").await;
    audit.opens("/audit").await.shows("磁盘满了");
    for called in ["security admin", "audit admin", "city office"] {
        let person = town.sign_in(called).await;
        person.get("/backups").await.is(403);
    }
    let other = Town::raise().await;
    let stranger = other.sign_in("system admin").await;
    stranger.opens("/backups").await.never_names("12.0 MB");
}
