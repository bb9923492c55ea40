/** How one's own member stands in an auction: which lot to look at, and whether it leads there. */

import { computed, type ComputedRef } from "vue";

import { useMe } from "@/me/store";
import { useSession } from "@/shared/session";

import { leads } from "./judge";
import { type Auction, firstToEnd, type Lot } from "./lot";

export interface Standing {
  lot: Lot;
  state: "leading" | "overtaken" | undefined;
}

/** The lot where one was overtaken; else one that one leads; else the one that ends first. */
export function useStanding(auction: () => Auction | undefined): ComputedRef<Standing | undefined> {
  const [me, session] = [useMe(), useSession()];
  return computed(() => {
    const one = auction();
    if (!one) return undefined;
    const all = one.lots.map((lot): Standing => {
      const alias = me.alias(one.id, lot.code);
      if (lot.status !== "running") return { lot, state: undefined };
      if (leads(lot, { member: session.member, alias, available: undefined })) return { lot, state: "leading" };
      return { lot, state: alias !== undefined && lot.best !== undefined ? "overtaken" : undefined };
    });
    const first = firstToEnd(one);
    return all.find((each) => each.state === "overtaken") ?? all.find((each) => each.state === "leading") ?? all.find((each) => each.lot === first);
  });
}
