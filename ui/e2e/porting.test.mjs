// Number portability on the pages: eligibility with every reason, the code, a number that comes in and one that leaves.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

const THEIRS = "18600001111";
let server, browser, page, person;
before(async () => {
  server = await startServer({ customers: 120 });
  browser = await startBrowser();
  page = await openPage(browser.context);
  await logIn(page, server.base, "admin");
});
after(async () => { await browser?.stop(); await server?.stop(); });

test("a number comes in through the central system", async () => {
  const made = await api(page, "/api/v1/customers", { method: "POST", headers: { "Idempotency-Key": "e2e-port" }, body: JSON.stringify({ kind: "individual", name: "陈携入", certificateType: "idCard", certificate: "11010519491231002X", phone: "13911112222", org: "/cn/44/4401/h001" }) });
  assert.ok([200, 201].includes(made.status), JSON.stringify(made.body));
  person = made.body.id ?? made.body.customer?.id;
  await page.goto(`${server.base}/app/porting?tab=centre`);
  await page.getByRole("heading", { name: "登记他网用户与授权码" }).waitFor();
  const form = page.locator("section", { has: page.getByRole("heading", { name: "登记他网用户与授权码" }) }).last();
  await form.getByLabel("号码", { exact: true }).fill(THEIRS);
  await form.getByLabel("机主姓名").fill("陈携入");
  await form.getByLabel("证件号码").fill("11010519491231002X");
  await form.getByLabel("授权码").fill("654321");
  await page.keyboard.press("Enter");
  await page.getByText("已登记").waitFor();
  await look(page, "porting-1-centre");
  const order = await api(page, "/tmf-api/productOrderingManagement/v4/productOrder", {
    method: "POST", headers: { "Idempotency-Key": "e2e-port-order" },
    body: JSON.stringify({ relatedParty: [{ id: person, role: "customer", "@referredType": "Customer" }], productOrderItem: [{ id: "1", action: "add", quantity: 1, productOffering: { id: "of-mobile-59" }, product: { productCharacteristic: [{ name: "number", value: THEIRS }, { name: "portInCode", value: "654321" }] } }] }),
  });
  assert.equal(order.status, 201, JSON.stringify(order.body));
  await page.goto(`${server.base}/app/porting`);
  await page.getByText("已同意，待生效").waitFor({ timeout: 40_000 });
  await look(page, "porting-2-in");
  await page.getByRole("button", { name: "186 0000 1111" }).click();
  await page.getByRole("heading", { name: "集中系统消息" }).waitFor();
  await look(page, "porting-3-detail");
  await page.keyboard.press("Escape");
});

test("every reason against leaving is told at once, in both languages", async () => {
  const products = await api(page, "/tmf-api/productInventory/v4/product?status=active&limit=200");
  const line = products.body.find((p) => p.family === "mobile" && p.productCharacteristic?.some((c) => c.name === "number"));
  const number = line.productCharacteristic.find((c) => c.name === "number").value;
  await page.goto(`${server.base}/app/porting?tab=codes`);
  await page.getByLabel("号码", { exact: true }).fill(number);
  await page.getByLabel("机主姓名").fill("别人");
  await page.getByLabel("证件号码").fill("440524188001010014");
  await page.keyboard.press("Enter");
  await page.getByText("暂不符合携出条件").waitFor();
  await page.getByText("姓名或证件号码与登记机主不一致").waitFor();
  await look(page, "porting-4-reasons");
  await page.goto(`${server.base}/app/porting?tab=rules`);
  await page.getByText("禁止行为").first().waitFor();
  await look(page, "porting-5-rules");
  await page.evaluate(() => localStorage.setItem("yitai.language", "en"));
  await page.goto(`${server.base}/app/porting?tab=rules`);
  await page.getByRole("heading", { name: "Conditions" }).waitFor();
  await page.goto(`${server.base}/app/porting?tab=out`);
  await page.getByText("Nothing has been ported out").waitFor();
  await look(page, "porting-6-en-out");
  assert.deepEqual(page.problems, []);
});

test("nothing serious for people who cannot see or point", () => assert.deepEqual(findings, []));
