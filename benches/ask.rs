//! Asks a data folder who is who, as the API does from the question to the JSON, and prints how long
//! it takes: a school about which much is known, the largest trust, the area with the most schools.
//! scripts/bench makes the folder from a whole register.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use headwater::config::Bundle;
use headwater::pipeline::Setup;
use headwater::pipeline::ask::web::answers;
use headwater::store::{facts, open_connection};
use headwater::web::{About, NoAnswer, Question};
use rusqlite::Connection;

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let Some(folder) = arguments.next() else {
        println!("ask: run by scripts/bench with a data folder");
        return Ok(());
    };
    let times: usize = arguments.next().map_or(Ok(200), |times| times.parse())?;
    let db = open_connection(Path::new(&folder), false)?;
    let setup = Setup::new(Bundle::load(&Default::default())?)?;
    let measures = setup.measures.clone().with_codes(&facts::measure_codes(&db)?);
    let answers = answers(setup, measures);
    let one = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0));
    let most = "SELECT value FROM posting WHERE kind = ? ORDER BY length(urns) DESC LIMIT 1";
    let cases = [
        (
            "school",
            About::School,
            one("SELECT cast(subject AS TEXT) FROM fact WHERE subject > 99999 GROUP BY subject ORDER BY count(*) DESC LIMIT 1")?,
        ),
        ("trust", About::Trust, one(&most.replace('?', "'group'"))?),
        ("area", About::Area, one(&most.replace('?', "'authority'"))?),
    ];
    for (name, about, id) in cases {
        let question = Question { about, id, on: None, as_of: None, sizes: None };
        let ask = |db: &Connection| -> Result<(Duration, usize), Box<dyn Error>> {
            let began = Instant::now();
            let body = answers(db, &question).map_err(|no| match no {
                NoAnswer::Wrong(why) | NoAnswer::Nothing(why) | NoAnswer::Failed(why) => why,
            })?;
            Ok((began.elapsed(), body.len()))
        };
        let (_, bytes) = ask(&db)?;
        let mut took = (0..times).map(|_| ask(&db).map(|(took, _)| took)).collect::<Result<Vec<_>, _>>()?;
        took.sort_unstable();
        let at = |share: usize| took.get(times * share / 100).map_or(0.0, |took| took.as_secs_f64() * 1000.0);
        println!("{name} {} p50 {:.2} ms p95 {:.2} ms, {bytes} bytes", question.id, at(50), at(95));
    }
    Ok(())
}
