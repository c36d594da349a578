import { archivedCopy, type FileDocument, type FileVersion, type RunFile } from '@music-etl/contracts';

/** Returns where a replay reads: the archived copy if there is one, otherwise the version under streams/. */
const rawOf = (document: FileDocument, version: FileVersion): RunFile['raw'] => {
  const copy = version.replay === null ? null : archivedCopy(document, version);
  return copy === null ? null : { key: copy, version_id: null };
};

/** Returns a version of a file as its run lists it. */
export const runFileOf = (document: FileDocument, version: FileVersion): RunFile => ({
  file_id: document.file_id,
  key: document.key,
  version: version.version,
  version_id: version.version_id,
  etag: version.etag,
  size: version.size,
  replay: version.replay,
  raw: rawOf(document, version),
  arrived_at: version.replay?.requested_at ?? version.arrived_at,
});
