//! The commands.

mod backup;
mod copies;

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tracing_subscriber::EnvFilter;

use crate::MIGRATIONS;
use crate::app::App;
use crate::base::clock::Clock;
use crate::base::db::{Db, Tx};
use crate::base::embedded::{Durability, Embedded};
use crate::base::error::Error;
use crate::base::mail::Mail;
use crate::base::password;
use crate::base::queue::Outcome;
use crate::base::seal::{self, Keys};
use crate::base::{sounds, store, words};
use crate::config::{Command, Files, KeyFile, MailServer, OwnerStore, Store, TenantCommand};
use crate::org::calendar::{self, Calendar};
use crate::org::people::{Doors, appoint_admins};
use crate::org::tenants::{self, Tenant};
use crate::org::{TenantId, audit, personal};
use crate::router;
use crate::sample;
use crate::work::assessment::{self, Period};
use crate::work::{classes, clocks, figures, packs, phrases};

/// The role that the program connects as: it owns no table and bypasses no policy.
const APP_ROLE: &str = "street_whistle_app";

/// How many threads answer: half of the cores. Most of a page is the database's work, beside it or
/// elsewhere; what is long (a picture, a sheet, a map's file, a password) has threads of its own, and
/// each thread more holds memory of its own.
fn serving_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1))
}

/// Runs one command to its end.
pub fn run(command: Command) -> Result<()> {
    let log =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(log)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(serving_threads())
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match command {
            Command::Demo {
                listen,
                data,
                files,
                mail,
                keys,
            } => demo(listen.listen, &data, &files, &mail, &keys).await,
            Command::Serve {
                listen,
                store,
                files,
                mail,
                keys,
            } => serve(listen.listen, store, &files, &mail, &keys).await,
            Command::Migrate {
                store,
                app_role_password,
            } => migrate(store, app_role_password).await,
            Command::Tenant(command) => tenant(command).await,
            Command::Routes => {
                list_routes();
                Ok(())
            }
            Command::Due { tenant, store } => due(&tenant, store).await,
            Command::Assess {
                tenant,
                period,
                csv,
                store,
            } => assess((&tenant, &period), csv, store).await,
            Command::VerifyAudit {
                tenant,
                noted,
                store,
            } => verify_audit((&tenant, noted.as_deref()), store).await,
            Command::Keys { new, keys, store } => list_keys(new, &keys, store).await,
            Command::Backup {
                to,
                keep,
                files,
                store,
            } => backup::make(&store, &files, (&to, keep)).await,
            Command::Restore { from, data } => backup::restore(&from, &data).await,
            Command::VerifyPack { file } => verify_pack(&file),
        }
    })
}

async fn demo(
    listen: std::net::SocketAddr,
    data: &Path,
    files: &Files,
    mail: &MailServer,
    keys: &KeyFile,
) -> Result<()> {
    let mail = mail_over(mail)?;
    let embedded = Embedded::start(data, Durability::Kept).await?;
    let keys = Keys::of_file(&keys.within(data));
    let files = files_in(files, data).await?;
    let mut owner = embedded.owner().connect().await?;
    MIGRATIONS.run(&mut owner).await?;
    if tenants::list(&mut owner).await.map_err(told)?.is_empty() {
        say("首次启动，正在装入大安市示例数据……");
        let login = embedded.owner();
        load_sample(&mut owner, login, (&files, &keys), Clock::System).await?;
    }
    owner.close().await?;
    let app = App::new(
        embedded.login(APP_ROLE),
        Clock::System,
        sample_doors(),
        files,
    );
    let app = app.mailing(mail).sealing(keys);
    served_on(app, listen, embedded).await
}

/// Serves until asked to stop, or until the database under it ends by itself.
async fn served_on(app: App, listen: std::net::SocketAddr, embedded: Embedded) -> Result<()> {
    let served = tokio::select! {
        served = app.serve(listen) => served,
        () = embedded.ended() => Err(anyhow::anyhow!("数据库意外停止，请重新启动")),
    };
    embedded.stop().await;
    served
}

