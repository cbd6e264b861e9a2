// The bill run by its page, the one bill with its trace and its print, an adjustment that another person decides.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLOCK, api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page, who;
before(async () => {
  server = await startServer({ clock: CLOCK });
  browser = await startBrowser();
  page = await openPage(browser.context);
  await logIn(page, server.base, "clerk"); // somebody of the clerk's own hall
  const bills = (await api(page, "/tmf-api/customerBillManagement/v4/customerBill?limit=100")).body;
  who = bills.find((b) => b.amountDue.value > 0)?.relatedParty[0].id;
  assert.ok(who, "a customer with a bill");
  await logIn(page, server.base, "admin");
});
after(async () => { await browser?.stop(); await server?.stop(); });

const go = async (path) => { await page.goto(server.base + path); await page.locator(".pagehead").first().waitFor({ timeout: 20_000 }); };

test("the bills of a month are made from the page, and a running month is refused with what to do", async () => {
  await go("/app/billing/runs");
  await page.getByRole("button", { name: "开始出账" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("2026-11");
  await dialog.getByRole("button", { name: "开始出账" }).click();
  await dialog.getByText("账期尚未结束").waitFor();
  await dialog.getByRole("textbox").fill("2026-10");
  await dialog.getByRole("button", { name: "开始出账" }).click();
  await page.getByRole("row", { name: /2026-10.*已完成/ }).waitFor({ timeout: 30_000 });
  await look(page, "bills-01-runs");
});

test("one bill: accounts, products, lines, the trace of a line, and the flag that a print sets", async () => {
  await go(`/app/statements/${who}`);
  await page.getByTestId("statement-total").waitFor();
  await look(page, "bills-02-statement");
  await page.getByRole("button", { name: "逐项追溯" }).first().click();
  await page.getByRole("dialog").getByText("计费依据").waitFor();
  await look(page, "bills-03-trace");
  await page.getByRole("dialog").getByRole("button", { name: "关闭" }).last().click();
  await page.getByText("未打印").waitFor();
  await page.getByRole("button", { name: "打印（置账单标志）" }).click();
  await page.locator(".pagehead").getByText("已打印").waitFor();
  const pdf = await page.request.get(`${server.base}/api/v1/customers/${who}/statement.pdf?lang=en`);
  assert.equal(pdf.headers()["content-type"], "application/pdf");
  assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");
});

test("an adjustment above the clerk's limit is decided by the manager, and stands on the record", async () => {
  const view = (await api(page, `/api/v1/customers/${who}/statement`)).body;
  const other = await startBrowser();
  const clerk = await openPage(other.context);
  await logIn(clerk, server.base, "clerk");
  await clerk.goto(`${server.base}/app/billing/adjustments?ask=${who}`);
  const dialog = clerk.getByRole("dialog");
  await dialog.getByText(view.customerName).first().waitFor();
  await dialog.getByLabel("金额").fill("60");
  await dialog.getByText("超出您的权限").waitFor();
  await dialog.getByLabel("说明").fill("宽带中断三天的补偿");
  await look(clerk, "bills-04-ask");
  await dialog.getByRole("button", { name: "提交" }).click();
  await clerk.getByRole("row", { name: /宽带中断.*待审批/ }).waitFor();
  await go("/app/billing/adjustments?state=requested");
  await page.getByRole("row", { name: /宽带中断/ }).getByRole("button", { name: "同意" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("情况属实");
  await page.getByRole("dialog").getByRole("button", { name: "同意" }).click();
  await go("/app/billing/adjustments?state=applied");
  await page.getByRole("row", { name: /宽带中断.*已生效/ }).waitFor();
  await look(page, "bills-05-adjusted");
  await other.stop();
});

test("nothing on these pages is out of reach", () => assert.deepEqual(findings, []));
