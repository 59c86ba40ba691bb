//! Problem details (RFC 9457), as the Explore Education Statistics API sends them.

use serde_json::Value;

/// One line from a problem document: title, detail, and the messages of its errors.
pub fn describe(body: &[u8]) -> String {
    let Ok(problem) = serde_json::from_slice::<Value>(body) else { return String::new() };
    let mut parts: Vec<String> = ["title", "detail"].iter().filter_map(|key| problem[key].as_str().map(str::to_owned)).collect();
    match &problem["errors"] {
        Value::Array(errors) => parts.extend(errors.iter().take(3).filter_map(error_line)),
        // ASP.NET's own validation answers: field → messages
        Value::Object(fields) => parts.extend(fields.iter().take(3).map(|(field, messages)| format!("{field}: {messages}"))),
        _ => {}
    }
    parts.join("; ").chars().filter(|c| !c.is_control()).take(400).collect()
}

fn error_line(error: &Value) -> Option<String> {
    let message = error["message"].as_str()?;
    match error["code"].as_str() {
        Some(code) => Some(format!("{message} ({code})")),
        None => Some(message.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line_and_anything_else_is_none() {
        let body = br#"{"title":"One or more validation errors occurred.","status":400,
            "errors":[{"message":"Must be a valid version.","code":"InvalidVersion","path":"dataSetVersion"}]}"#;
        assert_eq!(describe(body), "One or more validation errors occurred.; Must be a valid version. (InvalidVersion)");
        assert_eq!(describe(br#"{"title":"Bad","errors":{"id":["not a guid"]}}"#), "Bad; id: [\"not a guid\"]");
        assert_eq!(describe(b"<html>"), "");
        assert_eq!(describe(b"[]"), "");
    }
}
