//! What a subscriber asks for, as it stands in the settings file.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

pub use super::filter::Filter;

/// One webhook subscription.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Subscription {
    /// Name of the subscription, stable: its place in the log is kept under it.
    pub id: String,
    /// Where alerts are posted to.
    #[schemars(with = "String")]
    pub url: Url,
    /// `whsec_` and the base64 of 24 to 64 random bytes. Better kept in a file of its own.
    #[serde(default)]
    pub secret: Option<Secret>,
    /// A file with one secret on each line. While secrets change it has both, and both sign.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    #[serde(default)]
    pub filter: Filter,
    /// Where on the log it begins when it is new.
    #[serde(default)]
    pub from: From,
}

/// Where a new subscription begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// At the first alert of the log.
    Start,
    /// With alerts that come after the subscription.
    #[default]
    Now,
}

/// Bytes that sign what is sent. It can be neither printed nor written anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

#[derive(Debug, thiserror::Error)]
pub enum BadSecret {
    #[error("a webhook secret is `whsec_` followed by the base64 of 24 to 64 bytes: this one is not")]
    Form,
    #[error("subscription `{0}` has no secret: give `secret-file` or `secret`")]
    None(String),
    #[error("cannot read the secret file {0}")]
    File(PathBuf, #[source] std::io::Error),
}

impl Secret {
    /// `whsec_` and base64; the prefix may be missing, as some receivers show it without.
    pub fn parse(text: &str) -> Result<Secret, BadSecret> {
        let text = text.trim();
        let bytes = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).map_err(|_| BadSecret::Form)?;
        if (24..=64).contains(&bytes.len()) { Ok(Secret(bytes)) } else { Err(BadSecret::Form) }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(not shown)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        Secret::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(whsec_)?[A-Za-z0-9+/]+=*$" })
    }
}

impl Subscription {
    /// All its secrets, at least one; a relative file is looked for in `folder`.
    pub fn secrets(&self, folder: &Path) -> Result<Vec<Secret>, BadSecret> {
        let mut secrets: Vec<Secret> = self.secret.iter().cloned().collect();
        if let Some(file) = &self.secret_file {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).map_err(|error| BadSecret::File(path, error))?;
            let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
            secrets.extend(lines.map(Secret::parse).collect::<Result<Vec<_>, _>>()?);
        }
        if secrets.is_empty() { Err(BadSecret::None(self.id.clone())) } else { Ok(secrets) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::deliveries::Logged;

    fn alert(kind: &str, rule: &str, urn: u32, la: &str) -> Logged {
        let body = format!(r#"{{"data":{{"school":{{"urn":{urn},"la":"{la}"}}}}}}"#);
        Logged { seq: 1, id: "a".into(), urn, kind: format!("headwater.concern.{kind}.v1"), rule: rule.into(), body }
    }

    #[test]
    fn a_subscription_is_read_and_its_secret_never_shown() {
        let text = r#"
            id = "wexcombe-board"
            url = "https://alerts.wexcombe.example/in"
            secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            from = "start"
            filter = { kinds = ["raised", "withdrawn"], las = ["990"], urns = [900001] }
        "#;
        let subscription: Subscription = toml::from_str(text).unwrap();
        assert!(!format!("{subscription:?}").contains("MfKQ"));
        assert_eq!(subscription.secrets(Path::new(".")).unwrap().len(), 1);
        let wants = |kind: &str, urn, la: &str| subscription.filter.wants(&alert(kind, "stuck", urn, la));
        assert!(wants("raised", 900_001, "990") && wants("withdrawn", 900_001, "990"));
        assert!(!wants("resolved", 900_001, "990") && !wants("raised", 900_002, "990") && !wants("raised", 900_001, "991"));
    }

    #[test]
    fn a_bad_subscription_is_refused_without_repeating_the_secret() {
        for text in ["id='a'\nurl='https://a.example/'\nsecret='whsec_c2hvcnQ='", "id='a'\nurl='https://a.example/'\nsecrt='x'"] {
            let error = toml::from_str::<Subscription>(text).unwrap_err();
            assert!(!error.message().contains("c2hvcnQ="), "{error}");
        }
        let none: Subscription = toml::from_str("id='a'\nurl='https://a.example/'").unwrap();
        assert!(none.secrets(Path::new(".")).unwrap_err().to_string().contains("`a` has no secret"));
    }

    #[test]
    fn a_secret_file_may_hold_the_old_and_the_new_secret() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        std::fs::write(folder.path().join("s"), format!("# rotated in May\n{new}\n\n{old}\n")).unwrap();
        let subscription: Subscription = toml::from_str("id='a'\nurl='https://a.example/'\nsecret-file='s'").unwrap();
        assert_eq!(subscription.secrets(folder.path()).unwrap().len(), 2);
    }
}
