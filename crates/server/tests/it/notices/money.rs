//! Money: charges that are huge, balances that run out, books that end.
