//! A row's fingerprint, to tell rows that a release repeats from those that it changes.

use csv::StringRecord;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Depends on every decoded cell and on where each ends, and on nothing else.
pub(super) fn of_row(cells: &StringRecord) -> u64 {
    let bytes = cells.as_byte_record();
    let mut seed = 0x9E37_79B9_7F4A_7C15 ^ bytes.len() as u64;
    for cell in bytes {
        seed = (seed.rotate_left(5) ^ cell.len() as u64).wrapping_mul(0x2545_F491_4F6C_DD1D);
    }
    xxh3_64_with_seed(bytes.as_slice(), seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_letter_across_a_comma_is_another_row() {
        let of = |cells: &[&str]| of_row(&StringRecord::from(cells.to_vec()));
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab", "c"]), of(&["ab", "c", ""]));
        assert_ne!(of(&["", "a"]), of(&["a", ""]));
    }
}
