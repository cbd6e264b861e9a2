// What the server answers about records, matchings, codes and merges.
export interface SourceRow { code: string; name: string; mapping: Record<string, string>; records: number }
export interface FileRow {
  id: string; source: string; name: string; state: string; bytes: number; position: number; written: number; unchanged: number; refused: number;
  error: string | null; startedAt: string; endedAt: string | null; operator: string;
}
export interface RunRow {
  id: string; state: string; stage: string; done: number; total: number; counts: Record<string, number>; startedAt: string; endedAt: string | null; operator: string; error: string | null;
}
export interface RecordRow {
  no: number; source: string; sourceId: string; name: string; kind: string; certificateType: string; certificate: string; certificateGood: boolean | null;
  phones: string[]; address: string; birth: string; email: string; code: string | null; updatedAt: string;
}
export interface Finding { feature: "certificate" | "name" | "phone" | "address" | "birth"; finding: string; points: number }
export interface PairRow {
  a: number; b: number; key: string; points: number; findings: Finding[]; why: string; state: string; decidedAt: string | null; decidedBy: string | null; note: string | null;
  left: RecordRow; right: RecordRow;
}
export interface CodeRow {
  code: string; name: string | null; customerId: string | null; recordCount: number; customerCount: number; records: RecordRow[]; updatedAt: string;
  askedFor?: string; history?: { at: string; what: "joined" | "left" | "customer"; detail: Record<string, unknown>; operator: string }[];
}
export interface MergeRow {
  id: string; mergeNo: string; fromId: string; intoId: string; state: "merged" | "split"; reason: string; moved: Record<string, number>; at: string; operator: string;
  splitAt: string | null; splitBy: string | null; splitReason: string | null; fromName: string; fromNo: string; intoName: string; intoNo: string;
}
