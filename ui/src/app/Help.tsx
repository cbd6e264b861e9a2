// The keys, all in one sheet ("?").
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useMay } from "../lib/session";
import { PLACES } from "./menu";

export default function Help({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const places = PLACES.filter((p) => p.anyOf.length === 0 || may(...p.anyOf));
  const line = (what: string, ...keys: string[]) => (
    <div key={what}><span>{what}</span><span>{keys.map((k) => <kbd key={k} style={{ marginLeft: 4 }}>{k}</kbd>)}</span></div>
  );
  return (
    <Modal open onCancel={onClose} footer={null} title={t("shell.help")} width={920}>
      <div className="help-keys">
        <h3>{t("help.everywhere")}</h3>
        {line(t("help.palette"), "Ctrl", "K")}
        {line(t("help.find"), "/")}
        {line(t("help.help"), "?")}
        {line(t("help.newCustomer"), "C", "C")}
        {line(t("help.newOrder"), "C", "O")}
        {line(t("help.closeTab"), "Alt", "W")}
        {line(t("help.pickTab"), "Alt", "1…9")}
        {line(t("help.stepTab"), "Alt", "[ ]")}
        <h3>{t("help.goTo")}</h3>
        {places.map((p) => (p.letter ? line(t(`nav.${p.id}`), "G", p.letter.toUpperCase()) : null))}
        <h3>{t("help.lists")}</h3>
        {line(t("help.row"), "J", "K")}
        {line(t("help.open"), "Enter")}
        <h3>{t("help.sell")}</h3>
        {line(t("help.sellFind"), "F2")}
        {line(t("help.sellNumber"), "F4")}
        {line(t("help.sellNext"), "F8")}
        {line(t("help.sellSubmit"), "F9")}
        {line(t("help.back"), "Esc")}
        <h3>{t("help.counter")}</h3>
        {line(t("help.counterNew"), "F2")}
        {line(t("help.counterFind"), "F4")}
        {line(t("help.counterTake"), "F8")}
        {line(t("help.counterPrint"), "F9")}
      </div>
    </Modal>
  );
}
