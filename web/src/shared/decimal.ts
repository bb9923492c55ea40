/** Decimals as the exchange writes them, held as whole numbers: money and prices in fen, quantities and rates in millionths. */

/** Reads a decimal string; undefined where it is none or has more decimals. */
export function parse(text: string, decimals: number): bigint | undefined {
  const match = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = "0", fraction = ""] = match;
  if (fraction.length > decimals) return undefined;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** What a person typed: grouping commas, spaces and full-width digits are understood, a sign is not. */
export function parseTyped(text: string, decimals: number): bigint | undefined {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  return parse(plain.replace(/^0+(?=\d)/, "").replace(/\.$/, ""), decimals);
}

/** Money or a price of the wire, in fen. A value of the wire that is no decimal is a fault of ours and is said. */
export function fen(text: string): bigint {
  const negative = text.startsWith("-");
  const value = parse(negative ? text.slice(1) : text, 2);
  if (value === undefined) throw new Error(`no amount: ${text}`);
  return negative ? -value : value;
}

/** A quantity or rate of the wire, in millionths. */
export function millionths(text: string): bigint {
  const value = parse(text, 6);
  if (value === undefined) throw new Error(`no decimal: ${text}`);
  return value;
}

/** Fen as the wire writes money. */
export function wire(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** a / b, rounded half up; both not negative. */
function divideHalfUp(a: bigint, b: bigint): bigint {
  return (2n * a + b) / (2n * b);
}

/** What a bid secures: rate × price × quantity, rounded half up to the fen, once, at the end. */
export function margin(price: bigint, quantity: bigint, rate: bigint): bigint {
  return divideHalfUp(price * quantity * rate, 1_000_000_000_000n);
}

/** price × quantity, rounded half up to the fen. */
export function amount(price: bigint, quantity: bigint): bigint {
  return divideHalfUp(price * quantity, 1_000_000n);
}
