// The hotline and the queue of a hall, from the keyboard: a caller is verified before anything is told, a visitor is called live.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, person;
before(async () => {
  server = await startServer({ customers: 120 });
  browser = await startBrowser();
  const page = await openPage(browser.context);
  await logIn(page, server.base, "admin");
  // Somebody with a line, whose certificate the administrator may see.
  const products = await api(page, "/tmf-api/productInventory/v4/product?status=active&limit=200");
  for (const product of products.body) {
    const number = product.productCharacteristic?.find((c) => c.name === "number")?.value;
    const id = product.relatedParty?.[0]?.id;
    if (!number || product.family !== "mobile" || !id) continue;
    const view = await api(page, `/api/v1/customers/${id}/view`);
    const org = JSON.stringify(view.body);
    if (!/\/cn\/44\//.test(org)) continue;
    const shown = await api(page, `/api/v1/customers/${id}/reveal?field=certificate&reason=e2e`);
    const certificate = shown.body?.value ?? shown.body?.certificate ?? "";
    if (certificate.length < 8) continue;
    person = { id, number, certificate, name: view.body.customer?.name ?? view.body.summary?.name ?? "" };
    break;
  }
  await page.close();
});
after(async () => { await browser?.stop(); await server?.stop(); });

test("an agent verifies a caller and answers without a mouse", async () => {
  assert.ok(person, "the demonstration has a customer with a line in the agent's province");
  const page = await openPage(browser.context);
  await logIn(page, server.base, "agent");
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL(/\/app\/hotline/);
  await page.getByText("没有进行中的来电").waitFor();
  await look(page, "hotline-1-idle");
  await page.keyboard.type(person.number);
  await page.keyboard.press("Enter");
  await page.locator("[data-match]").first().waitFor();
  const shown = await page.locator("[data-match]").first().innerText();
  assert.ok(shown.includes("*"), `masked before verification: ${shown}`);
  await page.waitForTimeout(200);
  await page.keyboard.press("Enter");
  await page.getByText("核验通过前只显示部分信息").waitFor();
  await page.getByLabel("来电人的回答").waitFor();
  await page.waitForTimeout(200);
  await page.keyboard.press("F4");
  await page.keyboard.type("0000");
  await page.keyboard.press("Enter");
  await page.getByText("核验未通过").waitFor();
  await look(page, "hotline-2-wrong");
  await page.keyboard.press("F4");
  await page.keyboard.type(person.certificate.slice(-4));
  await page.keyboard.press("Enter");
  await page.getByText("基本核验").waitFor();
  await page.keyboard.press("1");
  await page.locator(".answer").getByText("账户余额").waitFor();
  await page.keyboard.press("9");
  await page.getByText("来电人未通过核验").waitFor();
  await page.keyboard.press("]");
  await look(page, "hotline-3-verified");
  await page.keyboard.press("F8");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("问余额");
  await page.keyboard.press("Control+Enter");
  await page.getByText("没有进行中的来电").waitFor();
  await page.locator(".callrows").getByText("问余额").waitFor();
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("a ticket is taken, called and shown live on the board", async () => {
  const machine = await openPage(browser.context);
  await logIn(machine, server.base, "kiosk");
  await machine.goto(`${server.base}/kiosk`);
  await machine.getByRole("heading", { name: /欢迎光临/ }).waitFor();
  await look(machine, "queue-1-kiosk");
  await machine.getByRole("button", { name: "老年人" }).focus();
  await machine.keyboard.press("Enter");
  await machine.keyboard.press("1");
  await machine.locator(".ticket b", { hasText: "A001" }).waitFor();
  await look(machine, "queue-2-ticket");
  await machine.keyboard.press("Enter");
  // The board and the counter belong to two people: their sessions are kept apart.
  const other = await startBrowser();
  try {
    const clerk = await openPage(other.context);
    await logIn(clerk, server.base, "clerk");
    await clerk.keyboard.press("g");
    await clerk.keyboard.press("q");
    await clerk.getByLabel("窗口号").waitFor();
    await clerk.keyboard.type("3");
    await clerk.keyboard.press("Enter");
    await clerk.getByText("A001").first().waitFor();
    await machine.goto(`${server.base}/board`);
    await machine.getByText("请取号").waitFor();
    await clerk.keyboard.press("F2");
    await machine.locator(".call.first b", { hasText: "A001" }).waitFor();
    await look(machine, "queue-3-board");
    await look(clerk, "queue-4-counter");
    await clerk.keyboard.press("F4");
    await clerk.getByText("办理中").first().waitFor();
    await clerk.keyboard.press("F8");
    await clerk.getByText("窗口空闲").waitFor();
    await machine.getByText("请取号").waitFor();
    await clerk.goto(`${server.base}/app/queue?tab=figures`);
    await clerk.getByText("平均等候").first().waitFor();
    await look(clerk, "queue-5-figures");
    assert.deepEqual([...clerk.problems, ...machine.problems], []);
  } finally { await other.stop(); }
});

test("nothing serious for people who cannot see or point", () => assert.deepEqual(findings, []));
