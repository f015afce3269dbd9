"""Cut a font down to the characters that the pages show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fontTools import subset

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def write_font(
    source: Path, target: Path, code_points: Collection[int], *, flavor: str, features: Collection[str] = ()
) -> None:
    """Write a font with the characters at these code points, as far as the source font has them.

    Parameters
    ----------
    source, target : Path
        The font's file, and that of the smaller font; they may be the same.
    code_points : collection of int
        The characters to keep.
    flavor : {"woff", "woff2"}
        The form of the smaller font.
    features : collection of str
        The tags of the OpenType features to keep; ``"*"`` stands for all.
    """
    options = subset.Options(flavor=flavor, hinting=False, layout_features=list(features))
    font = subset.load_font(str(source), options, lazy=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
