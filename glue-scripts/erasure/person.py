"""The user to erase, and how bytes or broken lines can name that user."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from formats.content import BLANKS

#: What separates the fields of a malformed line in CSV and its dialects.
_DELIMITER = re.compile(r"[,;\t|]")
_JSON_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s,:{}\[\]"]+)')
_AROUND = BLANKS + "\"'{}[]"


@dataclass(frozen=True)
class Person:
    """One user. The id is never logged; results contain the `digest`."""

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
        """Returns whether the bytes may name the user. It is cheap and never wrongly False.

        `escapes`: JSON may write any character as `\\u0032`, so bytes with such an escape may name anybody.
        """
        # JSON escapes these characters, and escapes them again in a quarantine's raw text: too many spellings to list.
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
        """Returns whether a field of a malformed line is the user's id."""
        if not any(spelling in line for spelling in self.spellings):
            return False
        # An id that contains a delimiter cannot be found as one field.
        if _DELIMITER.search(self.user_id) or any(sign in self.user_id for sign in " :{}[]\"'"):
            return True
        looks_like_json = line.lstrip(BLANKS)[:1] in ("{", "[") or '":' in line
        fields = [a or b for a, b in _JSON_TOKEN.findall(line)] if looks_like_json else _DELIMITER.split(line)
        return any(field.strip(_AROUND) in self.spellings for field in fields)
