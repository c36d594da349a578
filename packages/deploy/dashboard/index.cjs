/**
 * The body of the pipeline's dashboard, for `DashboardBody: ${file(…/dashboard/index.cjs)}`. Rows are in the order in
 * which a person on call reads them. A test compares every metric with what is emitted and deployed.
 */
const metricsOf = require('./metrics.cjs');
const rowsOf = require('./rows.cjs');

const WIDTH = 24;
const HEIGHT = 6;

/** Places the widgets of each row side by side, with equal widths. */
const layOut = (rows, region) =>
  rows.flatMap((row, y) =>
    row.map(({ type, properties }, x) => ({
      type,
      width: WIDTH / row.length,
      height: HEIGHT,
      x: (x * WIDTH) / row.length,
      y: y * HEIGHT,
      properties: type === 'metric' ? { ...properties, region } : properties,
    })),
  );

module.exports = async ({ resolveVariable }) => {
  const [environment, suffix, table, region] = await Promise.all(
    ['sls:stage', 'param:suffix', 'param:table', 'self:provider.region'].map(resolveVariable),
  );
  const rows = rowsOf(metricsOf({ environment, suffix, table }));
  return JSON.stringify({ widgets: layOut(rows, region) });
};
