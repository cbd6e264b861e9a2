import type { Words } from "../zh";
import { codes } from "./codes";
import { desk } from "./desk";
import { frame } from "./frame";
import { money } from "./money";
import { rule } from "./rule";
import { transit } from "./transit";
import { view } from "./view";

export const en: Words = { ...frame, ...desk, ...money, ...rule, ...view, ...transit, ...codes };
