// Numbers, cards and devices, coverage: a clerk finds and keeps a number by keyboard, cards go from the city to a hall by two
// people's hands, a file of ranges is taken in with its bad rows, and an address says what can be had.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, files;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
  files = mkdtempSync(join(tmpdir(), "yitai-files-"));
});
after(async () => { await browser?.stop(); await server?.stop(); if (files) rmSync(files, { recursive: true, force: true }); });

test("a clerk finds a number by its pattern and keeps it for a customer, without the mouse", async () => {
  await logIn(page, server.base, "clerk");
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.waitForURL(/resources\/numbers/);
  await page.getByTestId("pattern").fill("*AABB");
  await page.locator(".poolgrid .numcell").first().waitFor();
  await page.waitForURL(/q=/);
  const shown = await page.locator(".poolgrid .numcell .num").allTextContents();
  assert.ok(shown.length > 0 && shown.every((n) => { const d = n.replaceAll(" ", "").slice(-4); return d[0] === d[1] && d[2] === d[3] && d[0] !== d[2]; }), shown.join());
  await look(page, "resources-search");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const drawer = page.locator(".ant-drawer");
  await drawer.getByRole("button", { name: "预留", exact: true }).waitFor();
  await drawer.getByRole("button", { name: "预留", exact: true }).focus();
  await page.keyboard.press("Enter");
  const customer = (await api(page, "/api/v1/customers?kind=individual&limit=1")).body[0];
  await drawer.getByLabel("客户", { exact: true }).fill(customer.name);
  await page.locator(".suggest-row").first().waitFor();
  await page.keyboard.press("Enter");
  await drawer.locator("form button[type=submit]").focus();
  await page.keyboard.press("Enter");
  await drawer.getByText("预留至").waitFor();
  await look(page, "resources-kept");
  const number = new URL(page.url()).searchParams.get("number");
  const now = await api(page, `/api/v1/numbers/${number}`);
  assert.equal(now.body.state, "reserved");
  assert.equal((await api(page, `/api/v1/numbers/${number}/lock`, { method: "POST", body: "{}" })).status, 409, "kept for one customer only");
  await drawer.getByRole("button", { name: "取消预留" }).click();
  await drawer.getByText("可选").first().waitFor();
});

test("the pool: charts, states, many numbers at once", async () => {
  await logIn(page, server.base, "manager");
  await page.goto(`${server.base}/app/resources/numbers?tab=pool`);
  await page.locator(".chartbox svg").first().waitFor();
  await page.locator("table.data tbody tr").first().waitFor();
  await look(page, "resources-pool");
  const boxes = page.locator("table.data tbody input[type=checkbox]");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "停售" }).click();
  await page.locator(".ant-modal input").last().fill("政企专号");
  await page.keyboard.press("Enter");
  await page.locator(".ant-modal").waitFor({ state: "hidden" });
  await page.getByLabel("状态", { exact: true }).selectOption("blocked");
  await page.waitForURL(/state=blocked/);
  await page.locator("table.data tbody tr").nth(1).waitFor();
  assert.equal((await api(page, "/api/v1/numbers/pool?state=blocked")).body.items.length, 2);
  await page.goto(`${server.base}/app/resources/numbers?tab=rules`);
  await page.getByText("冷冻期（天）").waitFor();
  await look(page, "resources-rules");
});

test("a file of ranges is taken in, its bad rows are shown, and again it adds nothing", async () => {
  await page.goto(`${server.base}/app/resources/numbers?tab=imports`);
  const file = join(files, "号段.csv");
  writeFileSync(file, "起始号码,结束号码,组织,等级\n13700000000,13700049999,/cn/44/4401,\n13700060000,1370006,,\n13700070000,13700070009,/cn/99,\n");
  for (const added of ["50,000", "0"]) {
    await page.getByTestId("intake-file").setInputFiles(file);
    await page.waitForURL(/run=/);
    // Both at once: a run that has just begun has added nothing either.
    await page.waitForFunction((wanted) => {
      const shown = (name) => document.querySelector(`[data-testid=intake-counts] [data-count=${name}]`)?.textContent;
      return shown("added") === wanted && shown("refused") === "2" && shown("done") === "50,011";
    }, added);
    await page.getByText("number.range").waitFor();
  }
  await look(page, "resources-ranges");
  assert.equal((await api(page, "/api/v1/numbers?pattern=1370004*&class=premium")).status, 200);
});

