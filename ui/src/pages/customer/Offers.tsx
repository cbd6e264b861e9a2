// The next best offer, each with the reason the records give for it. Nothing to recommend means nothing is shown.
import { BulbOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { yuan } from "../../lib/format";
import { titled, word } from "../../lib/i18n";
import { Panel } from "../../kit/layout";
import { Name } from "../../kit/text";

interface Offer { offeringId: string; name: string; family: string; priceFen: number | null; basis: string; reason: Record<string, string> }

export function Offers({ id, sells }: { id: string; sells: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const found = useQuery({ queryKey: ["recommendations", id], queryFn: () => call<{ recommendations: Offer[] }>(`/customers/${id}/recommendations`), staleTime: 60_000, retry: false });
  const all = found.data?.recommendations ?? [];
  if (all.length === 0) return null;
  return (
    <Panel title={<><BulbOutlined aria-hidden /> {t("v360.offers")}</>} flush>
      <ul className="offers-next">
        {all.slice(0, 3).map((o) => (
          <li key={o.offeringId}>
            <div className="grow">
              <Name className="strong">{o.name}</Name>
              <div className="soft" style={{ fontSize: 12 }}><span className="chip">{t(`v360.basis.${o.basis}` as "v360.basis.need")}</span> <bdi>{titled(o.reason)}</bdi></div>
            </div>
            <span className="right"><span className="num strong">{o.priceFen === null ? "" : yuan(o.priceFen)}</span><br /><span className="muted" style={{ fontSize: 12 }}>{word("family", o.family)}</span></span>
            {sells && <button type="button" className="linkish" onClick={() => void navigate({ to: "/app/sell/$customerId", params: { customerId: id }, search: { offering: o.offeringId } as never })}>{t("v360.take")}</button>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
