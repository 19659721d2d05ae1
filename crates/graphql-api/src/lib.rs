//! The GraphQL API.

pub mod http;
