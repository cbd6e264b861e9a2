// Starts the real binary on its own port with a fresh store, and a fresh browser beside it.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const here = new URL(".", import.meta.url).pathname;
export const LOGINS = {
  clerk: "demo-Clerk-1", manager: "demo-Manager-1", admin: "demo-Admin-1", fallout: "demo-Fallout-1",
  collector: "demo-Collector-1", agent: "demo-Agent-1", kiosk: "demo-Kiosk-1", marketer: "demo-Marketer-1", approver: "demo-Approver-1", cityadmin: "demo-Cityadmin-1",
};
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

const freePort = () => new Promise((done, fail) => {
  const probe = createServer().on("error", fail).listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

/** Ten in the morning of a day in the middle of a month: nothing here may turn on the day the tests run. */
export const CLOCK = "2026-11-22T10:00:00+08:00";

/**
 * `yitai demo` seeds a store and serves it; it says "ready URL" when it does. `command: "serve"` starts on an empty store,
 * `clock` lets the server's clock stand still.
 */
export async function startServer({ command = "demo", customers = 200, clock } = {}) {
  const data = mkdtempSync(join(tmpdir(), "yitai-e2e-"));
  const port = await freePort();
  const args = [command, "--data", data, "--listen", `127.0.0.1:${port}`, ...(command === "demo" ? ["--customers", String(customers)] : []), ...(clock ? ["--clock", clock] : [])];
  let running = await run(args);
  return {
    base: running.base,
    log: () => running.log(),
    /** Takes the server away, as a restart or a lost line does, and gives what brings it back. */
    async interrupt() {
      await running.end();
      return async () => { running = await run(args); };
    },
    async stop() {
      await running.end();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function run(args) {
  const binary = process.env.YITAI_BIN ?? join(here, "../../target/debug/yitai");
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const base = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the server was not ready in 120 s:\n${log}`)), 120_000);
    const hear = (chunk) => {
      log += chunk;
      const m = /(?:ready|listening on) (http:\/\/[^\s/]+)/.exec(log);
      if (m) { clearTimeout(timer); done(m[1].replace(/\/$/, "")); }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", fail);
    child.on("exit", (code) => { clearTimeout(timer); fail(new Error(`the server ended with ${code}:\n${log}`)); });
  });
  return {
    base,
    log: () => log,
    async end() {
      child.removeAllListeners("exit");
      if (child.exitCode !== null) return;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 8000);
      await gone;
      clearTimeout(force);
    },
  };
}

export async function startBrowser({ clock } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "yitai-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  context.setDefaultTimeout(30_000);
  if (clock) await context.clock.install({ time: new Date(clock) });
  return { context, async stop() { await context.close(); rmSync(profile, { recursive: true, force: true }); } };
}

/** A page that fails the test when the page itself throws or logs an error of its own making. */
export async function openPage(context, { lang = "zh-CN" } = {}) {
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (e) => page.problems.push(`page error: ${e.message}`));
  page.on("console", (m) => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) page.problems.push(`console: ${m.text()}`); });
  await page.addInitScript((id) => { if (!localStorage.getItem("yitai.language")) localStorage.setItem("yitai.language", id); }, lang);
  return page;
}

export async function logIn(page, base, who) {
  await page.context().clearCookies();
  await page.goto(`${base}/login`);
  await page.locator("input[autocomplete=username]").fill(who);
  await page.locator("input[autocomplete=current-password]").fill(LOGINS[who]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/app/);
  await page.locator(".topbar").waitFor();
}

export async function shot(page, name) {
  if (!SHOTS) return;
  await page.waitForTimeout(350);
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** Serious and critical findings of axe, as readable lines. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], rules: { region: { enabled: false } } }));
  return found.violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.impact} ${v.id}: ${v.help} — ${v.nodes.slice(0, 4).map((n) => `${n.target.join(" ")} «${n.failureSummary?.split("\n")[1]?.trim().slice(0, 160) ?? ""}»`).join(" | ")}`);
}

/** Looks at every screen without stopping the walk; `findings` is asserted to be empty at the end of the file. */
export const findings = [];
export async function look(page, name) {
  await shot(page, name);
  for (const line of await axe(page)) findings.push(`${name}: ${line}`);
}

/** The server's own API as a logged-in browser sees it. */
export const api = (page, path, options = {}) => page.evaluate(async ({ path, options }) => {
  const session = await (await fetch("/api/v1/session")).json();
  const answer = await fetch(path, { ...options, headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf, "Accept-Language": "zh-CN", ...options.headers } });
  const text = await answer.text();
  let body = text;
  try { body = JSON.parse(text); } catch { /* not JSON */ }
  return { status: answer.status, body };
}, { path, options });
