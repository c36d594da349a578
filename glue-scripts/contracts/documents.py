"""The documents that the jobs read and write; packages/contracts/src/documents/ describes them."""

from contracts.generated.documents import *  # noqa: F403
