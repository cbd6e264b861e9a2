// Calls to the server: cookies, CSRF, language, idempotency keys, and errors as one type the pages can show.
import { language } from "./i18n";

let csrf = "";
export const setCsrf = (token: string) => { csrf = token; };

interface ProblemBody {
  code?: string; reason?: string; message?: string; field?: string; traceId?: string; status?: string; existing?: string;
  i18n?: Record<string, { reason?: string; message?: string }>;
}

export class ApiError extends Error {
  constructor(readonly status: number, readonly body: ProblemBody) {
    super(body.reason ?? `HTTP ${status}`);
  }
  get code() { return this.body.code ?? (this.status ? `http.${this.status}` : "network.unreachable"); }
  get field() { return this.body.field; }
  get traceId() { return this.body.traceId; }
  get existing() { return this.body.existing; }
  /** What happened, in the language of the page even when the answer was fetched in another. */
  get reason() { return this.body.i18n?.[language()]?.reason ?? this.body.reason ?? ""; }
  /** What to do about it. */
  get advice() { return this.body.i18n?.[language()]?.message ?? this.body.message ?? ""; }
}

type Query = Record<string, string | number | boolean | null | undefined>;
export interface Ask {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Query;
  body?: unknown;
  /** A body sent as it is (a file). */
  raw?: BodyInit;
  contentType?: string;
  idempotencyKey?: string;
  ifMatch?: string | number;
  signal?: AbortSignal;
}

export function withQuery(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/** /customers → /api/v1/customers; /tmf-api and /openapi.json stay as they are. */
export const address = (path: string) => (/^\/(tmf-api|openapi\.json|api)\b/.test(path) ? path : `/api/v1${path}`);

export async function send(path: string, ask: Ask = {}): Promise<Response> {
  const method = ask.method ?? "GET";
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  if (ask.idempotencyKey) headers["Idempotency-Key"] = ask.idempotencyKey;
  if (ask.ifMatch !== undefined) headers["If-Match"] = `"${String(ask.ifMatch).replaceAll('"', "")}"`;
  let body: BodyInit | undefined = ask.raw;
  if (ask.raw !== undefined) headers["Content-Type"] = ask.contentType ?? "application/octet-stream";
  else if (ask.body !== undefined) {
    headers["Content-Type"] = ask.contentType ?? "application/json";
    body = JSON.stringify(ask.body);
  }
  let answer: Response;
  try {
    answer = await fetch(withQuery(address(path), ask.query), { method, headers, body, signal: ask.signal, credentials: "same-origin" });
  } catch (cause) {
    if ((cause as Error).name === "AbortError") throw cause;
    throw new ApiError(0, {});
  }
  if (answer.ok) return answer;
  let problem: ProblemBody = {};
  try { problem = (await answer.json()) as ProblemBody; } catch { /* not every proxy answers JSON */ }
  if (!problem.traceId) problem.traceId = answer.headers.get("x-trace-id") ?? undefined;
  const error = new ApiError(answer.status, problem);
  if (answer.status === 401 && !path.startsWith("/session")) window.dispatchEvent(new Event("yitai:logged-out"));
  throw error;
}

export async function call<T>(path: string, ask?: Ask): Promise<T> {
  const answer = await send(path, ask);
  if (answer.status === 204) return undefined as T;
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export interface Page<T> { rows: T[]; total: number | null }
export async function list<T>(path: string, query?: Query, signal?: AbortSignal): Promise<Page<T>> {
  const answer = await send(path, { query, signal });
  const rows = (await answer.json()) as T[];
  const total = answer.headers.get("x-total-count");
  return { rows: Array.isArray(rows) ? rows : [], total: total === null ? null : Number(total) };
}

export const post = <T>(path: string, body?: unknown, more: Ask = {}) => call<T>(path, { method: "POST", body: body ?? {}, ...more });
/** A fresh key for one intended creation; keep it across retries of the same intention. */
export const newKey = () => crypto.randomUUID();
