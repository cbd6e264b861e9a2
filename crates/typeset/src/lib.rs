//! Documents on paper: bills and receipts as PDF, in Chinese and English.
