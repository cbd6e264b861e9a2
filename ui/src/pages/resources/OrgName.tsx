// The name of a place in the organisation; its path where the name is not known yet.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../lib/api";
import type { Organization } from "../../lib/types";
import { Name } from "../../kit/text";

export function useOrgNames() {
  const orgs = useQuery({ queryKey: ["organizations"], queryFn: () => call<Organization[]>("/organizations"), staleTime: 300_000, retry: false });
  return useMemo(() => new Map((orgs.data ?? []).map((o) => [o.path, o.name])), [orgs.data]);
}

export function OrgName({ path }: { path: string }) {
  const names = useOrgNames();
  return <span title={path}><Name>{names.get(path) ?? path}</Name></span>;
}
