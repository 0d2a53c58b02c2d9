import { describe, expect, test } from "vitest";
import { slotTime } from "../../src/platform/slot.ts";

describe("slotTime", () => {
  test.each([
    ["2031-04-02", "2031-04-02T00:00:00Z"],
    ["2031-04-02T0700+0100", "2031-04-02T06:00:00Z"],
    ["2031-04-02T0030-0330", "2031-04-02T04:00:00Z"],
    ["2026-W01", "2025-12-29T00:00:00Z"],
    ["2026-W48", "2026-11-23T00:00:00Z"],
    ["2026-W53", "2026-12-28T00:00:00Z"],
    ["2027-W01", "2027-01-04T00:00:00Z"],
    ["2023-W01", "2023-01-02T00:00:00Z"],
  ])("%s is at %s", (slot, iso) => {
    expect(slotTime(slot)).toBe(Date.parse(iso));
  });

  test.each(["", "drafts", "2031", "2031-04", "2031-4-2", "2031-04-02x", "x2031-04-02", "2031-W1"])(
    "%j is no slot",
    (name) => {
      expect(slotTime(name)).toBeUndefined();
    },
  );
});
