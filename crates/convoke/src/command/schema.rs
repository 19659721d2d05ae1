//! `convoke schema`.

use crate::cli::SchemaArguments;
use crate::output::print;

pub(crate) fn run(arguments: &SchemaArguments) {
    if arguments.event_document {
        let schema = interchange::event_document::json_schema();
        print(&format!("{schema:#}\n"));
    } else {
        print(&graphql_api::sdl());
    }
}
