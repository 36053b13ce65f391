/** @file Where the keys of a JSON object are written, which `JSON.parse` doesn't tell. */

export interface JsonKey {
  readonly key: string;
  /** The index of its opening quote in the text. */
  readonly index: number;
  /** 1 for the keys of the outermost object. */
  readonly depth: number;
  /** Whether the same object already had this key; `JSON.parse` silently keeps the last. */
  readonly repeated: boolean;
}

/**
 * Lists the object keys in `text`, in order; in text that isn't valid JSON, whatever looks like keys.
 *
 * @throws RangeError if brackets nest deeper than `maxDepth`, SyntaxError if a key isn't a JSON string
 */
export function* jsonKeys(text: string, maxDepth: number): Generator<JsonKey> {
  // The keys so far of each open object; nothing for those without any, and for arrays.
  const open: (Set<string> | undefined)[] = [];
  let lastString: { readonly token: string; readonly index: number } | undefined;
  // Character by character: a match of a regular expression for each bracket would take a hundred times the text's memory.
  for (let index = 0; index < text.length; index++) {
    const token = text[index];
    if (token === '"') {
      const end = endOfString(text, index);
      if (end === undefined) return;
      lastString = { token: text.slice(index, end), index };
      index = end - 1;
    } else if (token === '{' || token === '[') {
      if (open.push(undefined) > maxDepth) throw new RangeError(`nested deeper than ${maxDepth} levels`);
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && lastString) {
      const innermost = open.length - 1;
      const keys = open[innermost] ?? new Set<string>();
      if (innermost >= 0) open[innermost] = keys;
      const key = String(JSON.parse(lastString.token));
      yield { key, index: lastString.index, depth: open.length, repeated: keys.has(key) };
      keys.add(key);
    }
  }
}

/** The index behind the closing quote of the string that begins at `start`; nothing, if it doesn't end. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at++;
  }
  return undefined;
}
