use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Feed {
    title: String,
    #[serde(default)]
    limits: BTreeMap<String, Limit>,
    #[serde(default)]
    step: Vec<Step>,
    #[serde(default)]
    when: Option<When>,
    #[serde(default)]
    speed: Speed,
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Speed {
    #[default]
    Slow,
    /// With a comment of its own.
    VeryFast,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Limit {
    rows_min: u32,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", deny_unknown_fields, rename_all = "kebab-case")]
enum Step {
    Url { url: String },
    Folder { path: String, files: String },
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum When {
    All(Vec<When>),
    Not(Box<When>),
    Below { measure: String, number: f64 },
}

fn faults(text: &str) -> Vec<(Option<u32>, String, String)> {
    let faults = match parse::<Feed>(Path::new("feed.toml"), text) {
        Ok(feed) => panic!("accepted: {feed:?}"),
        Err(faults) => faults,
    };
    faults.0.into_iter().map(|fault| (fault.line, fault.key, fault.hint.unwrap_or(fault.what))).collect()
}

fn row(line: u32, key: &str, text: &str) -> (Option<u32>, String, String) {
    (Some(line), key.into(), text.into())
}

#[test]
fn a_sound_file_is_read() {
    let feed: Feed = parse(
        Path::new("feed.toml"),
        "title = 'a'\nspeed = 'very-fast'\n[when]\nall = [{ below = { measure = 'm', number = 1 } }]\n[limits.x]\nrows-min = 3\n[[step]]\nkind = 'url'\nurl = 'u'\n",
    )
    .unwrap();
    assert_eq!(feed.limits["x"].rows_min, 3);
    assert_eq!(feed.step, vec![Step::Url { url: "u".into() }]);
}

#[test]
fn every_unknown_key_is_named_with_its_line_and_its_neighbour() {
    let text = "titel = 'a'\ntitle = 'a'\n[limits.x]\nrow-min = 3\nrows-min = 3\n[[step]]\nkind = 'folder'\npath = 'p'\nfile = '*'\nfiles = '*'\n\
                [when]\nall = [\n{ not = { below = { mesure = 'm', measure = 'm', number = 1.0 } } },\n]\n";
    assert_eq!(
        faults(text),
        vec![
            row(1, "titel", "did you mean `title`?"),
            row(4, "limits.x.row-min", "did you mean `rows-min`?"),
            row(9, "step.file", "did you mean `files`?"),
            row(13, "when.all.not.below.mesure", "did you mean `measure`?"),
        ]
    );
}

#[test]
fn missing_keys_wrong_types_and_unknown_words_are_told_together() {
    let text = "speed = 'veryfast'\n[limits.x]\nrows-min = 'three'\n[[step]]\nkind = 'folder'\npath = 3\n";
    assert_eq!(
        faults(text),
        vec![
            row(1, "speed", "did you mean `very-fast`?"),
            row(1, "title", "this key is missing"),
            row(3, "limits.x.rows-min", "this is of type string, but should be integer"),
            row(4, "step.files", "this key is missing"),
            row(6, "step.path", "this is of type integer, but should be string"),
        ]
    );
}

#[test]
fn a_kind_that_does_not_exist_is_answered_with_those_that_do() {
    let faults = faults("title = 'a'\n[[step]]\nkind = 'foldr'\npath = 'p'\nfiles = '*'\n");
    assert_eq!(faults, vec![row(3, "step.kind", "did you mean `folder`?")]);
}

#[test]
fn every_syntax_error_has_its_line() {
    let faults = faults("title = \n[limits\n");
    assert_eq!(faults.iter().map(|fault| fault.0).collect::<Vec<_>>(), vec![Some(1), Some(2)], "{faults:?}");
}

#[test]
fn a_value_that_only_the_type_refuses_keeps_its_key_and_line() {
    let faults = faults("title = 'a'\n[limits.x]\nrows-min = -1\n");
    assert_eq!((faults[0].0, faults[0].1.as_str()), (Some(3), "limits.x.rows-min"));
}

#[test]
fn lines_are_found_again_by_path() {
    let text = "title = 'a'\n\n[[step]]\nkind = 'url'\n[[step]]\nkind = 'url'\nurl = 'x'\n";
    assert_eq!(line_of(text, &["step", "1", "url"]), Some(7));
    assert_eq!(line_of(text, &["step", "1", "path"]), Some(5));
    assert_eq!(line_of(text, &["nothing"]), None);
}
