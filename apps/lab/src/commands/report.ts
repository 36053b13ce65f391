/**
 * @file `softgrad report`: the report of a study anew, from its files.
 */
import path from 'node:path';
import { Argument, Command } from 'commander';
import { writeReport } from '../reportPage/writeReport.js';
import { STUDY_FILE, STUDY_TIMING_FILE } from '../study/study.js';
import { REPORT_PAGE, REPORT_TEXT, StudyFolder } from '../study/studyFolder.js';
import { UsageError } from '../usageError.js';

const examples = `
Examples:
  softgrad report runs/cifar10-resnet8

compare writes the report when it ends. This one is for a study that was killed, or came from another machine. The page loads
nothing and runs nothing: it can be sent by mail, and looks the same in ten years.`;

/** The command with its options. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the report of a study: report.html and report.md')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .addArgument(new Argument('<folder>', 'the folder of a study, with its study.json'))
    .action(report);
}

async function report(place: string): Promise<void> {
  const folder = new StudyFolder(place);
  const study = await folder.study();
  if (!study) throw new UsageError(`${place} has no ${STUDY_FILE}; name the folder that softgrad compare wrote to`);
  const timing = await folder.timing();
  if (!timing) throw new UsageError(`${place} has no ${STUDY_TIMING_FILE}, which belongs to its ${STUDY_FILE}`);
  await writeReport(place, { study, timing });
  const planned = study.settings.pools.length * study.settings.seeds.length;
  const missing = study.complete ? '' : `, of ${study.runs.length} of ${planned} runs`;
  process.stdout.write(`${path.join(place, REPORT_PAGE)} and ${REPORT_TEXT}${missing}\n`);
}
