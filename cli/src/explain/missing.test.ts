import { nearestDates } from './missing.ts';

test('the nearest dates are the last before and the first after', () => {
  const dates = ['2018-11-02', '2018-11-05', '2018-11-01'];
  expect(nearestDates(dates, '2018-11-03')).toEqual(['2018-11-02', '2018-11-05']);
  expect(nearestDates(dates, '2018-12-01')).toEqual(['2018-11-05']);
  expect(nearestDates([], '2018-12-01')).toEqual([]);
});
