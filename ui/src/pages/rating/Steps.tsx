// Each record of a line: what it counted, what it took from which allowance, at which price the rest.
import { useTranslation } from "react-i18next";
import { DataTable } from "../../kit/DataTable";
import { Nothing } from "../../kit/states";
import { At } from "../../kit/text";
import { phone } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { Step } from "./types";
import { either, price, quantity, whole } from "./types";

const unitOfKind = (kind?: string) => (kind === "call" ? "s" : kind === "data" ? "B" : "1");

export function Steps({ steps, narrow }: { steps: Step[]; narrow?: boolean }) {
  const { t } = useTranslation();
  return (
    <DataTable<{ step: Step; n: number }> rows={steps.map((step, n) => ({ step, n }))} rowKey={(r) => String(r.n)} label={t("rating.steps")} minWidth={narrow ? 500 : 860} empty={<Nothing why={t("rating.noSteps")} />} columns={[
      { key: "at", title: t("rating.at"), width: narrow ? 130 : 160, lead: true, render: ({ step: s }) => <At at={s.record?.at ?? s.at} seconds={!narrow} /> },
      { key: "what", title: t("rating.event"), width: narrow ? 80 : 170, render: ({ step: s }) => (s.record ? <><span>{word("usageKind", s.record.kind)}</span>{!narrow && <bdi className="num muted"> {phone(s.record.peer)}</bdi>}</> : <span className="muted">{t("rating.summary")}</span>) },
      ...(narrow ? [] : [{ key: "raw", title: t("rating.quantity"), width: 110, right: true, render: ({ step: s }: { step: Step }) => (s.record ? <span className="num">{quantity(unitOfKind(s.record.kind), s.record.amount)}</span> : <span className="muted">—</span>) }]),
      { key: "counted", title: t("rating.counted"), width: narrow ? 84 : 100, right: true, render: ({ step: s }) => (s.record ? <span className="num">{quantity(unitOfKind(s.record.kind), s.counted)}</span> : <span className="num">{s.tiers.length ? t("rating.units", { n: whole(s.tiers.reduce((n, x) => n + x.units, 0)) }) : "—"}</span>) },
      { key: "how", title: t("rating.how"), wrap: true, render: ({ step: s }) => <How s={s} /> },
      { key: "yuan", title: t("rating.amount"), width: narrow ? 84 : 100, right: true, render: ({ step: s }) => <span className="num">{s.amountMilliFen === 0 ? "0" : price(s.amountMilliFen)}</span> },
    ]} />
  );
}

function How({ s }: { s: Step }) {
  const { t } = useTranslation();
  const unit = unitOfKind(s.record?.kind);
  return (
    <div className="rating-how">
      {s.used.map((u, i) => <div key={i}>{t(u.shared ? "rating.tookShared" : u.carried ? "rating.tookCarried" : "rating.took", { name: either(u.name, u.nameEn), n: quantity(unit, u.amount), left: quantity(unit, u.leftAfter) })}</div>)}
      {s.tiers.map((x, i) => <div key={i} className="num">{x.from > 0 ? `${t("rating.fromUnit", { n: whole(x.from) })} ` : ""}{whole(x.units)} × {price(x.priceMilliFen)}</div>)}
      {(s.note || s.noteEn) && <div className="muted">{either(s.note, s.noteEn)}</div>}
    </div>
  );
}
