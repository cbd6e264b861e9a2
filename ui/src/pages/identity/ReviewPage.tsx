// Doubtful pairs, side by side: A the same, R not the same, S later. The next pairs are here before they are asked for.
import { CheckOutlined, CloseOutlined, StepForwardOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { list, newKey, post } from "../../lib/api";
import { dateTime, phone } from "../../lib/format";
import { comma, word } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { useUrl } from "../../lib/url";
import { PageHead, Panel, Segments } from "../../kit/layout";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { say } from "../../kit/toast";
import type { Finding, PairRow, RecordRow } from "./types";
import "./identity.css";

const STATES = ["open", "skipped", "accepted", "rejected"] as const;
type Verdict = "accept" | "reject" | "skip";

export default function ReviewPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, set } = useUrl();
  const state = STATES.find((s) => s === search.state) ?? "open";
  const [done, setDone] = useState<string[]>([]);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // Ten at a time: the next one is on the page while this one is decided.
  const found = useQuery({ queryKey: ["pairs", state], queryFn: () => list<PairRow>("/identity/pairs", { state, limit: 10 }) });
  const rows = (found.data?.rows ?? []).filter((p) => !done.includes(p.key));
  const pair = rows[0];
  const decides = state === "open" || state === "skipped";
  const decide = async (verdict: Verdict) => {
    if (!pair || busy || !decides) return;
    setBusy(true);
    setError(null);
    try {
      await post(`/identity/pairs/${pair.key}/decide`, { verdict, note }, { idempotencyKey: newKey() });
      setDone((all) => [...all, pair.key]);
      setNote("");
      say.success(`${t(`review.${verdict}`)} · ${t("review.decided")}`);
      if (rows.length <= 3) await client.invalidateQueries({ queryKey: ["pairs"] });
    } catch (cause) { setError(cause); } finally { setBusy(false); }
  };
  useKeys({ a: () => void decide("accept"), r: () => void decide("reject"), s: () => void decide("skip") }, { off: !decides });
  const left = Math.max(0, (found.data?.total ?? 0) - done.length);
  return (
    <div className="page">
      <PageHead title={t("review.title")} sub={state === "open" && found.data ? (left > 10_000 ? t("review.many") : t("review.left", { count: left })) : undefined}>
        <Segments label={t("review.state")} at={state} onPick={(s) => { setDone([]); set({ state: s === "open" ? undefined : s }); }} items={STATES.map((s) => ({ id: s, title: t(`review.${s}`) }))} />
        <Link to="/app/identity">{t("identity.title")}</Link>
      </PageHead>
      <Loaded of={found} what={t("review.title")}>{() => (decides ? (!pair ? <Panel><Nothing why={t("review.none")} action={<Link to="/app/identity" search={{ tab: "runs" } as never}>{t("identity.runs")}</Link>} /></Panel> : (
        <>
          <Side pair={pair} />
          {error ? <Failure error={error} what={t("review.title")} retry={() => { setError(null); void client.invalidateQueries({ queryKey: ["pairs"] }); }} /> : null}
          <div className="panel reviewbar">
            <Input value={note} onChange={(e) => setNote(e.target.value)} maxLength={200} placeholder={t("review.note")} aria-label={t("review.note")} style={{ maxWidth: 320 }} />
            <span className="muted clip grow">{t("review.undoNote")}</span>
            <Button icon={<StepForwardOutlined aria-hidden />} onClick={() => void decide("skip")}>{t("review.skip")} <kbd>S</kbd></Button>
            <Button danger icon={<CloseOutlined aria-hidden />} onClick={() => void decide("reject")}>{t("review.reject")} <kbd>R</kbd></Button>
            <Button type="primary" icon={<CheckOutlined aria-hidden />} onClick={() => void decide("accept")}>{t("review.accept")} <kbd>A</kbd></Button>
          </div>
        </>
      )) : rows.length === 0 ? <Panel><Nothing why={t("review.none")} /></Panel> : <>{rows.map((p) => <Side key={p.key} pair={p} />)}</>)}</Loaded>
    </div>
  );
}

const FEATURES: [Finding["feature"], (r: RecordRow) => string][] = [
  ["name", (r) => r.name],
  ["certificate", (r) => (r.certificate ? `${word("realname.kinds", r.certificateType)} ${r.certificate}` : "")],
  ["phone", (r) => r.phones.map((p) => phone(p)).join(comma())],
  ["address", (r) => r.address],
  ["birth", (r) => r.birth],
];

function Side({ pair }: { pair: PairRow }) {
  const { t } = useTranslation();
  const of = (f: Finding["feature"]) => pair.findings.find((x) => x.feature === f);
  return (
    <section className="panel" aria-label={`${pair.left.name} – ${pair.right.name}`}>
      <header>
        <h2>{t("review.points", { points: pair.points })}</h2>
        <div className="acts"><span className="muted">{word("review.whyHere", pair.why)}{pair.decidedBy ? ` · ${t("review.by", { by: pair.decidedBy, at: dateTime(pair.decidedAt) })}` : ""}</span></div>
      </header>
      <table className="sides">
        <thead><tr><th scope="col"><span className="sr">{t("review.why")}</span></th><th scope="col">{word("sourceNames", pair.left.source)} <span className="num muted">{pair.left.source === "crm" ? "" : pair.left.sourceId}</span></th><th scope="col">{word("sourceNames", pair.right.source)} <span className="num muted">{pair.right.source === "crm" ? "" : pair.right.sourceId}</span></th><th scope="col">{t("review.why")}</th></tr></thead>
        <tbody>
          {FEATURES.map(([name, text]) => {
            const finding = of(name);
            const [l, r] = [text(pair.left), text(pair.right)];
            if (!l && !r) return null;
            return (
              <tr key={name}>
                <th scope="row">{t(`review.feature.${name}`)}</th>
                <td><Marked text={l} other={r} /></td><td><Marked text={r} other={l} /></td>
                <td>{finding && <span className={`finding ${finding.finding}`}>{word("review.finding", finding.finding)}<span className="num">{finding.points > 0 ? ` +${finding.points}` : finding.points < 0 ? ` ${finding.points}` : ""}</span></span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Letters that the other side does not have, in order: the longest common part stays plain. */
function Marked({ text, other }: { text: string; other: string }) {
  if (!text) return <span className="muted">—</span>;
  if (!other || text === other) return <bdi className="wrap">{text}</bdi>;
  const [a, b] = [[...text], [...other]];
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
  // Two texts that have little in common are not compared letter by letter.
  if (length[0]![0]! * 2 < Math.min(a.length, b.length)) return <bdi className="wrap"><mark>{text}</mark></bdi>;
  const parts: { text: string; same: boolean }[] = [];
  for (let i = 0, j = 0; i < a.length; i++) {
    while (j < b.length && a[i] !== b[j] && length[i]![j + 1]! > length[i + 1]![j]!) j++;
    const same = j < b.length && a[i] === b[j];
    if (same) j++;
    const last = parts.at(-1);
    if (last && last.same === same) last.text += a[i]; else parts.push({ text: a[i]!, same });
  }
  return <bdi className="wrap">{parts.map((p, i) => (p.same ? <span key={i}>{p.text}</span> : <mark key={i}>{p.text}</mark>))}</bdi>;
}
