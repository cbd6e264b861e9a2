// A value once it has stopped changing for a moment.
import { useEffect, useState } from "react";

export function useSettled<T>(value: T, pause: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => { const timer = setTimeout(() => setSettled(value), pause); return () => clearTimeout(timer); }, [value, pause]);
  return settled;
}
