/** How one's own member stands in an auction: which lot to look at, and how one stands there. */

import { computed, type ComputedRef } from "vue";

import { useMe } from "@/me/store";
import { useSession } from "@/shared/session";

import { type Standing, standing } from "./judge";
import { type Auction, firstToEnd, type Lot } from "./lot";

/** A lot, and how one stands in it. */
export interface Stand {
  lot: Lot;
  state: Standing | undefined;
}

/** Says of a lot how one stands there. */
export function useStands(): (auction: number, lot: Lot) => Standing | undefined {
  const [me, session] = [useMe(), useSession()];
  return (auction, lot) => standing(lot, { member: session.member, alias: me.alias(auction, lot.code), available: undefined }, me.sealed.has(`${auction}/${lot.code}`));
}

/** The lot where one was overtaken; else one that one leads or has bid for; else the one that ends first. */
export function lookAt(auction: Auction, stands: (auction: number, lot: Lot) => Standing | undefined): Stand | undefined {
  const all = auction.lots.map((lot): Stand => ({ lot, state: stands(auction.id, lot) }));
  const first = firstToEnd(auction);
  const of = (state: Standing) => all.find((each) => each.state === state);
  return of("overtaken") ?? of("leading") ?? of("bid") ?? all.find((each) => each.lot === first);
}

export function useStanding(auction: () => Auction | undefined): ComputedRef<Stand | undefined> {
  const stands = useStands();
  return computed(() => {
    const one = auction();
    return one && lookAt(one, stands);
  });
}
