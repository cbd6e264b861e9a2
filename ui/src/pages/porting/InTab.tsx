// Numbers on their way in.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list, newKey, post } from "../../lib/api";
import { phone } from "../../lib/format";
import { useLive } from "../../lib/live";
import { useMay } from "../../lib/session";
import { useUrl } from "../../lib/url";
import { DataTable } from "../../kit/DataTable";
import type { Column } from "../../kit/DataTable";
import { Facts, Field, Panel } from "../../kit/layout";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Filter, Notices, Reasons } from "./parts";
import { either } from "./types";
import type { PortIn } from "./types";

const STATES = ["requested", "accepted", "refused", "effective", "cancelled", "returned"];

export function InTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const ask = { state: search.state, number: search.number };
  const found = useQuery({ queryKey: ["portIns", ask], queryFn: ({ signal }) => list<PortIn>("/portability/port-ins", ask, signal) });
  useLive((event) => { if (event.type === "reset" || event.subjectType === "port-ins") void client.invalidateQueries({ queryKey: ["portIns"] }); });
  const columns: Column<PortIn>[] = [
    { key: "number", title: t("porting.number"), width: 138, lead: true, render: (p) => <button type="button" className="linkish num" onClick={() => set({ open: p.id })}>{phone(p.number)}</button> },
    { key: "who", title: t("porting.customer"), width: 120, render: (p) => <Link to="/app/customers/$id" params={{ id: p.customerId }}><Name>{p.customerName}</Name></Link> },
    { key: "from", title: t("porting.donor"), width: 110, render: (p) => <Name>{p.donor.code ? either(p.donor) : ""}</Name> },
    { key: "state", title: t("porting.state"), width: 150, render: (p) => <Status group="portState" code={p.state} /> },
    { key: "asked", title: t("porting.requested"), width: 140, render: (p) => <At at={p.requestedAt} /> },
    { key: "at", title: t("porting.effective"), width: 140, render: (p) => <At at={p.effectiveAt} /> },
    { key: "why", title: t("porting.reasons"), wrap: true, render: (p) => (p.reasons.length > 0 ? p.reasons.map(either).join("；") : <span className="muted">—</span>) },
    { key: "order", title: t("porting.order"), width: 70, render: (p) => <Link to="/app/orders/$id" params={{ id: p.orderId }}>{t("porting.order")}</Link> },
  ];
  return (
    <Panel flush>
      <Filter states={STATES} />
      <Loaded of={found} what={t("porting.in")}>
        {(data) => <DataTable rows={data.rows} columns={columns} rowKey={(p) => p.id} label={t("porting.in")} keys onOpen={(p) => set({ open: p.id })} minWidth={1040}
          empty={<Nothing why={<>{t("porting.none")} {t("porting.noneHint")}</>} action={<Link to="/app/sell">{t("porting.startSale")}</Link>} />} />}
      </Loaded>
      {search.open && <Detail id={search.open} onClose={() => set({ open: undefined })} />}
    </Panel>
  );
}

function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const one = useQuery({ queryKey: ["portIns", id], queryFn: () => call<PortIn>(`/portability/port-ins/${id}`) });
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [giving, setGiving] = useState(false);
  const renew = async () => {
    setError(null);
    try {
      await post(`/portability/port-ins/${id}/code`, { code }, { idempotencyKey: newKey() });
      setCode("");
      say.success(t("porting.codeSent"));
      await client.invalidateQueries({ queryKey: ["portIns"] });
    } catch (cause) { setError(cause); }
  };
  return (
    <Drawer open size={520} title={one.data ? `${t("porting.in")} ${phone(one.data.number)}` : t("porting.in")} onClose={onClose}>
      <Loaded of={one} what={t("porting.in")}>
        {(p) => (
          <div className="stack">
            <Facts two items={[
              [t("porting.state"), <Status key="s" group="portState" code={p.state} />], [t("porting.donor"), p.donor.code ? either(p.donor) : "—"],
              [t("porting.customer"), <Link key="c" to="/app/customers/$id" params={{ id: p.customerId }}><bdi>{p.customerName}</bdi></Link>], [t("porting.order"), <Link key="o" to="/app/orders/$id" params={{ id: p.orderId }}>{t("porting.tries", { n: p.tries })}</Link>],
              [t("porting.requested"), <At key="r" at={p.requestedAt} />], [t("porting.effective"), <At key="e" at={p.effectiveAt} />],
            ]} />
            {p.reasons.length > 0 && <Panel title={t("porting.reasons")}><Reasons all={p.reasons} /></Panel>}
            {p.may?.newCode && may("portability.write") && (
              <Panel title={t("porting.newCode")}>
                <form className="stack tight" onSubmit={(e) => { e.preventDefault(); void renew(); }}>
                  <Field label={t("porting.code")} hint={t("porting.newCodeHint")}>{(f) => <Input {...f} autoFocus inputMode="numeric" maxLength={12} value={code} onChange={(e) => setCode(e.target.value)} style={{ width: 180 }} />}</Field>
                  <div><Button type="primary" htmlType="submit" disabled={code.trim() === ""}>{t("porting.submit")}</Button></div>
                  {error ? <Failure error={error} what={t("porting.newCode")} /> : null}
                </form>
              </Panel>
            )}
            <Panel flush title={t("porting.notices")}><div style={{ padding: p.notices?.length ? 0 : 12 }}><Notices all={p.notices ?? []} /></div></Panel>
            {p.may?.return && may("portability.write") && <div><Button danger onClick={() => setGiving(true)}>{t("porting.give")}</Button></div>}
            <ReasonDialog open={giving} title={t("porting.giveTitle", { number: phone(p.number) })} note={t("porting.giveNote")} confirm={t("porting.give")} suggestions={[t("porting.why1"), t("porting.why2")]} danger
              onClose={() => setGiving(false)}
              onConfirm={async (reason) => {
                await post(`/portability/port-ins/${id}/return`, { reason });
                say.success(t("porting.gaveUp"));
                await client.invalidateQueries({ queryKey: ["portIns"] });
              }} />
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}