test("cards go from the city to a hall: two people, one card missing, the difference settled", async () => {
  await page.goto(`${server.base}/app/resources/stock`);
  await page.locator(".chartbox svg").first().waitFor();
  await look(page, "resources-levels");
  await page.goto(`${server.base}/app/resources/stock?tab=transfers`);
  await page.getByRole("button", { name: "发起调拨" }).click();
  await page.getByLabel("发出仓库").selectOption("wh-cn-44-4401");
  await page.getByLabel("接收仓库").selectOption("wh-cn-44-4401-h001");
  await page.locator(".ant-modal .ant-input-number-input").fill("5");
  await look(page, "resources-send");
  await page.getByRole("button", { name: "发 出" }).or(page.getByRole("button", { name: "发出", exact: true })).click();
  await page.locator("table.data tbody tr").first().waitFor();
  const transfer = (await api(page, "/api/v1/stock/transfers?state=dispatched")).body[0];
  assert.equal(transfer.sent, 5);
  const serials = (await api(page, `/api/v1/stock/transfers/${transfer.id}`)).body.lines.map((l) => l.serial);
  const same = await api(page, `/api/v1/stock/transfers/${transfer.id}/receive`, { method: "POST", body: JSON.stringify({ all: true }) });
  assert.equal(same.body.code, "stock.same_person");
  await logIn(page, server.base, "clerk");
  await page.goto(`${server.base}/app/resources/stock?tab=transfers&transfer=${transfer.id}`);
  const drawer = page.locator(".ant-drawer");
  await drawer.getByRole("button", { name: "收货", exact: true }).first().click();
  await drawer.getByRole("button", { name: "按实物收货" }).click();
  await drawer.getByLabel("收到的序列号（每行一个）").fill(serials.slice(0, 4).join("\n"));
  await look(page, "resources-receive");
  await drawer.getByRole("region", { name: "收货" }).getByRole("button", { name: "收货", exact: true }).click();
  await drawer.getByText("有差异").first().waitFor();
  assert.equal(await drawer.locator("[data-count=missing]").textContent(), "1");
  await logIn(page, server.base, "manager");
  await page.goto(`${server.base}/app/resources/stock?tab=transfers&transfer=${transfer.id}`);
  await drawer.getByRole("button", { name: "处理差异" }).first().click();
  await look(page, "resources-settle");
  await drawer.getByRole("region", { name: "处理差异" }).getByRole("button", { name: "处理差异" }).click();
  await drawer.getByText("已结清").first().waitFor();
  await page.goto(`${server.base}/app/resources/stock?tab=items&serial=${serials[4]}`);
  await drawer.getByText("遗失").first().waitFor();
  await look(page, "resources-item");
  await page.goto(`${server.base}/app/resources/stock?tab=counts`);
  await page.getByText("还没有盘点记录").waitFor();
  await page.goto(`${server.base}/app/resources/stock?tab=imports`);
  await page.getByTestId("intake-file").setInputFiles({ name: "cards.csv", mimeType: "text/csv", buffer: Buffer.from("iccid,imsi,puk\n898600000000000000,460010000000001,12345678\n") });
  await page.getByText("stock.serial").waitFor();
  await look(page, "resources-intake");
});

test("an address says what can be had, why not, and what else", async () => {
  await logIn(page, server.base, "clerk");
  const all = (await api(page, "/api/v1/addresses?limit=50")).body;
  const reached = (technology) => all.find((a) => a.reachedBy.some((r) => r.technology === technology));
  await page.goto(`${server.base}/app/resources/places`);
  const ask = async (address, speed) => {
    await page.getByLabel("地址", { exact: true }).fill(address);
    await page.getByLabel("需要的速率").fill(speed);
    await page.getByRole("button", { name: "查询", exact: true }).or(page.getByRole("button", { name: "查 询" })).click();
    await page.getByTestId("verdict").waitFor();
    await page.waitForFunction((text) => document.querySelector("[data-testid=verdict] bdi")?.textContent === text, address);
    return page.getByTestId("verdict").getAttribute("data-result");
  };
  const fibre = all.find((a) => a.reachedBy.some((r) => r.technology === "ftth" && r.maxMbps === 2000));
  assert.equal(await ask(fibre.text, "1000"), "qualified");
  await look(page, "resources-qualified");
  assert.equal(await ask(reached("adsl").text, "100"), "alternate");
  await look(page, "resources-alternate");
  assert.equal(await ask("月球基地一号", "100"), "unverified");
  await page.goto(`${server.base}/app/resources/places?tab=addresses`);
  await page.locator("table.data tbody tr").first().waitFor();
  await look(page, "resources-addresses");
  await page.goto(`${server.base}/app/resources/places?tab=sites`);
  await page.getByText("还没有站点").waitFor();
});

test("the pages in English, and nothing that axe or the console minds", async () => {
  const english = await openPage(browser.context, { lang: "en" });
  await english.addInitScript(() => localStorage.setItem("yitai.language", "en"));
  await logIn(english, server.base, "manager");
  for (const [path, name] of [["numbers?tab=pool", "pool"], ["stock", "levels"], ["places?tab=addresses", "addresses"]]) {
    await english.goto(`${server.base}/app/resources/${path}`);
    await english.locator("table.data tbody tr").first().waitFor();
    await look(english, `resources-en-${name}`);
  }
  assert.deepEqual(english.problems, []);
  assert.deepEqual(page.problems, []);
  assert.deepEqual(findings, []);
});
