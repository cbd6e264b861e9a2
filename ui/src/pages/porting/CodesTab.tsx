// May a number leave: every reason at once; then the risks, the customer's yes, and the code to the number itself.
import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import type { InputRef } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, newKey, post } from "../../lib/api";
import { phone, plainPhone } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useLive } from "../../lib/live";
import { useMay } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Field, Panel } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Reasons } from "./parts";
import { either } from "./types";
import type { Code, Standing } from "./types";

export function CodesTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const first = useRef<InputRef>(null);
  const [ask, setAsk] = useState({ number: "", name: "", certificate: "" });
  const [standing, setStanding] = useState<Standing | null>(null);
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const codes = useQuery({ queryKey: ["portCodes"], queryFn: ({ signal }) => list<Code>("/portability/port-codes", { limit: 30 }, signal) });
  useLive((event) => { if (event.type === "reset" || event.subjectType === "port-codes") void client.invalidateQueries({ queryKey: ["portCodes"] }); });
  const edit = (part: Partial<typeof ask>) => { setAsk((a) => ({ ...a, ...part })); setStanding(null); setAgreed(false); setError(null); key.current = newKey(); };
  const check = async () => {
    if (!ask.number.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      const claim = ask.name.trim() && ask.certificate.trim() ? { name: ask.name.trim(), certificate: ask.certificate.trim() } : {};
      setStanding(await call<Standing>("/portability/eligibility", { query: { number: plainPhone(ask.number), ...claim } }));
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  const ready = !!standing?.eligible && agreed && ask.name.trim() !== "" && ask.certificate.trim() !== "";
  const give = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      await post("/portability/port-codes", { ...ask, number: plainPhone(ask.number), confirmed: true, channel: may("call.take") && !may("queue.serve") ? "hotline" : "hall" }, { idempotencyKey: key.current });
      say.success(t("porting.sent", { number: phone(plainPhone(ask.number)) }));
      edit({ number: "", name: "", certificate: "" });
      await client.invalidateQueries({ queryKey: ["portCodes"] });
      first.current?.focus();
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  useKeys({ "mod+Enter": () => void give() });
  const columns: Column<Code>[] = [
    { key: "number", title: t("porting.number"), width: 136, lead: true, render: (c) => <span className="num">{phone(c.number)}</span> },
    { key: "state", title: t("porting.state"), width: 120, render: (c) => <Status group="portCodeState" code={c.state} /> },
    { key: "way", title: t("porting.channel"), width: 80, render: (c) => word("portChannel", c.channel) },
    { key: "yes", title: t("porting.confirmedAt"), width: 140, render: (c) => <At at={c.confirmedAt} /> },
    { key: "until", title: t("porting.validUntil"), width: 140, render: (c) => <At at={c.validUntil} /> },
    { key: "who", title: t("porting.operator"), render: (c) => <Name>{c.operator}</Name> },
  ];
  return (
    <div className="stack">
      <div className="cols12">
        <Panel title={t("porting.check")}>
          <form className="stack" onSubmit={(e) => { e.preventDefault(); void check(); }}>
            <Field label={t("porting.number")}>{(p) => <Input {...p} ref={first} autoFocus inputMode="tel" maxLength={20} value={ask.number} onChange={(e) => edit({ number: e.target.value })} />}</Field>
            <Field label={t("porting.name")}>{(p) => <Input {...p} maxLength={60} value={ask.name} onChange={(e) => edit({ name: e.target.value })} />}</Field>
            <Field label={t("porting.certificate")}>{(p) => <Input {...p} maxLength={30} value={ask.certificate} onChange={(e) => edit({ certificate: e.target.value })} />}</Field>
            <div><Button htmlType="submit" type={standing?.eligible ? "default" : "primary"} loading={busy && !standing} disabled={!ask.number.trim()}>{t("porting.check")}</Button></div>
            {error ? <Failure error={error} /> : null}
          </form>
        </Panel>
        <Panel title={standing ? <>{phone(standing.number)} {standing.customerName && <bdi className="soft">{standing.customerName} · {standing.productName}</bdi>}</> : t("porting.codes")}>
          {!standing ? <Nothing why={t("porting.checkHint")} /> : (
            <div className="stack" aria-live="polite">
              {standing.eligible ? <div className="banner ok" role="status"><CheckCircleFilled aria-hidden />{t("porting.eligible")}</div>
                : <><div className="banner bad" role="status"><CloseCircleFilled aria-hidden />{t("porting.notEligible", { count: standing.reasons.length })}</div><Reasons all={standing.reasons} /></>}
              {standing.eligible && (
                <>
                  <h3 className="strong" style={{ margin: 0 }}>{t("porting.risks")}</h3>
                  <ol className="stack tight" style={{ margin: 0, paddingInlineStart: 20 }}>{standing.risks.map((r) => <li key={r.code} className="wrap">{either(r)}</li>)}</ol>
                  {may("portability.write") && (
                    <div className="row wraps">
                      <Checkbox checked={agreed} onChange={(e) => setAgreed(e.target.checked)}>{t("porting.confirm")}</Checkbox>
                      <span className="grow" />
                      <Button type="primary" disabled={!ready} loading={busy} onClick={() => void give()}>{t("porting.send")} <kbd>Ctrl+↵</kbd></Button>
                    </div>
                  )}
                </>
              )}
            </div>
          )}
        </Panel>
      </div>
      <Panel flush title={t("porting.recentCodes")}>
        <Loaded of={codes} what={t("porting.recentCodes")}>{(d) => <DataTable rows={d.rows} columns={columns} rowKey={(c) => c.id} label={t("porting.recentCodes")} minWidth={760} empty={<Nothing why={t("porting.noCodes")} />} />}</Loaded>
      </Panel>
    </div>
  );
}
