// The one path, as a clerk walks it: log in, find, sell by keyboard alone, watch it activate, bill, cash, reversal, timeline.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLOCK, api, findings, logIn, look, openPage, shot, startBrowser, startServer } from "./harness.mjs";

let server, browser, page;
before(async () => {
  server = await startServer({ clock: CLOCK });
  browser = await startBrowser({ clock: CLOCK });
  page = await openPage(browser.context);
});
after(async () => { await browser?.stop(); await server?.stop(); });

const focused = (p) => p.evaluate(() => ({ tag: document.activeElement?.tagName, label: document.activeElement?.getAttribute("aria-label"), id: document.activeElement?.id }));
let customer;
let orderUrl;
let number;

test("a wrong password is refused in words, the right one opens the workbench", async () => {
  await page.goto(`${server.base}/app/customers`);
  await page.waitForURL(/\/login\?next=/);
  await page.locator("input[autocomplete=username]").fill("clerk");
  await page.locator("input[autocomplete=current-password]").fill("not-the-password");
  await page.keyboard.press("Enter");
  await page.locator("[role=alert]").waitFor();
  await look(page, "01-login-refused");
  await logIn(page, server.base, "clerk");
  await page.locator(".kpis .v").first().waitFor();
  await page.locator(".chartbox svg").first().waitFor();
  await look(page, "02-workbench");
});

