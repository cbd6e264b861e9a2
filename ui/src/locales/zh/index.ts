import { codes } from "./codes";
import { desk } from "./desk";
import { frame } from "./frame";
import { money } from "./money";
import { rule } from "./rule";

export const zh = { ...frame, ...desk, ...money, ...rule, ...codes };
export type Words = typeof zh;
