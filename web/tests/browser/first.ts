/** What a browser fetches before the first screen stands, as it received it. */

import type { CDPSession, Page } from "playwright-core";

export interface Fetched {
  url: string;
  type: string;
  /** As it came over the wire, without the head. */
  bytes: number;
}

/** Listens from now on; what comes back says what was fetched until then. A worker's own fetches are not among it. */
export async function listen(page: Page): Promise<{ session: CDPSession; fetched: () => Fetched[] }> {
  const session = await page.context().newCDPSession(page);
  const all = new Map<string, Fetched>();
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", (event) => all.set(event.requestId, { url: event.request.url, type: event.type ?? "Other", bytes: 0 }));
  session.on("Network.webSocketCreated", (event) => all.set(event.requestId, { url: event.url, type: "WebSocket", bytes: 0 }));
  session.on("Network.dataReceived", (event) => {
    const one = all.get(event.requestId);
    if (one) one.bytes += event.encodedDataLength;
  });
  return { session, fetched: () => [...all.values()] };
}

/** Whose host is not that of `origin`. */
export function foreign(fetched: Fetched[], origin: string): string[] {
  const own = new URL(origin).host;
  return fetched.map((one) => one.url).filter((url) => !/^(data|blob|about):/.test(url) && new URL(url).host !== own);
}
