import { useSoftwareVulkan } from '../../support/softwareVulkan.js';
import { describeMode } from './describeMode.js';

useSoftwareVulkan();
await describeMode('webgpu', {
  numRuns: 25,
  needs: "a GPU, or Debian's packages chromium and libvulkan1, whose Vulkan computes on the CPU",
});
