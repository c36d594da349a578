"""music_streaming_archival: moves what a run is done with to archived/, and only then deletes its raw files."""

import sys
from dataclasses import dataclass

from contracts import keys
from contracts.documents import FileDocument, FileVersion, version_of
from contracts.results import ArchiveFile, ArchiveResult, IngestResult, KpiResult, LoadResult, ValidateResult
from jobs.context import JobContext, JobError, glue_job, instant
from publish.archiving import Copied, CopyError, copy_verified
from publish.lineage import Json, attempts, date_lineage, file_lineage
from publish.store import change_json, encode, in_parallel, read_json

#: States in which a version's raw file has done its work. Held and refused ones stay under streams/ to be corrected.
DONE = ("validated", "archived", "superseded")


@dataclass(frozen=True)
class OfRun:
    """A version of a file that the run took."""

    document: FileDocument
    version: FileVersion

    @property
    def is_done(self) -> bool:
        return self.version["state"] in DONE


def files_of_run(context: JobContext) -> list[OfRun]:
    """The versions whose documents say that this run took them."""

    def look_up(file_id: str, number: int) -> OfRun | None:
        document: FileDocument = context.must_read(keys.file_key(file_id))
        version = version_of(document, number)
        if version is None or version["run_id"] != context.run_id:
            return None
        return OfRun(document, version)

    listed = context.must_read(keys.run_key(context.run_id))["files"]
    found = in_parallel(lambda file: look_up(file["file_id"], file["version"]), listed)
    return [of_run for of_run in found if of_run]


def raw_target(prefix: str, of_run: OfRun, newest: int) -> str:
    """Where a raw file goes. A version that the same run replaced stands beside the newer one, under its number."""
    number = of_run.version["version"]
    return f"{prefix}raw/{of_run.document['key']}" + ("" if number == newest else f".version-{number}")


def newest_of_run(files: list[OfRun]) -> dict[str, int]:
    """Key → the newest of its versions that the run is done with."""
    newest: dict[str, int] = {}
    for of_run in (found for found in files if found.is_done):
        key, number = of_run.document["key"], of_run.version["version"]
        newest[key] = max(number, newest.get(key, 0))
    return newest


def copy_raw(context: JobContext, prefix: str, newest: dict[str, int], of_run: OfRun) -> Copied | None:
    """The raw file in the archive; None for a file that is not done."""
    if not of_run.is_done:
        return None
    key, version = of_run.document["key"], of_run.version
    target = raw_target(prefix, of_run, newest[key])
    copied = copy_verified(context.store, key, target, version["version_id"])
    if copied is None or copied.bytes != version["size"]:
        raise CopyError(key, target, f"{version['size']} bytes against {copied.bytes if copied else 'none'}")
    return copied


def copy_rows(context: JobContext, of_run: OfRun) -> list[Copied]:
    """The version's validated rows in the archive, one object a date."""
    file_id, version = of_run.document["file_id"], of_run.version
    commit = version["committed_by"]
    if version["state"] not in ("validated", "archived") or commit is None:
        return []
    copies = []
    for date in version["dates"]:
        key = keys.validated_key(date, file_id, version["version"], commit)
        copied = copy_verified(context.store, key, keys.archived_rows_key(context.run_id, key))
        if copied is None:
            raise JobError(f"{key} is missing although {keys.file_key(file_id)} names it; nothing was deleted.")
        copies.append(copied)
    return copies


def kpi_names(kpi: KpiResult) -> dict[str, Json]:
    """Date → metric → key of the object that the run's kpi job wrote and published."""
    commit = f"{kpi['run_id']}-{kpi['attempt']}"
    return {
        found["date"]: {
            metric: keys.kpi_key(metric, found["date"], kpi["generation"], commit)
            for metric in found["items"]
            if found["published"]
        }
        for found in kpi["dates"]
    }


