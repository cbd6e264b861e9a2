// Credit control on the pages: the board, a policy that the law refuses while it is typed, texts without advertising;
// what a customer wants to hear, and the ways from a customer to their money.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page;
before(async () => {
  server = await startServer({ customers: 60 });
  browser = await startBrowser();
  page = await openPage(browser.context);
  await logIn(page, server.base, "collector");
});
after(async () => { await browser?.stop(); await server?.stop(); });

test("the board shows every step, and a sweep is run", async () => {
  await page.goto(`${server.base}/app/dunning`);
  await page.getByRole("heading", { name: "欠费催缴" }).waitFor();
  for (const step of ["未催缴", "催缴", "单停", "双停", "预销", "销户", "核销"]) await page.locator(".duncol", { hasText: step }).first().waitFor();
  await page.getByRole("button", { name: "立即扫描" }).click();
  await page.getByText("上次扫描").waitFor({ timeout: 20_000 });
  await page.mouse.move(2, 2);
  await look(page, "dunning-1-board");
});

test("a policy below the law is refused while it is typed, with the article", async () => {
  await page.goto(`${server.base}/app/dunning?tab=policies`);
  await page.getByText("《电信条例》第三十四条").first().waitFor();
  await look(page, "dunning-2-policies");
  await page.getByRole("button", { name: "新建方案" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称（中文）").fill("测试方案");
  await dialog.getByText("符合法定底线").waitFor();
  const days = dialog.getByRole("spinbutton", { name: "等待天数" });
  await days.nth(1).fill("20");
  await page.keyboard.press("Tab");
  await dialog.getByText("第三十四条").waitFor();
  assert.ok(await dialog.getByRole("button", { name: /保\s*存/ }).isDisabled(), "it cannot be saved");
  await look(page, "dunning-3-refused");
  await days.nth(1).fill("26");
  await page.keyboard.press("Tab");
  await dialog.getByText("符合法定底线").waitFor();
  await page.keyboard.press("Escape");
});

test("a text is previewed, and advertising is refused", async () => {
  await page.goto(`${server.base}/app/messages`);
  await page.getByText("未配置，等待网关取信").waitFor();
  await look(page, "messages-1-records");
  await page.goto(`${server.base}/app/messages?tab=texts`);
  const row = page.locator("tr.row-main", { hasText: "催缴提醒" }).first();
  await row.getByRole("button", { name: /修\s*改/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("内容").fill("您欠费{amount}元，办理新套餐享优惠");
  await dialog.getByText("您欠费128.50元").waitFor();
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await dialog.getByText("不得夹带广告").waitFor();
  await look(page, "messages-2-advertising");
  await page.keyboard.press("Escape");
});

test("what a customer wants to hear is said once a number; what the law wants sent is told", async () => {
  await logIn(page, server.base, "clerk");
  const [customer] = (await api(page, "/api/v1/customers?limit=1")).body;
  await page.goto(`${server.base}/app/customers/${customer.id}`);
  await page.locator(".purse").waitFor();
  await page.keyboard.press("m");
  await page.keyboard.press("d");
  await page.getByRole("heading", { name: "提醒偏好" }).waitFor();
  await page.getByText(/依法必须送达，不能退订：.*催缴提醒/).waitFor();
  const own = page.locator("tr[data-wish=own]");
  await own.getByLabel(/业务办理提醒/).uncheck();
  await own.getByText("不接收").first().waitFor();
  await own.getByText("柜面").waitFor();
  await own.getByLabel(/推广信息/).check();
  await page.waitForFunction(() => document.querySelectorAll("tr[data-wish=own] input:checked").length === 1);
  const kept = (await api(page, `/api/v1/customers/${customer.id}/message-preference`)).body.preference;
  assert.deepEqual([kept.business, kept.marketing, kept.channel], [false, true, "page"]);
  await page.getByLabel("其他号码或邮箱").fill("boss@example.com");
  await page.getByRole("button", { name: /查\s*看/ }).last().click();
  await page.locator("tr[data-wish='boss@example.com']").waitFor();
  await page.mouse.move(2, 2);
  await look(page, "dunning-5-wishes");
});

test("a clerk reaches everything about the money with M and a letter; who may not see it is not led there", async () => {
  const rows = (await api(page, "/api/v1/customers?limit=60")).body;
  let found;
  for (const row of rows) {
    const view = (await api(page, `/api/v1/customers/${row.id}/view`)).body;
    const held = view.products.find((p) => p.number && p.status === "active");
    if (held && view.accounts.length > 0) { found = { id: row.id, number: held.number, account: view.accounts[0].id }; break; }
  }
  assert.ok(found, "somebody holds a number");
  const home = `${server.base}/app/customers/${found.id}`;
  for (const [letter, url] of [["u", /\/app\/usage\?number=/], ["l", /\/app\/rating\?number=/], ["b", /\/app\/statements\//], ["k", /\/app\/accounts\/.*\/books/], ["s", /tab=deposits/], ["a", /\/app\/billing\/adjustments\?customer=/], ["p", /tab=points/], ["d", /tab=notices/]]) {
    await page.goto(home);
    await page.locator(".purse a[data-way=usage]").waitFor();
    await page.keyboard.press("m");
    await page.keyboard.press(letter);
    await page.waitForURL(url);
    await page.locator("main .panel").first().waitFor();
    await page.waitForTimeout(250);
    assert.equal(await page.locator(".failure").count(), 0, `${letter}: ${page.url()}`);
  }
  await page.goto(`${home}?tab=products`);
  await page.getByRole("tabpanel").getByRole("button", { expanded: false }).first().waitFor();
  await look(page, "dunning-6-customer");
  await logIn(page, server.base, "fallout");
  await page.goto(home);
  await page.locator(".highlights").waitFor();
  assert.equal(await page.locator(".purse a[data-way=usage], .purse a[data-way=books], .purse a[data-way=points]").count(), 0);
});

test("pages threw nothing and axe finds nothing serious", () => {
  assert.deepEqual(page.problems, []);
  assert.deepEqual(findings, []);
});
