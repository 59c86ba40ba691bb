//! What the demo says.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::Failure;
use crate::demo::publisher::Publisher;
use crate::demo::receiver::{Receiver, Report};
use crate::demo::{Observed, Publication, Truth, Wexcombe};
use crate::model::{Class, NewsKind, Verdict};
use crate::pipeline::Done;
use crate::store::{concerns, log, open_connection};

pub fn opening(county: &Wexcombe, pages: SocketAddr, publisher: &Publisher, receiver: &Receiver) -> String {
    format!(
        "Wexcombe is a county that does not exist; everything runs on this machine.\n\
         {} publications from 2016 to 2026, broken files included\n\
         pages      http://{pages}\n\
         publisher  http://{}\n\
         webhook    {}\n\n\
         published   release                                                  rows = accepted + set aside + skipped   alerts  news",
        county.timeline.len(),
        publisher.address(),
        receiver.url()
    )
}

pub fn opening_json(county: &Wexcombe, pages: SocketAddr, publisher: &Publisher, receiver: &Receiver) -> Value {
    json!({
        "publications": county.timeline.len(), "pages": format!("http://{pages}"),
        "publisher": format!("http://{}", publisher.address()), "webhook": receiver.url(),
    })
}

pub fn line_json(publication: &Publication, taken: &[Done], fault: Option<&str>) -> Value {
    let Publication { connector, period, stage, published, file_name, .. } = publication;
    let release = taken.first().and_then(|done| if let Done::File { release, .. } = done { Some(release) } else { None });
    json!({
        "source": connector, "period": period, "stage": stage, "published": published, "file_name": file_name,
        "status": release.map(|release| release.status), "counts": release.map(|release| &release.counts),
        "findings": release.map(|release| &release.findings), "fault": fault,
        "alerts": entries(taken).0, "news": entries(taken).1,
    })
}

/// How many entries of the log are alerts about concerns, and how many are other news: those have no rule.
fn entries(taken: &[Done]) -> (usize, usize) {
    let all = || taken.iter().flat_map(Done::alerts);
    let alerts = all().filter(|entry| !entry.rule.is_empty()).count();
    (alerts, all().count() - alerts)
}

/// Entries of the log by class and the word of their kind.
fn by_class(db: &rusqlite::Connection) -> Result<BTreeMap<Class, BTreeMap<&'static str, u32>>, Failure> {
    let mut classes: BTreeMap<Class, BTreeMap<&'static str, u32>> = BTreeMap::new();
    for (event_type, count) in log::kinds(db)? {
        if let Some(kind) = NewsKind::of_type(&event_type) {
            classes.entry(kind.class()).or_default().insert(kind.word(), count);
        }
    }
    Ok(classes)
}

pub fn closing_json(data: &Path, observed: &Observed, report: &Report, differences: &[String]) -> Result<Value, Failure> {
    let db = open_connection(data, false)?;
    let (all, mut classes) = (concerns::all(&db)?, by_class(&db)?);
    let mut of = |class| classes.remove(&class).unwrap_or_default();
    Ok(json!({
        "releases": count(observed.releases.iter().map(|release| release.outcome.word())),
        "concerns": count(all.iter().map(|concern| concern.rule.as_str())),
        "alerts": of(Class::Concern), "register": of(Class::Register), "notices": of(Class::Notice),
        "logged": log::last_seq(&db)?, "received": report.received.len(), "differences": differences,
    }))
}

/// One publication and what became of it.
pub fn line(publication: &Publication, taken: &[Done], fault: Option<&str>) -> String {
    let mut text = String::new();
    let what = format!("{} {} {}", publication.connector, publication.period, publication.stage);
    match taken.first() {
        Some(Done::File { release, .. }) => {
            let (alerts, news) = entries(taken);
            let (counts, skipped) = (&release.counts, release.counts.skipped.values().sum::<u32>());
            let _ = write!(
                text,
                "{}  {what:<43} {:<9} {:>7} = {:>7} + {:>3} + {:>4}   {alerts:>6}{news:>6}",
                publication.published,
                release.status.word(),
                counts.read,
                counts.accepted,
                counts.quarantined,
                skipped
            );
            for finding in &release.findings {
                let _ = write!(text, "\n            {finding}");
            }
        }
        Some(_) => {
            let _ = write!(text, "{}  {what:<43} unchanged", publication.published);
        }
        None => {
            let _ = write!(text, "{}  {what:<43} nothing taken: {}", publication.published, publication.note);
            if let Some(fault) = fault {
                let _ = write!(text, "\n            {fault}");
            }
        }
    }
    text
}

pub fn closing(
    data: &Path,
    truth: &Truth,
    observed: &Observed,
    report: &Report,
    differences: &[String],
) -> Result<String, Failure> {
    let db = open_connection(data, false)?;
    let mut text = String::from("\n");
    let rows = observed.releases.iter().fold([0u32; 4], |[read, accepted, quarantined, skipped], release| {
        let rows = &release.rows;
        [read + rows.read, accepted + rows.accepted, quarantined + rows.quarantined, skipped + rows.skipped]
    });
    let _ = writeln!(
        text,
        "rows        {} read = {} accepted + {} set aside + {} skipped, in {} releases",
        rows[0],
        rows[1],
        rows[2],
        rows[3],
        observed.releases.len()
    );
    for (outcome, count) in count(observed.releases.iter().map(|release| release.outcome.word())) {
        let _ = writeln!(text, "releases    {count:>5} {outcome}");
    }
    let all = concerns::all(&db)?;
    for (rule, count) in count(all.iter().map(|concern| concern.rule.as_str())) {
        let _ = writeln!(text, "concerns    {count:>5} {rule}");
    }
    for ((rule, verdict), count) in concerns::totals(&db)? {
        if verdict == Verdict::Unknown {
            let _ = writeln!(text, "unassessed  {count:>5} schools under {rule}, each with its reason");
        }
    }
    let says = |class| match class {
        Class::Concern => ("alerts", ""),
        Class::Register => ("news", ""),
        Class::Notice => ("notices", ", in support"),
    };
    for (class, kinds) in by_class(&db)? {
        let (what, more) = says(class);
        for (kind, count) in kinds {
            let _ = writeln!(text, "{what:<11} {count:>5} {}{more}", kind.replace('_', " "));
        }
    }
    let _ = writeln!(
        text,
        "deliveries  {:>5} received of {} logged, {} requests refused by the receiver on purpose, {} again, {} out of order",
        report.received.len(),
        log::last_seq(&db)?,
        report.unwell,
        report.repeated.len(),
        report.out_of_order.len()
    );
    if differences.is_empty() {
        let [alerts, news, notices] = [Class::Concern, Class::Register, Class::Notice].map(|class| truth.told(class));
        let _ = write!(
            text,
            "\nwhat was planted is what came out: {alerts} alerts about concerns, {news} pieces of news of the register, \
             {notices} supportive notices, and nothing else"
        );
    } else {
        let _ = write!(text, "\nwhat was planted is not what came out:");
        for difference in differences {
            let _ = write!(text, "\n  {difference}");
        }
    }
    Ok(text)
}

fn count<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}
