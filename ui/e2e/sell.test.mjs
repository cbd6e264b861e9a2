// A sale with everything: a bundle with choices, discounts with limits, a draft that another desk takes over, two customers
// side by side, a number brought along. The mouse stays where it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CLOCK, api, findings, logIn, look, openPage, startBrowser, startServer } from "./harness.mjs";

let server, browser, page;
before(async () => {
  server = await startServer({ clock: CLOCK });
  browser = await startBrowser({ clock: CLOCK });
  page = await openPage(browser.context);
});
after(async () => { await browser?.stop(); await server?.stop(); });

const make = (name, phone, certificate) => api(page, "/api/v1/customers", {
  method: "POST", headers: { "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify({ kind: "individual", name, certificateType: "idCard", certificate, phone, address: "广州市天河区体育东路116号财富广场8层" }),
});
const inDialog = (p) => p.locator(".ant-drawer-open [type=submit]");
let one, two;

/** Types what to sell into the search field and takes the first row. */
async function sell(words) {
  await page.keyboard.press("F2");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type(words);
  const row = page.locator(".offers [role=option]", { hasText: words }).first();
  await row.waitFor();
  await page.waitForFunction((w) => document.querySelector('.offers [role=option][aria-selected="true"]')?.textContent?.includes(w), words);
  await page.keyboard.press("Enter");
}

test("a bundle is put together with the keyboard: two of four contents", async () => {
  await logIn(page, server.base, "clerk");
  const made = await make("周琳", "13800138021", id("440106199203074511"));
  assert.equal(made.status, 201, JSON.stringify(made.body));
  one = made.body.id;
  await page.goto(`${server.base}/app/sell/${one}`);
  await page.locator(".offers [role=option]").first().waitFor();
  await look(page, "sell-01-offers");
  await sell("全家三合一");
  await inDialog(page).waitFor();
  await look(page, "sell-02-options");
  const boxes = page.locator(".ant-drawer-open .picks input[type=checkbox]");
  const group = page.locator(".ant-drawer-open fieldset", { hasText: "任选" }).first();
  const inside = group.locator("input[type=checkbox]");
  assert.equal(await inside.count(), 4);
  assert.ok((await boxes.count()) >= 4);
  await inside.nth(0).focus();
  await page.keyboard.press("Space"); // one of the proposed ones goes
  await group.locator(".warn").waitFor();
  assert.equal(await inDialog(page).isDisabled(), true, "one of two is not a choice");
  await inside.nth(2).focus();
  await page.keyboard.press("Space");
  await group.locator("legend .ok").waitFor();
  await page.locator(".ant-drawer-open .well .strong").waitFor();
  await look(page, "sell-03-options-picked");
  await page.keyboard.press("Control+Enter");
  await page.locator(".ant-drawer-open").waitFor({ state: "detached" });
  await page.locator(".cartlist .cartline").first().waitFor();
  assert.match(await page.locator(".cartlist").innerText(), /合约 24 个月/);
});

test("a discount beyond the clerk's limit is refused with who may grant it", async () => {
  await page.keyboard.press("F3");
  await inDialog(page).waitFor();
  const hand = page.locator(".ant-drawer-open label", { hasText: "授权优惠" }).locator("input");
  await hand.focus();
  await page.keyboard.press("Space");
  await page.locator(".ant-drawer-open [aria-label=优惠幅度]").fill("80");
  await page.locator(".ant-drawer-open [aria-label=原因]").fill("客户要求");
  await page.locator(".ant-drawer-open [data-testid=refused]").first().waitFor();
  await look(page, "sell-04-over-authority");
  await page.locator(".ant-drawer-open [aria-label=优惠幅度]").fill("3");
  await page.locator(".ant-drawer-open [data-testid=refused]").first().waitFor({ state: "detached" });
  await page.keyboard.press("Control+Enter");
  await page.locator(".ant-drawer-open").waitFor({ state: "detached" });
  await page.locator(".cartlist .ok").first().waitFor();
});

test("what this customer may not have is grey and says why", async () => {
  await page.keyboard.press("F2");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("数字专线");
  const row = page.locator('.offers [role=option][aria-disabled="true"]', { hasText: "数字专线" }).first();
  await row.waitFor();
  assert.ok((await row.locator(".warn").innerText()).trim().length > 4);
  await look(page, "sell-05-why-not");
  const before = await page.locator(".cartlist .cartline").count();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".cartlist .cartline").count(), before, "grey means no");
});

