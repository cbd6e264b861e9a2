// A customer's points: joining, paying with them, gifts, corrections, the statement.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { count } from "../../lib/format";
import { language, word } from "../../lib/i18n";
import { useMay } from "../../lib/session";
import { Pager } from "../../kit/DataTable";
import { Pick } from "../../kit/Pick";
import { ReasonDialog } from "../../kit/ReasonDialog";
import { Failure, Loaded, Nothing } from "../../kit/states";
import { Status } from "../../kit/Status";
import { At, Name } from "../../kit/text";
import { say } from "../../kit/toast";
import { Block } from "../customer/tabs";
import { useDo } from "../unit/use";
import { Adjust, End, Pay, Redeem } from "./dialogs";
import { PointsLines, Standing, Years } from "./parts";
import type { PointsLine, PointsPicture, Redemption } from "./parts";

export const POINTS_KEYS = ["points", "gifts", "customer"];
const SIZE = 20;
const KINDS = ["earn", "takeBack", "burn", "redeem", "restore", "expire", "adjust", "forfeit"];

export function PointsTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const picture = useQuery({ queryKey: ["points", id], queryFn: () => call<PointsPicture>(`/customers/${id}/points`) });
  return <Loaded of={picture} what={t("points.title")} rows={6}>{(p) => (p.member ? <Member id={id} picture={p} /> : <Join id={id} />)}</Loaded>;
}

function Join({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const { busy, error, run } = useDo(POINTS_KEYS);
  const go = async () => { if (await run(`/customers/${id}/points/enrol`, {})) say.success(t("points.joined")); };
  return (
    <div className="stack" style={{ padding: 14 }}>
      <Nothing why={t("points.notMember")} action={<span className="stack" style={{ alignItems: "center" }}><span className="soft">{t("points.joinHint")}</span>{may("loyalty.write") && <Button type="primary" loading={busy} onClick={() => void go()}>{t("points.join")}</Button>}</span>} />
      {error ? <Failure error={error} what={t("points.joinTitle")} /> : null}
    </div>
  );
}

function Member({ id, picture }: { id: string; picture: PointsPicture }) {
  const { t } = useTranslation();
  const may = useMay();
  const [doing, setDoing] = useState<"pay" | "redeem" | "adjust" | "end" | null>(null);
  const [undoing, setUndoing] = useState<Redemption | null>(null);
  const [kind, setKind] = useState("");
  const [page, setPage] = useState(1);
  const lines = useQuery({ queryKey: ["points", id, "lines", kind, page], queryFn: ({ signal }) => list<PointsLine>(`/customers/${id}/points/transactions`, { kind, offset: (page - 1) * SIZE, limit: SIZE }, signal), placeholderData: keepPreviousData });
  const gifts = useQuery({ queryKey: ["points", id, "gifts"], queryFn: () => call<Redemption[]>(`/customers/${id}/points/redemptions`) });
  const { error, run } = useDo(POINTS_KEYS);
  const member = picture.member!;
  const writes = may("loyalty.write");
  const active = member.state === "active";
  const state = async (next: string) => { if (await run(`/customers/${id}/points/state`, { state: next })) say.success(t("points.stateDone")); };
  return (
    <>
      <div className="stack" style={{ padding: 14 }}>
        <div className="row spread wraps"><Standing of={picture} />{!active && <Status group="memberState" code={member.state} />}</div>
        <div className="row wraps">
          {writes && active && <Button type="primary" disabled={picture.available < (picture.leastPoints ?? 1)} onClick={() => setDoing("pay")}>{t("points.pay")}</Button>}
          {writes && active && <Button onClick={() => setDoing("redeem")}>{t("points.redeem")}</Button>}
          {may("loyalty.adjust") && <Button onClick={() => setDoing("adjust")}>{t("points.adjust")}</Button>}
          {writes && <Button onClick={() => void state(active ? "suspended" : "active")}>{t(active ? "points.suspend" : "points.resume")}</Button>}
          {writes && <Button onClick={() => setDoing("end")}>{t("points.end")}</Button>}
        </div>
        {error ? <Failure error={error} what={t("points.title")} /> : null}
      </div>
      {picture.years.length > 0 && <Block title={t("points.years")}><Years of={picture} /></Block>}
      {(gifts.data ?? []).length > 0 && (
        <Block title={t("points.redemptions")}>
          <table className="data" aria-label={t("points.redemptions")}><tbody>{gifts.data!.map((g) => (
            <tr key={g.id}><td style={{ width: 140 }}><At at={g.at} /></td><td><Name>{language() === "en" && g.giftNameEn ? g.giftNameEn : g.giftName}</Name></td><td className="right num" style={{ width: 60 }}>×{g.quantity}</td><td className="right num" style={{ width: 90 }}>{count(g.points)}</td><td style={{ width: 90 }}><Name>{g.operator}</Name></td><td className="right" style={{ width: 100 }}>{g.state === "cancelled" ? <Status group="loadState" code="cancelled" /> : writes && <button type="button" className="linkish" onClick={() => setUndoing(g)}>{t("points.cancelRedeem")}</button>}</td></tr>
          ))}</tbody></table>
        </Block>
      )}
      <Block title={t("points.statement")} more={<Pick label={t("points.kind")} value={kind} onPick={(k) => { setKind(k); setPage(1); }} options={[{ value: "", label: t("points.anyKind") }, ...KINDS.map((k) => ({ value: k, label: word("pointsKind", k) }))]} />}>
        <Loaded of={lines} what={t("points.statement")} rows={5}>{(l) => (<><PointsLines lines={l.rows} />{(l.total ?? 0) > SIZE && <Pager page={page} size={SIZE} total={l.total} shown={l.rows.length} onPage={setPage} />}</>)}</Loaded>
      </Block>
      {doing === "pay" && <Pay id={id} picture={picture} onClose={() => setDoing(null)} />}
      {doing === "redeem" && <Redeem id={id} picture={picture} onClose={() => setDoing(null)} />}
      {doing === "adjust" && <Adjust id={id} onClose={() => setDoing(null)} />}
      {doing === "end" && <End id={id} picture={picture} onClose={() => setDoing(null)} />}
      {undoing && <ReasonDialog open danger onClose={() => setUndoing(null)} title={t("points.cancelTitle", { name: undoing.giftName })} note={t("points.cancelNote")} confirm={t("points.cancelRedeem")} suggestions={[t("points.cancelWhy1"), t("points.cancelWhy2")]}
        onConfirm={async (reason) => { if (await run(`/points/redemptions/${undoing.id}/cancel`, { reason })) say.success(t("points.cancelDone")); }} />}
    </>
  );
}
