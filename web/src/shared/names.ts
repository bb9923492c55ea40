/** Names of what is known by a code: the catalogue's products and the exchange's firms, in the language that is spoken. */

import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import { answer, api, type Schemas } from "./api/client";
import { i18n } from "./i18n";

export type Product = Schemas["Product"];

/** The kinds of products, in the order in which they are made of each other. */
export const KINDS = ["oxide", "metal", "alloy", "concentrate", "scrap", "magnet", "compound", "auxiliary", "processing"] as const;
export type Kind = (typeof KINDS)[number];

const PAGE = 200;

export const useNames = defineStore("names", () => {
  const products = shallowRef<Product[]>([]);
  const known = ref(false);
  const firms = shallowRef(new Map<string, string>());
  let asking: Promise<void> | undefined;

  const byCode = computed(() => new Map(products.value.map((one) => [one.code, one])));

  async function readProducts(): Promise<void> {
    const found: Product[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = answer(await api.GET("/api/v1/products", { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } }));
      found.push(...page.items);
      if (page.next == null) break;
      cursor = page.next;
    }
    products.value = found;
    known.value = true;
  }

  async function readFirms(): Promise<void> {
    const found = new Map<string, string>();
    for (let cursor: string | undefined; ; ) {
      const page = answer(await api.GET("/api/v1/members", { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } }));
      for (const one of page.items) found.set(one.code, one.name);
      if (page.next == null) break;
      cursor = page.next;
    }
    firms.value = found;
  }

  /** Reads what is not known yet. Until it is there, codes stand for names. */
  async function read(): Promise<void> {
    asking ??= Promise.all([known.value ? undefined : readProducts(), firms.value.size ? undefined : readFirms()]).then(
      () => (asking = undefined),
      (cause: unknown) => {
        asking = undefined;
        throw cause;
      },
    );
    await asking;
  }

  /** A product, in the language that is spoken. */
  function product(code: string): string {
    const one = byCode.value.get(code);
    if (!one) return code;
    return i18n.global.locale.value === "en" ? (one.name_en ?? one.name) : one.name;
  }

  /** A firm. Of a name in both languages, written `中文 · English`, the part that is spoken. */
  function firm(code: string): string {
    const name = firms.value.get(code);
    if (name === undefined) return code;
    const parts = name.split(" · ");
    if (parts.length !== 2) return name;
    return parts[i18n.global.locale.value === "en" ? 1 : 0] ?? name;
  }

  function forget(): void {
    products.value = [];
    firms.value = new Map();
    known.value = false;
    asking = undefined;
  }

  return { products, known, byCode, read, readProducts, product, firm, forget };
});
