// Every other page: fallout and retry, tariff import with a broken row, catalogue, administration, English, small screens,
// harmless display of naughty text. Each is looked at by axe.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, shot, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, files;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
  files = mkdtempSync(join(tmpdir(), "yitai-files-"));
});
after(async () => { await browser?.stop(); await server?.stop(); if (files) rmSync(files, { recursive: true, force: true }); });

/** Customers whom everybody of the demonstration's city may see. */
async function cityCustomers() {
  const found = await api(page, "/api/v1/customers?kind=individual&limit=100");
  const rows = found.body.filter((c) => c.org.startsWith("/cn/44/4401/"));
  assert.ok(rows.length >= 3, "customers in the city");
  return rows;
}

/** Sells one mobile plan through the API; the pages have their own test of selling. */
/** What this customer may have now; of bundles those that leave no choice open. */
async function offeringsFor(customer, family) {
  const { body: rows } = await api(page, `/api/v1/catalog/offerings?family=${family}&sellable=true&limit=50`);
  const { body: against } = await api(page, `/api/v1/customers/${customer}/offerings/why-not?ids=${rows.map((o) => o.id).join(",")}`);
  const fit = rows.filter((o) => o.sellable !== false && !against.some((w) => w.offeringId === o.id));
  if (family !== "bundle") return fit;
  const details = await Promise.all(fit.map((o) => api(page, `/api/v1/catalog/offerings/${o.id}`)));
  return fit.filter((_, i) => (details[i].body.groups ?? []).length === 0);
}

async function sellOne() {
  // Somebody who owes nothing: nothing new is sold against an overdue bill.
  let customerId;
  for (const row of (await cityCustomers()).reverse()) {
    const dues = await api(page, `/api/v1/counter/dues?customerId=${row.id}`);
    if (dues.body.totalDueFen === 0) { customerId = row.id; break; }
  }
  assert.ok(customerId, "somebody who owes nothing");
  const [offering] = await offeringsFor(customerId, "mobile");
  assert.ok(offering, "a mobile plan that can be sold");
  const free = await api(page, "/api/v1/numbers?limit=5");
  const lock = await api(page, `/api/v1/numbers/${free.body[0].number}/lock`, { method: "POST", body: "{}" });
  assert.equal(lock.status, 200, JSON.stringify(lock.body));
  const order = await api(page, "/tmf-api/productOrderingManagement/v4/productOrder", {
    method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify({
      relatedParty: [{ id: customerId, role: "customer", "@referredType": "Customer" }],
      productOrderItem: [{ id: "1", action: "add", quantity: 1, productOffering: { id: offering.id }, product: { productCharacteristic: [{ name: "number", value: lock.body.number }, { name: "lockToken", value: lock.body.lockToken }] } }],
    }),
  });
  assert.equal(order.status, 201, JSON.stringify(order.body));
  return { orderId: order.body.id, customerId };
}

let orderId;
test("a failed step stops the order, shows in the queue, and a retry brings it home", async () => {
  await logIn(page, server.base, "admin");
  await page.goto(`${server.base}/app/network`);
  await page.locator("tbody tr").first().waitFor();
  const before = await api(page, "/api/v1/network/simulator");
  const broken = before.body.targets.map((t) => ({ ...t, failRate: 0, failNext: 1, stuck: false }));
  assert.ok((await api(page, "/api/v1/network/simulator", { method: "PUT", body: JSON.stringify({ targets: broken }) })).status < 300);
  await page.reload();
  await page.locator("tbody tr").first().waitFor();
  await look(page, "20-network");
  ({ orderId } = await sellOne());
  await page.goto(`${server.base}/app/orders/${orderId}`);
  await page.locator(".banner.bad").waitFor({ timeout: 60_000 });
  await look(page, "21-track-stuck");
  const healed = before.body.targets.map((t) => ({ ...t, failRate: 0, failNext: 0, stuck: false }));
  await api(page, "/api/v1/network/simulator", { method: "PUT", body: JSON.stringify({ targets: healed }) });

  await logIn(page, server.base, "fallout");
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.waitForURL(/\/app\/fallout/);
  const row = page.locator("tr.row-main", { has: page.locator(`a[href$="${orderId}"]`) });
  await row.waitFor();
  await look(page, "22-fallout");
  await row.getByRole("button", { name: "重试" }).click();
  await page.getByRole("button", { name: "网元已恢复" }).click();
  await look(page, "23-fallout-retry");
  await page.getByRole("dialog").getByRole("button", { name: "重试" }).click();
  await row.waitFor({ state: "detached", timeout: 20_000 });
  await page.goto(`${server.base}/app/orders/${orderId}`);
  await page.locator('.pagehead [data-state="completed"]').waitFor({ timeout: 60_000 });
  await look(page, "24-track-after-retry");
});

