// One business day: back, forth, or typed.
import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { today } from "../../lib/format";

const shifted = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);

export function DayPick({ date, onPick }: { date: string; onPick: (date: string) => void }) {
  const { t } = useTranslation();
  return (
    <span className="row" style={{ gap: 4 }}>
      <Button onClick={() => onPick(shifted(date, -1))} aria-label={t("payment.dayBefore")}>‹</Button>
      <Input key={date} style={{ width: 112, textAlign: "center" }} aria-label={t("payment.date")} defaultValue={date} maxLength={10} onPressEnter={(e) => e.currentTarget.blur()}
        onBlur={(e) => { if (/^\d{4}-\d{2}-\d{2}$/.test(e.target.value) && !Number.isNaN(Date.parse(e.target.value))) onPick(e.target.value); else e.target.value = date; }} />
      <Button disabled={date >= today()} onClick={() => onPick(shifted(date, 1))} aria-label={t("payment.dayAfter")}>›</Button>
    </span>
  );
}
