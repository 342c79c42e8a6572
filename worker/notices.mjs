import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * Licences of all packages that ended up in the bundles, for people who get the bundles without the packages.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @param {readonly string[]} others packages of which a file is copied as it is
 * @throws Error where a package has no licence file and names none
 */
export function thirdPartyNotices(metafiles, others) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([path]) => path),
    ),
  );
  const folders = new Set([...inputs.map((path) => PACKAGE.exec(path)?.[1]), ...others.map((name) => `node_modules/${name}`)]);
  folders.delete(undefined);
  return [...folders]
    .sort()
    .map(notice)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) ? readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry)) : undefined;
  if (file === undefined && typeof license !== 'string') throw new Error(`${name} names no licence`);
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
}
