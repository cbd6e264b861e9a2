// One number: its state, who holds it, and what can be done with it here.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, InputNumber } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { dateTime } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { Facts, Field } from "../../kit/layout";
import { CustomerPicker } from "../../kit/pickers";
import { Failure, Loaded } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { OrgName } from "./OrgName";
import type { NumberView } from "./types";

export function NumberDrawer() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const number = search.number;
  return (
    <Drawer open={!!number} onClose={() => set({ number: undefined })} title={<span className="num">{number && `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`}</span>} size={460} destroyOnHidden aria-label={t("num.search")}>
      {number && <Body number={number} key={number} />}
    </Drawer>
  );
}

function Body({ number }: { number: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [error, setError] = useState<unknown>(null);
  const [keeping, setKeeping] = useState(false);
  const [mine, setMine] = useState(false);
  const of = useQuery({ queryKey: ["number", number], queryFn: () => call<NumberView>(`/numbers/${number}`), retry: false });
  const act = async (what: () => Promise<unknown>, done: string) => {
    setError(null);
    try {
      await what();
      say.success(done);
      await Promise.all(["number", "numbers", "pool", "numberSummary"].map((k) => client.invalidateQueries({ queryKey: [k] })));
    } catch (cause) { setError(cause); }
  };
  return (
    <Loaded of={of} what={number} rows={5}>
      {(n) => {
        const kept = n.state === "reserved" && !n.orderId;
        return (
          <div className="stack">
            <div className="row wraps"><Status group="numberState" code={n.state} /><span className={`chip${n.class === "normal" ? "" : " gold"}`}>{word("numberClass", n.class)}</span>{n.origin && <span className="chip">{t("num.origin")} {n.origin}</span>}</div>
            <Facts two items={[
              [t("num.org"), <OrgName key="o" path={n.org} />],
              [t("num.holder"), n.customer ? <Link to="/app/customers/$id" params={{ id: n.customer.id }}><Name>{n.customer.name}</Name></Link> : <span className="muted">{t("num.nobody")}</span>],
              [t("num.product"), n.product ? <Name>{n.product.name}</Name> : "—"],
              [kept || n.keptUntil ? t("num.keptUntil") : t("num.until"), n.origin && n.state === "quarantine" ? t("num.restsForHome") : <At at={kept ? n.keptUntil : n.until} />],
            ]} />
            <div className="row wraps">
              {n.state === "available" && may("number.lock") && <Button onClick={() => void act(async () => { await post(`/numbers/${number}/lock`); setMine(true); }, t("num.locked", { minutes: 10 }))}>{t("num.lock")}</Button>}
              {n.state === "locked" && mine && <Button onClick={() => void act(async () => { await call(`/numbers/${number}/lock`, { method: "DELETE" }); setMine(false); }, t("num.unlocked"))}>{t("num.unlock")}</Button>}
              {(n.state === "available" || kept || (n.state === "locked" && mine)) && may("number.reserve") && <Button type={keeping || kept ? "default" : "primary"} onClick={() => setKeeping((on) => !on)} aria-expanded={keeping}>{t("num.reserve")}</Button>}
              {kept && may("number.reserve") && <Button danger onClick={() => void act(() => call(`/numbers/${number}/reservation`, { method: "DELETE" }), t("num.letGoDone"))}>{t("num.letGo")}</Button>}
              {n.customer && kept && may("order.create") && <Link to="/app/sell/$customerId" params={{ customerId: n.customer.id }}><Button>{t("num.sellIt")}</Button></Link>}
            </div>
            {error ? <Failure error={error} /> : null}
            {keeping && <Keep number={number} of={n} done={(until) => { setKeeping(false); void act(async () => undefined, t("num.kept", { until: dateTime(until) })); }} />}
          </div>
        );
      }}
    </Loaded>
  );
}

function Keep({ number, of, done }: { number: string; of: NumberView; done: (until: string) => void }) {
  const { t } = useTranslation();
  const [customer, setCustomer] = useState<string | null>(of.customer?.id ?? null);
  const [days, setDays] = useState(7);
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => setKey(newKey()), [customer, days]);
  const go = async () => {
    if (!customer) return;
    setBusy(true);
    setError(null);
    try {
      const kept = await post<{ keptUntil: string }>(`/numbers/${number}/reservation`, { customerId: customer, days }, { idempotencyKey: key });
      done(kept.keptUntil);
    } catch (cause) { setError(cause); setKey(newKey()); } finally { setBusy(false); }
  };
  return (
    <form className="stack panel" style={{ padding: 12 }} onSubmit={(e) => { e.preventDefault(); void go(); }} aria-label={t("num.reserveTitle", { number })}>
      <Field label={t("num.forWhom")}>{(p) => <CustomerPicker {...p} autoFocus value={customer} shown={of.customer?.name} onPick={(c) => setCustomer(c?.id ?? null)} />}</Field>
      <Field label={t("num.days")} hint={t("num.daysHint")}>{(p) => <InputNumber {...p} min={1} max={30} value={days} onChange={(n) => setDays(n ?? 7)} style={{ width: 120 }} />}</Field>
      {error ? <Failure error={error} /> : null}
      <div><Button type="primary" htmlType="submit" disabled={!customer} loading={busy}>{t("num.reserve")}</Button></div>
    </form>
  );
}
