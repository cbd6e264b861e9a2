// Free numbers by pattern. The field keeps the focus; arrows move over the numbers, Enter opens one.
import { QuestionCircleOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import { useUrl } from "../../lib/url";
import { Pick } from "../../kit/Pick";
import { Loaded, Nothing } from "../../kit/states";
import { useOptions } from "../../kit/useOptions";
import type { NumberClass, NumberRow } from "./types";

const HELP: [keyof Help, string[]][] = [
  ["exact", ["13900138000"]], ["prefix", ["139*", "1390013*"]], ["suffix", ["*8888", "*520"]], ["contains", ["*0138*", "888"]], ["wild", ["139????8888", "*8?8"]],
  ["same", ["*AAA", "*AAAA"]], ["up", ["*ABCD"]], ["down", ["*DCBA"]], ["shape", ["*AABB", "*ABAB", "*ABBA", "*AAAB"]], ["anywhere", ["*AAA*"]], ["mixed", ["*A8A8", "139????AAAA"]],
];
type Help = { exact: 1; prefix: 1; suffix: 1; contains: 1; wild: 1; same: 1; up: 1; down: 1; shape: 1; anywhere: 1; mixed: 1 };
const COLUMNS = 4;

export function SearchTab() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const [text, setText] = useState(search.q ?? "");
  const [help, setHelp] = useState(false);
  useEffect(() => setText(search.q ?? ""), [search.q]);
  useEffect(() => {
    const timer = setTimeout(() => { if (text !== (search.q ?? "")) set({ q: text || undefined, limit: undefined }); }, 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const limit = Number(search.limit ?? 48);
  const query = { pattern: search.q, class: search.class, no4: search.no4, limit };
  const found = useQuery({ queryKey: ["numbers", query], queryFn: ({ signal }) => call<NumberRow[]>("/numbers", { query, signal }), placeholderData: keepPreviousData, retry: false });
  const classes = useQuery({ queryKey: ["numberClasses"], queryFn: () => call<NumberClass[]>("/number-classes"), staleTime: 300_000 });
  const rows = found.data ?? [];
  const open = (i: number) => { if (rows[i]) set({ number: rows[i].number }); };
  const options = useOptions(rows.length, open, COLUMNS);
  return (
    <>
      <div className="filters">
        <Input
          {...options.input} data-testid="pattern" aria-label={t("num.pattern")} placeholder={t("num.patternHint")} value={text} onChange={(e) => setText(e.target.value)} allowClear autoFocus
          style={{ width: 320 }} suffix={<button type="button" className="linkish" aria-expanded={help} aria-label={t("num.help")} title={t("num.help")} onClick={() => setHelp((on) => !on)}><QuestionCircleOutlined aria-hidden /></button>}
        />
        <Pick label={t("num.class")} value={search.class ?? ""} onPick={(c) => set({ class: c || undefined })}
          options={[{ value: "", label: t("num.anyClass") }, ...(classes.data ?? []).map((c) => ({ value: c.class, label: word("numberClass", c.class) }))]} />
        <label className="tick"><input type="checkbox" checked={search.no4 === "true"} onChange={(e) => set({ no4: e.target.checked ? "true" : undefined })} />{t("num.no4")}</label>
        {found.data && <span className="muted num" role="status">{found.isPlaceholderData ? t("num.searching") : t("num.found", { count: rows.length })}</span>}
      </div>
      {help && (
        <div className="patternhelp">
          {HELP.map(([key, samples]) => (
            <div key={key} className="row" style={{ gap: 10 }}>
              <span className="row" style={{ gap: 4, flex: "none", width: 214, flexWrap: "wrap" }}>{samples.map((s) => <button key={s} type="button" className="filterchip mono" onClick={() => setText(s)}>{s}</button>)}</span>
              <span className="soft">{t(`num.helpRows.${key}`)}</span>
            </div>
          ))}
        </div>
      )}
      <Loaded of={found} what={t("num.search")} rows={8}>
        {() => rows.length === 0 ? <Nothing why={t("num.none")} /> : (
          <>
            <div className="poolgrid" {...options.list} aria-label={t("num.search")}>
              {rows.map((n, i) => (
                <div key={n.number} {...options.option(i)} className={`numcell${i === options.at ? " at" : ""}`} onClick={() => open(i)} onMouseMove={() => options.setAt(i)}>
                  <div className="row spread"><span className="num strong" style={{ fontSize: 15 }}>{n.display}</span>{n.class !== "normal" && <span className="chip gold">{word("numberClass", n.class)}</span>}</div>
                  <div className="muted clip" style={{ fontSize: 12 }}>{n.depositFen || n.minSpendFen ? `${t("num.deposit")} ${yuan(n.depositFen)} · ${t("num.minSpend")} ${yuan(n.minSpendFen)}` : word("numberClass", n.class)}</div>
                </div>
              ))}
            </div>
            {rows.length >= limit && limit < 192 && <div style={{ padding: "0 14px 14px" }}><Button onClick={() => set({ limit: Math.min(192, limit * 2) })}>{t("num.more")}</Button></div>}
          </>
        )}
      </Loaded>
    </>
  );
}
