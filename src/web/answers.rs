//! `/api/v1/schools`, `trusts`, `areas`, `partnerships`: who is who, as JSON.
//!
//! What the answers are is not known here: a function is passed in that gives them.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use rusqlite::Connection;
use serde::Deserialize;

use super::Web;
use super::api::{failed, json, problem};
use super::read::ReadError;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    School,
    Trust,
    Area,
    Partnership,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub about: About,
    /// URN, group UID, code of an area or id of a partnership, as it was written.
    pub id: String,
    /// The day in the world.
    pub on: Option<Date>,
    /// The day of knowledge.
    pub as_of: Option<Date>,
    /// The scheme by which the size of a trust is cut.
    pub sizes: Option<String>,
}

/// Why there is no answer, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// The question is wrong.
    Wrong(String),
    /// There is no such thing; says what to try.
    Nothing(String),
    /// The folder could not be read.
    Failed(String),
}

/// Answers a question from a data folder, as one JSON object.
pub type Answers = Arc<dyn Fn(&Connection, &Question) -> Result<String, NoAnswer> + Send + Sync>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    on: Option<String>,
    as_of: Option<String>,
    sizes: Option<String>,
}

type Asked = Result<Query<Days>, QueryRejection>;

pub async fn school(State(web): State<Web>, Path(id): Path<String>, query: Asked) -> Response {
    respond(&web, About::School, id, query).await
}

pub async fn trust(State(web): State<Web>, Path(id): Path<String>, query: Asked) -> Response {
    respond(&web, About::Trust, id, query).await
}

pub async fn area(State(web): State<Web>, Path(id): Path<String>, query: Asked) -> Response {
    respond(&web, About::Area, id, query).await
}

pub async fn partnership(State(web): State<Web>, Path(id): Path<String>, query: Asked) -> Response {
    respond(&web, About::Partnership, id, query).await
}

async fn respond(web: &Web, about: About, id: String, query: Asked) -> Response {
    let question = match query.map_err(|wrong| wrong.body_text()).and_then(|Query(days)| days.question(about, id)) {
        Ok(question) => question,
        Err(wrong) => return problem(StatusCode::BAD_REQUEST, &wrong),
    };
    match answer(web, question).await {
        Ok(Ok(body)) => json(body + "\n"),
        Ok(Err(NoAnswer::Wrong(why))) => problem(StatusCode::BAD_REQUEST, &why),
        Ok(Err(NoAnswer::Nothing(why))) => problem(StatusCode::NOT_FOUND, &why),
        Ok(Err(NoAnswer::Failed(why))) => {
            tracing::error!(why, "a question could not be answered");
            problem(StatusCode::SERVICE_UNAVAILABLE, &why)
        }
        Err(error) => failed(&error),
    }
}

/// Asks on a thread that may block.
pub async fn answer(web: &Web, question: Question) -> Result<Result<String, NoAnswer>, ReadError> {
    let Some(answers) = web.options.answers.clone() else {
        return Ok(Err(NoAnswer::Failed("nobody answers here who is who".to_owned())));
    };
    web.readers.read(move |db| Ok(answers(db, &question))).await
}

impl Days {
    pub fn question(self, about: About, id: String) -> Result<Question, String> {
        let day = |key: &str, text: Option<String>| {
            let Some(text) = text else { return Ok(None) };
            text.parse().map(Some).map_err(|_| format!("`{key}` is no day: write it as 2024-06-17"))
        };
        if self.sizes.is_some() && about != About::Trust {
            return Err("`sizes` is only asked about a trust: leave it out".to_owned());
        }
        Ok(Question { about, id, on: day("on", self.on)?, as_of: day("as_of", self.as_of)?, sizes: self.sizes })
    }
}
