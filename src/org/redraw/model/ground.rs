//! Codes are paths: what comes under another node is a new node with a new code and its predecessor.

use std::collections::HashMap;

use uuid::Uuid;

/// A living node at or below those that go.
#[derive(Clone, Debug)]
pub(in super::super) struct Kin {
    pub(in super::super) id: Uuid,
    pub(in super::super) level: i16,
    pub(in super::super) parent_id: Option<Uuid>,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) party_name: String,
    pub(in super::super) households: Option<i32>,
    pub(in super::super) longitude: Option<f64>,
    pub(in super::super) latitude: Option<f64>,
}

/// A node to be added.
#[derive(Clone, Debug)]
pub(crate) struct Grown {
    pub(crate) id: Uuid,
    pub(crate) level: i16,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) party_name: String,
    pub(crate) households: Option<i32>,
    pub(crate) longitude: Option<f64>,
    pub(crate) latitude: Option<f64>,
    pub(crate) predecessor: Option<Uuid>,
}

/// Where the children of nodes that go are put: a new node and how many it has been given.
#[derive(Clone, Debug)]
pub(in super::super) struct Landing {
    pub(in super::super) id: Uuid,
    pub(in super::super) code: String,
    pub(in super::super) given: u32,
}

/// The code of the child with this number: three figures, below a building two. None: there are
/// no more numbers.
pub(crate) fn numbered(above: &str, number: u32) -> Option<String> {
    let (width, most) = if above.len() == 18 { (2, 99) } else { (3, 999) };
    (1..=most)
        .contains(&number)
        .then(|| format!("{above}{number:0width$}"))
}

/// Everything below the nodes that go, grown anew: children under the landing that `goes_to`
/// names, in the order of their codes, what lies below them as it lay. `kin` is in the order of
/// codes. None: there are no more numbers.
pub(in super::super) fn regrown(
    kin: &[Kin],
    roots: &[Uuid],
    landings: &mut [Landing],
    goes_to: impl Fn(&Kin) -> usize,
    mut fresh: impl FnMut() -> Uuid,
) -> Option<Vec<Grown>> {
    let mut places: HashMap<Uuid, (Uuid, String, usize)> = HashMap::new();
    let mut grown = Vec::new();
    for node in kin.iter().filter(|node| !roots.contains(&node.id)) {
        let parent = node.parent_id?;
        let (above, code) = if roots.contains(&parent) {
            let landing = landings.get_mut(goes_to(node))?;
            landing.given += 1;
            (landing.id, numbered(&landing.code, landing.given)?)
        } else {
            // Closed ones keep their place between the living: the tail stays.
            let (id, code, length) = places.get(&parent)?;
            (*id, format!("{code}{}", node.code.get(*length..)?))
        };
        let id = fresh();
        places.insert(node.id, (id, code.clone(), node.code.len()));
        grown.push(Grown {
            id,
            level: node.level,
            parent_id: Some(above),
            code,
            name: node.name.clone(),
            party_name: node.party_name.clone(),
            households: node.households,
            longitude: node.longitude,
            latitude: node.latitude,
            predecessor: Some(node.id),
        });
    }
    Some(grown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kin(id: u128, parent: Option<u128>, code: &str) -> Kin {
        Kin {
            id: Uuid::from_u128(id),
            level: match code.len() {
                12 => 2,
                15 => 3,
                18 => 4,
                _ => 5,
            },
            parent_id: parent.map(Uuid::from_u128),
            code: code.to_owned(),
            name: code.to_owned(),
            party_name: String::new(),
            households: None,
            longitude: None,
            latitude: None,
        }
    }

    #[test]
    fn two_that_become_one_number_their_children_anew_and_keep_what_lies_below() {
        let all = [
            kin(1, None, "220882001001"),
            kin(2, Some(1), "220882001001001"),
            kin(3, Some(2), "220882001001001004"),
            kin(4, Some(3), "22088200100100100402"),
            kin(5, None, "220882001002"),
            kin(6, Some(5), "220882001002001"),
            kin(7, Some(6), "220882001002001001"),
        ];
        let roots = [Uuid::from_u128(1), Uuid::from_u128(5)];
        let mut landings = [Landing {
            id: Uuid::from_u128(100),
            code: "220882001007".to_owned(),
            given: 0,
        }];
        let mut next = 200;
        let grown = regrown(
            &all,
            &roots,
            &mut landings,
            |_| 0,
            || {
                next += 1;
                Uuid::from_u128(next)
            },
        );
        let codes: Vec<String> = grown.unwrap().into_iter().map(|g| g.code).collect();
        assert_eq!(
            codes,
            [
                "220882001007001",
                "220882001007001004",
                "22088200100700100402",
                "220882001007002",
                "220882001007002001"
            ]
        );
    }

    #[test]
    fn numbers_come_to_an_end() {
        assert_eq!(numbered("220882", 4).as_deref(), Some("220882004"));
        let building = "220882001001001001";
        assert_eq!(numbered(building, 99).unwrap().len(), 20);
        assert_eq!(numbered(building, 100), None);
        assert_eq!(numbered("220882001", 1000), None);
    }
}
