//! The matrix: what each department did with each power in a period. Pure.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::words::{Origin, Power};
use crate::org::DepartmentId;

/// A year, or a quarter of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Period {
    year: i32,
    /// From 1 to 4; none: the whole year.
    quarter: Option<u32>,
}

impl Period {
    /// The year of a day.
    pub(in super::super) fn year_of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            quarter: None,
        }
    }

    /// The quarter of a day.
    pub(in super::super) fn quarter_of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            quarter: Some(day.month0() / 3 + 1),
        }
    }

    /// As the address carries it: `2026`, `2026-4`.
    pub(in super::super) fn code(self) -> String {
        match self.quarter {
            Some(quarter) => format!("{}-{quarter}", self.year),
            None => self.year.to_string(),
        }
    }

    /// Reads what [`Period::code`] wrote.
    pub(in super::super) fn read(code: &str) -> Option<Self> {
        let (year, quarter) = match code.split_once('-') {
            Some((year, quarter)) => (year, Some(quarter.parse().ok()?)),
            None => (code, None),
        };
        let year = year.parse().ok().filter(|y| (2000..=2100).contains(y))?;
        let is_right = quarter.is_none_or(|q| (1..=4).contains(&q));
        is_right.then_some(Self { year, quarter })
    }

    /// What the filter calls it.
    pub(in super::super) fn label(self) -> String {
        let year = self.year;
        match self.quarter {
            None => format!("{year} 年"),
            Some(1) => format!("{year} 年第一季度"),
            Some(2) => format!("{year} 年第二季度"),
            Some(3) => format!("{year} 年第三季度"),
            Some(_) => format!("{year} 年第四季度"),
        }
    }

    /// Its first day, and its last or today, whichever comes first.
    pub(in super::super) fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let (first, months) = match self.quarter {
            Some(quarter) => (quarter * 3 - 2, 3),
            None => (1, 12),
        };
        let from = NaiveDate::from_ymd_opt(self.year, first, 1).unwrap_or(today);
        let next = from.checked_add_months(chrono::Months::new(months));
        let last = next.and_then(|day| day.pred_opt()).unwrap_or(today);
        (from, last.min(today).max(from))
    }

    /// The periods of the filter, the newest first: the year of today, and each year and quarter
    /// in which a record was begun.
    pub(in super::super) fn offered(today: NaiveDate, quarters: &[NaiveDate]) -> Vec<Self> {
        let mut all = vec![Self::year_of(today)];
        for first in quarters.iter().rev() {
            if !all.contains(&Self::year_of(*first)) {
                all.push(Self::year_of(*first));
            }
            all.push(Self::quarter_of(*first));
        }
        all
    }
}

/// Figures of one department and power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Cell {
    /// Asked, or called for.
    pub(in super::super) count: i64,
    /// Answered.
    pub(in super::super) answered: i64,
    /// Adopted or carried out, whole or in part.
    pub(in super::super) adopted: i64,
    /// The department was late with its answer.
    pub(in super::super) late: i64,
}

impl Cell {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.answered += other.answered;
        self.adopted += other.adopted;
        self.late += other.late;
    }
}

/// What stands where a department and a power meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Met {
    /// The power was not granted, and nothing was done with it.
    NotGranted,
    /// Not told at this level: cadres are never counted below the department.
    NotTold,
    /// The figures.
    Told(Cell),
}

impl Met {
    /// The figures, if they are told.
    pub(in super::super) fn cell(&self) -> Option<&Cell> {
        match self {
            Self::Told(cell) => Some(cell),
            Self::NotGranted | Self::NotTold => None,
        }
    }
}

/// Figures as the database counts them.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(in super::super) struct Counted {
    pub(in super::super) department: DepartmentId,
    pub(in super::super) power: Power,
    pub(in super::super) count: i64,
    pub(in super::super) answered: i64,
    pub(in super::super) adopted: i64,
    pub(in super::super) late: i64,
}

/// A department's row.
#[derive(Clone, Debug)]
pub(in super::super) struct Line {
    pub(in super::super) id: DepartmentId,
    pub(in super::super) name: String,
    /// In the order of [`Power::ALL`].
    pub(in super::super) cells: Vec<Met>,
}

impl Line {
    /// Whether the department was late with one of these powers.
    pub(in super::super) fn is_late(&self, powers: &[Power]) -> bool {
        let all = Power::ALL.iter().zip(&self.cells);
        all.filter(|(power, _)| powers.contains(power))
            .any(|(_, met)| met.cell().is_some_and(|c| c.late > 0))
    }
}

/// The whole table.
#[derive(Clone, Debug)]
pub(in super::super) struct Matrix {
    /// In the order of [`Power::ALL`].
    pub(in super::super) sums: Vec<Met>,
    pub(in super::super) lines: Vec<Line>,
}

