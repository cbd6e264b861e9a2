// Where lists of customers come from.
import { list } from "../../lib/api";
import type { Page } from "../../lib/api";
import type { FoundCustomer } from "../../lib/types";

interface Ask { q?: string; kind?: string; sort?: string; offset: number; limit: number }
export const listCustomers = (ask: Ask, signal?: AbortSignal): Promise<Page<FoundCustomer>> =>
  list<FoundCustomer>("/customers", { q: ask.q, kind: ask.kind, sort: ask.sort, offset: ask.offset, limit: ask.limit }, signal);
