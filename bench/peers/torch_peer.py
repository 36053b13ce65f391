"""PyTorch's side of `npm run bench:peers`.

    python3 torch_peer.py resnet THREADS STEPS    the ResNet-20 soft step, batch 128
    python3 torch_peer.py pool THREADS ROUNDS     avg_pool(x e^x) / avg_pool(e^x), forward and backward

Prints one line of JSON: the times in milliseconds and the peak resident bytes.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def soft_pool(x):
    e = torch.exp(x)
    return F.avg_pool2d(x * e, 2) / F.avg_pool2d(e, 2)


def conv3x3(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)


class Block(nn.Module):
    def __init__(self, inputs, outputs, pools):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(inputs, outputs), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv3x3(outputs, outputs), nn.BatchNorm2d(outputs)
        self.pools = pools
        self.shortcut = nn.Identity()
        if inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        if self.pools:
            x = soft_pool(x)
        hidden = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(hidden)) + self.shortcut(x))


def resnet20():
    layers = [conv3x3(3, 16), nn.BatchNorm2d(16), nn.ReLU()]
    inputs = 16
    for outputs in (16, 32, 64):
        for block in range(3):
            layers.append(Block(inputs, outputs, pools=block == 0 and outputs != 16))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def resnet_step():
    model = resnet20()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    x, labels = torch.randn(128, 3, 32, 32), torch.arange(128) % 10

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def pool_step():
    x = torch.randn(64, 16, 32, 32, requires_grad=True)
    g = torch.randn(64, 16, 16, 16)
    return lambda: torch.autograd.grad(soft_pool(x), x, g)


def main():
    what, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    step = {"resnet": resnet_step, "pool": pool_step}[what]()
    step()
    step()
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"times": times, "residentBytes": resident, "version": torch.__version__}))


main()
