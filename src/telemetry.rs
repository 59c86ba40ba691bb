//! Logs and figures about the program itself.
//!
//! Log lines go to standard error, as text at a terminal and as JSON otherwise; `HEADWATER_LOG`
//! takes a filter such as `info,headwater::deliver=debug`. Every metric is in [`METRICS`].

use std::io::IsTerminal;
use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measures {
    Counter,
    Gauge,
    /// Seconds, in the buckets of `SECONDS`.
    Histogram,
}

/// One metric: name, kind, what it says. Units are in the name, as Prometheus asks.
pub struct Metric {
    pub name: &'static str,
    pub measures: Measures,
    pub help: &'static str,
}

const fn metric(name: &'static str, measures: Measures, help: &'static str) -> Metric {
    Metric { name, measures, help }
}

/// Upper bounds of histogram buckets, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// Every metric there is.
pub const METRICS: &[Metric] = &[
    metric("headwater_releases_total", Measures::Counter, "Releases by source and judgement (accepted, held, refused)"),
    metric("headwater_rows_total", Measures::Counter, "Rows by source and fate (accepted, quarantined, skipped)"),
    metric("headwater_fetches_total", Measures::Counter, "Polls of a source by outcome (new, unchanged, failed)"),
    metric("headwater_ingest_seconds", Measures::Histogram, "Time from raw bytes to commit"),
    metric("headwater_alerts_total", Measures::Counter, "Alerts about concerns written to the log, by kind"),
    metric("headwater_news_total", Measures::Counter, "News of the register and supportive notices written to the log, by kind"),
    metric("headwater_log_sequence", Measures::Gauge, "Sequence of the last alert in the log"),
    metric("headwater_delivery_attempts_total", Measures::Counter, "Attempts to deliver by subscription and outcome"),
    metric("headwater_delivery_seconds", Measures::Histogram, "Time of one attempt to deliver"),
    metric("headwater_deliveries_pending", Measures::Gauge, "Deliveries owed, by subscription"),
    metric("headwater_deliveries_dead", Measures::Gauge, "Deliveries given up, by subscription"),
    metric("headwater_streams", Measures::Gauge, "Open event streams"),
    metric("headwater_task_runs_total", Measures::Counter, "Runs of a supervised task"),
];

/// Renders all metrics in the Prometheus text format.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The recorder of this process; installed by the first call.
    pub fn install() -> Metrics {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let recorder = builder.set_buckets(&SECONDS).unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder is installed: /metrics stays empty");
            }
            describe();
            handle
        });
        Metrics(handle.clone())
    }

    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

fn describe() {
    for metric in METRICS {
        match metric.measures {
            Measures::Counter => metrics::describe_counter!(metric.name, metric.help),
            Measures::Gauge => metrics::describe_gauge!(metric.name, metric.help),
            Measures::Histogram => metrics::describe_histogram!(metric.name, metrics::Unit::Seconds, metric.help),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("HEADWATER_LOG is not a log filter: write for example `info,headwater=debug`")]
pub struct BadFilter(#[source] tracing_subscriber::filter::ParseError);

/// Start logging to standard error. `otherwise` is the filter when HEADWATER_LOG is not set.
/// A second call changes nothing.
pub fn start_logging(otherwise: &str) -> Result<(), BadFilter> {
    let text = std::env::var("HEADWATER_LOG").ok().filter(|text| !text.trim().is_empty());
    let filter = EnvFilter::try_new(text.as_deref().unwrap_or(otherwise)).map_err(BadFilter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let already = if std::io::stderr().is_terminal() {
        builder.with_target(false).try_init().is_err()
    } else {
        builder.json().flatten_event(true).with_current_span(false).try_init().is_err()
    };
    if already {
        tracing::debug!("logging was started before");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_prometheus_and_help_is_shown() {
        for (place, metric) in METRICS.iter().enumerate() {
            assert!(metric.name.starts_with("headwater_") && !metric.help.ends_with('.'), "{}", metric.name);
            assert_eq!(metric.name.ends_with("_total"), metric.measures == Measures::Counter, "{}", metric.name);
            assert_eq!(metric.name.ends_with("_seconds"), metric.measures == Measures::Histogram, "{}", metric.name);
            assert!(METRICS[..place].iter().all(|other| other.name != metric.name));
        }
        let metrics = Metrics::install();
        metrics::counter!("headwater_alerts_total", "kind" => "raised").increment(2);
        metrics::histogram!("headwater_delivery_seconds").record(0.3);
        let text = metrics.render();
        assert!(text.contains("# HELP headwater_alerts_total Alerts about concerns written to the log, by kind"), "{text}");
        assert!(text.contains("headwater_delivery_seconds_bucket{le=\"0.5\"} 1"), "{text}");
    }
}
