// Order entry and billing: what billing asks, a second billing system beside the embedded one over a real line, the daily
// comparison with a difference told again. Each page is looked at by axe.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, other, browser, page, there, customerId;
const at = (tab) => `${server.base}/app/interchange${tab ? `?tab=${tab}` : ""}`;
const post = (where, path, body) => api(where, path, { method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify(body) });
async function until(what, look) {
  for (let n = 0; n < 120; n++) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`${what} did not come`);
}

before(async () => {
  [server, other] = await Promise.all([startServer(), startServer({ customers: 20 })]);
  browser = await startBrowser();
  there = await openPage(browser.context);
  page = await openPage(browser.context);
});
after(async () => { await browser?.stop(); await server?.stop(); await other?.stop(); });

/** One browser, one cookie jar: whoever works there logs in there. */
const here = () => logIn(page, server.base, "admin");

test("what billing asked is seen, with its outcome and history", async () => {
  await here();
  const found = await api(page, "/api/v1/customers?kind=individual&limit=100");
  // Who owes for long may not order.
  const owing = (await api(page, "/api/v1/dunning/cases?limit=100")).body.map((c) => c.customerId);
  customerId = found.body.filter((c) => c.org.startsWith("/cn/44/4401/") && !owing.includes(c.id)).at(-1).id;
  await page.goto(at());
  await page.getByRole("button", { name: "单停" }).first().waitFor();
  await page.locator("[data-state=done]").first().waitFor();
  await look(page, "90-back");
  await page.getByRole("button", { name: "高额提醒" }).first().click();
  await page.getByText("486.50").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "双停" }).first().click();
  await page.getByText("信控").or(page.getByText("账务")).first().waitFor();
  await page.getByRole("dialog").getByText("已完成").first().waitFor();
  await look(page, "91-back-detail");
});

test("a second billing system is added on the page and charges broadband", async () => {
  await logIn(there, other.base, "admin");
  const token = await post(there, "/api/v1/tokens", { name: "crm", role: "api", org: "/cn" });
  assert.equal(token.status, 201, JSON.stringify(token.body));
  const text = token.body.token ?? token.body.text;
  await here();
  await page.goto(at("systems"));
  await page.getByText("只有内置计费").waitFor();
  await look(page, "92-systems-empty");
  await page.getByRole("button", { name: "增加计费系统" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("编码").fill("province");
  await dialog.getByLabel("名称", { exact: true }).fill("省级计费");
  await dialog.getByLabel("英文名称").fill("Provincial billing");
  await dialog.getByLabel("地址", { exact: true }).fill(other.base);
  await dialog.getByLabel("访问令牌").fill(text);
  await dialog.getByLabel("对方身份").fill("province-billing");
  await look(page, "93-system-edit");
  await dialog.getByRole("button", { name: /保\s?存/ }).click();
  await page.getByText("省级计费").first().waitFor();
  await page.getByRole("button", { name: /^测\s?试$/ }).click();
  await page.getByText("连通正常").waitFor();
  await page.getByRole("button", { name: "增加路由" }).click();
  await page.getByRole("dialog").getByLabel("区域").press("Enter");
  await page.getByRole("dialog").getByLabel("区域").fill("/cn/44/4401");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("产品线").press("Enter");
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) [title='宽带']").click();
  await page.getByRole("dialog").getByRole("button", { name: /保\s?存/ }).click();
  await page.getByRole("cell", { name: "宽带" }).waitFor();
  await look(page, "94-systems");
  const made = await post(page, "/tmf-api/productOrderingManagement/v4/productOrder", {
    relatedParty: [{ id: customerId, role: "customer", "@referredType": "Customer" }],
    productOrderItem: [{ id: "1", action: "add", quantity: 1, productOffering: { id: "of-broadband-300" }, product: { productCharacteristic: [{ name: "installAddress", value: "天河路 700 号" }] } }],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await until("the outside system's answer", async () => {
    const told = await api(page, `/api/v1/collaboration?orderId=${made.body.id}`);
    return told.body[0]?.state === "succeeded" && told.body[0].system === "province";
  });
  await page.goto(at("told"));
  await page.getByRole("cell", { name: "省级计费" }).first().waitFor();
  await look(page, "95-told");
  await page.getByRole("row").filter({ hasText: "省级计费" }).getByRole("button", { name: "起租" }).click();
  await page.getByRole("dialog").getByText("回执号").waitFor();
  await look(page, "96-told-detail");
});

test("what the other side lost is found by the comparison and told again", async () => {
  await page.keyboard.press("Escape");
  await page.goto(at("compare"));
  await page.getByRole("button", { name: "立即核对" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("计费系统").selectOption("province");
  await dialog.getByRole("button", { name: /核\s?对/ }).last().click();
  await page.getByText("核对完成，待处理差异 0 条").waitFor();
  await page.getByText("没有待处理的差异。").waitFor();
  // The other side is restored from yesterday's backup: it has nothing of today.
  await other.stop();
  other = await startServer({ customers: 20 });
  await logIn(there, other.base, "admin");
  const token = (await post(there, "/api/v1/tokens", { name: "crm", role: "api", org: "/cn" })).body;
  await here();
  const changed = await api(page, "/api/v1/collaboration/systems/province", {
    method: "PUT", body: JSON.stringify({ code: "province", name: "省级计费", nameEn: "Provincial billing", url: other.base, token: token.token ?? token.text, speaker: "province-billing", enabled: true }),
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  const compared = async () => (await post(page, "/api/v1/interchange/reconciliations", { system: "province", day: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10) })).body;
  assert.equal((await compared()).differing, 1);
  await page.goto(at("compare"));
  await page.getByText("对方缺失").first().waitFor();
  await look(page, "97-differences");
  await page.getByRole("button", { name: /^补\s?发$/ }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("对方按昨日备份恢复");
  await page.getByRole("dialog").getByRole("button", { name: /^补\s?发$/ }).click();
  await page.getByText("没有待处理的差异。").waitFor();
  await until("the order there", async () => (await compared()).differing === 0 && (await compared()).theirs === 1);
  await page.reload();
  await page.getByRole("button", { name: "已消除" }).click();
  await page.getByText("对方缺失").first().waitFor();
  await look(page, "98-settled");
});

test("the pages are as readable in English, and nothing serious is left", async () => {
  await page.evaluate(() => localStorage.setItem("yitai.language", "en"));
  for (const [tab, word] of [["", "From billing"], ["told", "To billing"], ["compare", "Comparisons"], ["systems", "Billing routes"]]) {
    await page.goto(at(tab));
    await page.getByText(word).first().waitFor();
    await page.locator("tbody tr").first().waitFor();
    await look(page, `99-en-${tab || "back"}`);
  }
  assert.deepEqual(findings, []);
  assert.deepEqual(page.problems, []);
});
