// Pickers of the trade: one field each for a customer, an account, an offering, an address, a SIM card, a device. Numbers,
// which are locked while they are picked, have a file of their own.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, list } from "../../lib/api";
import { phone, plainPhone, traffic, yuan } from "../../lib/format";
import { word } from "../../lib/i18n";
import type { AccountRow, CustomerView, FoundCustomer, Offering } from "../../lib/types";
import { Suggest } from "./Suggest";
import type { Control } from "./Suggest";

export { NumberPicker } from "./NumberPicker";
export type { PickedNumber } from "./NumberPicker";
export { Suggest } from "./Suggest";
export type { Control } from "./Suggest";

const plainQ = (q: string) => (/^[\d\s\-+()]+$/.test(q) ? plainPhone(q) : q);

/** A customer by telephone, name, pinyin, certificate, account or number. */
export function CustomerPicker({ value, shown, onPick, except, ...control }: Control & {
  value: string | null; shown?: string; onPick: (customer: FoundCustomer | null) => void; except?: string;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(shown ?? "");
  return (
    <Suggest<FoundCustomer>
      {...control} label={t("picker.customer")} placeholder={t("picker.customerHint")} shown={value ? name || value : ""} source="customer" min={1}
      search={async (q, signal) => (await call<FoundCustomer[]>("/customers", { query: { q: plainQ(q), limit: 8 }, signal })).filter((c) => c.id !== except)}
      keyOf={(c) => c.id} onPick={(c) => { setName(c ? `${c.name} · ${phone(c.phone)}` : ""); onPick(c); }}
      row={(c) => (
        <div className="row">
          <bdi className="clip strong" style={{ flex: "0 1 120px" }}>{c.name}</bdi>
          <span className="num">{phone(c.phone)}</span>
          <span className="clip muted grow">{c.customerNo}</span>
          {c.match && <span className="chip">{word("match", c.match)}</span>}
        </div>
      )}
    />
  );
}

/** One of a customer's billing accounts, or of another payer when `customerId` is theirs. */
export function AccountPicker({ customerId, value, onPick, ...control }: Control & { customerId: string; value: string | null; onPick: (account: AccountRow | null) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  return (
    <Suggest<AccountRow>
      {...control} label={t("picker.account")} placeholder={t("picker.accountHint")} shown={value ? name || value : ""} source={`account:${customerId}`}
      search={async (q, signal) => {
        const view = await call<CustomerView>(`/customers/${customerId}/view`, { signal });
        return view.accounts.filter((a) => !q || a.accountNo.includes(q) || (a.name ?? "").includes(q));
      }}
      keyOf={(a) => a.id} onPick={(a) => { setName(a ? `${a.accountNo} ${a.name ?? ""}` : ""); onPick(a); }}
      row={(a) => <div className="row"><span className="num strong">{a.accountNo}</span><bdi className="clip grow muted">{a.name}</bdi><span className="num">{yuan(a.balanceFen)}</span></div>}
    />
  );
}

/** An offering on sale; `filter` narrows it (family, status, area, audience …) exactly as the catalogue's list does. */
export function OfferingPicker({ value, shown, filter, onPick, ...control }: Control & {
  value: string | null; shown?: string; filter?: Record<string, string> | null; onPick: (offering: Offering | null) => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(shown ?? "");
  return (
    <Suggest<Offering>
      {...control} label={t("picker.offering")} placeholder={t("picker.offeringHint")} shown={value ? name || value : ""} source={`offering:${JSON.stringify(filter ?? {})}`}
      search={async (q, signal) => (await list<Offering>("/catalog/offerings", { sellable: true, limit: 30, ...filter, q }, signal)).rows}
      keyOf={(o) => o.id} whyNot={(o) => (o.sellable === false ? (o.whyNot ?? t("sell.notSellable")) : null)}
      onPick={(o) => { setName(o?.name ?? ""); onPick(o); }}
      row={(o) => (
        <div className="row">
          <span className="grow" style={{ minWidth: 0 }}><bdi className="clip">{o.name}</bdi><OfferingFacts of={o} /></span>
          <span className="chip">{word("family", o.family)}</span>
          <span className="num strong" style={{ minWidth: 76, textAlign: "right" }}>{o.priceFen === null ? (o.priceText ?? "—") : yuan(o.priceFen)}</span>
        </div>
      )}
    />
  );
}

function OfferingFacts({ of }: { of: Offering }) {
  const { t } = useTranslation();
  const a = of.allowances ?? {};
  const facts = [
    a.dataMb ? traffic(a.dataMb) : "", a.voiceMin ? t("offering.minutes", { count: a.voiceMin }) : "", a.broadbandMbps ? `${a.broadbandMbps} Mbps` : "",
    of.contractMonths ? t("offering.contract", { count: of.contractMonths }) : "",
  ];
  return <span className="clip muted" style={{ fontSize: 12 }}>{facts.filter(Boolean).join(" · ")}</span>;
}

interface Place { id?: string; text?: string; address?: string; fullAddress?: string; name?: string; serviceable?: boolean; maxMbps?: number | null }
const placeText = (p: Place | string) => (typeof p === "string" ? p : (p.text ?? p.fullAddress ?? p.address ?? p.name ?? ""));

/** An address: known ones are offered while typing, and any text is taken as it is written. */
export function AddressPicker({ value, suggestion, onText, ...control }: Control & { value: string; suggestion?: string | null; onText: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <Suggest<Place | string>
      {...control} label={t("picker.address")} placeholder={t("picker.addressHint")} shown={value} source={`address:${suggestion ?? ""}`} none={t("picker.addressFree")}
      search={async (q, signal) => {
        const own = suggestion && (!q || suggestion.includes(q)) ? [suggestion] : [];
        if (q.length < 2) return own;
        try {
          const got = await call<(Place | string)[]>("/addresses", { query: { q, limit: 8 }, signal });
          return [...own, ...(Array.isArray(got) ? got : [])].filter((p) => placeText(p));
        } catch { return own; }
      }}
      keyOf={(p) => (typeof p === "string" ? p : (p.id ?? placeText(p)))} onText={onText} onPick={(p) => { if (p) onText(placeText(p)); }}
      row={(p) => <bdi className="wrap" style={{ whiteSpace: "normal" }}>{placeText(p)}</bdi>}
    />
  );
}

interface Sim { iccid: string; imsi?: string; profile?: string; warehouse?: string; warehouseName?: string; state?: string }
/** A SIM card in the stock of one's own hall; typing or scanning its ICCID narrows the list. */
export function SimPicker({ value, onPick, ...control }: Control & { value: string | null; onPick: (iccid: string | null) => void }) {
  const { t } = useTranslation();
  return (
    <Suggest<Sim>
      {...control} label={t("picker.sim")} placeholder={t("picker.simHint")} shown={value ?? ""} source="sim" none={t("picker.simNone")}
      search={async (q, signal) => (await list<Sim>("/sims", { state: "inStock", q, limit: 20 }, signal)).rows}
      keyOf={(s) => s.iccid} onPick={(s) => onPick(s?.iccid ?? null)}
      row={(s) => <div className="row"><span className="num mono grow">{s.iccid}</span><span className="muted clip">{s.profile ?? ""}</span><span className="muted clip">{s.warehouseName ?? s.warehouse ?? ""}</span></div>}
    />
  );
}

interface Device { serial: string; model?: string; name?: string; kind?: string; warehouseName?: string }
/** A device in the stock of one's own hall, by serial number, model or kind. */
export function DevicePicker({ value, kind, onPick, ...control }: Control & { value: string | null; kind?: string; onPick: (serial: string | null) => void }) {
  const { t } = useTranslation();
  return (
    <Suggest<Device>
      {...control} label={t("picker.device")} placeholder={t("picker.deviceHint")} shown={value ?? ""} source={`device:${kind ?? ""}`} none={t("picker.deviceNone")}
      search={async (q, signal) => (await list<Device>("/devices", { state: "inStock", kind, q, limit: 20 }, signal)).rows}
      keyOf={(d) => d.serial} onPick={(d) => onPick(d?.serial ?? null)}
      row={(d) => <div className="row"><span className="num mono grow">{d.serial}</span><bdi className="clip">{d.model ?? d.name}</bdi><span className="muted clip">{d.warehouseName ?? ""}</span></div>}
    />
  );
}
