import { describe, expect, test } from "vitest";
import { parseCsv } from "../src/lib/csv";
import { day, dateTime, phone, plainPhone, seconds, toFen, traffic, yuan } from "../src/lib/format";
import { allows } from "../src/lib/session";
import { parseSearch, paging, stringifySearch } from "../src/lib/url";

describe("money", () => {
  test("fen become yuan with separators and a true minus", () => {
    expect(yuan(0)).toBe("¥0.00");
    expect(yuan(123456789)).toBe("¥1,234,567.89");
    expect(yuan(-5005)).toBe("−¥50.05");
    expect(yuan(7, false)).toBe("0.07");
    expect(yuan(null)).toBe("—");
  });
  test("what a clerk types becomes fen without floating point", () => {
    expect(toFen("52.4")).toBe(5240);
    expect(toFen("1,000")).toBe(100000);
    expect(toFen("¥0.29")).toBe(29);
    expect(toFen("4.35")).toBe(435);
    expect(toFen("1.005")).toBeNull();
    expect(toFen("-5")).toBeNull();
    expect(toFen("")).toBeNull();
    expect(toFen("5e3")).toBeNull();
  });
});

describe("times", () => {
  test("UTC is shown in the operator's zone, also over midnight", () => {
    expect(dateTime("2026-11-22T16:30:05Z", true)).toBe("2026-11-23 00:30:05");
    expect(day("2026-11-22T15:59:59Z")).toBe("2026-11-22");
    expect(day("2026-11-22")).toBe("2026-11-22");
    expect(dateTime("not a time")).toBe("not a time");
  });
  test("durations", () => {
    expect(seconds("2026-11-22T00:00:00.000Z", "2026-11-22T00:00:00.250Z")).toBe("250 ms");
    expect(seconds("2026-11-22T00:00:00Z", "2026-11-22T00:02:03Z")).toBe("2 min 3 s");
  });
});

test("telephone numbers, typed and shown", () => {
  expect(plainPhone("+86 138-0013 8000")).toBe("13800138000");
  expect(plainPhone("0086 13800138000")).toBe("13800138000");
  expect(phone("+8613800138000")).toBe("138 0013 8000");
  expect(phone("138****8000")).toBe("138 **** 8000");
  expect(phone("gd-bb-0001")).toBe("gd-bb-0001");
  expect(traffic(102400)).toBe("100 GB");
});

test("CSV with quotes, commas and line ends inside cells", () => {
  expect(parseCsv('\uFEFFline,reason\r\n2,"not ""a"" price, sorry\nreally"\r\n3,\r\n')).toEqual([
    { line: "2", reason: 'not "a" price, sorry\nreally' },
    { line: "3", reason: "" },
  ]);
});

test("the address keeps digits as text and drops what is empty", () => {
  expect(parseSearch("?q=13800138000&page=2")).toEqual({ q: "13800138000", page: "2" });
  expect(stringifySearch({ q: "王 伟&x", page: 2, state: "", size: undefined })).toBe("?q=%E7%8E%8B+%E4%BC%9F%26x&page=2");
  expect(paging({ page: "-3", size: "7" })).toEqual({ page: 1, size: 20, offset: 0, limit: 20 });
  expect(paging({ page: "3", size: "50" }).offset).toBe(100);
});

test("rights", () => {
  expect(allows(["order.create"], "order.create")).toBe(true);
  expect(allows(["order.create"], "order.*")).toBe(true);
  expect(allows(["orders.create"], "order.*")).toBe(false);
  expect(allows(["*"], "anything.at_all")).toBe(true);
  expect(allows(["order.*"], "order.cancel")).toBe(true);
});
