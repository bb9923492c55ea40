/**
 * The calls of the exchange, typed from its own document. A browser's session is a cookie that no script can read; a call
 * that changes something carries a key, made before the first try.
 */

import createClient from "openapi-fetch";

import { Problem, type ProblemDocument, unanswered } from "./problem";
import type { components, paths } from "./schema";
import { spokenFor, whoseWord } from "./speaker";

export type Schemas = components["schemas"];

/** How long an answer may take before we say that none came; the exchange gives up on its own before that. */
const TIMEOUT_MS = 15_000;

/** A refusal, in the exchange's own words where it is from the exchange and not from something on the way. */
function refusal(response: Response, body: string): Problem {
  let document: Partial<ProblemDocument> = {};
  try {
    document = JSON.parse(body) as ProblemDocument;
  } catch {
    // Something on the way answered.
  }
  return new Problem(response.status, document.reason ?? `status_${response.status}`, document.detail ?? response.statusText, document.sequence, document.passkey, document.figures);
}

/** What stands in a whole answer: one that broke off, or that something on the way wrote, is none. */
function read(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch (cause) {
    throw unanswered(cause);
  }
}

/** An answer that has come whole and was understood; it is not read a second time. */
class Answered extends Response {
  constructor(
    private readonly read: unknown,
    of: Response,
  ) {
    // The client asks the length whether there is anything to read.
    super(null, { status: of.status, statusText: of.statusText, headers: { "Content-Length": read === undefined ? "0" : "1" } });
  }

  override json(): Promise<unknown> {
    return Promise.resolve(this.read);
  }
}

/** One call, to its end: what comes back is the exchange's answer, whole; everything else is thrown as a problem. */
async function call(request: Request): Promise<Response> {
  const isOver = whoseWord();
  for (const [name, value] of Object.entries(spokenFor())) request.headers.set(name, value);
  let response: Response;
  let body: string;
  try {
    response = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    body = await response.text();
  } catch (cause) {
    throw unanswered(cause);
  }
  if (response.ok) return new Answered(read(body), response);
  const problem = refusal(response, body);
  if (problem.signedOut) isOver();
  throw problem;
}

export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin", fetch: call });

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
