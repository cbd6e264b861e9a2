// Several to pay for at once: what has been put aside, and what it comes to.
import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Panel } from "../../kit/layout";
import { Money, Name } from "../../kit/text";

export interface Item { key: string; customerId: string; name: string; phone?: string; accountId?: string; accountNo?: string; amountFen: number; campaignId?: string }

export function Basket({ items, current, totalFen, drop }: { items: Item[]; current?: { name: string; amountFen: number }; totalFen: number; drop: (key: string) => void }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("till.basket", { count: items.length + (current ? 1 : 0) })} flush>
      <table className="data" aria-label={t("till.basketLabel")} data-testid="basket">
        <tbody>
          {items.map((i) => (
            <tr key={i.key}><td><Name>{i.name}</Name>{i.accountNo && <span className="muted num"> {i.accountNo}</span>}</td><td className="right" style={{ width: 110 }}><Money fen={i.amountFen} /></td>
              <td className="right" style={{ width: 56 }}><Button type="text" size="small" aria-label={t("till.drop", { name: i.name })} onClick={() => drop(i.key)} icon={<CloseOutlined aria-hidden />} /></td></tr>
          ))}
          {current && <tr><td className="muted"><Name>{current.name}</Name> {t("till.now")}</td><td className="right"><Money fen={current.amountFen} /></td><td /></tr>}
          <tr><td className="strong">{t("till.total")}</td><td className="right strong" data-testid="basket-total"><Money fen={totalFen} /></td><td /></tr>
        </tbody>
      </table>
    </Panel>
  );
}
