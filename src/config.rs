//! What the command line and the environment say; nothing else reads the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::base::store;

/// 街哨: the street blows the whistle, the departments report.
///
/// One program for a county-level city: matters, whistles, assignments, and the desks on
/// which officials of each level see what they must do now.
#[derive(Debug, Parser)]
#[command(name = "street-whistle", version, about, long_about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts everything with the sample of a city, to look at and to play with.
    ///
    /// Keeps a private PostgreSQL in the data directory, loads the sample at the first start,
    /// and lists the sample people on the sign-in page. Never put it on a public address.
    Demo {
        #[command(flatten)]
        listen: Listen,
        /// The data directory; it is kept between starts.
        #[arg(long, env = "DATA", default_value = "data")]
        data: PathBuf,
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        mail: MailServer,
        #[command(flatten)]
        keys: KeyFile,
    },
    /// Serves an installation.
    Serve {
        #[command(flatten)]
        listen: Listen,
        #[command(flatten)]
        store: Store,
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        mail: MailServer,
        #[command(flatten)]
        keys: KeyFile,
    },
    /// Brings the tables to this version of the program, and sets the application role's password.
    Migrate {
        #[command(flatten)]
        store: OwnerStore,
        /// The password that the application role shall have; needed where it signs in over a network.
        #[arg(long, env = "APP_ROLE_PASSWORD", hide_env_values = true)]
        app_role_password: Option<String>,
    },
    /// Makes and lists tenants: cities or districts that run their own office.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Prints every path, its method, and who may use it.
    Routes,
    /// Answers due times by a tenant's calendar, line by line.
    ///
    /// Reads lines `YYYY-MM-DD HH:MM<TAB>N unit` in local time, with a unit of `urgent_minute`,
    /// `urgent_hour`, `work_hour`, `work_day`, `natural_hour` or `natural_day`. Writes for each the
    /// due time, a tab and how it was counted; for a line it cannot answer, `error`, a tab and the
    /// reason, and then ends with status 1.
    Due {
        /// The tenant's six-digit code, such as 220882.
        #[arg(long, env = "TENANT_CODE")]
        tenant: String,
        #[command(flatten)]
        store: Store,
    },
    /// Prints the scores of a period: the special assessment of a tenant's departments.
    ///
    /// A header line, then a line for each department, its code first. `score` and every component and
    /// item have four decimal places, `shown` the one that the pages show; what has no sample is
    /// empty. A frozen period gives what was frozen, any other what is known now.
    Assess {
        /// The tenant's six-digit code, such as 220882.
        #[arg(long, env = "TENANT_CODE")]
        tenant: String,
        /// A quarter such as 2026-Q3, a month such as 2026-11, or a year.
        #[arg(long, env = "PERIOD")]
        period: String,
        /// Comma-separated instead of aligned columns.
        #[arg(long, env = "CSV")]
        csv: bool,
        #[command(flatten)]
        store: Store,
    },
    /// Says whether the audit record of a tenant is whole.
    ///
    /// Walks over all seals, also beside a running program, and prints how many batches and events
    /// there are and the digest of the newest batch. Where a row was altered, removed or inserted, it
    /// names the first of them, and ends with status 1. Whoever keeps the digest in another place can
    /// hand it back later as --noted: then a chain that was written anew or cut off is found too.
    VerifyAudit {
        /// The tenant's six-digit code, such as 220882.
        #[arg(long, env = "TENANT_CODE")]
        tenant: String,
        /// A digest of a batch that was noted earlier, 64 hexadecimal figures.
        #[arg(long, env = "NOTED_DIGEST")]
        noted: Option<String>,
        #[command(flatten)]
        store: Store,
    },
    /// Prints how much is sealed under which key, over all tenants; with --new adds a key first.
    ///
    /// The new key goes in front of the key file; a running program notices it within a minute, or at
    /// once on SIGHUP, seals with it from then on and seals anew what stands under the others. A key
    /// that nothing uses any more can be taken out of the file. Ends with status 1 if something is
    /// sealed under a key that the file lacks.
    Keys {
        /// Adds a new key to the front of the file.
        #[arg(long)]
        new: bool,
        #[command(flatten)]
        keys: KeyFile,
        #[command(flatten)]
        store: Store,
    },
    /// Makes a backup, beside a running program or without one.
    ///
    /// Writes a dump of the database of all tenants into the directory, reads it back to its end, copies
    /// the attached files that are not there yet, and puts a line into the record of each tenant, which
    /// the page of backups shows. Meant to be run every day by the machine's timer. Needs PostgreSQL's
    /// `pg_dump` and `pg_restore`, of the server's version or newer. The key file is not in it: keep
    /// that apart. Ends with status 1 if it could not be made; the record says so too.
    Backup {
        /// The directory of the backups, on another disk or machine.
        #[arg(long, env = "BACKUP_TO")]
        to: PathBuf,
        /// How many dumps stay; older ones of this program are removed after a new one was made.
        #[arg(long, env = "BACKUP_KEEP", default_value = "14", value_parser = clap::value_parser!(u16).range(1..))]
        keep: u16,
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        store: OwnerStore,
    },
    /// Brings a backup back into an empty data directory with a private PostgreSQL.
    ///
    /// Reads the dump in one transaction, copies the attached files that lie beside it, brings the tables
    /// to this version of the program and puts a line into the record of each tenant. Afterwards put
    /// the key file back and start `serve` with that directory. Never touches what is there: a directory
    /// with a database is refused.
    Restore {
        /// The dump, such as `backup/20261129-013000.dump`.
        #[arg(long, env = "BACKUP_FROM")]
        from: PathBuf,
        /// The data directory to make.
        #[arg(long, env = "DATA", default_value = "data")]
        data: PathBuf,
    },
    /// Says whether an evidence pack is as it was made, without any data of this program.
    ///
    /// Prints one sentence with the SHA-256 of the pack; it must be the one that the list of packs
    /// shows. A pack that was changed in one byte, cut off or put together by somebody else is
    /// refused in a sentence, and the command ends with status 1.
    VerifyPack {
        /// The file.
        #[arg(env = "PACK")]
        file: PathBuf,
    },
}

