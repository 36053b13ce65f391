/**
 * @file A picture, or a part of one, with its pixels as they are.
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Picture, Region } from '../pictures/picture.js';

export interface PixelCanvasProps {
  readonly picture: Picture;
  /** What a screen reader says; nothing for what only decorates. */
  readonly label: string;
  readonly region?: Region | undefined;
  readonly class?: string | undefined;
}

export function PixelCanvas({ picture, label, region, class: className }: PixelCanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { x, y, width, height } = region ?? { x: 0, y: 0, width: picture.width, height: picture.height };
  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, { x, y, width, height });
  }, [picture, x, y, width, height]);
  return (
    <canvas
      ref={canvas}
      class={`pixels ${className ?? ''}`}
      {...(label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      width={width}
      height={height}
      style={{ aspectRatio: `${width} / ${height}` }}
    />
  );
}

function draw(canvas: HTMLCanvasElement, picture: Picture, region: Region): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(region.width, region.height);
  const plane = picture.width * picture.height;
  for (let at = 0; at < image.data.length; at += 4) {
    const pixel = at / 4;
    const column = region.x + (pixel % region.width);
    const row = region.y + Math.floor(pixel / region.width);
    if (column >= picture.width || row >= picture.height) continue;
    const from = row * picture.width + column;
    for (let channel = 0; channel < 3; channel++) {
      image.data[at + channel] = Math.round(255 * picture.planes[channel * plane + from]!);
    }
    image.data[at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
