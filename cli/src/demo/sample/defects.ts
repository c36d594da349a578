import { ROW_REASONS } from '@music-etl/contracts';
import type { Layout, Row } from './layouts.ts';
import { trackId } from './names.ts';
import type { Chance } from './random.ts';

/** Every way in which a row can be wrong: the reasons of docs/kpis.md. */
export const DEFECTS = ROW_REASONS;
export type Defect = (typeof DEFECTS)[number];

const BAD_TIMES = ['yesterday', '2026-13-45 25:61:00', 'null'];

/** Writes the line of a row with one defect and no other. */
export const spoiltLine = (defect: Defect, row: Row, layout: Layout, chance: Chance): string => {
  switch (defect) {
    case 'malformed_row':
      return layout.spoil(layout.line(row));
    case 'missing_field':
      return layout.line(chance.happens(0.5) ? { ...row, user_id: '' } : { ...row, track_id: ' ' });
    case 'too_long':
      return layout.line({ ...row, device_type: 'x'.repeat(300) });
    case 'bad_timestamp':
      return layout.line({ ...row, time: chance.pick(BAD_TIMES) });
    case 'timestamp_out_of_range':
      return layout.line({ ...row, time: chance.pick(layout.outOfRange) });
    case 'bad_number':
      return layout.line({ ...row, played: chance.pick(['-1', 'three minutes', '12.5s']) });
    case 'unknown_user':
      return layout.line({ ...row, user_id: `guest-${chance.int(1000, 9999)}` });
    case 'unknown_track':
      return layout.line({ ...row, track_id: trackId(chance) });
  }
};
