"""The one counter that orders everything published: the higher generation always wins."""

from typing import Any

from contracts import keys
from storage.store import Store, change_json


def draw_generation(store: Store) -> int:
    """Returns the next generation, 1 for the first. No other caller gets the same one."""

    def one_more(current: Any | None) -> Any:
        return {"schema_version": 1, "generation": (current["generation"] if current else 0) + 1}

    drawn: Any = change_json(store, keys.GENERATION_KEY, one_more)
    return int(drawn["generation"])
