//! The C interface: SQLite calls these functions with its own structures. Databases, write-ahead logs and journals go
//! through an image; temporary files, locks and shared memory go to SQLite's own VFS.
#![expect(unsafe_code, reason = "a VFS is a table of C functions over C structures")]

use crate::{Fault, image, image::Image};
use rusqlite::ffi;
use std::{
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt,
    path::Path,
    ptr, slice,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// So many syncs fail in a row: a checkpoint that SQLite makes behind a commit keeps a single failure to itself.
const FAILURES: u64 = 4;

const NAME: &CStr = c"yitai-faults";

struct Vfs {
    table: ffi::sqlite3_vfs,
    real: *mut ffi::sqlite3_vfs,
    fault: Fault,
    syncs: AtomicU64,
}

// SAFETY: the table is never changed after registration; `real` is SQLite's own default VFS, which is thread-safe.
unsafe impl Send for Vfs {}
// SAFETY: as above.
unsafe impl Sync for Vfs {}

static VFS: OnceLock<Box<Vfs>> = OnceLock::new();

pub(crate) fn install(fault: Fault) -> Result<&'static str, String> {
    let mut code = ffi::SQLITE_OK;
    let vfs = VFS.get_or_init(|| {
        // SAFETY: asks for the default VFS; SQLite initialises itself on the way and never frees it.
        let real = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        // SAFETY: `real` is not null on any platform with a default VFS, and stays valid for the life of the process.
        let mut table = unsafe { *real };
        table.szOsFile += size_of::<Handle>() as c_int;
        table.pNext = ptr::null_mut();
        table.zName = NAME.as_ptr();
        table.xOpen = Some(open);
        table.xDelete = Some(delete);
        Box::new(Vfs { table, real, fault, syncs: AtomicU64::new(0) })
    });
    if vfs.fault != fault {
        return Err("another fault is installed already".to_owned());
    }
    // SAFETY: the table lives in a static; SQLite links it into its list and only reads the rest. Repeating is harmless.
    unsafe {
        code |= ffi::sqlite3_vfs_register(ptr::from_ref(&vfs.table).cast_mut(), 0);
    }
    if code == ffi::SQLITE_OK {
        NAME.to_str().map_err(|e| e.to_string())
    } else {
        Err(format!("SQLite refused the VFS: {code}"))
    }
}

fn vfs() -> &'static Vfs {
    VFS.get().expect("SQLite calls us only after the registration")
}

/// Our part of an open file; SQLite's own `sqlite3_file` of the real VFS lies directly behind it.
#[repr(C)]
struct Handle {
    methods: *const ffi::sqlite3_io_methods,
    /// `None` for files that are simply passed through.
    image: Option<Arc<Mutex<Image>>>,
}

