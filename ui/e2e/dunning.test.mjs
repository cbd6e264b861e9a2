// Credit control on the pages: the board, a policy that the law refuses while it is typed, texts without advertising.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

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

test("pages threw nothing and axe finds nothing serious", () => {
  assert.deepEqual(page.problems, []);
  assert.deepEqual(findings, []);
});
