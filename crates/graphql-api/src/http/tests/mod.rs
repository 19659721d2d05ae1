//! The HTTP interface against a toy schema: what must hold whatever the schema is.

mod audit;
mod errors;
mod executor;
mod limits;
mod log;
mod protocol;
mod toy;
