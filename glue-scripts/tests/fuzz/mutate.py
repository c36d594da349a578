"""A seeded mutator: damage by transfers, disks, exports and people, and attacks."""

from collections.abc import Callable
from random import Random

from fuzz.mutate_bytes import (
    cut_out,
    flip_bits,
    footer,
    huge_field,
    insert_noise,
    inside_footer,
    lose_head,
    repeat_block,
    set_bytes,
    swap_blocks,
    truncate,
)
from fuzz.mutate_json import json_lines
from fuzz.mutate_text import (
    change_ends,
    change_header,
    change_text,
    insert_token,
    many_columns,
    quotes,
    set_value,
)

Mutation = Callable[[Random, bytes], bytes]

MUTATIONS: dict[str, Mutation] = {
    found.__name__: found
    for found in (
        flip_bits, set_bytes, truncate, lose_head, cut_out, repeat_block, swap_blocks, insert_noise, insert_token,
        set_value, set_value, huge_field, change_header, many_columns, json_lines, change_ends, change_text, quotes,
        footer, inside_footer,
    )
}  # fmt: skip
#: Mutations that are frequent for a form.
_OF_FORM = {
    "csv": ("set_value", "set_value", "change_header", "quotes", "change_ends"),
    "quoted csv": ("set_value", "change_header", "quotes", "quotes", "change_ends"),
    "json": ("json_lines", "json_lines", "set_value", "quotes"),
    "parquet": ("inside_footer", "inside_footer", "flip_bits", "set_bytes"),
    "typed parquet": ("inside_footer", "inside_footer", "flip_bits", "set_bytes"),
    "nested parquet": ("inside_footer", "flip_bits", "set_bytes"),
}
#: Large bodies cost time.
_RARE = ("huge_field", "many_columns")


def mutate(rng: Random, form: str, body: bytes) -> tuple[list[str], bytes]:
    """Applies one to three mutations, preferably those of the form. Returns their names and the body."""
    common = [name for name in MUTATIONS if name not in _RARE]
    names = [
        rng.choice(_RARE) if rng.random() < 0.04 else rng.choice([*common, *_OF_FORM[form] * 2])
        for _ in range(rng.choice([1, 1, 2, 3]))
    ]
    for name in names:
        body = MUTATIONS[name](rng, body)
    return names, body
