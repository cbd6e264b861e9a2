// Keyboard shortcuts. Combinations: "mod+k", "alt+w", "F2", "Escape", "?", and sequences such as "g c".
// Single letters are off while someone types or composes; a page's keys are off while a dialog is open.
import { useEffect, useRef } from "react";

type Handler = (event: KeyboardEvent) => void | boolean;
interface Layer { keys: Record<string, Handler>; inDialog: boolean }
const layers: Layer[] = [];
let pending = "";
let pendingAt = 0;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export const dialogOpen = () =>
  [...document.querySelectorAll<HTMLElement>('[role="dialog"], .ant-modal')].some((d) => d.getClientRects().length > 0);

function name(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const code = event.altKey && /^(Key|Digit)/.test(event.code) ? event.code.replace(/^(Key|Digit)/, "").toLowerCase() : key;
  return `${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.altKey ? "alt+" : ""}${code}`;
}

function dispatch(event: KeyboardEvent) {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const combo = name(event);
  const plainKey = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plainKey && typing(event.target)) return;
  const sequence = pending && Date.now() - pendingAt < 1200 ? `${pending} ${combo}` : "";
  const inDialog = dialogOpen();
  for (const wanted of [sequence, combo]) {
    if (!wanted) continue;
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i]!;
      if (inDialog && !layer.inDialog) continue;
      const handler = layer.keys[wanted];
      if (handler && handler(event) !== false) {
        event.preventDefault();
        pending = "";
        return;
      }
    }
  }
  const starts = plainKey && layers.some((l) => Object.keys(l.keys).some((k) => k.startsWith(`${combo} `)));
  pending = starts && !inDialog ? combo : "";
  pendingAt = Date.now();
}

if (typeof window !== "undefined") window.addEventListener("keydown", dispatch);

/** Return false from a handler to let the key go on to the layer below or to the browser. */
export function useKeys(keys: Record<string, Handler>, options: { inDialog?: boolean; off?: boolean } = {}) {
  const latest = useRef(keys);
  latest.current = keys;
  const { inDialog = false, off = false } = options;
  useEffect(() => {
    if (off) return;
    const layer: Layer = {
      inDialog,
      keys: new Proxy({}, {
        get: (_t, key: string) => latest.current[key],
        ownKeys: () => Reflect.ownKeys(latest.current),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      }) as Record<string, Handler>,
    };
    layers.push(layer);
    return () => void layers.splice(layers.indexOf(layer), 1);
  }, [inDialog, off]);
}
