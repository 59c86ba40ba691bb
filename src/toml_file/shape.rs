//! A parsed file against a JSON Schema, as far as schemars uses it for our types.

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Place;
use crate::faults::{Faults, nearest};

/// Keys that no alternative of the schema has.
pub fn unknown_keys(place: &Place<'_>, table: &Spanned<DeTable<'_>>, schema: &Json) -> Faults {
    walk(place, table, schema, Wanted::UnknownKeys)
}

/// Missing keys and values that are not of the kind that the schema asks for.
pub fn wrong_values(place: &Place<'_>, table: &Spanned<DeTable<'_>>, schema: &Json) -> Faults {
    walk(place, table, schema, Wanted::WrongValues)
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    UnknownKeys,
    WrongValues,
}

struct Walk<'a> {
    place: &'a Place<'a>,
    root: &'a Json,
    wanted: Wanted,
    faults: Faults,
}

fn walk(place: &Place<'_>, table: &Spanned<DeTable<'_>>, schema: &Json, wanted: Wanted) -> Faults {
    let mut walk = Walk { place, root: schema, wanted, faults: Faults::default() };
    walk.table(table.get_ref(), table.span().start, schema, "");
    walk.faults.0.sort_by_key(|fault| fault.line);
    walk.faults
}

/// What the schema says about the keys of one table.
#[derive(Default)]
struct Keys<'a> {
    known: Vec<(&'a str, &'a Json)>,
    required: Vec<&'a str>,
    /// Schema of every other key; none if there may not be others.
    others: Option<&'a Json>,
    closed: bool,
}

