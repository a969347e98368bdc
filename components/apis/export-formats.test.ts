import { describe, expect, it } from "vitest";
import { exportFormats, exportHref } from "./export-formats";

describe("exporting an API", () => {
  it("asks the management API for one of its formats", () => {
    expect(exportFormats.map((format) => exportHref("api_1", format))).toEqual(
      ["yaml", "json", "postman", "curl"].map((format) => `/api/v1/apis/api_1/export?format=${format}`),
    );
  });
});