test("two customers are served side by side, each with a cart of its own", async () => {
  const made = await make("吴波", "13800138022", id("440106198803074513"));
  two = made.body.id;
  await page.locator(".cart [role=status]", { hasText: "草稿已保存" }).waitFor();
  await page.goto(`${server.base}/app/sell/${two}`);
  await page.locator(".offers [role=option]").first().waitFor();
  assert.equal(await page.locator(".cartlist").count(), 0);
  await sell("畅行5G");
  await page.locator(".cartlist .cartline").first().waitFor();
  await page.locator(".cart [role=status]", { hasText: "草稿已保存" }).waitFor();
  await page.keyboard.press("F6");
  await page.goto(`${server.base}/app/sell`);
  await page.locator("[data-testid=drafts] li").nth(1).waitFor();
  await look(page, "sell-06-drafts");
});

test("another desk takes the draft over, and the first one is told", async () => {
  const other = await openPage((await startBrowserFor()).context);
  await logIn(other, server.base, "manager");
  await other.goto(`${server.base}/app/sell`);
  const row = other.locator("[data-testid=drafts] li", { hasText: "周琳" }).first();
  await row.waitFor();
  await row.locator("button").first().focus();
  await other.keyboard.press("Enter");
  await other.waitForURL(new RegExp(`/app/sell/${one}`));
  await other.locator(".cartlist .cartline").first().waitFor();
  assert.match(await other.locator(".cartlist").innerText(), /全家三合一/);
  await look(other, "sell-07-taken-over");
  await page.goto(`${server.base}/app/sell/${one}`);
  await page.locator(".cartlist .cartline").first().waitFor();
  await page.keyboard.press("F3");
  await inDialog(page).waitFor();
  await page.locator(".ant-drawer-open [type=number]").last().focus();
  await page.locator(".ant-drawer-open [aria-label=优惠幅度]").fill("2");
  await page.keyboard.press("Control+Enter");
  await page.locator(".banner.warn").waitFor();
  await look(page, "sell-08-held");
  await page.keyboard.press("Tab");
  await page.locator(".banner.warn button").focus();
  await page.keyboard.press("Enter");
  await page.locator(".banner.warn").waitFor({ state: "detached" });
  await page.locator(".cartlist .cartline").first().waitFor();
});

test("number, address, price and the last look; F9 orders it", async () => {
  await page.keyboard.press("F4");
  await page.locator(".numcell").first().waitFor();
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-number"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=lock-left]").waitFor();
  await page.keyboard.press("F8");
  await page.waitForFunction(() => document.activeElement?.closest("[data-address]"));
  await page.keyboard.type("广州市天河区体育东路116号财富广场8层801");
  await page.keyboard.press("Escape");
  await page.locator(".slots button").first().focus();
  await page.keyboard.press("Enter");
  await look(page, "sell-09-resources");
  await page.keyboard.press("F8");
  await page.locator(".sell .kpis").waitFor();
  await look(page, "sell-10-price");
  await page.keyboard.press("F8");
  await page.waitForFunction(() => document.activeElement?.id === "sell-agreed");
  await look(page, "sell-11-confirm");
  await page.keyboard.press("Space");
  await page.keyboard.press("F9");
  await page.waitForURL(/\/app\/orders\/[^/]+$/);
  await page.locator("[data-testid=progress]").waitFor();
  await page.locator('.pagehead [data-state="completed"]').waitFor({ timeout: 60_000 });
  await look(page, "sell-12-track");
  const drafts = await api(page, `/api/v1/carts?customerId=${one}`);
  assert.deepEqual(drafts.body, [], "the draft is closed by its order");
});

