// Numbers by pattern (*888*, 1390013*, *AAA, *ABCD); picking one locks it for some minutes, and the clock shows.
import { LockOutlined, SearchOutlined, SyncOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { list, post, send } from "../../lib/api";
import { phone, yuan } from "../../lib/format";
import type { NumberLock, PhoneNumber } from "../../lib/types";
import { Segments } from "../../kit/layout";
import { Failure, Nothing, Waiting } from "../../kit/states";
import { useOptions } from "../../kit/useOptions";
import type { CartItem } from "./draft";

const QUICK = ["*AAA", "*AABB", "*ABCD", "*888*", "*66", "138*"];

/** What a clerk types as a pattern: bare digits mean "contains". */
const patternOf = (text: string) => { const s = text.trim().toUpperCase().replace(/[\s-]/g, ""); return !s ? "" : /[*?A-Z]/.test(s) ? s : `*${s}*`; };

export function NumberPick({ item, taken, change, low }: { item: CartItem; taken: string[]; change: (part: Partial<CartItem>) => void; low?: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [pattern, setPattern] = useState("");
  const [grade, setGrade] = useState("");
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { const timer = setTimeout(() => setPattern(patternOf(text)), 200); return () => clearTimeout(timer); }, [text]);
  const found = useQuery({
    queryKey: ["numbers", pattern, grade], staleTime: 5000, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => list<PhoneNumber>("/numbers", { pattern, class: grade, limit: 30 }, signal),
  });
  const rows = (found.data?.rows ?? []).filter((n) => !taken.includes(n.number));
  const lock = async (number: string) => {
    if (busy) return;
    setBusy(number);
    setError(null);
    const old = item.lock;
    try {
      const got = await post<NumberLock>(`/numbers/${number}/lock`);
      change({ lock: got });
      if (old && old.number !== number) void send(`/numbers/${old.number}/lock`, { method: "DELETE" }).catch(() => undefined);
    } catch (cause) {
      setError(cause);
      void client.invalidateQueries({ queryKey: ["numbers"] });
    } finally { setBusy(null); }
  };
  const release = () => {
    if (item.lock) void send(`/numbers/${item.lock.number}/lock`, { method: "DELETE" }).catch(() => undefined);
    change({ lock: undefined });
  };
  const options = useOptions(rows.length, (i) => { const n = rows[i]; if (n) void lock(n.number); }, 4);
  return (
    <>
      {item.lock && <LockLine lock={item.lock} again={() => void lock(item.lock!.number)} release={release} />}
      <div className="filters">
        <Input style={{ width: 250 }} prefix={<SearchOutlined aria-hidden />} value={text} maxLength={20} placeholder={t("sell.pattern")} aria-label={t("sell.pattern")} data-number="" onChange={(e) => { setText(e.target.value); options.reset(); }} {...options.input} />
        <span className="row" style={{ gap: 4 }}>{QUICK.map((p) => <button key={p} type="button" className={`filterchip mono${pattern === p ? " on" : ""}`} aria-pressed={pattern === p} onClick={() => setText(p)}>{p}</button>)}</span>
        <Segments label={t("sell.class")} at={grade} onPick={setGrade} items={[{ id: "", title: t("kit.any") }, ...(["normal", "good", "premium"] as const).map((c) => ({ id: c as string, title: t(`numberClass.${c}`) }))]} />
        <Button size="small" icon={<SyncOutlined aria-hidden />} onClick={() => void found.refetch()} aria-label={t("sell.otherNumbers")} title={t("sell.otherNumbers")} />
      </div>
      {error ? <div style={{ padding: "10px 14px 0" }}><Failure error={error} what={t("sell.lock")} /></div> : null}
      {found.error ? <div style={{ padding: 12 }}><Failure error={found.error} what={t("sell.numbers")} retry={() => void found.refetch()} /></div>
        : found.isPending ? <Waiting rows={4} />
        : rows.length === 0 ? <Nothing why={t("sell.noNumbers", { pattern: pattern || "*" })} action={<Button onClick={() => { setText(""); setGrade(""); }}>{t("kit.clearFilters")}</Button>} />
        : (
          <div className={`numbers four${low ? " low" : ""}`} {...options.list} aria-label={t("sell.numbers")}>
            {rows.map((n, i) => (
              <div key={n.number} {...options.option(i)} className={`numcell${i === options.at ? " at" : ""}${item.lock?.number === n.number ? " on" : ""}`} onClick={() => void lock(n.number)} data-no={n.number}>
                <div className="no">{n.display ?? phone(n.number)} {busy === n.number && <LockOutlined aria-hidden />}</div>
                <div className="row spread" style={{ fontSize: 12 }}>
                  <span className={n.class === "normal" ? "muted" : "chip gold"}>{t(`numberClass.${n.class}` as "numberClass.normal")}</span>
                  <span className="muted num">{n.minSpendFen ? t("sell.minSpend", { amount: yuan(n.minSpendFen).replace(/\.00$/, "") }) : n.depositFen ? t("sell.deposit", { amount: yuan(n.depositFen).replace(/\.00$/, "") }) : ""}</span>
                </div>
              </div>
            ))}
          </div>
        )}
    </>
  );
}

function LockLine({ lock, again, release }: { lock: NumberLock; again: () => void; release: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now());
  useEffect(() => { const timer = setInterval(() => setNow(Date.now()), 1000); return () => clearInterval(timer); }, []);
  const left = Math.max(0, Math.round((new Date(lock.lockedUntil).getTime() - now) / 1000));
  const text = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
  return (
    <div className={`lockline${left === 0 ? " over" : left < 60 ? " soon" : ""}`}>
      <LockOutlined aria-hidden />
      <span className="no num">{phone(lock.number)}</span>
      <span className="grow" role={left === 0 ? "alert" : undefined}>{left === 0 ? t("sell.lockOver") : <>{t("sell.locked")} <b className="num" data-testid="lock-left">{text}</b></>}</span>
      {(left === 0 || left < 120) && <Button size="small" type="primary" onClick={again}>{t("sell.lockAgain")}</Button>}
      <Button size="small" onClick={release}>{t("sell.release")}</Button>
    </div>
  );
}
