// antd dressed in the house tokens, and its language following ours.
import { ConfigProvider } from "antd";
import type { ThemeConfig } from "antd";
import en from "antd/locale/en_US";
import zh from "antd/locale/zh_CN";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Toasts } from "../kit/toast";

const theme: ThemeConfig = {
  token: {
    colorPrimary: "#0958d9", colorPrimaryHover: "#0b66e4", colorPrimaryTextHover: "#0b66e4", colorLink: "#0958d9", colorError: "#b3261e", colorSuccess: "#12693f", colorWarning: "#8a4600",
    colorText: "#18212f", colorTextSecondary: "#414d60", colorTextPlaceholder: "#66707f", colorTextDescription: "#586376", colorTextDisabled: "#66707f",
    colorBorder: "#cfd6e0", borderRadius: 5, fontSize: 13, controlHeight: 30, controlHeightSM: 24, controlHeightLG: 38, wireframe: false,
    fontFamily: "inherit",
    // Dialogs stand at once: a clerk who types ahead must not type into an animation.
    motion: false,
  },
  components: {
    Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
    Modal: { titleFontSize: 15 },
  },
};

export function Theme({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider theme={theme} locale={i18n.language === "en" ? en : zh} button={{ autoInsertSpace: false }}>
      {children}
      <Toasts />
    </ConfigProvider>
  );
}
