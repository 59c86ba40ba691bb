//! Redirects and addresses: what the guard lets through and what not.

use headwater::fetch::egress::Egress;
use headwater::fetch::{Client, FaultCode, FetchSpec, Known, Options};

use super::{CSV, Desk, hosts, new_files};
use crate::support::publisher::{Does, answer, head};

fn to(target: &str) -> Does {
    Does::Says(answer("302 Found", &[("Location", target)], b"moved"))
}

#[tokio::test]
async fn redirects_that_lead_astray_are_refused() {
    for (target, code) in [
        ("http://169.254.169.254/latest/meta-data/", FaultCode::Egress),
        ("http://[::ffff:169.254.169.254]/", FaultCode::Egress),
        ("file:///etc/passwd", FaultCode::Egress),
        ("http://user:secret@127.0.0.1/", FaultCode::Egress),
        ("http://10.0.0.1/", FaultCode::Egress),
        ("http://publisher.example/x.csv", FaultCode::Egress),
        ("http://localhost/x.csv", FaultCode::Egress),
        ("http://", FaultCode::Redirect),
        ("/x.csv", FaultCode::Redirect),
    ] {
        let desk = Desk::new(move |_| to(target)).await;
        let fault = desk.poll(&desk.fixed("/x.csv"), &Known::default()).await.expect_err(target);
        assert_eq!(fault.code, code, "{target}: {fault}");
        assert_eq!(desk.publisher.asked().len(), 1, "{target}");
        assert!(!fault.to_string().contains("secret"), "{fault}");
    }
}

#[tokio::test]
async fn redirects_end() {
    let desk = Desk::new(|asked| match asked.path.as_str() {
        "/a.csv" => to("/b.csv"),
        "/b.csv" => to("/a.csv"),
        "/nowhere.csv" => Does::Says(head("302 Found", &[("Content-Length", "0")])),
        other => to(&format!("{other}x")),
    })
    .await;
    for (path, requests) in [("/a.csv", 2), ("/n.csv", 6), ("/nowhere.csv", 1)] {
        let before = desk.publisher.asked().len();
        let fault = desk.poll(&desk.fixed(path), &Known::default()).await.expect_err(path);
        assert_eq!(fault.code, FaultCode::Redirect, "{path}: {fault}");
        assert_eq!(desk.publisher.asked().len() - before, requests, "{path}");
    }
}

#[tokio::test]
async fn a_redirect_within_the_hosts_is_followed() {
    let desk = Desk::new(|asked| match asked.path.as_str() {
        "/x.csv" => Does::Says(answer("301 Moved", &[("Location", "store/y.csv")], b"")),
        "/store/y.csv" => to("/store/z.csv?sig=1"),
        _ => Does::Says(answer("200 OK", &[], CSV)),
    })
    .await;
    let (files, known) = new_files(desk.poll(&desk.fixed("/x.csv"), &Known::default()).await);
    assert_eq!(files[0].0.file_name, "z.csv");
    assert!(known.url.is_some_and(|url| url.ends_with("/x.csv")), "a signed address is not kept");
}

#[tokio::test]
async fn the_public_client_does_not_speak_to_this_machine() {
    let options = Options { egress: Egress::Public, ..Options::local() };
    // where no certificate authorities are installed there is no public client at all
    let Ok(client) = Client::new(options) else {
        println!("skipped: no certificate authorities are installed");
        return;
    };
    let desk = Desk::new(|_| Does::Says(answer("200 OK", &[], CSV))).await;
    let port = desk.publisher.address.port();
    // an address, and a name that resolves to it only when it is connected to
    for host in ["127.0.0.1", "localhost"] {
        let spec = FetchSpec::Url { url: format!("http://{host}:{port}/x.csv"), hosts: vec![host.to_owned()] };
        let now = super::NOW.parse().expect("a timestamp");
        let fault = headwater::fetch::poll(&client, &spec, &Known::default(), now, desk.spool.path()).await.expect_err(host);
        assert_eq!(fault.code, FaultCode::Egress, "{fault}");
        assert!(fault.to_string().contains("loopback"), "{fault}");
    }
    assert_eq!(desk.publisher.asked().len(), 0);
}

#[tokio::test]
async fn a_host_that_the_manifest_does_not_list_is_not_asked() {
    let desk = Desk::new(|_| Does::Says(answer("200 OK", &[], CSV))).await;
    for hosts in [vec![], vec!["www.gov.uk".to_owned()], vec!["127.0.0.1:1".to_owned()]] {
        let spec = FetchSpec::Url { url: desk.publisher.url("/x.csv"), hosts };
        let fault = desk.poll(&spec, &Known::default()).await.expect_err("refused");
        assert_eq!(fault.code, FaultCode::Egress, "{fault}");
    }
    for url in ["ftp://127.0.0.1/x.csv", "not a url", ""] {
        let spec = FetchSpec::Url { url: url.to_owned(), hosts: hosts() };
        let fault = desk.poll(&spec, &Known::default()).await.expect_err("refused");
        assert!(matches!(fault.code, FaultCode::Egress | FaultCode::Settings), "{fault}");
    }
    assert_eq!(desk.publisher.asked().len(), 0);
}
