/** Quotes from what was awarded, live, and the catalogue of products. */

import { defineStore } from "pinia";
import { computed, reactive, ref } from "vue";

import { answer, api, type Schemas } from "@/shared/api/client";
import { useLive } from "@/shared/live/store";
import { type Product, useNames } from "@/shared/names";

export type { Product };
export type Quote = Schemas["Quote"] & { spark?: string[] };

export const useQuotes = defineStore("quotes", () => {
  const names = useNames();
  const products = computed(() => names.products);
  const known = ref(false);
  /** By product and side. */
  const quotes = reactive(new Map<string, Quote>());
  let leave: (() => void) | undefined;

  const byCode = computed(() => names.byCode);
  const quote = (product: string, side: string) => quotes.get(`${product}/${side}`);
  /** The quote that a list shows for a product: of the side that traded last. */
  function latest(product: string): Quote | undefined {
    const [sale, procurement] = [quote(product, "sale"), quote(product, "procurement")];
    if (!procurement?.at) return sale;
    return sale?.at && sale.at >= procurement.at ? sale : procurement;
  }

  function take(one: Quote): void {
    const key = `${one.product}/${one.side}`;
    const before = quotes.get(key);
    const spark = one.spark ?? (before?.day === one.day ? [...(before?.spark ?? []).slice(0, -1), one.last] : [...(before?.spark ?? []), one.last]).filter((price) => price !== null);
    quotes.set(key, { ...one, spark: spark.slice(-30) });
  }

  async function load(): Promise<void> {
    if (!names.known) await names.readProducts();
    for (let cursor: string | undefined; ; ) {
      const page = answer(await api.GET("/api/v1/quotes", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } }));
      page.items.forEach(take);
      if (page.next == null) break;
      cursor = page.next;
    }
    known.value = true;
    leave ??= useLive().subscribe("market", (message) => {
      if (message.kind === "quote") take(message.data as Quote);
      else if (message.kind === "snapshot") for (const one of (message.data as { quotes?: Quote[] }).quotes ?? []) take(one);
    });
  }

  function forget(): void {
    leave?.();
    leave = undefined;
    quotes.clear();
    known.value = false;
  }

  return { products, known, byCode, quote, latest, load, forget, nameOf: names.product };
});
