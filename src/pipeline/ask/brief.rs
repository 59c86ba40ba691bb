//! One school as a list shows it, read as cheaply as can be: an area has a thousand of them.

use rust_decimal::prelude::ToPrimitive;

use super::Asker;
use crate::model::{History, Missing, Urn, Value};
use crate::pipeline::EngineError;
use crate::register::listed::{Joined, Known, Listed, Status};
use crate::register::membership::Span;
use crate::register::{Field, Picture};

/// What a list needs of one school, by field.
const FIELDS: [Field; 12] = [
    Field::Name,
    Field::Status,
    Field::Phase,
    Field::Type,
    Field::TypeGroup,
    Field::La,
    Field::Region,
    Field::Easting,
    Field::Northing,
    Field::Pupils,
    Field::OpenDate,
    Field::Trust,
];

/// A school of a list, from its picture. `span` is its time with the trust that is asked about.
pub fn listed(urn: Urn, picture: &Picture<'_>, span: Option<&Span>) -> Listed {
    let [name, status, phase, kind, group, la, region, easting, northing, pupils, opened, trust] = picture.values(FIELDS);
    Listed {
        urn,
        name: text(name),
        status: text(status).and_then(|word| Status::from_word(&word).ok_or(Missing::NotRecorded)),
        phase: text(phase),
        type_name: text(kind),
        type_code: Err(Missing::NoColumn),
        type_group: text(group),
        la: text(la),
        region: text(region),
        easting: whole(easting),
        northing: whole(northing),
        pupils: whole(pupils),
        opened: match opened {
            Ok(Value::Date(day)) => Ok(day),
            Ok(_) => Err(Missing::NotRecorded),
            Err(why) => Err(why),
        },
        trust: text(trust),
        joined: match span {
            Some(span) if span.exact => Ok(Joined::On(span.from)),
            Some(span) => Ok(Joined::By(span.from)),
            None => Err(Missing::NotRecorded),
        },
    }
}

/// A school with the group that runs it, if one does.
pub struct Brief {
    pub listed: Listed,
    /// UID and name of the trust.
    pub trust: Known<Option<(String, Option<String>)>>,
}

impl Asker<'_> {
    /// One school of an area, if it is open or it is not known whether it is. Memberships in groups
    /// are read only where the register is silent.
    pub fn brief(&self, urn: Urn) -> Result<Option<Brief>, EngineError> {
        let history = self.register_only(urn)?;
        let picture = self.picture(&history);
        // half of all establishments are closed, and most of the reading is for nothing then
        let [status] = picture.values([Field::Status]);
        if text(status).is_ok_and(|word| Status::from_word(&word).is_some_and(|status| !status.is_open())) {
            return Ok(None);
        }
        let listed = listed(urn, &picture, None);
        let trust = match &listed.trust {
            Ok(uid) => Ok(Some((uid.clone(), picture.text(Field::TrustName).ok()))),
            Err(Missing::NotApplicable) => Ok(None),
            Err(_) => {
                let whole: History = self.history(urn)?;
                self.picture(&whole).trust().map(|trust| trust.map(|trust| (trust.uid, trust.name)))
            }
        };
        Ok(Some(Brief { listed, trust }))
    }
}

fn text(value: Known<Value>) -> Known<String> {
    value.map(|value| value.to_string())
}

pub fn whole(value: Known<Value>) -> Known<u32> {
    match value? {
        Value::Number(number) => number.to_u32().ok_or(Missing::NotRecorded),
        Value::Text(text) => text.trim().parse().map_err(|_| Missing::NotRecorded),
        _ => Err(Missing::NotRecorded),
    }
}
