"""A link leads where its words say, and a source has the year and the pages that the bibliography gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))
PAGES = [*sorted(BOOK.glob("*.md")), ROOT / "README.md"]
LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]*)\)")
NUMBER = r"\d+[a-z]?"
NAMES = re.compile(r", | and ")
# What a link says that names its own address, and the address.
ADDRESSES = {"doi:": "https://doi.org/", "arXiv:": "https://arxiv.org/abs/"}


def prose(path: Path) -> str:
    """Return the text of a page, or of the Markdown cells of a chapter."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def astray(text: str) -> list[str]:
    """List the links of a text that lead elsewhere than they say, and the chapters that are named without a link."""
    problems = []
    for words, target in LINK.findall(text):
        number = re.search(rf"[Cc]hapter ({NUMBER})", words)
        chapter = re.search(rf"(?:^|/)0?({NUMBER})_\w+\.ipynb", target)
        if number and (chapter is None or chapter[1] != number[1]):
            problems.append(f"[{words}] leads to {target}")
        for prefix, host in ADDRESSES.items():
            if words.startswith(prefix) != target.startswith(host) or (
                words.startswith(prefix) and words.removeprefix(prefix) != target.removeprefix(host)
            ):
                problems.append(f"[{words}] leads to {target}")
        is_host = target.startswith("http") and re.fullmatch(r"[\w-]+(\.[\w-]+)+", words)
        if is_host and not re.match(rf"https://(www\.)?{re.escape(words)}/", target):
            problems.append(f"[{words}] leads to {target}")
    unlinked = re.findall(rf"\bChapters? {NUMBER}(?:(?:,| and| to) {NUMBER})*", LINK.sub("", text))
    return problems + [f"{named} is no link" for named in unlinked]


@pytest.mark.parametrize("path", [*CHAPTERS, *PAGES], ids=lambda path: path.stem)
def test_links_lead_where_their_words_say(path: Path) -> None:
    assert astray(prose(path)) == []


@pytest.mark.parametrize(
    "text",
    [
        "[Chapter 2](03_flattening.ipynb)",
        "[Chapter 2](glossary.md)",
        "[Chapter 2](02b_more.ipynb)",
        "[Chapter 2b](02_dense.ipynb)",
        "see [chapter 3](book/02_dense.ipynb)",
        "Chapter 2 shows",
        "Chapters 2 and 3",
        "Chapter 2b shows",
        "[doi:10.1/a](https://doi.org/10.1/b)",
        "[arXiv:1](https://doi.org/1)",
        "[the paper](https://doi.org/10.1/b)",
        "[icml.cc](https://icml.com/paper)",
    ],
)
def test_a_link_that_leads_elsewhere_is_found(text: str) -> None:
    assert astray(text)


@pytest.mark.parametrize(
    "text",
    [
        "[Chapter 2](02_dense.ipynb), [Chapter 12](book/12_more.ipynb), [chapter 2b](02b_more.ipynb)",
        "[doi:10.1/a](https://doi.org/10.1/a), [arXiv:1](https://arxiv.org/abs/1)",
        "[itu.int](https://www.itu.int/rec) and [the glossary](glossary.md)",
    ],
)
def test_a_link_that_leads_right_is_let_pass(text: str) -> None:
    assert astray(text) == []


def entries() -> list[dict[str, str]]:
    """Return the sources of the bibliography, each a dictionary of its fields."""
    texts = (BOOK / "references.bib").read_text(encoding="utf-8").split("\n@")[1:]
    return [dict(re.findall(r"^  (\w+) = \{(.*)\},$", text, re.MULTILINE)) for text in texts]


def families(authors: str) -> list[str]:
    """Return the family names of `A, B and C, D and others`, without braces."""
    names = [name.partition(",")[0].strip("{} ") for name in authors.split(" and ")]
    return [name for name in names if name != "others"]


def items(chapter: Path) -> list[str]:
    """Return the items of a chapter's further reading, each on one line."""
    reading = prose(chapter).partition("## Further reading\n")[2]
    return [" ".join(item.split()) for item in re.split(r"^- ", reading, flags=re.MULTILINE)[1:]]


def faults(item: str, sources: list[dict[str, str]]) -> Iterator[str]:
    """Compare an item with its source: the names, the year, and the numbers of the volume, the issue and the pages."""
    head = re.match(r"(?P<names>.*?) \((?P<year>\d{4})\)(?P<rest>[^\[]*)", item)
    if head is None:
        if "keras.io" not in item:  # the pages of Keras's manual have no year
            yield "has no year"
        return
    addresses = [target for _, target in LINK.findall(item)]
    own = [source for source in sources if any(is_of(source, address) for address in addresses)]
    own = own or [source for source in sources if source["year"] == head["year"] and leads(source, head["names"])]
    if not own:
        yield "is not in the bibliography"
        return
    source = own[0]
    if source["year"] != head["year"]:
        yield f"year {head['year']}, not {source['year']}"
    said, known = (NAMES.split(head["names"]), families(source["author"]))
    is_short = "others" in (said[-1], source["author"].split(" and ")[-1])
    said = [name for name in said if name != "others"]
    if not all(name.endswith(family) for name, family in zip(said, known, strict=False)):
        yield f"names {said}, not {known}"
    if len(said) != len(known) and not is_short:
        yield f"{len(said)} names, not {len(known)}"
    numbers = set(re.findall(r"\d+", " ".join(source.values())))
    if unknown := [number for number in re.findall(r"(?<!chapter )\b\d+", head["rest"]) if number not in numbers]:
        yield f"numbers {unknown}"


def is_of(source: dict[str, str], address: str) -> bool:
    """Return whether an address is the one of a source: its DOI, its number on arXiv, or its page."""
    known = (source.get("url"), f"https://doi.org/{source.get('doi')}", f"https://arxiv.org/abs/{source.get('eprint')}")
    return address in known


def leads(source: dict[str, str], names: str) -> bool:
    """Return whether the names begin with the first author of a source."""
    return names.split(", ")[0].endswith(families(source["author"])[0])


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_further_reading_agrees_with_the_bibliography(chapter: Path) -> None:
    problems = [f"{item}: {fault}" for item in items(chapter) for fault in faults(item, entries())]
    assert problems == []


ITEM = (
    "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998). Gradient-based learning. *Proceedings* 86(11), 2278–2324. "
    "[doi:10.1109/5.726791](https://doi.org/10.1109/5.726791). Section 4.3."
)


def test_an_item_that_agrees_has_no_faults() -> None:
    assert list(faults(ITEM, entries())) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("1998", "1989"),
        (" (1998)", ""),
        ("Bottou", "Botto"),
        ("L. Bottou, ", ""),
        ("Y. LeCun, L. Bottou", "L. Bottou, Y. LeCun"),
        ("86(11)", "85(11)"),
        ("2324", "2342"),
        ("(https://doi.org/10.1109/5.726791", "(https://doi.org/10.1109/5.726792"),
    ],
)
def test_a_wrong_item_is_found(right: str, wrong: str) -> None:
    assert list(faults(ITEM.replace(right, wrong), entries())) or astray(ITEM.replace(right, wrong))
