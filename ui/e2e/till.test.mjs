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

test("a campaign is written, put in force and stopped; the till offers it meanwhile", async () => {
  await logIn(page, server.base, "manager");
  await page.goto(`${server.base}/app/prepay`);
  await page.getByRole("button", { name: "新建活动" }).first().waitFor();
  await page.keyboard.press("F2");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("活动名称").fill("预存300送45");
  await dialog.getByLabel("英文名称").fill("Pay 300 get 45");
  await dialog.getByLabel("至少预存").fill("300");
  await dialog.getByLabel("赠送").fill("45");
  await dialog.getByText("相当于 15%").waitFor();
  await dialog.getByLabel("结束日期").fill("2020-01-01");
  await dialog.getByText("结束日期不能早于开始日期").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "立即生效" }).isDisabled());
  await dialog.getByLabel("结束日期").fill("");
  await look(page, "till-13-campaign");
  await dialog.getByRole("button", { name: "存为草稿" }).click();
  const row = page.locator("tr.row-main", { hasText: "预存300送45" });
  await row.getByText("草稿").waitFor();
  const offered = async () => (await api(page, "/api/v1/counter/campaigns")).body.some((c) => c.name === "预存300送45");
  assert.equal(await offered(), false, "a draft is not offered");
  await row.getByRole("button", { name: /生\s*效/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: /生\s*效/ }).click();
  await row.getByText("进行中").waitFor();
  assert.equal(await offered(), true);
  await row.getByRole("button", { name: /停\s*止/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "预算用完" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /停\s*止/ }).click();
  await row.getByText("已停止").waitFor();
  assert.equal(await offered(), false);
  await page.mouse.move(2, 2);
  await look(page, "till-14-campaigns");
});

test("a deposit is taken from the customer's page, given back, and another put against what is owed", async () => {
  await logIn(page, server.base, "clerk");
  await page.goto(`${server.base}/app/customers/${other.customer.id}`);
  await page.locator(".purse").waitFor();
  await page.keyboard.press("m");
  await page.keyboard.press("s");
  await page.waitForURL(/tab=deposits/);
  for (const [purpose, amount] of [["国际漫游押金", "200"], ["终端租借押金", "80"]]) {
    await page.getByRole("button", { name: "收保证金" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("金额").fill(amount);
    await dialog.getByRole("button", { name: purpose }).click();
    if (amount === "200") await look(page, "till-15-deposit");
    await dialog.getByRole("button", { name: "收保证金" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.locator("tr.row-main", { hasText: purpose }).getByText("在押").waitFor();
  }
  await page.locator("tr.row-main", { hasText: "国际漫游押金" }).getByRole("button", { name: /退\s*还/ }).click();
  await page.getByRole("dialog").getByText("原路退回").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: /退\s*还/ }).click();
  await page.locator("tr.row-main", { hasText: "国际漫游押金" }).getByText("已退还").waitFor();
  const balance = async () => (await api(page, `/api/v1/counter/dues?customerId=${other.customer.id}`)).body.accounts.reduce((n, a) => n + a.balanceFen, 0);
  const before = await balance();
  await page.locator("tr.row-main", { hasText: "终端租借押金" }).getByRole("button", { name: "转入余额" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "转入余额" }).click();
  await page.locator("tr.row-main", { hasText: "终端租借押金" }).getByText("已抵扣").waitFor();
  assert.equal(await balance(), before + 8_000);
  await page.mouse.move(2, 2);
  await look(page, "till-16-deposits");
});

test("a payment for a wrong number goes back on two certificates", async () => {
  const taken = await send("/api/v1/counter/payments", { customerId: other.customer.id, amountFen: 4_321, method: "card" });
  assert.equal(taken.status, 201, JSON.stringify(taken.body));
  await page.goto(`${server.base}/app/counter/payments`);
  const row = page.locator("tr.row-main", { hasText: taken.body.receiptNo });
  await row.getByRole("button", { name: "误缴退费" }).click();
  const dialog = page.getByRole("dialog");
  const go = dialog.getByRole("button", { name: "核对无误，退费" });
  await dialog.getByLabel("缴费人证件 姓名").fill("张伟");
  await dialog.getByLabel("缴费人证件 证件号码").fill("11010519491231002X");
  await dialog.getByLabel("机主证件 证件号码").fill("12");
  await dialog.getByText("至少 4 位").waitFor();
  assert.ok(await go.isDisabled(), "two certificates, or none");
  await dialog.getByLabel("机主证件 证件号码").fill("440101199001011234");
  await look(page, "till-17-mistake");
  await go.click();
  await dialog.waitFor({ state: "hidden" });
  await row.locator("[data-state=reversed]").waitFor();
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
  await logIn(english, server.base, "manager");
  await english.goto(`${server.base}/app/prepay?ask=new`);
  await english.getByRole("dialog").getByText("Keep as draft").waitFor();
  await look(english, "till-18-en-campaign");
  assert.deepEqual(english.problems, []);
  assert.deepEqual(page.problems, []);
  assert.deepEqual(findings, []);
});
