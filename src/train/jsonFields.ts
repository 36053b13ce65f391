/**
 * @file Reading JSON that comes from a file, where nothing of its declared type may be taken for granted.
 */

/** How a number that JSON has no word for is written. */
const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

/** JSON text in which numbers that aren't finite are strings, as `JsonFields.number` reads them. */
export function stringifyNumbers(value: object): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}

/** The members of an object, each read as what it must be. Every method throws an Error that names the member. */
export class JsonFields {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${path || 'the contents'} must be an object`);
    }
    this.#members = { ...value };
    this.#path = path;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  isBoolean(name: string): boolean {
    return typeof this.#value(name) === 'boolean';
  }

  isNull(name: string): boolean {
    return this.#value(name) === null;
  }

  names(): string[] {
    return Object.keys(this.#members);
  }

  number(name: string): number {
    const value = this.#value(name);
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && NOT_FINITE.has(value)) return Number(value);
    return this.#fail(name, 'a number');
  }

  /** A whole number of at least 0. */
  count(name: string): number {
    const value = this.#value(name);
    return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : this.#fail(name, 'a count');
  }

  text(name: string): string {
    const value = this.#value(name);
    return typeof value === 'string' ? value : this.#fail(name, 'a text');
  }

  boolean(name: string): boolean {
    const value = this.#value(name);
    return typeof value === 'boolean' ? value : this.#fail(name, 'true or false');
  }

  counts(name: string): number[] {
    return this.#list(name).map((value) => {
      return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : this.#fail(name, 'a list of counts');
    });
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#value(name), this.#pathOf(name));
  }

  objects(name: string): JsonFields[] {
    return this.#list(name).map((value, i) => new JsonFields(value, `${this.#pathOf(name)}.${i}`));
  }

  #list(name: string): readonly unknown[] {
    const value = this.#value(name);
    return Array.isArray(value) ? value : this.#fail(name, 'a list');
  }

  #value(name: string): unknown {
    return this.has(name) ? this.#members[name] : this.#fail(name, 'there');
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #fail(name: string, expected: string): never {
    throw new Error(`${this.#pathOf(name)} must be ${expected}`);
  }
}
