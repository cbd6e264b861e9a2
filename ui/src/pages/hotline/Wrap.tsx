// Ending a call: why the customer called is mandatory, the summary goes to the timeline.
import { Button, Input } from "antd";
import { useState } from "react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { newKey, post } from "../../lib/api";
import { useKeys } from "../../lib/keys";
import { Field, Panel } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { either } from "./types";
import type { Call, Desk } from "./types";

export function Wrap({ call, wraps, field, onDone }: { call: Call; wraps: Desk["wraps"]; field: RefObject<HTMLSelectElement | null>; onDone: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [summary, setSummary] = useState("");
  const [error, setError] = useState<unknown>(null);
  const end = async () => {
    setError(null);
    try {
      await post(`/calls/${call.id}/wrap`, { wrapCode: code, summary }, { idempotencyKey: newKey() });
      onDone();
    } catch (cause) { setError(cause); }
  };
  useKeys({ "mod+Enter": () => { if (code) void end(); } });
  return (
    <Panel title={t("hotline.wrap")}>
      <form className="stack tight" onSubmit={(e) => { e.preventDefault(); void end(); }}>
        <Field label={t("hotline.wrapCode")}>{(p) => (
          <select id={p.id} ref={field} className="pick" value={code} onChange={(e) => setCode(e.target.value)} style={{ width: "100%" }}>
            <option value="">{t("hotline.wrapPick")}</option>
            {wraps.map((w) => <option key={w.code} value={w.code}>{either(w)}</option>)}
          </select>
        )}</Field>
        <Field label={t("hotline.summary")}>{(p) => <Input.TextArea {...p} rows={3} maxLength={2000} placeholder={t("hotline.summaryHint")} value={summary} onChange={(e) => setSummary(e.target.value)} />}</Field>
        <div><Button type="primary" htmlType="submit" disabled={!code}>{t("hotline.end")} <kbd>Ctrl+↵</kbd></Button></div>
        {error ? <Failure error={error} /> : null}
      </form>
    </Panel>
  );
}
