/**
 * @file Everything that a study was run with, as a person reads it.
 */
import { grouped } from '../../report/format.js';
import type { FinishedStudy } from '../../study/runStudy.js';

export type SettingRow = readonly [name: string, value: string];

/** What decides the numbers. */
export function settingRows({ study: { settings, data, arithmetic, softgrad } }: FinishedStudy): SettingRow[] {
  const { augment, seeds, pools } = settings;
  return [
    ['data', `${data.name}, samples of ${data.shape.join(' × ')} in ${data.classes.length} classes`],
    ['training samples', grouped(data.trainImages)],
    ['test samples', grouped(data.testImages)],
    ['network', settings.model],
    ['poolings', pools.join(', ')],
    ['baseline', settings.baseline],
    ['seeds', seeds.join(', ')],
    ['epochs', String(settings.epochs)],
    ['batch size', String(settings.batchSize)],
    ['optimiser', settings.optimizer === 'sgd' ? 'sgd, Nesterov momentum 0.9' : settings.optimizer],
    ['learning rate', `${settings.lr}, ${settings.schedule}`],
    ['weight decay', String(settings.weightDecay)],
    ['label smoothing', String(settings.labelSmoothing)],
    ['augmentation', augment.join(', ') || 'none'],
    ['arithmetic', arithmetic],
    ['softgrad', softgrad],
  ];
}

/** What decides times and memory alone. */
export function machineRows({ timing: { environment } }: FinishedStudy): SettingRow[] {
  const { cpu, cores, platform, node, backend } = environment;
  return [
    ['processor', `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}`],
    ['system', `${platform}, Node.js ${node}`],
    ['backend', backend],
  ];
}
