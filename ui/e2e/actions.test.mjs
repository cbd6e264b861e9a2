// A clerk's ten most frequent actions, one customer, no mouse: find, open, suspend, resume, change the plan, add an option, replace
// the SIM card, report a loss and withdraw it, book a close and withdraw it, take a payment. Then what the page shows beside them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, axe, findings, logIn, look, openPage, shot, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, who;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
  await page.setViewportSize({ width: 1366, height: 768 });
  // A mouse would be noticed.
  await page.addInitScript(() => { globalThis.mice = 0; for (const e of ["pointerdown", "mousedown"]) addEventListener(e, (x) => { if (x.isTrusted) globalThis.mice++; }, true); });
  await logIn(page, server.base, "clerk");
  const rows = (await api(page, "/api/v1/customers?kind=individual&limit=100")).body;
  for (const row of rows) {
    const view = (await api(page, `/api/v1/customers/${row.id}/view`)).body;
    const product = view.products.find((p) => p.family === "mobile" && p.status === "active" && !p.soldIn?.offeringId);
    if (product && view.inTransit.length === 0 && view.bills.length > 0) { who = { id: row.id, name: row.name, product, number: product.number }; break; }
  }
  assert.ok(who, "a customer with a mobile line that is billed, and nothing in transit");
});
after(async () => { await browser?.stop(); await server?.stop(); });

const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
const view = async () => (await api(page, `/api/v1/customers/${who.id}/view`)).body;
const product = async () => (await view()).products.find((p) => p.id === who.product.id);

/** Waits until the record says so and the page follows. */
async function until(what, holds) {
  for (let n = 0; n < 120; n++) {
    if (holds(await view())) return;
    await page.waitForTimeout(250);
  }
  assert.fail(`not in 30 s: ${what}\n${JSON.stringify((await view()).inTransit)}`);
}
const settled = (what) => until(what, (v) => v.inTransit.length === 0);

/** Opens a business of the chosen product by its digit. */
async function open(business) {
  const button = page.locator(`[data-business="${business}"]:not([aria-disabled])`);
  await button.waitFor({ timeout: 30_000 });
  const digit = await button.getAttribute("aria-keyshortcuts");
  await press(digit);
  await page.locator(".actiondrawer .actiongrid").waitFor();
  await page.waitForFunction(() => document.querySelector(".actiondrawer")?.contains(document.activeElement));
}
const reason = async (text) => {
  await page.waitForFunction(() => document.querySelector(".actiondrawer .preview:not(.stale)"));
  await press("Control+Enter"); // the reason is missing: the focus goes there
  await page.waitForFunction(() => document.activeElement?.closest("[data-field=reason]"));
  await page.keyboard.type(text);
};
async function submit() {
  await page.waitForFunction(() => document.querySelector(".actiondrawer .preview:not(.stale)") && !document.querySelector(".actiondrawer [data-problem]"));
  await press("Control+Enter");
  const order = page.locator("[data-testid=placed-order]");
  await order.waitFor();
  const no = await order.innerText();
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-finish"));
  await press("Enter");
  await page.locator(".actiondrawer").waitFor({ state: "detached" });
  return no;
}

test("find and open: a number typed into the box, Enter, and the line it belongs to is chosen", async () => {
  await press("/");
  await page.locator(".palette input").waitFor();
  await page.keyboard.type(who.number);
  await page.locator(`.palette [cmdk-item][data-selected="true"][data-value^="customer:"]`).waitFor();
  await press("Enter");
  await page.waitForURL(new RegExp(`/app/customers/${who.id}`));
  await page.locator(`.desk [data-product="${who.product.id}"][aria-selected="true"]`).waitFor();
  await page.locator(".actgrid [data-business]").first().waitFor();
  await look(page, "80-desk");
});

test("suspend and resume", async () => {
  await open("suspend");
  await reason("出国出差");
  await look(page, "81-suspend");
  await submit();
  await settled("suspended");
  assert.equal((await product()).status, "suspended");
  await page.locator(`.desk [data-product="${who.product.id}"] [data-state="suspended"]`).waitFor();
  await open("resume");
  await reason("客户申请复机");
  await submit();
  await settled("resumed");
  assert.equal((await product()).status, "active");
});

