//! Names that say the same in other words.
//!
//! Publishers rewrite names without renaming a school: capitals, apostrophes, `&` for `and`, a bad
//! character where a good one was lost. Two names are one name if they differ in nothing else.

/// What is left of a name when its wording is taken away.
fn bare(name: &str) -> Vec<String> {
    let plain: String = name
        .to_lowercase()
        .replace('&', " and ")
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '‘' | '`' | '´' | '.'))
        .map(|c| if c.is_alphanumeric() || is_lost(c) { c } else { ' ' })
        .collect();
    let plain = plain.replace("church of england", "ce").replace("c of e", "ce").replace("cofe", "ce");
    plain
        .split_whitespace()
        .filter(|word| *word != "the")
        .map(|word| match word {
            "saint" => "st".to_owned(),
            "roman" => String::new(),
            "rc" => "catholic".to_owned(),
            word => word.to_owned(),
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// Stands where a character was lost on the way.
fn is_lost(c: char) -> bool {
    matches!(c, '?' | '\u{fffd}')
}

/// Whether two names differ in wording at most.
///
/// ```
/// use headwater::register::wording::same;
/// assert!(same("St Johns Church of England School", "ST. JOHN'S CofE SCHOOL"));
/// assert!(!same("Sir Francis Drake Primary School", "Twin Oaks Primary School"));
/// assert!(same("St Thomas à Becket School", "St Thomas ? Becket School"));
/// ```
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (mended(one), mended(other));
    let (one, other) = (bare(&one), bare(&other));
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one == other || lost(one, other) || lost(other, one))
}

/// `ï¿½` is how a lost character looks once it has been read in a wrong encoding.
fn mended(name: &str) -> String {
    name.replace("ï¿½", "\u{fffd}")
}

/// Whether `broken` has lost characters where `whole` has some, and is the same elsewhere.
fn lost(broken: &str, whole: &str) -> bool {
    broken.chars().any(is_lost)
        && broken.chars().count() == whole.chars().count()
        && broken.chars().zip(whole.chars()).all(|(one, other)| is_lost(one) || one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wording_is_no_name() {
        let pairs = [
            ("ARET? LEARNING TRUST", "ARETï¿½ LEARNING TRUST", true),
            ("Heath & Hill Infant School", "Heath and Hill Infant School", true),
            ("The Manor School", "Manor School", true),
            ("St Mary's RC Primary School", "St Marys Roman Catholic Primary School", true),
            ("Robert Blair School", "Robert Blair School and Children's Centre", false),
            ("Manor Infant School", "Manor Junior School", false),
            ("", "Manor School", false),
        ];
        for (one, other, expected) in pairs {
            assert_eq!(same(one, other), expected, "{one} / {other}");
            assert_eq!(same(other, one), expected, "{other} / {one}");
        }
    }
}
