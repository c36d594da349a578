import { UserError } from './errors.ts';
import { explainError } from './explain-error.ts';

const named = (name: string): Error => Object.assign(new Error('the SDK failed'), { name });

test('an error that a person can fix shows what to do, and has its own exit code', () => {
  expect(explainError(new UserError('x.csv is empty', 'leave it out'))).toEqual({
    lines: ['error: x.csv is empty', '       leave it out'],
    exitCode: 2,
  });
});

test('an error of AWS is explained by its code', () => {
  expect(explainError(named('NoSuchBucket')).lines.join(' ')).toContain('not deployed there');
  expect(explainError(named('AccessDeniedException')).lines.join(' ')).toContain('credentials');
  expect(explainError(Object.assign(new Error(''), { code: 'ECONNREFUSED' })).lines).toEqual([
    'error: ECONNREFUSED',
    '       nothing answers at the endpoint: is the local stack up (`npx music-etl',
    '       up`), is AWS_ENDPOINT_URL right?',
  ]);
});

test('any other error shows its message, what is no error its text', () => {
  expect(explainError(new Error('odd'))).toEqual({ lines: ['error: odd'], exitCode: 1 });
  expect(explainError('odd')).toEqual({ lines: ['error: odd'], exitCode: 1 });
});
