// The places of the console: their rights, their icons, and the letter after G that leads there, for those that have one.
import {
  AccountBookOutlined, AlertOutlined, ApiOutlined, BankOutlined, CreditCardOutlined, SafetyCertificateOutlined, AppstoreOutlined, AuditOutlined, CalculatorOutlined, CustomerServiceOutlined, DiffOutlined, EnvironmentOutlined, FieldTimeOutlined, MessageOutlined, FileTextOutlined, HomeOutlined, IdcardOutlined, MergeCellsOutlined, InboxOutlined, NotificationOutlined, NumberOutlined, RocketOutlined, ShoppingCartOutlined, SwapOutlined, SyncOutlined, TeamOutlined,
  BarChartOutlined, GiftOutlined, ThunderboltOutlined, ToolOutlined, UserSwitchOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import type { Words } from "../locales/zh";

export interface Place {
  id: keyof Words["nav"]; to: string; icon: ComponentType<{ "aria-hidden"?: boolean }>; anyOf: string[]; letter?: string; group: "work" | "rule";
  /** Shown in the rail; the others are reached through the palette and through links. */
  rail: boolean;
}
export const PLACES: Place[] = [
  { id: "home", to: "/app", icon: HomeOutlined, anyOf: [], letter: "h", group: "work", rail: true },
  { id: "customers", to: "/app/customers", icon: TeamOutlined, anyOf: ["customer.read"], letter: "c", group: "work", rail: true },
  { id: "sell", to: "/app/sell", icon: ShoppingCartOutlined, anyOf: ["order.create"], letter: "s", group: "work", rail: true },
  { id: "orders", to: "/app/orders", icon: FileTextOutlined, anyOf: ["order.read"], letter: "o", group: "work", rail: true },
  { id: "counter", to: "/app/counter", icon: AccountBookOutlined, anyOf: ["payment.take"], letter: "p", group: "work", rail: true },
  { id: "usage", to: "/app/usage", icon: BarChartOutlined, anyOf: ["usage.read"], group: "work", rail: true },
  { id: "rating", to: "/app/rating", icon: CalculatorOutlined, anyOf: ["rating.balance", "rating.read"], group: "work", rail: true },
  { id: "units", to: "/app/units", icon: BankOutlined, anyOf: ["unit.read"], group: "work", rail: true },
  { id: "points", to: "/app/points", icon: GiftOutlined, anyOf: ["loyalty.read"], group: "work", rail: false },
  { id: "hotline", to: "/app/hotline", icon: CustomerServiceOutlined, anyOf: ["call.take"], letter: "t", group: "work", rail: true },
  { id: "queue", to: "/app/queue", icon: NotificationOutlined, anyOf: ["queue.serve"], letter: "q", group: "work", rail: true },
  { id: "porting", to: "/app/porting", icon: SwapOutlined, anyOf: ["portability.read"], letter: "x", group: "work", rail: true },
  { id: "fallout", to: "/app/fallout", icon: ThunderboltOutlined, anyOf: ["fallout.read"], letter: "f", group: "work", rail: true },
  { id: "interchange", to: "/app/interchange", icon: SyncOutlined, anyOf: ["interchange.read"], group: "work", rail: true },
  { id: "catalog", to: "/app/catalog", icon: AppstoreOutlined, anyOf: ["catalog.read"], letter: "b", group: "work", rail: true },
  { id: "launches", to: "/app/launches", icon: RocketOutlined, anyOf: ["catalog.launch", "catalog.approve"], letter: "l", group: "work", rail: true },
  { id: "discounts", to: "/app/discounts", icon: AppstoreOutlined, anyOf: ["discount.request", "discount.approve", "catalog.launch", "catalog.approve"], letter: "j", group: "work", rail: false },
  { id: "numbers", to: "/app/resources/numbers", icon: NumberOutlined, anyOf: ["number.read"], letter: "m", group: "work", rail: true },
  { id: "stock", to: "/app/resources/stock", icon: InboxOutlined, anyOf: ["stock.read"], letter: "k", group: "work", rail: true },
  { id: "places", to: "/app/resources/places", icon: EnvironmentOutlined, anyOf: ["place.read"], letter: "e", group: "work", rail: true },
  { id: "realname", to: "/app/realname", icon: IdcardOutlined, anyOf: ["realname.verify", "realname.read", "standing.read"], letter: "v", group: "work", rail: true },
  { id: "identity", to: "/app/identity", icon: MergeCellsOutlined, anyOf: ["identity.read"], letter: "w", group: "work", rail: true },
  { id: "identityReview", to: "/app/identity/review", icon: MergeCellsOutlined, anyOf: ["identity.review"], letter: "g", group: "work", rail: false },
  { id: "cashier", to: "/app/cashier", icon: SafetyCertificateOutlined, anyOf: ["cashier.read", "moneycheck.read"], letter: "0", group: "work", rail: true },
  { id: "collection", to: "/app/collection", icon: BankOutlined, anyOf: ["collection.read"], letter: "-", group: "work", rail: true },
  { id: "figures", to: "/app/figures", icon: BarChartOutlined, anyOf: ["figures.read"], letter: "=", group: "work", rail: true },
  { id: "rechargeCards", to: "/app/recharge-cards", icon: CreditCardOutlined, anyOf: ["rechargecard.redeem", "rechargecard.read"], letter: ".", group: "work", rail: false },
  { id: "prepay", to: "/app/prepay", icon: GiftOutlined, anyOf: ["prepay_campaign.write"], letter: "5", group: "work", rail: false },
  { id: "dunning", to: "/app/dunning", icon: FieldTimeOutlined, anyOf: ["dunning.read"], letter: "3", group: "work", rail: true },
  { id: "messages", to: "/app/messages", icon: MessageOutlined, anyOf: ["message.read"], letter: "4", group: "work", rail: false },
  { id: "network", to: "/app/network", icon: ToolOutlined, anyOf: ["network.*", "simulator.*"], letter: "n", group: "rule", rail: true },
  { id: "staff", to: "/app/admin/staff", icon: UserSwitchOutlined, anyOf: ["staff.read"], letter: "u", group: "rule", rail: true },
  { id: "audit", to: "/app/admin/audit", icon: AuditOutlined, anyOf: ["audit.read"], letter: "a", group: "rule", rail: true },
  { id: "apiDocs", to: "/app/api-docs", icon: ApiOutlined, anyOf: [], letter: "d", group: "rule", rail: true },
  { id: "runs", to: "/app/billing/runs", icon: CalculatorOutlined, anyOf: ["bill_run.read"], letter: "7", group: "work", rail: true },
  { id: "adjustments", to: "/app/billing/adjustments", icon: DiffOutlined, anyOf: ["adjustment.read"], letter: "8", group: "work", rail: true },
  { id: "huge", to: "/app/billing/huge", icon: AlertOutlined, anyOf: ["huge_charge.read"], letter: "9", group: "work", rail: false },
  { id: "import", to: "/app/catalog/import", icon: AppstoreOutlined, anyOf: ["catalog.import"], letter: "i", group: "work", rail: false },
  { id: "payments", to: "/app/counter/payments", icon: AccountBookOutlined, anyOf: ["payment.read"], letter: "y", group: "work", rail: false },
  { id: "receipts", to: "/app/counter/receipts", icon: AccountBookOutlined, anyOf: ["payment.read"], letter: "1", group: "work", rail: false },
  { id: "refunds", to: "/app/counter/refunds", icon: AccountBookOutlined, anyOf: ["payment.read"], letter: "2", group: "work", rail: false },
  { id: "shift", to: "/app/counter/shift", icon: AccountBookOutlined, anyOf: ["shift.own"], letter: "z", group: "work", rail: false },
  { id: "roles", to: "/app/admin/roles", icon: UserSwitchOutlined, anyOf: ["staff.read"], letter: "r", group: "rule", rail: false },
];
