//! Parses the arguments, runs the command, says in a sentence what went wrong.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use street_whistle::{cli, config::Cli};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli::run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("街哨没有办成：{error:#}");
            ExitCode::FAILURE
        }
    }
}
