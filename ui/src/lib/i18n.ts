// Language of the pages. zh is the source; en has the type of zh, so a missing key does not compile.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Words } from "../locales/zh";

export type Language = "zh-CN" | "en";
export const LANGUAGES: { id: Language; title: string }[] = [
  { id: "zh-CN", title: "简体中文" },
  { id: "en", title: "English" },
];

declare module "i18next" {
  interface CustomTypeOptions { defaultNS: "translation"; resources: { translation: Words } }
}

const load = async (id: Language): Promise<Words> =>
  id === "en" ? (await import("../locales/en")).en : (await import("../locales/zh")).zh;

export const language = (): Language => (i18next.language === "en" ? "en" : "zh-CN");

function preferred(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("yitai.language");
  return asked === "en" ? "en" : "zh-CN";
}

export async function startI18n() {
  const id = preferred();
  await i18next.use(initReactI18next).init({
    lng: id,
    fallbackLng: false,
    resources: { [id]: { translation: await load(id) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = id;
}

export async function setLanguage(id: Language) {
  if (!i18next.hasResourceBundle(id, "translation")) i18next.addResourceBundle(id, "translation", await load(id));
  localStorage.setItem("yitai.language", id);
  await i18next.changeLanguage(id);
  document.documentElement.lang = id;
}

/** The word for a code that comes from the server (a state, a family); the code itself when there is none. */
export function word(group: string, code: string | null | undefined): string {
  if (!code) return "—";
  const key = `${group}.${code}`;
  const find = i18next.t as unknown as (key: string, options: { defaultValue: string }) => string;
  return find(key, { defaultValue: code });
}

/** What stands between the things of a list. */
export const comma = (): string => (language() === "en" ? ", " : "、");

/** The text of a title that the server wrote in both languages. */
export const titled = (title: Record<string, string> | null | undefined): string => (title ? (title[language()] ?? title.en ?? Object.values(title)[0] ?? "") : "");
