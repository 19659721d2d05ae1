//! What holds for all that is printed, told by readers that share no code with the writer.

mod reader;
mod replies;
mod samples;
mod snapshots;
mod texts;
mod zones;
