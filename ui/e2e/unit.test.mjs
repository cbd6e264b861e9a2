// Unit accounts and points: a manager opens one for an organisation, takes cards in, allocates and collects, reports a loss; a
// clerk lets a customer join the points programme and gives a gift.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
});
after(async () => { await browser?.stop(); await server?.stop(); });
const dialog = () => page.locator(".ant-modal").last();

test("a unit account in the demonstration: where the money is, members, statements, figures", async () => {
  await logIn(page, server.base, "manager");
  await page.goto(`${server.base}/app/units`);
  await page.locator("table.data tbody tr").first().waitFor();
  await look(page, "units");
  await page.locator("table.data tbody tr").first().click();
  await page.getByText("成员备付金").waitFor();
  await page.getByText("周建国").waitFor();
  await look(page, "unit-members");
  for (const [tab, text, name] of [["账户交易", "期初余额", "unit-statement"], ["消费交易", "共 12 笔", "unit-spent"], ["统计", "成员消费排名", "unit-figures"], ["积分", "积分余额", "unit-points"], ["车队与司机", "一车队", "unit-fleet"], ["按月分配", "每月补足定额", "unit-rules"], ["资料与密码", "单位密码", "unit-own"]]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByText(text).first().waitFor();
    await look(page, name);
  }
});

test("money is allocated up to the quota and collected again, and cannot be handed out twice", async () => {
  await page.getByRole("tab", { name: "分配与汇总" }).click();
  await page.locator("table.data tbody input[type=checkbox]").first().waitFor();
  await page.getByRole("button", { name: "补足到定额" }).click();
  await page.getByLabel("全部成员", { exact: true }).check();
  await look(page, "unit-allocate");
  await page.getByRole("button", { name: "确认分配" }).click();
  await page.getByText(/成功 \d+ 个/).waitFor();
  await page.getByRole("button", { name: "按金额" }).click();
  await page.getByLabel(/金额（元） YT/).first().fill("9999999");
  await page.getByText(/超过单位余额/).waitFor();
  assert.ok(await page.getByRole("button", { name: "确认分配" }).isDisabled());
  await page.getByRole("button", { name: "汇总", exact: true }).click();
  await page.locator("table.data tbody input[type=checkbox]").first().check();
  await page.getByRole("button", { name: "确认汇总" }).click();
  await page.getByText(/成功 1 个/).waitFor();
  await look(page, "unit-collected");
});

test("a file does its good rows and shows the others", async () => {
  await page.getByRole("button", { name: "分配", exact: true }).click();
  await page.getByRole("button", { name: "按文件" }).click();
  const unit = page.url().match(/units\/([^?]+)/)[1];
  const [first, second] = (await api(page, `/api/v1/unit-accounts/${unit}/members`)).body.filter((m) => m.state === "active");
  await page.locator("input[type=file]").setInputFiles({ name: "分配.csv", mimeType: "text/csv", buffer: Buffer.from(`号码,金额\n${first.identifier},5\nYT99999999,5\n${second.identifier},很多\n`) });
  await page.getByText("3 行").waitFor();
  await page.getByRole("button", { name: "确认分配" }).click();
  await page.getByText("2 行未执行").waitFor();
  await look(page, "unit-file");
});

test("a loss stops spending at once, and is lifted", async () => {
  await page.getByRole("tab", { name: /^成员/ }).click();
  await page.getByText("吴海").click();
  await dialog().getByRole("button", { name: "挂失" }).click();
  await dialog().getByRole("button", { name: "卡片遗失" }).click();
  await dialog().getByRole("button", { name: "挂失" }).last().click();
  await page.getByText("已挂失，消费已停止").waitFor();
  await page.getByRole("button", { name: "解挂" }).waitFor();
  await look(page, "unit-lost");
  const unit = page.url().match(/units\/([^?]+)/)[1];
  const member = (await api(page, `/api/v1/unit-accounts/${unit}/members`)).body.find((m) => m.name === "吴海");
  const spent = await api(page, `/api/v1/unit-accounts/${unit}/members/${member.id}/consumptions`, { method: "POST", body: JSON.stringify({ amountFen: 100, reference: "e2e-1" }) });
  assert.equal(spent.body.code, "unit.member_lost");
});

test("a customer joins the points programme, gets points and a gift", async () => {
  await logIn(page, server.base, "cityadmin");
  const customers = (await api(page, "/api/v1/customers?kind=individual&limit=100")).body;
  let found = null;
  for (const c of customers) {
    const points = await api(page, `/api/v1/customers/${c.id}/points`);
    if (points.status === 200 && points.body.member === null) { found = c; break; }
  }
  assert.ok(found, "somebody who has not joined");
  await page.goto(`${server.base}/app/customers/${found.id}?tab=points`);
  await page.getByRole("button", { name: "办理入会" }).click();
  await page.getByText("积分余额").waitFor();
  await page.getByRole("button", { name: "调整" }).click();
  await dialog().getByLabel(/积分（减少填负数）/).fill("2000");
  await dialog().getByLabel("原因").fill("入会赠送");
  await dialog().getByRole("button", { name: "调整" }).click();
  await page.getByText("2,000").first().waitFor();
  await page.getByRole("button", { name: "兑换礼品" }).click();
  await dialog().getByText("晴雨伞").click();
  await look(page, "points-gift");
  await dialog().getByRole("button", { name: "兑换礼品" }).click();
  await page.getByText("已兑换 晴雨伞").waitFor();
  await page.getByText("500", { exact: true }).first().waitFor();
  await look(page, "points-customer");
  await page.goto(`${server.base}/app/points`);
  await page.getByText("未用积分").first().waitFor();
  await look(page, "points-figures");
  for (const [tab, name] of [["礼品", "points-gifts"], ["积分规则", "points-rules"], ["参数", "points-settings"]]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.locator("table.data tbody tr").first().waitFor();
    await look(page, name);
  }
});

test("nothing was wrong with the pages", () => { assert.deepEqual(page.problems, []); assert.deepEqual(findings, []); });
