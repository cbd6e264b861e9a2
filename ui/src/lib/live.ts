// The live stream: ONE connection per browser to /api/v1/events, shared by all tabs.
// The tab that holds the Web Lock reads the stream and passes events on over a BroadcastChannel (HTTP/1.1 allows six
// connections per host; one per tab would stall the seventh). The stream is read with fetch rather than EventSource:
// every event name is heard, keep-alive comments are seen (so silence can be told from calm), a 401 is told from a lost
// line, and Last-Event-ID survives our own reconnects.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { address } from "./api";
import type { LiveEvent } from "./types";

export type LiveState = "connecting" | "live" | "silent";
type Message = { kind: "event"; event: LiveEvent } | { kind: "state"; state: LiveState };

const SILENCE_MS = 20_000;
const GIVE_UP_MS = 32_000;
let state: LiveState = "connecting";
let lastId = "";
let started = false;
const stateListeners = new Set<() => void>();
const listeners = new Set<(event: LiveEvent) => void>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("yitai-live");

function setState(next: LiveState, tell = true) {
  if (tell) channel?.postMessage({ kind: "state", state: next } satisfies Message);
  if (state === next) return;
  const back = state !== "live" && next === "live" && lastId !== "";
  state = next;
  stateListeners.forEach((f) => f());
  if (back) hand({ type: "reset" }, false);
}
function hand(event: LiveEvent, tell = true) {
  if (tell) channel?.postMessage({ kind: "event", event } satisfies Message);
  listeners.forEach((f) => f(event));
}
channel?.addEventListener("message", (m: MessageEvent<Message>) => {
  if (m.data.kind === "event") hand(m.data.event, false);
  else setState(m.data.state, false);
});

function take(block: string) {
  let id = "";
  let name = "";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("id:")) id = line.slice(3).trim();
    else if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  if (id) lastId = id;
  if (!name && data.length === 0) return;
  let event: LiveEvent = { type: name };
  try { event = { ...(JSON.parse(data.join("\n")) as LiveEvent), id, type: name || "message" }; } catch { /* reset carries no data */ }
  hand(event);
}

async function read(): Promise<"stop" | "again"> {
  const abort = new AbortController();
  let heard = Date.now();
  const watch = setInterval(() => {
    const quiet = Date.now() - heard;
    if (quiet > GIVE_UP_MS) abort.abort();
    else if (quiet > SILENCE_MS) setState("silent");
  }, 1000);
  try {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (lastId) headers["Last-Event-ID"] = lastId;
    const answer = await fetch(address("/events"), { headers, signal: abort.signal, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return "stop";
    if (!answer.ok || !answer.body) return "again";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    setState("live");
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return "again";
      heard = Date.now();
      setState("live");
      rest = (rest + value).replace(/\r\n?/g, "\n");
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        take(rest.slice(0, end));
        rest = rest.slice(end + 2);
      }
    }
  } catch {
    return "again";
  } finally {
    clearInterval(watch);
  }
}

async function lead() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 10_000)) {
    const before = Date.now();
    if ((await read()) === "stop") { started = false; setState("silent"); return; }
    setState("silent");
    if (Date.now() - before > 15_000) wait = 500;
    await new Promise((go) => setTimeout(go, wait * (0.75 + Math.random() / 2)));
  }
}

export function startLive() {
  if (started) return;
  started = true;
  if (!navigator.locks) { void lead(); return; }
  void navigator.locks.request("yitai-live", { ifAvailable: false }, () => lead());
  // A follower hears nothing until the leader speaks; it may take the line to be as good as the leader's.
  void navigator.locks.query().then((all) => {
    if (all.held?.some((l) => l.name === "yitai-live") && state === "connecting") setState("live", false);
  });
}

export function useLiveState(): LiveState {
  return useSyncExternalStore((f) => { stateListeners.add(f); return () => stateListeners.delete(f); }, () => state);
}

/** Calls back for every event; `reset` means: what is on screen may be old, fetch it again. */
export function useLive(handler: (event: LiveEvent) => void) {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    const f = (event: LiveEvent) => latest.current(event);
    listeners.add(f);
    return () => void listeners.delete(f);
  }, []);
}
