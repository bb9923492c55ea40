/** How wide the window is, for what is not there at all on a narrower one: what is only hidden would still be drawn and read live. */

import { type Ref, ref } from "vue";

/** From these widths on a desktop has two panes, and three. */
const WIDTHS = { two: 1024, three: 1200 } as const;

function follow(px: number): Ref<boolean> {
  const query = matchMedia(`(min-width: ${px}px)`);
  const is = ref(query.matches);
  query.addEventListener("change", () => (is.value = query.matches));
  return is;
}

let known: Record<keyof typeof WIDTHS, Ref<boolean>> | undefined;

/** Whether the window has at least the width of these panes; the same for all who ask. */
export function usePanes(): Record<keyof typeof WIDTHS, Ref<boolean>> {
  return (known ??= { two: follow(WIDTHS.two), three: follow(WIDTHS.three) });
}
