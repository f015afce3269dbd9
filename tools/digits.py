"""Write the digits of the course for the figures that train networks: one file for each set.

A file is compressed with zlib. It holds one byte for each label and then one byte for each pixel, 0…255, image by
image and row by row. Run it again if `lessons_lib.data.digits` changes.
"""

from __future__ import annotations

import sys
import zlib

import numpy as np

from lessons_lib import data
from lessons_lib.explorables.base import STATIC

FOLDER = STATIC / "digits"
SETS = ("train", "validation", "test")


def pack(images: data.Images, labels: data.Labels) -> bytes:
    """Return the file of one set."""
    pixels = np.rint(255 * images).astype(np.uint8)
    return zlib.compress(labels.astype(np.uint8).tobytes() + pixels.tobytes(), level=9)


def main() -> int:
    """Write all sets."""
    digits = data.digits()
    FOLDER.mkdir(exist_ok=True)
    for name in SETS:
        packed = pack(getattr(digits, f"x_{name}"), getattr(digits, f"y_{name}"))
        (FOLDER / f"{name}.bin").write_bytes(packed)
        print(f"{name}: {len(packed) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
