//! Who is who over a real socket: the answers as JSON, and the page of a school.

use headwater::config::Bundle;
use headwater::pipeline::Setup;
use headwater::pipeline::ask::web::answers;
use headwater::store::{facts, open_connection};
use serde_json::{Value, json};

use crate::support::program::Place;
use crate::support::{Folder, Pages, town};

async fn pages(place: &Place) -> Pages {
    let setup = Setup::new(Bundle::load(&Default::default()).unwrap()).unwrap();
    let db = open_connection(&place.data(), false).unwrap();
    let measures = setup.measures.clone().with_codes(&facts::measure_codes(&db).unwrap());
    Pages::over(&place.data(), |options| options.answers = Some(answers(setup, measures))).await
}

#[tokio::test]
async fn the_api_says_what_the_command_line_says() {
    let place = town::place();
    let pages = pages(&place).await;
    for (path, command) in [
        ("schools/900012", "school 900012"),
        ("schools/900003?on=2024-01-20&as_of=2024-02-01", "school 900003 --on 2024-01-20 --as-of 2024-02-01"),
        ("trusts/2001?sizes=register-four", "trust 2001 --sizes register-four"),
        ("areas/990?on=2024-01-20", "area 990 --on 2024-01-20"),
        ("areas/example-shire/north", "area example-shire/north"),
        ("partnerships/example-shire", "partnership example-shire"),
    ] {
        let answer = pages.get(&format!("/api/v1/{path}")).await;
        assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"application/json".parse().unwrap()));
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told, place.run(&format!("{command} --output json")).ends(0).lines()[0], "{path}");
    }
    for (path, status, words) in [
        ("schools/12", 400, "a URN has six digits"),
        ("schools/900012?on=soon", 400, "`on` is no day: write it as 2024-06-17"),
        ("schools/900012?as-of=2024-06-17", 400, "as-of"),
        ("schools/900012?sizes=study-2018", 400, "only asked about a trust"),
        ("schools/900099", 404, "nothing was known about 900099"),
        ("trusts/2001?sizes=studie-2018", 400, "did you mean `study-2018`?"),
        ("trusts/2009", 404, "no school was ever said to belong"),
        ("areas/Wexcomb", 404, "did you mean 990 Wexcombe?"),
        ("areas/example-shire/nowhere", 404, "there are north, east, south, west"),
        ("partnerships/example-shir", 404, "did you mean `example-shire`?"),
    ] {
        let answer = pages.get(&format!("/api/v1/{path}")).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (status, &"application/problem+json".parse().unwrap())
        );
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["status"] == json!(status) && problem["detail"].as_str().unwrap().contains(words), "{path}: {problem}");
    }
}

#[tokio::test]
async fn the_page_of_a_school_shows_who_it_is_and_why_nothing_is_carried_over() {
    let place = town::place();
    let pages = pages(&place).await;
    let page = pages.text("/schools/900014").await;
    for shown in [
        "<h1>Damson Primary School (900014)</h1>",
        "by a merger: it would be a guess what belongs to whom, so nothing is carried over",
        "<a href=\"/schools/900004\">Damson Infant School (900004)</a>",
        "local authority Wexcombe (990), by 2024-06-17",
        "None of these is a concern.",
        "LAESTAB 990/2014",
        "not known: blank in the file",
        "gias 2024-06-17 as-at v1, row",
        "support is compulsory and free",
        "/api/v1/schools/900014",
    ] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    assert!(pages.text("/schools/900003?on=2024-02-01").await.contains("As it stood on 2024-02-01."));
    for (path, status) in [("/schools/900099", 404), ("/schools/x", 400), ("/schools/900014?on=x", 400)] {
        let answer = pages.get(path).await;
        assert_eq!(answer.status().as_u16(), status);
        assert!(answer.text().await.unwrap().contains("<h1>"), "{path}");
    }
}

#[tokio::test]
async fn news_of_the_register_is_shown_as_news_and_never_as_a_concern() {
    let place = town::place();
    let pages = pages(&place).await;
    let list = pages.text("/").await;
    for shown in [
        "Moved to another trust",
        "class=\"kind register\"",
        "/schools/900003",
        "moved from the trust Tideline Learning Trust (2001)",
    ] {
        assert!(list.contains(shown), "{shown}\n{list}");
    }
    let id = list.split("/alerts/").skip(1).map(|part| part.split('"').next().unwrap().to_owned());
    let mut seen = 0;
    for id in id {
        let page = pages.text(&format!("/alerts/{id}")).await;
        assert!(page.contains("It is not a concern and is not counted as one."), "{page}");
        assert!(page.contains("What is said, the earlier first") && page.contains("gias 2024-06-17 as-at v1, row"), "{page}");
        assert!(!page.contains("<dt>Rule</dt>") && !page.contains("What the rule asks"), "{page}");
        seen += 1;
    }
    assert!(seen >= 4, "{list}");
}

#[tokio::test]
async fn a_server_that_cannot_answer_says_so() {
    let pages = Pages::of(&Folder::new(), |_| {}).await;
    assert_eq!(pages.get("/api/v1/schools/900001").await.status(), 503);
    assert_eq!(pages.get("/schools/900001").await.status(), 503);
}
