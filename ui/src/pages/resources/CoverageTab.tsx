// One question, one clear answer: can this be had here, why not, what else.
import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled, QuestionCircleFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, InputNumber } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { count } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import { Facts, Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { AddressPicker } from "../../kit/pickers";
import { Loaded, Nothing } from "../../kit/states";
import type { Coverage, Qualification } from "./types";

const FAMILIES = ["broadband", "iptv", "fixedVoice", "voip", "leasedLine", "smartHome", "mobile"];
const MARK = { qualified: CheckCircleFilled, alternate: ExclamationCircleFilled, unqualified: CloseCircleFilled, unverified: QuestionCircleFilled };

export function CoverageTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const may = useMay();
  const [address, setAddress] = useState(search.q ?? "");
  const [family, setFamily] = useState(search.family ?? "broadband");
  const [mbps, setMbps] = useState<number | null>(search.mbps ? Number(search.mbps) : null);
  useEffect(() => { if (search.q) setAddress(search.q); }, [search.q]);
  const asked = { address: search.q, family: search.family ?? "broadband", mbps: search.mbps };
  const answer = useQuery({ queryKey: ["coverage", asked], queryFn: () => call<Qualification>("/coverage", { query: asked }), enabled: !!search.q, retry: false });
  const go = () => { if (address.trim()) set({ q: address.trim(), family: family === "broadband" ? undefined : family, mbps: mbps ?? undefined }); };
  return (
    <>
      <form className="checkform" onSubmit={(e) => { e.preventDefault(); go(); }} aria-label={t("place.check")}>
        <Field label={t("place.address")}>{(p) => <AddressPicker {...p} autoFocus value={address} onText={setAddress} />}</Field>
        <Field label={t("place.family")}>{(p) => <Pick id={p.id} width="100%" value={family} onPick={setFamily} options={FAMILIES.map((f) => ({ value: f, label: word("family", f) }))} />}</Field>
        <Field label={t("place.speed")}>{(p) => <InputNumber {...p} min={1} max={100000} value={mbps} onChange={setMbps} suffix={t("place.mbps")} placeholder={t("place.orAny")} style={{ width: "100%" }} />}</Field>
        <Button type="primary" htmlType="submit" disabled={!address.trim()}>{t("place.ask")}</Button>
      </form>
      <div style={{ padding: "0 14px 14px" }}>
        {!search.q ? <Nothing why={t("place.pick")} /> : (
          <Loaded of={answer} what={t("place.check")} rows={4}>
            {(a) => {
              const Icon = MARK[a.result];
              return (
                <div className="stack">
                  <div className={`verdict ${a.result}`} role="status" data-testid="verdict" data-result={a.result}>
                    <Icon aria-hidden />
                    <div className="stack tight grow">
                      <h2>{t(`place.verdict.${a.result}`)}</h2>
                      <bdi className="wrap" style={{ color: "var(--ink)" }}>{a.address}</bdi>
                      {a.reasons.length > 0 && <ul aria-label={t("place.why")}>{a.reasons.map((r, i) => <li key={i}>{language() === "en" ? r.en : r.zh}</li>)}</ul>}
                      {a.alternatives.length > 0 && <div className="row wraps" style={{ color: "var(--ink)" }}><span>{t("place.instead")}</span>{a.alternatives.map((x) => <span key={x.technology + x.maxMbps} className="chip">{word("technology", x.technology)} · {count(x.maxMbps)} Mbps</span>)}</div>}
                    </div>
                    {(a.result === "qualified" || a.result === "alternate") && may("order.create") && <Link to="/app/sell"><Button>{t("place.sellHere")}</Button></Link>}
                  </div>
                  {a.technology && <Facts items={[[t("place.by"), word("technology", a.technology)], [t("place.max"), `${count(a.maxMbps)} Mbps`], [t("place.device"), <span key="d" className="mono">{a.device}</span>], [t("place.ports"), a.freePorts === null ? t("place.portsOther") : count(a.freePorts)]]} />}
                  {a.addressId && <Reached id={a.addressId} />}
                </div>
              );
            }}
          </Loaded>
        )}
      </div>
    </>
  );
}

export function Reached({ id, act }: { id: string; act?: (c: Coverage) => React.ReactNode }) {
  const { t } = useTranslation();
  const rows = useQuery({ queryKey: ["reached", id], queryFn: () => call<Coverage[]>(`/addresses/${id}/coverage`) });
  return (
    <section className="panel">
      <header><h2>{t("place.reached")}</h2></header>
      <Loaded of={rows} what={t("place.reached")} rows={3}>
        {(data) => (
          <DataTable rows={data} rowKey={(c) => c.technology + c.device} label={t("place.reached")} minWidth={560} empty={<Nothing why={t("place.reachedNone")} />} columns={[
            { key: "t", title: t("place.by"), width: 130, lead: true, render: (c) => word("technology", c.technology) },
            { key: "d", title: t("place.device"), width: 150, render: (c) => <span className="mono">{c.device}</span> },
            { key: "m", title: t("place.max"), width: 110, right: true, render: (c) => <span className="num">{count(c.maxMbps)} Mbps</span> },
            { key: "p", title: t("place.ports"), width: 120, right: true, render: (c) => <span className={`num${c.freePorts === 0 ? " bad" : ""}`}>{c.freePorts === null ? t("place.portsOther") : count(c.freePorts)}</span> },
            { key: "b", title: t("place.blocked"), wrap: true, render: (c) => (c.blocked ? <span className="warn">{c.blocked}</span> : <span className="muted">—</span>) },
            ...(act ? [{ key: "x", title: "", width: 100, right: true, render: act }] : []),
          ]} />
        )}
      </Loaded>
    </section>
  );
}