/// The sample people of both sample cities, for the sign-in page.
pub fn sample_doors() -> Doors {
    let of = |code, doors: &'static [sample::Door]| {
        doors
            .iter()
            .map(move |d| (code, d.role, d.person, d.seat, d.login))
    };
    let people = of(sample::CITY_CODE, sample::CITY_DOORS)
        .chain(of(sample::NEIGHBOUR_CODE, sample::NEIGHBOUR_DOORS));
    Doors {
        password: sample::PASSWORD,
        people: people.collect(),
    }
}

/// Makes both sample cities and fills them, under the policies of the application though the owner is who
/// connects; everything in them ends at the clock's instant.
pub async fn load_sample(
    owner: &mut PgConnection,
    login: PgConnectOptions,
    (files, keys): (&store::Store, &Keys),
    clock: Clock,
) -> Result<()> {
    let now = clock.now();
    let hash = password::hashed(sample::PASSWORD.to_owned()).await?;
    let db = Db::open(login, clock);
    let mut loaded = Vec::new();
    for city in sample::CITIES {
        let tenant = Tenant {
            id: TenantId::at(now),
            code: city.code.to_owned(),
            name: city.name.to_owned(),
            sponsor: city.sponsor.to_owned(),
            is_sample: true,
            hosts: "localhost, 127.0.0.1".to_owned(),
        };
        tenants::create(owner, &tenant, city.prefix, now).await?;
        calendar::furnish(owner, tenant.id, now).await?;
        classes::furnish(owner, tenant.id, now).await?;
        clocks::furnish(owner, tenant.id, now).await?;
        assessment::furnish(owner, tenant.id, now).await?;
        phrases::furnish(owner, tenant.id, now).await?;
        let mut tx = db.begin(tenant.id.0).await.map_err(told)?;
        sqlx::raw_sql("set local role street_whistle_app")
            .execute(&mut *tx)
            .await?;
        match city.code {
            sample::CITY_CODE => sample::load_city(&mut tx, tenant.id.0, now, &hash, keys).await?,
            _ => sample::load_neighbour(&mut tx, tenant.id.0, now, &hash, keys).await?,
        }
        sample::attach_files(&mut tx, tenant.id.0, files)
            .await
            .map_err(told)?;
        tx.commit().await.map_err(told)?;
        loaded.push(tenant.id);
    }
    sqlx::raw_sql("analyze").execute(owner).await?;
    for tenant in loaded {
        count_days(&db, tenant).await.map_err(told)?;
    }
    db.close().await;
    Ok(())
}

/// Counts the days of a city that was just loaded, so that its first pages need not.
pub async fn count_days(db: &Db, tenant: TenantId) -> std::result::Result<(), Error> {
    loop {
        let mut tx = db.begin(tenant.0).await?;
        let outcome = figures::count(&mut tx, tenant).await?;
        tx.commit().await?;
        if matches!(outcome, Outcome::Done) {
            return Ok(());
        }
    }
}

async fn serve(
    listen: std::net::SocketAddr,
    store: Store,
    files: &Files,
    mail: &MailServer,
    keys: &KeyFile,
) -> Result<()> {
    let mail = mail_over(mail)?;
    if let Some(url) = store.database_url {
        let options: PgConnectOptions = url.parse().context("数据库地址写得不对")?;
        let files = files_in(files, &store.data).await?;
        return App::new(options, Clock::System, Doors::default(), files)
            .mailing(mail)
            .sealing(Keys::of_file(&keys.within(&store.data)))
            .serve(listen)
            .await;
    }
    let embedded = Embedded::start(&store.data, Durability::Kept).await?;
    let files = files_in(files, &store.data).await?;
    let mut owner = embedded.owner().connect().await?;
    MIGRATIONS.run(&mut owner).await?;
    owner.close().await?;
    let login = embedded.login(APP_ROLE);
    let app = App::new(login, Clock::System, Doors::default(), files)
        .mailing(mail)
        .sealing(Keys::of_file(&keys.within(&store.data)));
    served_on(app, listen, embedded).await
}

/// The store in the bucket, in the directory of the files, or in the data directory.
async fn files_in(files: &Files, data: &Path) -> Result<store::Store> {
    if let Some(bucket) = files.bucket.named() {
        return store::Store::within(&bucket).await;
    }
    let own = || data.join("files");
    store::Store::at(&files.files.clone().unwrap_or_else(own))
}

