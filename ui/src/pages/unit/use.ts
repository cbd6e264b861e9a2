// One way to send: busy, error, a fresh key for each intention, everything of the unit asked for again afterwards.
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { newKey, send } from "../../lib/api";
import type { Ask } from "../../lib/api";

export function useDo(keys: string[]) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const run = async <T,>(path: string, body: unknown, method: Ask["method"] = "POST"): Promise<T | null> => {
    setBusy(true);
    setError(null);
    try {
      const answer = await send(path, { method, body, idempotencyKey: method === "POST" ? key.current : undefined });
      key.current = newKey();
      const text = answer.status === 204 ? "" : await answer.text();
      await Promise.all(keys.map((k) => client.invalidateQueries({ queryKey: [k] })));
      return (text ? JSON.parse(text) : {}) as T;
    } catch (cause) {
      setError(cause);
      key.current = newKey();
      return null;
    } finally { setBusy(false); }
  };
  return { busy, error, setError, run };
}

export const UNIT_KEYS = ["unit", "units", "unit.members", "unit.moves", "unit.batches", "unit.figures", "unit.card", "unit.diff"];
