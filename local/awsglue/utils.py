"""Replaces `awsglue.utils`, with AWS's behaviour: required options, reserved names, ignored extras, the same errors."""

import argparse

BOOKMARK_OPTIONS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
CONTINUATION_OPTIONS = ("continuation-enabled", "continuation-readonly", "continuation-ignore")
BOOKMARK_RANGE = ("--job-bookmark-from", "--job-bookmark-to")
JOB_IDS = ("--JOB_ID", "--JOB_RUN_ID", "--SECURITY_CONFIGURATION")
RESERVED = ("--continuation-option", "--job-bookmark-option", *BOOKMARK_RANGE, *JOB_IDS, "--encryption-type")
TEMP_DIRS = ("RedshiftTempDir", "TempDir")


class GlueArgumentError(Exception):
    """An option is missing or has no value."""


class GlueArgumentParser(argparse.ArgumentParser):
    """Raises where argparse would print and exit, so that the error reaches the job's caller."""

    def error(self, message):
        raise GlueArgumentError(message)


def _parser(options):
    parser = GlueArgumentParser()
    parser.add_argument("--job-bookmark-option", choices=BOOKMARK_OPTIONS)
    parser.add_argument("--continuation-option", choices=CONTINUATION_OPTIONS)
    parser.add_argument("--encryption-type", choices=("sse-s3",))
    for optional in (*BOOKMARK_RANGE, *JOB_IDS, *("--" + name for name in TEMP_DIRS)):
        parser.add_argument(optional)
    for name in options:
        if name not in TEMP_DIRS:
            parser.add_argument("--" + name, required=True)
    return parser


def _resolve_bookmark(resolved):
    continuation = resolved.pop("continuation_option")
    if resolved["job_bookmark_option"] is None:
        index = 2 if continuation is None else CONTINUATION_OPTIONS.index(continuation)
        resolved["job_bookmark_option"] = BOOKMARK_OPTIONS[index]
    absent = [o for o in BOOKMARK_RANGE if resolved[o[2:].replace("-", "_")] is None]
    if resolved["job_bookmark_option"] == "job-bookmark-pause":
        if len(absent) == 1:
            raise RuntimeError("Missing option or value for " + absent[0])
    elif not absent:
        raise RuntimeError("Invalid option(s)" + " ".join(BOOKMARK_RANGE))


def getResolvedOptions(args, options):  # noqa: N802, AWS's name
    """Resolves `options` from `args` (sys.argv): `getResolvedOptions(sys.argv, ["run_id", "bucket"])["run_id"]`."""
    for reserved in RESERVED:
        if reserved[2:] in options:
            raise RuntimeError("Using reserved arguments " + reserved)
    parsed, _extra = _parser(options).parse_known_args(args[1:])
    resolved = vars(parsed)
    if resolved["TempDir"] is not None:
        resolved["RedshiftTempDir"] = resolved["TempDir"]
    elif resolved["RedshiftTempDir"] is not None:
        resolved["TempDir"] = resolved["RedshiftTempDir"]
    _resolve_bookmark(resolved)
    return resolved
