/** @file Where the keys of a JSON object are written, which `JSON.parse` doesn't tell. */

const TOKEN = /["{}[\]:]/g;

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
  // One set of keys per open object; arrays have one too, which stays empty.
  const open: Set<string>[] = [];
  let lastString: { readonly token: string; readonly index: number } | undefined;
  // With a regular expression for whole strings, one that doesn't end would cost its length squared.
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const { 0: token, index } = match;
    if (token === '"') {
      const end = endOfString(text, index);
      if (end === undefined) return;
      lastString = { token: text.slice(index, end), index };
      tokens.lastIndex = end;
    } else if (token === '{' || token === '[') {
      if (open.push(new Set()) > maxDepth) throw new RangeError(`nested deeper than ${maxDepth} levels`);
    } else if (token === '}' || token === ']') open.pop();
    else if (lastString) {
      const keys = open.at(-1);
      const key = String(JSON.parse(lastString.token));
      yield { key, index: lastString.index, depth: open.length, repeated: keys?.has(key) ?? false };
      keys?.add(key);
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
