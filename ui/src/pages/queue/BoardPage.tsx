// The waiting board: readable from five metres, live. The newest call stands on top and is marked for some seconds.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { clock } from "../../lib/format";
import { startLive, useLive } from "../../lib/live";
import { useHere } from "../../lib/here";
import { Failure } from "../../kit/states";
import { either } from "./words";
import type { Board } from "./words";
import "./queue.css";

export default function BoardPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search } = useHere();
  const board = useQuery({ queryKey: ["queueBoard", search.hall], queryFn: () => call<Board>("/queue/board", { query: { hall: search.hall } }), refetchInterval: 15_000, retry: true });
  useEffect(() => { startLive(); document.title = `${t("kiosk.board")} · 一台`; }, [t]);
  useLive((event) => { if (event.type === "reset" || event.topic?.startsWith("queue:")) void client.invalidateQueries({ queryKey: ["queueBoard"] }); });
  const b = board.data;
  if (!b) return <div className="hallscreen board">{board.error ? <div style={{ maxWidth: 640, margin: "20vh auto" }}><Failure error={board.error} what={t("kiosk.board")} retry={() => void board.refetch()} /></div> : null}</div>;
  const [first, ...rest] = b.called;
  const fresh = first && Date.now() - new Date(first.calledAt ?? 0).getTime() < 60_000;
  return (
    <div className="hallscreen board" lang={t("shell.language") ? undefined : "zh"}>
      <header><h1>{b.hallName}</h1><time className="num" dateTime={b.at}>{clock(b.at).slice(0, 5)}</time></header>
      <main>
        <section className="calls" aria-live="polite" aria-label={t("kiosk.serving")}>
          {first ? (
            <div className={`call first${fresh ? " fresh" : ""}`} key={`${first.label}${first.calls}`}>
              <span>{t("kiosk.please")}</span><b className="num">{first.label}</b><span>{t("kiosk.goTo")}</span><b className="num">{first.counter}</b><span>{t("kiosk.counter")}</span>
            </div>
          ) : <div className="call first none">{t("kiosk.empty")}</div>}
          <ul>
            {rest.slice(0, 6).map((c) => <li className="call" key={c.label}><b className="num">{c.label}</b><span>{t("kiosk.counterShort", { n: c.counter })}</span></li>)}
          </ul>
        </section>
        <section className="waits" aria-label={t("kiosk.waitingNow")}>
          <h2>{t("kiosk.waitingNow")}</h2>
          {b.kinds.map((k) => (
            <div className="wait" key={k.kind.code}>
              <span className="letter" aria-hidden>{k.kind.letter}</span>
              <span className="what">{either(k.kind)}</span>
              <b className="num">{k.waiting}</b>
              <small>{k.waiting === 0 ? t("kiosk.nowait") : t("kiosk.minutes", { minutes: Math.max(1, k.expectedMinutes) })}</small>
            </div>
          ))}
        </section>
      </main>
    </div>
  );
}