fn mail_over(server: &MailServer) -> Result<Mail> {
    match &server.smtp_url {
        Some(url) => Mail::over(url, &server.mail_from),
        None => Ok(Mail::default()),
    }
}

/// The owner's connection, and the private database behind it if there is one.
async fn owner(store: OwnerStore) -> Result<(PgConnection, Option<Embedded>)> {
    if let Some(url) = store.database_url {
        let options: PgConnectOptions = url.parse().context("数据库地址写得不对")?;
        return Ok((options.connect().await?, None));
    }
    let embedded = Embedded::start(&store.data, Durability::Kept).await?;
    let mut owner = embedded.owner().connect().await?;
    MIGRATIONS.run(&mut owner).await?;
    Ok((owner, Some(embedded)))
}

async fn finish(owner: PgConnection, embedded: Option<Embedded>) -> Result<()> {
    owner.close().await?;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    Ok(())
}

async fn migrate(store: OwnerStore, app_role_password: Option<String>) -> Result<()> {
    let (mut db, embedded) = owner(store).await?;
    MIGRATIONS.run(&mut db).await?;
    if let Some(word) = app_role_password {
        set_app_role_password(&mut db, &word).await?;
    }
    say("数据库已是最新版本。");
    finish(db, embedded).await
}

/// A role's password cannot be a parameter; the server itself quotes it.
async fn set_app_role_password(db: &mut PgConnection, word: &str) -> Result<()> {
    let statement = sqlx::query_scalar!(
        r#"select format('alter role street_whistle_app password %L', $1::text) as "statement!""#,
        word
    )
    .fetch_one(&mut *db)
    .await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(db)
        .await?;
    Ok(())
}

async fn tenant(command: TenantCommand) -> Result<()> {
    match command {
        TenantCommand::Create {
            store,
            code,
            name,
            host,
            admin,
            prefix,
        } => {
            let (mut db, embedded) = owner(store).await?;
            let now = Clock::System.now();
            let tenant = Tenant {
                id: TenantId::at(now),
                code,
                sponsor: format!("{name}城乡基层治理工作委员会办公室"),
                name,
                is_sample: false,
                hosts: host,
            };
            let prefix = prefix.unwrap_or_else(|| initials(&tenant.name));
            let mut tx = db.begin().await?;
            if let Err(error) = tenants::create(&mut tx, &tenant, &prefix, now).await {
                bail!("{}", why_no_tenant(&error));
            }
            calendar::furnish(&mut tx, tenant.id, now).await?;
            classes::furnish(&mut tx, tenant.id, now).await?;
            clocks::furnish(&mut tx, tenant.id, now).await?;
            assessment::furnish(&mut tx, tenant.id, now).await?;
            phrases::furnish(&mut tx, tenant.id, now).await?;
            let slips = appoint_admins(&mut tx, tenant.id, &admin, now)
                .await
                .map_err(told)?;
            tx.commit().await?;
            say(&format!(
                "已建立{}。下面是三名管理员的账号，请分别交给三个人；首次登录限 7 天内，登录后须修改密码。",
                tenant.name
            ));
            for (title, login, word) in slips {
                say(&format!("{title}：账号 {login}，首次密码 {word}"));
            }
            finish(db, embedded).await
        }
        TenantCommand::List { store } => {
            let (mut db, embedded) = owner(store).await?;
            for t in tenants::list(&mut db).await.map_err(told)? {
                let mark = if t.is_sample { "示例" } else { "正式" };
                say(&format!("{}\t{}\t{}\t{}", t.code, t.name, mark, t.hosts));
            }
            finish(db, embedded).await
        }
    }
}

/// The first letters of the first two characters: 大安市 is DA.
fn initials(name: &str) -> String {
    let letter = |c: char| sounds::usual(c)?.chars().next();
    name.chars()
        .filter_map(letter)
        .take(2)
        .collect::<String>()
        .to_uppercase()
}

