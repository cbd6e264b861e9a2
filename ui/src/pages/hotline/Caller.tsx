// Who is on the line, and finding out whether that is true.
import { CheckCircleFilled, SafetyOutlined, WarningFilled } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import type { InputRef } from "antd";
import { useEffect, useState } from "react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { call as ask, post } from "../../lib/api";
import { language, word } from "../../lib/i18n";
import { Facts, Field, Panel } from "../../kit/layout";
import { Failure } from "../../kit/states";
import { either } from "./types";
import type { Call, Method } from "./types";

export function Caller({ call, methods, tries, onChange, onVerified, send }: {
  call: Call; methods: Method[]; tries: RefObject<InputRef | null>; onChange: (call: Call) => void; onVerified: () => void; send: () => void;
}) {
  const { t } = useTranslation();
  const [method, setMethod] = useState("certificateTail");
  const [value, setValue] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const tick = () => setSeconds(Math.max(0, Math.round((Date.now() - new Date(call.beganAt).getTime()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [call.beganAt]);
  const chosen = methods.find((m) => m.code === method);
  const verify = async () => {
    setError(null);
    try {
      onChange(await post<Call>(`/calls/${call.id}/verify`, { method, value }));
      setValue("");
      onVerified();
    } catch (cause) {
      setError(cause);
      setValue("");
      onChange(await ask<Call>(`/calls/${call.id}`));
    }
  };
  const who = call.customer;
  const tone = call.level === "full" ? "ok" : call.level === "basic" ? "info" : "";
  return (
    <Panel title={<span className="num">{call.number}</span>} acts={<span className="num" aria-label={t("hotline.duration")}>{Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, "0")}</span>}>
      <div className="stack">
        <div className={`banner ${tone}`} role="status">{call.level === "none" ? <WarningFilled aria-hidden /> : call.level === "basic" ? <SafetyOutlined aria-hidden /> : <CheckCircleFilled aria-hidden />}<span className="grow">{word("callLevel", call.level)}</span>{call.failures > 0 && <span>{t("hotline.left", { count: call.failures })}</span>}</div>
        {who && (
          <>
            <Facts two items={[
              [t("porting.customer"), who.masked ? <bdi key="n" className="strong">{who.name}</bdi> : <Link key="l" className="strong" to="/app/customers/$id" params={{ id: who.id }}><bdi>{who.name}</bdi></Link>],
              [t("porting.number"), <span key="p" className="num">{who.phone || "—"}</span>],
              ...(who.masked ? [] : [[t("porting.certificate"), <span key="c" className="num">{who.certificate || "—"}</span>], [t("customer.grade"), who.grade ? word("grade", who.grade) : "—"]] as [string, React.ReactNode][]),
            ]} />
            {who.masked && <span className="muted">{t("hotline.masked")}</span>}
            {call.level !== "full" && (
              <form className="stack tight" onSubmit={(e) => { e.preventDefault(); void verify(); }}>
                <div className="segs" role="group" aria-label={t("hotline.verify")} style={{ flexWrap: "wrap" }}>
                  {methods.map((m) => <button key={m.code} type="button" aria-pressed={m.code === method} disabled={call.methods.includes(m.code)} onClick={() => { setMethod(m.code); setError(null); tries.current?.focus(); }}>{either(m)}</button>)}
                </div>
                <Field label={t("hotline.answerHint")} hint={chosen ? `${t("hotline.say")}：${language() === "en" ? chosen.enAsk : chosen.zhAsk}` : undefined}>
                  {(p) => <Input {...p} ref={tries} autoFocus autoComplete="off" maxLength={40} value={value} onChange={(e) => setValue(e.target.value)} />}
                </Field>
                <div className="row wraps"><Button type="primary" htmlType="submit" disabled={!value.trim()}>{t("hotline.tryIt")}</Button>{method === "oneTimeCode" && <Button onClick={send}>{t("hotline.sentCode")}</Button>}</div>
                {error ? <Failure error={error} /> : null}
              </form>
            )}
          </>
        )}
      </div>
    </Panel>
  );
}