impl Matrix {
    /// The table of these departments. Where cadres are not told, their column says so.
    pub(in super::super) fn of(
        departments: Vec<(DepartmentId, String)>,
        grants: &[(DepartmentId, Power)],
        counted: &[Counted],
        tells_cadre: bool,
    ) -> Self {
        let meet = |department: DepartmentId, power: Power| {
            let figures = counted
                .iter()
                .find(|c| c.department == department && c.power == power);
            match figures {
                _ if power == Power::Cadre && !tells_cadre => Met::NotTold,
                Some(c) => Met::Told(Cell {
                    count: c.count,
                    answered: c.answered,
                    adopted: c.adopted,
                    late: c.late,
                }),
                None if grants.contains(&(department, power)) => Met::Told(Cell::default()),
                None => Met::NotGranted,
            }
        };
        let lines: Vec<Line> = departments
            .into_iter()
            .map(|(id, name)| Line {
                cells: Power::ALL.iter().map(|power| meet(id, *power)).collect(),
                id,
                name,
            })
            .collect();
        let sum = |(at, power): (usize, &Power)| {
            if *power == Power::Cadre && !tells_cadre {
                return Met::NotTold;
            }
            let mut sum = Cell::default();
            for cell in lines.iter().filter_map(|l| l.cells.get(at)?.cell()) {
                sum.add(*cell);
            }
            Met::Told(sum)
        };
        Self {
            sums: Power::ALL.iter().enumerate().map(sum).collect(),
            lines,
        }
    }

    /// How often a power was used, over all departments; 0 if that is not told.
    pub(in super::super) fn count(&self, power: Power) -> i64 {
        self.sum(power).map_or(0, |cell| cell.count)
    }

    /// The sums of one power.
    pub(in super::super) fn sum(&self, power: Power) -> Option<&Cell> {
        at(&self.sums, power)
    }

    /// The figures of a department, or of all, with one power.
    pub(in super::super) fn cell(
        &self,
        department: Option<DepartmentId>,
        power: Power,
    ) -> Option<&Cell> {
        match department {
            None => self.sum(power),
            Some(id) => at(&self.lines.iter().find(|l| l.id == id)?.cells, power),
        }
    }
}

fn at(cells: &[Met], power: Power) -> Option<&Cell> {
    let place = Power::ALL.iter().position(|p| *p == power)?;
    cells.get(place)?.cell()
}

impl Power {
    /// Whose beginning is counted in the matrix: departments consult; a co-ordination is the
    /// street's, and nobody else begins one.
    pub(in super::super) fn counted(self) -> Origin {
        match self {
            Self::Coordination => Origin::Street,
            Self::Cadre | Self::Planning | Self::Project | Self::Award => Origin::Department,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_today_at_the_latest() {
        let today = day("2026-11-23");
        for (code, from, to, label) in [
            ("2026", "2026-01-01", "2026-11-23", "2026 年"),
            ("2025", "2025-01-01", "2025-12-31", "2025 年"),
            ("2026-4", "2026-10-01", "2026-11-23", "2026 年第四季度"),
            ("2026-1", "2026-01-01", "2026-03-31", "2026 年第一季度"),
            ("2027", "2027-01-01", "2027-01-01", "2027 年"),
        ] {
            let period = Period::read(code).unwrap();
            assert_eq!(period.days(today), (day(from), day(to)), "{code}");
            assert_eq!(period.label(), label);
            assert_eq!(period.code(), code);
        }
        for wrong in [
            "",
            "26",
            "2026-5",
            "2026-0",
            "2026-",
            "-1",
            "1999",
            "2026-11-23",
        ] {
            assert_eq!(Period::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn years_and_quarters_with_records_are_offered() {
        let quarters = [day("2025-10-01"), day("2026-07-01")];
        let offered = Period::offered(day("2026-11-23"), &quarters);
        let codes: Vec<String> = offered.into_iter().map(Period::code).collect();
        assert_eq!(codes, ["2026", "2026-3", "2025", "2025-4"]);
    }

    #[test]
    fn sums_are_the_sums_of_the_rows_and_cadres_may_be_left_out() {
        let [housing, water] = [1, 2].map(|n| DepartmentId(uuid::Uuid::from_u128(n)));
        let names = vec![
            (housing, "住建局".to_owned()),
            (water, "供水公司".to_owned()),
        ];
        let grants = [
            (housing, Power::Cadre),
            (housing, Power::Project),
            (water, Power::Project),
        ];
        let counted = |department, power, late| Counted {
            department,
            power,
            count: 3,
            answered: 2,
            adopted: 1,
            late,
        };
        let figures = [
            counted(housing, Power::Cadre, 0),
            counted(housing, Power::Project, 1),
            // Begun under an earlier plan: told, though it is no longer granted.
            counted(water, Power::Award, 0),
        ];
        let matrix = Matrix::of(names.clone(), &grants, &figures, true);
        assert_eq!(matrix.count(Power::Cadre), 3);
        assert_eq!(matrix.count(Power::Project), 3);
        assert_eq!(matrix.cell(Some(water), Power::Award).unwrap().count, 3);
        assert_eq!(matrix.lines[1].cells[0], Met::NotGranted);
        assert_eq!(matrix.lines[1].cells[3], Met::Told(Cell::default()));
        assert!(matrix.lines[0].is_late(Power::ALL));
        assert!(!matrix.lines[0].is_late(&[Power::Cadre]));
        let narrowed = Matrix::of(names, &grants, &figures, false);
        assert_eq!(narrowed.sums[0], Met::NotTold);
        assert_eq!(narrowed.cell(Some(housing), Power::Cadre), None);
        assert_eq!(narrowed.count(Power::Project), 3);
    }
}
