import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("location", { origin: "http://localhost" });
const { answer, api, persist } = await import("./client");
const { Problem } = await import("./problem");
const { speakFor } = await import("./speaker");

/** What the network brings, one after the other. */
let comes: (() => Response)[] = [];
let sent: Request[] = [];
beforeEach(() => {
  [comes, sent] = [[], []];
  vi.stubGlobal("fetch", (request: Request) => {
    sent.push(request);
    return Promise.resolve(comes.shift()!());
  });
});
afterEach(() => speakFor());

const json = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const broken = (text: string) => () =>
  new Response(new ReadableStream({ pull: (to) => (to.enqueue(new TextEncoder().encode(text)), to.error(new TypeError("network error"))) }), { status: 201, headers: { "content-type": "application/json" } });
const head = async () => answer(await api.GET("/api/v1/head"));

// Protects who waits for an answer: what is no whole answer is none, however it breaks off, and may be asked for again.
describe("an answer that did not come whole", () => {
  it.each([
    ["breaks off with its connection", broken('{"sequence":4')],
    ["breaks off without a word", () => new Response('{"sequence":4')],
    ["is of something on the way", () => new Response("<html>Sign in to the Wi-Fi</html>", { headers: { "content-type": "text/html" } })],
    ["is empty", () => new Response("")],
  ])("%s", async (_, comes1) => {
    comes = [comes1];
    const cause: unknown = await head().catch((caught: unknown) => caught);
    expect(cause).toBeInstanceOf(Problem);
    expect(cause).toMatchObject({ status: 0, passing: true });
  });

  it("is asked for again", async () => {
    vi.useFakeTimers();
    comes = [broken("{"), json({ sequence: 4711 })];
    const got = persist(head, () => false);
    await vi.runAllTimersAsync();
    expect(await got).toEqual({ sequence: 4711 });
    vi.useRealTimers();
  });
});

it("tells a refusal of the exchange from one of something on the way", async () => {
  comes = [json({ reason: "not_open", detail: "no", sequence: 7 }, 409), () => new Response("<html>", { status: 502 })];
  await expect(head()).rejects.toMatchObject({ status: 409, reason: "not_open", sequence: 7, passing: false });
  await expect(head()).rejects.toMatchObject({ status: 502, reason: "status_502", passing: true });
});

it("takes an answer without a body", async () => {
  comes = [() => new Response(null, { status: 204 })];
  expect((await api.DELETE("/api/v1/sessions/current")).data).toBeUndefined();
});

// Protects whom a page speaks for: it says so with each call, and hears when the session has ended or is another's.
describe("whom the page speaks for", () => {
  it.each(["not_signed_in", "other_user"])("is over with %s", async (reason) => {
    const over = vi.fn();
    speakFor(17, over);
    comes = [json({ reason }, 409)];
    await expect(head()).rejects.toMatchObject({ reason });
    expect(sent[0]!.headers.get("Expected-User")).toBe("17");
    expect(over).toHaveBeenCalledOnce();
  });

  it("is not over for who has signed in anew meanwhile", async () => {
    const [before, now] = [vi.fn(), vi.fn()];
    speakFor(17, before);
    comes = [() => (speakFor(17, now), json({ reason: "not_signed_in" }, 401)())];
    await expect(head()).rejects.toMatchObject({ status: 401 });
    expect(before).not.toHaveBeenCalled();
    expect(now).not.toHaveBeenCalled();
  });

  it("is not over with another refusal, and is nobody before the sign-in", async () => {
    const over = vi.fn();
    comes = [json({ reason: "bad_credentials" }, 401), json({ reason: "forbidden" }, 403)];
    await expect(head()).rejects.toMatchObject({ status: 401 });
    expect(sent[0]!.headers.has("Expected-User")).toBe(false);
    speakFor(17, over);
    await expect(head()).rejects.toMatchObject({ status: 403 });
    expect(over).not.toHaveBeenCalled();
  });
});
