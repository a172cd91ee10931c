//! HTTP as the functions see it: API Gateway v2 payloads in, answers and problems out.
//!
//! What `score` and `desk` share as edges. Knows nothing of leads, tables or AWS calls.

mod answer;
mod problem;
mod request;

pub use answer::Answer;
pub use problem::{FieldError, Problem};
pub use request::{Request, correlation};

/// The payload of an HTTP API (format 2.0), as Lambda hands it over.
pub use aws_lambda_events::apigw::ApiGatewayV2httpRequest as Payload;
/// The answer an HTTP API (format 2.0) expects.
pub use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Reply;
