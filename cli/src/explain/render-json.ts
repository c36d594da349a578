import type { Cause } from './cause.ts';
import type { Explanation } from './explain.ts';
import { itemFields } from './item.ts';

const causeJson = (cause: Cause | null) => cause && { kind: cause.kind, text: cause.text, files: cause.files };

/** Renders an explanation for machines. */
export const explanationJson = ({ kpi, item, origin, header, cause, sources, changes }: Explanation) => ({
  metric: kpi.metric.name,
  dimension: kpi.dimension,
  period: kpi.period,
  date: kpi.date,
  item: item && itemFields(kpi.metric, item),
  generation: origin?.generation ?? null,
  computed_at: origin?.computed_at ?? null,
  run_id: origin?.run_id ?? null,
  reference_version: origin?.reference_version ?? null,
  cause: causeJson(cause),
  date_ledger: header.ledger,
  files: sources,
  changes: changes.map(({ head, change, cause: changeCause }) => ({
    recorded_at: head.recorded_at,
    generation: head.generation,
    previous_generation: head.previous_generation,
    run_id: head.run_id,
    cause: causeJson(changeCause),
    files: head.files,
    reference_version: head.reference_version,
    previous_reference_version: head.previous_reference_version,
    old: change.old,
    new: change.new,
  })),
});
