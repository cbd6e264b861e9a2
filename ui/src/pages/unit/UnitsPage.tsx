// Unit accounts within one's scope, and opening one for an organisation.
import { PlusOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { list } from "../../lib/api";
import { toFen, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { paging, useUrl } from "../../lib/url";
import { DataTable, Pager } from "../../kit/DataTable";
import { Field, PageHead, Panel } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { CustomerPicker } from "../../kit/pickers";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Money, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import type { UnitHome, UnitRow } from "./types";
import { UNIT_KEYS, useDo } from "./use";

export default function UnitsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { search, set } = useUrl();
  const [opening, setOpening] = useState(false);
  const at = paging(search);
  const query = { q: search.q, state: search.state, offset: at.offset, limit: at.limit };
  const units = useQuery({ queryKey: ["units", query], queryFn: ({ signal }) => list<UnitRow>("/unit-accounts", query, signal), placeholderData: keepPreviousData });
  const go = (id: string) => void navigate({ to: "/app/units/$id", params: { id } });
  const openButton = may("unit.write") && <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpening(true)}>{t("unit.open")}</Button>;
  return (
    <div className="page">
      <PageHead title={t("unit.title")} sub={t("unit.what")}>{openButton}</PageHead>
      <Panel flush>
        <div className="filters">
          <Input.Search aria-label={t("unit.find")} placeholder={t("unit.find")} allowClear defaultValue={search.q} style={{ width: 260 }} onSearch={(q) => set({ q: q.trim() })} />
          <Pick label={t("unit.state")} value={search.state ?? ""} onPick={(state) => set({ state })} options={[{ value: "", label: t("unit.anyState") }, ...["active", "frozen", "closed"].map((s) => ({ value: s, label: word("unitState", s) }))]} />
        </div>
        <Loaded of={units} what={t("unit.title")} rows={8}>
          {(page) => (
            <>
              <DataTable rows={page.rows} rowKey={(u) => u.id} label={t("unit.title")} keys minWidth={880} onOpen={(u) => go(u.id)}
                empty={<Nothing why={t("unit.none")} action={<span className="soft">{t("unit.noneHint")}</span>} />}
                columns={[
                  { key: "no", title: t("unit.no"), width: 200, lead: true, render: (u) => <span className="num">{u.unitNo}</span> },
                  { key: "name", title: t("unit.name"), render: (u) => <Name>{u.name}</Name> },
                  { key: "contact", title: t("unit.contact"), width: 120, render: (u) => <Name>{u.contactName}</Name> },
                  { key: "balance", title: t("unit.balance"), width: 150, right: true, render: (u) => <span className={u.low && u.state === "active" ? "bad" : ""}><Money fen={u.balanceFen} /></span> },
                  { key: "state", title: t("unit.state"), width: 110, render: (u) => <Status group="unitState" code={u.state} /> },
                  { key: "at", title: t("unit.createdAt"), width: 140, render: (u) => <At at={u.createdAt} /> },
                ]} />
              {(page.total ?? 0) > at.size && <Pager page={at.page} size={at.size} total={page.total} shown={page.rows.length} onPage={(n) => set({ page: n })} />}
            </>
          )}
        </Loaded>
      </Panel>
      {opening && <Open onClose={() => setOpening(false)} done={go} />}
    </div>
  );
}

function Open({ onClose, done }: { onClose: () => void; done: (id: string) => void }) {
  const { t } = useTranslation();
  const { busy, error, run } = useDo(UNIT_KEYS);
  const [customerId, setCustomerId] = useState<string | null>(null);
  const [contactName, setContactName] = useState("");
  const [contactPhone, setContactPhone] = useState("");
  const [warn, setWarn] = useState("");
  const warnFen = warn === "" ? 0 : toFen(warn);
  const go = async () => {
    if (!customerId || warnFen === null) return;
    const made = await run<UnitHome>("/unit-accounts", { customerId, contactName, contactPhone, warnFen });
    if (made) { say.success(t("unit.opened")); onClose(); done(made.id); }
  };
  return (
    <Modal open onCancel={onClose} title={t("unit.open")} width={480} destroyOnHidden footer={[
      <Button key="no" onClick={onClose}>{t("kit.cancel")}</Button>,
      <Button key="go" type="primary" loading={busy} disabled={!customerId || warnFen === null} onClick={() => void go()}>{t("unit.open")}</Button>,
    ]}>
      <div className="stack">
        <Field label={t("unit.customer")} hint={t("unit.onlyUnits")}>{(p) => <CustomerPicker {...p} autoFocus value={customerId} onPick={(c) => setCustomerId(c?.id ?? null)} />}</Field>
        <Field label={t("unit.contactName")}>{(p) => <Input {...p} maxLength={60} value={contactName} onChange={(e) => setContactName(e.target.value)} />}</Field>
        <Field label={t("unit.contactPhone")}>{(p) => <Input {...p} inputMode="tel" maxLength={30} value={contactPhone} onChange={(e) => setContactPhone(e.target.value)} />}</Field>
        <Field label={t("unit.warn")} hint={warnFen ? t("unit.warnAt", { amount: yuan(warnFen) }) : undefined} error={warnFen === null ? t("counter.notAmount") : null}>{(p) => <Input {...p} prefix="¥" inputMode="decimal" value={warn} onChange={(e) => setWarn(e.target.value)} />}</Field>
        {error ? <Failure error={error} what={t("unit.open")} /> : null}
      </div>
    </Modal>
  );
}
