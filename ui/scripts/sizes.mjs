// Prints the brotli size of what a browser fetches for the shell and for each lazy page, and fails over budget.
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { join } from "node:path";

const dist = new URL("../dist/", import.meta.url).pathname;
const assets = join(dist, "assets");
const SHELL = 230 * 1024;
const PAGE = 400 * 1024;

const br = new Map();
const imports = new Map();
for (const file of readdirSync(assets)) {
  const body = readFileSync(join(assets, file));
  br.set(file, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length);
  if (!file.endsWith(".js")) continue;
  const text = body.toString();
  const head = [...text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)].map((m) => m[1]);
  imports.set(file, head);
}
// Lazy chunks list what they preload in the entry's __vite__mapDeps table; static imports are enough here.
const closure = (file, seen = new Set()) => {
  if (seen.has(file) || !br.has(file)) return seen;
  seen.add(file);
  for (const next of imports.get(file) ?? []) closure(next, seen);
  return seen;
};
const html = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set();
for (const m of html.matchAll(/assets\/([^"']+)/g)) closure(m[1], first);
const sum = (set) => [...set].reduce((n, f) => n + (br.get(f) ?? 0), 0);
const kb = (n) => `${(n / 1024).toFixed(1).padStart(7)} KB`;
const language = Math.max(...[...br.keys()].filter((f) => /^(zh|en)-/.test(f)).map((f) => br.get(f)), 0);
const shellChunk = [...br.keys()].find((f) => /^Shell-.*\.js$/.test(f));
const shell = shellChunk ? closure(shellChunk, new Set(first)) : first;
const shellSize = sum(shell) + language;
console.log(`${kb(shellSize)}  shell (entry, shell, one language)`);
let over = shellSize > SHELL;
const chart = [...br.keys()].find((f) => /^echarts-.*\.js$/.test(f));
for (const file of [...br.keys()].filter((f) => /Page-.*\.js$/.test(f)).sort()) {
  const all = closure(file, new Set(shell));
  const usesChart = /LazyChart|echarts-/.test(readFileSync(join(assets, file), "utf8"));
  if (usesChart && chart) closure(chart, all);
  const size = sum(all) + language;
  over ||= size > PAGE;
  console.log(`${kb(size)}  ${file.replace(/-[^-]+\.js$/, "")}`);
}
if (over) {
  console.error("over budget");
  process.exit(1);
}
