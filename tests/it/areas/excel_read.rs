//! Exports and templates as others read them: real openpyxl looks at every list, and a real
//! `LibreOffice` opens each.

use std::fs;
use std::path::Path;
use std::process::Command;

use street_whistle::router::routes;
use street_whistle::sample::CITY_CODE;

use super::excel::rows;
use crate::harness::{Folder, Sample};

/// Commas, quotes, UTF-8, from the first row.
const CSV: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1";

fn run(program: &str, arguments: &[&str]) -> String {
    let ended = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{program}: {said}");
    String::from_utf8(ended.stdout).unwrap()
}

#[tokio::test]
async fn openpyxl_reads_every_list_and_libreoffice_opens_it() {
    let mut city = Sample::city(CITY_CODE).await;
    let period = "select max(period) from assessment_periods p where frozen_at is not null";
    let period = city.text(period).await;
    let staff = city.staff().await;
    let folder = Folder::new("exports");
    let mut lengths = Vec::new();
    for route in routes()
        .list()
        .iter()
        .filter(|r| r.path.rsplit('.').next() == Some("xlsx"))
    {
        let path = route.path.replace("{period}", &period);
        // Whoever sees most of it takes it along.
        let mut best: Vec<u8> = Vec::new();
        for person in staff.values() {
            let book = person.get(&path).await;
            if book.status() == 200 && book.bytes.len() > best.len() {
                best = book.bytes;
            }
        }
        assert!(!best.is_empty(), "{path} is for somebody");
        let name = path.trim_start_matches('/').replace('/', "-");
        fs::write(Path::new(folder.path()).join(&name), &best).unwrap();
        lengths.push((name, rows(&best).len()));
    }
    assert!(lengths.len() >= 15, "{} lists", lengths.len());
    let files: Vec<String> = lengths
        .iter()
        .map(|(name, _)| format!("{}/{name}", folder.path()))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let script = format!("{}/tests/it/fixtures/look.py", env!("CARGO_MANIFEST_DIR"));
    let mut arguments = vec![script.as_str()];
    arguments.extend(&files);
    let said = run("/usr/bin/python3", &arguments);
    let seen: Vec<Vec<&str>> = said
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(seen.len(), lengths.len(), "{said}");
    for (line, (name, length)) in seen.iter().zip(&lengths) {
        assert_eq!(
            (line[0], line[1]),
            (name.as_str(), length.to_string().as_str())
        );
    }
    let sum = |column: usize| -> usize {
        seen.iter()
            .map(|l| l[column].parse::<usize>().unwrap())
            .sum()
    };
    assert!(
        sum(3) > 100 && sum(4) > 100 && sum(5) >= 10,
        "days, numbers, drop-downs: {said}"
    );

    let (profile, out) = (
        format!("-env:UserInstallation=file://{}/office", folder.path()),
        folder.path(),
    );
    let mut arguments = vec![
        profile.as_str(),
        "--headless",
        "--convert-to",
        CSV,
        "--outdir",
        out,
    ];
    arguments.extend(&files);
    run("soffice", &arguments);
    for (name, length) in &lengths {
        let text = fs::read_to_string(format!("{out}/{}", name.replace(".xlsx", ".csv"))).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        assert_eq!(
            reader.records().count(),
            *length,
            "{name} as LibreOffice reads it"
        );
    }
}
