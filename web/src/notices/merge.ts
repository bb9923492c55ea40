/** The newest page of a list, with what was fetched of older pages behind it. */

import type { Schemas } from "@/shared/api/client";

type Notice = Schemas["Notice"];

export interface List {
  items: Notice[];
  next: string | undefined;
}

/**
 * Older ones stay only where they follow without a gap; what was read meanwhile is read among them too.
 */
export function merge(before: List, page: { items: Notice[]; next: string | null; read_up_to: number }): List {
  const known = new Set(page.items.map((one) => one.id));
  const last = page.items.at(-1);
  const joined = before.items.some((one) => known.has(one.id));
  const older = joined && last ? before.items.filter((one) => one.sequence <= last.sequence && !known.has(one.id)) : [];
  if (older.length === 0) return { items: page.items, next: page.next ?? undefined };
  return { items: [...page.items, ...older.map((one) => ({ ...one, read: one.sequence <= page.read_up_to }))], next: before.next };
}
