// Behind the counter: a shift is counted and locked, a hall's day is audited against its slips, banks and cards, and the figures.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser;
const PASSWORDS = { auditor: "demo-Auditor-1", biller: "demo-Biller-1" };
async function enter(page, who) {
  if (!PASSWORDS[who]) return logIn(page, server.base, who);
  await page.context().clearCookies();
  await page.goto(`${server.base}/login`);
  await page.locator("input[autocomplete=username]").fill(who);
  await page.locator("input[autocomplete=current-password]").fill(PASSWORDS[who]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/app/);
  return page.locator(".topbar").waitFor();
}
before(async () => {
  server = await startServer({ customers: 120 });
  browser = await startBrowser();
});
after(async () => { await browser?.stop(); await server?.stop(); });

test("a cashier counts the drawer without a mouse and it is locked", async () => {
  const page = await openPage(browser.context);
  await enter(page, "clerk");
  await api(page, "/api/v1/counter/shift/open", { method: "POST", body: JSON.stringify({ floatFen: 20_000 }) });
  const found = await api(page, "/api/v1/customers?limit=1");
  const id = (found.body[0]?.id ?? found.body.rows?.[0]?.id);
  await api(page, "/api/v1/counter/payments", { method: "POST", body: JSON.stringify({ customerId: id, amountFen: 12_345, method: "cash" }) });
  await page.goto(`${server.base}/app/counter/shift`);
  const counted = page.getByLabel("实点 现金");
  await counted.waitFor();
  await look(page, "cashier-1-shift");
  await counted.focus();
  await page.keyboard.type("323.00");
  await page.getByText("短款 ¥0.45").waitFor();
  const close = page.getByRole("button", { name: "轧账并锁定" });
  assert.equal(await close.isDisabled(), true, "a difference without a reason does not close");
  await page.getByLabel("差异原因").focus();
  await page.keyboard.type("零钱不足");
  await look(page, "cashier-2-short");
  await close.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "开班" }).waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("a hall's auditor enters slips until they come to what the drawers hold", async () => {
  const page = await openPage(browser.context);
  await enter(page, "auditor");
  await page.keyboard.press("g");
  await page.keyboard.press("0");
  await page.waitForURL(/\/app\/cashier/);
  await page.getByText("待营业厅稽核").nth(1).waitFor();
  await look(page, "cashier-3-sheets");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/app\/cashier\/sheets\//);
  await page.getByText("现在不能通过").waitFor();
  const code = await page.locator(".code").innerText();
  await page.getByLabel("银行网点").fill("工商银行天河支行");
  await page.getByLabel("凭证号").fill("20261123-01");
  await page.getByRole("textbox", { name: "稽核码" }).fill(code);
  await page.getByLabel("送款人").fill("李娜");
  await page.getByLabel("陪同人").fill("王志强");
  await page.getByLabel("凭证号").press("Enter");
  await page.getByText("缴款单已录入").waitFor();
  await page.getByRole("button", { name: "其余相符项全部无误" }).click();
  await page.getByText("已核对").first().waitFor();
  await look(page, "cashier-4-sheet");
  for (const [tab, name] of [["watch", "cashier-5-watch"], ["cash", "cashier-6-cash"], ["money", "cashier-7-money"]]) {
    await page.goto(`${server.base}/app/cashier?tab=${tab}`);
    await page.getByText("天河路营业厅").nth(1).waitFor();
    await look(page, name);
  }
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("a file for the bank goes out, its answer comes in once", async () => {
  const page = await openPage(browser.context);
  await enter(page, "biller");
  await page.goto(`${server.base}/app/collection`);
  await page.getByText("待送盘").first().waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "GBK" }).first().click()]);
  const no = file.suggestedFilename().replace(".txt", "");
  await page.getByText("已送盘").first().waitFor();
  // A button under the pointer is on its way to another colour.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  await look(page, "cashier-8-batches");
  const batches = await api(page, "/api/v1/collection/batches");
  const items = await api(page, `/api/v1/collection/batches/${batches.body[0].id}/items`);
  const lines = items.body.map((i, n) => `D|${i.seq}|${n === 0 ? "1001" : "0000"}|${n === 0 ? 0 : i.amountFen}|B${i.seq}`);
  const total = items.body.slice(1).reduce((n, i) => n + i.amountFen, 0);
  const answer = `H|YT02|${no}|102|20261123|${lines.length}|${total}|R1\r\n${lines.join("\r\n")}\r\nT|${lines.length}|${total}\r\n`;
  await page.goto(`${server.base}/app/collection?tab=results`);
  await page.getByText("还没有回盘").waitFor();
  const upload = () => page.setInputFiles("input[type=file]", { name: "answer.txt", mimeType: "text/plain", buffer: Buffer.from(answer) });
  await upload();
  await page.getByText("已完成").first().waitFor();
  await look(page, "cashier-9-results");
  await upload();
  await page.getByText("同一文件只处理一次").waitFor();
  await page.goto(`${server.base}/app/collection?tab=agreements`);
  await page.getByText("有效").first().waitFor();
  await look(page, "cashier-10-agreements");
  await page.goto(`${server.base}/app/recharge-cards?tab=batches`);
  await page.getByText("未激活").first().waitFor();
  await page.getByRole("button", { name: "激活" }).first().click();
  await page.getByText("已入库待售").click();
  await page.getByRole("dialog").getByRole("button", { name: "激活" }).click();
  await page.getByText("可用").first().waitFor();
  await look(page, "cashier-11-cards");
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("revenue, arrears and balances with their definitions, in both languages", async () => {
  for (const [lang, revenue, arrears] of [["zh-CN", "出账收入", "账龄分布"], ["en", "Billed revenue by month", "By age"]]) {
    const page = await openPage(browser.context, { lang });
    await page.addInitScript((id) => localStorage.setItem("yitai.language", id), lang);
    await enter(page, "biller");
    await page.goto(`${server.base}/app/figures`);
    await page.getByText(revenue).first().waitFor();
    assert.match(await page.locator(".def", { hasText: "ARPU" }).first().getAttribute("title"), /ARPU/);
    await look(page, `figures-1-revenue-${lang}`);
    await page.goto(`${server.base}/app/figures?tab=arrears`);
    await page.getByText(arrears).first().waitFor();
    await look(page, `figures-2-arrears-${lang}`);
    await page.goto(`${server.base}/app/figures?tab=balances`);
    await page.locator(".tiles").waitFor();
    await look(page, `figures-3-balances-${lang}`);
    assert.deepEqual(page.problems, []);
    await page.close();
  }
});

test("nothing serious for people who cannot see or point", () => assert.deepEqual(findings, []));
