//! The table of roles, walked from outside.

use exchange::members::Role;
use gateway::access::{Row, TABLE, Who};
use hyper::Method;

use crate::applications::application;
use crate::demonstration::with_made_up_history;
use crate::venue::Venue;

/// Protects that no endpoint comes without a row of the table, and that no row is there for nothing.
#[test]
fn every_endpoint_has_its_row() {
    let document = gateway::document();
    let mut endpoints = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            assert!(
                TABLE.iter().any(|row| row.path == path && row.method == method),
                "{method} {path} has no row in the table of roles"
            );
            endpoints.push((method, path.clone()));
        }
    }
    for row in TABLE {
        assert!(
            endpoints.iter().any(|(method, path)| method == row.method && path == row.path),
            "{} {} is in the table and nowhere else",
            row.method,
            row.path
        );
    }
}

/// The path of a row with things that are there.
pub fn path_of(row: &Row, id: &str) -> String {
    let code = match row.path {
        path if path.contains("/lots/") => "1",
        path if path.contains("/products/") => "PrNd-metal",
        _ => "B1",
    };
    let path = row.path.replace("{id}", id).replace("{code}", code);
    path.replace("{product}", "PrNd-metal").replace("{login}", "b2")
}

/// Protects the table itself: every endpoint for every role and for who is signed out, as the table says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_admits_whom_the_table_names() {
    let venue = Venue::with(with_made_up_history()).await;
    let id = venue.running(|_| {}).await.to_string();
    venue.applies(application("91150000701463622D", "neu")).await;
    assert_eq!(id, "1", "the first auction, and the first application");
    let logins = [
        (Role::Trader, "b1"),
        (Role::Manager, "s1m"),
        (Role::Operator, "op1"),
        (Role::Settlement, "set1"),
        (Role::Admin, "adm1"),
        (Role::Auditor, "aud1"),
    ];
    assert_eq!(logins.map(|(role, _)| role), Role::ALL);
    for row in TABLE {
        let path = path_of(row, &id);
        let method: Method = row.method.parse().unwrap();
        let what = format!("{} {}", row.method, row.path);

        // Without a key and with a body that asks nothing, whoever is admitted changes nothing.
        let signed_out = venue.call(method.clone(), &path).no_key().text("{}").send().await;
        if row.who == Who::Anyone {
            assert!(![401, 403].contains(&signed_out.status.as_u16()), "{what} signed out: {}", signed_out.json);
        } else {
            signed_out.refuses(401, "not_signed_in");
        }
        for (role, login) in logins {
            let token = venue.sign_in(login).await;
            let answer = venue.call(method.clone(), &path).no_key().by(&token).text("{}").send().await;
            if row.who.admits(Some(role)) {
                let status = answer.status.as_u16();
                // One's own sessions, and files, have other ids than auctions; who is admitted may have to show a second factor yet.
                let elsewhere = ["unknown_session", "unknown_file", "second_factor_required"];
                if answer.json["reason"].as_str().is_some_and(|reason| elsewhere.contains(&reason)) {
                    continue;
                }
                assert!(
                    ![401, 403, 404, 405].contains(&status) && status < 500,
                    "{what} {role:?}: {status} {}",
                    answer.json
                );
            } else {
                answer.refuses(403, "forbidden");
            }
        }
    }
}

/// Protects that a path without an endpoint, and a method that a path has not, are problems of their own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_said_so() {
    let venue = Venue::start().await;
    venue.get("/api/v1/nothing").send().await.refuses(404, "unknown_path");
    let answer = venue.call(Method::PATCH, "/api/v1/auctions").send().await;
    answer.refuses(405, "method_not_allowed");
    assert_eq!(answer.headers["allow"], "GET, POST");
    let head = venue.call(Method::HEAD, "/livez").send().await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
}
