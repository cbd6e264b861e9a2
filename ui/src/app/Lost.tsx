// What is shown when an address leads nowhere, or a page broke: what happened, and a way on.
import { CompassOutlined } from "@ant-design/icons";
import { Link, useRouter } from "@tanstack/react-router";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Failure, Nothing } from "../kit/states";

export function Lost() {
  const { t } = useTranslation();
  return <Nothing icon={<CompassOutlined aria-hidden />} why={<><h1>{t("shell.lost")}</h1>{t("shell.lostWhy")}</>} action={<Link to="/app">{t("shell.toHome")}</Link>} />;
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const again = () => { reset(); void router.invalidate(); };
  return (
    <div className="page">
      <Failure error={error} what={t("shell.openPage")} retry={again} />
      <div><Button onClick={() => location.reload()}>{t("shell.reload")}</Button></div>
    </div>
  );
}
