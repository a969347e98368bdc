import { describe, expect, it } from "vitest";
import { exportFormats, exportHref, fileNameOf } from "./export-formats";

const [yaml, , postman] = exportFormats;

describe("exporting an API", () => {
  it("asks the management API for one of its formats", () => {
    expect(exportFormats.map((format) => exportHref("api_1", format))).toEqual(
      ["yaml", "json", "postman", "curl"].map((format) => `/api/v1/apis/api_1/export?format=${format}`),
    );
  });

  it("names the file after the API, in letters that every system takes", () => {
    expect(yaml && fileNameOf("Größe & Menge /../", yaml)).toBe("gro-e-menge.yaml");
    expect(postman && fileNameOf("Orders 2", postman)).toBe("orders-2.postman_collection.json");
  });

  it("has a name for an API whose name has none of them", () => {
    expect(yaml && fileNameOf("注文", yaml)).toBe("api.yaml");
    expect(yaml && fileNameOf("x".repeat(120), yaml)).toHaveLength(65);
  });
});
