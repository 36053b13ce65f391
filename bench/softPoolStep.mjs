/**
 * @file softPool2d k2 s2 on [64,16,32,32], forward and backward. Prints times in milliseconds as JSON:
 * `node bench/softPoolStep.mjs THREADS STEPS`.
 */
import { gradients, randn, scope, setBackend, softPool2d } from 'softgrad';
import { timeSteps } from './resnetStep.mjs';

const [threads = 2, steps = 100] = process.argv.slice(2).map(Number);
await setBackend('wasm', { threads });
const x = randn([64, 16, 32, 32], { requiresGrad: true });
const gradient = randn([64, 16, 16, 16]);
const step = () => scope(() => void gradients(softPool2d(x, { kernelSize: 2, stride: 2 }), [x], { gradient }));
for (let i = 0; i < 50; i++) step();
const times = timeSteps(step, steps);
console.log(JSON.stringify({ times, residentBytes: process.resourceUsage().maxRSS * 1024 }));
