/** All pages of a list, one after the other. */
export async function everything<T>(page: (cursor: { cursor?: string }) => Promise<{ items: T[]; next?: string | null }>): Promise<T[]> {
  const found: T[] = [];
  for (let next: { cursor?: string } = {}; ; ) {
    const one = await page(next);
    found.push(...one.items);
    if (one.next == null) return found;
    next = { cursor: one.next };
  }
}