impl<'a> Walk<'a> {
    fn table(&mut self, table: &DeTable<'_>, start: usize, schema: &'a Json, path: &str) {
        let keys = self.keys(schema, table);
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            match keys.known.iter().find(|(known, _)| *known == name) {
                Some((_, schema)) => self.value(value, schema, &path),
                None => match keys.others {
                    Some(schema) => self.value(value, schema, &path),
                    None if keys.closed && self.wanted == Wanted::UnknownKeys => {
                        let known = || keys.known.iter().map(|(known, _)| *known);
                        let hint = match nearest(name, known()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("known here: {}", known().collect::<Vec<_>>().join(", ")),
                        };
                        self.faults.push(self.place.fault(key.span().start, &path, "there is no such key".into(), Some(hint)));
                    }
                    None => {}
                },
            }
        }
        if self.wanted == Wanted::WrongValues {
            for name in keys.required.iter().filter(|name| !table.keys().any(|key| key.get_ref().as_ref() == **name)) {
                let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
                self.faults.push(self.place.fault(start, &path, "this key is missing".into(), None));
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'a Json, path: &str) {
        let start = value.span().start;
        let chosen = self.choose(schema, value.get_ref());
        if self.wanted == Wanted::WrongValues && !self.accepts(chosen, value.get_ref()) {
            let (what, hint) = self.misfit(chosen, value.get_ref());
            self.faults.push(self.place.fault(start, path, what, hint));
            return;
        }
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, start, chosen, path),
            DeValue::Array(items) => {
                if let Some(schema) = self.resolve(chosen).get("items") {
                    for item in items.iter() {
                        self.value(item, schema, path);
                    }
                }
            }
            _ => {}
        }
    }

    fn misfit(&self, schema: &'a Json, value: &DeValue<'_>) -> (String, Option<String>) {
        let words = self.words(schema);
        match value {
            DeValue::String(text) if !words.is_empty() => {
                let hint = match nearest(text, words.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", words.join(", ")),
                };
                (format!("`{text}` is not known here"), Some(hint))
            }
            _ => {
                let types = self.types(schema).join(" or ");
                (format!("this is of type {}, but should be {types}", value.type_str()), None)
            }
        }
    }

    fn resolve(&self, schema: &'a Json) -> &'a Json {
        let mut schema = schema;
        for _ in 0..16 {
            let target = schema.get("$ref").and_then(Json::as_str).and_then(|name| name.strip_prefix('#'));
            match target.and_then(|pointer| self.root.pointer(pointer)) {
                Some(found) => schema = found,
                None => break,
            }
        }
        schema
    }

    fn alternatives(&self, schema: &'a Json) -> Option<&'a Vec<Json>> {
        let schema = self.resolve(schema);
        schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Json::as_array)
    }

    /// Of several alternatives the one that the value most likely means: its tag fits, or most of
    /// its keys are known there.
    fn choose(&self, schema: &'a Json, value: &DeValue<'_>) -> &'a Json {
        let schema = self.resolve(schema);
        let Some(alternatives) = self.alternatives(schema) else { return schema };
        if schema.get("properties").is_some() {
            return schema; // the alternatives only add keys; `keys` looks into them
        }
        match value {
            DeValue::Table(table) => self.best(alternatives, table).map_or(schema, |best| self.choose(best, value)),
            _ => alternatives.iter().find(|one| self.accepts(one, value)).map_or(schema, |one| self.choose(one, value)),
        }
    }

    fn best(&self, alternatives: &'a [Json], table: &DeTable<'_>) -> Option<&'a Json> {
        let score = |schema: &'a Json| {
            let keys = self.keys(schema, table);
            let holds = |name: &str| table.keys().any(|key| key.get_ref().as_ref() == name);
            let tag = keys.known.iter().any(|(name, schema)| match (schema.get("const"), get(table, name)) {
                (Some(Json::String(tag)), Some(DeValue::String(text))) => tag == text,
                _ => false,
            });
            let known = keys.known.iter().filter(|(name, _)| holds(name)).count();
            let missing = keys.required.iter().filter(|name| !holds(name)).count();
            (tag, known, std::cmp::Reverse(missing))
        };
        let objects = alternatives.iter().filter(|one| self.types(one).contains(&"object"));
        objects.rev().max_by_key(|one| score(one)) // the first of equals
    }

    /// Keys of an object schema, those of its parts and of its best alternative included.
    fn keys(&self, schema: &'a Json, table: &DeTable<'_>) -> Keys<'a> {
        let schema = self.resolve(schema);
        let mut keys = Keys::default();
        if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
            keys.known.extend(properties.iter().map(|(name, schema)| (name.as_str(), schema)));
        }
        if let Some(required) = schema.get("required").and_then(Json::as_array) {
            keys.required.extend(required.iter().filter_map(Json::as_str));
        }
        for word in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(word) {
                Some(Json::Bool(false)) => keys.closed = true,
                Some(others @ Json::Object(_)) => keys.others = Some(others),
                _ => {}
            }
        }
        let parts = schema.get("allOf").and_then(Json::as_array).into_iter().flatten();
        let alternative = self.alternatives(schema).and_then(|alternatives| self.best(alternatives, table));
        for part in parts.chain(alternative) {
            let part = self.keys(part, table);
            keys.known.extend(part.known);
            keys.required.extend(part.required);
            keys.others = keys.others.or(part.others);
            keys.closed |= part.closed;
        }
        keys
    }

    fn types(&self, schema: &'a Json) -> Vec<&'a str> {
        let schema = self.resolve(schema);
        match schema.get("type") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
            _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => vec!["object"],
            _ => self.alternatives(schema).into_iter().flatten().flat_map(|one| self.types(one)).collect(),
        }
    }

    /// The words of an enumeration; empty if the schema is none.
    fn words(&self, schema: &'a Json) -> Vec<&'a str> {
        let schema = self.resolve(schema);
        let listed = schema.get("enum").and_then(Json::as_array).into_iter().flatten();
        let mut words: Vec<&str> = listed.chain(schema.get("const")).filter_map(Json::as_str).collect();
        words.extend(self.alternatives(schema).into_iter().flatten().flat_map(|one| self.words(one)));
        words
    }

    fn accepts(&self, schema: &'a Json, value: &DeValue<'_>) -> bool {
        let types = self.types(schema);
        let fits = types.is_empty()
            || types.iter().any(|one| match value {
                DeValue::String(_) | DeValue::Datetime(_) => *one == "string",
                DeValue::Integer(_) => matches!(*one, "integer" | "number"),
                DeValue::Float(_) => *one == "number",
                DeValue::Boolean(_) => *one == "boolean",
                DeValue::Array(_) => *one == "array",
                DeValue::Table(_) => *one == "object",
            });
        let words = self.words(schema);
        fits && match value {
            DeValue::String(text) => words.is_empty() || words.contains(&text.as_ref()),
            _ => true,
        }
    }
}

fn get<'t>(table: &'t DeTable<'_>, name: &str) -> Option<&'t DeValue<'t>> {
    table.iter().find(|(key, _)| key.get_ref().as_ref() == name).map(|(_, value)| value.get_ref())
}
