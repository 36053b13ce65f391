/**
 * @file Limits, the command, the settings.
 */
import type { ReportContent } from '../reportContent.js';
import type { SettingRow } from '../words/settingRows.js';
import { Section } from './Section.js';

interface ClosingProps {
  readonly content: ReportContent;
  /** What couldn't be shown. */
  readonly missing: readonly string[];
}

export function Closing({ content, missing }: ClosingProps) {
  const { limits, commands, settings, machine, study } = content;
  return (
    <>
      <Section id="limits" title="Limits of the evidence">
        <ul class="limits">
          {limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
          {missing.length > 0 ? <li>What isn’t shown: {missing.join('; ')}.</li> : null}
        </ul>
      </Section>
      <Section
        id="repeat"
        title="Repeat it"
        intro={`With ${study.arithmetic} arithmetic, this gives the same study.json to the bit; only times differ.`}
      >
        <pre class="command">
          <code>{commands.join('\n')}</code>
        </pre>
        <div class="settings">
          <Settings title="Settings" rows={settings} />
          <Settings title="Machine" rows={machine} />
        </div>
      </Section>
    </>
  );
}

function Settings({ title, rows }: { readonly title: string; readonly rows: readonly SettingRow[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
