"""A sandbox whose reference data has the user to erase."""

from pathlib import Path

import pytest
from oracle.builders import SONGS, USERS
from oracle.pipeline import Sandbox
from support.erasure_files import WHO


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    found = Sandbox(tmp_path / "sandbox")
    found.store.put("reference/songs/songs.csv", SONGS.encode())
    found.store.put("reference/users/users.csv", f"{USERS}{WHO},W,1,US,x\n".encode())
    return found
