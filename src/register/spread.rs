//! How far apart the schools of a group stand (ME-08).
//!
//! Straight lines between the coordinates of the register, not roads. The field documents speak of
//! low, middling and high spread and give no cut-offs, so none is made up: distances and counts are
//! told as they are. A wide spread makes help between schools harder; it says nothing about results.

use std::collections::BTreeSet;

use super::listed::Listed;

/// The distance at which two schools count as neighbours unless another one is asked for: an
/// example of ours.
pub const NEIGHBOURS: Metres = Metres(10_000);

/// Metres on the British National Grid, east and north of its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub easting: u32,
    pub northing: u32,
}

/// A distance in a straight line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metres(pub u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Schools whose coordinates are known.
    pub located: u32,
    pub not_located: u32,
    /// Local authorities that the schools are in, as far as known.
    pub authorities: u32,
    pub authority_not_known: u32,
    /// None if fewer than two schools are located.
    pub distances: Option<Distances>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distances {
    /// Of all pairs of located schools, to the nearest metre.
    pub median: Metres,
    /// Neighbours stand no further apart than this.
    pub within: Metres,
    /// Groups of schools that hang together from neighbour to neighbour (single linkage).
    pub clusters: u32,
    /// Schools in the largest of them.
    pub largest: u32,
}

impl Spread {
    /// Time and memory grow with the square of the schools: 150 of them have 11,175 pairs.
    pub fn of(schools: &[&Listed], within: Metres) -> Spread {
        let places: Vec<Place> = schools.iter().filter_map(|school| school.place().ok()).collect();
        let known: Vec<&str> = schools.iter().filter_map(|school| school.la.as_deref().ok()).collect();
        Spread {
            located: count(places.len()),
            not_located: count(schools.len() - places.len()),
            authorities: count(known.iter().collect::<BTreeSet<_>>().len()),
            authority_not_known: count(schools.len() - known.len()),
            distances: Distances::of(&places, within),
        }
    }
}

impl Distances {
    /// None for fewer than two places.
    pub fn of(places: &[Place], within: Metres) -> Option<Distances> {
        let reach = u128::from(within.0).pow(2);
        let mut squares = Vec::with_capacity(places.len() * places.len().saturating_sub(1) / 2);
        // each place's cluster is named after the first place in it
        let mut cluster: Vec<usize> = (0..places.len()).collect();
        for (one, place) in places.iter().enumerate() {
            for (other, far) in places.iter().enumerate().take(one) {
                let square = place.square_to(*far);
                squares.push(square);
                let (mine, theirs) = (cluster[one], cluster[other]);
                if square <= reach && mine != theirs {
                    let (keep, drop) = (mine.min(theirs), mine.max(theirs));
                    cluster.iter_mut().filter(|name| **name == drop).for_each(|name| *name = keep);
                }
            }
        }
        squares.sort_unstable();
        let upper = *squares.get(squares.len() / 2)?;
        let lower = *squares.get((squares.len() - 1) / 2)?;
        let names: BTreeSet<usize> = cluster.iter().copied().collect();
        let largest = names.iter().map(|name| cluster.iter().filter(|mine| *mine == name).count()).max()?;
        Some(Distances { median: Metres::halfway(lower, upper), within, clusters: count(names.len()), largest: count(largest) })
    }
}

impl Place {
    fn square_to(self, other: Place) -> u128 {
        let east = u128::from(self.easting.abs_diff(other.easting));
        let north = u128::from(self.northing.abs_diff(other.northing));
        east * east + north * north
    }
}

impl Metres {
    /// The mean of two distances, given as squares.
    fn halfway(lower: u128, upper: u128) -> Metres {
        let mean = ((lower as f64).sqrt() + (upper as f64).sqrt()) / 2.0;
        Metres(mean.round() as u32)
    }
}

impl std::fmt::Display for Metres {
    /// Kilometres with one decimal: `12.3 km`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} km", f64::from(self.0) / 1000.0)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Missing, Urn};

