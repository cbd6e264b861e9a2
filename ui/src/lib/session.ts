// Who is logged in and what that person may do. Pages ask `may("order.create")` and hide what is refused anyway.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { call, post, setCsrf } from "./api";
import { closeAllTabs } from "./tabs";
import type { Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => {
    const session = await call<Session>("/session");
    setCsrf(session.csrf);
    return session;
  },
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
});

export async function logIn(login: string, password: string): Promise<Session> {
  const session = await post<Session>("/session", { login, password });
  setCsrf(session.csrf);
  // Open records and drafts belong to the person, not to the browser tab.
  if (sessionStorage.getItem("yitai.who") !== session.staff.id) {
    sessionStorage.clear();
    closeAllTabs();
    sessionStorage.setItem("yitai.who", session.staff.id);
  }
  return session;
}

/** `order.*` asks for any right on orders; `*` in the session means all. */
export function allows(permissions: string[], wanted: string): boolean {
  if (permissions.includes("*")) return true;
  if (wanted.endsWith(".*")) return permissions.some((p) => p.startsWith(wanted.slice(0, -1)));
  return permissions.includes(wanted) || permissions.includes(`${wanted.split(".")[0]}.*`);
}

export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("no session");
  return data;
}
export function useMay() {
  const { permissions } = useSession();
  return (...anyOf: string[]) => anyOf.some((p) => allows(permissions, p));
}
