//! What is signed is verified, and what somebody changed is not.

mod badges;
mod keys;
mod pdfs;
mod samples;
