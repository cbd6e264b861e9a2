// Columns of audit sheets in lists.
import type { TFunction } from "i18next";
import { Link } from "@tanstack/react-router";
import type { Column } from "../../kit/DataTable";
import { Status } from "../../kit/Status";
import { Money, Name } from "../../kit/text";
import type { SheetRow } from "./types";

export const sheetColumns = (t: TFunction): Column<SheetRow>[] => [
  { key: "day", title: t("takings.day"), width: 108, lead: true, render: (r) => <Link to="/app/cashier/sheets/$id" params={{ id: r.id }} className="num">{r.day}</Link> },
  { key: "hall", title: t("takings.hall"), render: (r) => <Name>{r.hall}</Name> },
  { key: "state", title: t("takings.state"), width: 150, render: (r) => <Status group="sheetState" code={r.state} /> },
  { key: "shifts", title: t("takings.shifts"), width: 70, right: true, render: (r) => <span className="num">{r.shifts}</span> },
  { key: "taken", title: t("takings.taken"), width: 130, right: true, render: (r) => <Money fen={r.takenFen} tone /> },
  { key: "difference", title: t("takings.difference"), width: 110, right: true, render: (r) => (r.differenceFen === 0 ? <span className="muted num">0.00</span> : <span className="num bad">{r.differenceFen > 0 ? "+" : ""}<Money fen={r.differenceFen} sign={false} /></span>) },
  { key: "due", title: t("takings.due"), width: 150, render: (r) => (r.due === null ? <span className="muted">—</span> : <span className={`num ${r.overdue ? "bad" : ""}`}>{r.due}{r.overdue ? ` ${t("takings.overdue")}` : ""}</span>) },
];
