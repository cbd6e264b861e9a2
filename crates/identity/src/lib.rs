//! One customer out of many records (客户识别): files of several systems, matched over certificate, telephone, name and
//! address; what is certain becomes a logical customer with an identification code, what is doubtful is shown to somebody.

pub mod codes;
pub mod matching;
pub mod problems;
pub mod records;
pub mod run;
mod workplace;

pub use workplace::use_directory;
