//! All stories that need a database or a server, in one binary: it links once.
