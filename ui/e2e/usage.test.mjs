// Usage as people work with it: the detail of a number with filters, a file taken in with what it refuses, errors recycled
// and given up, a limit that the law holds.
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

test("a number's detail is asked by number and narrowed by kind and day", async () => {
  for (let n = 0; n < 60 && !number; n++) {
    const tried = await ask(`/usage?number=${19_807_000_000 + n}`);
    if (tried.status === 200 && tried.body.total > 20) number = 19_807_000_000 + n;
  }
  assert.ok(number, "a line of the demonstration has usage");
  await at("/app/usage");
  await page.getByText("输入号码，查看通话、短信和流量清单").waitFor();
  await look(page, "usage-first");
  await page.getByLabel("号码或宽带账号").fill(String(number));
  await page.keyboard.press("Enter");
  await page.getByRole("table", { name: "清单查询" }).waitFor();
  await page.getByText("每日用量").waitFor();
  await look(page, "usage-detail");
  const all = ok(await ask(`/usage?number=${number}`)).total;
  await page.getByRole("button", { name: "流量", exact: true }).last().click();
  const data = ok(await ask(`/usage?number=${number}&kind=data`)).total;
  assert.ok(data < all);
  await page.getByRole("heading", { name: `${data} 条` }).waitFor();
});

test("a file is taken in, its errors wait, are recycled and given up", async () => {
  await at("/app/usage?tab=files");
  await page.getByRole("row", { name: /GZ-MSC01.csv.*完成/ }).waitFor();
  await page.getByRole("button", { name: "导入文件" }).click();
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const rows = ["号码,业务类型,开始时间,时长(分钟),对端号码,流水号", `${number},语音,${day} 01:00:00,2.5,13711112222,E1`, `13911110000,语音,${day} 01:00:00,2.5,13711112222,E2`, `${number},语音,${day} 01:00:00,-1,13711112222,E3`];
  const file = { name: "e2e.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) };
  await page.locator("input[type=file]").setInputFiles(file);
  await look(page, "usage-upload");
  await page.getByRole("dialog").getByRole("button", { name: "导入文件" }).click();
  await page.getByRole("row", { name: /e2e.csv.*完成/ }).waitFor();
  await look(page, "usage-files");
  const done = ok(await ask("/usage/files")).find((f) => f.name === "e2e.csv");
  assert.deepEqual([done.taken, done.suspended, done.refused], [1, 1, 1]);
  // The same file again: the page says which it was.
  await page.getByRole("button", { name: "导入文件" }).click();
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("dialog").getByRole("button", { name: "导入文件" }).click();
  await page.getByRole("dialog").getByText(/e2e.csv.*导入过/).waitFor();
  await look(page, "usage-same-file");
  await page.keyboard.press("Escape");

  await at("/app/usage?tab=pool");
  await page.getByRole("row", { name: /139 1111 0000/ }).waitFor();
  await look(page, "usage-pool");
  await page.getByRole("button", { name: "全部回收" }).click();
  await page.getByText(/尝试 \d+ 条，入库 0 条/).waitFor();
  await page.getByRole("row", { name: /139 1111 0000/ }).getByRole("checkbox").check();
  await page.getByRole("button", { name: /^作\s?废$/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "测试话单" }).click();
  await look(page, "usage-discard");
  await page.getByRole("dialog").getByRole("button", { name: /^作\s?废$/ }).click();
  await page.getByText("已作废 1 条").waitFor();
  await page.getByRole("button", { name: "已作废" }).click();
  await page.getByRole("row", { name: /139 1111 0000.*测试话单/ }).waitFor();
});

test("the law's limit is not gone below", async () => {
  await at("/app/usage?tab=rules");
  await page.getByText("原始话单保留月数").waitFor();
  await look(page, "usage-rules");
  await page.getByRole("button", { name: /修改 原始话单保留月数/ }).click();
  await page.getByRole("dialog").getByLabel("数值").fill("4");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText(/不得低于 5/).waitFor();
  await look(page, "usage-below");
  await page.getByRole("dialog").getByLabel("数值").fill("6");
  await page.keyboard.press("Enter");
  await page.getByText("已保存").waitFor();
});

test("the pages speak English", async () => {
  await at(`/app/usage?number=${number}&lang=en`);
  await page.getByText("Usage by day").waitFor();
  await look(page, "usage-detail-en");
  await at("/app/usage?tab=pool&lang=en");
  await look(page, "usage-pool-en");
  await at("/app/usage?tab=files&lang=en");
  await look(page, "usage-files-en");
});

test("nobody is shut out of these pages", () => assert.deepEqual(findings, []));
