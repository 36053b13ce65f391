/** @file What package-lock.json may hold: rules that need no network. */

/** May be used anywhere, the published library included. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Python-2.0'];

/** Given to the public domain. Not everywhere can that be done, so tools may build on it, the published library may not. */
const PUBLIC_DOMAIN = ['Unlicense'];

/** File-level or library-level copyleft: fine for tools and for the lab, which are not part of the published library. */
const WEAK_COPYLEFT = ['LGPL-3.0-or-later', 'MPL-2.0'];

/** For data with its author named: a table of browsers is what a tool may look things up in. */
const ATTRIBUTION = ['CC-BY-4.0'];

/** Licences that a package states in a file only, not in its package.json: read by a person. */
const READ_BY_HAND: Readonly<Record<string, string>> = { jstat: 'MIT' };

const REGISTRY = 'https://registry.npmjs.org/';

/** One entry of `packages` in a package-lock.json. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string | undefined;
  readonly resolved?: string;
  readonly license?: string | undefined;
  readonly deprecated?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What package.json says that matters here. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/** The rules that a lock file breaks, one message each; `manifest` is the package.json beside it. */
export function lockfileViolations(lock: Lockfile, manifest: Manifest): string[] {
  const published = publishedNames(lock, manifest);
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    const name = nameAt(path);
    // The project itself and its workspaces.
    if (!path.includes('node_modules/') || entry.link) return [];
    return [
      ...originViolations(entry),
      ...licenceViolations(entry.license ?? READ_BY_HAND[name], published.has(name)),
      ...(entry.deprecated ? [`is deprecated: ${entry.deprecated}`] : []),
      ...(entry.hasInstallScript && !Object.hasOwn(manifest.allowScripts ?? {}, name)
        ? ["has an install script that package.json's allowScripts doesn't decide about"]
        : []),
    ].map((complaint) => `${path}@${entry.version} ${complaint}`);
  });
}

/** A package must be what it was when it was locked, whoever serves it. */
function originViolations({ integrity, resolved }: LockedPackage): string[] {
  return [
    ...(/^sha512-/.test(integrity ?? '') ? [] : ['has no SHA-512 integrity']),
    ...(resolved === undefined || resolved.startsWith(REGISTRY)
      ? []
      : ['comes from elsewhere than the public npm registry']),
  ];
}

function licenceViolations(licence: string | undefined, isPublished: boolean): string[] {
  if (licence === undefined) return ['states no licence: read it, and note it in scripts/lockfileRules.mjs'];
  const allowed = isPublished ? PERMISSIVE : [...PERMISSIVE, ...PUBLIC_DOMAIN, ...WEAK_COPYLEFT, ...ATTRIBUTION];
  // Of `A OR B` one may be chosen, of `A AND B` every part must be allowed.
  const fits = licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.includes(part)));
  const user = isPublished ? 'the published library' : 'a tool';
  return fits ? [] : [`has the licence ${licence}, which ${user} can't build on`];
}

/** Names of the packages that whoever installs the library gets: those reached from the root's dependencies. */
function publishedNames(lock: Lockfile, manifest: Manifest): Set<string> {
  const dependencies = new Map<string, string[]>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    const name = nameAt(path);
    const named = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
    dependencies.set(name, [...(dependencies.get(name) ?? []), ...named]);
  }
  const reached = new Set(Object.keys(manifest.dependencies ?? {}));
  // A set's iteration reaches what is added meanwhile.
  for (const name of reached) for (const next of dependencies.get(name) ?? []) reached.add(next);
  return reached;
}

/** `b` of `node_modules/a/node_modules/b`. */
function nameAt(path: string): string {
  return path.split('node_modules/').at(-1)!;
}
