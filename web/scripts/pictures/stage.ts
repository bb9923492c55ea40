/** A market in which every state of the room and the pad can be seen, and somebody who takes the pictures. */

import { day, Person, until, Venue } from "../../tests/browser/kit";

export type Scene = "open" | "won" | "lost" | "sealed" | "suspended" | "cancelled" | "unsold" | "coming";

export interface Stage {
  venue: Venue;
  auction: Record<Scene, number>;
}

const TRADER = "b1-trader";

/** Sets it up: `b1-trader` is the one who looks. */
export async function setUp(): Promise<Stage> {
  const venue = await Venue.start(["--no-bots"]);
  const made = async (login: string, path: string, body: unknown): Promise<{ id: number }> => {
    const { status, json } = await venue.call(login, "POST", path, body);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
    return json as { id: number };
  };
  const bid = (login: string, id: number, code: string, price: string) => made(login, `/api/v1/auctions/${id}/lots/${code}/bids`, { price });
  const open = { start_price: "620000.00", step: "500.00", max_step: "1000.00", limit_price: "640000.00", margin_rate: "0.1" };
  const announce = async (title: string, rest: object = {}, opensIn = 3_000, closesIn = 3_600_000): Promise<number> => {
    const [opens, closes] = [opensIn, closesIn].map((ms) => new Date(Date.now() + ms).toISOString());
    const lots = [{ code: "1", quantity: "5" }, { code: "2", quantity: "2.5" }];
    const { id } = await made("nre-manager", "/api/v1/auctions", { title, side: "sale", product: "PrNd-oxide", unit: "t", opens, closes, bidding: open, lots, ...rest });
    await made("operator-1", `/api/v1/auctions/${id}/approval`, {});
    return id;
  };
  const status = async (id: number) => ((await venue.call("b3-trader", "GET", `/api/v1/auctions/${id}`)).json as { status: string }).status;
  const is = (id: number, wanted: string) => until(async () => (await status(id)) === wanted, `${id} is ${wanted}`);

  const atLimit = { bidding: { ...open, limit_price: "621000.00" } };
  const auction: Record<Scene, number> = {
    open: await announce("氧化镨钕 11 月第 4 场 · PrNd oxide"),
    won: await announce("氧化镨钕 11 月第 3 场", atLimit),
    lost: await announce("氧化镨钕 11 月第 2 场", atLimit),
    sealed: await announce("氧化镝 密封竞价", { product: "Dy-oxide", bidding: { format: "sealed", start_price: "1400000.00", step: "1000.00", margin_rate: "0.1" } }),
    suspended: await announce("金属镨钕 11 月第 2 场", { product: "PrNd-metal" }),
    cancelled: await announce("金属镨钕 11 月第 1 场", { product: "PrNd-metal" }),
    unsold: await announce("氧化镧 11 月第 1 场", { product: "La-oxide", bidding: { start_price: "4200.00", step: "10.00", margin_rate: "0.1" } }, 3_000, 8_000),
    coming: await announce("氧化铽 · Tb oxide", { product: "Tb-oxide" }, 1_800_000),
  };
  for (const scene of ["open", "won", "lost", "sealed", "suspended", "cancelled"] as const) await is(auction[scene], "running");
  const moves = [["b2-trader", "620000.00"], [TRADER, "620500.00"], ["b3-trader", "621000.00"], [TRADER, "622000.00"], ["b4-trader", "622500.00"], ["b3-trader", "623000.00"], ["b2-trader", "623500.00"]] as const;
  for (const [login, price] of moves) await bid(login, auction.open, "1", price);
  await bid("b5-trader", auction.open, "2", "620000.00");
  await bid(TRADER, auction.open, "2", "620500.00");
  for (const code of ["1", "2"]) {
    await bid("b2-trader", auction.won, code, "620000.00");
    await bid(TRADER, auction.won, code, "621000.00");
    await bid(TRADER, auction.lost, code, "620000.00");
    await bid("b2-trader", auction.lost, code, "621000.00");
  }
  await bid(TRADER, auction.sealed, "1", "1405000.00");
  await bid("b2-trader", auction.suspended, "1", "620000.00");
  await made("operator-1", `/api/v1/auctions/${auction.suspended}/suspension`, { reason: "会员线路故障，正在核实" });
  await made("operator-1", `/api/v1/auctions/${auction.cancelled}/cancellation`, { reason: "发起方撤回" });
  await is(auction.unsold, "closed");
  // What waits for staff.
  await made("hx-manager", "/api/v1/auctions", { title: "采购 氧化镧 30 吨", side: "procurement", product: "La-oxide", unit: "t", opens: `${day(1)}T10:00:00+08:00`, closes: `${day(1)}T11:00:00+08:00`, bidding: { start_price: "4200.00", step: "10.00", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "30" }] });
  await made("settlement-1", "/api/v1/members/B1/withdrawals", { amount: "60000000.00", reference: "ICBC 20251124-0031" });
  return { venue, auction };
}

/** Waits until what is shown has come to rest. */
export async function rest(person: { page: Person["page"] }): Promise<void> {
  const { page } = person;
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => !document.querySelector(".sk"));
  // What moves for ever, such as a spinner, is no reason to wait.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished.catch(() => undefined))));
}

/** Opens the panels of a screen one after another and says which. */
export async function panels(person: Person, path: string, act: (at: number) => Promise<void>, all = true): Promise<void> {
  await person.page.goto(path);
  const tabs = person.page.locator(".seg").first().locator("[role=tab]");
  await tabs.first().waitFor();
  for (let at = 0; at < (all ? await tabs.count() : 1); at += 1) {
    await tabs.nth(at).click();
    await act(at + 1);
  }
}

/** An operator before the cancellation of an auction: what it will do stands there, nothing is done. */
export async function act({ page }: { page: Person["page"] }, auction: number): Promise<void> {
  await page.goto("/console/auctions");
  await page.locator(`button[aria-label$="#${auction}"]`).first().click();
  await page.getByRole("radio", { name: /^(撤销|Cancel)/ }).click();
  await page.locator("form.act textarea").fill("发起方撤回 · Withdrawn by the initiator");
  await page.locator("[data-test=after] p").first().waitFor();
}
