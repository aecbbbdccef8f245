//! The national division codes for statistics (统计用区划代码), shipped: every town and street of the
//! country with its communities and villages, as the statistics bureau published them for 2023. One
//! file for each province: a line for a county, below it its towns, below each its communities.

use std::io::{BufRead as _, BufReader};

use flate2::read::GzDecoder;

/// A street or town (街道、镇、乡).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Town {
    /// Its code: 9 figures.
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// What lies in it.
    pub(super) communities: Vec<Community>,
}

/// A community or village (社区、村).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Community {
    /// Its code: 12 figures, the first nine its town's.
    pub(super) code: String,
    /// Its name as published.
    pub(super) name: String,
}

/// The towns of a county by its code (GB/T 2260); none if the list does not have it.
pub(super) fn of_county(code: &str) -> anyhow::Result<Vec<Town>> {
    let mut towns = Vec::new();
    let Some((_, packed)) = PROVINCES.iter().find(|(p, _)| code.starts_with(p)) else {
        return Ok(towns);
    };
    let mut inside = false;
    for line in BufReader::new(GzDecoder::new(*packed)).lines() {
        let line = line?;
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["", number, name] if inside => {
                let town: &mut Town = towns
                    .last_mut()
                    .ok_or_else(|| anyhow::anyhow!("a community without a town"))?;
                town.communities.push(Community {
                    code: format!("{}{number}", town.code),
                    name: name.to_owned(),
                });
            }
            ["", _, _] => {}
            [number, name] if number.len() == 3 => {
                if inside {
                    towns.push(Town {
                        code: format!("{code}{number}"),
                        name: name.to_owned(),
                        communities: Vec::new(),
                    });
                }
            }
            [county, _] if county.len() == 6 => {
                if inside {
                    break;
                }
                inside = county == code;
            }
            _ => anyhow::bail!("a line of the division codes cannot be read"),
        }
    }
    Ok(towns)
}

static PROVINCES: &[(&str, &[u8])] = &[
    ("11", include_bytes!("divisions/11.tsv.gz")),
    ("12", include_bytes!("divisions/12.tsv.gz")),
    ("13", include_bytes!("divisions/13.tsv.gz")),
    ("14", include_bytes!("divisions/14.tsv.gz")),
    ("15", include_bytes!("divisions/15.tsv.gz")),
    ("21", include_bytes!("divisions/21.tsv.gz")),
    ("22", include_bytes!("divisions/22.tsv.gz")),
    ("23", include_bytes!("divisions/23.tsv.gz")),
    ("31", include_bytes!("divisions/31.tsv.gz")),
    ("32", include_bytes!("divisions/32.tsv.gz")),
    ("33", include_bytes!("divisions/33.tsv.gz")),
    ("34", include_bytes!("divisions/34.tsv.gz")),
    ("35", include_bytes!("divisions/35.tsv.gz")),
    ("36", include_bytes!("divisions/36.tsv.gz")),
    ("37", include_bytes!("divisions/37.tsv.gz")),
    ("41", include_bytes!("divisions/41.tsv.gz")),
    ("42", include_bytes!("divisions/42.tsv.gz")),
    ("43", include_bytes!("divisions/43.tsv.gz")),
    ("44", include_bytes!("divisions/44.tsv.gz")),
    ("45", include_bytes!("divisions/45.tsv.gz")),
    ("46", include_bytes!("divisions/46.tsv.gz")),
    ("50", include_bytes!("divisions/50.tsv.gz")),
    ("51", include_bytes!("divisions/51.tsv.gz")),
    ("52", include_bytes!("divisions/52.tsv.gz")),
    ("53", include_bytes!("divisions/53.tsv.gz")),
    ("54", include_bytes!("divisions/54.tsv.gz")),
    ("61", include_bytes!("divisions/61.tsv.gz")),
    ("62", include_bytes!("divisions/62.tsv.gz")),
    ("63", include_bytes!("divisions/63.tsv.gz")),
    ("64", include_bytes!("divisions/64.tsv.gz")),
    ("65", include_bytes!("divisions/65.tsv.gz")),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_county_has_its_streets() {
        let towns = of_county("220882").unwrap();
        let named = |name: &str| towns.iter().find(|t| t.name == name).unwrap();
        let street = named("慧阳街道");
        assert_eq!(street.code, "220882001");
        assert!(
            street
                .communities
                .iter()
                .any(|c| c.code == "220882001003" && c.name == "城南社区")
        );
        assert!(
            towns.len() > 20,
            "streets, towns and townships: {}",
            towns.len()
        );
    }

    #[test]
    fn an_unknown_county_has_none() {
        assert_eq!(of_county("229999").unwrap(), []);
        assert_eq!(of_county("999999").unwrap(), []);
        assert_eq!(of_county("").unwrap(), []);
    }

    /// Every file is read to its end: the last county of each is asked for.
    #[test]
    fn every_province_reads_whole_and_no_code_comes_twice() {
        for (province, packed) in PROVINCES {
            let mut counties = Vec::new();
            for line in BufReader::new(GzDecoder::new(*packed)).lines() {
                let line = line.unwrap();
                let county = line.split('\t').next().unwrap();
                if county.len() == 6 {
                    assert!(county.starts_with(province));
                    counties.push(county.to_owned());
                }
            }
            let last = counties.last().unwrap();
            let towns = of_county(last).unwrap();
            assert!(!towns.is_empty(), "{last}");
            let codes: Vec<&String> = towns
                .iter()
                .flat_map(|t| t.communities.iter().map(|c| &c.code).chain([&t.code]))
                .collect();
            assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
            assert!(codes.iter().all(|c| c.bytes().all(|b| b.is_ascii_digit())));
        }
    }
}