test("the command box finds a customer by phone and by pinyin initials", async () => {
  const made = await api(page, "/api/v1/customers", {
    method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify({ kind: "individual", name: "王伟娜", certificateType: "idCard", certificate: "44010619900307451X".replace(/.$/, checkDigit("44010619900307451")), phone: "13800138011", address: "广州市天河区体育东路116号财富广场8层" }),
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  customer = made.body.id;
  await page.keyboard.press("Control+k");
  const input = page.locator("[cmdk-input]");
  await input.fill("138 0013 8011");
  await page.locator(`[cmdk-item][data-value="customer:${customer}"]`).waitFor();
  await look(page, "03-palette-phone");
  await input.fill("wwn");
  await page.locator(`[cmdk-item][data-value="customer:${customer}"]`).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator("[cmdk-input]").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await input.fill("13800138011");
  await page.locator(`[cmdk-item][data-value="customer:${customer}"]`).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/app/customers/${customer}`));
  await page.getByRole("tab").first().waitFor();
  await look(page, "04-customer-new");
});

test("a mobile plan is sold with the keyboard alone", async () => {
  await page.keyboard.press("F2");
  await page.waitForURL(/\/app\/sell\//);
  await page.locator("[role=option]").first().waitFor();
  const search = page.getByRole("combobox").first();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  // Only mobile plans at a price: Tab to the family buttons and press one.
  for (let i = 0; i < 4 && !(await page.evaluate(() => document.activeElement?.textContent === "移动")); i++) await page.keyboard.press("Tab");
  await Promise.all([page.waitForResponse(/\/catalog\/offerings\?.*family=mobile/), page.keyboard.press("Enter")]);
  await page.keyboard.press("F2");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  const options = page.locator(".offers [role=option]");
  await options.first().waitFor();
  for (let i = 0; i < 39; i++) {
    if ((await page.locator('.offers [role=option][aria-selected="true"]').getAttribute("aria-disabled")) !== "true") break;
    await page.keyboard.press("ArrowDown");
  }
  await look(page, "05-sell-offers");
  await page.keyboard.press("Enter");
  await page.locator(".cart .cartline").nth(1).waitFor();
  assert.ok(await search.isVisible());
  await page.keyboard.press("F8");
  await page.locator(".numcell").first().waitFor();
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-number"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=lock-left]").waitFor();
  assert.match(await page.locator("[data-testid=lock-left]").innerText(), /^\d\d:\d\d$/);
  number = (await page.locator(".lockline .no").innerText()).replace(/\s/g, "");
  await look(page, "06-sell-number");
  await page.keyboard.press("F8");
  await page.locator(".sell .kpis").waitFor();
  await look(page, "07-sell-price");
  await page.keyboard.press("F8");
  await page.waitForFunction(() => document.activeElement?.id === "sell-agreed");
  assert.equal((await focused(page)).id, "sell-agreed");
  await page.keyboard.press("Space");
  await look(page, "08-sell-confirm");
  await page.keyboard.press("F9");
  await page.waitForURL(/\/app\/orders\/[^/]+$/);
  orderUrl = page.url();
});

test("the order is followed live until it completes", async () => {
  await page.locator("[data-testid=progress]").waitFor();
  await shot(page, "09-track-running");
  await page.locator('.pagehead [data-state="completed"]').waitFor({ timeout: 60_000 });
  assert.equal(await page.locator('.decomp [data-state="failed"]').count(), 0);
  const [done, total] = (await page.locator("[data-testid=progress]").innerText()).split("/").map(Number);
  assert.ok(total > 0 && done === total, `${done} of ${total}`);
  await page.locator(".banner.ok a").first().waitFor({ timeout: 30_000 });
  await look(page, "10-track-completed");
});

test("the first bill has a one-time and a prorated line", async () => {
  await page.locator(".banner.ok").getByRole("link", { name: "看账单" }).click();
  await page.waitForURL(/\/app\/bills\//);
  await page.locator("[data-testid=remaining]").waitFor();
  assert.match(await page.locator("[data-testid=remaining]").innerText(), /¥[\d,]+\.\d\d/);
  assert.match(await page.locator("main table:visible").first().innerText(), /\b9\/30/, "nine days of thirty from the 22nd on");
  await look(page, "11-bill");
});

let paid;
test("cash is taken at the counter from the keypad, with change", async () => {
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.waitForURL(/\/app\/counter$/);
  const shift = await api(page, "/api/v1/counter/shift");
  if (shift.body.state === "closed") {
    await page.goto(`${server.base}/app/counter/shift`);
    await page.locator("form button[type=submit]").click();
    await page.locator('.pagehead [data-state="open"]').waitFor();
    await look(page, "12-shift-open");
    await page.goto(`${server.base}/app/counter`);
  }
  await page.locator("main input").first().waitFor();
  await page.keyboard.press("F4");
  await page.keyboard.type(number);
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=total-due]").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "amount" || document.activeElement?.closest("[data-testid=amount]"));
  const due = Number((await page.locator("[data-testid=total-due]").innerText()).replace(/[¥,]/g, ""));
  assert.ok(due > 0);
  await look(page, "13-counter-due");
  await page.keyboard.press("Enter");
  await page.keyboard.type(String(Math.ceil(due / 100) * 100));
  const change = (await page.locator("[data-testid=change]").innerText()).replace(/[¥,]/g, "");
  assert.equal(Number(change).toFixed(2), (Math.ceil(due / 100) * 100 - due).toFixed(2));
  await page.keyboard.press("F8");
  await page.locator("[data-testid=receipt]").first().waitFor();
  paid = await page.locator("[data-testid=receipt]").first().innerText();
  await look(page, "14-counter-receipt");
});

test("the payment is reversed by a negative record", async () => {
  await page.keyboard.press("F2");
  await page.goto(`${server.base}/app/counter/payments`);
  await page.getByRole("button", { name: "反销账" }).first().click();
  await page.getByRole("button", { name: "缴错号码" }).click();
  await look(page, "15-reverse");
  await page.getByRole("dialog").getByRole("button", { name: "反销账" }).click();
  await page.getByText("已反销账").first().waitFor();
  await page.locator("tbody tr", { hasText: "−¥" }).first().waitFor();
  await look(page, "16-payments");
  assert.ok(paid.includes("¥"));
});

test("the customer's timeline tells all of it, newest first", async () => {
  await page.goto(`${server.base}/app/customers/${customer}`);
  await page.locator(".timeline li").first().waitFor();
  const dots = await page.locator(".timeline .dot").evaluateAll((all) => all.map((d) => d.className.replace("dot ", "")));
  for (const kind of ["order", "bill", "payment"]) assert.ok(dots.includes(kind), `${kind} is in the timeline: ${dots}`);
  assert.ok(dots.filter((d) => d === "payment").length >= 2, "payment and reversal");
  const times = await page.locator(".timeline time").evaluateAll((all) => all.map((x) => x.getAttribute("datetime")));
  assert.deepEqual(times, [...times].sort((a, b) => new Date(b) - new Date(a)));
  await look(page, "17-customer");
  for (const tab of ["products", "orders", "money", "relations", "agreements"]) {
    await page.locator(`[data-tab=${tab}]`).click();
    await look(page, `18-customer-${tab}`);
  }
  await page.goto(orderUrl);
  await page.locator("[data-testid=progress]").waitFor();
  assert.deepEqual(page.problems, []);
});

test("axe finds nothing serious on any screen of the path", () => assert.deepEqual(findings, []));

function checkDigit(first17) {
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((n, w, i) => n + w * Number(first17[i]), 0);
  return "10X98765432"[sum % 11];
}