/// What can be done to tenants.
#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Makes a tenant with its three administrators and prints their first passwords.
    Create {
        #[command(flatten)]
        store: OwnerStore,
        /// The six-digit code of GB/T 2260, such as 220882.
        #[arg(long, env = "TENANT_CODE")]
        code: String,
        /// The name, such as 大安市.
        #[arg(long, env = "TENANT_NAME")]
        name: String,
        /// The host name that the tenant's people type into the browser.
        #[arg(long, env = "TENANT_HOST")]
        host: String,
        /// The sign-in name of the system administrator, such as admin; the security and the audit
        /// administrator are called admin-security and admin-audit.
        #[arg(long, env = "TENANT_ADMIN")]
        admin: String,
        /// Two capital letters that begin the tenant's numbers; the first letters of the name
        /// (大安市: DA) unless told.
        #[arg(long, env = "TENANT_PREFIX")]
        prefix: Option<String>,
    },
    /// Lists the tenants with their hosts.
    List {
        #[command(flatten)]
        store: OwnerStore,
    },
}

/// Where to listen.
#[derive(Args, Debug)]
pub struct Listen {
    /// The address to answer on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Where the contents of files lie.
#[derive(Args, Debug)]
pub struct Files {
    /// The directory of the attached files; `files` in the data directory unless told. Several
    /// machines that serve one database share it.
    #[arg(long, env = "FILES", conflicts_with = "s3_bucket")]
    pub files: Option<PathBuf>,
    #[command(flatten)]
    pub bucket: Bucket,
}

/// A bucket of an object store that speaks S3, in place of a directory.
#[derive(Args, Debug)]
pub struct Bucket {
    /// The bucket that takes the attached files in place of a directory.
    #[arg(
        long,
        env = "S3_BUCKET",
        requires_all = ["s3_endpoint", "s3_access_key", "s3_secret_key"]
    )]
    pub s3_bucket: Option<String>,
    /// The address of the object store, such as <https://oss.example.gov.cn>.
    #[arg(long, env = "S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    /// The region that the object store expects in signatures.
    #[arg(long, env = "S3_REGION", default_value = "us-east-1")]
    pub s3_region: String,
    /// The access key of the object store.
    #[arg(long, env = "S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: Option<String>,
    /// The secret of the access key.
    #[arg(long, env = "S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<String>,
    /// The bucket stands in the host name of the address, and not in the path.
    #[arg(long, env = "S3_BUCKET_IN_HOST")]
    pub s3_bucket_in_host: bool,
}

impl Bucket {
    /// The bucket, if one is named; its address and keys are required then.
    pub fn named(&self) -> Option<store::Bucket> {
        Some(store::Bucket {
            name: self.s3_bucket.clone()?,
            endpoint: self.s3_endpoint.clone()?,
            region: self.s3_region.clone(),
            access_key: self.s3_access_key.clone()?,
            secret_key: self.s3_secret_key.clone()?,
            in_host: self.s3_bucket_in_host,
        })
    }
}

/// Where mails are handed in. Without it notices are in the inbox alone, and mails wait.
#[derive(Args, Debug)]
pub struct MailServer {
    /// The mail server, such as <smtps://user:word@mail.example.gov.cn>; none sends no mail.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of all mails.
    #[arg(long, env = "MAIL_FROM", default_value = "街哨 <whistle@localhost>")]
    pub mail_from: String,
}

/// Where the keys are that seal personal data, cadre opinions and second factors: outside the database,
/// and to be kept apart from its copies.
#[derive(Args, Debug)]
pub struct KeyFile {
    /// The key file; made at the first start. `keys/cadre.keys` in the data directory unless told.
    #[arg(long, env = "CADRE_KEYS")]
    pub cadre_keys: Option<PathBuf>,
}

impl KeyFile {
    /// The file, with this data directory.
    pub fn within(&self, data: &Path) -> PathBuf {
        let own = || data.join("keys").join("cadre.keys");
        self.cadre_keys.clone().unwrap_or_else(own)
    }
}

/// Where the data are, as the application sees them.
#[derive(Args, Debug)]
pub struct Store {
    /// The data directory: of the attached files, and of a private PostgreSQL where no database
    /// address is given.
    #[arg(long, env = "DATA", default_value = "data")]
    pub data: PathBuf,
    /// The address of an existing PostgreSQL; its user must be the application role.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// Where the data are, as their owner sees them.
#[derive(Args, Debug)]
pub struct OwnerStore {
    /// The data directory of a private PostgreSQL, used when no database address is given.
    #[arg(long, env = "DATA", default_value = "data")]
    pub data: PathBuf,
    /// The address of an existing PostgreSQL; its user must own the tables.
    #[arg(long, env = "DATABASE_OWNER_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}
