// Orders in transit: hold, urge, amend, and those that wait for their day.
import type { transit as zh } from "../zh/transit";

export const transit: typeof zh = {
  transit: {
    business: "Business", anyBusiness: "Any business", booked: "Booked", held: "On hold", effective: "Effective", developer: "Sold by", urged: "urged {{count}}×", all: "All orders",
    bookedFor: "Booked for {{date}}; it begins by itself on that day", waiting: "Its day has come; it waits for:", heldNote: "The order is on hold: tasks and clocks stand still.",
    hold: "Hold", release: "Release", urge: "Urge", amend: "Amend",
    holdNote: "For a customer who is not ready: tasks not begun wait, clocks stop, until the order is released.", releaseNote: "Go on with the tasks that are left.", urgeNote: "Reminds those who work on it; the order counts how often.", amendNote: "Only what was not sent yet can be changed; what the network has must be taken back first.",
    whyHold1: "Customer not at home", whyHold2: "Site not ready", whyHold3: "Customer wants to wait", whyRelease1: "Customer is ready", whyUrge1: "Customer called about it", whyUrge2: "Promised time is near", whyAmend1: "Customer wants another day", whyAmend2: "Wrong address",
    amended: "Amended", urgedDone: "Urged", heldDone: "On hold", released: "Released", newDate: "New effective date", nothingToAmend: "Nothing of this order can be changed any more.", unchanged: "Nothing was changed",
  },
};
