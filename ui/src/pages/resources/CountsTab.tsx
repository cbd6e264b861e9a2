// Stock-taking: scan what lies there; what differs is settled by somebody else.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { count } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useMay, useSession } from "../../lib/session";
import { DataTable } from "../../kit/DataTable";
import { Field } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { useWarehouses } from "./ItemsTab";
import { KINDS, lines } from "./types";
import type { Sheet } from "./types";

export function CountsTab() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const houses = useWarehouses();
  const [counting, setCounting] = useState(false);
  const [settling, setSettling] = useState<Sheet | null>(null);
  const rows = useQuery({ queryKey: ["counts"], queryFn: () => call<Sheet[]>("/stock/counts") });
  const name = (id: string) => houses.data?.find((w) => w.id === id)?.name ?? id;
  return (
    <>
      <div className="filters">{may("stock.move") && <span style={{ marginLeft: "auto" }}><Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setCounting(true)}>{t("stock.count")}</Button></span>}</div>
      <Loaded of={rows} what={t("stock.counts")} rows={5}>
        {(data) => (
          <DataTable rows={data} rowKey={(r) => r.id} label={t("stock.counts")} minWidth={980} empty={<Nothing why={t("stock.countsNone")} />}
            extra={(r) => (r.missing.length + r.surplus.length > 0 ? (
              <div className="stack tight">
                {r.missing.length > 0 && <div className="wrap">{t("stock.missing")}: <span className="mono">{r.missing.slice(0, 12).join("  ")}</span></div>}
                {r.surplus.length > 0 && <div className="wrap">{t("stock.surplus")}: <span className="mono">{r.surplus.slice(0, 12).join("  ")}</span></div>}
              </div>
            ) : null)}
            columns={[
              { key: "no", title: t("stock.countNo"), width: 210, lead: true, render: (r) => <span className="num">{r.countNo}</span> },
              { key: "house", title: t("stock.warehouse"), render: (r) => <Name>{name(r.warehouseId)}</Name> },
              { key: "kind", title: t("stock.kind"), width: 90, render: (r) => word("itemKind", r.kind) },
              { key: "expected", title: t("stock.expected"), width: 80, right: true, render: (r) => <span className="num">{count(r.expected)}</span> },
              { key: "found", title: t("stock.counted"), width: 80, right: true, render: (r) => <span className="num">{count(r.found)}</span> },
              { key: "state", title: t("stock.result"), width: 110, render: (r) => <Status group="countState" code={r.state} /> },
              { key: "by", title: t("stock.by"), width: 100, render: (r) => <Name>{r.countedBy}</Name> },
              { key: "at", title: t("num.until"), width: 150, render: (r) => <At at={r.countedAt} /> },
              { key: "act", title: "", width: 130, right: true, render: (r) => (r.state === "differing" && r.missing.length > 0 && may("stock.manage") ? <Button size="small" onClick={() => setSettling(r)}>{t("stock.settle")}</Button> : null) },
            ]} />
        )}
      </Loaded>
      {counting && <Count onClose={() => setCounting(false)} />}
      <ReasonDialog open={settling !== null} title={t("stock.settleCount")} note={t("stock.twoPeople")} confirm={t("stock.settleCount")} danger suggestions={[t("stock.whyLose")]} onClose={() => setSettling(null)}
        onConfirm={async (reason) => {
          await post(`/stock/counts/${settling!.id}/settle`, { reason });
          say.success(t("stock.done"));
          await Promise.all(["counts", "levels", "items"].map((k) => client.invalidateQueries({ queryKey: [k] })));
        }} />
    </>
  );
}

function Count({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const houses = useWarehouses();
  const [house, setHouse] = useState("");
  const [kind, setKind] = useState("sim");
  const [text, setText] = useState("");
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const at = house || houses.data?.find((w) => w.org === staff.org)?.id || houses.data?.[0]?.id || "";
  const go = async () => {
    if (busy || !at) return;
    setBusy(true);
    setError(null);
    try {
      const sheet = await post<Sheet>("/stock/counts", { warehouseId: at, kind, serials: lines(text) }, { idempotencyKey: key });
      say[sheet.state === "matching" ? "success" : "warning"](sheet.state === "matching" ? t("stock.countMatches") : `${t("stock.missing")} ${sheet.missing.length} · ${t("stock.surplus")} ${sheet.surplus.length}`);
      await client.invalidateQueries({ queryKey: ["counts"] });
      onClose();
    } catch (cause) { setError(cause); setKey(newKey()); } finally { setBusy(false); }
  };
  return (
    <Modal open onCancel={onClose} title={t("stock.count")} width={520} okText={t("num.save")} cancelText={t("kit.cancel")} onOk={() => void go()} confirmLoading={busy}>
      <div className="form">
        <Field label={t("stock.warehouse")}>{(p) => <Pick id={p.id} width="100%" value={at} onPick={setHouse} options={(houses.data ?? []).map((w) => ({ value: w.id, label: w.name }))} />}</Field>
        <Field label={t("stock.kind")}>{(p) => <Pick id={p.id} width="100%" value={kind} onPick={setKind} options={KINDS.map((k) => ({ value: k, label: word("itemKind", k) }))} />}</Field>
        <Field full label={t("stock.countList")} hint={count(lines(text).length)}>{(p) => <Input.TextArea {...p} autoFocus rows={8} className="mono" value={text} onChange={(e) => setText(e.target.value)} />}</Field>
        {error ? <div className="full"><Failure error={error} /></div> : null}
      </div>
    </Modal>
  );
}
