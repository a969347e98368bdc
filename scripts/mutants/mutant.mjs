/**
 * A fault, and the test that has to notice it.
 * @typedef {object} Mutant
 * @property {string} fault what would be wrong, as a security engineer would say it
 * @property {string} file the source file
 * @property {string} from what stands in it, exactly once
 * @property {string} to what the fault makes of it
 * @property {string} test the test file that has to fail
 */

/**
 * The source with the fault in it.
 * @param {string} source
 * @param {Mutant} mutant
 * @throws {Error} unless the place is there exactly once, so that the list cannot fall behind the source unnoticed
 */
export function applied(source, { fault, file, from, to }) {
  const places = source.split(from).length - 1;
  if (places !== 1) throw new Error(`${fault}: ${file} has ${places} places like ${JSON.stringify(from)}, not one.`);
  if (from === to) throw new Error(`${fault}: nothing is changed.`);
  return source.replace(from, () => to);
}