test("a tariff file with a broken row imports the rest and reports the row", async () => {
  await logIn(page, server.base, "manager");
  await page.goto(`${server.base}/app/catalog/import`);
  const plan = (n, price) => ({ id: `e2e-plan-${n}`, name: `端到端测试套餐${n}`, area: "广东", price, data: 10, voice: 100, sms: "0", audience: "全部客户", contract: "无", source: "测试", tags: [], details: { schemeId: `E2E${n}`, tariffStandard: `${price}元/月`, onlineDate: "20260101", offlineDate: "20291231" } });
  const file = join(files, "broken.json");
  writeFileSync(file, JSON.stringify({ scope: "test", planCount: 3, plans: [plan(1, 19), plan(2, "面议，另行约定"), plan(3, 39)] }));
  await page.locator("[data-testid=import-file]").setInputFiles(file);
  await page.locator('.panel > header [data-state="done"]').waitFor({ timeout: 60_000 });
  assert.equal(await page.locator("[data-count=refused]").innerText(), "1");
  await page.getByText("e2e-plan-2").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /CSV/ }).click()]);
  const csv = readFileSync(await download.path(), "utf8");
  assert.match(csv.split(/\r?\n/)[0], /line.*id.*field.*code.*reason/);
  assert.match(csv, /e2e-plan-2/);
  await look(page, "25-import");
  await page.goto(`${server.base}/app/catalog?q=${encodeURIComponent("端到端测试套餐")}`);
  await page.locator("tr.row-main").first().waitFor();
  assert.equal(await page.locator("tr.row-main").count(), 2);
});

test("the catalogue is browsed by chart, filter and drawer", async () => {
  await page.goto(`${server.base}/app/catalog`);
  await page.locator(".chartbox svg").first().waitFor();
  await page.locator("tr.row-main").first().waitFor();
  await look(page, "26-catalog");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").locator("h3").first().waitFor();
  await look(page, "27-offering");
  assert.match(page.url(), /id=/);
  await page.keyboard.press("Escape");
});

test("a bundle asks for a number, an address and a visit; the draft outlives a reload", async () => {
  const who = (await cityCustomers())[1].id;
  const bundle = (await offeringsFor(who, "bundle")).find((o) => (o.components ?? []).some((c) => c.family === "broadband"));
  assert.ok(bundle, "a bundle that can be sold");
  await page.goto(`${server.base}/app/sell/${who}`);
  await page.getByRole("combobox").first().fill(bundle.name.slice(0, 12));
  await page.locator(".offers [role=option]", { hasText: bundle.name }).click();
  await page.locator(".cart .cartline").nth(1).waitFor();
  await page.keyboard.press("F8");
  await page.locator(".slots button").first().waitFor();
  await page.locator(".numcell").first().click();
  await page.locator("[data-testid=lock-left]").waitFor();
  await page.locator("input[data-address]").fill("广州市天河区体育东路116号");
  await page.locator(".slots button").nth(5).click();
  await look(page, "27b-sell-bundle");
  await page.reload();
  await page.locator(".cart .cartline").nth(1).waitFor();
  assert.equal(await page.locator(".cart .cartline .warn").count(), 0, "nothing is missing after the reload");
  await page.keyboard.press("F8");
  await page.locator(".sell .kpis").waitFor();
  await page.getByRole("button", { name: "清空" }).click();
  await look(page, "27c-sell-drop");
  await page.locator(".ant-popconfirm").getByRole("button", { name: "清空" }).click();
  await page.locator(".offers").waitFor();
});

test("a duplicate customer is explained with a way to the one who is there", async () => {
  const form = { name: "赵子龙", certificate: "440106199003074514", phone: "13912345670", address: "广州市越秀区北京路1号" };
  const fill = async () => {
    await page.goto(`${server.base}/app/customers?new=1`);
    const box = page.getByRole("dialog");
    await box.getByLabel("姓名").fill(form.name);
    await box.getByLabel("证件号码").fill(form.certificate);
    await box.getByLabel("联系电话").fill(form.phone);
    await box.getByLabel("地址").fill(form.address);
    return box;
  };
  form.certificate = withDigit("44010619900307451");
  let box = await fill();
  await look(page, "28-new-customer");
  await box.getByRole("button", { name: "新建客户" }).click();
  await page.waitForURL(/\/app\/customers\/[^?]+$/);
  box = await fill();
  await box.getByRole("button", { name: "新建客户" }).click();
  await box.getByRole("link", { name: "打开已有客户" }).waitFor();
  await look(page, "29-duplicate");
});