unsafe fn handle<'a>(file: *mut ffi::sqlite3_file) -> &'a Handle {
    // SAFETY: every file that reaches our methods was set up by `open`.
    unsafe { &*file.cast::<Handle>() }
}
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: SQLite allocated `szOsFile` bytes, our handle and the real one.
    unsafe { file.cast::<Handle>().add(1).cast() }
}
unsafe fn image<'a>(file: *mut ffi::sqlite3_file) -> Option<MutexGuard<'a, Image>> {
    // SAFETY: see `handle`.
    let handle: &'a Handle = unsafe { handle(file) };
    handle.image.as_ref().map(|i| i.lock().unwrap_or_else(PoisonError::into_inner))
}
unsafe fn path<'a>(name: *const c_char) -> &'a Path {
    // SAFETY: SQLite hands over the NUL-terminated full path.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let kept = ffi::SQLITE_OPEN_MAIN_DB | ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL;
    // SAFETY: SQLite hands over uninitialised memory of `szOsFile` bytes; both parts are set before anything reads them.
    unsafe {
        (*file).pMethods = ptr::null();
        (*real(file)).pMethods = ptr::null();
        let Some(real_open) = (*vfs().real).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = real_open(vfs().real, name, real(file), flags, out);
        if code != ffi::SQLITE_OK {
            return code;
        }
        let image = if flags & kept == 0 || name.is_null() {
            None
        } else {
            match image::of(path(name)) {
                Ok(image) => Some(image),
                Err(_) => {
                    if let Some(close) = (*real(file)).pMethods.as_ref().and_then(|m| m.xClose) {
                        close(real(file));
                    }
                    return ffi::SQLITE_CANTOPEN;
                }
            }
        };
        file.cast::<Handle>().write(Handle { methods: &METHODS, image });
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: the arguments are SQLite's own, handed on.
    unsafe {
        image::forget(path(name));
        (*vfs().real).xDelete.map_or(ffi::SQLITE_IOERR_DELETE, |f| f(vfs().real, name, sync))
    }
}

/// Hands a call on to the real file.
macro_rules! pass {
    ($file:expr, $method:ident, $missing:expr $(, $argument:expr)*) => {{
        // SAFETY: the real file was opened by the real VFS, and the arguments are SQLite's own, handed on.
        unsafe {
            let file = real($file);
            match (*file).pMethods.as_ref().and_then(|m| m.$method) {
                Some(method) => method(file $(, $argument)*),
                None => $missing,
            }
        }
    }};
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let code = pass!(file, xClose, ffi::SQLITE_OK);
    // SAFETY: set up by `open`, closed once. What was never synced stays with the other holders of the image, or is lost.
    unsafe { ptr::drop_in_place(file.cast::<Handle>()) };
    code
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, out: *mut c_void, n: c_int, at: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see `image`.
    let Some(image) = (unsafe { image(file) }) else { return pass!(file, xRead, ffi::SQLITE_IOERR_READ, out, n, at) };
    // SAFETY: SQLite gives `n` writable bytes.
    let out = unsafe { slice::from_raw_parts_mut(out.cast(), n as usize) };
    if image.read(at as u64, out) { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_SHORT_READ }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    n: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: see `image`.
    let Some(mut image) = (unsafe { image(file) }) else {
        return pass!(file, xWrite, ffi::SQLITE_IOERR_WRITE, from, n, at);
    };
    // SAFETY: SQLite gives `n` readable bytes.
    let bytes = unsafe { slice::from_raw_parts(from.cast(), n as usize) };
    code(image.write(at as u64, bytes), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see `image`.
    match unsafe { image(file) } {
        None => pass!(file, xTruncate, ffi::SQLITE_IOERR_TRUNCATE, len),
        Some(mut image) => code(image.truncate(len as u64), ffi::SQLITE_IOERR_TRUNCATE),
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: see `image`.
    let Some(mut image) = (unsafe { image(file) }) else { return pass!(file, xSync, ffi::SQLITE_IOERR_FSYNC, flags) };
    let count = vfs().syncs.fetch_add(1, Ordering::Relaxed) + 1;
    match vfs().fault {
        Fault::FailSync(n) if (n..n + FAILURES).contains(&count) => {
            let _ = image.fail_sync(); // it is reported as failed either way
            ffi::SQLITE_IOERR_FSYNC
        }
        // The real file needs no fsync of its own: the harness kills this process, not the machine.
        _ => code(image.sync(), ffi::SQLITE_IOERR_FSYNC),
    }
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: see `image`.
    let Some(image) = (unsafe { image(file) }) else { return pass!(file, xFileSize, ffi::SQLITE_IOERR_FSTAT, out) };
    // SAFETY: SQLite gives a place for the answer.
    unsafe { *out = image.len() as ffi::sqlite3_int64 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    // These would grow the real file behind the image's back.
    if matches!(op, ffi::SQLITE_FCNTL_SIZE_HINT | ffi::SQLITE_FCNTL_CHUNK_SIZE) {
        return ffi::SQLITE_OK;
    }
    pass!(file, xFileControl, ffi::SQLITE_NOTFOUND, op, argument)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xLock, ffi::SQLITE_IOERR_LOCK, level)
}
unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, ffi::SQLITE_IOERR_UNLOCK, level)
}
unsafe extern "C" fn check_reserved(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    pass!(file, xCheckReservedLock, ffi::SQLITE_IOERR_CHECKRESERVEDLOCK, out)
}
unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xSectorSize, 4096)
}
unsafe extern "C" fn characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics, 0)
}
unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass!(file, xShmMap, ffi::SQLITE_IOERR_SHMMAP, page, size, extend, out)
}
unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    pass!(file, xShmLock, ffi::SQLITE_IOERR_SHMLOCK, offset, n, flags)
}
unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    pass!(file, xShmBarrier, ());
}
unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    pass!(file, xShmUnmap, ffi::SQLITE_OK, delete)
}

fn code(done: std::io::Result<()>, failure: c_int) -> c_int {
    if done.is_ok() { ffi::SQLITE_OK } else { failure }
}

/// Version 2: with shared memory, without memory-mapped reading.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
