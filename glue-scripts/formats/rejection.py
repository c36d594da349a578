"""Why a file is rejected as a whole."""

from contracts.documents import Reason


class RejectedFileError(Exception):
    """A file is rejected as a whole; `detail` says what a person has to change.

    `code` is empty_file, not_text, corrupt_file, missing_column, duplicate_column, missing_object or too_large, for
    reference files also no_usable_row, for replays also bad_patches or changed_object.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.reason: Reason = {"code": code, "detail": detail}