test("lists keep their state in the address", async () => {
  await page.goto(`${server.base}/app/customers?kind=organization&page=2&size=20`);
  await page.locator("main table, main .nothing").first().waitFor();
  await shot(page, "30-customers-organization");
  await page.goto(`${server.base}/app/customers`);
  await page.locator("tr.row-main").first().waitFor();
  await look(page, "31-customers");
  await page.goto(`${server.base}/app/orders?state=completed`);
  await page.locator("tr.row-main").first().waitFor();
  await look(page, "32-orders");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/app\/orders\/[^?]+$/);
  await page.goBack();
  await page.waitForURL(/state=completed/);
});

test("a hidden value opens only with a reason", async () => {
  await page.goto(`${server.base}/app/customers/${(await cityCustomers())[0].id}`);
  const reveal = page.locator(".highlights .linkish").first();
  await page.locator(".highlights").waitFor();
  if (await reveal.count()) {
    await reveal.click();
    await look(page, "33-reveal");
    await page.getByRole("button", { name: "客户在场核对" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "查看", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
});

test("naughty text is shown as text", async () => {
  const name = `<img src=x onerror="document.title='owned'">‮مرحبا${"长".repeat(60)}`;
  const made = await api(page, "/api/v1/customers", { method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify({ kind: "individual", name, certificateType: "passport", certificate: `E${String(Date.now()).slice(-8)}`, phone: "13912345699", address: "'; DROP TABLE customer;--" }) });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await page.goto(`${server.base}/app/customers/${made.body.id}`);
  await page.locator(".highlights").waitFor();
  assert.equal(await page.locator("main img").count(), 0);
  assert.ok((await page.locator(".highlights .who bdi").first().innerText()).startsWith("<img"));
  assert.notEqual(await page.title(), "owned");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing runs out of the window");
  await look(page, "34-naughty");
});

test("administration and API pages", async () => {
  await logIn(page, server.base, "admin");
  for (const [path, name, wait] of [["staff", "35-staff", "tr.row-main"], ["roles", "36-roles", "tbody tr"], ["audit", "37-audit", "tr.row-main"]]) {
    await page.goto(`${server.base}/app/admin/${path}`);
    await page.locator(wait).first().waitFor();
    await look(page, name);
  }
  await page.goto(`${server.base}/app/admin/staff`);
  await page.locator("tr.row-main").first().click();
  await page.getByRole("dialog").waitFor();
  await look(page, "38-staff-edit");
  await page.goto(`${server.base}/app/api-docs`);
  await page.locator(".docs-op").first().waitFor();
  await look(page, "39-api-docs");
});

test("the console speaks English and fits 1280×720", async () => {
  await logIn(page, server.base, "manager");
  await page.evaluate(() => localStorage.setItem("yitai.language", "en"));
  await page.setViewportSize({ width: 1280, height: 720 });
  const customer = (await cityCustomers())[0].id;
  for (const [path, name, wait] of [
    ["", "40-en-home", ".kpis"], [`/customers/${customer}`, "41-en-customer", ".highlights"], ["/customers", "42-en-customers", "tr.row-main"], [`/sell/${customer}`, "43-en-sell", ".offers"], ["/orders", "44-en-orders", "tr.row-main"],
    [`/orders/${orderId}`, "45-en-track", "[data-testid=progress]"], ["/catalog", "46-en-catalog", "tr.row-main"], ["/counter", "47-en-counter", ".till"], ["/counter/payments", "48-en-payments", ".filters"], ["/counter/shift", "49-en-shift", "form"],
  ]) {
    await page.goto(`${server.base}/app${path}`);
    await page.locator(wait).first().waitFor();
    await look(page, name);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} does not run out of the window`);
    const untranslated = await page.evaluate(() => /[a-z]+\.[a-z]+[A-Z][A-Za-z]+/.exec(document.querySelector("main").innerText.replace(/[\w-]+\.(json|csv|[a-z]+_\w+)/g, ""))?.[0] ?? null);
    assert.ok(untranslated === null || untranslated.length > 60 || /\//.test(untranslated), `${name} shows a key: ${untranslated}`);
  }
  await page.goto(`${server.base}/app`);
  await page.locator(".kpis").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await look(page, "50-en-help");
  await page.keyboard.press("Escape");
  await page.goto(`${server.base}/app/customers/00000000-0000-0000-0000-000000000000`);
  await page.locator(".failure").waitFor();
  await look(page, "51-en-failure");
  await page.goto(`${server.base}/app/nowhere`);
  await page.getByText("No such page").waitFor();
  await look(page, "52-en-lost");
});

test("pages threw nothing and axe finds nothing serious", () => {
  assert.deepEqual(page.problems, []);
  assert.deepEqual(findings, []);
});

function withDigit(first17) {
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((n, w, i) => n + w * Number(first17[i]), 0);
  return first17 + "10X98765432"[sum % 11];
}
