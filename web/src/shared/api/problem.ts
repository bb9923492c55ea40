import type { components } from "./schema";

export type Figures = components["schemas"]["Figures"];

/** A refusal of the exchange: RFC 9457, with a stable word in `reason`. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  reason: string;
  sequence?: number;
  /** How a passkey may be shown, where that is asked for. */
  passkey?: components["schemas"]["PasskeyRequest"];
  /** The figures of the rule that said no, where it has some. */
  figures?: Figures;
}

/** What a call came to when it was not what was asked for. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    detail: string,
    readonly sequence?: number,
    readonly passkey?: ProblemDocument["passkey"],
    readonly figures?: Figures,
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** Whether it may have been done all the same: ask again with the same key. */
  get unknown(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }

  /** Whether the session has ended, or is another's: nothing was done, and it may be asked again after the next sign-in. */
  get signedOut(): boolean {
    return this.reason === "not_signed_in" || this.reason === "other_user";
  }

  /** Whether asking again, with the same key, may go better. */
  get passing(): boolean {
    return this.unknown || this.status === 503 || this.status === 429;
  }
}

/** No answer came: the network, or the node, is away. */
export function unanswered(cause: unknown): Problem {
  return new Problem(0, "unanswered", cause instanceof Error ? cause.message : String(cause));
}
