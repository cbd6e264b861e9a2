// Real name and identification as people do them: a certificate verified by reader and by hand, a customer blacklisted and
// freed, a file taken in and matched, doubts decided by keyboard, two customers merged and taken apart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page;
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

test("a certificate is verified at the counter", async () => {
  await at("/app/realname");
  await page.getByRole("button", { name: "读卡器" }).click();
  await page.getByRole("button", { name: "核验", exact: true }).click();
  await page.getByText("核验通过").waitFor();
  await page.getByText("上限 5 个").waitFor();
  await look(page, "realname-reader");
  await page.getByRole("button", { name: "人工录入" }).click();
  await page.getByLabel("证件号码").fill("110105194912310021");
  await page.getByLabel("姓名", { exact: true }).fill("张伟");
  await page.keyboard.press("Enter");
  await page.getByText("校验位不符").waitFor();
  await look(page, "realname-refused");
});

test("a customer is blacklisted and freed", async () => {
  const first = ok(await ask("/customers?limit=1"))[0];
  await at("/app/realname?tab=marks");
  await page.getByRole("button", { name: "登记" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "客户" }).fill(first.customerNo);
  await page.locator("[role=option]").first().click();
  await page.getByRole("dialog").getByLabel("原因").fill("公安机关通报涉诈");
  await page.getByRole("dialog").getByRole("button", { name: "登记" }).click();
  await page.getByRole("row", { name: /公安机关通报涉诈/ }).waitFor();
  await look(page, "realname-blacklist");
  assert.equal(ok(await ask(`/customers/${first.id}/standings`)).refused, "公安机关通报涉诈");
  await page.getByRole("button", { name: "解除" }).click();
  await page.getByRole("dialog").getByLabel("原因").fill("已核实");
  await page.getByRole("dialog").getByRole("button", { name: "解除" }).click();
  await page.getByText("没有登记的客户").waitFor();
});

test("a file is taken in, matched, and doubts are decided by keyboard", async () => {
  await at("/app/identity");
  await page.getByRole("button", { name: "导入文件" }).click();
  await page.getByRole("dialog").getByLabel("来源系统").selectOption("10000");
  const rows = ["联系人编号,联系人姓名,联系电话,联系地址", "C1,欧阳某某,13700001111,广州市天河区天河路9号", "C2,欧阳某某,13700001111,", "C3,,13700001112,"];
  await page.locator("input[type=file]").setInputFiles({ name: "10000.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await page.getByRole("dialog").getByRole("button", { name: "导入文件" }).click();
  await page.getByRole("row", { name: /10000.csv.*完成/ }).waitFor();
  await look(page, "identity-files");
  await page.getByRole("tab", { name: "匹配" }).click();
  await page.getByRole("button", { name: "开始匹配" }).click();
  await page.getByText("匹配已开始").waitFor();
  await page.getByRole("button", { name: "开始匹配" }).waitFor();
  await page.mouse.move(700, 700); // off the button: its hovered colour is the theme's, not the page's
  await page.waitForTimeout(400);
  await look(page, "identity-runs");
  await at("/app/identity/review");
  await page.getByText(/待审 \d+ 对/).waitFor();
  const left = async () => Number(/待审 (\d+) 对/.exec(await page.locator(".pagehead").innerText())[1]);
  const many = await left();
  assert.ok(many >= 2, `only ${many} doubts`);
  await look(page, "identity-review");
  await page.keyboard.press("a");
  await page.getByText(`待审 ${many - 1} 对`).waitFor();
  await page.keyboard.press("r");
  await page.getByText(`待审 ${many - 2} 对`).waitFor();
  await at("/app/identity?tab=codes&q=C1");
  await page.getByRole("row", { name: /欧阳某某/ }).click();
  await page.getByRole("dialog").getByText("10000 号").first().waitFor();
  await look(page, "identity-code");
});

test("two customers are merged and taken apart", async () => {
  const make = async (name, phone) => ok(await ask("/customers", { method: "POST", body: { kind: "individual", name, phone } }));
  const [a, b] = [await make("周瑾甲", "13711110001"), await make("周瑾乙", "13711110002")];
  await at("/app/identity?tab=merges&merge=new");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("并入（将关闭）").fill("13711110001");
  await page.locator("[role=option]").first().click();
  await dialog.getByLabel("保留（存续客户）").fill("13711110002");
  await page.locator("[role=option]").first().click();
  await dialog.getByText("将要移动").waitFor();
  await look(page, "identity-merge");
  await dialog.getByRole("button", { name: "合并", exact: true }).click();
  await page.getByRole("button", { name: "同一客户重复建档" }).click();
  await page.getByRole("dialog").last().getByRole("button", { name: "合并", exact: true }).click();
  await page.getByRole("row", { name: /周瑾甲.*已合并/ }).waitFor();
  const found = ok(await ask("/find?q=13711110001")).customers.map((c) => c.id);
  assert.deepEqual(found, [b.id]);
  await page.getByRole("button", { name: "拆分" }).click();
  await page.getByRole("button", { name: "误合并" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "拆分" }).click();
  await page.getByRole("row", { name: /周瑾甲.*已拆分/ }).waitFor();
  await look(page, "identity-merges");
  assert.deepEqual(ok(await ask("/find?q=13711110001")).customers.map((c) => c.id), [a.id]);
});

test("nothing serious was found on the way", () => {
  assert.deepEqual(findings, []);
  assert.deepEqual(page.problems, []);
});
