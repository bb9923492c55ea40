import { expect, it } from "vitest";

import { decode, encode } from "./base64url";

// Protects what goes between browser and exchange: every byte, without padding, in the alphabet of addresses.
it("writes and reads base64url", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  for (const length of [0, 1, 2, 3, 254, 255, 256]) {
    const bytes = all.slice(0, length);
    const text = encode(bytes.buffer);
    expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
    expect(decode(text)).toEqual(bytes);
  }
  expect(encode(Uint8Array.of(0xfb, 0xff).buffer)).toBe("-_8");
});
