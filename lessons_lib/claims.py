"""State a claim, show what was measured, and give the verdict: in the notebook, and for other pages to quote."""

from __future__ import annotations

from collections.abc import Mapping

from lessons_lib import _check

VERDICTS = ("holds", "holds with a condition", "does not hold")


def claim(
    key: str,
    statement: str,
    verdict: str,
    evidence: Mapping[str, bool],
    *,
    figures: Mapping[str, object] | None = None,
) -> None:
    """Print a claim with what was measured and the verdict, and glue them under `key`.

    The verdict is the author's reading of the evidence; the evidence is measured. Each piece of it is an
    inequality with a margin, written so that it is true when the verdict is right. One that is false turns
    the verdict into "not confirmed by this run", and the notebook's test fails.

    A Markdown page quotes the parts as ``key``, ``key-verdict``, ``key-evidence`` and ``key-figures``
    with ``glue:text``.

    Parameters
    ----------
    key : str
        A short name in lower-case words joined by hyphens, unique in the course.
    statement : str
        The claim as people make it, a sentence.
    verdict : {"holds", "holds with a condition", "does not hold"}
    evidence : dict of str to bool
        What was measured, in words with the margin, and whether it is so.
    figures : dict of str to object, optional
        The numbers behind it, such as a `Repeated` or a formatted string.

    Raises
    ------
    TypeError
        If a piece of evidence is no truth value.
    ValueError
        If the verdict is unknown, or there is no evidence.

    Examples
    --------
    >>> claim("pooling-weights", "Pooling is learned.", "does not hold", {"a pooling layer has 0 weights": 0 == 0})
    Claim: Pooling is learned.
      a pooling layer has 0 weights: True
    Verdict: does not hold
    """
    _check.choice("verdict", verdict, VERDICTS)
    if not evidence:
        raise ValueError(f"evidence must not be empty. Received: {evidence!r}")
    for said, so in evidence.items():
        if not hasattr(so, "__bool__") or so not in (True, False):
            raise TypeError(f"evidence must be True or False. Received: {said!r}: {so!r}")
    if not all(evidence.values()):
        verdict = "not confirmed by this run"
    measured = [f"{name} {value}" for name, value in (figures or {}).items()]
    print(f"Claim: {statement}", *(f"  {line}" for line in measured), sep="\n")
    print(*(f"  {said}: {bool(so)}" for said, so in evidence.items()), f"Verdict: {verdict}", sep="\n")
    parts = {"": statement, "-verdict": verdict, "-evidence": "; ".join(evidence), "-figures": "; ".join(measured)}
    for suffix, text in parts.items():
        _glue(key + suffix, text)


def _glue(key: str, text: str) -> None:
    from IPython import get_ipython

    if get_ipython() is None:
        return
    from myst_nb import glue

    glue(key, text, display=False)
