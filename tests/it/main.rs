//! The integration tests: one target, one module per file or folder beside this one.

mod access;
mod architecture;
mod change_statements;
mod cli;
mod contract;
mod database;
mod docs;
mod doing;
mod end_to_end;
mod event_document;
mod graphql_errors;
mod idempotency;
mod import_mutation;
mod isolation;
mod mutations;
mod paging;
mod permission_matrix;
mod process;
mod reach;
mod samples;
mod schedule_import;
mod schema;
mod search;
mod statements;
mod store;
mod tokens;
