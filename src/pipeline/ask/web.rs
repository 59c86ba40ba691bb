//! The answers over HTTP: the same views, under the files in force when the daemon began.

use std::sync::Arc;

use rusqlite::Connection;
use serde::Serialize;

use super::{AskError, Asker, When, area, partnership, school, trust};
use crate::model::{Measures, Urn};
use crate::pipeline::Setup;
use crate::web::{About, Answers, NoAnswer, Question};

/// Answers from any data folder that has these measures under these codes.
pub fn answers(setup: Setup, measures: Measures) -> Answers {
    Arc::new(move |db, question| answer(db, &setup, &measures, question))
}

fn answer(db: &Connection, setup: &Setup, measures: &Measures, question: &Question) -> Result<String, NoAnswer> {
    let when = When { on: question.on, as_of: question.as_of };
    let asker = Asker::new(db, setup, measures, when).map_err(AskError::from).map_err(refused)?;
    match question.about {
        About::School => {
            let urn: Urn = question.id.parse().map_err(|error: crate::model::urn::NotAUrn| NoAnswer::Wrong(error.to_string()))?;
            written(school::school(&asker, urn))
        }
        About::Trust => written(trust::trust(&asker, &question.id, question.sizes.as_deref())),
        About::Area => written(area::area(&asker, &question.id)),
        About::Partnership => written(partnership::partnership(&asker, &question.id)),
    }
}

fn written(view: Result<impl Serialize, AskError>) -> Result<String, NoAnswer> {
    let view = view.map_err(refused)?;
    serde_json::to_string(&view).map_err(|error| NoAnswer::Failed(error.to_string()))
}

fn refused(error: AskError) -> NoAnswer {
    match error {
        AskError::Nothing(what) => NoAnswer::Nothing(what),
        AskError::Wrong(what) => NoAnswer::Wrong(what),
        AskError::Engine(error) => NoAnswer::Failed(error.to_string()),
    }
}
