// All addresses of the console. Every page is its own chunk; the frame is loaded once someone is logged in.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { Broken, Lost } from "./app/Lost";
import { ApiError } from "./lib/api";
import { sessionQuery } from "./lib/session";
import { parseSearch, stringifySearch } from "./lib/url";
import { Waiting } from "./kit/states";

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet, notFoundComponent: Lost });
const page = <P extends string>(path: P, load: Parameters<typeof lazyRouteComponent>[0]) =>
  createRoute({ getParentRoute: () => app, path, component: lazyRouteComponent(load) });

const home = createRoute({ getParentRoute: () => root, path: "/", beforeLoad: () => { throw redirect({ to: "/app" }); } });
const login = createRoute({ getParentRoute: () => root, path: "/login", component: lazyRouteComponent(() => import("./pages/gate/LoginPage")) });
const setup = createRoute({ getParentRoute: () => root, path: "/setup/$token", component: lazyRouteComponent(() => import("./pages/gate/SetupPage")) });
const guarded = async ({ context, location }: { context: { client: QueryClient }; location: { href: string } }) => {
  try {
    await context.client.ensureQueryData(sessionQuery);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      throw redirect({ to: "/login", search: { next: location.href } as never });
    }
    throw error;
  }
};
// Full screens of a hall, without the frame: the ticket machine and the waiting board.
const kiosk = createRoute({ getParentRoute: () => root, path: "/kiosk", beforeLoad: guarded, component: lazyRouteComponent(() => import("./pages/queue/KioskPage")) });
const board = createRoute({ getParentRoute: () => root, path: "/board", beforeLoad: guarded, component: lazyRouteComponent(() => import("./pages/queue/BoardPage")) });
const app = createRoute({
  getParentRoute: () => root,
  path: "/app",
  component: lazyRouteComponent(() => import("./app/Shell")),
  beforeLoad: guarded,
});

const tree = root.addChildren([
  home, login, setup, kiosk, board,
  app.addChildren([
    page("/", () => import("./pages/home/HomePage")),
    page("/customers", () => import("./pages/customer/CustomersPage")),
    page("/customers/$id", () => import("./pages/customer/CustomerPage")),
    page("/sell", () => import("./pages/sell/SellStartPage")),
    page("/sell/$customerId", () => import("./pages/sell/SellPage")),
    page("/orders", () => import("./pages/order/OrdersPage")),
    page("/orders/$id", () => import("./pages/order/TrackPage")),
    page("/hotline", () => import("./pages/hotline/HotlinePage")),
    page("/queue", () => import("./pages/queue/QueuePage")),
    page("/porting", () => import("./pages/porting/PortingPage")),
    page("/interchange", () => import("./pages/interchange/InterchangePage")),
    page("/fallout", () => import("./pages/order/FalloutPage")),
    page("/catalog", () => import("./pages/catalog/CatalogPage")),
    page("/catalog/import", () => import("./pages/catalog/ImportPage")),
    page("/launches", () => import("./pages/catalog/LaunchesPage")),
    page("/launches/$id", () => import("./pages/catalog/LaunchPage")),
    page("/discounts", () => import("./pages/catalog/DiscountsPage")),
    page("/counter", () => import("./pages/counter/CounterPage")),
    page("/counter/payments", () => import("./pages/counter/PaymentsPage")),
    page("/counter/shift", () => import("./pages/cashier/ShiftPage")),
    page("/cashier", () => import("./pages/cashier/CashierPage")),
    page("/cashier/sheets/$id", () => import("./pages/cashier/SheetPage")),
    page("/collection", () => import("./pages/cashier/CollectionPage")),
    page("/recharge-cards", () => import("./pages/cashier/CardsPage")),
    page("/prepay", () => import("./pages/counter/PrepayPage")),
    page("/figures", () => import("./pages/figures/FiguresPage")),
    page("/counter/receipts", () => import("./pages/counter/ReceiptsPage")),
    page("/counter/refunds", () => import("./pages/counter/RefundsPage")),
    page("/accounts/$id/books", () => import("./pages/counter/BooksPage")),
    page("/statements/$customerId", () => import("./pages/bills/StatementPage")),
    page("/billing/runs", () => import("./pages/bills/RunsPage")),
    page("/billing/adjustments", () => import("./pages/bills/AdjustmentsPage")),
    page("/billing/huge", () => import("./pages/bills/HugePage")),
    page("/bills/$id", () => import("./pages/counter/BillPage")),
    page("/rating", () => import("./pages/rating/RatingPage")),
    page("/rating/plans/$id", () => import("./pages/rating/PlanPage")),
    page("/usage", () => import("./pages/usage/UsagePage")),
    page("/units", () => import("./pages/unit/UnitsPage")),
    page("/units/$id", () => import("./pages/unit/UnitPage")),
    page("/points", () => import("./pages/loyalty/PointsPage")),
    page("/resources/numbers", () => import("./pages/resources/NumbersPage")),
    page("/resources/stock", () => import("./pages/resources/StockPage")),
    page("/resources/places", () => import("./pages/resources/PlacesPage")),
    page("/identity", () => import("./pages/identity/IdentityPage")),
    page("/identity/review", () => import("./pages/identity/ReviewPage")),
    page("/dunning", () => import("./pages/dunning/DunningPage")),
    page("/messages", () => import("./pages/dunning/MessagesPage")),
    page("/realname", () => import("./pages/realname/RealnamePage")),
    page("/network", () => import("./pages/network/NetworkPage")),
    page("/admin/staff", () => import("./pages/admin/StaffPage")),
    page("/admin/roles", () => import("./pages/admin/RolesPage")),
    page("/admin/audit", () => import("./pages/admin/AuditPage")),
    page("/api-docs", () => import("./pages/docs/ApiDocsPage")),
  ]),
]);

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    scrollToTopSelectors: ["main"],
    defaultPreload: "intent",
    defaultPreloadDelay: 60,
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    defaultPendingComponent: () => <Waiting rows={10} />,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: Lost,
  });

declare module "@tanstack/react-router" {
  interface Register { router: ReturnType<typeof makeRouter> }
}
