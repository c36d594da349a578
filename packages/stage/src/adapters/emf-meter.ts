import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Stage } from '@music-etl/contracts';
import { MEASURED, METRIC_NAMESPACE, type Measurement, type Meter, serviceName } from '../domain/measurement.ts';

/** Groups measurements into log lines: one line for all without properties of their own, one for each other. */
const lines = (measurements: readonly Measurement[]): Measurement[][] => {
  const shared = measurements.filter(({ properties }) => properties === undefined);
  const alone = measurements.filter(({ properties }) => properties !== undefined);
  return [...(shared.length > 0 ? [shared] : []), ...alone.map((one) => [one])];
};

/**
 * Writes measurements to the function's log in CloudWatch's embedded metric format. CloudWatch turns them into metrics,
 * without an API call and without a permission beyond logging.
 */
export const emfMeter = (stage: Stage, environment: string): Meter => {
  const metrics = new Metrics({
    namespace: METRIC_NAMESPACE,
    serviceName: serviceName(stage),
    defaultDimensions: { environment },
  });
  return (measurements, properties = {}) => {
    for (const line of lines(measurements)) {
      for (const { name, value, properties: own = {} } of line) {
        metrics.addMetric(name, MEASURED[name].unit, value);
        for (const [key, text] of Object.entries({ ...properties, ...own })) metrics.addMetadata(key, text);
      }
      metrics.publishStoredMetrics();
    }
  };
};
