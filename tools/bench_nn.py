"""Measure how fast the figures' own engine trains the course's CNN, in headless Chromium.

The program prints the milliseconds an example with nn.js, with ConvNetJS and with the CPU backend of TensorFlow.js: the
same network, digits and batches, in turns on one page. It also prints how much more memory nn.js holds after many
steps. It fails if nn.js is too slow, in milliseconds or compared with one of the others, or if memory grows.

The two others are packages that Deno fetches for this measurement into a temporary folder; ConvNetJS has no Adam, so it
trains with Adadelta, which costs it no more.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_page import measure

from lessons_lib.explorables.base import STATIC

LIMIT_MS = 0.5
PACKAGES = ("npm:convnetjs@0.3.0", "npm:@tensorflow/tfjs@4.22.0")
# How many times as long the others take at least, by the names that the page gives them.
RATIOS = {"ConvNetJS": 5.0, "TensorFlow.js": 1.0}
# Bytes that may be held after so many steps and were not held before. An array that each step leaves behind is more.
STEPS, GROWTH = 2000, 200_000

# Trains for many steps, and returns by how many bytes the heap has grown, after the code has been compiled.
HOLD = """async (steps) => {
  const { Network } = await import("./static/nn.js");
  const layers = [
    { layer: "Conv2D", filters: 8, kernel_size: 3, activation: "relu" },
    { layer: "BatchNormalization" },
    { layer: "MaxPooling2D" },
    { layer: "Dropout", rate: 0.2 },
    { layer: "Flatten" },
    { layer: "Dense", units: 10, activation: "softmax" },
  ];
  const network = new Network({ input_shape: [28, 28, 1], layers }, 32);
  const [images, targets] = [32 * 784, 32 * 10].map((size) => Float32Array.from({ length: size }, Math.random));
  const train = (count) => {
    for (let i = 0; i < count; i++) network.step(images, targets);
    gc();
    return performance.memory.usedJSHeapSize;
  };
  train(steps / 4);
  const before = train(steps / 4);
  return train(steps) - before;
}"""

MEASURE = """async () => {
  const add = (src) => new Promise((done, refuse) => {
    const script = Object.assign(document.createElement("script"), { src, onload: done, onerror: refuse });
    document.head.append(script);
  });
  await add("node_modules/convnetjs/build/convnet-min.js");
  await add("node_modules/@tensorflow/tfjs/dist/tf.min.js");
  const { Network, oneHot } = await import("./static/nn.js");
  const { loadDigits } = await import("./static/trainer.js");
  const file = async () => new DataView(await (await fetch("static/digits/train.bin")).arrayBuffer());
  const { x, labels } = await loadDigits({ get: () => ({ train: file }) }, "train");
  const [BATCH, BATCHES] = [32, 62];
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    images: Float32Array.from(x.subarray(784 * BATCH * i, 784 * BATCH * (i + 1)), (byte) => byte / 255),
    labels: labels.subarray(BATCH * i, BATCH * (i + 1)),
  }));

  function nn() {
    const layers = [
      { layer: "Conv2D", filters: 8, kernel_size: 3, activation: "relu" },
      { layer: "MaxPooling2D" },
      { layer: "Conv2D", filters: 16, kernel_size: 3, activation: "relu" },
      { layer: "MaxPooling2D" },
      { layer: "Flatten" },
      { layer: "Dense", units: 10, activation: "softmax" },
    ];
    const network = new Network({ input_shape: [28, 28, 1], layers }, BATCH);
    const targets = batches.map(({ labels }) => oneHot(labels, 10));
    return (i) => network.step(batches[i].images, targets[i]);
  }
  function convNetJS() {
    const net = new convnetjs.Net();
    net.makeLayers([
      { type: "input", out_sx: 28, out_sy: 28, out_depth: 1 },
      { type: "conv", sx: 3, filters: 8, stride: 1, pad: 0, activation: "relu" },
      { type: "pool", sx: 2, stride: 2 },
      { type: "conv", sx: 3, filters: 16, stride: 1, pad: 0, activation: "relu" },
      { type: "pool", sx: 2, stride: 2 },
      { type: "softmax", num_classes: 10 },
    ]);
    const trainer = new convnetjs.Trainer(net, { method: "adadelta", batch_size: BATCH });
    const volumes = batches.map(({ images }) => Array.from({ length: BATCH }, (_, i) => {
      const volume = new convnetjs.Vol(28, 28, 1, 0);
      volume.w = images.subarray(784 * i, 784 * (i + 1));
      return volume;
    }));
    return (i) => volumes[i].forEach((volume, k) => trainer.train(volume, batches[i].labels[k]));
  }
  async function tensorFlow() {
    await tf.setBackend("cpu");
    const model = tf.sequential({ layers: [
      tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 3, activation: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: "softmax" }),
    ] });
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    const tensors = batches.map(({ images, labels }) =>
      [tf.tensor4d(images, [BATCH, 28, 28, 1]), tf.oneHot(tf.tensor1d(labels, "int32"), 10)]);
    return (i) => model.trainOnBatch(...tensors[i]);
  }

  const rivals = { "nn.js": nn(), ConvNetJS: convNetJS(), "TensorFlow.js": await tensorFlow() };
  const steps = { "nn.js": BATCHES, ConvNetJS: 16, "TensorFlow.js": 8 };
  const times = Object.fromEntries(Object.keys(rivals).map((name) => [name, []]));
  for (let round = 0; round < 6; round++) {
    for (const [name, step] of Object.entries(rivals)) {
      const start = performance.now();
      for (let i = 0; i < steps[name]; i++) await step(i);
      const time = (performance.now() - start) / steps[name] / BATCH;
      if (round) times[name].push(time); // The first round compiles.
    }
  }
  return times;
}"""


def fetch(folder: Path) -> None:
    """Let Deno put the packages into a folder."""
    (folder / "deno.json").write_text('{"nodeModulesDir": "auto"}', encoding="utf-8")
    deno = Path(sys.executable).with_name("deno")
    subprocess.run([deno, "install", "--quiet", *PACKAGES], cwd=folder, check=True)


def median(times: list[float]) -> float:
    """Return the middle one of an odd number of times."""
    return sorted(times)[len(times) // 2]


def main() -> int:
    """Print the measurements; return 1 if one is beyond its limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fetch(folder)
        shutil.copytree(STATIC, folder / "static")
        growth = measure(folder, HOLD, STEPS)
        times = {name: median(measured) for name, measured in measure(folder, MEASURE).items()}
    own = times["nn.js"]
    is_beyond = own > LIMIT_MS or growth > GROWTH
    print(f"nn.js:         {own:6.2f} ms an example (at most {LIMIT_MS:g})")
    for rival, ratio in RATIOS.items():
        is_beyond |= times[rival] < ratio * own
        print(f"{rival + ':':<14} {times[rival]:6.2f} ms, {times[rival] / own:.1f} times as long (at least {ratio:g})")
    print(f"memory: {growth / 1000:.0f} kB more after {STEPS} steps (at most {GROWTH / 1000:.0f})")
    return int(is_beyond)


if __name__ == "__main__":
    sys.exit(main())
