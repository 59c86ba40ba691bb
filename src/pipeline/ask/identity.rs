//! Who a school is, field by field with the cell that says so, and the numbers it had over time.

use std::collections::BTreeMap;

use serde::Serialize;

use super::told::Told;
use super::{ALL, Asker};
use crate::model::{History, Measures, ReleaseInfo, ReleaseNo, Value};
use crate::register::listed::Listed;
use crate::register::{Field, Picture};

/// Fields that are shown, in this order. The head is not among them: that there is one is told as
/// news, and who it is is not kept.
pub const SHOWN: [Field; 34] = [
    Field::Name,
    Field::Status,
    Field::Type,
    Field::TypeGroup,
    Field::Phase,
    Field::LowAge,
    Field::HighAge,
    Field::Gender,
    Field::Religion,
    Field::Admissions,
    Field::Capacity,
    Field::Pupils,
    Field::Fsm,
    Field::OpenDate,
    Field::OpenReason,
    Field::CloseDate,
    Field::CloseReason,
    Field::La,
    Field::LaName,
    Field::LaGss,
    Field::Region,
    Field::Street,
    Field::Locality,
    Field::Town,
    Field::Postcode,
    Field::Easting,
    Field::Northing,
    Field::Ukprn,
    Field::EstablishmentNumber,
    Field::Trust,
    Field::TrustName,
    Field::Sponsor,
    Field::Federation,
    Field::FederationName,
];

/// One field with its cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// `name`, `low_age` …
    pub field: String,
    pub title: String,
    pub value: Option<String>,
    pub missing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The token as it stands in the cell; null if there is no cell.
    pub raw: Option<String>,
    /// The day since which it has stood so, as far as known.
    pub since: Option<String>,
    pub release: Option<i64>,
    pub release_name: Option<String>,
    pub row: Option<u32>,
}

/// The number that a local authority gives, for as long as it had it: LA and establishment number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Laestab {
    /// `990/2301`.
    pub laestab: String,
    /// The day of the first extract that has it.
    pub by: String,
    /// The day of the first extract that has another; null for the one it has.
    pub until: Option<String>,
}

/// The fields of a picture. `infos` are the releases that they cite.
pub fn fields(picture: &Picture<'_>, measures: &Measures, infos: &BTreeMap<ReleaseNo, ReleaseInfo>) -> Vec<FieldView> {
    SHOWN.iter().map(|field| view(picture, *field, measures, infos)).collect()
}

fn view(picture: &Picture<'_>, field: Field, measures: &Measures, infos: &BTreeMap<ReleaseNo, ReleaseInfo>) -> FieldView {
    let told = picture.told(field);
    let Told { value, missing, why } = Told::text(picture.value(field));
    let id = told.as_ref().and_then(|told| measures.id(told.cell.measure));
    let title = id.and_then(|id| measures.get(id)).or_else(|| measures.get(&format!("gias.{}", field.suffix())));
    let info = told.as_ref().and_then(|told| infos.get(&told.fact.said));
    FieldView {
        field: field.suffix().replace('-', "_"),
        title: title.map_or_else(|| field.suffix().replace('-', " "), |measure| measure.title.clone()),
        value,
        missing,
        why,
        raw: told.as_ref().map(|told| told.cell.raw.to_owned()),
        since: told.as_ref().and_then(|told| told.fact.day).map(|day| day.to_string()),
        release: info.map(|info| info.no.0),
        release_name: info.map(ReleaseInfo::name),
        row: told.as_ref().map(|told| told.fact.row + told.cell.row_offset),
    }
}

/// Every number that the school had, in the order of days. A day that does not say ends nothing.
pub fn laestabs(asker: &Asker<'_>, history: &History) -> Vec<Laestab> {
    let mut days: Vec<_> =
        history.facts.iter().filter(|fact| asker.is_register(&fact.dataset)).filter_map(|fact| fact.day).collect();
    days.sort_unstable();
    days.dedup();
    let mut found: Vec<Laestab> = Vec::new();
    for day in days {
        let picture = Picture::at(history, &asker.lens, ALL, Some(day));
        let [la, number] = picture.values([Field::La, Field::EstablishmentNumber]);
        let (Ok(la), Ok(number)) = (la, number) else { continue };
        let laestab = format!("{la}/{}", four(&number));
        match found.last_mut() {
            Some(last) if last.laestab == laestab => continue,
            Some(last) => last.until = Some(day.to_string()),
            None => {}
        }
        found.push(Laestab { laestab, by: day.to_string(), until: None });
    }
    found
}

fn four(number: &Value) -> String {
    format!("{:0>4}", number.to_string())
}

/// What the school is in law: its status and its kind.
pub fn legal(listed: &Listed) -> (Told<String>, Told<String>) {
    let status = listed.legal_status().map(|status| status.word().to_owned());
    let kind = listed.legal_type().map(|kind| kind.kind.word().to_owned());
    (Told::of(status), Told::of(kind))
}
