// The till by keypad alone: a late bill with its fee, two customers in one go, two methods, a prepayment with a gift; the
// receipt log; a reversal that needs a second person; the balance books.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, owing, other, account;
before(async () => {
  server = process.env.TILL_BASE ? { base: process.env.TILL_BASE, stop: async () => undefined } : await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
  await logIn(page, server.base, "manager");
  const made = await send("/api/v1/counter/campaigns", { name: "预存100送20", nameEn: "Pay 100 get 20", minFen: 10_000, giftFen: 2_000, giftMonths: 12 });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await logIn(page, server.base, "clerk");
  const rows = (await api(page, "/api/v1/customers?limit=60")).body;
  for (const row of rows) {
    const dues = (await api(page, `/api/v1/counter/dues?customerId=${row.id}`)).body;
    if (!owing && dues.totalDueFen > 0) owing = dues;
    else if (!other && dues.totalDueFen === 0) other = dues;
    if (owing && other) break;
  }
  assert.ok(owing && other, "somebody owes and somebody does not");
  const shift = await api(page, "/api/v1/counter/shift");
  if (shift.body.state !== "open") await send("/api/v1/counter/shift/open", { floatFen: 20_000 });
});
after(async () => { await browser?.stop(); await server?.stop(); });

async function send(path, body) {
  return api(page, path, { method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify(body) });
}
const fen = async (id) => Math.round(Number((await page.getByTestId(id).textContent()).replace(/[^\d.-]/g, "")) * 100);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.getAttribute("aria-label"));

test("two customers pay in one go by cash and card without touching the mouse", async () => {
  await page.goto(`${server.base}/app/counter`);
  await page.locator(".till").waitFor();
  await page.keyboard.press("F4");
  await page.keyboard.type(owing.accounts.find((a) => a.bills.length > 0).accountNo);
  await page.keyboard.press("Enter");
  await page.getByTestId("total-due").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "amount");
  const due = await fen("total-due");
  assert.equal(due, owing.toPayFen);
  await look(page, "till-1-due");
  await page.keyboard.press("F6");
  await page.getByTestId("basket").waitFor();
  await page.keyboard.type(other.accounts[0]?.accountNo ?? other.customer.customerNo);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "amount");
  await page.keyboard.type("100");
  assert.equal(await fen("basket-total"), due + 10_000);
  await page.keyboard.press("F7");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "second-amount");
  await page.keyboard.type("50");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "tendered");
  const cash = due + 10_000 - 5_000;
  const notes = Math.ceil(cash / 10_000) * 100;
  await page.keyboard.type(String(notes));
  assert.equal(await fen("change"), notes * 100 - cash);
  await look(page, "till-2-both");
  await page.keyboard.press("F8");
  await page.getByTestId("receipt").first().waitFor();
  assert.ok((await page.locator("section [data-testid=receipt]").count()) >= 2);
  await look(page, "till-3-receipts");
  const now = (await api(page, `/api/v1/counter/dues?customerId=${owing.customer.id}`)).body;
  assert.equal(now.totalDueFen, 0);
  account = (await api(page, `/api/v1/counter/dues?customerId=${other.customer.id}`)).body.accounts[0];
  assert.equal(account.balanceFen, (other.accounts[0]?.balanceFen ?? 0) + 10_000);
});

test("a prepayment with a gift, and the books it leaves", async () => {
  await page.goto(`${server.base}/app/counter`);
  await page.locator(".till").waitFor();
  await page.keyboard.press("F4");
  await page.keyboard.type(account.accountNo);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "amount");
  await page.keyboard.type("100");
  await page.locator(".filterchip", { hasText: "预存100送20" }).first().click();
  for (let i = 0; i < 1; i++) await page.keyboard.press("Tab");
  await page.getByTestId("amount").press("+");
  await look(page, "till-4-campaign");
  await page.keyboard.press("F8");
  await page.getByTestId("receipt").first().waitFor();
  await page.goto(`${server.base}/app/accounts/${account.id}/books`);
  await page.getByTestId("books-total").waitFor();
  assert.equal(await fen("books-total"), account.balanceFen + 12_000);
  await look(page, "till-5-books");
  await page.getByRole("button", { name: /退\s*款/ }).first().click();
  await page.getByRole("dialog").waitFor();
  await look(page, "till-6-refund");
  await page.keyboard.press("Escape");
});

test("the log shows every number; a spoilt one is replaced", async () => {
  await page.goto(`${server.base}/app/counter/receipts`);
  await page.locator("tr.row-main").first().waitFor();
  assert.ok(await page.getByText("号码连续，无缺号").isVisible());
  await look(page, "till-7-log");
  await page.getByRole("button", { name: /作\s*废/ }).first().click();
  await page.getByRole("dialog").waitFor();
  await page.waitForFunction(() => /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "") && document.activeElement.closest("[role=dialog]") !== null);
  await page.keyboard.type("卡纸");
  await page.keyboard.press("Enter");
  await page.getByText("已作废：卡纸").waitFor();
  await look(page, "till-8-void");
});

test("what one may not reverse alone becomes a request that another decides", async () => {
  const taken = await send("/api/v1/counter/payments", { customerId: other.customer.id, amountFen: 3_000, method: "card" });
  await logIn(page, server.base, "cityadmin");
  const asked = await send("/api/v1/counter/requests", { kind: "reversal", paymentId: taken.body.id, reason: "客户缴错号码" });
  assert.equal(asked.status, 201, JSON.stringify(asked.body));
  await logIn(page, server.base, "manager");
  await page.goto(`${server.base}/app/counter/refunds`);
  await page.getByRole("button", { name: /批\s*准/ }).first().waitFor();
  await look(page, "till-9-requests");
  await page.getByRole("button", { name: /批\s*准/ }).first().click();
  await page.getByText("已批准").first().waitFor();
  for (const tab of ["待退费", "退款记录", "保证金", "支票"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.waitForTimeout(150);
  }
  await look(page, "till-10-cheques");
});

test("nothing of it is without words in English or out of reach", async () => {
  const english = await openPage(browser.context, { lang: "en" });
  await english.addInitScript(() => localStorage.setItem("yitai.language", "en"));
  await english.goto(`${server.base}/app/counter/receipts`);
  await english.locator("tr.row-main").first().waitFor();
  await look(english, "till-11-en-log");
  await english.goto(`${server.base}/app/accounts/${account.id}/books`);
  await english.getByTestId("books-total").waitFor();
  await look(english, "till-12-en-books");
  assert.deepEqual(english.problems, []);
  assert.deepEqual(page.problems, []);
  assert.deepEqual(findings, []);
});
