//! What a record keeps of one cell, read again from the row, to hold a citation against it.

use csv::StringRecord;

use super::Binding;
use super::rows::{self, About, YearReader};

impl Binding {
    /// The token of the cell under `column` as a record keeps it: without the zeros that the
    /// manifest strips, and a fingerprint where the cell is a name. None if there is no such column,
    /// or if it is personal and nothing of it is kept.
    pub fn kept(&self, cells: &StringRecord, column: &str) -> Option<String> {
        let place = self.header.iter().position(|name| name.trim() == column.trim())?;
        let token = cells.get(place).unwrap_or("").trim();
        let measure = self.measures.iter().find(|measure| measure.at == place);
        if let Some(person) = measure.and_then(|measure| measure.person.as_ref()) {
            let Ok(About::Subject(key)) = rows::about(self, cells, &mut YearReader::default()) else { return None };
            return Some(person.read(key.subject, cells).raw().to_owned());
        }
        if self.personal.contains(&place) {
            return None;
        }
        let raw = measure.and_then(|measure| measure.reader.read(token).ok()).map_or(token, |said| said.raw);
        Some(raw.to_owned())
    }
}
