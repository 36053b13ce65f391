/**
 * @file A chart in the page. It can't adapt to its place without a script, so it may be drawn for a phone and for a desk.
 */

interface SvgProps {
  readonly svg: string;
  readonly class?: string;
}

/** SVG that was made here, by Observable Plot, which escapes every text. */
export function Svg({ svg, class: className }: SvgProps) {
  return <div class={className} dangerouslySetInnerHTML={{ __html: svg }} />;
}

interface ChartProps {
  /** In CSS pixels: where there is little room, and where there is more. */
  readonly widths: readonly [narrow: number, wide?: number];
  readonly draw: (width: number) => string;
}

export function Chart({ widths: [narrow, wide], draw }: ChartProps) {
  if (wide === undefined) return <Svg class="drawing" svg={draw(narrow)} />;
  return (
    <>
      <Svg class="drawing drawing-narrow" svg={draw(narrow)} />
      <Svg class="drawing drawing-wide" svg={draw(wide)} />
    </>
  );
}
