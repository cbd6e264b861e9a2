//! The pages, inside the binary: one file to copy, nothing to configure, and pages that always fit their server.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// One file of the built pages. `brotli` and `gzip` are there only where the build of the pages made them.
#[derive(Debug)]
pub struct File {
    pub path: &'static str,
    pub mime: &'static str,
    pub etag: &'static str,
    pub bytes: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

static PLACEHOLDER: File = File {
    path: "index.html",
    mime: "text/html; charset=utf-8",
    etag: "\"placeholder\"",
    bytes: include_bytes!("placeholder.html"),
    brotli: None,
    gzip: None,
};

/// The file at this path, without a leading slash.
pub fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|f| f.path.cmp(path)).ok().map(|i| &FILES[i])
}

/// The page that all addresses of the application begin with.
pub fn index() -> &'static File {
    find("index.html").unwrap_or(&PLACEHOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_page() {
        assert!(!index().bytes.is_empty());
        assert!(FILES.windows(2).all(|w| w[0].path < w[1].path), "find() needs the order");
        assert!(find("no/such/file").is_none());
    }
}
