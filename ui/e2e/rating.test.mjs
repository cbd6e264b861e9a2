// Rating as people work with it: what a number has left and why it pays what it pays, a plan designed in the form, tried on
// the bench, put into force by somebody else, and the tables with their sources.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, number;
before(async () => {
  server = await startServer({ customers: 60 });
  browser = await startBrowser();
  page = await openPage(browser.context);
  await logIn(page, server.base, "admin");
});
after(async () => { await browser?.stop(); await server?.stop(); });

const at = (path) => page.goto(`${server.base}${path}`);
const ok = (answer) => { assert.ok(answer.status < 300, JSON.stringify(answer)); return answer.body; };
const ask = (path, options = {}) => api(page, `/api/v1${path}`, options.body ? { ...options, body: JSON.stringify(options.body) } : options);

test("a number shows what it has left and each figure says why", async () => {
  for (let n = 0; n < 60 && !number; n++) {
    const tried = await ask(`/rating/balance?number=${19_807_000_000 + n}`);
    if (tried.status === 200 && tried.body.lines.some((l) => l.ruleId === "call")) number = 19_807_000_000 + n;
  }
  assert.ok(number, "a line of the demonstration has used its telephone");
  await at("/app/rating");
  await page.getByText("输入号码，查看套餐余量和本账期费用").waitFor();
  await page.getByLabel("号码").fill(String(number));
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: /国内通话: 剩余/ }).waitFor();
  await look(page, "rating-balance");
  await page.getByRole("row", { name: /国内通话/ }).getByRole("button", { name: "为什么" }).click();
  await page.getByRole("heading", { name: "国内通话：逐条计费" }).waitFor();
  await page.getByRole("table", { name: "计费步骤" }).getByText(/国内通话 扣/).first().waitFor();
  const steps = ok(await ask(`/rating/trace?number=${number}&rule=call`));
  const line = ok(await ask(`/rating/balance?number=${number}`)).lines.find((l) => l.ruleId === "call");
  assert.equal(Math.round(steps.reduce((sum, s) => sum + s.amountMilliFen, 0) / 1000), line.amountFen);
  await look(page, "rating-trace");
});

test("a plan is designed in the form, tried on the bench, saved, and put into force by another", async () => {
  await at("/app/rating/plans/new");
  await page.getByLabel("编号").fill("night-owl");
  const basics = page.locator(".panel", { has: page.getByRole("heading", { name: "基本信息" }) });
  await basics.getByLabel("名称", { exact: true }).fill("夜猫套餐");
  const rule = page.locator(".rating-card").first();
  await rule.getByLabel("名称", { exact: true }).fill("国内通话");
  await page.getByRole("button", { name: "计算" }).click();
  await page.getByText("2 次，").or(page.getByText("1 次，共 1 分 1 秒；计费 2 单位")).first().waitFor();
  await look(page, "rating-bench");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("草稿", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await page.getByText("启用须由编制人之外的人员办理").waitFor();
  const plan = ok(await ask("/rating/plans/night-owl"));
  assert.deepEqual([plan.versions.length, plan.versions[0].state, plan.versions[0].plan.rules[0].tiers[0].priceMilliFen], [1, "draft", 15_000]);
  await look(page, "rating-plan");
});

test("tables say where each row comes from", async () => {
  await at("/app/rating?tab=tables&table=free");
  await page.getByText("匪警").waitFor();
  await page.getByText("《中华人民共和国电信条例》第三十六条：公益性电话免费").first().waitFor();
  await look(page, "rating-tables");
  await at("/app/rating?tab=plans");
  await page.getByText("由商品生成").first().waitFor();
  await look(page, "rating-plans");
});

test("nothing went wrong on the pages, and they can be used by everybody", () => {
  assert.deepEqual(findings, []);
  assert.deepEqual(page.problems, []);
});