    fn at(km: &[(u32, u32)]) -> Vec<Place> {
        km.iter().map(|(east, north)| Place { easting: east * 1000, northing: north * 1000 }).collect()
    }

    #[test]
    fn distances_and_clusters_of_a_few_places() {
        assert_eq!(Distances::of(&[], NEIGHBOURS), None);
        assert_eq!(Distances::of(&at(&[(400, 100)]), NEIGHBOURS), None);
        let two = Distances::of(&at(&[(400, 100), (403, 104)]), NEIGHBOURS).unwrap();
        assert_eq!((two.median, two.clusters, two.largest), (Metres(5_000), 1, 2));
        // a chain hangs together though its ends are 16 km apart; one school stands alone
        let chain = at(&[(400, 100), (408, 100), (416, 100), (500, 100)]);
        let chain = Distances::of(&chain, NEIGHBOURS).unwrap();
        assert_eq!((chain.clusters, chain.largest), (2, 3));
        // pairs: 8, 8, 16, 84, 92, 100
        assert_eq!(chain.median.to_string(), "50.0 km");
        // exactly at the distance is still a neighbour
        assert_eq!(Distances::of(&at(&[(400, 100), (410, 100)]), NEIGHBOURS).unwrap().clusters, 1);
        assert_eq!(Distances::of(&at(&[(400, 100), (410, 100)]), Metres(9_999)).unwrap().clusters, 2);
    }

    #[test]
    fn a_school_without_coordinates_is_counted_and_not_placed() {
        let mut schools: Vec<Listed> =
            (900_001..900_004).map(|urn| Listed::unknown(Urn::try_from(urn).unwrap(), Missing::Blank)).collect();
        (schools[0].easting, schools[0].northing) = (Ok(400_000), Ok(100_000));
        (schools[1].easting, schools[1].northing) = (Ok(400_000), Ok(101_000));
        schools[1].la = Ok("990".to_owned());
        let spread = Spread::of(&schools.iter().collect::<Vec<_>>(), NEIGHBOURS);
        assert_eq!((spread.located, spread.not_located), (2, 1));
        assert_eq!((spread.authorities, spread.authority_not_known), (1, 2));
        assert_eq!(spread.distances.unwrap().median, Metres(1_000));
        let spread = Spread::of(&[&schools[0], &schools[2]], NEIGHBOURS);
        assert_eq!((spread.located, spread.not_located, spread.distances), (1, 1, None));
    }

    fn places() -> impl Strategy<Value = Vec<Place>> {
        let place = (0_u32..700_000, 0_u32..1_300_000).prop_map(|(easting, northing)| Place { easting, northing });
        proptest::collection::vec(place, 0..40)
    }

    proptest! {
        #[test]
        fn the_order_of_the_schools_makes_no_difference(
            (places, shuffled) in places().prop_flat_map(|places| (Just(places.clone()), Just(places).prop_shuffle())),
            within in 0_u32..300_000,
        ) {
            prop_assert_eq!(Distances::of(&places, Metres(within)), Distances::of(&shuffled, Metres(within)));
        }

        #[test]
        fn moving_all_schools_together_changes_nothing(places in places(), east in 0_u32..50_000, north in 0_u32..50_000, within in 0_u32..300_000) {
            let moved: Vec<Place> = places
                .iter()
                .map(|place| Place { easting: place.easting + east, northing: place.northing + north })
                .collect();
            prop_assert_eq!(Distances::of(&places, Metres(within)), Distances::of(&moved, Metres(within)));
        }

        #[test]
        fn without_limit_there_is_one_cluster_and_a_wider_reach_never_makes_more(places in places(), within in 0_u32..300_000) {
            if let Some(all) = Distances::of(&places, Metres(u32::MAX)) {
                prop_assert_eq!((all.clusters, all.largest as usize), (1, places.len()));
                let near = Distances::of(&places, Metres(within)).unwrap();
                let wider = Distances::of(&places, Metres(within * 2)).unwrap();
                prop_assert!(wider.clusters <= near.clusters && near.largest <= wider.largest);
                prop_assert_eq!(near.median, all.median);
            }
        }
    }
}
