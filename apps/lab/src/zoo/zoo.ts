/**
 * @file The trained networks that come with the lab: for each, its weights and its card.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson } from '../study/jsonFile.js';
import { type ModelCard, modelCard } from './modelCard.js';

/** Beside the sources and beside their build alike. */
export const ZOO_FOLDER = fileURLToPath(new URL('../../models/', import.meta.url));

/** Larger ones would make a checkout slow; ResNet-20 takes 1.1 MB. */
export const MOST_WEIGHTS_BYTES = 1_500_000;

/** Where the weights and the card of a name lie. */
export function zooFiles(folder: string, name: string): { readonly weights: string; readonly card: string } {
  return { weights: path.join(folder, `${name}.safetensors`), card: path.join(folder, `${name}.json`) };
}

/** All cards, by name. */
export async function modelCards(folder = ZOO_FOLDER): Promise<ModelCard[]> {
  const files = await readdir(folder).catch(() => []);
  const names = files.filter((file) => file.endsWith('.json')).map((file) => path.basename(file, '.json'));
  const cards = await Promise.all(names.sort().map((name) => cardOf(folder, name)));
  return cards.flatMap((card) => card ?? []);
}

/** The weights of a network, if there is one of that name. */
export async function zooWeights(name: string, folder = ZOO_FOLDER): Promise<string | undefined> {
  const cards = await modelCards(folder);
  return cards.some((card) => card.name === name) ? zooFiles(folder, name).weights : undefined;
}

function cardOf(folder: string, name: string): Promise<ModelCard | undefined> {
  return readJson(zooFiles(folder, name).card, modelCard, 'the card of a trained network');
}
