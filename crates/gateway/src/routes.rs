//! Every endpoint, with its entry in the OpenAPI document.

use axum::{Router, middleware};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::document::Head;
use crate::gateway::Gateway;
use crate::{
    app, applications, approvals, auctions, audit, bids, contracts, demonstration, feed, files, follow, funds, glance,
    guard, hand, head, keys, members, notices, ops, own_limits, passkeys, previews, products, quotes, second_factor,
    sessions, users,
};

/// The endpoints with their document.
pub(crate) fn all() -> (Router<Gateway>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(app::get))
        .routes(routes!(ops::livez))
        .routes(routes!(ops::readyz))
        .routes(routes!(ops::metrics))
        .routes(routes!(ops::openapi))
        .routes(routes!(head::get))
        .routes(routes!(sessions::list, sessions::open))
        .routes(routes!(sessions::current, sessions::close))
        .routes(routes!(sessions::close_one))
        .routes(routes!(sessions::password))
        .routes(routes!(feed::get))
        .routes(routes!(files::list, files::add))
        .routes(routes!(files::get, files::remove))
        .routes(routes!(auctions::list, auctions::submit))
        .routes(routes!(auctions::get))
        .routes(routes!(auctions::reject))
        .routes(routes!(auctions::approve))
        .routes(routes!(auctions::suspend))
        .routes(routes!(auctions::resume))
        .routes(routes!(auctions::extend))
        .routes(routes!(auctions::cancel))
        .routes(routes!(bids::list, bids::post))
        .routes(routes!(bids::own))
        .routes(routes!(contracts::own))
        .routes(routes!(funds::own))
        .routes(routes!(funds::margins))
        .routes(routes!(funds::postings))
        .routes(routes!(funds::of_member))
        .routes(routes!(funds::payments))
        .routes(routes!(funds::deposit))
        .routes(routes!(funds::withdraw))
        .routes(routes!(approvals::list))
        .routes(routes!(approvals::approve, approvals::decline))
        .routes(routes!(members::list, members::admit))
        .routes(routes!(applications::list, applications::apply))
        .routes(routes!(applications::own, applications::amend))
        .routes(routes!(applications::add_document))
        .routes(routes!(applications::drop_document))
        .routes(routes!(applications::get))
        .routes(routes!(applications::admit_applicant))
        .routes(routes!(applications::refuse_applicant))
        .routes(routes!(applications::erase_applicant))
        .routes(routes!(glance::today))
        .routes(routes!(glance::node))
        .routes(routes!(hand::halts, hand::halt))
        .routes(routes!(hand::lift))
        .routes(routes!(hand::freeze))
        .routes(routes!(hand::unfreeze))
        .routes(routes!(hand::annul))
        .routes(routes!(hand::correct))
        .routes(routes!(previews::post))
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::lock))
        .routes(routes!(users::unlock))
        .routes(routes!(users::reset_password))
        .routes(routes!(users::erase))
        .routes(routes!(users::set_role))
        .routes(routes!(second_factor::get))
        .routes(routes!(second_factor::begin, second_factor::remove))
        .routes(routes!(second_factor::confirm))
        .routes(routes!(passkeys::passkey_options))
        .routes(routes!(passkeys::add_passkey))
        .routes(routes!(passkeys::remove_passkey))
        .routes(routes!(second_factor::remove_of))
        .routes(routes!(keys::list, keys::add))
        .routes(routes!(keys::revoke))
        .routes(routes!(own_limits::get, own_limits::set))
        .routes(routes!(own_limits::give))
        .routes(routes!(follow::get, follow::change))
        .routes(routes!(notices::list))
        .routes(routes!(notices::read))
        .routes(routes!(notices::settings, notices::set))
        .routes(routes!(notices::add_browser, notices::remove_browser))
        .routes(routes!(notices::test))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
        .routes(routes!(products::list, products::add))
        .routes(routes!(products::get, products::describe))
        .routes(routes!(quotes::list))
        .routes(routes!(quotes::get))
        .routes(routes!(quotes::candles))
        .routes(routes!(quotes::candles_csv))
        .routes(routes!(quotes::trades))
        .routes(routes!(quotes::trades_csv))
        .routes(routes!(demonstration::history))
        .routes(routes!(demonstration::history_csv))
        .routes(routes!(bids::path))
        .routes(routes!(members::profile, members::set_profile))
        .split_for_parts()
}

pub(crate) fn router(gateway: &Gateway) -> Router {
    let (router, _) = all();
    router
        .route_layer(middleware::from_fn_with_state(gateway.clone(), guard::guard))
        .fallback(app::elsewhere)
        .with_state(gateway.clone())
}
