import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { day, DESKTOP, launch, Person, PHONE, until, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

interface Auction {
  status: string;
  opens: string;
  closes: string;
  reason: string;
  lots: { code: string; status: string; end: string; annulled: string | null }[];
}
interface Funds {
  available: string;
  held: string;
}
/** Nothing of the state is read through the screens that are tested: an auditor reads it past them. */
const read = async <T>(path: string): Promise<T> => {
  const { status, json } = await venue.call("auditor-1", "GET", path);
  expect(status, path).toBe(200);
  return json as T;
};
const auction = (id: number) => read<Auction>(`/api/v1/auctions/${id}`);
const funds = (member: string) => read<Funds>(`/api/v1/members/${member}/funds`);
/** The settings alone: by what they are known again is another with each change. */
const profile = async (): Promise<Record<string, unknown>> => {
  const all = await read<Record<string, unknown>>("/api/v1/profile");
  delete all.revision;
  return all;
};
const fen = (text: string) => BigInt(text.replace(".", ""));
const grouped = (value: bigint) => `${(value / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",")}.${(value % 100n).toString().padStart(2, "0")}`;
const cash = ({ available, held }: Funds) => `可用 ${grouped(fen(available))} 元，冻结 ${grouped(fen(held))} 元`;
/** As the app writes an instant: in the venue's time, to the minute. */
const minute = (at: string) => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
const STATUS: Record<string, string> = { published: "未开始", running: "进行中", suspended: "已暂停", cancelled: "已撤销", sold: "成交", annulled: "已撤销成交" };
const times = (one: { status: string; closes: string }) => `${STATUS[one.status]}，收盘 ${minute(one.closes)}`;

interface Lines {
  now: string[];
  after: string[];
  unchanged: string[];
}
/** The three lines, once they are there. */
async function lines({ page }: Person): Promise<Lines> {
  await page.locator("[data-test=after] p").first().waitFor();
  const of = (name: string) => page.locator(`[data-test=${name}] p`).allInnerTexts();
  return { now: await of("now"), after: await of("after"), unchanged: await of("unchanged") };
}
/** A lot of NRE that B1 has won. On a busy machine the approval may come too late for its opening; then one that opens later is handed in. */
async function sell(): Promise<number> {
  for (let lead = 1_000; ; lead *= 2) {
    const made = await venue.call("nre-manager", "POST", "/api/v1/auctions", {
      title: "金属镨钕 20 吨", side: "sale", product: "PrNd-metal", unit: "t", opens: new Date(Date.now() + lead).toISOString(), closes: `${day(1)}T11:00:00+08:00`,
      bidding: { start_price: "565000.00", limit_price: "565000.00", step: "500.00", margin_rate: "0.2" }, lots: [{ code: "1", quantity: "20" }],
    });
    const { id } = made.json as { id: number };
    const approved = await venue.call("operator-2", "POST", `/api/v1/auctions/${id}/approval`, {});
    if ((approved.json as { reason?: string }).reason === "too_late") continue;
    expect(approved.status).toBe(200);
    await until(async () => (await venue.call("b1-trader", "POST", `/api/v1/auctions/${id}/lots/1/bids`, { price: "565000.00" })).status === 201, "it runs");
    return id;
  }
}
/** Gives the reason where one is asked for, and does it; the dialog is gone, or the form empty, when it was done. */
async function act(person: Person, reason?: string): Promise<void> {
  const { page } = person;
  if (reason !== undefined) await page.locator("form.act textarea").fill(reason);
  await page.locator("[data-test=do]").click();
  await page.locator("[data-test=do]").waitFor({ state: "detached" });
}
const tab = (person: Person, name: string) => person.page.locator(".console > .seg [role=tab]", { hasText: name }).click();
/** That this person did this, at the top of the trail of the act. */
async function trail(login: string, act: string): Promise<void> {
  const { items } = await read<{ items: { login: string }[] }>(`/api/v1/audit?act=${act}&limit=1`);
  expect(items[0]?.login, act).toBe(login);
}
/** What waits has no button for who asked it. */
async function waitsForAnother(person: Person, text: string): Promise<void> {
  await tab(person, "今日");
  const row = person.page.locator("[data-test=waiting]", { hasText: text });
  await row.waitFor();
  expect(await row.locator("button").count()).toBe(0);
  expect(await row.innerText()).toContain("等待另一位");
}
async function review(person: Person, text: string): Promise<Lines> {
  await tab(person, "今日");
  await person.page.locator("[data-test=waiting]", { hasText: text }).locator("button").click();
  return lines(person);
}

// Protects an operator's powers: what is shown before each is what is so afterwards, members read the reason, and the trail has it.
it("an operator publishes, controls, halts and freezes; what was shown is so", async () => {
  const made = await venue.call("hx-manager", "POST", "/api/v1/auctions", {
    title: "采购 氧化镧", side: "procurement", product: "La-oxide", unit: "t", opens: `${day(1)}T10:00:00+08:00`, closes: `${day(1)}T11:00:00+08:00`,
    bidding: { start_price: "4200.00", step: "10.00", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "30" }],
  });
  const { id } = made.json as { id: number };
  const operator = await Person.enter(browser, venue, "operator-1", DESKTOP);
  const { page } = operator;

  // An announcement: visible to all, and the initiator's margin held.
  const before = await funds("HX");
  await page.locator("article.item", { hasText: "采购 氧化镧" }).locator("button").click();
  const published = await lines(operator);
  await act(operator);
  const coming = await auction(id);
  expect(published.after[0]).toBe(`${STATUS[coming.status]}，所有会员可以看到；${minute(coming.opens)} 开始，${minute(coming.closes)} 收盘`);
  expect(published.after[1]).toBe(`冻结 1 笔保证金，共 ${grouped(fen((await funds("HX")).held) - fen(before.held))} 元`);
  await trail("operator-1", "auction_published");

  // Another is refused: the initiator reads why, nobody else sees it, and no money moves; of the one that was published all stays as it was.
  const other = (await venue.call("hx-manager", "POST", "/api/v1/auctions", {
    title: "采购 草酸", side: "procurement", product: "oxalic-acid", unit: "t", opens: `${day(1)}T10:00:00+08:00`, closes: `${day(1)}T11:00:00+08:00`,
    bidding: { start_price: "3600.00", step: "10.00", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "30" }],
  })).json as { id: number };
  const stands = async () => {
    const [{ available, held }, { status, opens, closes, lots }] = [await funds("HX"), await auction(id)];
    return { available, held, status, opens, closes, lots };
  };
  const apart = await stands();
  await page.locator("article.item", { hasText: "采购 草酸" }).locator("button").click();
  await page.getByRole("button", { name: "改为不通过" }).click();
  const refused = await lines(operator);
  await act(operator, "品名不清");
  const rejected = await auction(other.id);
  expect([rejected.status, rejected.reason]).toEqual(["rejected", "品名不清"]);
  expect(refused).toEqual({ now: ["待审核，只有发起方和工作人员可以看到"], after: ["未通过；HX 读到原因，可以修改后重新提交"], unchanged: ["不冻结任何保证金，其他会员看不到"] });
  expect(((await venue.call("hx-manager", "GET", `/api/v1/auctions/${other.id}`)).json as Auction).reason).toBe("品名不清");
  expect((await venue.call("b1-trader", "GET", `/api/v1/auctions/${other.id}`)).status).toBe(404);
  expect(await stands()).toEqual(apart);
  await trail("operator-1", "auction_rejected");

  // One auction: suspended, resumed, extended, cancelled.
  const { code } = (await auction(2)).lots[0]!;
  expect((await venue.call("b1-trader", "POST", `/api/v1/auctions/2/lots/${encodeURIComponent(code)}/bids`, { price: "18000.00" })).status).toBe(201);
  const control = async (name: string) => {
    await page.getByRole("button", { name: "控制竞价 #2", exact: true }).click();
    await page.getByRole("radio", { name }).click();
  };
  const trader = await Person.enter(browser, venue, "b1-trader", PHONE);
  await trader.page.goto("/auctions/2");
  await control("暂停");
  let shown = await lines(operator);
  expect(shown.now[0]).toBe(times(await auction(2)));
  await act(operator, "线路检修");
  expect(shown.after[0]).toBe(times(await auction(2)));
  expect((await auction(2)).status).toBe("suspended");
  await trader.page.getByText("线路检修").first().waitFor();
  await trail("operator-1", "auction_suspended");

  await control("恢复");
  shown = await lines(operator);
  await act(operator, "线路已通");
  expect(shown.after[0]!.split("，")[0]).toBe(STATUS[(await auction(2)).status]);
  await trail("operator-1", "auction_resumed");

  await control("延长");
  await page.locator("#until").fill(`${day(3)}T15:30`);
  shown = await lines(operator);
  await act(operator, "补足时间");
  expect(shown.after[0]).toBe(times(await auction(2)));
  expect(minute((await auction(2)).closes)).toBe(`${day(3)} 15:30`);
  await trail("operator-1", "auction_extended");

  const [initiator, bidder] = [await funds("HX"), await funds("B1")];
  await control("撤销");
  shown = await lines(operator);
  await act(operator, "发起方退出");
  const cancelled = await auction(2);
  expect(shown.after[0]).toBe(times(cancelled));
  const released = fen(initiator.held) + fen(bidder.held) - fen((await funds("HX")).held) - fen((await funds("B1")).held);
  expect(shown.after).toContain(`释放 ${cancelled.lots.length + 1} 笔保证金，共 ${grouped(released)} 元`);
  await trader.page.getByText("发起方退出").first().waitFor();
  await trail("operator-1", "auction_cancelled");

  // A product is halted and goes on: the auctions named are those that stop.
  await tab(operator, "停市");
  await page.getByRole("radio", { name: "一个品种" }).click();
  await page.locator("#halt-product").selectOption("PrNd-metal");
  shown = await lines(operator);
  const stops = shown.after.filter((line) => line.startsWith("#"));
  expect(stops).toEqual([expect.stringMatching(/^#1 .* · 已暂停$/)]);
  await act(operator, "指数存疑");
  const halted = await auction(1);
  expect([halted.status, halted.reason]).toEqual(["suspended", "指数存疑"]);
  expect((await auction(id)).status).toBe("published");
  await trail("operator-1", "halted");
  // The same once more is refused, in words, before anything is asked.
  await page.getByRole("radio", { name: "一个品种" }).click();
  await page.locator("#halt-product").selectOption("PrNd-metal");
  await page.locator("[data-test=refusal]", { hasText: "已经是这样" }).waitFor();
  expect(await page.locator("[data-test=do]").isDisabled()).toBe(true);
  await page.locator("[data-test=halt]", { hasText: "PrNd-metal" }).getByRole("button").click();
  await page.locator(".q-dialog [data-test=after] p").first().waitFor();
  const lifted = await page.locator(".q-dialog [data-test=after] p").allInnerTexts();
  await page.locator(".q-dialog textarea").fill("指数已核实");
  await page.locator(".q-dialog [data-test=do]").click();
  await page.locator(".q-dialog").waitFor({ state: "detached" });
  expect(lifted[0]).toBe("1 场恢复");
  expect(lifted[1]).toMatch(/^#1 .* · 进行中，/);
  expect((await auction(1)).status).toBe("running");
  await trail("operator-1", "halt_lifted");

  // A member is frozen, its people are out; and free again.
  expect((await venue.call("b3-trader", "GET", "/api/v1/funds")).status).toBe(200);
  await tab(operator, "会员");
  const row = page.locator("[data-test=member]", { has: page.getByText("B3", { exact: true }) });
  await row.getByRole("button").click();
  shown = await lines(operator);
  expect([shown.now[1], shown.after[1]]).toEqual(["1 个登录", "0 个登录"]);
  await act(operator, "涉嫌串通");
  interface Members {
    items: { code: string; frozen: { reason: string } | null }[];
  }
  const frozen = async () => (await read<Members>("/api/v1/members?limit=200")).items.find((one) => one.code === "B3")!.frozen;
  expect((await frozen())?.reason).toBe("涉嫌串通");
  expect((await venue.call("b3-trader", "GET", "/api/v1/funds")).status).toBe(401);
  await trail("operator-1", "member_frozen");
  await row.getByText("涉嫌串通").waitFor();
  await row.getByRole("button").click();
  shown = await lines(operator);
  expect([shown.now[0], shown.after[0]]).toEqual(["已冻结", "正常"]);
  await act(operator, "查无此事");
  expect(await frozen()).toBe(null);
  await trail("operator-1", "member_unfrozen");
  expect([...operator.complaints, ...trader.complaints]).toEqual([]);
  await trader.leave();

  // A sold lot is annulled by two. At the limit price it ends with the bid.
  const won = await sell();
  const lot = async () => (await auction(won)).lots.find((one) => one.code === "1")!;
  expect((await lot()).status).toBe("sold");
  const sums = async () => fen((await funds("NRE")).held) + fen((await funds("B1")).held);
  await tab(operator, "竞价");
  const sold = page.locator("[data-test=ended]", { hasText: `#${won} ` });
  await sold.getByRole("button").click();
  const asked = await lines(operator);
  await act(operator, "买受方之间串通");
  expect((await lot()).status).toBe("sold");
  await trail("operator-1", "approval_asked");
  await waitsForAnother(operator, "撤销成交");
  const second = await Person.enter(browser, venue, "operator-2", DESKTOP);
  const held = await sums();
  shown = await review(second, "撤销成交");
  expect(shown).toEqual(asked);
  await act(second);
  const annulled = await lot();
  expect([annulled.status, annulled.annulled]).toEqual(["annulled", "买受方之间串通"]);
  expect(shown.after[0]).toMatch(/^标的 1：已撤销成交，/);
  expect(shown.after).toContain(`释放 2 笔保证金，共 ${grouped(held - (await sums()))} 元`);
  const quotes = await read<{ items: { side: string; corrected: boolean; trades: number }[] }>("/api/v1/quotes/PrNd-metal");
  expect(quotes.items.find((one) => one.side === "sale")).toMatchObject({ corrected: true, trades: 0 });
  await trail("operator-2", "lot_annulled");
  await until(async () => (await page.locator("[data-test=waiting]").count()) === 0, "nothing waits any more");
  expect([...operator.complaints, ...second.complaints]).toEqual([]);
  await operator.leave();
  await second.leave();
});

// Protects money: what a member will have is shown before, by two persons above the limit and for a correction, and is so afterwards.
it("settlement pays in and out and corrects, with a second person", async () => {
  const first = await Person.enter(browser, venue, "settlement-1", DESKTOP);
  const second = await Person.enter(browser, venue, "settlement-2", DESKTOP);
  const { page } = first;
  const pay = async (kind: string, amount: string, reference: string) => {
    await page.getByRole("radio", { name: kind }).click();
    await page.locator("#member").fill("B4");
    await page.locator("#amount").fill(amount);
    await page.locator("#reference").fill(reference);
    return lines(first);
  };
  await tab(first, "资金");
  let shown = await pay("入金", "500", "工行 0042");
  expect(shown.now[1]).toBe(cash(await funds("B4")));
  await act(first);
  expect(shown.after[1]).toBe(cash(await funds("B4")));
  await trail("settlement-1", "deposit");

  // Above the limit nothing moves before another agrees.
  const had = await funds("B4");
  shown = await pay("出金", "2,000,000", "工行 0043");
  await page.getByText("要等另一位同岗人员同意").waitFor();
  await act(first);
  await page.getByText("等待第二人确认").waitFor();
  expect(await funds("B4")).toMatchObject({ available: had.available, held: had.held });
  await waitsForAnother(first, "出金 2,000,000.00 元");
  expect((await review(second, "出金 2,000,000.00 元")).after).toEqual(shown.after);
  await act(second);
  expect(shown.after[1]).toBe(cash(await funds("B4")));
  await trail("settlement-2", "withdrawal");

  // A correction is let fall, asked again, and agreed to.
  const correct = async (reason: string) => {
    await tab(first, "资金");
    await page.locator("#member").fill("B4");
    await page.locator("[data-test=payment]", { hasText: "工行 0042" }).getByRole("button").click();
    const seen = await lines(first);
    await act(first, reason);
    return seen;
  };
  await correct("看错了");
  await review(second, "更正 500.00 元");
  await second.page.locator("[data-test=decline]").click();
  await second.page.locator(".q-dialog").waitFor({ state: "detached" });
  await trail("settlement-2", "approval_declined");
  shown = await correct("应入他户");
  await waitsForAnother(first, "更正 500.00 元");
  expect((await review(second, "更正 500.00 元")).after).toEqual(shown.after);
  await act(second);
  expect(shown.after[1]).toBe(cash(await funds("B4")));
  await trail("settlement-2", "correction");
  await tab(first, "资金");
  await page.locator("#member").fill("B4");
  const line = page.locator("[data-test=payment]", { hasText: "工行 0042" });
  await line.getByText("已由").waitFor();
  expect(await line.getByRole("button").count()).toBe(0);
  expect([...first.complaints, ...second.complaints]).toEqual([]);
  await first.leave();
  await second.leave();
});

// Protects the catalogue: what an admin adds and corrects is what members read, code and unit stay, what is not touched is not lost, and it is in the trail; nobody else has the form.
it("an admin adds a product and corrects what is said of it", async () => {
  const product = (code: string) => read<Record<string, unknown>>(`/api/v1/products/${code}`);
  const person = await Person.enter(browser, venue, "admin-1", DESKTOP);
  const { page } = person;
  await tab(person, "品种");
  await page.locator("#product-code").fill("Dy-oxide");
  await page.locator("#product-unit").fill("t");
  await page.locator("#product-name").fill("氧化镝");
  expect(await page.locator("[data-test=refusal]").innerText()).toBe("Dy-oxide 已在目录中；请改用“修改”。");
  await page.locator("#product-code").fill("Ho-carbonate");
  await page.locator("#product-name").fill(" 碳酸钬 ");
  await page.selectOption("#product-kind", "compound");
  const added = await lines(person);
  expect(added.now).toEqual(["目录里没有 Ho-carbonate"]);
  expect(added.after).toEqual(["目录里有 Ho-carbonate，可用于公告和行情", "名称（中文）：碳酸钬", "名称（英文）：未填写", "报价单位：t", "类别：化合物", "规格：未填写"]);
  await act(person);
  expect(await product("Ho-carbonate")).toEqual({ code: "Ho-carbonate", name: "碳酸钬", unit: "t", name_en: null, specification: null, kind: "compound" });
  await trail("admin-1", "product_added");

  await page.getByLabel("代码、名称或规格").fill("钬");
  await page.getByRole("button", { name: "修改 Ho-carbonate" }).click();
  expect(await page.locator("[data-test=refusal]").innerText()).toBe("与目录中的一致，没有改动。");
  await page.locator("#product-name-en").fill("Holmium carbonate");
  await page.locator("#product-specification").fill("REO ≥ 45 %，粉末");
  const corrected = await lines(person);
  expect(corrected.now).toEqual(["名称（英文）：未填写", "规格：未填写"]);
  expect(corrected.after).toEqual(["名称（英文）：Holmium carbonate", "规格：REO ≥ 45 %，粉末"]);
  expect(corrected.unchanged[0]).toBe("代码 Ho-carbonate 与报价单位 t");
  await act(person);
  expect(await product("Ho-carbonate")).toEqual({ code: "Ho-carbonate", name: "碳酸钬", unit: "t", name_en: "Holmium carbonate", specification: "REO ≥ 45 %，粉末", kind: "compound" });
  await trail("admin-1", "product_described");
  await page.locator("[data-test=product]", { hasText: "Holmium carbonate" }).waitFor();
  expect(person.complaints).toEqual([]);
  await person.leave();

  const other = await Person.enter(browser, venue, "operator-2", PHONE);
  await other.page.goto("/console/products");
  await other.page.locator("[data-test=product]", { hasText: "Ho-carbonate" }).waitFor();
  expect(await other.page.locator("[data-test=product] button, #product-code").count()).toBe(0);
  expect(other.complaints).toEqual([]);
  await other.leave();
});

// Protects the venue's rules and its people: a change is what two admins agreed to, setting by setting, and a person is forgotten by two.
it("two admins change rules and hours, and forget a person", async () => {
  const first = await Person.enter(browser, venue, "admin-1", DESKTOP);
  const second = await Person.enter(browser, venue, "admin-2", DESKTOP);
  const { page } = first;
  const before = await profile();
  await tab(first, "规则与时间");
  await page.locator("#p-lots_max").fill("120");
  await page.locator("#p-second_person_above").fill("800,000");
  await page.locator("#p-sealed").click();
  await page.locator("[data-test=set-hours]").click();
  const shown = await lines(first);
  expect(shown.now).toEqual(["密封竞价：是", "需第二人复核的金额：1,000,000.00 元", "一份公告的标的：200", "公告的开始与收盘：任何时间"]);
  expect(shown.after).toEqual(["密封竞价：否", "需第二人复核的金额：800,000.00 元", "一份公告的标的：120", "公告的开始与收盘：周一至周五 09:00–11:30、13:30–16:00"]);
  await act(first);
  expect(await profile()).toEqual(before);
  await waitsForAnother(first, "修改规则");
  expect(await review(second, "修改规则")).toEqual(shown);
  await act(second);
  const hours = { sessions: [{ from: "09:00", to: "11:30" }, { from: "13:30", to: "16:00" }], days: ["monday", "tuesday", "wednesday", "thursday", "friday"], calendar: [] };
  expect(await profile()).toEqual({ ...before, sealed: false, second_person_above: "800000.00", lots_max: 120, hours });
  await trail("admin-2", "profile_set");

  await tab(first, "用户");
  await page.getByRole("button", { name: "b12-trader 的更多操作" }).click();
  // It is signed in, and has said how it is told of notices: both are named, and both end.
  const wishes = { language: "zh", per_hour: 20, quiet: null, utc_offset: "+08:00", email: null, phone: null, wecom: null, kinds: {} };
  expect((await venue.call("b12-trader", "PUT", "/api/v1/notices/settings", wishes)).status).toBe(200);
  const peers = async () => ((await venue.call("admin-2", "GET", "/api/v1/users?member=B12")).json as { items: { id: number; login: string | null }[] }).items;
  const before12 = (await peers()).length;
  await page.getByRole("button", { name: "清除个人数据" }).click();
  const erased = await lines(first);
  expect(erased.now.slice(1)).toEqual(["1 个登录", "有密码", "设置过通知的接收方式"]);
  expect(erased.after.slice(1)).toEqual(["0 个登录", "没有密码，不能再登录", "通知地址已清除"]);
  await act(first);
  expect((await venue.call("b12-trader", "GET", "/api/v1/funds")).status).toBe(200);
  await waitsForAnother(first, "清除个人数据");
  expect(await review(second, "清除个人数据")).toEqual(erased);
  await act(second);
  const gone = await peers();
  expect(gone.length, "its number stays").toBe(before12);
  expect(erased.unchanged[0]).toContain(`编号 ${gone.find((one) => one.login === null)!.id}`);
  expect((await venue.call("b12-trader", "GET", "/api/v1/funds")).status).toBe(401);
  await trail("admin-2", "person_forgotten");
  await tab(second, "用户");
  await second.page.getByText("已清除的用户").first().waitFor();
  expect([...first.complaints, ...second.complaints]).toEqual([]);
  await first.leave();
  await second.leave();
});

interface Colleague {
  login: string | null;
  role: string;
  new_password_required: boolean;
  second_factor: boolean;
}
// Protects every rule of two persons from one admin who would be both: what lets somebody of the staff in is asked by one and done by another, who alone sees the password; and a change of the rules that another
// has overtaken is not lost unseen, and can be asked anew on what is there now.
it("one admin makes and lets in nobody of the staff alone", async () => {
  const [first, second] = [await Person.enter(browser, venue, "admin-1", DESKTOP), await Person.enter(browser, venue, "admin-2", DESKTOP)];
  const { page } = first;
  const user = async (login: string) => {
    const { status, json } = await venue.call("admin-2", "GET", "/api/v1/users?limit=200");
    expect(status).toBe(200);
    return (json as { items: Colleague[] }).items.find((one) => one.login === login);
  };
  const words = ({ new_password_required: once, second_factor: has }: Colleague) => [once ? "密码：一次性，须先更换" : "密码：本人设定", has ? "有二次验证" : "没有二次验证，登录后须先设置"];
  /** The second agrees; what was shown is so, and a password that is given is shown to that one. */
  const agree = async (title: string, login: string, gives: boolean): Promise<string | undefined> => {
    await waitsForAnother(first, title);
    const shown = await review(second, title);
    await second.page.locator("[data-test=do]").click();
    const given = second.page.locator(".q-dialog [data-test=single-use]");
    const password = gives ? await given.innerText() : undefined;
    if (gives) await second.page.getByRole("button", { name: "完成", exact: true }).click();
    await second.page.locator(".q-dialog").waitFor({ state: "detached" });
    expect(shown.after.slice(1, 3)).toEqual(words((await user(login))!));
    return password;
  };
  await tab(first, "用户");
  await page.getByRole("button", { name: "新增用户" }).click();
  await page.locator("#new-login").fill("wang.fang");
  await page.locator("#new-name").fill("王芳");
  await page.locator("#new-role").selectOption("operator");
  await page.getByText("须另一位系统管理员同意").first().waitFor();
  await page.locator("form").getByRole("button", { name: "新增用户" }).click();
  await page.getByText("等待另一位系统管理员同意").waitFor();
  expect(await page.locator("[data-test=single-use]").count()).toBe(0);
  expect(await user("wang.fang")).toBe(undefined);
  await trail("admin-1", "approval_asked");
  const password = await agree("新增工作人员 · wang.fang", "wang.fang", true);
  await trail("admin-2", "user_added");
  expect((await user("wang.fang"))!.role).toBe("operator");

  const row = () => page.locator("li.line", { hasText: "wang.fang" });
  await tab(first, "用户");
  await row().getByRole("button", { name: "管理" }).click();
  await row().locator("select").selectOption("settlement");
  await row().getByRole("button", { name: "保存" }).first().click();
  await page.getByText("等待另一位系统管理员同意").waitFor();
  await agree("改任 · wang.fang", "wang.fang", false);
  await trail("admin-2", "role_set");
  expect((await user("wang.fang"))!.role).toBe("settlement");

  await tab(first, "用户");
  await row().getByRole("button", { name: "重置密码" }).click();
  await row().getByRole("button", { name: "确定重置" }).click();
  await page.getByText("等待另一位系统管理员同意").waitFor();
  expect(await agree("重置密码 · wang.fang", "wang.fang", true)).not.toBe(password);
  await trail("admin-2", "password_reset");

  await tab(first, "用户");
  const auditor = page.locator("li.line", { hasText: "auditor-2" });
  await auditor.getByRole("button", { name: "auditor-2 的更多操作" }).click();
  await auditor.getByRole("button", { name: "移除二次验证" }).click();
  await auditor.getByRole("button", { name: "确定移除" }).click();
  await page.getByText("等待另一位系统管理员同意").waitFor();
  await agree("移除二次验证 · auditor-2", "auditor-2", false);
  await trail("admin-2", "second_factor_removed");

  // Two changes of the rules from one base.
  const before = await profile();
  for (const [person, field, value] of [[first, "approvals_max", "900"], [second, "lots_max", "77"]] as const) {
    await tab(person, "规则与时间");
    await person.page.locator(`#p-${field}`).fill(value);
    await lines(person);
  }
  await act(first);
  await review(second, "修改规则");
  await act(second);
  await tab(second, "规则与时间");
  await second.page.locator("#p-lots_max").fill("77");
  await lines(second);
  const other = await venue.call("admin-1", "PUT", "/api/v1/profile", { ...before, sessions_per_user_max: 30, approvals_max: 900 });
  expect(other.status).toBe(202);
  expect((await venue.call("admin-2", "POST", `/api/v1/approvals/${(other.json as { id: number }).id}`, {})).status).toBe(200);
  await second.page.locator("#p-lots_max").fill("78");
  await second.page.locator("[data-test=refusal]", { hasText: "刚被修改过" }).waitFor();
  await second.page.locator("[data-test=again]").click();
  const again = await lines(second);
  expect(again.after).toEqual(["一份公告的标的：78"]);
  await act(second);
  await review(first, "修改规则");
  await act(first);
  expect(await profile()).toEqual({ ...before, approvals_max: 900, sessions_per_user_max: 30, lots_max: 78 });
  expect([...first.complaints, ...second.complaints]).toEqual([]);
  await first.leave();
  await second.leave();
});
