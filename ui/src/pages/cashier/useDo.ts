// One action at a time with its error; told and refreshed when it is done.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { newKey, post } from "../../lib/api";

export function useDo(refresh: string[]) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // The key stays with the intention: a repeat after a lost answer does nothing twice.
  const key = useRef<{ body: string; key: string } | null>(null);
  const run = useCallback(async <T,>(path: string, body: unknown): Promise<T | null> => {
    const text = path + JSON.stringify(body);
    if (key.current?.body !== text) key.current = { body: text, key: newKey() };
    setBusy(true);
    setError(null);
    try {
      const answer = await post<T>(path, body, { idempotencyKey: key.current.key });
      key.current = null;
      await Promise.all(refresh.map((name) => client.invalidateQueries({ queryKey: [name] })));
      return answer;
    } catch (cause) { setError(cause); return null; } finally { setBusy(false); }
  }, [client, refresh.join()]);
  return { busy, error, run, clear: () => setError(null) };
}
