import type { Words } from "../zh";
import { cashier } from "./cashier";
import { catalog } from "./catalog";
import { codes } from "./codes";
import { desk } from "./desk";
import { frame } from "./frame";
import { identity } from "./identity";
import { money } from "./money";
import { network } from "./network";
import { resources } from "./resources";
import { reception } from "./reception";
import { rule } from "./rule";
import { transit } from "./transit";
import { sell } from "./sell";
import { usage } from "./usage";
import { till } from "./till";
import { view } from "./view";

export const en: Words = { ...catalog, ...cashier, ...frame, ...desk, ...money, ...rule, ...reception, ...network, ...sell, ...view, ...transit, ...resources, ...identity, ...usage, ...till, ...codes };
