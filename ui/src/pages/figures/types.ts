// Revenue, arrears and balances as the server tells them.
export interface FamilyMonth { family: string; fen: number; users: number; arpuFen: number | null }
export interface MonthRow {
  month: string; billedFen: number; creditedFen: number; netFen: number; bills: number; collectedFen: number; lateFeeFen: number; outstandingFen: number; collectionRateBp: number | null;
  usersStart: number; usersEnd: number; accountsStart: number; accountsEnd: number; arpuFen: number | null; arpaFen: number | null; families: FamilyMonth[]; running: boolean;
}
export interface PlaceRow { org: string; name: string; billedFen: number; lastFen: number; users: number; arpuFen: number | null }
export interface Revenue { org: string; name: string; from: string; to: string; asOf: string | null; months: MonthRow[]; families: { family: string; fen: number }[]; kinds: { kind: string; fen: number }[]; places: PlaceRow[] }
export interface Arrears {
  org: string; name: string; asOf: string | null; totalFen: number; overdueFen: number; debtors: number; buckets: { age: string; fen: number; bills: number }[];
  months: { month: string; fen: number; bills: number }[]; course: { day: string; notDueFen: number; overdueFen: number }[]; places: { org: string; name: string; fen: number; overdueFen: number; bills: number }[];
}
export interface Balances { org: string; name: string; asOf: string | null; openingFen: number; closingFen: number; course: { label: string; inFen: number; outFen: number; balanceFen: number }[]; books: { book: string; fen: number }[]; places: { org: string; name: string; fen: number }[] }
export interface Definition { name: string; zh: string; en: string }
