"""Publishes computed dates: uploads their files, then names them in the documents of the dates."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts import keys
from contracts.documents import DateDocument, KpiObject
from contracts.results import KpiDate
from kpi.compute import ComputedDate
from kpi.metric_files import MetricFile
from kpi.published import publish_date
from storage.store import Store, in_parallel


@dataclass(frozen=True)
class Publisher:
    """Publishes under one generation. `commit` names run and attempt; `computed_at` is one time for all dates."""

    store: Store
    generation: int
    run_id: str
    commit: str
    reference_version: str
    computed_at: str

    def publish(self, computed: Sequence[ComputedDate]) -> list[KpiDate]:
        """Uploads all files before the first date names one. Returns what the result says of the dates."""
        uploads = [(found.date, file) for found in computed for file in found.metrics]
        objects: dict[str, dict[str, KpiObject]] = {found.date: {} for found in computed}
        for (date, file), uploaded in zip(uploads, in_parallel(self._upload, uploads), strict=True):
            objects[date][file.metric] = uploaded
        return in_parallel(lambda found: self._name(found, objects[found.date]), computed)

    def _upload(self, upload: tuple[str, MetricFile]) -> KpiObject:
        date, file = upload
        key = keys.kpi_key(file.metric, date, self.generation, self.commit)
        self.store.upload(file.path, key)
        file.path.unlink()
        return {"key": key, "items": file.items}

    def _name(self, computed: ComputedDate, objects: dict[str, KpiObject]) -> KpiDate:
        document: DateDocument = {
            "schema_version": 1,
            "date": computed.date,
            "generation": self.generation,
            "run_id": self.run_id,
            "reference_version": self.reference_version,
            "computed_at": self.computed_at,
            "ledger": computed.ledger,
            "files": computed.files,
            "objects": objects,
        }
        published = publish_date(self.store, document)
        items = {metric: found["items"] for metric, found in objects.items()}
        return {"date": computed.date, "ledger": computed.ledger, "items": items, "published": published}
