import { describe, expect, it } from "vitest";

import { differences, GROUPS, type Hours, inOrder, plus, type Profile, ROWS, works, wrongHours } from "./profile";

const HOURS: Hours = {
  sessions: [{ from: "09:00", to: "11:30" }, { from: "13:00", to: "16:00" }],
  days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
  calendar: [{ date: "2026-10-01", working: false }, { date: "2026-10-10", working: true }],
};
const PROFILE: Profile = {
  rules: 3, sale: true, procurement: true, sealed: true, catalogue_closed: false, texts_checked: true, second_person_above: "1000000.00", approvals_max: 10_000, lots_max: 200, auctions_per_member_max: 1_000,
  sealed_bids_per_lot_max: 100, sessions_per_user_max: 32, outage_after: "2s", ends_soon_before: "5m", first_password_lasts: "72h", refused_kept: "4320h", files_per_member_max: null, file_bytes_per_member_max: null, file_bytes_max: 5_000_000_000, idempotency_window: "10m", idempotency_keys_max: 1_000_000, idempotency_keys_per_user_max: 20_000, utc_offset: "+08:00", hours: null, revision: "00112233445566778899aabbccddeeff",
};

// Protects the screen of the rules: no setting of the venue is missing from it, and what is shown as changed is what differs.
describe("the profile", () => {
  it("stands on the screen whole, each setting once", () => {
    expect(ROWS.map((row) => row.field).sort()).toEqual(Object.keys(PROFILE).filter((key) => key !== "revision").sort());
    expect(GROUPS.flatMap((group) => group.rows).length).toBe(ROWS.length);
  });

  it("differs where a setting does", () => {
    expect(differences(PROFILE, PROFILE)).toEqual([]);
    const after = { ...PROFILE, hours: HOURS, lots_max: 7, outage_after: null };
    expect(differences(PROFILE, after).map((row) => row.field)).toEqual(["lots_max", "outage_after", "hours"]);
    expect(differences(after, { ...after, hours: { ...HOURS, days: ["monday"] } }).map((row) => row.field)).toEqual(["hours"]);
  });
});

// Protects the editor of the hours: its next two weeks are those by which the exchange judges, and it says what the exchange would refuse.
describe("hours", () => {
  it.each([["2026-09-30", true], ["2026-10-01", false], ["2026-10-03", false], ["2026-10-10", true], ["2026-10-11", false], ["2026-10-12", true]])("on %s", (date, open) => {
    expect(works(HOURS, date)).toBe(open);
  });

  it("goes over the end of a month and of a year", () => {
    expect([plus("2026-12-31", 1), plus("2028-02-28", 1)]).toEqual(["2027-01-01", "2028-02-29"]);
  });

  it.each([
    [{}, undefined],
    [{ sessions: [] }, "none"],
    [{ sessions: [{ from: "9:00", to: "10:00" }] }, "time"],
    [{ sessions: [{ from: "09:00", to: "24:01" }] }, "time"],
    [{ sessions: [{ from: "21:00", to: "24:00" }] }, undefined],
    [{ sessions: [{ from: "10:00", to: "10:00" }] }, "order"],
    [{ sessions: [{ from: "09:00", to: "11:30" }, { from: "11:30", to: "16:00" }] }, "order"],
    [{ days: [] }, "days"],
    [{ calendar: [{ date: "2026-10-01", working: false }, { date: "2026-10-01", working: true }] }, "calendar"],
    [{ calendar: [{ date: "", working: false }] }, "calendar"],
  ])("with %j", (part, wrong) => {
    expect(wrongHours({ ...HOURS, ...part })).toBe(wrong);
  });

  it("are put in the order that the exchange wants", () => {
    const mixed = { ...HOURS, days: ["friday", "monday"], calendar: HOURS.calendar.toReversed() };
    expect(inOrder(mixed)).toEqual({ ...HOURS, days: ["monday", "friday"] });
  });
});
