import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Theme } from "./app/Theme";
import { ApiError } from "./lib/api";
import { startI18n } from "./lib/i18n";
import { makeRouter } from "./router";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/kit.css";
import "./styles/pages.css";
import "./styles/sell.css";
import "./styles/view.css";
import "./styles/resources.css";
import "./styles/catalog.css";

const client = new QueryClient({
  mutationCache: new MutationCache(),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 600_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 1 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
      retryDelay: 600,
    },
  },
});
const router = makeRouter(client);

// Titles and reasons that the server wrote come in the language they were asked in.
i18next.on("languageChanged", () => void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "session" }));

window.addEventListener("yitai:logged-out", () => {
  if (!location.pathname.startsWith("/app")) return;
  client.removeQueries({ queryKey: ["session"] });
  void router.navigate({ to: "/login", search: { next: location.pathname + location.search, why: "expired" } as never });
});

void startI18n().then(() => {
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Theme><RouterProvider router={router} /></Theme>
      </QueryClientProvider>
    </StrictMode>,
  );
});
