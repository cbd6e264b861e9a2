import { describe, expect, test } from "vitest";
import { en } from "../src/locales/en";
import { zh } from "../src/locales/zh";
import { gap, needs, orderOf, slots } from "../src/pages/sell/draft";
import type { Draft } from "../src/pages/sell/draft";
import { operationsOf, permissionOf, schemaText } from "../src/pages/docs/openapi";
import type { Offering } from "../src/lib/types";
import { idCardFits } from "../src/pages/customer/idcard";

const offering = (family: string, components: string[] = []): Offering => ({
  id: family, name: family, family, status: "Active", priceFen: 100, components: components.map((f) => ({ offeringId: f, name: f, family: f })),
});

describe("a sale", () => {
  test("knows what each offering still needs", () => {
    expect(needs(offering("mobile"))).toEqual({ number: true, install: false, device: false, circuit: false });
    expect(needs(offering("option"))).toEqual({ number: false, install: false, device: false, circuit: false });
    expect(needs(offering("bundle", ["mobile", "broadband", "iptv"]))).toEqual({ number: true, install: true, device: false, circuit: false });
  });
  test("sees a lock that ran out", () => {
    const lock = { number: "13900138000", lockToken: "t", lockedUntil: "2026-11-22T05:00:00Z" };
    const item = { key: "1", offering: offering("mobile"), lock };
    expect(gap({ key: "1", offering: offering("mobile") })).toBe("number");
    expect(gap(item, Date.parse("2026-11-22T04:59:00Z"))).toBeNull();
    expect(gap(item, Date.parse("2026-11-22T05:00:01Z"))).toBe("lockExpired");
  });
  test("becomes one TMF622 document, a bundle staying one item", () => {
    const draft: Draft = {
      step: 3, note: " urgent ", agreed: true, idempotencyKey: "k", accountId: "a1", effective: "immediate", developer: "",
      items: [{
        key: "x", offering: offering("bundle", ["mobile", "broadband"]), lock: { number: "13900138000", lockToken: "t", lockedUntil: "" },
        installAddress: " 体育东路1号 ", installSlot: "2026-11-23T09:00:00+08:00",
      }],
    };
    expect(orderOf("c1", draft)).toEqual({
      description: "urgent",
      relatedParty: [{ id: "c1", role: "customer", "@referredType": "Customer" }],
      billingAccount: { id: "a1" },
      effective: "immediate",
      productOrderItem: [{
        id: "1", action: "add", quantity: 1, productOffering: { id: "bundle", name: "bundle" },
        product: { productCharacteristic: [
          { name: "number", value: "13900138000" }, { name: "lockToken", value: "t" },
          { name: "installAddress", value: "体育东路1号" }, { name: "installSlot", value: "2026-11-23T09:00:00+08:00" },
        ] },
      }],
    });
  });
  test("offers visits from tomorrow in the operator's zone", () => {
    const week = slots(new Date("2026-11-22T17:00:00Z"));
    expect(week).toHaveLength(7);
    expect(week[0]!.times[0]!.value).toBe("2026-11-24T09:00:00+08:00");
  });
});

test("the check digit of a resident identity number", () => {
  expect(idCardFits("11010519491231002X")).toBe(true);
  expect(idCardFits("110105194912310021")).toBe(false);
  expect(idCardFits("1101051949123100")).toBe(false);
});

test("every placeholder of a Chinese text is in the English one", () => {
  const walk = (a: unknown, b: unknown, path: string): string[] => {
    if (typeof a === "string") {
      const of = (s: string) => [...s.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort().join();
      return of(a) === of(String(b)) ? [] : [path];
    }
    return Object.entries(a as object).flatMap(([k, v]) => walk(v, (b as Record<string, unknown>)[k], `${path}.${k}`));
  };
  expect(walk(zh, en, "zh")).toEqual([]);
});

test("an OpenAPI document is read with references and rights", () => {
  const doc = {
    paths: { "/a/{id}": { parameters: [{ name: "id", in: "path" }], get: { tags: ["t"], "x-permission": "a.read", responses: {} }, post: { security: [{ session: ["a.write"] }] } } },
    components: { schemas: { A: { type: "object", required: ["x"], properties: { x: { type: "array", items: { $ref: "#/components/schemas/B" } } } }, B: { type: "string" } } },
  };
  const all = operationsOf(doc as never);
  expect(all.map((o) => o.key).sort()).toEqual(["get /a/{id}", "post /a/{id}"]);
  expect(all.map(permissionOf).sort()).toEqual(["a.read", "a.write"]);
  expect(schemaText({ $ref: "#/components/schemas/A" }, doc as never, 3)).toBe("{\n  x: [ string ]\n}");
});
