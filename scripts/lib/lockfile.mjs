/**
 * The packages of a lockfile that npm would install without comparing what it got with anything. Links and folders of this
 * project have none; what is bundled comes inside another package.
 * @param {{ packages: Record<string, { integrity?: string, link?: boolean, inBundle?: boolean }> }} lockfile
 * @returns {string[]} their paths
 */
export const withoutIntegrity = ({ packages }) =>
  Object.entries(packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link && !entry.inBundle && !/^sha512-/.test(entry.integrity ?? ""))
    .map(([path]) => path);
