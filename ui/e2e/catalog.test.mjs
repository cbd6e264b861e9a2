// A marketer launches a bundle over four product lines without a programmer; somebody else approves it; it is on sale at
// once, a change of it waits for its day, and the law is kept by the catalogue itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, look, LOGINS, logIn, openPage, startBrowser, startServer } from "./harness.mjs";

Object.assign(LOGINS, { marketer: "demo-Marketer-1", approver: "demo-Approver-1" });

let server, browser, page;
before(async () => {
  [server, browser] = await Promise.all([startServer({ customers: 60 }), startBrowser()]);
  browser.context.setDefaultTimeout(15_000);
  page = await openPage(browser.context);
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

const NAME = "幸福全家三合一 188元";
const next = () => page.keyboard.press("F8");
const saved = () => page.locator("[data-testid=save-state][data-state=clean]").waitFor();
const add = async (name) => {
  const field = page.locator(".lsec").first().getByRole("combobox");
  await field.fill(name);
  await page.locator(".suggest-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator("table.lparts tr", { hasText: name }).waitFor();
};
const how = (part, value) => page.locator("table.lparts tr", { hasText: part }).locator("select").selectOption(value);

test("a marketer designs and submits a bundle on the page", async () => {
  const began = Date.now();
  await logIn(page, server.base, "marketer");
  await page.goto(`${server.base}/app/launches`);
  await page.getByText("还没有上市单").waitFor();
  await look(page, "launches-empty");
  await page.keyboard.press("F2");
  await page.getByLabel("商品名称").fill(NAME);
  await page.getByLabel("说明（客户可见）").fill("手机、千兆宽带与电视，另从四款内容中任选两款");
  await page.getByLabel("成员共享套内用量").check();
  await page.getByLabel("流量 (MB)").fill("81920");
  await page.getByLabel("宽带 (Mbps)").fill("1000");
  await look(page, "launch-what");
  await next();
  for (const part of ["套内移动电话", "套内宽带", "套内电视", "套内副卡"]) await page.getByRole("button", { name: part, exact: false }).first().click();
  await how("套内副卡", "optional"); // a second card is no must
  for (const pack of ["影视会员包", "音乐会员包", "云游戏包", "体育赛事包"]) await add(pack);
  await page.getByRole("button", { name: "新建任选组" }).click();
  await page.getByLabel("任选组名称").fill("内容任选");
  const group = page.locator(".lgroup");
  await group.locator("input").nth(1).fill("2");
  await group.locator("input").nth(2).fill("2");
  for (const pack of ["影视会员包", "音乐会员包", "云游戏包", "体育赛事包"]) await how(pack, "g1");
  await page.getByText("默认选择不在允许范围内").first().waitFor(); // four packs, two to pick, none proposed
  for (const pack of ["影视会员包", "音乐会员包"]) await page.getByLabel(`默认 ${pack}`).check();
  await page.getByText("默认选择不在允许范围内").first().waitFor({ state: "detached" });
  await look(page, "launch-parts");
  await next();
  await page.locator(".lline").first().getByLabel("金额（元）").fill("188");
  await page.getByRole("button", { name: "添加价格" }).click();
  await page.locator(".lline").nth(1).getByLabel("名称").fill("装机调测费");
  await page.locator(".lline").nth(1).getByLabel("金额（元）").fill("100");
  await page.getByRole("button", { name: "添加优惠" }).click();
  await page.getByLabel("优惠名称").fill("前半年九折");
  await page.getByLabel("持续月数").fill("6");
  await look(page, "launch-prices");
  await next();
  await page.getByLabel("个人").check();
  await page.getByLabel("每客户最多").fill("2");
  await look(page, "launch-audience");
  await next();
  await page.getByRole("button", { name: "有合约期" }).click();
  await page.locator("textarea").fill("合约期内提前终止，按剩余月费的 30% 支付违约金。");
  await look(page, "launch-contract");
  await next();
  await saved();
  await page.getByText("没有发现问题").waitFor();
  await look(page, "launch-check");
  await page.keyboard.press("F8");
  await page.getByText("不能审批自己设计的商品").waitFor();
  await look(page, "launch-submitted");
  assert.ok(Date.now() - began < 600_000, "within ten minutes");
  const rows = await api(page, "/api/v1/catalog/launches?state=submitted");
  assert.deepEqual(rows.body.map((r) => r.name), [NAME]);
  // Nobody approves what they designed, whatever the page shows.
  const own = await api(page, `/api/v1/catalog/launches/${rows.body[0].id}/approve`, { method: "POST", body: "{}" });
  assert.equal(own.status, 403);
  const offers = await api(page, `/api/v1/catalog/offerings?q=${encodeURIComponent("幸福全家")}`);
  assert.equal(offers.body.length, 0, "nothing is on sale before somebody approved it");
});

test("another person approves, and it is on sale at once", async () => {
  await logIn(page, server.base, "approver");
  await page.goto(`${server.base}/app/launches?state=submitted`);
  await page.getByText(NAME).first().click();
  await page.getByTestId("approve-launch").waitFor();
  await look(page, "launch-approve");
  await page.getByTestId("approve-launch").click();
  await page.getByText("已上市，立即可以受理").waitFor();
  await page.getByRole("link", { name: "查看商品" }).click();
  await page.locator(".ant-drawer").getByText("内容任选：选 2 项").waitFor();
  await look(page, "launch-offering");
});

test("the clerk's list of offers shows it, with what may be picked", async () => {
  await logIn(page, server.base, "clerk");
  const customers = await api(page, "/api/v1/customers?q=%E7%8E%8B&limit=1");
  const someone = customers.body[0] ?? (await api(page, "/api/v1/customers?limit=1")).body[0];
  await page.goto(`${server.base}/app/sell/${someone.id}`);
  await page.getByRole("combobox").or(page.locator(".filters input")).first().fill("幸福全家");
  await page.locator(".offer", { hasText: NAME }).waitFor();
  await look(page, "launch-in-sale");
  const [offer] = (await api(page, `/api/v1/catalog/offerings?sellable=true&q=${encodeURIComponent("幸福全家")}`)).body;
  assert.equal(offer.priceFen, 18800);
  const full = (await api(page, `/api/v1/catalog/offerings/${offer.id}`)).body;
  assert.equal(full.groups[0].min, 2);
  assert.deepEqual(full.eligibility.areas, ["/cn/44"], "a province sells at home");
  assert.equal(full.decomposition.length, 5, "telephone, broadband, television and two packs");
});

test("a change for a later day shows what differs and waits", async () => {
  await logIn(page, server.base, "marketer");
  const [offer] = (await api(page, `/api/v1/catalog/offerings?q=${encodeURIComponent("幸福全家")}`)).body;
  await page.goto(`${server.base}/app/launches/new?change=${offer.id}`);
  await page.getByRole("button", { name: "价格与优惠" }).click();
  await page.locator(".lline").first().getByLabel("金额（元）").fill("178");
  await page.getByRole("button", { name: "合约与条款" }).click();
  await page.locator("input[type=date]").fill("2030-01-01");
  await page.getByRole("button", { name: "检查与提交" }).click();
  await saved();
  await page.getByTestId("submit-launch").click();
  await page.getByText("与现行版本的差异").waitFor();
  await page.getByText("¥178.00").first().waitFor();
  await look(page, "launch-change");
  const [row] = (await api(page, "/api/v1/catalog/launches?state=submitted")).body;
  await logIn(page, server.base, "approver");
  await page.goto(`${server.base}/app/launches/${row.id}`);
  await page.getByTestId("approve-launch").click();
  await page.getByText("已批准，待生效").first().waitFor();
  const still = (await api(page, `/api/v1/catalog/offerings/${offer.id}`)).body;
  assert.equal(still.priceFen, 18800, "its day has not come");
});

test("discount limits and the catalogue of all lines", async () => {
  await logIn(page, server.base, "approver");
  await page.goto(`${server.base}/app/discounts`);
  await page.getByRole("cell", { name: "营业员" }).waitFor();
  await look(page, "discounts");
  await page.goto(`${server.base}/app/catalog?id=of-triple-199`);
  await page.locator(".ant-drawer").getByText("内容任选：选 2 项").waitFor();
  await look(page, "catalog-triple");
  assert.deepEqual(findings, []);
  assert.deepEqual(page.problems, []);
});
