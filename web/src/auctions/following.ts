/** What is followed where some is kept by the exchange and some on this device: that of the exchange first, nothing twice. */
export function both(kept: readonly number[], here: readonly number[]): number[] {
  return [...kept, ...here.filter((id) => !kept.includes(id))];
}

/** What is followed once all that was asked is done: what comes anew stands behind the rest. */
export function after(kept: readonly number[], asked: ReadonlyMap<number, boolean>): number[] {
  const added = [...asked].filter(([id, on]) => on && !kept.includes(id)).map(([id]) => id);
  return [...kept.filter((id) => asked.get(id) !== false), ...added];
}
