// One of a few fixed values: the browser's own list, which every keyboard and screen reader knows.
export function Pick({ id, label, value, options, onPick, width }: {
  id?: string; label?: string; value: string; options: { value: string; label: string }[]; onPick: (value: string) => void; width?: number | string;
}) {
  return (
    <select id={id} className="pick" aria-label={label} value={value} style={{ width }} onChange={(e) => onPick(e.target.value)}>
      {options.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}
    </select>
  );
}
