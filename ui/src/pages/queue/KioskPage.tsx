// The ticket machine of a hall: kind, priority if wanted, number. Big enough for a finger, and usable from the keypad.
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, newKey, post } from "../../lib/api";
import { useKeys } from "../../lib/keys";
import { Failure } from "../../kit/states";
import { either } from "./words";
import type { Kind, Offer } from "./words";
import "./queue.css";

interface Taken { label: string; ahead: number; expectedMinutes: number }
const BACK_AFTER = 12_000;

export default function KioskPage() {
  const { t } = useTranslation();
  const offer = useQuery({ queryKey: ["queueKinds"], queryFn: () => call<Offer>("/queue/kinds"), retry: true });
  const [priority, setPriority] = useState("");
  const [phone, setPhone] = useState("");
  const [taken, setTaken] = useState<Taken | null>(null);
  const [failed, setFailed] = useState(false);
  const busy = useRef(false);
  const key = useRef(newKey());
  useEffect(() => { document.title = `${t("queue.kiosk")} · 一台`; }, [t]);
  const fresh = useCallback(() => { setTaken(null); setFailed(false); setPriority(""); setPhone(""); key.current = newKey(); }, []);
  useEffect(() => {
    if (!taken && !failed) return;
    const timer = setTimeout(fresh, BACK_AFTER);
    return () => clearTimeout(timer);
  }, [taken, failed, fresh]);
  const take = async (kind: Kind) => {
    if (busy.current) return;
    busy.current = true;
    try {
      setTaken(await post<Taken>("/queue/tickets", { kind: kind.code, priority, phone: /^1\d{10}$/.test(phone.replace(/\D/g, "")) ? phone.replace(/\D/g, "") : "" }, { idempotencyKey: key.current }));
    } catch { setFailed(true); } finally { busy.current = false; }
  };
  const kinds = offer.data?.kinds ?? [];
  useKeys({ ...Object.fromEntries(kinds.slice(0, 9).map((k, i) => [String(i + 1), () => { if (!taken) void take(k); }])), Escape: fresh, Enter: () => (taken || failed ? fresh() : false) });
  if (!offer.data) return <div className="hallscreen kiosk">{offer.error ? <Failure error={offer.error} what={t("queue.kiosk")} retry={() => void offer.refetch()} /> : null}</div>;
  if (taken || failed) {
    return (
      <div className="hallscreen kiosk">
        <div className="ticket" role="alert">
          {taken ? <><span>{t("kiosk.number")}</span><b className="num">{taken.label}</b>
            <span>{taken.ahead === 0 ? t("kiosk.soon") : <>{t("kiosk.ahead", { count: taken.ahead })} · {t("kiosk.about", { minutes: Math.max(1, taken.expectedMinutes) })}</>}</span>
            <span>{t("kiosk.wait")}</span></> : <span>{t("kiosk.failed")}</span>}
          <button type="button" autoFocus onClick={fresh}>{t("kiosk.again")}</button>
        </div>
      </div>
    );
  }
  return (
    <main className="hallscreen kiosk">
      <h1>{t("kiosk.welcome")} · {offer.data.hallName}</h1>
      <section>
        <h2 id="care">{t("kiosk.care")}</h2>
        <div className="care" role="group" aria-labelledby="care">
          {[{ code: "", zh: t("kiosk.none"), en: t("kiosk.none") }, ...offer.data.priorities].map((p) => <button key={p.code} type="button" aria-pressed={priority === p.code} onClick={() => setPriority(p.code)}>{either(p)}</button>)}
        </div>
      </section>
      <label>{t("kiosk.phone")}<input inputMode="numeric" autoComplete="off" maxLength={13} value={phone} onChange={(e) => setPhone(e.target.value)} /></label>
      <section>
        <h2>{t("kiosk.choose")}</h2>
        <div className="kinds">
          {kinds.map((k) => <button key={k.code} type="button" onClick={() => void take(k)}><b aria-hidden>{k.letter}</b>{either(k)}</button>)}
        </div>
      </section>
    </main>
  );
}
