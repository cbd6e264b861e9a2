// Draws its content when it comes into view, in a box of its final height: nothing jumps, and a chart nobody looks at costs nothing.
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

export function WhenVisible({ height, children }: { height: number; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return;
    const watch = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) setSeen(true); }, { rootMargin: "120px" });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [seen]);
  return <div ref={box} style={{ minHeight: height }}>{seen ? children : null}</div>;
}
