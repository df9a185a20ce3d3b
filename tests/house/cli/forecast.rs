//! `cardea people forecast`: who, when, by which day, and who of them could not help themselves.

use serde_json::json;

use super::demo::Demo;

#[test]
fn the_forecast_names_who_is_past_the_date_and_who_is_not_ready() {
    let demo = Demo::start();
    let board = demo.run(&["people", "forecast", "--json"]).json();
    // `staff.expired` is the one person of the demo whose password has a date.
    assert_eq!(board["figures"]["people"], 1);
    assert_eq!(board["figures"]["expired"], 1);
    let person = &board["people"][0];
    assert_eq!((&person["name"], &person["readiness"]), (&json!("staff.expired"), &json!("almost")));
    assert_eq!(person["change_by"], json!(null));
    assert_eq!(board["met"].as_object().unwrap().len(), 12);
    let text = demo.run(&["people", "forecast"]).ok();
    assert!(text.contains("1 people with a date: 1 past it"), "{text}");
}
