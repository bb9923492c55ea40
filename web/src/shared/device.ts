/** Whether this device can be pushed to, and if not, why: push needs the browser, the system and a service that reaches it. */

import { answer, api, keyed } from "./api/client";
import { Problem } from "./api/problem";

export type PushState =
  /** It is pushed to. */
  | "on"
  /** It could be. */
  | "off"
  /** The venue does not push. */
  | "venue"
  /** The page did not come by https, nor from this machine. */
  | "insecure"
  /** On an iPhone or iPad only an app on the home screen is pushed to. */
  | "homeScreen"
  /** This browser has no push. */
  | "unsupported"
  /** The user or the system forbids notifications. */
  | "denied"
  /** The part of the app that receives pushes is not there, as while it is being developed. */
  | "worker";

/** The name under which the exchange shows this browser. */
function label(): string {
  const agent = navigator.userAgent;
  const system = /iPhone|iPad|Android|Windows|Mac OS X|Linux/.exec(agent)?.[0]?.replace("Mac OS X", "Mac") ?? "";
  const browser = /MicroMessenger|Edg|Firefox|Chrome|Safari/.exec(agent)?.[0]?.replace("Edg", "Edge") ?? "";
  return [system, browser].filter(Boolean).join(" · ") || "–";
}

/** What of the push key a subscription was made with. */
function sameKey(subscription: PushSubscription, key: string): boolean {
  const own = subscription.options.applicationServerKey;
  return own !== null && encode(own) === key;
}

function encode(bytes: ArrayBuffer | null): string {
  if (!bytes) return "";
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function worker(): Promise<ServiceWorkerRegistration | undefined> {
  return "serviceWorker" in navigator ? navigator.serviceWorker.getRegistration() : undefined;
}

/** How it stands; `endpoints` are those that the exchange pushes to. */
export async function pushState(key: string | null, endpoints: string[]): Promise<PushState> {
  if (key === null) return "venue";
  if (!window.isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window))
    return /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches ? "homeScreen" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  const registration = await worker();
  if (!registration) return "worker";
  const subscription = await registration.pushManager.getSubscription();
  return subscription && sameKey(subscription, key) && endpoints.includes(subscription.endpoint) ? "on" : "off";
}

/** Asks the user, the browser and its push service; throws what they say where one of them does not want to. */
export async function turnOn(key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") return;
  const registration = await worker();
  if (!registration) return;
  const before = await registration.pushManager.getSubscription();
  if (before && !sameKey(before, key)) await before.unsubscribe();
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const body = { endpoint: subscription.endpoint, p256dh: encode(subscription.getKey("p256dh")), auth: encode(subscription.getKey("auth")), label: label() };
  answer(await api.POST("/api/v1/notices/browsers", { body, params: keyed() }));
}

export async function turnOff(endpoint?: string): Promise<void> {
  const subscription = await (await worker())?.pushManager.getSubscription();
  const which = endpoint ?? subscription?.endpoint;
  if (!which) return;
  answer(await api.DELETE("/api/v1/notices/browsers", { body: { endpoint: which }, params: keyed() }));
  if (subscription?.endpoint === which) await subscription.unsubscribe();
}

async function subscribed(): Promise<PushSubscription | null | undefined> {
  return (await worker())?.pushManager?.getSubscription();
}

/**
 * Whoever signs out is not pushed to here any more, or who takes the device over reads it. Throws where no answer came: then nothing was
 * done. What else goes wrong does not hold anybody: a subscription that is gone here the push service itself does not know.
 */
export async function leaveDevice(): Promise<void> {
  const subscription = await subscribed();
  if (!subscription) return;
  try {
    await api.DELETE("/api/v1/notices/browsers", { body: { endpoint: subscription.endpoint }, params: keyed() });
  } catch (cause) {
    if (cause instanceof Problem && cause.passing) throw cause;
  }
  await subscription.unsubscribe();
}

/** Somebody else signs in here than before: what the one before was pushed ends, also where nobody signed out. */
export async function takeDevice(): Promise<void> {
  await (await subscribed())?.unsubscribe();
}
