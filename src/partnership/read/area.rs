//! An area as it is written: the same keys for a partnership and for its parts.

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::area::Area;
use super::super::day::Span;
use super::super::postcode::PostcodePart;
use super::Told;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct AreaFile {
    /// Three-digit or GSS codes.
    pub las: Vec<String>,
    pub urns: Vec<i64>,
    pub postcodes: Vec<String>,
    pub phases: Vec<String>,
    pub legal: Vec<String>,
}

impl AreaFile {
    /// `span` is for how long the area is meant to stand.
    pub fn read(&self, told: &mut Told<'_>, path: &str, span: Span) -> Area {
        let mut postcodes = Vec::new();
        for (n, text) in self.postcodes.iter().enumerate() {
            match PostcodePart::parse(text) {
                Some(part) => postcodes.push(part),
                None => {
                    let hint = "an area (WX), a district (WX1) or a sector (WX1 2)".into();
                    told.fault(&format!("{path}.postcodes.{n}"), format!("`{text}` is no part of a postcode"), Some(hint));
                }
            }
        }
        Area {
            las: told.las(&format!("{path}.las"), &self.las, span),
            urns: told.urns(&format!("{path}.urns"), &self.urns),
            postcodes,
            phases: told.phases(&format!("{path}.phases"), &self.phases),
            legal: told.legal(&format!("{path}.legal"), &self.legal),
        }
    }

    pub fn names_places(&self) -> bool {
        !(self.las.is_empty() && self.urns.is_empty() && self.postcodes.is_empty())
    }

    pub fn narrows(&self) -> bool {
        !(self.phases.is_empty() && self.legal.is_empty())
    }
}
