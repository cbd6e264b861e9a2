// A sale begins with who: find the customer, Enter, and go on.
import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { phone, plainPhone } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { Found, Workbench } from "../../lib/types";
import { PageHead, Panel } from "../../kit/layout";
import { Failure, Nothing } from "../../kit/states";
import { Name } from "../../kit/text";
import { useOptions } from "../../kit/useOptions";
import { Drafts } from "./Drafts";

export default function SellStartPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => { const timer = setTimeout(() => setAsked(text.trim()), 120); return () => clearTimeout(timer); }, [text]);
  const q = /^[\d\s\-+()]+$/.test(asked) ? plainPhone(asked) : asked;
  const find = useQuery({ queryKey: ["find", q], queryFn: ({ signal }) => call<Found>("/find", { query: { q, limit: 12 }, signal }), enabled: q !== "", placeholderData: (old) => old });
  const desk = useQuery({ queryKey: ["workbench"], queryFn: () => call<Workbench>("/workbench") });
  const rows = q ? (find.data?.customers ?? []) : (desk.data?.recentCustomers ?? []);
  const go = (id: string) => void navigate({ to: "/app/sell/$customerId", params: { customerId: id } });
  const options = useOptions(rows.length, (i) => { const c = rows[i]; if (c) go(c.id); });
  return (
    <div className="page" style={{ maxWidth: 920 }}>
      <PageHead title={t("sell.who")} sub={t("sell.whoHint")} />
      <Panel flush>
        <div className="filters">
          <Input autoFocus size="large" prefix={<SearchOutlined aria-hidden />} value={text} maxLength={120} placeholder={t("palette.placeholder")} aria-label={t("sell.who")}
            onChange={(e) => { setText(e.target.value); options.reset(); }} {...options.input} />
        </div>
        {find.error && q ? <Failure error={find.error} what={t("palette.search")} retry={() => void find.refetch()} /> : null}
        {!q && rows.length > 0 && <div className="muted" style={{ padding: "8px 14px 2px", fontSize: 12 }}>{t("home.recentCustomers")}</div>}
        {rows.length === 0 ? (
          q && find.isFetched
            ? <Nothing why={t("customer.noneFound", { q })} action={<Link to="/app/customers" search={{ new: "1", q } as never}>{t("palette.newCustomer")}</Link>} />
            : <Nothing why={t("sell.whoHint")} />
        ) : (
          <ul {...options.list} aria-label={t("nav.customers")}>
            {rows.map((c, i) => (
              <li key={c.id} {...options.option(i)} className="offer" style={{ gridTemplateColumns: "minmax(0,1fr) 130px 150px 110px" }} onMouseEnter={() => options.setAt(i)} onClick={() => go(c.id)}>
                <Name className="strong">{c.name}</Name>
                <span className="num">{phone(c.phone)}</span>
                <span className="num muted">{c.customerNo}</span>
                <span className="right">{c.match ? <span className="chip">{word("match", c.match)}</span> : c.grade ? <span className="muted">{word("grade", c.grade)}</span> : null}</span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {!q && <Drafts />}
    </div>
  );
}
