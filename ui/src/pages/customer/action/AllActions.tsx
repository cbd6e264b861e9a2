// Everything that can be done, found by typing: for the chosen product first, then for the customer as a whole.
import { Input, Modal } from "antd";
import type { InputRef } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { titled } from "../../../lib/i18n";
import { useOptions } from "../../../kit/useOptions";
import type { HeldProduct } from "../../../lib/types";
import type { Action } from "./types";

interface Props { product?: HeldProduct; forProduct: Action[]; forCustomer: Action[]; onPick: (action: Action, onProduct: boolean) => void; onClose: () => void }

export function AllActions({ product, forProduct, forCustomer, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const box = useRef<InputRef>(null);
  const wanted = text.trim().toLowerCase();
  const fits = (a: Action) => !wanted || Object.values(a.title).some((x) => x.toLowerCase().includes(wanted)) || a.business.toLowerCase().includes(wanted);
  const rows = [...forProduct.map((action) => ({ action, onProduct: true })), ...forCustomer.map((action) => ({ action, onProduct: false }))].filter((r) => fits(r.action));
  const options = useOptions(rows.length, (i) => { const r = rows[i]; if (r) onPick(r.action, r.onProduct); });
  return (
    <Modal open onCancel={onClose} footer={null} width={560} title={t("action.all")} styles={{ body: { padding: 0 } }} afterOpenChange={(shown) => { if (shown) box.current?.focus(); }}>
      <Input ref={box} autoFocus value={text} placeholder={t("action.allHint")} aria-label={t("action.allHint")} onChange={(e) => { setText(e.target.value); options.reset(); }} {...options.input} />
      <div {...options.list} aria-label={t("action.all")} className="allactions">
        {rows.length === 0 && <div className="suggest-none" role="status">{t("action.noMatch", { q: text })}</div>}
        {rows.map((r, i) => (
          <div key={`${r.onProduct}${r.action.business}`} {...options.option(i)} aria-disabled={!r.action.allowed || undefined} className={`suggest-row${i === options.at ? " at" : ""}${r.action.allowed ? "" : " off"}`} onClick={() => onPick(r.action, r.onProduct)}>
            <div className="row spread"><span className="strong">{titled(r.action.title)}</span><span className="muted clip" style={{ maxWidth: 240 }}>{r.onProduct ? product?.name : t("action.forCustomer")}</span></div>
            {!r.action.allowed && <div className="soft" style={{ fontSize: 12 }}><bdi>{r.action.whyNot?.reason}</bdi></div>}
          </div>
        ))}
      </div>
    </Modal>
  );
}