/// The constraint that refused a tenant, in a sentence.
fn why_no_tenant(error: &sqlx::Error) -> String {
    match crate::base::db::refused_by(error).as_deref() {
        Some("tenants_code_key") => "这个区划代码已有租户。".to_owned(),
        Some("tenants_code_form") => "区划代码是 6 位数字，例如 220882。".to_owned(),
        Some("tenants_prefix_key") => "这个编号前缀已被使用，请换两个字母。".to_owned(),
        Some("tenants_prefix_form") => "编号前缀是两个大写字母，例如 DA。".to_owned(),
        Some("tenants_name_length") => "名称写 2 至 30 个字，例如 大安市。".to_owned(),
        Some("tenant_hosts_form") => "主机名只用小写字母、数字、点和横线。".to_owned(),
        _ => format!("没有建立租户：{error}"),
    }
}

/// The database as the application sees it, and the private server behind it if this command had
/// to start one. If the program runs on the data directory, its server answers.
async fn visitor(store: Store) -> Result<(PgConnectOptions, Option<Embedded>)> {
    if let Some(url) = store.database_url {
        return Ok((url.parse().context("数据库地址写得不对")?, None));
    }
    if let Some(running) = Embedded::running(&store.data, APP_ROLE)? {
        return Ok((running, None));
    }
    let embedded = Embedded::start(&store.data, Durability::Kept).await?;
    let mut owner = embedded.owner().connect().await?;
    MIGRATIONS.run(&mut owner).await?;
    owner.close().await?;
    Ok((embedded.login(APP_ROLE), Some(embedded)))
}

async fn due(code: &str, store: Store) -> Result<()> {
    let (options, embedded) = visitor(store).await?;
    let db = Db::open(options, Clock::System);
    let found = calendar_of(&db, code).await;
    db.close().await;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    let calendar = found?;
    let mut unanswered = 0;
    for line in std::io::stdin().lines() {
        let line = line?;
        match calendar.answer(line.trim_end_matches('\r')) {
            Ok(answer) => say(&answer),
            Err(reason) => {
                unanswered += 1;
                say(&format!("error\t{reason}"));
            }
        }
    }
    if unanswered > 0 {
        bail!("{unanswered} 行没有算出来，见各行的理由");
    }
    Ok(())
}

/// Adds a key if asked, then prints how much of all tenants is sealed under each.
async fn list_keys(new: bool, keys: &KeyFile, store: Store) -> Result<()> {
    let path = keys.within(&store.data);
    if new {
        let name = seal::add_key(&path).context("密钥文件不能写")?;
        say(&format!("已加入新密钥 {name}。请把密钥文件另存一份。"));
    }
    let keys = Keys::of_file(&path);
    if let Some(fault) = keys.fault() {
        bail!("密钥文件不能用：{fault}");
    }
    let (options, embedded) = visitor(store).await?;
    let db = Db::open(options, Clock::System);
    let found = personal::sealed_under(&db).await.map_err(told);
    db.close().await;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    let found = found?;
    let names = keys.names();
    for (place, name) in names.iter().enumerate() {
        let amount = found.get(name).copied().unwrap_or_default();
        let stands = match (place, amount) {
            (0, _) => "现用",
            (_, 0) => "不再使用，可以删去",
            _ => "还在使用",
        };
        say(&format!("{name}\t{amount}\t{stands}"));
    }
    let lost: Vec<&String> = found.keys().filter(|name| !names.contains(name)).collect();
    if !lost.is_empty() {
        bail!("有内容用密钥文件里没有的密钥加密：{lost:?}");
    }
    Ok(())
}

/// A transaction of the tenant with this code.
async fn inside(db: &Db, code: &str) -> Result<(Tx, TenantId)> {
    let mut outside = db.begin_outside().await.map_err(told)?;
    let found = tenants::list(&mut outside).await.map_err(told)?;
    drop(outside);
    let tenant = found
        .into_iter()
        .find(|t| t.code == code)
        .with_context(|| format!("没有区划代码是 {code} 的租户"))?;
    let tx = db.begin(tenant.id.0).await.map_err(told)?;
    Ok((tx, tenant.id))
}

async fn calendar_of(db: &Db, code: &str) -> Result<Calendar> {
    let (mut tx, tenant) = inside(db, code).await?;
    calendar::all(&mut tx, tenant).await.map_err(told)
}

