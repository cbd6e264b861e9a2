// The rules of porting with their sources: limits, conditions, what is forbidden and how the system keeps it.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import { DataTable } from "../../kit/DataTable";
import { Panel } from "../../kit/layout";
import { Loaded } from "../../kit/states";
import { Source } from "./parts";
import { either, help } from "./types";
import type { Rules } from "./types";

export function RulesTab() {
  const { t } = useTranslation();
  const rules = useQuery({ queryKey: ["portRules"], queryFn: () => call<Rules>("/portability/rules") });
  return (
    <Loaded of={rules} what={t("porting.rules")}>
      {(r) => (
        <div className="stack">
          <Panel flush title={t("porting.reasonList")}>
            <DataTable rows={r.reasons} rowKey={(x) => x.code} label={t("porting.reasonList")} minWidth={900} columns={[
              { key: "what", title: t("porting.reasons"), wrap: true, width: "34%", lead: true, render: (x) => either(x).replaceAll(/\{\w+\}/g, "…") },
              { key: "help", title: t("porting.help"), wrap: true, width: "33%", render: (x) => help(x) },
              { key: "source", title: t("porting.source"), wrap: true, render: (x) => <Source text={x.source} /> },
            ]} />
          </Panel>
          <Panel flush title={t("porting.prohibitions")}>
            <DataTable rows={r.prohibitions} rowKey={(x) => x.code} label={t("porting.prohibitions")} minWidth={900} columns={[
              { key: "what", title: t("porting.prohibitions"), wrap: true, width: "34%", lead: true, render: (x) => either(x) },
              { key: "kept", title: t("porting.keptBy"), wrap: true, width: "33%", render: (x) => either({ zh: x.keptBy, en: x.keptByEn }) },
              { key: "source", title: t("porting.source"), wrap: true, render: (x) => <Source text={x.source} /> },
            ]} />
          </Panel>
          <Panel flush title={t("porting.settings")}>
            <DataTable rows={r.settings} rowKey={(x) => x.name} label={t("porting.settings")} minWidth={900} columns={[
              { key: "what", title: t("porting.settings"), wrap: true, width: "34%", lead: true, render: (x) => either(x) },
              { key: "value", title: t("porting.value"), width: 90, right: true, render: (x) => <b className="num">{x.value}</b> },
              { key: "range", title: t("porting.allowed"), width: 120, right: true, render: (x) => <span className="num">{x.min === x.max ? x.min : `${x.min}–${x.max}`}</span> },
              { key: "source", title: t("porting.source"), wrap: true, render: (x) => <Source text={x.source} /> },
            ]} />
          </Panel>
        </div>
      )}
    </Loaded>
  );
}
