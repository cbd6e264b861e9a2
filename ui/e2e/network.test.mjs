// The network from the side of orders: routes, rules, an order over several systems at once, messages, files to 97, work by
// hand, the built-in systems. Each page is looked at by axe.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, customerId;
const network = (tab, more = "") => `${server.base}/app/network?tab=${tab}${more}`;
const post = (path, body) => api(page, path, { method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify(body) });

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
  await logIn(page, server.base, "admin");
  const found = await api(page, "/api/v1/customers?kind=individual&limit=100");
  // Who owes for long may not order.
  const owing = (await api(page, "/api/v1/dunning/cases?limit=100")).body.map((c) => c.customerId);
  customerId = found.body.filter((c) => c.org.startsWith("/cn/44/4401/") && !owing.includes(c.id)).at(-1).id;
});
after(async () => { await browser?.stop(); await server?.stop(); });

async function order(offering, characteristics, item = {}) {
  const made = await post("/tmf-api/productOrderingManagement/v4/productOrder", {
    relatedParty: [{ id: customerId, role: "customer", "@referredType": "Customer" }],
    productOrderItem: [{ id: "1", action: "add", quantity: 1, productOffering: offering ? { id: offering } : undefined, product: { productCharacteristic: Object.entries(characteristics).map(([name, value]) => ({ name, value })) }, ...item }],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}
async function completed(id) {
  for (let n = 0; n < 120; n++) {
    const seen = await api(page, `/api/v1/orders/${id}/track`);
    if (seen.body.order.state === "completed") return seen.body;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`order ${id} did not complete: ${JSON.stringify((await api(page, `/api/v1/orders/${id}/tree`)).body).slice(0, 1500)}`);
}

let broadband;
test("a product line is given to 97 on the page, and orders go over three systems at once", async () => {
  await page.goto(network("routes"));
  await page.locator("tbody tr").first().waitFor();
  await page.getByRole("button", { name: "增加路由" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("产品线").press("Enter");
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) [title='宽带']").click();
  await dialog.getByLabel("系统").press("Enter");
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) [title='九七系统']").click();
  await dialog.getByLabel("依据").fill("测试：宽带仍由九七承担");
  await dialog.getByRole("button", { name: /保\s?存/ }).click();
  await page.getByText("测试：宽带仍由九七承担").waitFor();
  await look(page, "70-routes");
  broadband = await order("of-broadband-300", { installAddress: "天河路 700 号" });
  const tv = await order("of-iptv-basic", { installAddress: "天河路 700 号" });
  for (const id of [broadband, tv]) await completed(id);
  const systems = (await api(page, "/api/v1/network/messages?limit=50")).body.map((m) => m.system);
  assert.ok(systems.includes("legacy97") && systems.includes("tmf641"), systems.join());
});

test("messages and files can be read as they were sent", async () => {
  await page.goto(network("messages"));
  await page.locator("tr.row-main").first().waitFor();
  await look(page, "71-messages");
  await page.locator("tr.row-main").first().locator("td").nth(2).click();
  await page.getByText("往来记录").waitFor();
  await page.locator(".tracks summary").first().click();
  await look(page, "72-message");
  await page.goto(network("legacy"));
  await page.locator("tr.row-main").first().waitFor();
  await look(page, "73-files");
  await page.locator("tr.row-main").first().locator("td").first().click();
  await page.locator("pre.payload").getByText(/^97\|1\.0\|/).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "九七发来" }).click();
  await page.getByText("已入账").first().waitFor();
});

test("the rules of an offering and the tree of an order are drawn", async () => {
  await page.goto(network("rules", "&offering=of-fusion-169"));
  await page.locator("[data-task=configure-onu]").waitFor();
  await look(page, "74-rules");
  await page.getByRole("button", { name: "拆机" }).nth(1).click();
  await page.locator("[data-task=delete-onu], [data-task=leave-onu]").first().waitFor();
  await page.goto(network("order", `&order=${broadband}`));
  await page.locator("[data-task=create-aaa-account]").waitFor();
  await look(page, "75-tree");
});

test("a line is taken away, and the modem that is left is fetched back by hand", async () => {
  const seen = await completed(broadband);
  const tvs = (await api(page, `/tmf-api/productInventory/v4/product?relatedParty.id=${customerId}&status=active&limit=50`)).body;
  const close = (id) => order(undefined, {}, { action: "delete", product: { id } });
  const tv = tvs.find((p) => p.family === "iptv" && JSON.stringify(p).includes("天河路 700 号"));
  await completed(await close(tv.id));
  await completed(await close(seen.order.items[0].productId));
  await page.goto(network("work"));
  const row = page.locator("tr.row-main", { hasText: "天河路 700 号" });
  await row.waitFor();
  await look(page, "76-work");
  await row.getByRole("button", { name: /^完\s?成$/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "已回收设备" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^完\s?成$/ }).click();
  await row.waitFor({ state: "detached" });
});

test("the built-in systems are set on their page, in English too", async () => {
  await page.goto(network("simulator"));
  await page.getByLabel("九七系统 损坏的文件").fill("1");
  await page.getByRole("button", { name: /保\s?存/ }).click();
  await page.waitForFunction(async () => (await (await fetch("/api/v1/network/simulator")).json()).systems.find((s) => s.system === "legacy97").damagedNext === 1);
  await look(page, "77-simulator");
  const english = await openPage(browser.context, { lang: "en" });
  await english.goto(`${server.base}/app/network?tab=simulator&lang=en`);
  await english.getByText("Activation systems").first().waitFor();
  await look(english, "78-simulator-en");
  await english.close();
});

test("no page has barriers", () => assert.deepEqual(findings, []));
