//! Where files are looked for, and when.

use url::Url;

use super::Told;
use crate::fetch::FetchSpec;

pub fn fetch(told: &mut Told<'_>, spec: &FetchSpec) {
    match spec {
        FetchSpec::DatedUrl { url, walk_back_days, hosts } => {
            let mut rest = url.clone();
            for field in ["{yyyymmdd}", "{yyyy-mm-dd}", "{yyyy}", "{mm}", "{dd}"] {
                rest = rest.replace(field, "");
            }
            if rest.contains(['{', '}']) {
                let fields = "{yyyymmdd}, {yyyy-mm-dd}, {yyyy}, {mm} and {dd}";
                told.fault(&["fetch", "url"], format!("only {fields} can be filled in"));
            }
            let whole = url.contains("{yyyymmdd}") || url.contains("{yyyy-mm-dd}");
            if !whole && !["{yyyy}", "{mm}", "{dd}"].iter().all(|field| url.contains(field)) {
                told.hint(&["fetch", "url"], "there is no day in it".into(), "write {yyyymmdd} where the day stands".into());
            }
            if !(1..=60).contains(walk_back_days) {
                told.fault(&["fetch", "walk-back-days"], "this should be between 1 and 60 days".into());
            }
            address(told, &url.replace(['{', '}'], ""), hosts);
        }
        FetchSpec::GovukContent { url, title_has, url_ends, hosts } => {
            address(told, url, hosts);
            if title_has.is_empty() || title_has.iter().any(|word| word.trim().is_empty() || *word != word.to_lowercase()) {
                told.fault(&["fetch", "title-has"], "words of the title in lower case are needed".into());
            }
            if url_ends.trim().is_empty() {
                told.fault(&["fetch", "url-ends"], "the end of the attachment's address is needed, such as .csv".into());
            }
        }
        FetchSpec::EesApi { url, data_set, hosts } => {
            address(told, url, hosts);
            if url.trim_end_matches('/').ends_with("/v1") {
                told.fault(&["fetch", "url"], "this is the base of the service, without /v1".into());
            }
            let parts: Vec<usize> = data_set.split('-').map(str::len).collect();
            if parts != [8, 4, 4, 4, 12] || !data_set.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
                told.fault(&["fetch", "data-set"], format!("`{data_set}` is not the id of a data set"));
            }
        }
        FetchSpec::Url { url, hosts } => address(told, url, hosts),
        FetchSpec::Folder { path, files } => {
            for (key, value) in [("path", path), ("files", files)] {
                if value.trim().is_empty() {
                    told.fault(&["fetch", key], "this must not be empty".into());
                }
            }
        }
    }
}

fn address(told: &mut Told<'_>, url: &str, hosts: &[String]) {
    for host in hosts.iter().filter(|host| host.is_empty() || host.contains(['/', ' ', '*'])) {
        told.fault(&["fetch", "hosts"], format!("`{host}` is not the name of a host"));
    }
    let Ok(parsed) = Url::parse(url) else {
        told.fault(&["fetch", "url"], "this is not an address".into());
        return;
    };
    let Some(host) = parsed.host_str() else {
        told.fault(&["fetch", "url"], "the address has no host".into());
        return;
    };
    let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if parsed.scheme() != "https" && !(here && parsed.scheme() == "http") {
        told.fault(&["fetch", "url"], "the address must begin with https://".into());
    }
    if !hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
        let hint = format!("add `{host}`, if it is to be trusted");
        told.hint(&["fetch", "hosts"], format!("the address's own host `{host}` is not among them"), hint);
    }
}

pub fn schedule(told: &mut Told<'_>, schedule: &str) {
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != 5 {
        told.hint(
            &["schedule"],
            format!("`{schedule}` has {} fields", fields.len()),
            "cron's five are minute, hour, day of the month, month and day of the week".into(),
        );
        return;
    }
    // numbers of weekdays mean different days to different programs
    if fields[4].bytes().any(|b| b.is_ascii_digit()) {
        told.fault(&["schedule"], "write days of the week by name, such as MON-FRI".into());
    }
    if let Err(error) = format!("0 {schedule}").parse::<cron::Schedule>() {
        let error = error.to_string(); // the expression, a caret under it and the reason
        let reason = error.lines().last().unwrap_or_default();
        told.hint(&["schedule"], format!("`{schedule}` is not a schedule"), reason.trim_end_matches('.').to_owned());
    }
}
