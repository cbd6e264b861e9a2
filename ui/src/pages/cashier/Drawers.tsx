// The cashiers of a sheet: expected against counted, the reason of a difference, and what each level found.
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { word } from "../../lib/i18n";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Matrix } from "./Matrix";
import type { Sheet, SheetDrawer } from "./types";
import { useDo } from "./useDo";

const LEVEL: Record<string, number> = { hall: 2, city: 3, province: 4 };

export function Drawers({ sheet, acts, fresh }: { sheet: Sheet; acts: boolean; fresh: (s: Sheet) => void }) {
  const { t } = useTranslation();
  const { busy, error, run } = useDo(["sheets"]);
  const [notes, setNotes] = useState<Record<string, string>>({});
  const [shown, setShown] = useState<string | null>(null);
  const check = async (body: unknown) => { const s = await run<Sheet>(`/cashier/sheets/${sheet.id}/check`, body); if (s) { fresh(s); say.success(t("takings.checked")); } };
  const level = LEVEL[sheet.state];
  const taken = (d: SheetDrawer) => d.matrix.filter((c) => c.kind !== "handOver").reduce((n, c) => n + c.amountFen, 0);
  const open = [...sheet.drawers.filter((d) => !d.open).flatMap((d) => (d.checks.some((c) => c.level === level) || d.differenceFen !== 0 ? [] : [d])), ...sheet.slips.filter((s) => s.state === "entered" && !s.checks.some((c) => c.level === level))];
  return (
    <Panel title={t("takings.drawers")} flush acts={acts && open.length > 0 && <Button size="small" loading={busy} onClick={() => void check({ ok: true, note: "" })}>{t("takings.checkAll")}</Button>}>
      {error ? <div style={{ padding: 12 }}><Failure error={error} what={t("takings.check")} /></div> : null}
      <DataTable rows={sheet.drawers} rowKey={(r) => r.shiftId} label={t("takings.drawers")} minWidth={1000}
        extra={(r) => (shown === r.shiftId ? <Matrix cells={r.matrix} label={t("drawer.matrix")} /> : r.reason || r.closedBy ? <span className="soft wrap">{r.reason && <>{t("takings.reason")}：<bdi>{r.reason}</bdi> </>}{r.closedBy && t("drawer.openedBy", { name: r.closedBy })}</span> : null)}
        columns={[
          { key: "who", title: t("drawer.operator"), width: 150, lead: true, render: (r) => <button type="button" className="linkish" aria-expanded={shown === r.shiftId} onClick={() => setShown(shown === r.shiftId ? null : r.shiftId)}><Name>{r.operator}</Name></button> },
          { key: "state", title: t("drawer.state"), width: 100, render: (r) => <Status group="drawerState" code={r.open ? "open" : "closed"} /> },
          { key: "taken", title: t("drawer.taken"), width: 120, right: true, render: (r) => <Money fen={taken(r)} tone /> },
          { key: "counts", title: t("takings.counts"), wrap: true, render: (r) => (r.counts.length === 0 ? <span className="muted">—</span> : <span className="row wraps" style={{ gap: "2px 14px" }}>{r.counts.map((c) => <span key={c.method} className={`num ${c.differenceFen ? "bad" : ""}`}>{word("payMethod", c.method)} <Money fen={c.systemFen} sign={false} /> / <Money fen={c.countedFen} sign={false} /></span>)}</span>) },
          { key: "difference", title: t("takings.difference"), width: 104, right: true, render: (r) => (r.open ? <span className="muted">—</span> : r.differenceFen === 0 ? <span className="ok">{t("takings.equal")}</span> : <span className="bad"><Money fen={r.differenceFen} /></span>) },
          { key: "check", title: t("takings.check"), width: 320, wrap: true, render: (r) => {
            const mine = r.checks.find((c) => c.level === level);
            const past = r.checks.filter((c) => c.level !== level);
            return (
              <div className="stack tight">
                {past.map((c) => { const l = sheet.levels.find((x) => x.level === c.level); return <span key={c.level} className="soft wrap">{t("takings.checkedBy", { level: l?.zh && document.documentElement.lang !== "en" ? l.zh : l?.en ?? "", by: c.by })} {c.note && <bdi>{c.note}</bdi>}</span>; })}
                {mine ? <span className={`wrap ${mine.ok ? "ok" : "bad"}`}>{mine.ok ? t("takings.ok") : t("takings.query")} {mine.note && <bdi className="soft">{mine.note}</bdi>}</span> : acts && !r.open ? (
                  <span className="row">
                    <Input size="small" aria-label={`${t("takings.note")} ${r.operator}`} placeholder={r.differenceFen ? t("takings.noteHint") : t("takings.note")} maxLength={200} value={notes[r.shiftId] ?? ""} onChange={(e) => setNotes({ ...notes, [r.shiftId]: e.target.value })} />
                    <Button size="small" type="primary" loading={busy} disabled={!!r.differenceFen && !(notes[r.shiftId] ?? "").trim()} onClick={() => void check({ itemType: "shift", itemId: r.shiftId, ok: true, note: notes[r.shiftId] ?? "" })}>{t("takings.ok")}</Button>
                    <Button size="small" danger loading={busy} disabled={!(notes[r.shiftId] ?? "").trim()} onClick={() => void check({ itemType: "shift", itemId: r.shiftId, ok: false, note: notes[r.shiftId] ?? "" })}>{t("takings.query")}</Button>
                  </span>
                ) : <span className="muted">{t("takings.unchecked")}</span>}
              </div>
            );
          } },
        ]} />
    </Panel>
  );
}