test("change the plan, at once, with the monthly fee before and after", async () => {
  await page.locator(`.desk [data-product="${who.product.id}"] [data-state="active"]`).waitFor();
  await open("changePlan");
  await page.locator(".suggest-row").first().waitFor();
  const offered = await page.locator(".suggest-row bdi").allInnerTexts();
  const other = offered.find((name) => name !== who.product.name && /畅行/.test(name)) ?? offered.find((name) => name !== who.product.name);
  await page.keyboard.type(other);
  await page.locator('.suggest-row[aria-selected="true"]', { hasText: other }).waitFor();
  await press("Enter");
  await page.locator(".preview .monthly").waitFor();
  const modes = await page.locator(".actiondrawer .segs button").allInnerTexts();
  for (let n = 0; n <= modes.length && (await page.evaluate(() => document.activeElement?.textContent)) !== "立即"; n++) await press("Tab");
  await press("Enter");
  await reason("资费更合适");
  await look(page, "82-change-plan");
  await submit();
  await settled("changed");
  assert.equal((await product()).name, other);
});

test("add an option", async () => {
  await open("addOption");
  await page.locator(".suggest-row").first().waitFor();
  const before = (await view()).products.length;
  // The first that the customer may have: the others say why not.
  for (let n = 0; n < 8; n++) {
    await press("Enter");
    await page.waitForFunction(() => document.querySelector(".actiondrawer .preview:not(.stale)"));
    if (await page.locator(".actiondrawer [data-problem]").count() === 0) break;
    await press("ArrowDown");
    await page.locator(".suggest-row").first().waitFor();
    for (let i = 0; i <= n; i++) await press("ArrowDown");
  }
  await reason("流量不够");
  await look(page, "83-add-option");
  await submit();
  await settled("added");
  assert.equal((await view()).products.length, before + 1);
});

test("replace the SIM card: the hall's stock is offered, left empty the next card of it is taken", async () => {
  const card = (p) => p.characteristics.find((c) => c.name === "iccid")?.value;
  const old = card(await product());
  await choose();
  await open("replaceSim");
  await page.locator(".suggest-row .mono").first().waitFor();
  await reason("卡损坏");
  if (await page.locator(".actiondrawer [data-problem]").count()) await verify();
  await look(page, "84-replace-sim");
  await submit();
  await settled("replaced");
  const now = card(await product());
  assert.ok(now, "a card");
  assert.notEqual(now, old);
});

test("report a loss and withdraw it", async () => {
  await choose();
  await open("reportLoss");
  await reason("手机丢失");
  await submit();
  await settled("loss reported");
  assert.equal((await product()).status, "suspended");
  await choose();
  await open("withdrawLoss");
  await reason("手机已找回");
  if (await page.locator(".actiondrawer [data-problem]").count()) await verify();
  await submit();
  await settled("loss withdrawn");
  assert.equal((await product()).status, "active");
});

test("book a close and withdraw it", async () => {
  await choose();
  await open("close");
  for (let n = 0; n < 12 && (await page.evaluate(() => document.activeElement?.textContent)) !== "指定日期"; n++) await press("Tab");
  await press("Enter");
  await page.locator("[data-field=effectiveDate] input").waitFor();
  await press("Tab");
  await page.waitForFunction(() => document.activeElement?.closest("[data-field=effectiveDate]"));
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("[data-field=effectiveDate] input").fill(day); // what the clerk types as digits depends on the browser's language
  await reason("搬离本地");
  await look(page, "85-book-close");
  const no = await submit();
  await page.locator(".transit", { hasText: no }).waitFor();
  assert.equal((await product()).status, "active", "until the day comes nothing changes");
  await look(page, "86-booked");
  await press("w");
  await page.waitForFunction(() => document.activeElement?.matches("[role=dialog] textarea"));
  await page.keyboard.type("客户改变主意");
  await press("Enter");
  await settled("withdrawn");
  await page.locator(".transit").waitFor({ state: "detached" });
  assert.equal((await product()).status, "active");
});

test("take a payment: F8, amount, F8", async () => {
  await press("F8");
  await page.waitForURL(/\/app\/counter/);
  const shift = await api(page, "/api/v1/counter/shift");
  if (shift.body.state === "closed") {
    await api(page, "/api/v1/counter/shift/open", { method: "POST", body: JSON.stringify({ floatFen: 0 }) });
    await page.reload();
  }
  await page.locator("[data-testid=amount]:not([disabled])").waitFor();
  const before = (await view()).payments.length;
  await page.waitForFunction(() => document.activeElement?.matches("[data-testid=amount]"));
  await press("Control+a");
  await page.keyboard.type("50");
  await press("F8");
  await until("paid", (v) => v.payments.length === before + 1);
  await look(page, "87-paid");
});

