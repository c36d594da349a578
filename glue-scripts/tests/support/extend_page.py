"""The code blocks of docs/extend.md, by the heading that they are under."""

import re
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[3]


def blocks(heading: str, language: str) -> list[str]:
    """Returns the code blocks of one language under a heading of the second level."""
    text = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return [dedent(block) for _, block in found]
