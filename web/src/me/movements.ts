/** Postings as a person reads them: each movement once, by what it did to the money that can be used. */

import type { Schemas } from "@/shared/api/client";
import { fen } from "@/shared/decimal";

export interface Movement {
  key: string;
  at: string | undefined;
  cause: Schemas["Cause"];
  /** What came into (or, below zero, went out of) what is available; nothing where money moved from one purpose to another. */
  amount: bigint;
}

const same = (a: Schemas["Posting"], b: Schemas["Posting"]) => a.sequence === b.sequence && JSON.stringify(a.cause) === JSON.stringify(b.cause);

/** The two postings of a movement stand beside each other, what was gained first; a deposit and a withdrawal have one. */
export function movements(postings: Schemas["Posting"][]): Movement[] {
  const found: Movement[] = [];
  for (let at = 0; at < postings.length; at += 1) {
    const [one, next] = [postings[at]!, postings[at + 1]];
    const paired = next !== undefined && same(one, next) && fen(one.amount) === -fen(next.amount);
    const both = paired ? [one, next] : [one];
    const amount = both.filter((posting) => posting.account === "available").reduce((sum, posting) => sum + fen(posting.amount), 0n);
    found.push({ key: `${one.sequence ?? "now"}/${at}`, at: one.at ?? undefined, cause: one.cause, amount });
    if (paired) at += 1;
  }
  return found;
}
