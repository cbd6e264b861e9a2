import { codes } from "./codes";
import { desk } from "./desk";
import { frame } from "./frame";
import { money } from "./money";
import { rule } from "./rule";
import { transit } from "./transit";
import { view } from "./view";

export const zh = { ...frame, ...desk, ...money, ...rule, ...view, ...transit, ...codes };
export type Words = typeof zh;
