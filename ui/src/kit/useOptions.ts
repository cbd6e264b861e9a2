// A text field that drives a list below it: arrows move, Enter picks, and assistive technology hears which one.
import { useEffect, useId, useState } from "react";
import type { KeyboardEvent } from "react";

export function useOptions(count: number, pick: (index: number) => void, columns = 1) {
  const base = useId();
  const [at, setAt] = useState(0);
  useEffect(() => setAt((n) => Math.max(0, Math.min(n, count - 1))), [count]);
  const move = (next: number) => {
    const i = Math.max(0, Math.min(count - 1, next));
    setAt(i);
    document.getElementById(`${base}-${i}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const inText = columns > 1 && (event.target as HTMLInputElement).value !== "";
    if (event.key === "ArrowDown") move(at + columns);
    else if (event.key === "ArrowUp") move(at - columns);
    else if (event.key === "ArrowRight" && columns > 1 && !inText) move(at + 1);
    else if (event.key === "ArrowLeft" && columns > 1 && !inText) move(at - 1);
    else if (event.key === "PageDown") move(at + columns * 8);
    else if (event.key === "PageUp") move(at - columns * 8);
    else if (event.key === "Enter" && count > 0) pick(at);
    else return;
    event.preventDefault();
  };
  return {
    at, setAt, reset: () => setAt(0),
    input: { role: "combobox", "aria-expanded": count > 0, "aria-controls": `${base}-list`, "aria-autocomplete": "list" as const, "aria-activedescendant": count > 0 ? `${base}-${at}` : undefined, onKeyDown },
    list: { id: `${base}-list`, role: "listbox" },
    option: (i: number) => ({ id: `${base}-${i}`, role: "option", "aria-selected": i === at }),
  };
}
