import { lambdaDeps } from '@music-etl/stage';
import { definition } from '../domain/definition.ts';

export const deps = lambdaDeps(definition);
