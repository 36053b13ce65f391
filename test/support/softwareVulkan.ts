/**
 * @file WebGPU without a GPU: Chromium's software Vulkan, which Dawn finds by an environment variable.
 */
import { existsSync } from 'node:fs';

const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Points Vulkan's loader to Chromium's driver, unless it is pointed elsewhere. Call it before WebGPU is loaded. */
export function useSoftwareVulkan(): void {
  if (existsSync(driver)) process.env.VK_ICD_FILENAMES ??= driver;
}
