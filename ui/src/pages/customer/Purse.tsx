// From a customer to everything about the money: one link each, and M with a letter from the keyboard. What
// somebody may not see is not offered.
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { phone } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { useMay } from "../../lib/session";
import type { FullView, Product } from "./types";

export interface Way { id: "usage" | "left" | "statement" | "books" | "points" | "notices" | "adjust" | "deposits"; letter: string; to: string; search?: Record<string, string>; own?: boolean }
const LIVE = new Set(["active", "suspended", "pendingTerminate", "terminated"]);
/** The product whose usage can be asked about: one with a number, that was in service at some time. */
export const whose = (p: Product): Record<string, string> | null => (p.number && LIVE.has(p.status) ? { number: p.number } : null);

export function useWays(view: FullView, product?: Product): Way[] {
  const may = useMay();
  const id = view.customer.id;
  // Without a number of its own, what is chosen leads to the first number the customer holds.
  const counted = [product, ...view.products.filter((p) => p.status !== "terminated")].find((p) => p && whose(p));
  const of = counted && whose(counted);
  const account = view.accounts.find((a) => a.id === product?.accountId) ?? view.accounts[0];
  const all: (Way | null | false | undefined)[] = [
    of && may("usage.read") && { id: "usage", letter: "u", to: "/app/usage", search: of, own: true },
    of && may("rating.balance") && { id: "left", letter: "l", to: "/app/rating", search: of, own: true },
    may("bill.read") && { id: "statement", letter: "b", to: `/app/statements/${id}` },
    account && may("account.read") && { id: "books", letter: "k", to: `/app/accounts/${account.id}/books` },
    may("payment.read") && { id: "deposits", letter: "s", to: "/app/counter/refunds", search: { tab: "deposits", customer: id } },
    may("adjustment.read") && { id: "adjust", letter: "a", to: "/app/billing/adjustments", search: { customer: id } },
    may("loyalty.read") && { id: "points", letter: "p", to: `/app/customers/${id}`, search: { tab: "points" } },
    may("dunning.read", "message.read") && { id: "notices", letter: "d", to: `/app/customers/${id}`, search: { tab: "notices" } },
  ];
  return all.filter((w): w is Way => !!w);
}

export function Purse({ view, product }: { view: FullView; product?: Product }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ways = useWays(view, product);
  const go = (w: Way) => void navigate({ to: w.to, search: (w.search ?? {}) as never });
  useKeys(Object.fromEntries(ways.map((w) => [`m ${w.letter}`, () => go(w)])));
  if (ways.length === 0) return null;
  return (
    <div className="actrow purse" role="group" aria-label={t("purse.title")}>
      <span className="muted">{t("purse.title")} <kbd>M</kbd></span>
      {ways.map((w) => (
        <Link key={w.id} to={w.to} search={(w.search ?? {}) as never} data-way={w.id} title={[`M ${w.letter.toUpperCase()}`, w.own && phone(w.search?.number)].filter(Boolean).join(" · ")} aria-keyshortcuts={`m ${w.letter}`}>{t(`purse.${w.id}`)} <kbd aria-hidden>{w.letter.toUpperCase()}</kbd></Link>
      ))}
    </div>
  );
}
