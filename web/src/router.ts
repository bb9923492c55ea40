/** The places of the app. What a screen needs beyond the first one is fetched when one goes there. */

import { createRouter, createWebHistory, type RouteLocationNormalized } from "vue-router";

import { useSession } from "./shared/session";

declare module "vue-router" {
  interface RouteMeta {
    /** Whether one comes here without being signed in. */
    open?: boolean;
    /** For whom it is; left out: everyone who is signed in. */
    for?: "members" | "staff";
    /** The name of the place in the bar it belongs to. */
    place?: "markets" | "auctions" | "publish" | "contracts" | "me";
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: "/", redirect: "/markets" },
    { path: "/sign-in", name: "sign-in", component: () => import("./entry/SignIn.vue"), meta: { open: true } },
    { path: "/markets", name: "markets", component: () => import("./markets/MarketsScreen.vue"), meta: { place: "markets" } },
    { path: "/markets/:code", name: "product", component: () => import("./markets/ProductScreen.vue"), props: true, meta: { place: "markets" } },
    { path: "/auctions", name: "auctions", component: () => import("./auctions/AuctionsScreen.vue"), meta: { place: "auctions" } },
    { path: "/auctions/:id(\\d+)/:lot?", name: "room", component: () => import("./auctions/RoomScreen.vue"), props: (to) => ({ id: Number(to.params.id), code: (to.params.lot as string) || undefined }), meta: { place: "auctions" } },
    { path: "/publish", name: "publish", component: () => import("./publish/PublishScreen.vue"), meta: { place: "publish", for: "members" } },
    { path: "/contracts", name: "contracts", component: () => import("./contracts/ContractsScreen.vue"), meta: { place: "contracts", for: "members" } },
    { path: "/apply", name: "apply", component: () => import("./join/ApplyScreen.vue"), meta: { open: true } },
    { path: "/application", name: "application", component: () => import("./join/ApplicationScreen.vue"), meta: { open: true } },
    { path: "/welcome", name: "welcome", component: () => import("./join/WelcomeScreen.vue"), meta: { open: true } },
    { path: "/rules", name: "rules", component: () => import("./help/RulesScreen.vue"), meta: { open: true } },
    { path: "/me", name: "me", component: () => import("./me/MeScreen.vue"), meta: { place: "me" } },
    { path: "/console/:tab([a-z-]+)?", name: "console", component: () => import("./console/ConsoleScreen.vue"), props: true, meta: { for: "staff" } },
    { path: "/:rest(.*)*", redirect: "/markets" },
  ],
});

/** Where one goes on after signing in: never with what stands behind the #, which must not get into what servers see. */
export function backTo(place: RouteLocationNormalized): { to?: string } {
  return place.meta.open ? {} : { to: place.fullPath.slice(0, place.fullPath.length - place.hash.length) };
}

router.beforeEach(async (to: RouteLocationNormalized) => {
  const session = useSession();
  try {
    await session.ask();
  } catch {
    // The app says that the exchange does not answer, and comes back here when it does.
    return true;
  }
  // These are for everyone; some hold a secret behind the #.
  if (to.meta.open && to.name !== "sign-in") return true;
  if (!session.isIn) return to.name === "sign-in" ? true : { name: "sign-in", query: backTo(to) };
  if (to.name === "sign-in") return { name: session.isStaff ? "console" : "markets" };
  if (to.meta.for === "staff" && !session.isStaff) return { name: "markets" };
  if (to.meta.for === "members" && session.isStaff) return { name: "console" };
  return true;
});
