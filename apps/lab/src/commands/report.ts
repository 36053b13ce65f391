/**
 * @file `softgrad report`: the report of a study anew, from its files.
 */
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { Dataset } from 'softgrad/data';
import { unshown } from '../report/summary.js';
import { writeReport } from '../reportPage/writeReport.js';
import { loadStudyData } from '../study/datasets.js';
import { STUDY_FILE, STUDY_TIMING_FILE, type Study } from '../study/study.js';
import { REPORT_PAGE, REPORT_TEXT, StudyFolder } from '../study/studyFolder.js';
import { UsageError } from '../usageError.js';

const examples = `
Examples:
  softgrad report runs/cifar10-resnet8
  softgrad report runs/mnist-resnet8 --data-dir ~/mnist

compare writes the report when it ends. This one is for a study that was killed, or came from another machine. Pictures of
mistakes and of what stands before and after each pooling are made from the weights of the runs and the test samples; where those
are missing, the report says so. The page loads nothing and runs nothing, so it can be sent by mail.`;

interface ReportOptions {
  readonly dataDir?: string;
}

/** The command with its options. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the report of a study: report.html and report.md')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .addArgument(new Argument('<folder>', 'the folder of a study, with its study.json'))
    .addOption(
      new Option(
        '--data-dir <folder>',
        'where the files of cifar10, cifar100 or mnist lie (default: where fetch puts them)',
      ),
    )
    .action(report);
}

async function report(place: string, { dataDir }: ReportOptions): Promise<void> {
  const folder = new StudyFolder(path.basename(place) === STUDY_FILE ? path.dirname(place) : place);
  const study = await folder.study();
  if (!study) throw new UsageError(await whyNoStudy(folder));
  const timing = await folder.timing();
  if (!timing) throw new UsageError(`${folder.folder} has no ${STUDY_TIMING_FILE}, which belongs to its ${STUDY_FILE}`);
  const missing = await writeReport(folder.folder, { study, timing }, await testSamples(study, dataDir));
  process.stderr.write(unshown(missing));
  const planned = study.settings.pools.length * study.settings.seeds.length;
  const part = study.complete ? '' : `, of ${study.runs.length} of ${planned} runs`;
  process.stdout.write(`${path.join(folder.folder, REPORT_PAGE)} and ${REPORT_TEXT}${part}\n`);
}

async function whyNoStudy(folder: StudyFolder): Promise<string> {
  if (await folder.hasRuns()) {
    return `no run of the study in ${folder.folder} is finished yet; repeat softgrad compare, which goes on with it`;
  }
  return `${folder.folder} has no ${STUDY_FILE}; name the folder that softgrad compare wrote to`;
}

/** What can't be read leaves a report without pictures, which says so. */
async function testSamples({ settings }: Study, dataDir: string | undefined): Promise<Dataset | Error> {
  try {
    return (await loadStudyData(settings, dataDir)).test;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}
