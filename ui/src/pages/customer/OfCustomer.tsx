// Says that a list shows one customer only, leads back to them, and takes the limit off.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api";
import type { Dues } from "../../lib/types";
import { useUrl } from "../../lib/url";

export function OfCustomer() {
  const { t } = useTranslation();
  const { search, set } = useUrl();
  const id = search.customer;
  const named = useQuery({ queryKey: ["dues", id, "name"], enabled: !!id, staleTime: 60_000, retry: false, queryFn: () => call<Dues>("/counter/dues", { query: { customerId: id } }) });
  if (!id) return null;
  return (
    <span className="row" style={{ gap: 8 }}>
      <Link to="/app/customers/$id" params={{ id }}><bdi>{t("purse.filtered", { name: named.data?.customer.name ?? "…" })}</bdi></Link>
      <button type="button" className="linkish" onClick={() => set({ customer: undefined })}>{t("purse.everybody")}</button>
    </span>
  );
}
