import { STAGES, type Stage } from '@music-etl/contracts';
import { MEASURED, METRIC_NAMES, type MetricName } from '@music-etl/stage';

/** Returns the metrics that no other stage emits, sorted. */
export const onlyOf = (stage: Stage): MetricName[] =>
  METRIC_NAMES.filter((name) => {
    const stages: readonly Stage[] = MEASURED[name].stages;
    return stages.length < STAGES.length && stages.includes(stage);
  }).sort();