test("a number can be brought along, and the form says what is missing", async () => {
  await page.goto(`${server.base}/app/sell/${two}`);
  await page.locator(".cartlist .cartline").first().waitFor();
  await page.keyboard.press("F4");
  await page.locator(".numcell").first().waitFor();
  await page.getByRole("button", { name: "携号转入" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("[data-portin] input").first().focus();
  await page.keyboard.type("13600001234");
  await page.keyboard.press("Tab");
  assert.ok(await page.locator("[data-item] .warn").first().isVisible());
  await page.keyboard.type("123456");
  await page.locator("[data-item] .ok").first().waitFor();
  await look(page, "sell-13-port-in");
});

test("a family bundle takes a number for each of its lines", async () => {
  const made = await make("郑海燕", "13800138023", id("440106197903074515"));
  await page.goto(`${server.base}/app/sell/${made.body.id}`);
  await page.locator(".offers [role=option]").first().waitFor();
  await sell("亲情共享套餐");
  await page.locator(".cartlist .cartline").first().waitFor();
  await page.waitForTimeout(500);
  if (await inDialog(page).isVisible()) { await page.keyboard.press("Control+Enter"); await page.locator(".ant-drawer-open").waitFor({ state: "detached" }); }
  await page.keyboard.press("F4");
  await page.locator("[data-item] .numcell").first().waitFor();
  const lines = page.locator("[data-item] input[data-number]");
  const wanted = await lines.count();
  assert.ok(wanted >= 2, `${wanted} numbers are asked for`);
  for (let n = 0; n < wanted; n++) {
    await lines.nth(n).focus();
    for (let k = 0; k < n; k++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.locator("[data-testid=lock-left]").nth(n).waitFor();
  }
  await page.locator("[data-item] .ok", { hasText: "已齐" }).waitFor();
  await look(page, "sell-17-family");
  await page.keyboard.press("F8");
  await page.locator(".sell .kpis").waitFor();
  await page.keyboard.press("F8");
  await page.waitForFunction(() => document.activeElement?.id === "sell-agreed");
  await page.keyboard.press("Space");
  await page.keyboard.press("F9");
  await page.waitForURL(/\/app\/orders\/[^/]+$/);
  await page.locator('.pagehead [data-state="completed"]').waitFor({ timeout: 60_000 });
});

test("the same in English", async () => {
  const english = await openPage((await startBrowserFor()).context, { lang: "en" });
  await logIn(english, server.base, "clerk");
  await english.goto(`${server.base}/app/sell`);
  await english.locator("[data-testid=drafts]").waitFor();
  await look(english, "sell-14-drafts-en");
  await english.goto(`${server.base}/app/sell/${two}`);
  await english.locator(".offers [role=option]").first().waitFor();
  await english.locator("[data-testid=waiting-draft] button").waitFor();
  await look(english, "sell-15-offers-en");
  await english.locator("[data-testid=waiting-draft] button").focus();
  await english.keyboard.press("Enter");
  await english.locator(".cartlist .cartline").first().waitFor();
  await look(english, "sell-16-resumed-en");
  const chinese = await english.locator(".stepper, .fkeys, .totals").allInnerTexts();
  assert.ok(!/[一-鿿]/.test(chinese.join("")), "no Chinese in the page's own words");
});

test("axe finds nothing serious", () => assert.deepEqual(findings, []));

const opened = [];
async function startBrowserFor() {
  const made = await startBrowser({ clock: CLOCK });
  opened.push(made);
  return made;
}
after(async () => { for (const b of opened) await b.stop(); });

function id(first18) {
  const first17 = first18.slice(0, 17);
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((n, w, i) => n + w * Number(first17[i]), 0);
  return first17 + "10X98765432"[sum % 11];
}
