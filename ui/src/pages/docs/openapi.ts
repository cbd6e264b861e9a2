// Reading an OpenAPI 3 document: operations in order, schemas as short indented text with references followed a few levels.
export interface Schema {
  $ref?: string; type?: string | string[]; format?: string; items?: Schema; properties?: Record<string, Schema>; required?: string[]; enum?: unknown[];
  allOf?: Schema[]; oneOf?: Schema[]; anyOf?: Schema[]; description?: string; additionalProperties?: boolean | Schema;
}
interface Media { schema?: Schema }
interface Parameter { $ref?: string; name: string; in: string; required?: boolean; description?: string; schema?: Schema }
interface RawOperation {
  tags?: string[]; summary?: string; description?: string; operationId?: string; parameters?: Parameter[]; requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>; security?: Record<string, string[]>[];
  "x-permission"?: string | string[]; "x-permissions"?: string | string[];
}
export interface OpenApi {
  openapi?: string; info?: { title?: string; version?: string };
  paths: Record<string, Record<string, RawOperation> & { parameters?: Parameter[] }>;
  components?: Record<string, Record<string, unknown>>;
}
export interface Operation extends RawOperation { key: string; verb: string; path: string; group: string; parameters: Parameter[] }

const VERBS = ["get", "post", "put", "patch", "delete"];

export function follow<T extends { $ref?: string }>(thing: T, doc: OpenApi): T {
  if (!thing.$ref?.startsWith("#/")) return thing;
  const found = thing.$ref.slice(2).split("/").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], doc);
  return (found as T) ?? thing;
}

export function operationsOf(doc: OpenApi): Operation[] {
  const all: Operation[] = [];
  for (const [path, item] of Object.entries(doc.paths ?? {})) {
    for (const verb of VERBS) {
      const raw = item[verb];
      if (!raw) continue;
      const parameters = [...(item.parameters ?? []), ...(raw.parameters ?? [])].map((p) => follow(p, doc));
      const group = raw.tags?.[0] ?? path.split("/").filter(Boolean).slice(0, 2).join("/");
      all.push({ ...raw, key: `${verb} ${path}`, verb, path, group, parameters });
    }
  }
  return all.sort((a, b) => a.group.localeCompare(b.group));
}

export function permissionOf(o: RawOperation): string {
  const named = o["x-permission"] ?? o["x-permissions"];
  if (named) return Array.isArray(named) ? named.join(", ") : named;
  const scopes = (o.security ?? []).flatMap((s) => Object.values(s).flat());
  return [...new Set(scopes)].join(", ");
}

/** `depth` 0 gives one word; more gives indented lines. */
export function schemaText(schema: Schema | undefined, doc: OpenApi, depth: number, indent = ""): string {
  if (!schema) return "";
  const name = schema.$ref?.split("/").pop();
  const s = follow(schema, doc);
  if (depth <= 0) return name ?? (Array.isArray(s.type) ? s.type.join("|") : s.type === "array" ? `${schemaText(s.items, doc, 0)}[]` : s.format ?? s.type ?? (s.enum ? "enum" : "object"));
  const parts = s.allOf ?? s.oneOf ?? s.anyOf;
  if (parts) return parts.map((p) => schemaText(p, doc, depth, indent)).join(s.allOf ? "\n" : `\n${indent}| `);
  if (s.type === "array") return `[ ${schemaText(s.items, doc, depth - 1, indent)} ]`;
  if (s.enum) return s.enum.map(String).join(" | ");
  const properties = Object.entries(s.properties ?? {});
  if (properties.length === 0) return s.format ?? (Array.isArray(s.type) ? s.type.join(" | ") : s.type) ?? "any";
  const inner = properties.map(([k, v]) => `${indent}  ${k}${s.required?.includes(k) ? "" : "?"}: ${schemaText(v, doc, depth - 1, `${indent}  `)}${v.description ? `   // ${v.description}` : ""}`);
  return `{\n${inner.join("\n")}\n${indent}}`;
}
