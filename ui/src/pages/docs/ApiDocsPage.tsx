// /openapi.json made readable: operations by group, parameters, bodies, the right each one asks for. Nothing from outside.
import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { useUrl } from "../../lib/url";
import { PageHead, Panel } from "../../kit/layout";
import { Loaded, Nothing } from "../../kit/states";
import { operationsOf, permissionOf, schemaText } from "./openapi";
import type { OpenApi, Operation } from "./openapi";

export default function ApiDocsPage() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const doc = useQuery({ queryKey: ["openapi"], queryFn: () => call<OpenApi>("/openapi.json"), staleTime: Infinity });
  return (
    <div className="page">
      <PageHead title={t("nav.apiDocs")} sub={doc.data ? `${doc.data.info?.title ?? ""} ${doc.data.info?.version ?? ""} · OpenAPI ${doc.data.openapi ?? ""}` : undefined}><a href="/openapi.json" download>openapi.json</a></PageHead>
      <Loaded of={doc} what={t("nav.apiDocs")} rows={14}>{(data) => <Browse doc={data} q={search.q ?? ""} at={search.op} set={set} />}</Loaded>
    </div>
  );
}

function Browse({ doc, q, at, set }: { doc: OpenApi; q: string; at?: string; set: (c: Record<string, string | undefined>) => void }) {
  const { t } = useTranslation();
  const all = useMemo(() => operationsOf(doc), [doc]);
  const wanted = q.toLowerCase();
  const shown = all.filter((o) => !wanted || `${o.verb} ${o.path} ${o.summary} ${permissionOf(o)}`.toLowerCase().includes(wanted));
  const groups = [...new Set(shown.map((o) => o.group))];
  const one = all.find((o) => o.key === at) ?? shown[0];
  return (
    <div className="docs">
      <Panel flush className="docs-list">
        <div className="filters"><Input prefix={<SearchOutlined aria-hidden />} allowClear value={q} maxLength={80} aria-label={t("docs.search")} placeholder={t("docs.search")} onChange={(e) => set({ q: e.target.value })} /></div>
        <nav aria-label={t("docs.operations")} className="docs-nav">
          {shown.length === 0 && <Nothing why={t("docs.none")} />}
          {groups.map((g) => (
            <section key={g}>
              <h3 className="docs-group">{g}</h3>
              {shown.filter((o) => o.group === g).map((o) => (
                <button key={o.key} type="button" className={`runrow docs-op${o.key === one?.key ? " on" : ""}`} aria-pressed={o.key === one?.key} onClick={() => set({ op: o.key })} title={o.path}>
                  <span className={`verb ${o.verb}`}>{o.verb.toUpperCase()}</span><span className="mono clip">{o.path}</span>
                </button>
              ))}
            </section>
          ))}
        </nav>
      </Panel>
      {one ? <Detail o={one} doc={doc} /> : null}
    </div>
  );
}

function Detail({ o, doc }: { o: Operation; doc: OpenApi }) {
  const { t } = useTranslation();
  const body = o.requestBody?.content ?? {};
  return (
    <div className="stack">
      <Panel>
        <div className="stack tight">
          <div className="row wraps"><span className={`verb ${o.verb}`}>{o.verb.toUpperCase()}</span><b className="mono wrap" style={{ fontSize: 14 }}>{o.path}</b></div>
          {o.summary && <h2>{o.summary}</h2>}
          {o.description && <p className="soft wrap">{o.description}</p>}
          <div className="row"><span className="muted">{t("docs.permission")}</span><span className="chip mono">{permissionOf(o) || t("docs.noPermission")}</span></div>
        </div>
      </Panel>
      {o.parameters.length > 0 && (
        <Panel title={t("docs.parameters")} flush>
          <table className="data" aria-label={t("docs.parameters")}>
            <thead><tr><th style={{ width: 180 }}>{t("docs.name")}</th><th style={{ width: 80 }}>{t("docs.in")}</th><th style={{ width: 130 }}>{t("docs.type")}</th><th>{t("docs.meaning")}</th></tr></thead>
            <tbody>{o.parameters.map((p) => <tr key={`${p.in}${p.name}`}><td className="mono">{p.name}{p.required && <span className="bad" title={t("docs.required")}> *</span>}</td><td className="muted">{p.in}</td><td className="mono">{schemaText(p.schema, doc, 0)}</td><td className="wrapped">{p.description ?? ""}</td></tr>)}</tbody>
          </table>
        </Panel>
      )}
      {Object.entries(body).map(([media, b]) => <Panel key={media} title={<>{t("docs.body")} <span className="mono muted">{media}</span></>}><pre className="code" tabIndex={0} aria-label={t("docs.body")}>{schemaText(b.schema, doc, 3)}</pre></Panel>)}
      <Panel title={t("docs.answers")} flush>
        <table className="data" aria-label={t("docs.answers")}><tbody>
          {Object.entries(o.responses ?? {}).map(([status, r]) => {
            const schema = Object.values(r.content ?? {})[0]?.schema;
            return <tr key={status}><td style={{ width: 70 }} className={`strong ${/^[45]/.test(status) ? "bad" : "ok"}`}>{status}</td><td className="wrapped">{r.description ?? ""}{schema ? <pre className="code" tabIndex={0} aria-label={`${t("docs.answers")} ${status}`}>{schemaText(schema, doc, 3)}</pre> : null}</td></tr>;
          })}
        </tbody></table>
      </Panel>
    </div>
  );
}
