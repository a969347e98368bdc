/** The largest document that the management API reads. */
export const DOCUMENT_BYTES_MAX = 5 * 1024 * 1024;

/** The message for a document above the limit. */
export function tooLarge(bytes: number, fileName = "The document"): string {
  return `${fileName} has ${(bytes / 1024 / 1024).toFixed(1)} MB. Maximum: 5 MB. Choose an exported definition.`;
}