def copy_kpis(context: JobContext, prefix: str, names: dict[str, Json]) -> dict[str, Copied | None]:
    """Key → its copy, None where a newer generation has replaced it (load removes the older ones)."""
    wanted = [key for of_date in names.values() for key in of_date.values()]
    copied = in_parallel(lambda key: copy_verified(context.store, key, f"{prefix}{key}"), wanted)
    return dict(zip(wanted, copied, strict=True))


def remove_raw(context: JobContext, of_run: OfRun, copied: Copied) -> ArchiveFile:
    """Deletes exactly the archived version and its repeats, then says so in the file's document."""
    key, version = of_run.document["key"], of_run.version
    for version_id in [version["version_id"], *version["repeats"]]:
        context.store.delete(key, version_id)

    def mark(current: FileDocument | None) -> FileDocument | None:
        entry = version_of(current, version["version"]) if current else None
        if current is None or entry is None or entry["archived_to"] == copied.target:
            return None
        state = "archived" if entry["state"] == "validated" else entry["state"]
        done: FileVersion = {**entry, "state": state, "archived_to": copied.target}
        return {**current, "versions": [done if found is entry else found for found in current["versions"]]}

    marked: FileDocument | None = change_json(context.store, keys.file_key(of_run.document["file_id"]), mark)
    entry = version_of(marked, version["version"]) if marked else None
    for version_id in set(entry["repeats"] if entry else []) - set(version["repeats"]):
        context.store.delete(key, version_id)
    return {
        "file_id": of_run.document["file_id"],
        "key": key,
        "version": version["version"],
        "version_id": version["version_id"],
        "archived_to": copied.target,
        "bytes": copied.bytes,
        "deleted": True,
    }


def write_lineage(context: JobContext, prefix: str, files: list[Json], dates: Json, done_by: Json) -> str:
    """Writes lineage.json and reads it back; returns its key. A repeated attempt writes the same again."""
    key = f"{prefix}lineage.json"
    reference = context.result_of("validate")["reference_version"]
    head = {"schema_version": 1, "run_id": context.run_id, "written_at": instant(context.now())}
    context.store.put(
        key, encode({**head, "reference_version": reference, "attempts": done_by, "files": files, "dates": dates})
    )
    if read_json(context.store, key) is None:
        raise JobError(f"{key} cannot be read back; nothing was deleted, redrive archive of {context.run_id}.")
    return key


def run(context: JobContext) -> None:
    """Archives the run; does nothing where its result is committed. May be stopped anywhere and started again."""
    if context.is_committed():
        return
    ingest: IngestResult = context.result_of("ingest")
    validated: ValidateResult = context.result_of("validate")
    kpi: KpiResult = context.result_of("kpi")
    load: LoadResult = context.result_of("load")
    prefix = keys.archive_prefix(context.run_id)
    files = files_of_run(context)
    newest = newest_of_run(files)
    raw = in_parallel(lambda of_run: copy_raw(context, prefix, newest, of_run), files)
    rows = in_parallel(lambda of_run: copy_rows(context, of_run), files)
    names = kpi_names(kpi)
    kpis = copy_kpis(context, prefix, names)
    told = [file_lineage(f.document, f.version, r, v) for f, r, v in zip(files, raw, rows, strict=True)]
    done_by = attempts([ingest, validated, kpi, load], context.attempt)
    lineage_key = write_lineage(context, prefix, told, date_lineage(kpi, load, kpis, names), done_by)
    archived = [(of_run, copied) for of_run, copied in zip(files, raw, strict=True) if copied]
    removed = in_parallel(lambda pair: remove_raw(context, *pair), archived)
    objects = len(archived) + sum(len(found) for found in rows) + sum(found is not None for found in kpis.values())
    result: ArchiveResult = {
        **context.result_head(),  # type: ignore[typeddict-item]
        "archive_prefix": prefix,
        "lineage_key": lineage_key,
        "files": removed,
        "objects": objects,
    }
    context.log("archived", files=len(removed), objects=objects, prefix=prefix)
    context.commit(result)


def main(argv: list[str]) -> None:
    with glue_job(argv, "archive") as context:
        run(context)


if __name__ == "__main__":
    main(sys.argv)
