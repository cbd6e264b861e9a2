const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check digit of a resident identity number, so that a slip of the finger is seen before the server says so. */
export function idCardFits(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((n, w, i) => n + w * Number(text[i]), 0);
  return "10X98765432"[sum % 11] === text[17];
}
