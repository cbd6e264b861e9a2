// Browse what can be sold. What cannot is greyed with the reason, and cannot be picked.
import { CheckOutlined, PlusOutlined, SearchOutlined, StopOutlined } from "@ant-design/icons";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { language, word } from "../../lib/i18n";
import type { Offering } from "../../lib/types";
import { Panel, Segments } from "../../kit/layout";
import { Pick } from "../../kit/Pick";
import { Failure, Nothing, Waiting } from "../../kit/states";
import { Name } from "../../kit/text";
import { useOptions } from "../../kit/useOptions";
import { MonthlyPrice, OfferingFacts } from "../catalog/OfferingFacts";
import type { CartItem } from "./draft";

const FAMILIES = ["mobile", "broadband", "iptv", "bundle", "option", "device", "fixedVoice", "voip", "data", "leasedLine", "content", "smartHome", "consulting", "group"] as const;
/** Shown as buttons; the others stand in a list behind them. */
const FIRST = 6;
const BANDS: { id: string; min?: number; max?: number }[] = [{ id: "" }, { id: "0-50", max: 4999 }, { id: "50-100", min: 5000, max: 9999 }, { id: "100-200", min: 10000, max: 19999 }, { id: "200+", min: 20000 }];
const SIZE = 40;

export function OfferStep({ add, cart, focus, customerId }: { add: (o: Offering) => void; cart: CartItem[]; focus: number; customerId: string }) {
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const [q, setQ] = useState("");
  const [family, setFamily] = useState("");
  const [band, setBand] = useState("");
  const [all, setAll] = useState(false);
  useEffect(() => { const timer = setTimeout(() => setQ(text.trim()), 160); return () => clearTimeout(timer); }, [text]);
  useEffect(() => { field.current?.focus({ cursor: "all" }); }, [focus]);
  const { min, max } = BANDS.find((b) => b.id === band)!;
  const ask = { q, family, sellable: all ? "" : "true", minPrice: min, maxPrice: max, sort: q ? undefined : "price" };
  const found = useInfiniteQuery({
    queryKey: ["offerings", "sell", ask], initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => list<Offering>("/catalog/offerings", { ...ask, offset: pageParam, limit: SIZE }, signal),
    getNextPageParam: (last, pages) => (last.rows.length < SIZE ? undefined : pages.length * SIZE),
    placeholderData: keepPreviousData,
  });
  const fetched = found.data?.pages.flatMap((p) => p.rows) ?? [];
  const total = found.data?.pages[0]?.total ?? null;
  const inCart = [...new Set(cart.map((c) => c.offering.id))];
  const ids = fetched.map((o) => o.id).slice(0, 100);
  // What this customer may not have is greyed with the reason; until it is known nothing is greyed.
  const reasons = useQuery({
    queryKey: ["why-not", customerId, ids, inCart], enabled: ids.length > 0, staleTime: 60_000, placeholderData: keepPreviousData, retry: false,
    queryFn: ({ signal }) => call<{ offeringId: string; zh: string; en: string; hintZh: string; hintEn: string }[]>(`/customers/${customerId}/offerings/why-not`, { query: { ids: ids.join(","), cart: inCart.join(",") }, signal }),
  });
  const against = new Map<string, string[]>();
  for (const r of reasons.data ?? []) against.set(r.offeringId, [...(against.get(r.offeringId) ?? []), language() === "en" ? r.en : r.zh]);
  const why = (o: Offering) => (o.sellable === false ? [o.whyNot ?? t("sell.notSellable")] : (against.get(o.id) ?? []));
  const ok = (o: Offering) => why(o).length === 0;
  // What can be had comes first, each part in the order asked for.
  const rows = [...fetched.filter(ok), ...fetched.filter((o) => !ok(o))];
  const pick = (i: number) => { const o = rows[i]; if (o && ok(o)) add(o); };
  const options = useOptions(rows.length, pick);
  return (
    <Panel flush>
      <div className="filters">
        <Input ref={field} autoFocus style={{ width: 300 }} prefix={<SearchOutlined aria-hidden />} value={text} maxLength={120} placeholder={t("offering.search")} aria-label={t("offering.search")}
          onChange={(e) => { setText(e.target.value); options.reset(); }} {...options.input} />
        <Segments label={t("product.family")} at={family} onPick={setFamily} items={[{ id: "", title: t("kit.any") }, ...FAMILIES.slice(0, FIRST).map((f) => ({ id: f as string, title: word("family", f) }))]} />
        <Pick width={112} label={t("sale.moreFamilies")} value={FAMILIES.indexOf(family as never) >= FIRST ? family : ""} onPick={setFamily} options={[{ value: "", label: t("sale.moreFamilies") }, ...FAMILIES.slice(FIRST).map((f) => ({ value: f as string, label: word("family", f) }))]} />
        <Segments label={t("offering.byPrice")} at={band} onPick={setBand} items={BANDS.map((b) => ({ id: b.id, title: b.id ? `¥${b.id}` : t("sell.anyPrice") }))} />
        <label className="tick"><input type="checkbox" checked={all} onChange={(e) => setAll(e.target.checked)} />{t("sell.showAll")}</label>
        {total !== null && <span className="muted num" style={{ marginLeft: "auto" }}>{t("offering.total", { count: total, shown: total.toLocaleString("en-US") })}</span>}
      </div>
      {found.error ? <div style={{ padding: 12 }}><Failure error={found.error} what={t("nav.catalog")} retry={() => void found.refetch()} /></div>
        : found.isPending ? <Waiting rows={8} />
        : rows.length === 0 ? <Nothing why={t("offering.noneFound")} action={<Button onClick={() => { setText(""); setFamily(""); setBand(""); }}>{t("kit.clearFilters")}</Button>} />
        : (
          <>
            <ul className="offers" {...options.list} aria-label={t("nav.catalog")} tabIndex={-1} onScroll={(e) => { const el = e.currentTarget; if (el.scrollHeight - el.scrollTop - el.clientHeight < 200 && found.hasNextPage && !found.isFetching) void found.fetchNextPage(); }}>
              {rows.map((o, i) => {
                const has = cart.filter((c) => c.offering.id === o.id).length;
                return (
                  <li key={o.id} {...options.option(i)} aria-disabled={!ok(o)} className={`offer${ok(o) ? "" : " off"}`} onMouseMove={() => { if (options.at !== i) options.setAt(i); }} onClick={() => pick(i)}>
                    <div style={{ minWidth: 0 }}>
                      <Name className={ok(o) ? "strong" : "soft"}>{o.name}</Name>
                      {ok(o) ? <OfferingFacts offering={o} /> : <span className="warn wrap" style={{ fontSize: 12 }}><StopOutlined aria-hidden /> <bdi>{why(o).join(language() === "en" ? "; " : "；")}</bdi></span>}
                    </div>
                    <div className="price"><MonthlyPrice offering={o} /></div>
                    <span className="right">{has > 0 ? <span className="ok"><CheckOutlined aria-hidden /> {t("sell.inCart", { count: has })}</span> : ok(o) ? <span className="soft"><PlusOutlined aria-hidden /> {t("sell.add")}</span> : <span className="muted">{t("sell.cannot")}</span>}</span>
                  </li>
                );
              })}
            </ul>
            <div className="pager"><span><kbd>↑</kbd> <kbd>↓</kbd> {t("palette.move")} · <kbd>Enter</kbd> {t("sell.add")} · <kbd>F8</kbd> {t("help.sellNext")}</span></div>
          </>
        )}
    </Panel>
  );
}
