/**
 * Of several things of which one is chosen, the keyboard stops at one, the arrows go to the others and choose: for groups of
 * the roles `radiogroup` and `tablist`.
 */

import type { Directive } from "vue";

const CHOICES = "[role=radio], [role=tab]";
const choices = (of: HTMLElement) => [...of.querySelectorAll<HTMLElement>(CHOICES)].filter((one) => !one.matches(":disabled"));
const isChosen = (one: HTMLElement) => one.ariaChecked === "true" || one.ariaSelected === "true";

/** Where Tab stops: at what is chosen, or else at the first. */
function stop(of: HTMLElement): void {
  const all = choices(of);
  const at = all.find(isChosen) ?? all[0];
  for (const one of all) {
    const stops = one === at ? 0 : -1;
    if (one.tabIndex !== stops) one.tabIndex = stops;
  }
}

function key(event: KeyboardEvent): void {
  const of = event.currentTarget as HTMLElement;
  const all = choices(of);
  const at = all.indexOf(event.target as HTMLElement);
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all.at(to % all.length)!;
  next.focus();
  next.click();
}

export const vRoving: Directive<HTMLElement> = {
  mounted(of) {
    of.addEventListener("keydown", key);
    stop(of);
  },
  updated: stop,
};
