//! The catalogue: what may be traded, and what is said of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::products::{Description, Kind, Product};
use exchange::{Body, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::idempotency::{Asked, json};
use crate::members::{Added, added, after, done, page};
use crate::problem::{Document, Problem};
use crate::query::{At, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::view::Page;
use crate::wire::{self, NewDescription, NewProduct};

/// An item of the catalogue.
#[derive(Serialize, ToSchema)]
#[schema(as = Product)]
pub(crate) struct ProductView<'p> {
    /// Its code.
    code: &'p str,
    /// Its name, in Chinese.
    name: &'p str,
    /// The quoting unit.
    unit: &'p str,
    /// Its name in English; null: nobody has said.
    #[schema(required)]
    name_en: Option<&'p str>,
    /// What is delivered: grade, composition, form, standard; null: nobody has said.
    #[schema(required)]
    specification: Option<&'p str>,
    /// `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`; null: nobody
    /// has said.
    #[schema(required)]
    kind: Option<&'static str>,
}

impl<'p> ProductView<'p> {
    fn of(product: &'p Product) -> Self {
        let description = product.description.as_ref();
        ProductView {
            code: &product.code,
            name: &product.name,
            unit: &product.unit,
            name_en: description.and_then(|said| said.name_en.as_deref()),
            specification: description.and_then(|said| said.specification.as_deref()),
            kind: description.and_then(|said| said.kind).map(Kind::word),
        }
    }
}

/// The catalogue, in the order in which products entered it.
#[utoipa::path(get, path = "/api/v1/products", tag = "products",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<ProductView<'static>>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, mut params: Params) -> Result<Response, Problem> {
    let (limit, after) = (params.limit(PAGE_MAX)?, after(&mut params)?);
    params.end()?;
    Ok(gateway.live.read(|picture| page(&picture.products, after, limit, ProductView::of)))
}

/// One item of the catalogue.
#[utoipa::path(get, path = "/api/v1/products/{code}", tag = "products", params(("code" = String, Path)),
    responses((status = 200, body = ProductView<'static>), (status = 404, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    params: Params,
) -> Result<Response, Problem> {
    params.end()?;
    gateway.live.read(|picture| {
        let product = picture.product_by_code(&code).ok_or_else(unknown_product)?;
        Ok(json(StatusCode::OK, &ProductView::of(product)))
    })
}

/// Something may be traded.
#[utoipa::path(post, path = "/api/v1/products", tag = "products", request_body = NewProduct,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Added), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn add(State(gateway): State<Gateway>, asked: Asked<NewProduct>) -> Result<Response, Problem> {
    let NewProduct { code, name, unit, name_en, specification, kind } = &asked.body;
    wire::code("invalid_code", "code", code, Product::CODE_MAX)?;
    wire::text("invalid_name", "name", name, Product::NAME_MAX)?;
    wire::text("invalid_unit", "unit", unit, Product::CODE_MAX)?;
    let description = description(name_en.as_deref(), specification.as_deref(), kind.as_deref())?;
    let body = Body::AddProduct { code: code.clone(), name: name.clone(), unit: unit.clone(), description };
    added(&asked.submit(&gateway, body).await?)
}

/// What is said of a product, whole; its code and unit stay. What is left out is said no longer.
#[utoipa::path(put, path = "/api/v1/products/{code}", tag = "products", request_body = NewDescription,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn describe(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    asked: Asked<NewDescription>,
) -> Result<Response, Problem> {
    let NewDescription { name, name_en, specification, kind } = &asked.body;
    let product = gateway.live.read(|picture| picture.product_by_code(&code).map(|product| product.id));
    let product = product.ok_or_else(unknown_product)?;
    wire::text("invalid_name", "name", name, Product::NAME_MAX)?;
    let description = description(name_en.as_deref(), specification.as_deref(), kind.as_deref())?;
    let body = Body::DescribeProduct { product, name: name.clone(), description };
    done(&asked.submit(&gateway, body).await?)
}

/// 404 `unknown_product`.
pub(crate) fn unknown_product() -> Problem {
    Problem::not_found(Refusal::UnknownProduct.reason(), Refusal::UnknownProduct.to_string())
}

fn description(
    name_en: Option<&str>,
    specification: Option<&str>,
    kind: Option<&str>,
) -> Result<Option<Description>, Problem> {
    if let Some(name) = name_en {
        wire::text("invalid_name", "name_en", name, Product::NAME_MAX)?;
    }
    if let Some(specification) = specification {
        wire::text("invalid_specification", "specification", specification, Product::SPECIFICATION_MAX)?;
    }
    let kind = kind.map(|word| Kind::of(word).ok_or_else(|| unknown_kind(word))).transpose()?;
    let (name_en, specification) = (name_en.map(str::to_owned), specification.map(str::to_owned));
    Ok(Description { name_en, specification, kind }.if_any())
}

fn unknown_kind(word: &str) -> Problem {
    let short: String = word.chars().take(80).collect();
    let words = Kind::ALL.map(Kind::word).join(", ");
    Problem::invalid("invalid_kind", format!("kind {short:?} does not exist; expected one of {words}"))
}
