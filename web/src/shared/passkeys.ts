/** Passkeys: what the exchange asks, as the browser takes it, and what the browser answers, as the exchange takes it. */

import { answer, api, type Schemas } from "./api/client";
import { Problem } from "./api/problem";
import { decode, encode } from "./base64url";

export type Proof = Schemas["ProofIfAny"];
type Creation = Schemas["PasskeyCreation"];
type Request = Schemas["PasskeyRequest"];

/** Why there is no passkey: this device has none, the person let it be, it is here already, the page is elsewhere. */
export type Trouble = "missing" | "cancelled" | "known" | "elsewhere" | "failed";

export class PasskeyTrouble extends Error {
  constructor(readonly trouble: Trouble, cause?: unknown) {
    super(`passkey: ${trouble}`, { cause });
    this.name = "PasskeyTrouble";
  }
}

/** Whether this device and this page can have passkeys. */
export function passkeysWork(): boolean {
  return typeof window !== "undefined" && window.isSecureContext && typeof window.PublicKeyCredential === "function";
}

const NAMES: Record<string, Trouble> = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "elsewhere", NotSupportedError: "missing" };

/** What the browser's own error means. */
function troubleOf(cause: unknown): Trouble {
  return (cause instanceof Error ? NAMES[cause.name] : undefined) ?? "failed";
}

async function ask(call: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!passkeysWork()) throw new PasskeyTrouble("missing");
  let found: Credential | null;
  try {
    found = await call();
  } catch (cause) {
    throw new PasskeyTrouble(troubleOf(cause), cause);
  }
  if (!(found instanceof PublicKeyCredential)) throw new PasskeyTrouble("failed");
  return found;
}

const listed = (all: Schemas["PasskeyCredential"][]): PublicKeyCredentialDescriptor[] => all.map(({ id }) => ({ type: "public-key", id: decode(id) }));

/** What the exchange asks a new passkey to be made with; what already serves is shown for it. */
export async function passkeyOptions(proof: Proof): Promise<Creation> {
  return answer(await api.POST("/api/v1/second-factor/passkeys/options", { body: proof }));
}

/** Has the browser make a passkey. */
export async function makePasskey(asked: Creation, name: string): Promise<Schemas["NewPasskey"]> {
  const made = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: decode(asked.challenge),
        rp: asked.rp,
        user: { ...asked.user, id: decode(asked.user.id) },
        pubKeyCredParams: asked.pubKeyCredParams.map(({ alg }) => ({ type: "public-key", alg })),
        timeout: asked.timeout,
        excludeCredentials: listed(asked.excludeCredentials),
        authenticatorSelection: asked.authenticatorSelection as AuthenticatorSelectionCriteria,
        attestation: asked.attestation as AttestationConveyancePreference,
      },
    }),
  );
  const said = made.response as AuthenticatorAttestationResponse;
  return { name, client_data: encode(said.clientDataJSON), attestation: encode(said.attestationObject) };
}

/** Has the browser show a passkey. */
export async function showPasskey(asked: Request): Promise<Schemas["PasskeyAssertion"]> {
  const shown = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: decode(asked.challenge),
        rpId: asked.rpId,
        allowCredentials: listed(asked.allowCredentials),
        timeout: asked.timeout,
        userVerification: asked.userVerification as UserVerificationRequirement,
      },
    }),
  );
  const said = shown.response as AuthenticatorAssertionResponse;
  return {
    credential: encode(shown.rawId),
    client_data: encode(said.clientDataJSON),
    authenticator_data: encode(said.authenticatorData),
    signature: encode(said.signature),
  };
}

/** Shows a passkey to who is signed in already, for an act that wants the second factor once more. */
export async function proveByPasskey(): Promise<Proof> {
  try {
    await passkeyOptions({});
  } catch (cause) {
    if (cause instanceof Problem && cause.passkey) return { passkey: await showPasskey(cause.passkey) };
    throw cause;
  }
  // There is nothing to be shown.
  return {};
}
