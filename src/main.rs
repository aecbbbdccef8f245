//! Parses the arguments, runs the command, says in a sentence what went wrong.

use std::process::ExitCode;

use clap::Parser;
use street_whistle::{cli, config::Cli};

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
