"""Whose listens are to go, and how to tell that bytes or a broken line name them."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from formats.content import BLANKS

#: Between the fields of a line that is no row: what CSV, its dialects and JSON put there.
_FIELD = re.compile(r"[,;\t|]")
_JSON_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s,:{}\[\]"]+)')
_AROUND = BLANKS + "\"'{}[]"


@dataclass(frozen=True)
class Person:
    """One user. Never logged; results name `digest`."""

    user_id: str

    @property
    def digest(self) -> str:
        return sha256(self.user_id.encode()).hexdigest()

    @cached_property
    def spellings(self) -> list[str]:
        """The id as CSV and JSON write it."""
        escaped = [json.dumps(self.user_id, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True)]
        return sorted({self.user_id, self.user_id.replace('"', '""'), *escaped})

    def may_be_in(self, chunks: Iterable[bytes], escapes: bool = True) -> bool:
        """Whether the bytes may name the user: cheap, never wrongly no.

        `escapes`: JSON may write every character as `\\u0032`, so whatever has such an escape may be anything.
        """
        # JSON escapes these, and again where it tells of a row: more spellings than one can list.
        if any(sign in '"\\/' or sign < " " for sign in self.user_id):
            return True
        wanted = [spelling.encode() for spelling in self.spellings] + ([b"\\u"] if escapes else [])
        overlap = max(map(len, wanted)) - 1
        last = b""
        for chunk in chunks:
            seen = last + chunk
            if any(needle in seen for needle in wanted):
                return True
            last = seen[-overlap:] if overlap else b""
        return False

    def is_named_in(self, line: str) -> bool:
        """Whether a field of a line that is no row is the user's id."""
        if not any(spelling in line for spelling in self.spellings):
            return False
        # What has a delimiter in it is in no field of its own.
        if _FIELD.search(self.user_id) or any(sign in self.user_id for sign in " :{}[]\"'"):
            return True
        looks_like_json = line.lstrip(BLANKS)[:1] in ("{", "[") or '":' in line
        fields = [a or b for a, b in _JSON_TOKEN.findall(line)] if looks_like_json else _FIELD.split(line)
        return any(field.strip(_AROUND) in self.spellings for field in fields)
