/** What a room has shown to one person, held against what was true. */

import { expect } from "vitest";

import { type Person, until } from "./kit";

interface Seen {
  prices: string[];
  away: { since: number | undefined; longest: number };
}

interface Bid {
  price: string;
  own: boolean;
}

export class Watch {
  /** The longest time for which a page said that it was not live. */
  longestAwayMs = 0;
  private answered: { path: string; price: string }[] = [];

  private constructor(private readonly person: Person) {}

  /** Writes down from now on every price that a room of this person shows, and which bids were accepted. */
  static async over(person: Person): Promise<Watch> {
    const watch = new Watch(person);
    const { page } = person;
    page.on("response", (response) => {
      const request = response.request();
      if (request.method() !== "POST" || response.status() !== 201 || !response.url().endsWith("/bids")) return;
      const { price } = request.postDataJSON() as { price: string };
      watch.answered.push({ path: new URL(response.url()).pathname, price });
    });
    await page.addInitScript(() => {
      const seen: Seen = { prices: [], away: { since: undefined, longest: 0 } };
      Object.assign(window, { seen });
      const look = () => {
        const price = document.querySelector(".hero .price.num")?.textContent?.match(/[\d,]+(\.\d+)?/)?.[0];
        if (price !== undefined && price !== seen.prices.at(-1)) seen.prices.push(price);
        const isAway = document.querySelector(".stale") !== null;
        const now = performance.now();
        if (isAway) seen.away.since ??= now;
        else seen.away.since = undefined;
        seen.away.longest = Math.max(seen.away.longest, now - (seen.away.since ?? now));
      };
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
      // How long it lasts changes nothing on the page.
      setInterval(look, 20);
    });
    return watch;
  }

  /** Every price that the room of a lot showed was bid for it, or was its first, in their order; every accepted bid is in the book. */
  async holds(auction: number, lot: string): Promise<void> {
    const { page, venue, user } = this.person;
    const { prices, away } = await page.evaluate(() => (window as unknown as { seen: Seen }).seen);
    this.longestAwayMs = Math.max(this.longestAwayMs, away.longest);
    const path = `/api/v1/auctions/${auction}/lots/${lot}/bids`;
    const bids: Bid[] = [];
    let after = "";
    do {
      const page: { items: Bid[]; next: number | null } = await until(async () => {
        const { status, json } = await venue.call(user.login, "GET", `${path}?limit=500${after}`);
        return status === 200 && (json as { items: Bid[]; next: number | null });
      }, "the bids of the lot");
      bids.push(...page.items);
      after = page.next === null ? "" : `&after=${page.next}`;
    } while (after !== "");
    const terms = (await venue.call(user.login, "GET", `/api/v1/auctions/${auction}`)).json as { bidding: { start_price: string } };
    const order = [terms.bidding.start_price, ...bids.map((bid) => bid.price)].map(Number);
    const places = prices.map((price) => order.indexOf(Number(price.replaceAll(",", ""))));
    expect(places, `${prices} of ${order}`).toEqual([...places].sort((one, other) => one - other));
    expect(places, `${prices} of ${order}`).not.toContain(-1);
    const own = bids.filter((bid) => bid.own).map((bid) => bid.price);
    expect(own).toEqual(expect.arrayContaining(this.answered.filter((bid) => bid.path === path).map((bid) => bid.price)));
  }
}
