//! Settings: where things are and who is told. What Headwater *does* stands in other files.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::bundle::Folders;
use crate::deliver::Subscription;
use crate::faults::{Fault, Faults};
use crate::fetch::Options;
use crate::fetch::egress::Egress;
use crate::toml_file;

/// The settings in force; every key stands in `config/default.toml` with its default.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    pub data: PathBuf,
    pub files: Folders,
    pub http: Http,
    pub fetch: Fetch,
    pub stop: Stop,
    pub webhook: Vec<Subscription>,
    /// Folder of the settings file, against which its relative paths are read.
    #[serde(skip)]
    pub folder: PathBuf,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Http {
    #[schemars(with = "String")]
    pub listen: SocketAddr,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Fetch {
    pub contact: Option<String>,
    pub egress: EgressSetting,
    pub ca_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EgressSetting {
    #[default]
    Public,
    LoopbackForDemo,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Stop {
    pub drain_seconds: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data: PathBuf::from("data"),
            files: Folders::default(),
            http: Http::default(),
            fetch: Fetch::default(),
            stop: Stop::default(),
            webhook: Vec::new(),
            folder: PathBuf::from("."),
        }
    }
}

impl Default for Http {
    fn default() -> Http {
        Http { listen: SocketAddr::from(([127, 0, 0, 1], 8370)) }
    }
}

impl Default for Stop {
    fn default() -> Stop {
        Stop { drain_seconds: 20 }
    }
}

impl Settings {
    /// Reads a settings file, or takes the defaults; every fault at once.
    pub fn load(file: Option<&Path>) -> Result<Settings, Faults> {
        let Some(file) = file else { return Ok(Settings::default()) };
        let fault =
            |what: String| Faults(vec![Fault { file: file.to_owned(), line: None, key: String::new(), what, hint: None }]);
        let text = std::fs::read_to_string(file).map_err(|error| fault(format!("cannot be read: {error}")))?;
        let mut settings: Settings = toml_file::parse(file, &text)?;
        settings.folder =
            file.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned);
        for path in settings.files.paths_mut().chain([&mut settings.data]) {
            if settings.folder != Path::new(".") {
                *path = settings.folder.join(&*path);
            }
        }
        let mut ids: Vec<&str> = settings.webhook.iter().map(|webhook| webhook.id.as_str()).collect();
        ids.sort_unstable();
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(fault(format!("two webhooks are called `{}`: each needs an id of its own", pair[0]))),
            None => Ok(settings),
        }
    }

    /// How sources are fetched.
    pub fn fetching(&self) -> Options {
        let base = match self.fetch.egress {
            EgressSetting::Public => Options { egress: Egress::Public, ..Options::default() },
            EgressSetting::LoopbackForDemo => Options::local(),
        };
        Options {
            contact: self.fetch.contact.clone().unwrap_or(base.contact.clone()),
            ca_file: self.fetch.ca_file.as_ref().map(|path| self.folder.join(path)),
            ..base
        }
    }

    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.stop.drain_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_says_the_defaults_and_nothing_unknown() {
        let text = include_str!("../../config/default.toml");
        let from_file: Settings = toml_file::parse(Path::new("config/default.toml"), text).unwrap();
        let defaults = Settings::default();
        assert_eq!(from_file.data, defaults.data);
        assert_eq!(from_file.http.listen, defaults.http.listen);
        assert_eq!(from_file.stop.drain_seconds, defaults.stop.drain_seconds);
        assert_eq!(from_file.fetch.egress, defaults.fetch.egress);
        assert_eq!(from_file.fetch.contact.as_deref(), Some(defaults.fetching().contact.as_str()));
    }

    #[test]
    fn every_setting_stands_in_the_default_file() {
        let text = include_str!("../../config/default.toml");
        let schema = serde_json::to_value(schemars::schema_for!(Settings)).unwrap();
        let mut keys: Vec<String> = Vec::new();
        for place in
            [&schema, &schema["$defs"]["Http"], &schema["$defs"]["Fetch"], &schema["$defs"]["Stop"], &schema["$defs"]["Folders"]]
        {
            keys.extend(place["properties"].as_object().unwrap().keys().cloned());
        }
        for key in keys {
            assert!(text.contains(&key), "config/default.toml does not name `{key}`");
        }
    }
}
