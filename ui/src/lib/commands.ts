// What can be done on the page that is open: the palette lists it beside the places one can go to.
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Command { id: string; title: string; keys?: string; run: () => void }
let commands: Command[] = [];
const listeners = new Set<() => void>();
const write = (next: Command[]) => { commands = next; listeners.forEach((f) => f()); };

/** Offers commands as long as the page is shown. */
export function useCommands(list: Command[]) {
  const latest = useRef(list);
  latest.current = list;
  const shape = list.map((c) => `${c.id}\u0001${c.title}\u0001${c.keys ?? ""}`).join("\u0002");
  useEffect(() => {
    const mine = latest.current.map((c) => ({ ...c, run: () => latest.current.find((x) => x.id === c.id)?.run() }));
    write(mine);
    return () => { if (commands === mine) write([]); };
  }, [shape]);
}
export const usePageCommands = () => useSyncExternalStore((f) => { listeners.add(f); return () => listeners.delete(f); }, () => commands);
