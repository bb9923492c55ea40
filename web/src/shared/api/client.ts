/**
 * The calls of the exchange, typed from its own document. A browser's session is a cookie that no script can read; a call
 * that changes something carries a key, made before the first try.
 */

import createClient, { type Middleware } from "openapi-fetch";

import { Problem, type ProblemDocument, unanswered } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** How long an answer may take before we say that none came; the exchange gives up on its own before that. */
const TIMEOUT_MS = 15_000;

const refusals: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined;
    let document: Partial<ProblemDocument> = {};
    try {
      document = (await response.clone().json()) as ProblemDocument;
    } catch {
      // Not from the exchange itself: something on the way answered.
    }
    throw new Problem(
      response.status,
      document.reason ?? `status_${response.status}`,
      document.detail ?? response.statusText,
      document.sequence,
      document.passkey,
      document.figures,
    );
  },
};

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  fetch: async (request) => {
    try {
      return await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    } catch (cause) {
      throw unanswered(cause);
    }
  },
});
api.use(refusals);

/** A new key for a new wish: what is asked again under it happens once. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The header of a call that changes something. */
export function keyed(key: string = newKey()): { header: { "Idempotency-Key": string } } {
  return { header: { "Idempotency-Key": key } };
}

/** What a call answered; refusals have been thrown before. */
export function answer<T>(result: { data?: T }): T {
  if (result.data === undefined) throw new Problem(0, "no_content", "the answer is empty");
  return result.data;
}

/**
 * Asks until there is an answer, with the same key each time: for what must not be lost on the way. Gives up when `until`
 * says so, and then says what the last try came to.
 */
export async function persist<T>(call: () => Promise<T>, until: () => boolean): Promise<T> {
  for (let wait = 200; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return await call();
    } catch (cause) {
      if (!(cause instanceof Problem) || !cause.passing || until()) throw cause;
    }
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random() / 2)));
  }
}
