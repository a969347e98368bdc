import { Document, Scalar, visit } from "yaml";

/**
 * Plain scalars that readers of YAML 1.1 take for something else than text: booleans, numbers in its notations (octal, binary,
 * base 60, with underscores), dates, the merge key and the value key (https://yaml.org/type/).
 */
const OTHER_IN_YAML_1_1 = [
  /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<)$/i,
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*)$/i,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:e[-+]?[0-9]+)?$/i,
  /^[-+]?[0-9][0-9_]*e[-+]?[0-9]+$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt\s])/,
];
/** Line breaks of YAML 1.1, and what is not printable in it. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const needsQuotes = (text: string) => text.search(UNPRINTABLE) !== -1 || OTHER_IN_YAML_1_1.some((form) => form.test(text));

/** Writes a value as YAML that readers of YAML 1.1 and of YAML 1.2 understand alike. */
export function writeYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === "string" && needsQuotes(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // All of them stand between double quotes, where they can be escaped.
  return document
    .toString({ lineWidth: 0 })
    .replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
