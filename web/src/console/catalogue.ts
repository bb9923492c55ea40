/** What an admin says of a product, beside what the catalogue says of it. */

import type { Schemas } from "@/shared/api/client";
import type { Kind, Product } from "@/shared/names";

/** The fields of the form, in its order. `code` and `unit` are given once. */
export const FIELDS = ["code", "name", "name_en", "unit", "kind", "specification"] as const;
export type Field = (typeof FIELDS)[number];
export type Form = Record<Field, string>;

/** The form of a product; of none, an empty one. */
export function formOf(product?: Product): Form {
  return { code: product?.code ?? "", name: product?.name ?? "", name_en: product?.name_en ?? "", unit: product?.unit ?? "", kind: product?.kind ?? "", specification: product?.specification ?? "" };
}

/** Without the spaces around it, and lines as one: the exchange refuses what is not one line. */
export function trimmed(form: Form): Form {
  return Object.fromEntries(FIELDS.map((field) => [field, form[field].replace(/\s+/g, " ").trim()])) as Form;
}

/** The fields in which a form differs from what the catalogue says. */
export function changed(form: Form, product: Product): Field[] {
  const [now, before] = [trimmed(form), formOf(product)];
  return FIELDS.filter((field) => now[field] !== before[field]);
}

/** What is said of it, as the exchange takes it: what is empty is not said. */
export function description(form: Form): Schemas["NewDescription"] {
  const { name, name_en, kind, specification } = trimmed(form);
  return { name, ...(name_en ? { name_en } : {}), ...(kind ? { kind: kind as Kind } : {}), ...(specification ? { specification } : {}) };
}