test("none of that needed the mouse, and nothing went wrong on the page", async () => {
  assert.equal(await page.evaluate(() => globalThis.mice), 0);
  assert.deepEqual(page.problems, []);
});

test("every tab of the customer, the list of all services and the forms are usable by everybody", async () => {
  await page.goto(`${server.base}/app/customers/${who.id}`);
  await page.locator(".desk").waitFor();
  for (const tab of ["products", "orders", "money", "value", "relations", "agreements", "journal"]) {
    await page.locator(`[data-tab="${tab}"]`).click();
    await page.waitForTimeout(400);
    await look(page, `88-tab-${tab}`);
  }
  await press("a");
  await page.locator(".allactions [role=option]").first().waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type("过户");
  await page.locator(".allactions [role=option]", { hasText: "过户" }).first().waitFor();
  await look(page, "89-all-services");
  await press("Enter");
  await page.locator(".actiondrawer").waitFor();
  await look(page, "90-transfer");
  await press("Escape"); // the list of the picker first, then the drawer
  await page.locator(".suggest-list").waitFor({ state: "detached" });
  await press("Escape");
  await page.locator(".actiondrawer").waitFor({ state: "detached" });
  await press("n");
  await page.getByRole("dialog").waitFor();
  await press("Escape");
});

test("a need is noted, closed with its result, and stands on the timeline; satisfaction is recorded", async () => {
  await page.goto(`${server.base}/app/customers/${who.id}?tab=journal`);
  await page.getByRole("button", { name: "记需求" }).click();
  await page.getByRole("dialog").locator("textarea").first().fill("想给父母办一个亲情号");
  await look(page, "91-need");
  await press("Control+Enter");
  await page.locator(".matters li", { hasText: "亲情号" }).waitFor();
  await page.locator(".matters li", { hasText: "亲情号" }).getByRole("button", { name: "已满足" }).click();
  await page.getByRole("dialog").locator("textarea").fill("已办理");
  await press("Enter");
  await page.locator(".matters li", { hasText: "亲情号" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "登记满意度" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "5", exact: true }).click();
  await press("Control+Enter");
  await until("answered", (v) => v.cognitive.satisfaction.length === 1);
  await page.locator(".filterchip", { hasText: "需求" }).click();
  await page.locator(".timeline li", { hasText: "亲情号" }).waitFor();
});

test("in English nothing Chinese is left but names", async () => {
  const english = await openPage(browser.context, { lang: "en" });
  await english.setViewportSize({ width: 1920, height: 1080 });
  await english.goto(`${server.base}/login`);
  await english.evaluate(() => localStorage.setItem("yitai.language", "en"));
  await english.goto(`${server.base}/app/customers/${who.id}?tab=value`);
  await english.locator(".desk .actgrid [data-business]").first().waitFor();
  const labels = await english.locator("main button, main h2, main h3, main dt, main th").allInnerTexts();
  const left = labels.filter((x) => /[\u4e00-\u9fff]/.test(x) && !x.includes(who.name) && !/元|套餐|包|宽带|电视|5G/.test(x));
  assert.deepEqual(left, []);
  await shot(english, "92-english");
  findings.push(...(await axe(english)).map((line) => `92-english: ${line}`));
  await english.evaluate(() => localStorage.setItem("yitai.language", "zh-CN"));
  await english.close();
});

test("axe finds nothing serious on any of these screens", () => assert.deepEqual(findings, []));

/** The line this is about: after other products came and went it is chosen with J and K. */
async function choose() {
  await page.locator(`.desk [data-product="${who.product.id}"]`).waitFor();
  for (let n = 0; n < 12; n++) {
    if (await page.locator(`.desk [data-product="${who.product.id}"][aria-selected="true"]`).count()) return;
    const rows = await page.locator(".desk [data-product]").evaluateAll((all) => all.map((x) => [x.dataset.product, x.getAttribute("aria-selected")]));
    const at = rows.findIndex((r) => r[1] === "true");
    const to = rows.findIndex((r) => r[0] === who.product.id);
    await press(to > at ? "j" : "k");
  }
}

/** The certificate is shown at the counter: typed in, since there is no reader here. */
async function verify() {
  const number = (await api(page, `/api/v1/customers/${who.id}/reveal?field=certificate&reason=e2e`)).body.value;
  const field = page.locator(".actiondrawer input.mono").last();
  await field.focus();
  await page.keyboard.type(number);
  await press("Enter");
  await page.waitForFunction(() => !document.querySelector(".actiondrawer [data-problem]"));
}
