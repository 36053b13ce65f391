/**
 * @file The folder of a study: `study.json`, `timing.json`, the report, and a folder for each run in `runs`.
 */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usageError.js';
import { version } from '../version.js';
import { readJson, writeJson } from './jsonFile.js';
import { differences, makeFolder, RunFolder } from './runFolder.js';
import { mismatch } from './runOrigin.js';
import type { RunPlan } from './runPlan.js';
import { type Recipe, recipe, type StudySettings } from './settings.js';
import { STUDY_FILE, STUDY_TIMING_FILE, type Study, type StudyTiming, study, studyTiming } from './study.js';

const RUNS = 'runs';
/** What was found, for people: made from all the others. */
export const REPORT_PAGE = 'report.html';
export const REPORT_TEXT = 'report.md';

export class StudyFolder {
  constructor(readonly folder: string) {}

  /** The name of a run's folder, relative to this one, with `/`. */
  static runName({ pool, seed }: RunPlan): string {
    return `${RUNS}/${pool}-seed${seed}`;
  }

  run(plan: RunPlan): RunFolder {
    return new RunFolder(path.join(this.folder, StudyFolder.runName(plan)));
  }

  /**
   * The study there, if there is one.
   *
   * @throws UsageError if there is something that isn't a study of this version
   */
  study(): Promise<Study | undefined> {
    return readJson(path.join(this.folder, STUDY_FILE), study, 'a study');
  }

  timing(): Promise<StudyTiming | undefined> {
    return readJson(path.join(this.folder, STUDY_TIMING_FILE), studyTiming, "a study's times");
  }

  /** Times first: whoever sees a run in `study.json` finds its times. */
  async write(value: Study, timing: StudyTiming): Promise<void> {
    await writeJson(path.join(this.folder, STUDY_TIMING_FILE), timing);
    await writeJson(path.join(this.folder, STUDY_FILE), value);
  }

  /**
   * Makes the folder ready for a study with these settings, and joins them with those of the study that is there: poolings and
   * seeds may be added, and the baseline may change.
   *
   * @param arithmetic what computes from now on
   * @param chosenBaseline whether the baseline was asked for; otherwise the one of the study there stays
   * @throws UsageError if the folder can't be used, or holds a study with another recipe, by another softgrad or with other
   *   arithmetic, or if the baseline isn't among the poolings of both
   */
  async open(settings: StudySettings, arithmetic: string, chosenBaseline: boolean): Promise<StudySettings> {
    const existing = await this.study();
    const joined = existing ? this.#joined(existing, settings, arithmetic, chosenBaseline) : settings;
    withKnownBaseline(joined);
    await makeFolder(this.folder);
    return joined;
  }

  #joined(existing: Study, settings: StudySettings, arithmetic: string, chosenBaseline: boolean): StudySettings {
    const place = path.join(this.folder, STUDY_FILE);
    const changed = differences(recipeOnly(existing.settings), recipeOnly(settings));
    if (changed.length > 0) {
      throw new UsageError(
        `${place} has other settings (${changed.join('; ')}); choose another --out, or begin anew with --force`,
      );
    }
    const reason = mismatch(
      { softgrad: existing.softgrad, arithmetic: existing.arithmetic },
      { softgrad: version, arithmetic },
    );
    if (reason !== undefined) throw new UsageError(`${place} was computed ${reason}`);
    return {
      ...settings,
      pools: union(existing.settings.pools, settings.pools),
      seeds: union(existing.settings.seeds, settings.seeds),
      baseline: chosenBaseline ? settings.baseline : existing.settings.baseline,
    };
  }

  /** Whether a run was begun. */
  async hasRuns(): Promise<boolean> {
    return (await this.#runFolders()).length > 0;
  }

  /** Removes the study: its files and the folders of its runs, and nothing else. */
  async clear(): Promise<void> {
    for (const folder of await this.#runFolders()) await rm(folder, { recursive: true, force: true });
    for (const name of [STUDY_FILE, STUDY_TIMING_FILE, REPORT_PAGE, REPORT_TEXT]) {
      await rm(path.join(this.folder, name), { force: true });
    }
  }

  async #runFolders(): Promise<string[]> {
    const runs = path.join(this.folder, RUNS);
    const names = await readdir(runs).catch(() => []);
    return names.filter((name) => /-seed\d+$/.test(name)).map((name) => path.join(runs, name));
  }
}

/** @throws UsageError if there is nothing to compare with */
export function withKnownBaseline(settings: StudySettings): StudySettings {
  const { baseline, pools } = settings;
  if (pools.includes(baseline)) return settings;
  throw new UsageError(`--baseline ${baseline} is not among the --pools; allowed: ${pools.join(', ')}`);
}

function recipeOnly(settings: StudySettings): Recipe {
  return recipe.parse(settings);
}

function union<T>(before: readonly T[], now: readonly T[]): T[] {
  return [...new Set([...before, ...now])];
}
