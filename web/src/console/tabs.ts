/** The rooms of the console: one line each. `for` names the roles that have it; left out, all of the staff. */

import type { Component } from "vue";

import ApplicationsPanel from "@/join/ApplicationsPanel.vue";
import AuditPanel from "@/people/AuditPanel.vue";
import MembersPanel from "@/people/MembersPanel.vue";
import UsersPanel from "@/people/UsersPanel.vue";
import type { Role } from "@/shared/session";

import AuctionsPanel from "./AuctionsPanel.vue";
import HaltsPanel from "./HaltsPanel.vue";
import MoneyPanel from "./MoneyPanel.vue";
import ProductsPanel from "./ProductsPanel.vue";
import ProfilePanel from "./ProfilePanel.vue";
import TodayPanel from "./TodayPanel.vue";

export const TABS = [
  { name: "today", panel: TodayPanel },
  { name: "auctions", panel: AuctionsPanel },
  { name: "halts", panel: HaltsPanel },
  { name: "members", panel: MembersPanel },
  { name: "joining", panel: ApplicationsPanel, for: ["admin", "auditor"] },
  { name: "money", panel: MoneyPanel, for: ["settlement", "auditor"] },
  { name: "products", panel: ProductsPanel },
  { name: "profile", panel: ProfilePanel },
  { name: "users", panel: UsersPanel, for: ["admin"] },
  { name: "audit", panel: AuditPanel, for: ["admin", "auditor"] },
] as const satisfies readonly { name: string; panel: Component; for?: readonly Role[] }[];

export type TabName = (typeof TABS)[number]["name"];

export function tabsOf(role: Role | undefined): (typeof TABS)[number][] {
  return TABS.filter((tab) => !("for" in tab) || (tab.for as readonly Role[]).includes(role!));
}
