"""Why a file cannot be read as a whole."""

from contracts.documents import Reason


class RejectedFileError(Exception):
    """The file is rejected. `code` is one of empty_file, not_text, corrupt_file, missing_column, duplicate_column,
    missing_object, too_large, and of a replay bad_patches or changed_object; `detail` tells a person what to patch."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.reason: Reason = {"code": code, "detail": detail}
