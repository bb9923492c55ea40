import { describe, expect, it } from "vitest";

import { announcement, blank, type Draft, faults, like } from "./draft";

const draft: Draft = { ...blank(), product: "PrNd-metal", title: "金属镨钕", lots: [{ code: "1", quantity: "20.50" }], date: "2030-01-02", start: "565,000", step: "500", limit: "555000.5", rate: "12.5", eligible: "B1, B2、B3", attachments: [{ file: "ab", name: " 合同.pdf ", size: 7 }] };

// Protects that what is handed in is what was typed, to the last digit.
describe("a draft", () => {
  it("becomes the announcement", () => {
    const made = announcement(draft);
    expect(made.lots).toEqual([{ code: "1", quantity: "20.5" }]);
    expect(made.bidding).toMatchObject({ start_price: "565000.00", limit_price: "555000.50", step: "500.00", margin_rate: "0.125", countdown: "180s", eligible: ["B1", "B2", "B3"] });
    expect(made.attachments).toEqual([{ file: "ab", name: "合同.pdf" }]);
    expect(announcement({ ...draft, attachments: [] })).not.toHaveProperty("attachments");
    expect(made.opens).toBe("2030-01-02T02:00:00.000Z");
    expect(Date.parse(made.closes) - Date.parse(made.opens)).toBe(30 * 60_000);
    expect(faults(draft, Date.parse("2029-12-31"))).toEqual({});
  });

  it("says what is wrong, by field", () => {
    const wrong = faults({ ...draft, start: "0", step: "x", title: " ", closes: "10:00", lots: [{ code: "1", quantity: "-1" }], attachments: [{ file: "ab", name: " ", size: 7 }] }, Date.parse("2031-01-01"));
    expect(wrong).toEqual({ start: "decimal", step: "decimal", title: "required", closes: "order", lots: "decimal", attachments: "required", date: "past" });
  });

  it("bears a day that is half typed", () => {
    expect(faults({ ...draft, date: "20261-11-27" }, 0)).toEqual({ date: "required" });
  });

  it("is the last one again, on another day", () => {
    const made = announcement(draft);
    const again = like({ ...made, id: 1, initiator: "NRE", status: "closed", suspended_at: null, reason: "", sequence: 1, bidding: { ...made.bidding, eligible: ["B1", "B2"] }, lots: [], attachments: [{ file: "ab", name: "合同.pdf", type: "application/pdf", size: 7 }, { file: "cd", name: "gone.pdf", type: null, size: null }] } as never, Date.parse("2030-03-01T12:00:00+08:00"));
    expect(again).toMatchObject({ date: "2030-03-02", opens: "10:00", closes: "10:30", start: "565,000", rate: "12.5", limit: "555,000.50", eligible: "B1, B2", attachments: [{ file: "ab", name: "合同.pdf", size: 7 }] });
  });

  it("has the rate of the last one to the digit", () => {
    const last = { ...announcement(draft), id: 1, initiator: "NRE", lots: [], attachments: [] };
    const rates = Array.from({ length: 100 }, (_, at) => ({ rate: at === 99 ? "1" : `0.${String(at + 1).padStart(2, "0").replace(/0$/, "")}`, percent: String(at + 1) }));
    for (const { rate, percent } of [...rates, { rate: "0.000001", percent: "0.0001" }, { rate: "0.123456", percent: "12.3456" }]) {
      const again = like({ ...last, bidding: { ...last.bidding, margin_rate: rate } } as never, 0);
      expect(again.rate).toBe(percent);
      expect(faults({ ...draft, rate: again.rate }, 0).rate).toBeUndefined();
      expect(announcement({ ...draft, rate: again.rate }).bidding.margin_rate).toBe(rate);
    }
  });
});