async fn assess((code, period): (&str, &str), csv: bool, store: Store) -> Result<()> {
    let period: Period = period.parse().map_err(anyhow::Error::msg)?;
    let (options, embedded) = visitor(store).await?;
    let db = Db::open(options, Clock::System);
    let found = scores(&db, code, period).await;
    db.close().await;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    let table = found?;
    let lines = if csv {
        separated(&table)?
    } else {
        aligned(&table)
    };
    for line in lines {
        say(&line);
    }
    Ok(())
}

/// The table of a period, its head first.
async fn scores(db: &Db, code: &str, period: Period) -> Result<Vec<Vec<String>>> {
    let (mut tx, tenant) = inside(db, code).await?;
    let now = tx.now;
    let book = assessment::book(&mut tx, tenant, period)
        .await
        .map_err(told)?;
    let head = assessment::HEAD.map(|(code, _)| code.to_owned()).to_vec();
    let mut table = vec![head];
    table.extend(assessment::rows(&book.assessed(now)));
    Ok(table)
}

fn separated(table: &[Vec<String>]) -> Result<Vec<String>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in table {
        writer.write_record(row)?;
    }
    let text = String::from_utf8(writer.into_inner()?)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Each column as wide as its widest cell; a Chinese character takes two places.
fn aligned(table: &[Vec<String>]) -> Vec<String> {
    let places = |cell: &str| {
        cell.chars()
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum::<usize>()
    };
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let cells = |column: usize| table.iter().filter_map(move |row| row.get(column));
    let widths: Vec<usize> = (0..columns)
        .map(|column| cells(column).map(|c| places(c)).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let space = " ".repeat(width.saturating_sub(places(cell)));
            format!("{cell}{space}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    table.iter().map(line).collect()
}

async fn verify_audit((code, noted): (&str, Option<&str>), store: Store) -> Result<()> {
    let noted = noted.map(audit::noted).transpose();
    let noted = noted.map_err(anyhow::Error::msg)?;
    let (options, embedded) = visitor(store).await?;
    let db = Db::open(options, Clock::System);
    let found = checked(&db, code, noted.as_deref()).await;
    db.close().await;
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    let report = found?;
    for fault in &report.told {
        say(fault);
    }
    say(&format!(
        "已封存 {} 批，在册 {} 条，等待封存 {} 条{}。",
        report.batches,
        report.events,
        report.waiting,
        report
            .oldest
            .map(|at| format!("，最早一条 {}", words::minute(at)))
            .unwrap_or_default()
    ));
    if let Some((number, digest)) = &report.newest {
        say(&format!("最新摘要（第 {number} 批）：{digest}"));
    }
    if report.wrong > 0 {
        bail!("审计记录有 {} 处不对，见上", report.wrong);
    }
    say("审计记录完整，没有改动、删除或插入。");
    Ok(())
}

/// Walks over the record of the tenant with this code; the pages show what was found.
async fn checked(db: &Db, code: &str, noted: Option<&[u8]>) -> Result<audit::Report> {
    let (mut tx, tenant) = inside(db, code).await?;
    let report = audit::check(&mut tx, tenant, noted).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    Ok(report)
}

fn verify_pack(file: &Path) -> Result<()> {
    let name = file.display();
    let opened = std::fs::File::open(file).with_context(|| format!("打不开 {name}"))?;
    // Whatever its size says, no more is read than the largest pack has.
    let mut bytes = Vec::new();
    let mut head = opened.take(packs::LARGEST + 1);
    head.read_to_end(&mut bytes)
        .with_context(|| format!("读不了 {name}"))?;
    let digest = packs::verified(&bytes).map_err(anyhow::Error::msg)?;
    say(&format!("材料包完整，没有改动。SHA-256 {digest}"));
    Ok(())
}

fn list_routes() {
    for route in router::routes().list() {
        say(&format!(
            "{:4} {:44} {:?}",
            route.method, route.path, route.access
        ));
    }
}

fn told(error: Error) -> anyhow::Error {
    if let Error::Internal(error) = error {
        return error;
    }
    anyhow::anyhow!("{error:?}")
}

#[expect(
    clippy::print_stdout,
    reason = "a command's answer goes to whoever typed it"
)]
fn say(sentence: &str) {
    println!("{sentence}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_known_by_its_first_letters() {
        assert_eq!(initials("大安市"), "DA");
        assert_eq!(initials("镜湖市"), "JH");
    }
}
